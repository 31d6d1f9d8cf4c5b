//! The terms of a kind as they stand in the fields of a form, and the way from there and back. What can't be read is refused with its
//! field; what can be read and is wrong is kept, and the page says what to mend.

use super::typed::{day, number, won};
use crate::words::percent;
use domain::calendar::Day;
use domain::kind::change::{Change, Field, Of, Start};
use domain::kind::funding::Funding;
use domain::kind::terms::Terms;
use domain::kind::{BasisPoints, Percent};
use serde::{Deserialize, Serialize};

/// The value of `start` for a day; any other is at once.
pub(super) const ON_A_DAY: &str = "day";
pub(super) const AT_ONCE: &str = "once";

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedTerms {
    /// Of a new kind only.
    pub name_ko: String,
    pub name_en: String,
    /// "7.5", per cent as all shares.
    pub discount: String,
    pub unit: String,
    pub month_limit: String,
    pub holding_cap: String,
    pub validity_years: String,
    pub refund_from: String,
    pub nation: String,
    pub city: String,
    pub district: String,
    pub start: String,
    /// "2026-08-01"
    pub day: String,
}

impl TypedTerms {
    /// `day` stands there until another is typed.
    pub(super) fn of(terms: &Terms, start: Start, default_day: Day) -> TypedTerms {
        let day = match start {
            Start::On(day) => day,
            Start::AtOnce => default_day,
        };
        let start = if start == Start::AtOnce { AT_ONCE } else { ON_A_DAY };
        TypedTerms {
            name_ko: String::new(),
            name_en: String::new(),
            discount: share(terms.discount),
            unit: terms.unit.to_string(),
            month_limit: terms.month_limit.to_string(),
            holding_cap: terms.holding_cap.to_string(),
            validity_years: terms.validity_years.to_string(),
            refund_from: terms.refund_from.get().to_string(),
            nation: share(terms.funding.nation),
            city: share(terms.funding.city),
            district: share(terms.funding.district),
            start: start.to_owned(),
            day: day.date().map(|date| date.to_string()).unwrap_or_default(),
        }
    }

    pub(super) fn of_change(change: &Change, default_day: Day) -> TypedTerms {
        let typed = TypedTerms::of(&change.terms, change.start, default_day);
        match &change.of {
            Of::Kind(_) => typed,
            Of::New { name_ko, name_en, .. } => TypedTerms { name_ko: name_ko.clone(), name_en: name_en.clone(), ..typed },
        }
    }

    /// A change of the same kind, or of the same district with the typed names.
    ///
    /// # Errors
    /// The first field that can't be read.
    pub(super) fn parse(&self, of: Of) -> Result<Change, Field> {
        let of = match of {
            Of::Kind(kind) => Of::Kind(kind),
            Of::New { district, .. } => Of::New { district, name_ko: self.name_ko.clone(), name_en: self.name_en.clone() },
        };
        let terms = Terms {
            discount: basis_points(&self.discount).ok_or(Field::Discount)?,
            unit: won(&self.unit).ok_or(Field::Unit)?,
            month_limit: won(&self.month_limit).ok_or(Field::MonthLimit)?,
            holding_cap: won(&self.holding_cap).ok_or(Field::HoldingCap)?,
            validity_years: small(&self.validity_years).ok_or(Field::Validity)?,
            refund_from: small(&self.refund_from).and_then(|share| Percent::try_from(share).ok()).ok_or(Field::RefundFrom)?,
            funding: self.funding().ok_or(Field::Funding)?,
        };
        let start = if self.start == ON_A_DAY { Start::On(day(&self.day).ok_or(Field::Start)?) } else { Start::AtOnce };
        Ok(Change { of, terms, start })
    }

    /// A share that is left out is none.
    fn funding(&self) -> Option<Funding> {
        let read = |text: &str| if text.trim().is_empty() { Some(BasisPoints(0)) } else { basis_points(text) };
        Some(Funding { nation: read(&self.nation)?, city: read(&self.city)?, district: read(&self.district)? })
    }
}

