//! What a shop gets for a day, and when ("Settlement"): payments less cancels of a day in Seoul, less the fee, on the second business day.
//! The postings are in [`crate::ledger`], the way of a payout through the bank in [`payout`].
//!
//! - **A cancel counts on the day on which it happens.** A day on which more was cancelled than paid leaves a debt, which is taken
//!   from the days that follow ([`settle`]). Until then it stands in the ledger as a debit balance of what the shop is owed.
//! - **The fee is of what is left after the debt**, so that a shop pays no fee for what was cancelled, on whatever day.
//! - **The fee's rate** goes by the revenue of the calendar year before: what the city has declared for that year (from the tax
//!   office's figure), or else what the shop was paid through Pay+ in it. A shop's first year is free.

pub mod payout;

use crate::Timestamp;
use crate::business_days::{self, NoHolidays};
use crate::calendar::{Day, seoul_at};
use crate::kind::BasisPoints;
use crate::won::Won;
use serde::{Deserialize, Serialize};

/// After midnight in Seoul, until the day that has ended is closed: whoever was heard before midnight has been answered by then.
/// (A payment that comes still later counts on the day that has begun.)
pub const CLOSES_AFTER_MS: i64 = 60_000;
/// Banks begin to work.
const PAYOUT_HOUR: i8 = 9;
/// "Paid out the second business day".
const PAYOUT_AFTER: u32 = 2;

/// Up to this revenue, this rate ("0 / 0.3 / 0.5 % at yearly revenue up to 800 m / up to 1.2 bn / above").
const TIERS: [(Won, BasisPoints); 3] =
    [(Won::of(800_000_000), BasisPoints(0)), (Won::of(1_200_000_000), BasisPoints(30)), (Won::MAX, BasisPoints(50))];

/// The rate of the fee at this yearly revenue.
pub fn fee_rate(revenue: Won) -> BasisPoints {
    let tier = TIERS.iter().find(|(up_to, _)| revenue <= *up_to);
    tier.map_or(BasisPoints(0), |(_, rate)| *rate)
}

/// What happened on a shop's day.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayFigures {
    pub paid_count: i64,
    pub paid: Won,
    pub cancelled_count: i64,
    pub cancelled: Won,
}

/// What becomes of it: `paid - cancelled - debt before = fee + payout - debt after`.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    pub fee: Won,
    /// Goes to the shop's account. Zero: nothing goes.
    pub payout: Won,
    /// What the shop owes after that. Zero whenever there is a payout.
    pub debt: Won,
}

impl Settled {
    /// What the ledger moves out of what the shop is owed; `None` above [`Won::MAX`].
    pub fn taken(&self) -> Option<Won> {
        self.fee.plus(self.payout)
    }
}

/// Settles a day of a shop that owed `debt` before. `None` above [`Won::MAX`].
pub fn settle(day: &DayFigures, debt: Won, rate: BasisPoints) -> Option<Settled> {
    let owed = day.cancelled.plus(debt)?;
    let Some(amount) = day.paid.minus(owed) else {
        return Some(Settled { fee: Won::ZERO, payout: Won::ZERO, debt: owed.minus(day.paid)? });
    };
    // Rounded down: for the shop.
    let fee = amount.share(i64::from(rate.0), 10_000)?;
    Some(Settled { fee, payout: amount.minus(fee)?, debt: Won::ZERO })
}

/// The day that is closed last at this time; `None` before the calendar.
pub fn last_to_close(now: Timestamp) -> Option<Day> {
    let at = Timestamp::from_millisecond(now.as_millisecond().checked_sub(CLOSES_AFTER_MS)?).ok()?;
    Day::of(at).date()?.yesterday().ok().map(Day::of_date)
}

/// When the payout of a day is made: from the morning of the second business day on.
///
/// # Errors
/// When nobody knows the holidays of a year.
pub fn pays_on(day: Day) -> Result<Day, NoHolidays> {
    let date = day.date().ok_or(NoHolidays(0))?;
    business_days::after(date, PAYOUT_AFTER).map(Day::of_date)
}

/// The moment on the day of a payout from which it is made.
pub fn pays_at(pays_on: Day) -> Timestamp {
    pays_on.date().and_then(|date| seoul_at(date, PAYOUT_HOUR, 0)).unwrap_or(Timestamp::MAX)
}
