//! What a person types as an amount of money, read without guessing.
//!
//! `30,000`, `30000원`, `₩30 000`, `３００００`, `3만`, `3만 2천 원`, `만원` are all clear. What could be read in two ways is
//! refused with a reason: in a market `3만5` means 35,000, and in arithmetic 30,005.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::typed;

/// Why a typed text is not an amount in won.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum AmountError {
    #[error("no amount was typed")]
    Empty,
    #[error("an amount is above zero")]
    Zero,
    #[error("an amount can't be negative")]
    Negative,
    #[error("won have no fraction")]
    Fraction,
    #[error("the amount is too large")]
    TooLarge,
    #[error("the commas do not separate thousands")]
    BadGrouping,
    #[error("an amount does not begin with zero")]
    LeadingZero,
    #[error("the amount can be read in two ways")]
    Ambiguous,
    #[error("{character:?} is not part of an amount")]
    NotANumber { character: char },
}

/// Reads a typed amount: whole won, `1..=i64::MAX`.
pub fn parse_won(typed: &str) -> Result<i64, AmountError> {
    let plain = typed::plain(typed).ok_or(AmountError::TooLarge)?;
    let amount = without_currency(&plain);
    match amount.chars().next() {
        None => return Err(AmountError::Empty),
        Some('-') => return Err(AmountError::Negative),
        Some(_) => {}
    }
    if let Some(character) = amount.chars().find(|c| !is_part_of_an_amount(*c)) {
        return Err(AmountError::NotANumber { character });
    }
    if amount.contains('.') {
        return Err(AmountError::Fraction);
    }
    match Reader::default().read(amount)? {
        0 => Err(AmountError::Zero),
        won => Ok(won),
    }
}

fn without_currency(plain: &str) -> &str {
    // On Korean keyboards the backslash key shows, and often types, the won sign.
    let amount = plain.strip_prefix(['₩', '\\']).unwrap_or(plain).trim_start();
    let without_word = ["원", "won", "KRW"].iter().find_map(|word| {
        let at = amount.len().checked_sub(word.len())?;
        amount.get(at..)?.eq_ignore_ascii_case(word).then(|| amount.get(..at))?
    });
    without_word.unwrap_or(amount).trim_end()
}

fn is_part_of_an_amount(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, ',' | ' ' | '.') || Unit::of(c).is_some()
}

/// The Korean units that people type between digits. 십, 백, 천 count inside a group, 만 and 억 close a group.
#[derive(Clone, Copy)]
enum Unit {
    Inside(i64),
    Group(i64),
}

impl Unit {
    fn of(c: char) -> Option<Self> {
        match c {
            '십' => Some(Self::Inside(10)),
            '백' => Some(Self::Inside(100)),
            '천' => Some(Self::Inside(1_000)),
            '만' => Some(Self::Group(10_000)),
            '억' => Some(Self::Group(100_000_000)),
            _ => None,
        }
    }
}

/// Sums up a typed amount from left to right. Units must fall, or `2만 3억` would be read as something.
#[derive(Default)]
struct Reader {
    /// Groups closed by 만 or 억.
    total: i64,
    /// The group being read, from 십, 백, 천.
    inside: i64,
    last_group: Option<i64>,
    last_inside: Option<i64>,
}

impl Reader {
    fn read(mut self, amount: &str) -> Result<i64, AmountError> {
        let mut rest = amount;
        while let Some((at, unit)) = rest.char_indices().find_map(|(at, c)| Some((at, Unit::of(c)?))) {
            let (before, after) = rest.split_at(at);
            self.unit(number(before)?, unit)?;
            rest = after.get('만'.len_utf8()..).unwrap_or_default();
        }
        let tail = number(rest)?;
        self.check_tail(tail)?;
        self.total.checked_add(self.inside).and_then(|sum| sum.checked_add(tail.unwrap_or(0))).ok_or(AmountError::TooLarge)
    }

    fn unit(&mut self, count: Option<i64>, unit: Unit) -> Result<(), AmountError> {
        match unit {
            Unit::Inside(unit) => {
                let count = count.unwrap_or(1);
                if !(1..=9).contains(&count) || self.last_inside.is_some_and(|last| last <= unit) {
                    return Err(AmountError::Ambiguous);
                }
                self.inside += count * unit;
                self.last_inside = Some(unit);
            }
            Unit::Group(unit) => {
                let group = match (self.last_inside, count) {
                    (None, count) => count.unwrap_or(1),
                    (Some(_), None) => self.inside,
                    // 2천5백30만 is clear, 2천5만 is not: the bare number has to fill the places that are left.
                    (Some(last), Some(count)) if fills(count, last) => self.inside + count,
                    (Some(_), Some(_)) => return Err(AmountError::Ambiguous),
                };
                let falls = self.last_group.is_none_or(|last| last > unit && group < last / unit);
                if group == 0 || !falls {
                    return Err(AmountError::Ambiguous);
                }
                let won = group.checked_mul(unit).ok_or(AmountError::TooLarge)?;
                self.total = self.total.checked_add(won).ok_or(AmountError::TooLarge)?;
                (self.last_group, self.last_inside, self.inside) = (Some(unit), None, 0);
            }
        }
        Ok(())
    }

    /// Bare digits after a unit: 3만2000 and 3만500 are clear, 3만5 and 1억5000 are said for 35,000 and 150,000,000.
    fn check_tail(&self, tail: Option<i64>) -> Result<(), AmountError> {
        let Some(tail) = tail else { return Ok(()) };
        let is_clear = match (self.last_inside, self.last_group) {
            (None, None) => true,
            (Some(unit), _) => fills(tail, unit),
            (None, Some(10_000)) => (100..=9_999).contains(&tail),
            (None, Some(_)) => false,
        };
        if is_clear { Ok(()) } else { Err(AmountError::Ambiguous) }
    }
}

/// Does `count` take all the places below `unit`? 500 below 천 does, 5 does not.
fn fills(count: i64, unit: i64) -> bool {
    (unit / 10..unit).contains(&count)
}

/// Digits with commas or spaces between thousands, or without any. `None`: nothing but space.
fn number(text: &str) -> Result<Option<i64>, AmountError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let mut groups = text.split([',', ' ']);
    let first = groups.next().unwrap_or_default();
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3 || first.is_empty() || first.len() > 3 {
            return Err(AmountError::BadGrouping);
        }
        digits.push_str(group);
    }
    if digits.len() > 1 && digits.starts_with('0') {
        // Zero however often it is written is zero; 01012345678 is a phone number in the wrong field.
        return Err(if digits.bytes().all(|byte| byte == b'0') { AmountError::Zero } else { AmountError::LeadingZero });
    }
    digits.parse().map(Some).map_err(|_| AmountError::TooLarge)
}
