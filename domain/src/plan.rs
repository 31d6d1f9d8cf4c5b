//! A sale day as an operator plans it: windows with amounts, the waiting room before them, what is suspended meanwhile. A plan
//! may be kept while it is unfinished; [`Plan::problems`] says what is missing, and only a [`Ready`] one can be released.
//!
//! All times are minutes of one day in Seoul, so nothing of a plan can lie outside of its day.

mod problems;

pub use problems::{Field, Part, Problem, Ready, Why};

use crate::calendar::{Day, Span};
use crate::ids::KindId;
use crate::operator::Role;
use crate::room::Figures;
use crate::sale::Who;
use crate::won::Won;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

const DAY_MINUTES: u16 = 24 * 60;
pub const NAME_CHARS_MAX: usize = 60;
pub const WINDOWS_MAX: usize = 8;
pub const SUSPENSIONS_MAX: usize = 12;

/// A minute on the clock in Seoul, 00:00 to 24:00 (the midnight that ends the day).
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct Clock(u16);

/// More minutes than a day has.
#[derive(Copy, Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a minute of a day")]
pub struct NotAMinute;

impl Clock {
    /// For times written in the code.
    pub const fn at(hour: u16, minute: u16) -> Clock {
        assert!(minute < 60 && hour * 60 + minute <= DAY_MINUTES);
        Clock(hour * 60 + minute)
    }

    /// `"09:30"`, `"24:00"`; seconds that a browser adds are taken when they are zero.
    pub fn parse(text: &str) -> Option<Clock> {
        let text = text.trim();
        let text = if text.len() == 8 { text.strip_suffix(":00")? } else { text };
        let (hour, minute) = text.split_once(':')?;
        let number = |text: &str| -> Option<u16> {
            let is_number = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
            if is_number { text.parse().ok() } else { None }
        };
        let (hour, minute) = (number(hour)?, number(minute)?);
        if minute < 60 { Clock::try_from(hour * 60 + minute).ok() } else { None }
    }

    /// Minutes since midnight, 0 to 1,440.
    pub fn minutes(self) -> u16 {
        self.0
    }

    /// The moment on a day. `None` for a day that is none.
    pub fn on(self, day: Day) -> Option<Timestamp> {
        let midnight = day.span()?.from();
        midnight.checked_add(SignedDuration::from_mins(i64::from(self.0))).ok()
    }
}

impl TryFrom<u16> for Clock {
    type Error = NotAMinute;
    fn try_from(minutes: u16) -> Result<Clock, NotAMinute> {
        if minutes <= DAY_MINUTES { Ok(Clock(minutes)) } else { Err(NotAMinute) }
    }
}

impl From<Clock> for u16 {
    fn from(clock: Clock) -> u16 {
        clock.0
    }
}

/// As in a form: "09:30".
impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// From a minute to another, half-open. In a draft it may be the wrong way round.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    pub from: Clock,
    pub to: Clock,
}

impl Hours {
    /// `None` when it is empty, or the day is none.
    pub fn on(self, day: Day) -> Option<Span> {
        Span::new(self.from.on(day)?, self.to.on(day)?)
    }

    fn overlaps(self, other: Hours) -> bool {
        self.from < other.to && other.from < self.to
    }
}

/// A window of the sale to be.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedWindow {
    pub hours: Hours,
    pub who: Who,
    /// Face on sale. Zero only when it pools what is left over.
    pub amount: Won,
    /// At its opening it takes what the windows that have closed by then did not sell.
    pub pools_left_over: bool,
}

/// What may be closed while a sale is on. Paying at shops is not among it: it never pauses.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Feature {
    SignUp,
    ShopFinder,
    Gifts,
}

impl Feature {
    pub const ALL: [Feature; 3] = [Feature::SignUp, Feature::ShopFinder, Feature::Gifts];

    /// As in forms and as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Feature::SignUp => "sign_up",
            Feature::ShopFinder => "shop_finder",
            Feature::Gifts => "gifts",
        }
    }

    pub fn parse(text: &str) -> Option<Feature> {
        Feature::ALL.into_iter().find(|feature| feature.as_str() == text)
    }
}

