//! Whole Korean won. The only money type; arithmetic that could lose or make a won does not exist.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A whole amount in won, never negative and never above [`Won::MAX`]. The sign of a movement is its side in the
/// ledger (debit or credit), not the sign of a number.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Won(i64);

/// A number that is no amount of money: negative, or above [`Won::MAX`].
#[derive(Copy, Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not an amount in won")]
pub struct NotWon(pub i64);

impl Won {
    pub const ZERO: Won = Won(0);
    /// 1,000 trillion won: beyond every budget, and 9,000 such amounts still add up inside an `i64`.
    pub const MAX: Won = Won(1_000_000_000_000_000);

    /// For amounts written in the code. Fails to compile (in const) or panics when it is no amount.
    pub const fn of(won: i64) -> Won {
        assert!(won >= 0 && won <= Won::MAX.0);
        Won(won)
    }

    pub const fn new(won: i64) -> Result<Won, NotWon> {
        if won >= 0 && won <= Won::MAX.0 { Ok(Won(won)) } else { Err(NotWon(won)) }
    }

    pub const fn get(self) -> i64 {
        self.0
    }

    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// `None` above [`Won::MAX`].
    pub fn plus(self, other: Won) -> Option<Won> {
        Won::new(self.0 + other.0).ok()
    }

    /// `None` when `other` is more than `self`: there is no negative money.
    pub fn minus(self, other: Won) -> Option<Won> {
        Won::new(self.0 - other.0).ok()
    }

    /// What is left of `self` after `other`, at least zero. For limits ("what may still be bought"), never for ledgers.
    pub fn left_after(self, other: Won) -> Won {
        Won((self.0 - other.0).max(0))
    }

    /// `floor(self * numerator / denominator)`, exact in 128 bits; `None` when the denominator is zero or the result too large.
    pub fn share(self, numerator: i64, denominator: i64) -> Option<Won> {
        if denominator <= 0 || numerator < 0 {
            return None;
        }
        let product = i128::from(self.0) * i128::from(numerator) / i128::from(denominator);
        i64::try_from(product).ok().and_then(|won| Won::new(won).ok())
    }

    pub fn is_multiple_of(self, unit: Won) -> bool {
        unit.0 > 0 && self.0 % unit.0 == 0
    }

    /// The greatest multiple of `unit` that is not above `self`.
    pub fn rounded_down_to(self, unit: Won) -> Won {
        if unit.0 > 0 { Won(self.0 - self.0 % unit.0) } else { self }
    }

    /// Sum of many; `None` above [`Won::MAX`].
    pub fn sum(amounts: impl IntoIterator<Item = Won>) -> Option<Won> {
        amounts.into_iter().try_fold(Won::ZERO, Won::plus)
    }
}

impl TryFrom<i64> for Won {
    type Error = NotWon;
    fn try_from(won: i64) -> Result<Won, NotWon> {
        Won::new(won)
    }
}

impl From<Won> for i64 {
    fn from(won: Won) -> i64 {
        won.0
    }
}

/// `93,000`: digits in groups of three, no unit; the words around it belong to the language.
impl fmt::Display for Won {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        f.pad(&grouped)
    }
}

impl fmt::Debug for Won {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "₩{self}")
    }
}
