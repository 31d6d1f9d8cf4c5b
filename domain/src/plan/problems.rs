//! What keeps a plan from being released, field by field, and the proof that nothing does.

use super::{Hours, NAME_CHARS_MAX, Plan, PlannedWindow, SUSPENSIONS_MAX, Suspension, WINDOWS_MAX};
use crate::calendar::Span;
use crate::room::{NotSettings, Settings};
use crate::sale::Who;
use crate::won::Won;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Plans beyond it are typing mistakes.
const AHEAD_MAX: SignedDuration = SignedDuration::from_hours(400 * 24);

/// Where in the plan. Windows and suspensions are counted from 0.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Field {
    Kind,
    NameKo,
    NameEn,
    Day,
    Windows,
    Window(usize, Part),
    Room,
    Suspensions,
    Suspension(usize),
}

#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    Hours,
    Amount,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    Missing,
    TooLong,
    TooMany,
    /// It ends before it begins, or right then.
    Empty,
    /// It opens no later than now.
    Past,
    /// More than 400 days ahead, or no day at all.
    NoSuchDay,
    /// The terms of its kind change on that day.
    KindChanges,
    /// Together with this one, for the same people or the same feature.
    Overlaps(usize),
    NotPositive,
    NotAMultiple {
        unit: Won,
    },
    /// The amounts don't add up to any money.
    TooMuch,
    /// No window has closed by then.
    NothingToPool,
    Room(NotSettings),
}

#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub at: Field,
    pub why: Why,
}

/// A plan that can be released, as of the moment it was looked at. Made by [`Plan::ready`] only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ready<'a> {
    plan: &'a Plan,
    windows: Vec<(Span, PlannedWindow)>,
    room: Option<Settings>,
}

impl Ready<'_> {
    pub fn plan(&self) -> &Plan {
        self.plan
    }

    /// In the order of the plan.
    pub fn windows(&self) -> &[(Span, PlannedWindow)] {
        &self.windows
    }

    /// What pauses, and when.
    pub fn suspensions(&self) -> impl Iterator<Item = (Span, Suspension)> {
        self.plan.suspensions.iter().filter_map(|suspension| Some((suspension.hours.on(self.plan.day)?, *suspension)))
    }

    pub fn room(&self) -> Option<&Settings> {
        self.room.as_ref()
    }
}

impl Plan {
    /// Everything that is wrong with it at `now`; `unit` is that of its kind.
    pub fn problems(&self, unit: Won, now: Timestamp) -> Vec<Problem> {
        match self.ready(unit, now) {
            Ok(_) => Vec::new(),
            Err(problems) => problems,
        }
    }

    /// # Errors
    /// All problems, in the order of the fields.
    pub fn ready(&self, unit: Won, now: Timestamp) -> Result<Ready<'_>, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut wrong = |at, why| problems.push(Problem { at, why });
        for (field, name) in [(Field::NameKo, &self.name_ko), (Field::NameEn, &self.name_en)] {
            match name.trim().chars().count() {
                0 => wrong(field, Why::Missing),
                1..=NAME_CHARS_MAX => {}
                _ => wrong(field, Why::TooLong),
            }
        }
        let is_a_day = self.day.span().is_some_and(|day| day.from().duration_since(now) <= AHEAD_MAX);
        if !is_a_day {
            wrong(Field::Day, Why::NoSuchDay);
        }
        match self.windows.len() {
            0 => wrong(Field::Windows, Why::Missing),
            1..=WINDOWS_MAX => {}
            _ => wrong(Field::Windows, Why::TooMany),
        }
        if self.total().is_none() {
            wrong(Field::Windows, Why::TooMuch);
        }
        let mut windows = Vec::with_capacity(self.windows.len());
        for (at, window) in self.windows.iter().enumerate() {
            for (part, why) in self.window_problems(at, window, unit, now, is_a_day) {
                wrong(Field::Window(at, part), why);
            }
            windows.extend(window.hours.on(self.day).map(|span| (span, *window)));
        }
        let room = self.room.map(Settings::new).transpose().unwrap_or_else(|why| {
            wrong(Field::Room, Why::Room(why));
            None
        });
        if self.suspensions.len() > SUSPENSIONS_MAX {
            wrong(Field::Suspensions, Why::TooMany);
        }
        for (at, suspension) in self.suspensions.iter().enumerate() {
            let same = |other: usize| self.suspensions[other].feature == suspension.feature;
            if is_empty(suspension.hours) {
                wrong(Field::Suspension(at), Why::Empty);
            } else if let Some(other) = (0..at).find(|&other| same(other) && self.suspensions[other].hours.overlaps(suspension.hours)) {
                wrong(Field::Suspension(at), Why::Overlaps(other));
            }
        }
        if problems.is_empty() { Ok(Ready { plan: self, windows, room }) } else { Err(problems) }
    }

    fn window_problems(&self, at: usize, window: &PlannedWindow, unit: Won, now: Timestamp, is_a_day: bool) -> Vec<(Part, Why)> {
        let mut found = Vec::new();
        let opens_at = window.hours.from.on(self.day);
        if is_empty(window.hours) {
            found.push((Part::Hours, Why::Empty));
        } else if is_a_day && opens_at.is_none_or(|opens_at| opens_at <= now) {
            found.push((Part::Hours, Why::Past));
        }
        let before = self.windows.iter().take(at).enumerate();
        let mut clashing = before.filter(|(_, other)| meet(other.who, window.who) && other.hours.overlaps(window.hours));
        if let Some((other, _)) = clashing.next() {
            found.push((Part::Hours, Why::Overlaps(other)));
        }
        let closes_before = |other: &PlannedWindow| !is_empty(other.hours) && other.hours.to <= window.hours.from;
        if window.pools_left_over && !self.windows.iter().any(closes_before) {
            found.push((Part::Hours, Why::NothingToPool));
        }
        if window.amount.is_zero() && !window.pools_left_over {
            found.push((Part::Amount, Why::NotPositive));
        } else if !window.amount.is_multiple_of(unit) {
            found.push((Part::Amount, Why::NotAMultiple { unit }));
        }
        found
    }
}

fn is_empty(hours: Hours) -> bool {
    hours.from >= hours.to
}

/// Is there anybody whom both are for?
fn meet(one: Who, other: Who) -> bool {
    one == other || one == Who::Anyone || other == Who::Anyone
}
