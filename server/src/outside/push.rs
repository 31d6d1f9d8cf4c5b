//! Push services over HTTP: a message encrypted for one device (RFC 8291), signed as ours (VAPID, RFC 8292), with time to live, urgency
//! and topic (RFC 8030). Where to send was said by a browser, so the address is judged like that of a webhook.

use super::webhook::{guarded, why};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Timestamp;
use domain::partner::Loopback;
use domain::push::{TTL_S, URGENCY};
use http::{HeaderMap, header};
use p256::PublicKey;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::json;
use store::{Store, Subscription};
use web_push_native::{Auth, encrypt};

/// A signature may be good for a day at most; ours is for half of it.
const SIGNED_FOR_S: i64 = 12 * 60 * 60;
/// What every push service takes (RFC 8030: 4,096 bytes with 103 of the encryption).
const LETTER_MAX_BYTES: usize = 3_800;

#[derive(Clone)]
pub struct HttpPush {
    client: reqwest::Client,
    key: SigningKey,
    public: String,
    contact: String,
}

/// What a device is told.
pub struct Letter {
    /// Read by the service worker; see `public/sw.js`.
    pub text: String,
    /// A newer message takes the place of an older one that was not delivered yet.
    pub topic: String,
}

/// What a push service answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    pub status: Option<u16>,
    pub retry_after_ms: Option<u64>,
    /// Why there is no status; without the URL.
    pub error: Option<String>,
}

impl HttpPush {
    /// With the key that all nodes share.
    pub fn new(store: &Store, loopback: Loopback, contact: &str) -> reqwest::Result<HttpPush> {
        let mut rounds = (0..=u8::MAX).map(|round| SigningKey::from_slice(&store.vapid_secret(round)));
        let key = rounds.find_map(Result::ok).expect("of 256 times 32 random bytes nearly all are a key");
        let public = URL_SAFE_NO_PAD.encode(key.verifying_key().to_encoded_point(false).as_bytes());
        Ok(HttpPush { client: guarded(loopback, "Pay+ push")?, key, public, contact: contact.to_owned() })
    }

    /// As browsers take it: an uncompressed point in base64url.
    pub fn public_key(&self) -> &str {
        &self.public
    }

    pub async fn send(&self, to: &Subscription, letter: &Letter, now: Timestamp) -> Answered {
        let silent = |error: &str| Answered { status: None, retry_after_ms: None, error: Some(error.to_owned()) };
        // A key that is no point of the curve was never a browser's: as good as gone.
        let Ok(key) = PublicKey::from_sec1_bytes(&to.p256dh) else { return Answered { status: Some(404), ..silent("not a key") } };
        if to.auth.len() != 16 || letter.text.len() > LETTER_MAX_BYTES {
            return silent("not a message");
        }
        let Ok(body) = encrypt(letter.text.clone().into_bytes(), &key, Auth::from_slice(&to.auth)) else {
            return silent("it can't be encrypted");
        };
        let endpoint = to.endpoint.as_str();
        let request = self.client.post(endpoint).header(header::AUTHORIZATION, self.signed(origin(endpoint), now));
        let request = request.header("TTL", TTL_S).header("Urgency", URGENCY).header("Topic", &letter.topic);
        let request = request.header(header::CONTENT_ENCODING, "aes128gcm").header(header::CONTENT_TYPE, "application/octet-stream");
        match request.body(body).send().await {
            Ok(answer) => {
                Answered { status: Some(answer.status().as_u16()), retry_after_ms: retry_after_ms(answer.headers(), now), error: None }
            }
            Err(error) => silent(&why(&error)),
        }
    }

    /// `vapid t=JWT, k=KEY`: it names the origin, so no other service can use it.
    fn signed(&self, origin: &str, now: Timestamp) -> String {
        let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let head = part(json!({ "typ": "JWT", "alg": "ES256" }));
        let claims = part(json!({ "aud": origin, "exp": now.as_second() + SIGNED_FOR_S, "sub": self.contact }));
        let signature: Signature = self.key.sign(format!("{head}.{claims}").as_bytes());
        format!("vapid t={head}.{claims}.{}, k={}", URL_SAFE_NO_PAD.encode(signature.to_bytes()), self.public)
    }
}

/// `https://push.example.net:8443`
pub fn origin(endpoint: &str) -> &str {
    let host = endpoint.find("://").map_or(0, |at| at + 3);
    let end = endpoint[host..].find(['/', '?']).map_or(endpoint.len(), |at| host + at);
    &endpoint[..end]
}

/// In seconds, or as a date.
fn retry_after_ms(headers: &HeaderMap, now: Timestamp) -> Option<u64> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(seconds.saturating_mul(1_000));
    }
    let at = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    Some(u64::try_from(at.as_millisecond() - now.as_millisecond()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_origin_of_an_endpoint() {
        for (endpoint, expected) in [
            ("https://fcm.googleapis.com/fcm/send/abc:d", "https://fcm.googleapis.com"),
            ("http://127.0.0.1:4000/push/v1/send/1", "http://127.0.0.1:4000"),
            ("https://a.example.com?x=/y", "https://a.example.com"),
            ("https://a.example.com", "https://a.example.com"),
        ] {
            assert_eq!(origin(endpoint), expected);
        }
    }

    #[test]
    fn when_to_come_again_is_read_in_both_ways() {
        let now = "2026-07-14T01:30:00Z".parse().unwrap();
        let after = |text: &str| retry_after_ms(&HeaderMap::from_iter([(header::RETRY_AFTER, text.parse().unwrap())]), now);
        assert_eq!(after("3"), Some(3_000));
        assert_eq!(after("Tue, 14 Jul 2026 01:30:05 GMT"), Some(5_000));
        assert_eq!(after("Tue, 14 Jul 2026 01:29:00 GMT"), Some(0));
        assert_eq!(after("soon"), None);
        assert_eq!(retry_after_ms(&HeaderMap::new(), now), None);
    }
}
