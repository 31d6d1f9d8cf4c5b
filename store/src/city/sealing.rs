//! How an operator's two secrets are kept. A stolen database alone opens neither: both need the server's key.

use crate::error::{Error, Result};
use crate::keys::{Keys, Purpose};
use crate::sealed;
use crate::tokens::random;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::OperatorId;
use domain::totp::TotpSecret;
use tokio::sync::Semaphore;

/// Longer ones are not hashed: a password manager makes shorter ones.
const PASSWORD_BYTES_MAX: usize = 256;
/// What an unknown login is compared with, so that it takes as long as a known one.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGF0IGFsbA$wNn0vc8qWV0Jc1m5zmY3f2XGqVhVwA0e7gTQ8gk1rvs";
/// Hashing takes 19 MB and tens of milliseconds: strangers at the door never get more than one core.
static TURN: Semaphore = Semaphore::const_new(1);

/// Argon2id with the defaults of the crate (19 MiB, two passes), peppered.
pub(super) async fn hash_password(keys: &Keys, password: &str) -> Result<String> {
    let (pepper, password) = (pepper(keys), password.to_owned());
    let salt = SaltString::encode_b64(&random::<16>()).map_err(Error::damaged)?;
    hashing(move || {
        let hash = argon2(&pepper)?.hash_password(password.as_bytes(), &salt).map_err(Error::damaged)?;
        Ok(hash.to_string())
    })
    .await
}

/// Compares with a kept hash, or with nobody's.
pub(super) async fn is_password(keys: &Keys, password: &str, kept: Option<String>) -> Result<bool> {
    if password.len() > PASSWORD_BYTES_MAX {
        return Ok(false);
    }
    let (pepper, password) = (pepper(keys), password.to_owned());
    hashing(move || {
        let hash = PasswordHash::new(kept.as_deref().unwrap_or(NOBODYS)).map_err(|_| Error::damaged("a password's hash"))?;
        let is_right = argon2(&pepper)?.verify_password(password.as_bytes(), &hash).is_ok();
        Ok(is_right && kept.is_some())
    })
    .await
}

async fn hashing<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let _turn = TURN.acquire().await.map_err(|_| Error::Interrupted)?;
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::Interrupted)?
}

fn pepper(keys: &Keys) -> [u8; 32] {
    keys.hash(Purpose::OperatorPassword, &[])
}

fn argon2(pepper: &[u8; 32]) -> Result<Argon2<'_>> {
    Argon2::new_with_secret(pepper, Algorithm::Argon2id, Version::V0x13, Params::default()).map_err(Error::damaged)
}

/// Bound to the operator: one row's secret opens in no other.
pub(super) fn seal(keys: &Keys, of: OperatorId, secret: &TotpSecret) -> Result<Vec<u8>> {
    sealed::seal(keys, Purpose::Totp, of.0, secret.expose_for_sealing())
}

pub(super) fn unseal(keys: &Keys, of: OperatorId, sealed: &[u8]) -> Result<TotpSecret> {
    let secret = sealed::unseal(keys, Purpose::Totp, of.0, sealed)?;
    TotpSecret::from_bytes(&secret).ok_or_else(|| Error::damaged("a sealed secret"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_for_its_operator_under_its_key_only() {
        let (keys, secret) = (Keys::new([7; 32]), TotpSecret::new(random()));
        let sealed = seal(&keys, OperatorId(1), &secret).unwrap();
        assert_eq!(unseal(&keys, OperatorId(1), &sealed).unwrap(), secret);
        unseal(&keys, OperatorId(2), &sealed).unwrap_err();
        unseal(&Keys::new([8; 32]), OperatorId(1), &sealed).unwrap_err();
    }

    #[tokio::test]
    async fn a_password_is_right_under_its_key_only() {
        let keys = Keys::new([7; 32]);
        let kept = hash_password(&keys, "말 건전지 스테이플").await.unwrap();
        assert!(is_password(&keys, "말 건전지 스테이플", Some(kept.clone())).await.unwrap());
        assert!(!is_password(&keys, "말 건전지 스테이플 ", Some(kept.clone())).await.unwrap());
        assert!(!is_password(&Keys::new([8; 32]), "말 건전지 스테이플", Some(kept)).await.unwrap());
        assert!(!is_password(&keys, "", None).await.unwrap(), "nobody's hash can be read, and fits nothing");
        assert!(!is_password(&keys, &"a".repeat(300), None).await.unwrap());
    }
}
