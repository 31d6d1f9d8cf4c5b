//! The number of a shop as people read it aloud, type it and find it inside a QR code: eight digits, the last a check digit.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::typed;

/// Seven digits of serial number and one Luhn check digit (ISO/IEC 7812-1 annex B).
///
/// The check digit catches every single wrong digit and every swap of neighbours but 0 and 9, so that a number typed by
/// hand from a sticker does not reach another shop. Written and serialised as exactly eight digits, `"00000018"`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MerchantNumber(u32);

/// Why a text is not the number of a shop.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum MerchantNumberError {
    #[error("a merchant number has exactly eight digits")]
    NotEightDigits,
    #[error("the check digit is wrong: a digit was mistyped")]
    WrongCheckDigit,
    #[error("serial numbers of merchants run from 1 to 9,999,999")]
    SerialOutOfRange,
}

impl MerchantNumber {
    /// The largest serial number that leaves room for the check digit.
    pub const SERIAL_MAX: u32 = 9_999_999;

    /// The number of the shop that was registered as the `serial`-th, `1..=`[`SERIAL_MAX`](Self::SERIAL_MAX). Zero is no
    /// shop: eight zeros pass Luhn, and are what an empty field looks like.
    pub fn from_serial(serial: u32) -> Result<Self, MerchantNumberError> {
        match serial {
            1..=Self::SERIAL_MAX => Ok(Self(serial * 10 + luhn_check_digit(serial))),
            _ => Err(MerchantNumberError::SerialOutOfRange),
        }
    }

    /// Exactly eight ASCII digits, as machines write them. For what people type see [`parse_typed`](Self::parse_typed).
    pub fn parse(text: &str) -> Result<Self, MerchantNumberError> {
        if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(MerchantNumberError::NotEightDigits);
        }
        let number: u32 = text.parse().map_err(|_| MerchantNumberError::NotEightDigits)?;
        let expected = Self::from_serial(number / 10)?;
        if expected.0 == number { Ok(expected) } else { Err(MerchantNumberError::WrongCheckDigit) }
    }

    /// Eight digits as people type them: full-width digits, spaces and dashes between groups are welcome.
    pub fn parse_typed(typed: &str) -> Result<Self, MerchantNumberError> {
        let plain = typed::plain(typed).ok_or(MerchantNumberError::NotEightDigits)?;
        Self::parse(&plain.replace([' ', '-'], ""))
    }

    /// The serial number this was made from.
    pub fn serial(self) -> u32 {
        self.0 / 10
    }

    /// The path of the payment page, `"/pay/00000018"`: what a phone's ordinary camera opens, and what
    /// [`scan`](crate::qr::scan) reads back.
    pub fn pay_path(self) -> String {
        format!("/pay/{self}")
    }
}

impl fmt::Display for MerchantNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08}", self.0)
    }
}

impl fmt::Debug for MerchantNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MerchantNumber({self})")
    }
}

impl FromStr for MerchantNumber {
    type Err = MerchantNumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for MerchantNumber {
    type Error = MerchantNumberError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<MerchantNumber> for String {
    fn from(number: MerchantNumber) -> Self {
        number.to_string()
    }
}

/// The digit to append to `payload` so that the whole passes Luhn: from the right every second digit counts double.
fn luhn_check_digit(payload: u32) -> u32 {
    let mut rest = payload;
    let mut sum = 0;
    let mut doubles = true;
    while rest > 0 {
        let digit = rest % 10;
        sum += match (doubles, digit) {
            (false, _) => digit,
            (true, 0..=4) => digit * 2,
            (true, _) => digit * 2 - 9,
        };
        doubles = !doubles;
        rest /= 10;
    }
    (10 - sum % 10) % 10
}
