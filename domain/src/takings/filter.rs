//! Which of a shop's payments are looked for. What was typed is parsed once, here; a link into the list is made from the same type.

use super::range::{DayRange, Preset, RangeError, iso};
use crate::ids::KindId;
use crate::merchant::Role;
use crate::paying::Code;
use crate::won::Won;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

/// Whoever names no days is shown so many, up to today.
const DAYS_SHOWN: i64 = 30;

/// What is left of a payment.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kept {
    /// Nothing was cancelled.
    Whole,
    Part,
    Nothing,
}

impl Kept {
    pub const ALL: [Kept; 3] = [Kept::Whole, Kept::Part, Kept::Nothing];

    pub fn of(amount: Won, cancelled: Won) -> Kept {
        match cancelled {
            Won::ZERO => Kept::Whole,
            cancelled if cancelled >= amount => Kept::Nothing,
            _ => Kept::Part,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Kept::Whole => "paid",
            Kept::Part => "part",
            Kept::Nothing => "cancelled",
        }
    }
}

/// Which states are looked for.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Wanted {
    Is(Kept),
    /// Something was cancelled, or all of it.
    Cancelled,
}

impl Wanted {
    pub const ALL: [Wanted; 4] = [Wanted::Is(Kept::Whole), Wanted::Cancelled, Wanted::Is(Kept::Part), Wanted::Is(Kept::Nothing)];

    pub fn as_str(self) -> &'static str {
        match self {
            Wanted::Is(kept) => kept.as_str(),
            Wanted::Cancelled => "any-cancelled",
        }
    }

    pub fn parse(text: &str) -> Option<Wanted> {
        Wanted::ALL.into_iter().find(|wanted| wanted.as_str() == text)
    }
}

/// What somebody types into one box: four digits may be a code or an amount, other digits are an amount.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Search {
    pub code: Option<Code>,
    pub amount: Won,
}

impl Search {
    /// Separators and a won sign are overlooked: "32,000원".
    pub fn parse(text: &str) -> Option<Search> {
        let digits: String = text.trim().chars().filter(|c| !matches!(c, ',' | '원' | '₩' | ' ')).collect();
        if digits.is_empty() || digits.len() > 15 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let number: i64 = digits.parse().ok()?;
        let is_code = digits.len() == 4 && text.trim().len() == 4;
        Some(Search { code: if is_code { Code::new(number) } else { None }, amount: Won::new(number).ok()? })
    }
}

/// Which payments. What is `None` is not asked about.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PaymentFilter {
    pub days: DayRange,
    /// Of the day in Seoul, 0 to 23.
    pub hour: Option<u8>,
    /// Drew on this kind.
    pub kind: Option<KindId>,
    pub least: Option<Won>,
    pub most: Option<Won>,
    pub wanted: Option<Wanted>,
    pub search: Option<Search>,
}

/// As it was typed, or stood in a link. What is empty was not asked about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    pub from: String,
    pub to: String,
    pub hour: String,
    pub kind: String,
    pub least: String,
    pub most: String,
    pub state: String,
    pub search: String,
}

/// The field that can't be taken.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum FilterError {
    #[error("days: {0}")]
    Days(#[from] RangeError),
    #[error("hour")]
    Hour,
    #[error("kind")]
    Kind,
    #[error("amount")]
    Amount,
    #[error("state")]
    State,
    #[error("search")]
    Search,
    /// A cashier sees today's payments.
    #[error("not this day")]
    OnlyToday,
}

impl PaymentFilter {
    pub fn of_days(days: DayRange) -> PaymentFilter {
        PaymentFilter { days, hour: None, kind: None, least: None, most: None, wanted: None, search: None }
    }

    /// What `role` may look for. Without days a cashier is shown today's, others the last thirty days'.
    pub fn parse(typed: &Typed, role: Role, now: Timestamp) -> Result<PaymentFilter, FilterError> {
        let today = Preset::Today.range(now);
        let days = match (typed.from.trim(), typed.to.trim()) {
            ("", "") if role == Role::Cashier => today,
            ("", "") => lately(today),
            (from, "") => DayRange::parse(from, &iso(today.to()))?,
            ("", to) => DayRange::parse(to, to)?,
            (from, to) => DayRange::parse(from, to)?,
        };
        if role == Role::Cashier && days != today {
            return Err(FilterError::OnlyToday);
        }
        let filter = PaymentFilter {
            days,
            hour: given(&typed.hour, |text| text.parse().ok().filter(|hour| *hour < 24)).map_err(|()| FilterError::Hour)?,
            kind: given(&typed.kind, |text| text.parse().ok()).map_err(|()| FilterError::Kind)?,
            least: given(&typed.least, amount).map_err(|()| FilterError::Amount)?,
            most: given(&typed.most, amount).map_err(|()| FilterError::Amount)?,
            wanted: given(&typed.state, Wanted::parse).map_err(|()| FilterError::State)?,
            search: given(&typed.search, Search::parse).map_err(|()| FilterError::Search)?,
        };
        match (filter.least, filter.most) {
            (Some(least), Some(most)) if least > most => Err(FilterError::Amount),
            _ => Ok(filter),
        }
    }

    /// After the `?` of a link. Only digits, letters and dashes: nothing to escape, nothing personal.
    pub fn query(&self) -> String {
        let mut query = format!("from={}&to={}", iso(self.days.from()), iso(self.days.to()));
        let mut add = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                query.push_str(&format!("&{name}={value}"));
            }
        };
        add("hour", self.hour.map(|hour| hour.to_string()));
        add("kind", self.kind.map(|kind| kind.to_string()));
        add("least", self.least.map(|won| won.get().to_string()));
        add("most", self.most.map(|won| won.get().to_string()));
        add("state", self.wanted.map(|wanted| wanted.as_str().to_owned()));
        add("search", self.search.map(|search| search.code.map_or_else(|| search.amount.get().to_string(), |code| code.to_string())));
        query
    }
}

fn lately(today: DayRange) -> DayRange {
    let from = today.to().date().and_then(|date| date.checked_sub((DAYS_SHOWN - 1).days()).ok());
    from.and_then(|from| DayRange::new(crate::calendar::Day::of_date(from), today.to()).ok()).unwrap_or(today)
}

/// `Ok(None)` when nothing was typed.
fn given<T>(text: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, ()> {
    match text.trim() {
        "" => Ok(None),
        text => parse(text).map(Some).ok_or(()),
    }
}

fn amount(text: &str) -> Option<Won> {
    Search::parse(text).map(|search| search.amount)
}
