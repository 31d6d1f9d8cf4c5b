//! The Korean calendar: days and months are those of Asia/Seoul, spans are half-open `[from, to)`.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The zone is embedded: neither a server without tzdata nor a browser abroad changes what "this month" means.
static SEOUL: TimeZone = jiff::tz::get!("Asia/Seoul");

pub fn in_seoul(at: Timestamp) -> Zoned {
    at.to_zoned(SEOUL.clone())
}

/// The moment at which the wall clock in Seoul shows this date and time. `None` outside of jiff's range.
pub fn seoul_at(date: Date, hour: i8, minute: i8) -> Option<Timestamp> {
    date.at(hour, minute, 0, 0).to_zoned(SEOUL.clone()).ok().map(|zoned| zoned.timestamp())
}

/// A calendar month in Seoul, as `yyyymm`. Month limits belong to it ("Buying").
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Month(pub i32);

impl Month {
    pub fn of(at: Timestamp) -> Month {
        let date = in_seoul(at).date();
        Month(i32::from(date.year()) * 100 + i32::from(date.month()))
    }

    /// "2026-07", as browsers and [`Month`] itself write it. From 1970 on: no earlier time is kept.
    pub fn parse(text: &str) -> Option<Month> {
        let (year, month) = text.split_once('-')?;
        let is_digits = |part: &str, count: usize| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
        let number = |part: &str| part.parse::<i32>().ok();
        let (year, month) = (number(year).filter(|_| is_digits(year, 4))?, number(month).filter(|_| is_digits(month, 2))?);
        (year >= 1970 && (1..=12).contains(&month)).then_some(Month(year * 100 + month))
    }

    /// The month before this one.
    pub fn before(self) -> Month {
        if self.0 % 100 == 1 { Month(self.0 - 100 + 11) } else { Month(self.0 - 1) }
    }

    /// The first midnight of the month to the first of the next, in Seoul.
    pub fn span(self) -> Option<Span> {
        let first = Date::new(i16::try_from(self.0 / 100).ok()?, i8::try_from(self.0 % 100).ok()?, 1).ok()?;
        let next = first.checked_add(1.month()).ok()?;
        Span::new(seoul_at(first, 0, 0)?, seoul_at(next, 0, 0)?)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0 / 100, self.0 % 100)
    }
}

/// A calendar day in Seoul, as `yyyymmdd`. Shops count and settle by it.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(pub i32);

impl Day {
    pub fn of(at: Timestamp) -> Day {
        Day::of_date(in_seoul(at).date())
    }

    pub fn of_date(date: Date) -> Day {
        Day(i32::from(date.year()) * 10_000 + i32::from(date.month()) * 100 + i32::from(date.day()))
    }

    pub fn date(self) -> Option<Date> {
        let (year, month, day) = (self.0 / 10_000, self.0 / 100 % 100, self.0 % 100);
        Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    }

    /// Midnight to midnight in Seoul.
    pub fn span(self) -> Option<Span> {
        let date = self.date()?;
        Span::new(seoul_at(date, 0, 0)?, seoul_at(date.tomorrow().ok()?, 0, 0)?)
    }
}

/// A half-open span of time `[from, to)`: 14:00 belongs to the window that opens then, not to the one that closes.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    from: Timestamp,
    to: Timestamp,
}

impl Span {
    /// `None` when it would be empty.
    pub fn new(from: Timestamp, to: Timestamp) -> Option<Span> {
        (from < to).then_some(Span { from, to })
    }

    pub fn from(&self) -> Timestamp {
        self.from
    }

    pub fn to(&self) -> Timestamp {
        self.to
    }

    pub fn contains(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }
}

/// A lot bought `at` expires at the midnight in Seoul that ends the same date `years` later (29 February: the 28th).
pub fn expiry(at: Timestamp, years: u8) -> Timestamp {
    let date = in_seoul(at).date();
    let last = date.checked_add(i64::from(years).years()).and_then(|date| date.tomorrow());
    last.ok().and_then(|date| seoul_at(date, 0, 0)).unwrap_or(Timestamp::MAX)
}
