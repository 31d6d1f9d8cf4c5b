//! Secrets that have to be read again (a second factor, what signs webhooks): encrypted under the server's key, so that a stolen database
//! alone opens none of them.

use crate::error::{Error, Result};
use crate::keys::{Keys, Purpose};
use crate::tokens::random;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};

const NONCE_BYTES: usize = 24;

/// Nonce, then ciphertext; bound to its purpose and to the row `of`, so that one row's secret opens in no other.
pub(crate) fn seal(keys: &Keys, purpose: Purpose, of: i64, secret: &[u8]) -> Result<Vec<u8>> {
    let nonce = random::<NONCE_BYTES>();
    let payload = Payload { msg: secret, aad: &of.to_be_bytes() };
    let sealed = cipher(keys, purpose).encrypt(&XNonce::from(nonce), payload).map_err(|_| Error::damaged("a secret can't be sealed"))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

pub(crate) fn unseal(keys: &Keys, purpose: Purpose, of: i64, sealed: &[u8]) -> Result<Vec<u8>> {
    let damaged = || Error::damaged("a sealed secret (or another server key)");
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or_else(damaged)?;
    let payload = Payload { msg: sealed, aad: &of.to_be_bytes() };
    cipher(keys, purpose).decrypt(&XNonce::from(*nonce), payload).map_err(|_| damaged())
}

fn cipher(keys: &Keys, purpose: Purpose) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&Key::from(keys.hash(purpose, &[])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_for_its_row_and_purpose_under_its_key_only() {
        let keys = Keys::new([7; 32]);
        let sealed = seal(&keys, Purpose::Totp, 1, b"secret").unwrap();
        assert_eq!(unseal(&keys, Purpose::Totp, 1, &sealed).unwrap(), b"secret");
        assert_ne!(seal(&keys, Purpose::Totp, 1, b"secret").unwrap(), sealed, "another nonce");
        unseal(&keys, Purpose::Totp, 2, &sealed).unwrap_err();
        unseal(&keys, Purpose::WebhookSecret, 1, &sealed).unwrap_err();
        unseal(&Keys::new([8; 32]), Purpose::Totp, 1, &sealed).unwrap_err();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            unseal(&keys, Purpose::Totp, 1, &changed).unwrap_err();
        }
        unseal(&keys, Purpose::Totp, 1, &sealed[..20]).unwrap_err();
    }
}