/// "7.5"
fn share(points: BasisPoints) -> String {
    percent(points).trim_end_matches('%').to_owned()
}

/// "7", "7.5", "7.25 %"
fn basis_points(text: &str) -> Option<BasisPoints> {
    let text = text.trim().trim_end_matches('%').trim_end();
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let is_part = (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let part: u16 = if is_part { part.parse().ok()? } else { return None };
    let hundredths = if text.split_once('.').is_some_and(|(_, part)| part.len() == 1) { part * 10 } else { part };
    let whole = u16::try_from(number(whole)?).ok()?;
    Some(BasisPoints(whole.checked_mul(100)?.checked_add(hundredths)?))
}

fn small(text: &str) -> Option<u8> {
    u8::try_from(number(text.trim().trim_end_matches('%'))?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::district::District;
    use domain::{KindId, Won};

    const FIRST: Day = Day(20260801);

    fn change() -> Change {
        let terms = Terms { discount: BasisPoints(725), unit: Won::of(5_000), ..Terms::of_a_district() };
        Change { of: Of::Kind(KindId(7)), terms, start: Start::On(Day(20260901)) }
    }

    #[test]
    fn a_form_reads_back_as_the_change_it_shows() {
        let of = || Of::New { district: District::MAPO, name_ko: "가".to_owned(), name_en: "a".to_owned() };
        for change in [change(), Change { start: Start::AtOnce, ..change() }, Change { of: of(), ..change() }] {
            let typed = TypedTerms::of_change(&change, FIRST);
            assert_eq!(typed.parse(change.of.clone()), Ok(change));
        }
        let typed = TypedTerms::of_change(&Change { start: Start::AtOnce, ..change() }, FIRST);
        assert_eq!((typed.discount.as_str(), typed.month_limit.as_str(), typed.day.as_str()), ("7.25", "300,000", "2026-08-01"));
    }

    #[test]
    fn shares_are_read_to_the_hundredth_of_a_per_cent() {
        for (text, points) in [("7", Some(700)), ("7.5", Some(750)), ("7.05 %", Some(705)), (" 0 ", Some(0)), ("655.35", Some(65_535))] {
            assert_eq!(basis_points(text), points.map(BasisPoints), "{text}");
        }
        for text in ["", "x", "7.", ".5", "7.125", "-1", "7.5.1", "655.36", "1e2", "7.+1"] {
            assert_eq!(basis_points(text), None, "{text}");
        }
    }

    #[test]
    #[allow(clippy::type_complexity)]
    fn what_cannot_be_read_is_refused_with_its_field() {
        let table: &[(fn(&mut TypedTerms), Field)] = &[
            (|typed| typed.discount = "ten".to_owned(), Field::Discount),
            (|typed| typed.unit = String::new(), Field::Unit),
            (|typed| typed.month_limit = "-1".to_owned(), Field::MonthLimit),
            (|typed| typed.holding_cap = "1.5".to_owned(), Field::HoldingCap),
            (|typed| typed.validity_years = "256".to_owned(), Field::Validity),
            (|typed| typed.refund_from = "101".to_owned(), Field::RefundFrom),
            (|typed| typed.district = "a".to_owned(), Field::Funding),
            (|typed| typed.day = "2026-02-30".to_owned(), Field::Start),
        ];
        for (spoil, field) in table {
            let mut typed = TypedTerms::of_change(&change(), FIRST);
            spoil(&mut typed);
            assert_eq!(typed.parse(change().of), Err(*field));
        }
        let mut typed = TypedTerms::of_change(&change(), FIRST);
        (typed.start, typed.day, typed.district) = (AT_ONCE.to_owned(), String::new(), String::new());
        let read = typed.parse(change().of).map(|change| (change.start, change.terms.funding.district));
        assert_eq!(read, Ok((Start::AtOnce, BasisPoints(0))), "no day is needed, and a share that is left out is none");
    }
}
