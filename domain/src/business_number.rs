//! The Korean business registration number (사업자등록번호): ten digits 3-2-5 that prove themselves.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::typed;

/// Three digits of the tax office, two of the kind of business, four of serial number, one check digit. Written and
/// serialised as `"123-45-67891"`. That the checksum holds does not prove that the business exists: the tax service does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BusinessNumber(u64);

/// Why a text is not a business registration number.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum BusinessNumberError {
    #[error("a business registration number has only digits and dashes")]
    NotDigits,
    #[error("a business registration number has ten digits, not {digits}")]
    WrongLength { digits: usize },
    #[error("the check digit is wrong: a digit was mistyped")]
    WrongCheckDigit,
    #[error("this number was never given to a business")]
    NeverIssued,
}

impl BusinessNumber {
    /// Ten digits, with or without dashes or spaces; full-width digits are welcome.
    pub fn parse(typed: &str) -> Result<Self, BusinessNumberError> {
        let plain = typed::plain(typed).ok_or(BusinessNumberError::NotDigits)?;
        let digits = plain.replace(['-', ' '], "");
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(BusinessNumberError::NotDigits);
        }
        if digits.len() != 10 {
            return Err(BusinessNumberError::WrongLength { digits: digits.len() });
        }
        let number: u64 = digits.parse().map_err(|_| BusinessNumberError::NotDigits)?;
        if number == 0 {
            return Err(BusinessNumberError::NeverIssued);
        }
        if number % 10 != check_digit(number / 10) {
            return Err(BusinessNumberError::WrongCheckDigit);
        }
        Ok(Self(number))
    }

    /// The number that begins with these nine digits (`1..=999_999_999`), for sandboxes, demonstrations and tests.
    pub fn from_first_nine(first_nine: u32) -> Option<Self> {
        let first_nine = u64::from(first_nine);
        (1..=999_999_999).contains(&first_nine).then(|| Self(first_nine * 10 + check_digit(first_nine)))
    }

    /// The ten digits without dashes, as the tax service and banks want them.
    pub fn digits(self) -> String {
        format!("{:010}", self.0)
    }
}

impl fmt::Display for BusinessNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03}-{:02}-{:05}", self.0 / 10_000_000, self.0 / 100_000 % 100, self.0 % 100_000)
    }
}

impl fmt::Debug for BusinessNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BusinessNumber({self})")
    }
}

impl FromStr for BusinessNumber {
    type Err = BusinessNumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for BusinessNumber {
    type Error = BusinessNumberError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<BusinessNumber> for String {
    fn from(number: BusinessNumber) -> Self {
        number.to_string()
    }
}

/// The National Tax Service's checksum: digits times 1,3,7,1,3,7,1,3,5, plus the tens of the last product; the check
/// digit fills the sum up to a multiple of ten.
fn check_digit(first_nine: u64) -> u64 {
    const WEIGHTS_FROM_THE_RIGHT: [u64; 9] = [5, 3, 1, 7, 3, 1, 7, 3, 1];
    let mut rest = first_nine;
    let mut sum = first_nine % 10 * 5 / 10;
    for weight in WEIGHTS_FROM_THE_RIGHT {
        sum += rest % 10 * weight;
        rest /= 10;
    }
    (10 - sum % 10) % 10
}
