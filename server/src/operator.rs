//! `payplus --operator LOGIN=ROLES`: makes an operator of the city's console, or gives one new secrets, and ends. Whoever may run this
//! program with the server's key may read the database anyway, so nobody else is asked; it stands in the audit log.

use crate::config::{Config, Newcomer};
use domain::Timestamp;
use domain::totp::TotpSecret;
use rand::TryRngCore;
use rand::rngs::OsRng;
use store::{Keys, NewOperator, Store};

/// 32 of them, none of which looks like another.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
const GROUPS: usize = 5;
const GROUP_LETTERS: usize = 4;

/// Comes back as what is shown once: login, password (100 bits), and the secret for the authenticator app.
///
/// # Errors
/// When the database can't be opened or written.
pub async fn make(config: &Config, newcomer: &Newcomer) -> Result<String, store::Error> {
    let store = Store::open(&config.database_url, Keys::new(config.server_key.expose())).await?;
    let (password, totp) = (password(), TotpSecret::new(random()));
    let name = newcomer.login.as_str();
    let new = NewOperator { login: &newcomer.login, name, password: &password, totp: &totp, roles: newcomer.roles };
    let made = store.make_operator(&new, Timestamp::now()).await;
    store.close().await;
    made?;
    Ok(format!(
        "operator {name} ({})\n  password: {password}\n  authenticator app: {}\n  or by hand: {}\nShown once. Sign in at /city/start.",
        newcomer.roles,
        totp.uri(name),
        totp.base32()
    ))
}

fn password() -> String {
    let letters = random::<{ GROUPS * GROUP_LETTERS }>().map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
    let groups: Vec<String> = letters.chunks(GROUP_LETTERS).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    OsRng.try_fill_bytes(&mut bytes).expect("the operating system gives randomness");
    bytes
}

#[cfg(test)]
mod tests {
    use super::password;

    #[test]
    fn passwords_are_five_groups_and_never_the_same() {
        let (one, other) = (password(), password());
        assert_ne!(one, other);
        assert_eq!((one.len(), one.split('-').count()), (24, 5), "{one}");
    }
}
