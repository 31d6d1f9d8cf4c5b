//! A year of somebody's use, month by month, as it is kept for the year-end tax return (연말정산).
//!
//! What counts as used is what was paid with vouchers, less what was cancelled (the deduction rests on the Restriction of Special Taxation
//! Act, 조세특례제한법, article 126-2). A cancel counts in the month in which it happens, as in the ledger: a month that is over never
//! changes any more, and a month can be below zero.

use crate::calendar::{Month, Span, in_seoul, seoul_at};
use crate::won::Won;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A calendar year in Seoul, from 1970 on.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Year(i16);

impl Year {
    /// The first whose moments all have a time above zero.
    const FIRST: i16 = 1971;

    pub fn of(at: Timestamp) -> Year {
        Year(in_seoul(at).year())
    }

    /// Four digits, and not after the year of `now`.
    pub fn parse(text: &str, now: Timestamp) -> Option<Year> {
        let is_year = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
        let year = Year(text.parse().ok().filter(|_| is_year)?);
        (Year::FIRST <= year.0 && year <= Year::of(now)).then_some(year)
    }

    /// Whoever names no year: in January and February, when returns are made, the year that has ended; later the one that runs.
    pub fn asked_for(now: Timestamp) -> Year {
        let (year, month) = (in_seoul(now).year(), in_seoul(now).month());
        Year(if month <= 2 { year - 1 } else { year })
    }

    pub fn number(self) -> i16 {
        self.0
    }

    pub fn months(self) -> [Month; 12] {
        std::array::from_fn(|at| Month(i32::from(self.0) * 100 + at as i32 + 1))
    }

    /// New year to new year, at midnight in Seoul.
    pub fn span(self) -> Option<Span> {
        let first = |year: i16| Date::new(year, 1, 1).ok().and_then(|date| seoul_at(date, 0, 0));
        Span::new(first(self.0)?, first(self.0.checked_add(1)?)?)
    }

    /// From `first` on up to the year of `now`, the newest first, at most `most`.
    pub fn up_to(first: Year, now: Timestamp, most: usize) -> Vec<Year> {
        (first.0..=Year::of(now).0).rev().take(most).map(Year).collect()
    }
}

impl fmt::Display for Year {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.0)
    }
}

/// What happened in a month, or in all of a year.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Use {
    pub paid_count: i64,
    /// Before cancels.
    pub paid: Won,
    pub cancelled_count: i64,
    /// Of payments of this month or an earlier one.
    pub cancelled: Won,
    /// Face of the purchases that became vouchers.
    pub bought: Won,
    /// How much less than its face that cost, but for what was refunded or expired.
    pub saved: Won,
}

impl Use {
    /// Paid less cancelled; below zero when more of earlier payments was cancelled than paid.
    pub fn used_won(&self) -> i64 {
        self.paid.get() - self.cancelled.get()
    }

    pub fn is_nothing(&self) -> bool {
        *self == Use::default()
    }

    /// `None` above [`Won::MAX`].
    pub fn plus(&self, other: &Use) -> Option<Use> {
        Some(Use {
            paid_count: self.paid_count + other.paid_count,
            paid: self.paid.plus(other.paid)?,
            cancelled_count: self.cancelled_count + other.cancelled_count,
            cancelled: self.cancelled.plus(other.cancelled)?,
            bought: self.bought.plus(other.bought)?,
            saved: self.saved.plus(other.saved)?,
        })
    }
}

/// All twelve months of a year, those without anything too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearOfUse {
    pub year: Year,
    months: [Use; 12],
    total: Use,
}

impl YearOfUse {
    /// Of what happened, in any order; what is of another year is left out. `None` above [`Won::MAX`].
    pub fn of(year: Year, happened: impl IntoIterator<Item = (Month, Use)>) -> Option<YearOfUse> {
        let (names, mut months, mut total) = (year.months(), [Use::default(); 12], Use::default());
        for (month, used) in happened {
            if let Some(at) = names.iter().position(|name| *name == month) {
                months[at] = months[at].plus(&used)?;
                total = total.plus(&used)?;
            }
        }
        Some(YearOfUse { year, months, total })
    }

    pub fn months(&self) -> impl Iterator<Item = (Month, &Use)> {
        self.year.months().into_iter().zip(&self.months)
    }

    pub fn total(&self) -> &Use {
        &self.total
    }
}

/// A name on a paper that may lie about: the first and the last letter stay ("홍*동", "홍*"), and where words end.
pub fn masked_name(name: &str) -> String {
    let letters: Vec<char> = name.trim().chars().collect();
    // Of two letters the second is hidden, else nothing would be.
    let last = letters.len().saturating_sub(1);
    let shows = |at: usize, letter: char| at == 0 || (at == last && letters.len() > 2) || letter == ' ';
    letters.iter().enumerate().map(|(at, letter)| if shows(at, *letter) { *letter } else { '*' }).collect()
}
