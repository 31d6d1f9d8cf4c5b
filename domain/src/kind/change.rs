//! A change of a kind, or a new one, as operators plan it: a draft may be wrong, [`Change::problems`] says what is, and only a [`Ready`]
//! one can be released. It applies from the midnight in Seoul of a day to come, or at once.
//!
//! No day has two sets of terms for those who buy: a change does not apply from a day on which a window of the kind is open.

use super::terms::{self, Terms};
use super::{BasisPoints, Kind, Scope};
use crate::calendar::{Day, Span};
use crate::district::District;
use crate::ids::KindId;
use crate::operator::Role;
use crate::won::Won;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub const NAME_CHARS_MAX: usize = 60;
/// Changes beyond it are typing mistakes.
const AHEAD_MAX: SignedDuration = SignedDuration::from_hours(400 * 24);

/// Of which kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Of {
    Kind(KindId),
    /// Of a district that has none yet.
    New {
        district: District,
        name_ko: String,
        name_en: String,
    },
}

/// From when on it applies.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Start {
    /// When it is released.
    AtOnce,
    /// At the midnight in Seoul that begins this day.
    On(Day),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub of: Of,
    pub terms: Terms,
    pub start: Start,
}

/// Where a change stands.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChangeState {
    Draft,
    /// It waits for its day.
    Released,
    /// It is a version of its kind.
    Applied,
    Cancelled,
}

impl ChangeState {
    pub const ALL: [ChangeState; 4] = [ChangeState::Draft, ChangeState::Released, ChangeState::Applied, ChangeState::Cancelled];

    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            ChangeState::Draft => "draft",
            ChangeState::Released => "released",
            ChangeState::Applied => "applied",
            ChangeState::Cancelled => "cancelled",
        }
    }

    pub fn parse(text: &str) -> Option<ChangeState> {
        ChangeState::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// Where in the change.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Field {
    Kind,
    District,
    NameKo,
    NameEn,
    Discount,
    Unit,
    MonthLimit,
    HoldingCap,
    Validity,
    RefundFrom,
    Funding,
    Start,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    Missing,
    TooLong,
    /// Outside of what the bounds of the field allow; its words name them.
    OutOfBounds,
    NotAMultiple {
        unit: Won,
    },
    /// More a month than may be held at all.
    AboveCap {
        cap: Won,
    },
    /// The shares add up to something else than the discount.
    NotTheDiscount {
        total_bp: u32,
        discount: BasisPoints,
    },
    /// A citywide kind is no district's.
    NoDistrict,
    /// The district has a kind already, or a new one waits for its day.
    Taken,
    /// Another change of the kind is released and waits for its day.
    Waits {
        from: Timestamp,
    },
    /// It is as it is now.
    Same,
    /// Today or before: changes apply from a day to come, or at once.
    NotToCome,
    /// More than 400 days ahead, or no day at all.
    NoSuchDay,
    /// A window of the kind is open on that day.
    OnSale {
        opens_at: Timestamp,
    },
    /// A window that is open then or later has an amount that is none in this unit.
    WindowAmount {
        opens_at: Timestamp,
    },
}

#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub at: Field,
    pub why: Why,
}

/// What stands around a change at the moment it is looked at.
#[derive(Clone, Debug)]
pub struct Around<'a> {
    /// The kind as it is now; `None`: there is none of that id, or it is a new one.
    pub kind: Option<(&'a Kind, &'a Terms)>,
    /// Of a new one: its district has one, or will.
    pub is_taken: bool,
    /// From when on another change of the kind applies that is released.
    pub waits_from: Option<Timestamp>,
    /// Windows of the kind that are open today or later, with their amounts.
    pub windows: &'a [(Span, Won)],
}

/// A change that can be released, as of the moment it was looked at. Made by [`Change::ready`] only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ready<'a> {
    change: &'a Change,
    from: Timestamp,
}

impl Ready<'_> {
    pub fn change(&self) -> &Change {
        self.change
    }

    /// From when on it applies.
    pub fn from(&self) -> Timestamp {
        self.from
    }
}

/// Why an action about a change was not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ChangeRefused {
    #[error("needs the role {}", .0.as_str())]
    NotYourRole(Role),
    #[error("no such change")]
    NoSuchChange,
    /// Four eyes: whoever wrote any of it does not release it.
    #[error("written by whoever wants to release it")]
    OwnChange,
    /// Somebody has changed it since it was read.
    #[error("changed meanwhile")]
    Changed,
    /// Not possible in the state that it is in.
    #[error("it is {}", .0.as_str())]
    In(ChangeState),
    #[error("not ready")]
    NotReady(Vec<Problem>),
    /// It applies within a minute: nodes may be at it.
    #[error("too late")]
    TooLate,
    /// Windows were planned in its unit.
    #[error("sales were planned on it")]
    PlannedOn,
}

impl Change {
    /// Everything that is wrong with it at `now`.
    pub fn problems(&self, around: &Around<'_>, now: Timestamp) -> Vec<Problem> {
        match self.ready(around, now) {
            Ok(_) => Vec::new(),
            Err(problems) => problems,
        }
    }

