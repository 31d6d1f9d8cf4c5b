//! Korean mobile numbers: parsed as people write them, shown as people expect them, masked wherever nobody must see them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::typed;

/// A mobile number of the Korean numbering plan: 010 with eight more digits, or one of the old 011, 016, 017, 018, 019
/// with seven or eight. Displayed and serialised as `"010-1234-5678"`; `Debug` is masked because it is personal data.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
// The national number without its leading zero: 10_1234_5678. No two numbers share one.
pub struct Phone(u64);

/// Why a text is not a Korean mobile number. Never holds the text: it is personal data.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum PhoneError {
    #[error("no phone number was given")]
    Empty,
    #[error("a phone number has only digits, spaces and dashes")]
    NotDigits,
    #[error("a number of another country")]
    Foreign,
    #[error("not a Korean mobile number: those begin with 010, 011, 016, 017, 018 or 019")]
    NotMobile,
    #[error("{digits} digits are too few or too many for a mobile number")]
    WrongLength { digits: usize },
}

impl Phone {
    /// Reads `010-1234-5678`, `01012345678`, `010.1234.5678`, `+82 10 1234 5678`, `+82 (0)10-1234-5678`, also in
    /// full-width digits.
    pub fn parse(typed: &str) -> Result<Self, PhoneError> {
        let plain = typed::plain(typed).ok_or(PhoneError::NotDigits)?;
        if plain.is_empty() {
            return Err(PhoneError::Empty);
        }
        let bare = plain.replace(['-', ' ', '.', '(', ')'], "");
        let (digits, is_international) = match bare.strip_prefix('+') {
            Some(digits) => (digits, true),
            None => (bare.as_str(), false),
        };
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(PhoneError::NotDigits);
        }
        let domestic = if is_international { digits.strip_prefix("82").ok_or(PhoneError::Foreign)? } else { digits };
        let significant = match domestic.strip_prefix('0') {
            Some(significant) => significant,
            None if is_international => domestic,
            None => return Err(PhoneError::NotMobile),
        };
        Self::from_significant(significant)
    }

    /// `significant`: the digits after the leading zero.
    fn from_significant(significant: &str) -> Result<Self, PhoneError> {
        let digits = significant.len() + 1;
        let fits = match significant.as_bytes() {
            [b'1', b'0', ..] => digits == 11,
            [b'1', b'1' | b'6' | b'7' | b'8' | b'9', ..] => digits == 10 || digits == 11,
            _ => return Err(PhoneError::NotMobile),
        };
        if !fits {
            return Err(PhoneError::WrongLength { digits });
        }
        significant.parse().map(Self).map_err(|_| PhoneError::NotDigits)
    }

    /// The digits as dialled inside Korea, `"01012345678"`: the form to hash, to compare and to keep.
    pub fn digits(self) -> String {
        format!("0{}", self.0)
    }

    /// `"+821012345678"` (ITU-T E.164), as SMS gateways want it.
    pub fn e164(self) -> String {
        format!("+82{}", self.0)
    }

    /// `"010-****-5678"`: enough for the owner to recognise it, too little for anyone else.
    pub fn masked(self) -> String {
        let (prefix, middle, last) = self.parts();
        format!("{prefix}-{}-{last}", "*".repeat(middle.len()))
    }

    fn parts(self) -> (String, String, String) {
        let mut prefix = self.digits();
        let mut middle = prefix.split_off(3);
        let last = middle.split_off(middle.len() - 4);
        (prefix, middle, last)
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (prefix, middle, last) = self.parts();
        write!(f, "{prefix}-{middle}-{last}")
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone({})", self.masked())
    }
}

impl FromStr for Phone {
    type Err = PhoneError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Phone {
    type Error = PhoneError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> Self {
        phone.to_string()
    }
}
