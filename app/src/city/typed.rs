//! A plan as it stands in the fields of a form, and the way from there and back. What can't be read is refused with its field;
//! what can be read and is wrong is kept, and the page says what to mend.

use domain::calendar::Day;
use domain::plan::{Clock, Feature, Field, Hours, Part, Plan, PlannedWindow, Suspension};
use domain::room::Figures;
use domain::sale::Who;
use domain::{KindId, Won};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

const MINUTE_MS: i64 = 60_000;
const SECOND_MS: i64 = 1_000;
const FAR_MS: i64 = 10 * SECOND_MS;
const NEAR_MS: i64 = 2 * SECOND_MS;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    pub kind: String,
    pub name_ko: String,
    pub name_en: String,
    /// "2022-07-28"
    pub day: String,
    pub windows: Vec<TypedWindow>,
    pub room: Option<String>,
    pub pre_queue_minutes: String,
    pub grace_s: String,
    pub rate_per_s: String,
    pub most_inside: String,
    pub pass_minutes: String,
    pub suspensions: Vec<TypedSuspension>,
}

/// A row without hours and amount is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedWindow {
    pub from: String,
    pub to: String,
    pub who: String,
    pub amount: String,
    pub pools: Option<String>,
}

/// A row without hours is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedSuspension {
    pub feature: String,
    pub from: String,
    pub to: String,
}

pub(super) const WHO: [(Who, &str); 3] = [(Who::Anyone, "anyone"), (Who::OddBirthYears, "odd"), (Who::EvenBirthYears, "even")];

impl Typed {
    pub(super) fn of(plan: &Plan) -> Typed {
        let figures = plan.room.unwrap_or_default();
        Typed {
            kind: plan.kind.to_string(),
            name_ko: plan.name_ko.clone(),
            name_en: plan.name_en.clone(),
            day: plan.day.date().map(|date| date.to_string()).unwrap_or_default(),
            windows: plan.windows.iter().map(TypedWindow::of).collect(),
            room: plan.room.map(|_| "on".to_owned()),
            pre_queue_minutes: (figures.pre_queue_opens_before_ms / MINUTE_MS).to_string(),
            grace_s: (figures.grace_ms / SECOND_MS).to_string(),
            rate_per_s: figures.rate_per_s.to_string(),
            most_inside: figures.most_inside.to_string(),
            pass_minutes: (figures.pass_life_ms / MINUTE_MS).to_string(),
            suspensions: plan.suspensions.iter().map(TypedSuspension::of).collect(),
        }
    }

    /// # Errors
    /// The first field that can't be read.
    pub(super) fn parse(&self) -> Result<Plan, Field> {
        let windows = self.windows.iter().filter(|row| !row.is_empty()).enumerate();
        let suspensions = self.suspensions.iter().filter(|row| !row.is_empty()).enumerate();
        Ok(Plan {
            kind: self.kind.trim().parse::<KindId>().map_err(|_| Field::Kind)?,
            name_ko: self.name_ko.clone(),
            name_en: self.name_en.clone(),
            day: day(&self.day).ok_or(Field::Day)?,
            windows: windows.map(|(at, row)| row.parse(at)).collect::<Result<_, _>>()?,
            room: self.room.is_some().then(|| self.figures().ok_or(Field::Room)).transpose()?,
            suspensions: suspensions.map(|(at, row)| row.parse().ok_or(Field::Suspension(at))).collect::<Result<_, _>>()?,
        })
    }

    /// Renewals follow the grace: three of them fit into it.
    fn figures(&self) -> Option<Figures> {
        let grace_ms = number(&self.grace_s)?.checked_mul(SECOND_MS)?;
        let renew_far_ms = FAR_MS.min(grace_ms / 3);
        Some(Figures {
            pre_queue_opens_before_ms: number(&self.pre_queue_minutes)?.checked_mul(MINUTE_MS)?,
            grace_ms,
            renew_near_ms: NEAR_MS.min(renew_far_ms),
            renew_far_ms,
            rate_per_s: count(&self.rate_per_s)?,
            most_inside: count(&self.most_inside)?,
            pass_life_ms: number(&self.pass_minutes)?.checked_mul(MINUTE_MS)?,
        })
    }
}

impl TypedWindow {
    fn of(window: &PlannedWindow) -> TypedWindow {
        let who = WHO.iter().find(|(who, _)| *who == window.who).map_or("", |(_, code)| code);
        TypedWindow {
            from: window.hours.from.to_string(),
            to: ending(window.hours.to),
            who: who.to_owned(),
            amount: window.amount.to_string(),
            pools: window.pools_left_over.then(|| "on".to_owned()),
        }
    }

    fn is_empty(&self) -> bool {
        [&self.from, &self.to, &self.amount].iter().all(|text| text.trim().is_empty())
    }

