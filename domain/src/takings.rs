//! A shop's takings (매출): over which days, beside which, and how they changed. Amounts are what was paid, less what was cancelled in
//! the same span: a cancel counts on its own day, so what a day brought in may be less than nothing.

pub mod filter;
mod range;

pub use range::{DayRange, MOST_DAYS, Preset, RangeError, iso};

use crate::calendar::{Day, in_seoul};
use crate::ids::{KindId, PaymentId};
use crate::kind::Kind;
use crate::paying::Code;
use crate::won::Won;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

/// Today is laid beside so many earlier days of the same weekday.
pub const WEEKS: i64 = 4;

/// What was paid and cancelled in a span.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    pub paid_count: i64,
    pub paid: Won,
    pub cancelled_count: i64,
    pub cancelled: Won,
}

impl Sums {
    /// In won; negative when more was cancelled than paid.
    pub fn net(&self) -> i64 {
        self.paid.get() - self.cancelled.get()
    }

    /// Together; at most [`Won::MAX`] each, which no shop reaches.
    pub fn plus(self, other: Sums) -> Sums {
        let sum = |one: Won, other: Won| one.plus(other).unwrap_or(Won::MAX);
        Sums {
            paid_count: self.paid_count + other.paid_count,
            paid: sum(self.paid, other.paid),
            cancelled_count: self.cancelled_count + other.cancelled_count,
            cancelled: sum(self.cancelled, other.cancelled),
        }
    }

    pub fn of(many: impl IntoIterator<Item = Sums>) -> Sums {
        many.into_iter().fold(Sums::default(), Sums::plus)
    }

    /// In whole won, rounded down; `None` without a payment.
    pub fn average_payment(&self) -> Option<Won> {
        self.paid.share(1, self.paid_count)
    }

    pub fn is_nothing(&self) -> bool {
        self.paid_count == 0 && self.cancelled_count == 0
    }
}

/// An hour of a shop's day in Seoul.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hour {
    pub sums: Sums,
    /// Payers who had never paid here before.
    pub new_payers: i64,
    /// Payers who had paid here on an earlier day, each counted once a day, in the hour they came.
    pub returning_payers: i64,
}

impl Hour {
    pub fn plus(self, other: Hour) -> Hour {
        Hour {
            sums: self.sums.plus(other.sums),
            new_payers: self.new_payers + other.new_payers,
            returning_payers: self.returning_payers + other.returning_payers,
        }
    }
}

/// One hour of one day that something happened in.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HourOfDay {
    pub day: Day,
    /// 0 to 23.
    pub hour: u8,
    pub of: Hour,
}

/// What was paid out of a kind; before cancels, which give back to the lots and not to a kind's share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindShare {
    pub kind: Kind,
    /// Payments that drew on it. One that drew on two kinds counts for both.
    pub payments: i64,
    pub paid: Won,
}

/// A payment in a shop's list. Who paid is not told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShopPayment {
    /// Of the notice that told of it: the list is in this order.
    pub number: i64,
    pub id: PaymentId,
    pub at: Timestamp,
    pub amount: Won,
    /// How much of it has been given back.
    pub cancelled: Won,
    pub code: Code,
    /// What it drew on.
    pub kinds: Vec<(KindId, Won)>,
}

/// All of a span of days, hour by hour.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Takings {
    /// By day and hour; hours without anything are not there.
    pub hours: Vec<HourOfDay>,
    /// The largest first.
    pub kinds: Vec<KindShare>,
}

impl Takings {
    pub fn total(&self) -> Hour {
        self.hours.iter().fold(Hour::default(), |sum, hour| sum.plus(hour.of))
    }

    pub fn of_day(&self, day: Day) -> Hour {
        self.hours.iter().filter(|hour| hour.day == day).fold(Hour::default(), |sum, hour| sum.plus(hour.of))
    }

    /// Each hour of the day, 0 to 23, over all days.
    pub fn by_hour(&self) -> [Sums; 24] {
        let mut sums = [Sums::default(); 24];
        for hour in &self.hours {
            if let Some(sum) = sums.get_mut(usize::from(hour.hour)) {
                *sum = sum.plus(hour.of.sums);
            }
        }
        sums
    }

    /// Each day of the range in order, those without anything too.
    pub fn by_day(&self, range: DayRange) -> Vec<(Day, Sums)> {
        let mut days: Vec<(Day, Sums)> = range.days().map(|day| (day, Sums::default())).collect();
        for hour in &self.hours {
            if let Ok(at) = days.binary_search_by_key(&hour.day, |(day, _)| *day) {
                days[at].1 = days[at].1.plus(hour.of.sums);
            }
        }
        days
    }
}

/// What settling made of takings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettledTakings {
    pub fees: Won,
    /// How many days of the range are settled; the fees are theirs.
    pub days: i64,
    /// Not paid out yet, whatever the range; the next first.
    pub coming: Vec<Coming>,
}

/// A payout to come.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coming {
    pub on: Day,
    pub amount: Won,
}

/// Today, and the same weekday of the weeks before, each as far as today has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Today {
    pub day: Day,
    pub so_far: Sums,
    pub hours: [Sums; 24],
    /// The newest notice that is counted in it.
    pub last_number: i64,
    /// A week ago, two weeks ago, ...: [`WEEKS`] of them.
    pub before: Vec<DayBefore>,
}

/// An earlier day of the same weekday.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayBefore {
    pub day: Day,
    /// Up to the same time of day.
    pub so_far: Sums,
    pub whole: Sums,
    pub hours: [Sums; 24],
}

impl Today {
    /// What the earlier days had taken by this time, on average, in won rounded down. Days on which the shop took nothing at all
    /// (it was closed, or not there yet) don't count; `None` when that is all of them.
    pub fn average_so_far(&self) -> Option<i64> {
        let open = || self.before.iter().filter(|day| !day.whole.is_nothing());
        let count = i64::try_from(open().count()).ok().filter(|count| *count > 0)?;
        Some(open().map(|day| day.so_far.net()).sum::<i64>().div_euclid(count))
    }
}

/// How much more or less, in thousandths of what was before; `None` when there was nothing to compare with.
pub fn change(now_won: i64, before_won: i64) -> Option<i64> {
    let difference = i128::from(now_won) - i128::from(before_won);
    (before_won > 0).then(|| i64::try_from(difference * 1_000 / i128::from(before_won)).unwrap_or(i64::MAX))
}

/// The same weekday so many weeks before.
pub fn weeks_before(day: Day, weeks: i64) -> Option<Day> {
    day.date()?.checked_sub(weeks.weeks()).ok().map(Day::of_date)
}

/// The moment of another day at which the wall clock shows what it shows `now`.
pub fn same_time_on(day: Day, now: Timestamp) -> Option<Timestamp> {
    let passed = now.duration_since(Day::of(now).span()?.from());
    day.span()?.from().checked_add(passed).ok()
}

/// The hour of the wall clock in Seoul, 0 to 23.
pub fn hour_of(at: Timestamp) -> u8 {
    u8::try_from(in_seoul(at).hour()).unwrap_or(0)
}
