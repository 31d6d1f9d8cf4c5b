//! Which days are looked at. Days are those of Seoul, both ends belong to the range, and a week begins on Monday.

use crate::calendar::{Day, Span};
use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use std::fmt;

/// No more days are looked at at once: a year and a day, so that a year can be laid beside itself.
pub const MOST_DAYS: i64 = 366;

/// From one day to another, both included.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "(Day, Day)", into = "(Day, Day)")]
pub struct DayRange {
    from: Day,
    to: Day,
}

/// The days are no range.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum RangeError {
    #[error("not a day")]
    NotADay,
    #[error("it ends before it begins")]
    Backwards,
    #[error("more than {MOST_DAYS} days")]
    TooLong,
}

impl DayRange {
    pub fn new(from: Day, to: Day) -> Result<DayRange, RangeError> {
        let (first, last) = (from.date().ok_or(RangeError::NotADay)?, to.date().ok_or(RangeError::NotADay)?);
        if first > last {
            return Err(RangeError::Backwards);
        }
        // Days at the ends of the calendar have no midnight.
        if from.span().is_none() || to.span().is_none() {
            return Err(RangeError::NotADay);
        }
        if days_between(first, last) >= MOST_DAYS {
            return Err(RangeError::TooLong);
        }
        Ok(DayRange { from, to })
    }

    pub fn of_day(day: Day) -> Result<DayRange, RangeError> {
        DayRange::new(day, day)
    }

    /// As date fields write it: `2026-07-14`.
    pub fn parse(from: &str, to: &str) -> Result<DayRange, RangeError> {
        let day = |text: &str| text.trim().parse::<Date>().map(Day::of_date).map_err(|_| RangeError::NotADay);
        DayRange::new(day(from)?, day(to)?)
    }

    pub fn from(self) -> Day {
        self.from
    }

    pub fn to(self) -> Day {
        self.to
    }

    pub fn contains(self, day: Day) -> bool {
        self.from <= day && day <= self.to
    }

    pub fn count(self) -> i64 {
        self.from.date().zip(self.to.date()).map_or(1, |(first, last)| days_between(first, last) + 1)
    }

    pub fn days(self) -> impl Iterator<Item = Day> {
        let first = self.from.date();
        (0..self.count()).filter_map(move |after| Some(Day::of_date(first?.checked_add(after.days()).ok()?)))
    }

    /// Midnight before the first to midnight after the last. `None` can't be: [`DayRange::new`] has looked.
    pub fn span(self) -> Option<Span> {
        Span::new(self.from.span()?.from(), self.to.span()?.to())
    }

    /// As many days, right before. `None` at the beginning of the calendar.
    pub fn before(self) -> Option<DayRange> {
        let shift = |day: Day| day.date()?.checked_sub(self.count().days()).ok().map(Day::of_date);
        DayRange::new(shift(self.from)?, shift(self.to)?).ok()
    }
}

impl TryFrom<(Day, Day)> for DayRange {
    type Error = RangeError;
    fn try_from((from, to): (Day, Day)) -> Result<DayRange, RangeError> {
        DayRange::new(from, to)
    }
}

impl From<DayRange> for (Day, Day) {
    fn from(range: DayRange) -> (Day, Day) {
        (range.from, range.to)
    }
}

/// `2026-07-01_2026-07-14`, for names of files.
impl fmt::Display for DayRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", iso(self.from), iso(self.to))
    }
}

/// As date fields write it: `2026-07-14`.
pub fn iso(day: Day) -> String {
    format!("{:04}-{:02}-{:02}", day.0 / 10_000, day.0 / 100 % 100, day.0 % 100)
}

fn days_between(first: Date, last: Date) -> i64 {
    first.duration_until(last).as_hours() / 24
}

/// Ranges that are looked at most.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Preset {
    Today,
    Yesterday,
    Week,
    Month,
    LastMonth,
}

impl Preset {
    pub const ALL: [Preset; 5] = [Preset::Today, Preset::Yesterday, Preset::Week, Preset::Month, Preset::LastMonth];

    pub fn as_str(self) -> &'static str {
        match self {
            Preset::Today => "today",
            Preset::Yesterday => "yesterday",
            Preset::Week => "week",
            Preset::Month => "month",
            Preset::LastMonth => "last-month",
        }
    }

    pub fn parse(text: &str) -> Option<Preset> {
        Preset::ALL.into_iter().find(|preset| preset.as_str() == text)
    }

    /// This week and this month end today: what is to come has no figures.
    pub fn range(self, now: Timestamp) -> DayRange {
        let today = Day::of(now);
        let only = DayRange { from: today, to: today };
        let date = |today: Date| -> Option<(Date, Date)> {
            Some(match self {
                Preset::Today => (today, today),
                Preset::Yesterday => (today.yesterday().ok()?, today.yesterday().ok()?),
                Preset::Week => (today.checked_sub(i64::from(today.weekday().since(Weekday::Monday)).days()).ok()?, today),
                Preset::Month => (today.first_of_month(), today),
                Preset::LastMonth => {
                    let last = today.first_of_month().yesterday().ok()?;
                    (last.first_of_month(), last)
                }
            })
        };
        let dates = today.date().and_then(date);
        dates.map_or(only, |(from, to)| DayRange { from: Day::of_date(from), to: Day::of_date(to) })
    }

    /// The one that a range is, today.
    pub fn of(range: DayRange, now: Timestamp) -> Option<Preset> {
        Preset::ALL.into_iter().find(|preset| preset.range(now) == range)
    }
}