    /// # Errors
    /// All problems, in the order of the fields.
    pub fn ready(&self, around: &Around<'_>, now: Timestamp) -> Result<Ready<'_>, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut wrong = |at, why| problems.push(Problem { at, why });
        for (at, why) in self.subject_problems(around) {
            wrong(at, why);
        }
        let scope = match &self.of {
            Of::New { district, .. } => Some(Scope::District(*district)),
            Of::Kind(_) => around.kind.map(|(kind, _)| kind.scope),
        };
        for (at, why) in self.terms.problems(scope) {
            wrong(at, why);
        }
        let from = self.starts_at(now);
        match from {
            Err(why) => wrong(Field::Start, why),
            Ok(from) => {
                for (at, why) in self.window_problems(around.windows, from) {
                    wrong(at, why);
                }
            }
        }
        match (from, problems.is_empty()) {
            (Ok(from), true) => Ok(Ready { change: self, from }),
            _ => Err(problems),
        }
    }

    fn subject_problems(&self, around: &Around<'_>) -> Vec<(Field, Why)> {
        let mut found = Vec::new();
        match &self.of {
            Of::Kind(_) => match around.kind {
                None => found.push((Field::Kind, Why::Missing)),
                Some((_, terms)) if *terms == self.terms => found.push((Field::Kind, Why::Same)),
                Some(_) => {}
            },
            Of::New { name_ko, name_en, .. } => {
                if around.is_taken {
                    found.push((Field::District, Why::Taken));
                }
                for (field, name) in [(Field::NameKo, name_ko), (Field::NameEn, name_en)] {
                    match name.trim().chars().count() {
                        0 => found.push((field, Why::Missing)),
                        1..=NAME_CHARS_MAX => {}
                        _ => found.push((field, Why::TooLong)),
                    }
                }
            }
        }
        found.extend(around.waits_from.map(|from| (Field::Kind, Why::Waits { from })));
        found
    }

    /// From when on it would apply, were it released at `now`.
    fn starts_at(&self, now: Timestamp) -> Result<Timestamp, Why> {
        let Start::On(day) = self.start else { return Ok(now) };
        let from = day.span().ok_or(Why::NoSuchDay)?.from();
        match from.duration_since(now) {
            ahead if ahead > AHEAD_MAX => Err(Why::NoSuchDay),
            ahead if ahead <= SignedDuration::ZERO => Err(Why::NotToCome),
            _ => Ok(from),
        }
    }

    fn window_problems(&self, windows: &[(Span, Won)], from: Timestamp) -> Vec<(Field, Why)> {
        let Some(day) = Day::of(from).span() else { return vec![(Field::Start, Why::NoSuchDay)] };
        let opens_at = |found: Option<&(Span, Won)>| found.map(|(span, _)| span.from());
        let on_the_day = opens_at(windows.iter().find(|(span, _)| span.from() < day.to() && day.from() < span.to()));
        let mut later = windows.iter().filter(|(span, _)| span.to() > day.from());
        let odd = opens_at(later.find(|(_, amount)| self.terms.unit > Won::ZERO && !amount.is_multiple_of(self.terms.unit)));
        let on_the_day = on_the_day.map(|opens_at| (Field::Start, Why::OnSale { opens_at }));
        on_the_day.into_iter().chain(odd.map(|opens_at| (Field::Unit, Why::WindowAmount { opens_at }))).collect()
    }
}

impl Terms {
    /// What is wrong with them for a kind of this scope; that of a kind that is not there is not looked at.
    fn problems(&self, scope: Option<Scope>) -> Vec<(Field, Why)> {
        let mut found = Vec::new();
        let mut wrong = |is_wrong: bool, at, why| {
            if is_wrong {
                found.push((at, why));
            }
        };
        let Terms { discount, unit, month_limit, holding_cap, validity_years, refund_from, funding } = *self;
        wrong(discount > terms::DISCOUNT_MAX, Field::Discount, Why::OutOfBounds);
        // A step is a whole number of notes.
        let is_unit = (terms::UNIT_MIN..=terms::UNIT_MAX).contains(&unit) && unit.is_multiple_of(terms::UNIT_MIN);
        wrong(!is_unit, Field::Unit, Why::OutOfBounds);
        for (at, amount) in [(Field::MonthLimit, month_limit), (Field::HoldingCap, holding_cap)] {
            let is_in_bounds = !amount.is_zero() && amount <= terms::CAP_MAX;
            wrong(!is_in_bounds, at, Why::OutOfBounds);
            wrong(is_in_bounds && is_unit && !amount.is_multiple_of(unit), at, Why::NotAMultiple { unit });
        }
        wrong(month_limit > holding_cap, Field::MonthLimit, Why::AboveCap { cap: holding_cap });
        let years = terms::VALIDITY_YEARS_MIN..=terms::VALIDITY_YEARS_MAX;
        wrong(!years.contains(&validity_years), Field::Validity, Why::OutOfBounds);
        let shares = terms::REFUND_FROM_MIN..=terms::REFUND_FROM_MAX;
        wrong(!shares.contains(&refund_from), Field::RefundFrom, Why::OutOfBounds);
        let total_bp = funding.total();
        wrong(total_bp != u32::from(discount.0), Field::Funding, Why::NotTheDiscount { total_bp, discount });
        wrong(scope == Some(Scope::Citywide) && funding.district.0 > 0, Field::Funding, Why::NoDistrict);
        found
    }
}
