//! One-time codes of an authenticator app: RFC 6238 with HMAC-SHA-1, 30 seconds and six digits, which every app speaks.

use hmac::{Hmac, Mac};
use jiff::Timestamp;
use sha1::Sha1;

const STEP_S: i64 = 30;
/// A phone's clock may be so many steps off, either way.
const DRIFT_STEPS: i64 = 1;
const SECRET_BYTES: usize = 20;
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// What the server and the app share. Whoever has it has the codes, so it does not debug; [`TotpSecret::base32`] is for the app.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpSecret([u8; SECRET_BYTES]);

impl TotpSecret {
    /// From outside randomness: the caller's.
    pub const fn new(random: [u8; SECRET_BYTES]) -> TotpSecret {
        TotpSecret(random)
    }

    /// `None` unless there are 20 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<TotpSecret> {
        bytes.try_into().ok().map(TotpSecret)
    }

    /// For keeping it (encrypted), and for nothing else.
    pub fn expose_for_sealing(&self) -> &[u8] {
        &self.0
    }

    /// 32 letters and digits, as they are typed into the app.
    pub fn base32(&self) -> String {
        let bit = |at: usize| usize::from(self.0[at / 8] >> (7 - at % 8) & 1);
        let letter = |of: usize| char::from(BASE32[(0..5).fold(0, |value, at| value << 1 | bit(of * 5 + at))]);
        (0..SECRET_BYTES * 8 / 5).map(letter).collect()
    }

    /// What the app's camera reads. `account` is a login: letters that need no quoting.
    pub fn uri(&self, account: &str) -> String {
        format!("otpauth://totp/PayPlus:{account}?secret={}&issuer=PayPlus", self.base32())
    }

    /// The six digits of a step.
    pub fn code(&self, step: i64) -> String {
        let mut mac = Hmac::<Sha1>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(&step.to_be_bytes());
        let hash = mac.finalize().into_bytes();
        let at = usize::from(hash[19] & 0xf);
        let number = u32::from_be_bytes([hash[at] & 0x7f, hash[at + 1], hash[at + 2], hash[at + 3]]);
        format!("{:06}", number % 1_000_000)
    }

    /// The step whose code this is: the current one or one beside it. Blanks between the digits are fine. A step that was used
    /// is the caller's to refuse.
    pub fn step_of_code(&self, typed: &str, now: Timestamp) -> Option<i64> {
        let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        let current = step_at(now);
        (current - DRIFT_STEPS..=current + DRIFT_STEPS).rev().find(|step| self.code(*step) == typed)
    }
}

impl std::fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpSecret(hidden)")
    }
}

/// Steps since 1970.
pub fn step_at(now: Timestamp) -> i64 {
    now.as_second().div_euclid(STEP_S)
}
