//! The payment PIN: six digits, and not the ones a thief tries first.
//!
//! There is no serde, no `Display`, no `PartialEq` and a silent `Debug` on purpose: a PIN goes into a slow hash and
//! nowhere else, and is compared there.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::typed;

/// Six ASCII digits.
pub struct Pin([u8; 6]);

/// Why a PIN is refused. Says which rule, never which digits.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum PinRefused {
    #[error("a PIN has exactly six digits")]
    NotSixDigits,
    #[error("six equal digits are easily guessed")]
    AllEqual,
    #[error("digits counting up or down are easily guessed")]
    Run,
    #[error("digits that repeat in twos or threes are easily guessed")]
    Repeated,
    #[error("the PIN contains the birth date")]
    BirthDate,
    #[error("the PIN is part of the phone number")]
    PhoneNumber,
}

impl Pin {
    /// A PIN as typed to confirm something. Any six digits, since only the stored hash knows which ones are right.
    pub fn parse(typed: &str) -> Result<Self, PinRefused> {
        let plain = typed::plain(typed).ok_or(PinRefused::NotSixDigits)?;
        match <[u8; 6]>::try_from(plain.as_bytes()) {
            Ok(digits) if digits.iter().all(u8::is_ascii_digit) => Ok(Self(digits)),
            _ => Err(PinRefused::NotSixDigits),
        }
    }

    /// A new PIN, refused when it is obvious.
    ///
    /// `birth` is (year, month, day) of the person, `phone_digits` the phone number with or without dashes. Refused: six
    /// equal digits; runs up or down, also through 9-0; repeated pairs and triples (121212, 123123, 112233, 111222); the
    /// year of birth or month and day anywhere inside, or the date as YYMMDD or DDMMYY; the last four digits of
    /// the phone number anywhere inside, or any six of it in a row.
    pub fn choose(typed: &str, birth: (i16, u8, u8), phone_digits: &str) -> Result<Self, PinRefused> {
        let pin = Self::parse(typed)?;
        if pin.is_all_equal() {
            Err(PinRefused::AllEqual)
        } else if pin.is_run() {
            Err(PinRefused::Run)
        } else if pin.is_repeated() {
            Err(PinRefused::Repeated)
        } else if pin.tells_birth(birth) {
            Err(PinRefused::BirthDate)
        } else if pin.tells_phone(phone_digits) {
            Err(PinRefused::PhoneNumber)
        } else {
            Ok(pin)
        }
    }

    /// The six ASCII digits, to be hashed and for nothing else.
    pub fn expose_for_hashing(&self) -> &[u8; 6] {
        &self.0
    }

    fn is_all_equal(&self) -> bool {
        self.0.iter().all(|digit| *digit == self.0[0])
    }

    fn is_run(&self) -> bool {
        let steps_by = |step: u8| self.0.windows(2).all(|pair| (pair[0] - b'0' + step) % 10 == pair[1] - b'0');
        steps_by(1) || steps_by(9)
    }

    fn is_repeated(&self) -> bool {
        let [a, b, c, d, e, f] = self.0;
        let pair_thrice = (a, b) == (c, d) && (c, d) == (e, f);
        let triple_twice = (a, b, c) == (d, e, f);
        let doubled = a == b && c == d && e == f;
        let tripled = a == b && b == c && d == e && e == f;
        pair_thrice || triple_twice || doubled || tripled
    }

    fn tells_birth(&self, (year, month, day): (i16, u8, u8)) -> bool {
        let short_year = year.rem_euclid(100);
        let written = [
            format!("{year:04}"),
            format!("{month:02}{day:02}"),
            format!("{short_year:02}{month:02}{day:02}"),
            format!("{day:02}{month:02}{short_year:02}"),
        ];
        written.iter().any(|part| self.contains(part.as_bytes()))
    }

    fn tells_phone(&self, phone_digits: &str) -> bool {
        let digits: Vec<u8> = phone_digits.bytes().filter(u8::is_ascii_digit).collect();
        let ends_inside = digits.last_chunk::<4>().is_some_and(|last| self.contains(last));
        ends_inside || digits.windows(6).any(|six| six == self.0)
    }

    fn contains(&self, part: &[u8]) -> bool {
        !part.is_empty() && self.0.windows(part.len()).any(|window| window == part)
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(hidden)")
    }
}
