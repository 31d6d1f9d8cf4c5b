//! Who sends: the signature that push services ask for (RFC 8292), verified without the sender's code.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use serde::Deserialize;

/// A signature may not be good for longer.
const LIFE_MAX_S: i64 = 24 * 60 * 60;

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Signed {
    /// As it was sent: base64url.
    pub key: String,
    pub contact: String,
}

#[derive(Deserialize)]
struct Head {
    alg: String,
}

#[derive(Deserialize)]
struct Claims {
    aud: String,
    exp: i64,
    sub: String,
}

/// `vapid t=JWT, k=KEY`, for this origin, now.
pub(crate) fn verify(header: &str, origin: &str, now: Timestamp) -> Option<Signed> {
    let rest = header.strip_prefix("vapid ")?;
    let part = |name: &str| rest.split(',').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='));
    let (token, key) = (part("t")?, part("k")?);
    let (signed, signature) = token.rsplit_once('.')?;
    let (head, claims) = signed.split_once('.')?;
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).ok();
    let head: Head = serde_json::from_slice(&decode(head)?).ok()?;
    let claims: Claims = serde_json::from_slice(&decode(claims)?).ok()?;
    let verifying = VerifyingKey::from_sec1_bytes(&decode(key)?).ok()?;
    verifying.verify(signed.as_bytes(), &Signature::from_slice(&decode(signature)?).ok()?).ok()?;
    let is_timely = claims.exp > now.as_second() && claims.exp <= now.as_second() + LIFE_MAX_S;
    let has_contact = claims.sub.starts_with("mailto:") || claims.sub.starts_with("https://");
    let is_fine = head.alg == "ES256" && claims.aud == origin && is_timely && has_contact;
    is_fine.then(|| Signed { key: key.to_owned(), contact: claims.sub })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8292, section 2.4.
    const RFC: &str = "vapid t=eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA, k=BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs";

    #[test]
    fn the_example_of_the_rfc_is_verified_and_nothing_near_it() {
        let then = Timestamp::from_second(1_453_523_768 - 3_600).unwrap();
        let origin = "https://push.example.net";
        assert_eq!(verify(RFC, origin, then).unwrap().contact, "mailto:push@example.com");
        assert_eq!(verify(RFC, "https://push.example.org", then), None, "for another service");
        assert_eq!(verify(RFC, origin, Timestamp::from_second(1_453_523_768).unwrap()), None, "over");
        assert_eq!(verify(RFC, origin, Timestamp::from_second(1_453_523_768 - 90_000).unwrap()), None, "good for too long");
        assert_eq!(verify(&RFC.replace("i3CYb7", "i3CYb8"), origin, then), None, "another signature");
        assert_eq!(verify(&RFC.replace("vapid", "Bearer"), origin, then), None);
    }
}
