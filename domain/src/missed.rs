//! What nobody in a shop heard: when somebody of the shop is told of it by SMS, and when not ("Telling the shop").

use crate::calendar::in_seoul;
use crate::notice::{Event, Notice};
use crate::won::Won;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A notice that no device has acknowledged for so long is told by SMS.
pub const AFTER_MS: i64 = 10_000;
/// At most one SMS a shop in this time: what is missed meanwhile is told together in the next. A phone that rings each few seconds is
/// silenced, and each message costs the city money.
pub const GAP_MS: i64 = 60_000;
/// Older ones are no news to anybody: after a longer standstill the shop's page tells.
pub const LOOK_BACK_MS: i64 = 600_000;

const DAY_MINUTES: u16 = 24 * 60;

/// The part of each day, in Seoul, in which a shop wants no SMS: from one minute of the day up to another, over midnight if need be.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quiet {
    from: u16,
    to: u16,
}

impl Quiet {
    /// A payment is made by somebody who stands in the shop, so what is quiet by itself is short: midnight to six.
    pub const USUAL: Quiet = Quiet { from: 0, to: 6 * 60 };

    /// In minutes of the day, below 1,440. Both the same: never quiet.
    pub fn new(from: u16, to: u16) -> Option<Quiet> {
        (from < DAY_MINUTES && to < DAY_MINUTES).then_some(Quiet { from, to })
    }

    /// Both as `HH:MM`, as a browser's field of a time sends it.
    pub fn parse(from: &str, to: &str) -> Option<Quiet> {
        Quiet::new(minute(from)?, minute(to)?)
    }

    pub fn from(self) -> u16 {
        self.from
    }

    pub fn to(self) -> u16 {
        self.to
    }

    pub fn contains(self, at: Timestamp) -> bool {
        let time = in_seoul(at).time();
        let minute = u16::from(time.hour().unsigned_abs()) * 60 + u16::from(time.minute().unsigned_abs());
        match self.from <= self.to {
            true => (self.from..self.to).contains(&minute),
            false => minute >= self.from || minute < self.to,
        }
    }

    /// `["00:00", "06:00"]`
    pub fn shown(self) -> [String; 2] {
        [self.from, self.to].map(|minute| format!("{:02}:{:02}", minute / 60, minute % 60))
    }
}

/// "23:30"; seconds, which some browsers add, are taken and count for nothing.
fn minute(text: &str) -> Option<u16> {
    let mut parts = text.trim().split(':');
    let two =
        |part: &str| -> Option<u16> { part.parse().ok().filter(|_| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit())) };
    let (hour, minute) = (two(parts.next()?)?, two(parts.next()?)?);
    let rest = parts.next().is_none_or(|seconds| two(seconds).is_some()) && parts.next().is_none();
    (rest && hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

impl fmt::Display for Quiet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [from, to] = self.shown();
        write!(f, "{from}-{to}")
    }
}

/// What several notices come to.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    pub paid_count: usize,
    pub paid: Won,
    pub cancelled_count: usize,
    pub cancelled: Won,
}

impl Sums {
    pub fn of<'a>(notices: impl IntoIterator<Item = &'a Notice>) -> Sums {
        notices.into_iter().fold(Sums::default(), |sums, notice| sums.with(notice.event, notice.amount))
    }

    /// One more.
    pub fn with(self, event: Event, amount: Won) -> Sums {
        let add = |sum: Won| Won::sum([sum, amount]).unwrap_or(Won::MAX);
        match event {
            Event::Paid => Sums { paid_count: self.paid_count + 1, paid: add(self.paid), ..self },
            Event::Cancelled => Sums { cancelled_count: self.cancelled_count + 1, cancelled: add(self.cancelled), ..self },
        }
    }

    pub fn count(self) -> usize {
        self.paid_count + self.cancelled_count
    }
}
