//! The payer's code (CPM, consumer-presented mode): the payer shows a one-time code, the shop scans it and types the amount. It lives
//! three minutes, as the Financial Services Commission's standard for codes on a screen says; a screenshot is worthless after
//! use or expiry.

use crate::typed;
use crate::won::Won;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

/// How long a code on a screen is good, the shop's and the payer's.
pub const LIVES: SignedDuration = SignedDuration::from_mins(3);
/// For so long after the PIN a page that stays open gets a new code without asking for it again.
pub const RENEWS: SignedDuration = SignedDuration::from_mins(10);
/// Above this the payer confirms on the own phone, seeing shop and amount.
pub const CONFIRM_ABOVE: Won = Won::of(50_000);

/// Begins each of our codes, so that a till tells them from loyalty cards (Alipay uses 25 to 30, WeChat 10 to 15).
const PREFIX: &str = "77";
const DIGITS: usize = 24;

/// 24 digits: the prefix, 21 drawn by lot (70 bits), and a check digit, so that a slip of the hand is told from a code that has
/// expired. Written in groups of four; good for one payment.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PayerCode(String);

/// The text is no payer's code.
#[derive(Copy, Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("not a payer's code")]
pub struct NotACode;

impl PayerCode {
    /// From the caller's randomness.
    pub fn from_random(random: u128) -> PayerCode {
        let drawn = random % 1_000_000_000_000_000_000_000;
        let body = format!("{PREFIX}{drawn:021}");
        let check = check_digit(&body);
        PayerCode(format!("{body}{check}"))
    }

    /// As scanned or typed: spaces and dashes are ignored.
    pub fn parse(typed: &str) -> Result<PayerCode, NotACode> {
        let digits = typed::plain(typed).ok_or(NotACode)?.replace([' ', '-'], "");
        let is_one = digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.starts_with(PREFIX);
        if !is_one || !digits.ends_with(check_digit(&digits[..DIGITS - 1])) {
            return Err(NotACode);
        }
        Ok(PayerCode(digits))
    }

    /// The digits without spaces: what bars and QR carry.
    pub fn digits(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PayerCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, digit) in self.0.chars().enumerate() {
            if at > 0 && at % 4 == 0 {
                f.write_str(" ")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

/// Whoever reads a log must not be able to pay with it.
impl fmt::Debug for PayerCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PayerCode(..)")
    }
}

impl TryFrom<String> for PayerCode {
    type Error = NotACode;
    fn try_from(text: String) -> Result<Self, NotACode> {
        Self::parse(&text)
    }
}

impl From<PayerCode> for String {
    fn from(code: PayerCode) -> String {
        code.0
    }
}

/// Luhn's.
fn check_digit(digits: &str) -> char {
    let doubled = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let values = digits.chars().rev().filter_map(|digit| digit.to_digit(10));
    let sum: u32 = values.enumerate().map(|(at, digit)| if at % 2 == 0 { doubled(digit) } else { digit }).sum();
    char::from_digit((10 - sum % 10) % 10, 10).unwrap_or('0')
}

/// Is a code that was made at `made_at` good at `now`?
pub fn is_good(made_at: Timestamp, now: Timestamp) -> bool {
    now < made_at + LIVES
}
