//! Signed tokens: what a browser holds for us and can't change. Fixed binary layout, in base64url without padding:
//!
//! ```text
//! version (1) | kind (1) | body (fixed by the kind) | HMAC-SHA-256 over a label and all before it (32)
//! ```
//!
//! A token has one spelling: its length is fixed, and spare bits of the last character must be zero.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::fmt;

const VERSION: u8 = 1;
const HEAD: usize = 2;
const TAG: usize = 32;
/// Longer than any token decoded: a ticket has 78 bytes.
const MOST: usize = 128;
const LABEL: &[u8] = b"payplus room";

/// What a signature is for, so that one made for a ticket can't serve as a pass.
#[derive(Copy, Clone, Debug)]
#[repr(u8)]
pub(super) enum Kind {
    Pseudonym = 1,
    Ticket = 2,
    Pass = 3,
}

/// The secret that signs tickets and passes and makes pseudonyms; the same on all nodes, never shown, never in a browser.
#[derive(Clone)]
pub struct RoomKey([u8; 32]);

impl RoomKey {
    pub fn new(key: [u8; 32]) -> RoomKey {
        RoomKey(key)
    }
}

impl fmt::Debug for RoomKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RoomKey(hidden)")
    }
}

fn mac(key: &RoomKey, head: [u8; HEAD], body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::new_from_slice(&key.0).expect("HMAC takes keys of any length");
    mac.update(LABEL);
    mac.update(&head);
    mac.update(body);
    mac
}

/// The bare HMAC-SHA-256 of a body.
pub(super) fn tag(key: &RoomKey, kind: Kind, body: &[u8]) -> [u8; TAG] {
    mac(key, [VERSION, kind as u8], body).finalize().into_bytes().into()
}

pub(super) fn sign(key: &RoomKey, kind: Kind, body: &[u8]) -> String {
    let mut token = Vec::with_capacity(HEAD + body.len() + TAG);
    token.extend([VERSION, kind as u8]);
    token.extend(body);
    token.extend(tag(key, kind, body));
    BASE64URL.encode(token)
}

/// The body, if `text` is exactly what [`sign`] made of it. Any text of any length is fine to ask about; the tag is compared
/// in constant time.
pub(super) fn open<const BODY: usize>(key: &RoomKey, kind: Kind, text: &str) -> Option<[u8; BODY]> {
    const { assert!(HEAD + BODY + TAG < MOST - 2) };
    if text.len() != ((HEAD + BODY + TAG) * 4).div_ceil(3) {
        return None;
    }
    let mut bytes = [0; MOST];
    let length = BASE64URL.decode_slice(text, &mut bytes).ok()?;
    let (head, rest) = bytes.get(..length)?.split_first_chunk::<HEAD>()?;
    let (body, tag) = rest.split_first_chunk::<BODY>()?;
    let signed = *head == [VERSION, kind as u8] && mac(key, *head, body).verify_slice(tag).is_ok();
    signed.then_some(*body)
}

/// The next bytes of a body.
pub(super) fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, after) = rest.split_first_chunk::<N>()?;
    *rest = after;
    Some(*taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_serves_one_kind_one_body_and_one_key() {
        let (key, other) = (RoomKey::new([7; 32]), RoomKey::new([8; 32]));
        let token = sign(&key, Kind::Ticket, b"four");
        assert_eq!(open(&key, Kind::Ticket, &token), Some(*b"four"));
        assert_eq!(open::<4>(&key, Kind::Pass, &token), None);
        assert_eq!(open::<4>(&other, Kind::Ticket, &token), None);
        assert_eq!(open::<3>(&key, Kind::Ticket, &token), None);
        assert_eq!(open::<5>(&key, Kind::Ticket, &token), None);
        let relabelled = [&[VERSION, Kind::Pass as u8], &b"four"[..], &tag(&key, Kind::Ticket, b"four")].concat();
        assert_eq!(open::<4>(&key, Kind::Pass, &BASE64URL.encode(relabelled)), None);
    }

    #[test]
    fn another_version_is_another_signature() {
        let key = RoomKey::new([7; 32]);
        let newer = [&[VERSION + 1, Kind::Pass as u8], &b"four"[..], &tag(&key, Kind::Pass, b"four")].concat();
        assert_eq!(open::<4>(&key, Kind::Pass, &BASE64URL.encode(newer)), None);
    }

    #[test]
    fn nothing_shows_the_key() {
        assert_eq!(format!("{:?}", RoomKey::new([7; 32])), "RoomKey(hidden)");
    }
}