    fn parse(&self, at: usize) -> Result<PlannedWindow, Field> {
        let who = WHO.iter().find(|(_, code)| *code == self.who).ok_or(Field::Window(at, Part::Hours))?.0;
        // What pools may leave the amount out.
        let amount = if self.pools.is_some() && self.amount.trim().is_empty() { Some(Won::ZERO) } else { won(&self.amount) };
        Ok(PlannedWindow {
            hours: hours(&self.from, &self.to).ok_or(Field::Window(at, Part::Hours))?,
            who,
            amount: amount.ok_or(Field::Window(at, Part::Amount))?,
            pools_left_over: self.pools.is_some(),
        })
    }
}

impl TypedSuspension {
    fn of(suspension: &Suspension) -> TypedSuspension {
        let Suspension { feature, hours } = suspension;
        TypedSuspension { feature: feature.as_str().to_owned(), from: hours.from.to_string(), to: ending(hours.to) }
    }

    fn is_empty(&self) -> bool {
        self.from.trim().is_empty() && self.to.trim().is_empty()
    }

    fn parse(&self) -> Option<Suspension> {
        Some(Suspension { feature: Feature::parse(&self.feature)?, hours: hours(&self.from, &self.to)? })
    }
}

/// A browser's clock has no 24:00; as an end, 00:00 is the midnight after.
fn hours(from: &str, to: &str) -> Option<Hours> {
    let to = Clock::parse(to)?;
    let to = if to.minutes() == 0 { Clock::at(24, 0) } else { to };
    Some(Hours { from: Clock::parse(from)?, to })
}

fn ending(to: Clock) -> String {
    if to == Clock::at(24, 0) { "00:00".to_owned() } else { to.to_string() }
}

pub(super) fn day(text: &str) -> Option<Day> {
    text.trim().parse::<Date>().ok().map(Day::of_date)
}

/// "12,500,000,000"
pub(super) fn won(text: &str) -> Option<Won> {
    Won::new(number(text)?).ok()
}

fn count(text: &str) -> Option<u32> {
    u32::try_from(number(text)?).ok()
}

/// Digits, with commas and blanks between them.
pub(super) fn number(text: &str) -> Option<i64> {
    let digits: String = text.chars().filter(|c| !matches!(c, ',' | ' ')).collect();
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> Plan {
        Plan::by_parity(KindId(7), ("가".to_owned(), "a".to_owned()), Day(20220728), Won::of(50_000_000_000), Won::of(10_000))
    }

    #[test]
    fn a_form_reads_back_as_the_plan_it_shows() {
        let typed = Typed::of(&plan());
        assert_eq!((typed.windows[2].to.as_str(), typed.windows[0].amount.as_str()), ("00:00", "25,000,000,000"));
        assert_eq!(typed.parse(), Ok(plan()));
        let without = Plan { room: None, windows: Vec::new(), suspensions: Vec::new(), ..plan() };
        assert_eq!(Typed::of(&without).parse(), Ok(without));
    }

    #[test]
    fn rows_left_empty_are_none() {
        let mut typed = Typed::of(&plan());
        typed.windows.insert(1, TypedWindow { who: "odd".to_owned(), ..TypedWindow::default() });
        typed.suspensions.push(TypedSuspension { feature: "gifts".to_owned(), ..TypedSuspension::default() });
        typed.windows[3].amount = String::new();
        assert_eq!(typed.parse(), Ok(plan()));
    }

    #[test]
    #[allow(clippy::type_complexity)]
    fn what_cannot_be_read_is_refused_with_its_field() {
        let table: &[(fn(&mut Typed), Field)] = &[
            (|typed| typed.kind = "x".to_owned(), Field::Kind),
            (|typed| typed.day = "2022-02-30".to_owned(), Field::Day),
            (|typed| typed.windows[1].from = "25:00".to_owned(), Field::Window(1, Part::Hours)),
            (|typed| typed.windows[1].to = String::new(), Field::Window(1, Part::Hours)),
            (|typed| typed.windows[0].who = "everybody".to_owned(), Field::Window(0, Part::Hours)),
            (|typed| typed.windows[0].amount = "-5".to_owned(), Field::Window(0, Part::Amount)),
            (|typed| typed.windows[0].amount = "99999999999999999999".to_owned(), Field::Window(0, Part::Amount)),
            (|typed| typed.rate_per_s = "5000000000".to_owned(), Field::Room),
            (|typed| typed.grace_s = "9223372036854775807".to_owned(), Field::Room),
            (|typed| typed.suspensions[3].feature = "paying".to_owned(), Field::Suspension(3)),
        ];
        for (change, field) in table {
            let mut typed = Typed::of(&plan());
            change(&mut typed);
            assert_eq!(typed.parse(), Err(*field));
        }
    }

    #[test]
    fn renewals_follow_the_grace() {
        for grace in ["6", "10", "30", "600"] {
            let mut typed = Typed::of(&plan());
            typed.grace_s = grace.to_owned();
            let figures = typed.parse().unwrap().room.unwrap();
            assert!(domain::room::Settings::new(figures).is_ok(), "{grace}");
        }
    }
}