/// A feature closed for some hours; it comes back by itself.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    pub feature: Feature,
    pub hours: Hours,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub kind: KindId,
    pub name_ko: String,
    pub name_en: String,
    pub day: Day,
    pub windows: Vec<PlannedWindow>,
    /// Before each window, or none.
    pub room: Option<Figures>,
    pub suspensions: Vec<Suspension>,
}

/// Where a plan stands.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PlanState {
    Draft,
    /// Its sale is there.
    Released,
    Cancelled,
}

impl PlanState {
    pub const ALL: [PlanState; 3] = [PlanState::Draft, PlanState::Released, PlanState::Cancelled];

    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            PlanState::Draft => "draft",
            PlanState::Released => "released",
            PlanState::Cancelled => "cancelled",
        }
    }

    pub fn parse(text: &str) -> Option<PlanState> {
        PlanState::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// Why an action at the console was not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum PlanRefused {
    #[error("needs the role {}", .0.as_str())]
    NotYourRole(Role),
    #[error("no such plan")]
    NoSuchPlan,
    /// Four eyes: whoever wrote any of a plan does not release it.
    #[error("written by whoever wants to release it")]
    OwnPlan,
    /// Somebody has changed the plan since it was read.
    #[error("changed meanwhile")]
    Changed,
    /// Not possible in the state that it is in.
    #[error("it is {}", .0.as_str())]
    In(PlanState),
    #[error("not ready")]
    NotReady(Vec<Problem>),
    /// People may be waiting for it already.
    #[error("it has begun")]
    HasBegun,
    #[error("no such room")]
    NoSuchRoom,
    #[error("no settings of a room: {0}")]
    NoSettings(crate::room::NotSettings),
}

impl Plan {
    /// A day like 28 July 2022: odd birth years 10 to 14, even ones 14 to 18, half of the amount each; from 18 anybody, out of what is
    /// left over. Sign-up and shop finder are closed from half an hour before each opening until an hour and a half after it, gifts
    /// from 10 to 18.
    pub fn by_parity(kind: KindId, (name_ko, name_en): (String, String), day: Day, total: Won, unit: Won) -> Plan {
        let odd = total.share(1, 2).unwrap_or(Won::ZERO).rounded_down_to(unit);
        let window = |from, to, who, amount, pools_left_over| PlannedWindow {
            hours: Hours { from: Clock::at(from, 0), to: Clock::at(to, 0) },
            who,
            amount,
            pools_left_over,
        };
        let around =
            |feature, hour: u16| Suspension { feature, hours: Hours { from: Clock::at(hour - 1, 30), to: Clock::at(hour + 1, 30) } };
        Plan {
            kind,
            name_ko,
            name_en,
            day,
            windows: vec![
                window(10, 14, Who::OddBirthYears, odd, false),
                window(14, 18, Who::EvenBirthYears, total.left_after(odd), false),
                window(18, 24, Who::Anyone, Won::ZERO, true),
            ],
            room: Some(Figures::default()),
            suspensions: vec![
                around(Feature::SignUp, 10),
                around(Feature::ShopFinder, 10),
                around(Feature::SignUp, 14),
                around(Feature::ShopFinder, 14),
                Suspension { feature: Feature::Gifts, hours: Hours { from: Clock::at(10, 0), to: Clock::at(18, 0) } },
            ],
        }
    }

    /// All amounts together; `None` beyond all money.
    pub fn total(&self) -> Option<Won> {
        Won::sum(self.windows.iter().map(|window| window.amount))
    }

    /// The first moment at which a citizen may have to do with it: the first opening, or that of the pre-queue before.
    pub fn begins_at(&self) -> Option<Timestamp> {
        let opening = self.windows.iter().filter_map(|window| window.hours.from.on(self.day)).min()?;
        let before_ms = self.room.map_or(0, |figures| figures.pre_queue_opens_before_ms.max(0));
        opening.checked_sub(SignedDuration::from_millis(before_ms)).ok()
    }
}
