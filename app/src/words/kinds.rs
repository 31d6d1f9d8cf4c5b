//! Sentences about voucher kinds and what changes them: a field, a problem, a refusal, who pays.

use super::{Lang, amount, date, percent, time_of_day};
use domain::Timestamp;
use domain::kind::BasisPoints;
use domain::kind::change::{ChangeRefused, ChangeState, Field, Problem, Why};
use domain::kind::funding::{Funder, Funding};

pub fn change_state(lang: Lang, state: ChangeState) -> &'static str {
    let t = &lang.words().kinds;
    match state {
        ChangeState::Draft => t.state_draft,
        ChangeState::Released => t.state_released,
        ChangeState::Applied => t.state_applied,
        ChangeState::Cancelled => t.state_cancelled,
    }
}

pub fn funder(lang: Lang, funder: Funder) -> &'static str {
    let t = &lang.words().kinds;
    match funder {
        Funder::Nation => t.nation,
        Funder::City => t.city,
        Funder::District => t.district,
    }
}

/// Whoever pays something: "국비 2% · 시비 5% · 구비 3%".
pub fn funding(lang: Lang, funding: Funding) -> String {
    let paying = Funder::ALL.into_iter().filter(|of| funding.share(*of) > BasisPoints(0));
    let parts: Vec<String> = paying.map(|of| format!("{} {}", funder(lang, of), percent(funding.share(of)))).collect();
    if parts.is_empty() { "-".to_owned() } else { parts.join(" · ") }
}

pub fn change_field(lang: Lang, field: Field) -> &'static str {
    let (t, city) = (&lang.words().kinds, &lang.words().city);
    match field {
        Field::Kind => t.column_kind,
        Field::District => t.column_scope,
        Field::NameKo => city.name_ko,
        Field::NameEn => city.name_en,
        Field::Discount => t.column_discount,
        Field::Unit => t.column_unit,
        Field::MonthLimit => t.column_month,
        Field::HoldingCap => t.column_cap,
        Field::Validity => t.column_validity,
        Field::RefundFrom => t.column_refund,
        Field::Funding => t.column_funding,
        Field::Start => t.start,
    }
}

/// "월 구매 한도: 보유 한도 100만 원보다 클 수 없어요"
pub fn change_problem(lang: Lang, problem: &Problem) -> String {
    let t = &lang.words().kinds;
    let why = match problem.why {
        Why::Missing => t.why_missing.to_owned(),
        Why::TooLong => t.why_too_long.to_owned(),
        Why::OutOfBounds => out_of_bounds(lang, problem.at).to_owned(),
        Why::NotAMultiple { unit } => t.why_not_a_multiple(&amount(lang, unit)),
        Why::AboveCap { cap } => t.why_above_cap(&amount(lang, cap)),
        Why::NotTheDiscount { total_bp, discount } => {
            // Three shares may add up to more than a share can be.
            let total = percent(BasisPoints(u16::try_from(total_bp).unwrap_or(u16::MAX)));
            t.why_not_the_discount(&total, &percent(discount))
        }
        Why::NoDistrict => t.why_no_district.to_owned(),
        Why::Taken => t.why_taken.to_owned(),
        Why::Waits { from } => t.why_waits(&when(lang, from)),
        Why::Same => t.why_same.to_owned(),
        Why::NotToCome => t.why_not_to_come.to_owned(),
        Why::NoSuchDay => t.why_no_such_day.to_owned(),
        Why::OnSale { opens_at } => t.why_on_sale(&when(lang, opens_at)),
        Why::WindowAmount { opens_at } => t.why_window_amount(&when(lang, opens_at)),
    };
    format!("{}: {why}", change_field(lang, problem.at))
}

/// The bounds of `domain::kind::terms`.
fn out_of_bounds(lang: Lang, field: Field) -> &'static str {
    let t = &lang.words().kinds;
    match field {
        Field::Discount => t.why_discount,
        Field::Unit => t.why_unit,
        Field::Validity => t.why_validity,
        Field::RefundFrom => t.why_refund,
        _ => t.why_amount,
    }
}

fn when(lang: Lang, at: Timestamp) -> String {
    format!("{} {}", date(lang, at), time_of_day(lang, at))
}

/// Why nothing was done, and what can be.
pub fn change_refused(lang: Lang, refused: &ChangeRefused) -> String {
    let t = &lang.words().kinds;
    let says = match refused {
        ChangeRefused::NotYourRole(needed) => return lang.words().city.not_your_role(super::role(lang, *needed)),
        ChangeRefused::NoSuchChange => lang.words().trouble.not_found,
        ChangeRefused::OwnChange => t.own_change,
        ChangeRefused::Changed => t.changed,
        ChangeRefused::In(ChangeState::Draft) => t.is_draft,
        ChangeRefused::In(ChangeState::Released) => t.is_released,
        ChangeRefused::In(ChangeState::Applied) => t.is_applied,
        ChangeRefused::In(ChangeState::Cancelled) => t.is_cancelled,
        ChangeRefused::NotReady(_) => t.not_ready,
        ChangeRefused::TooLate => t.too_late,
        ChangeRefused::PlannedOn => t.planned_on,
    };
    says.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Won;
    use domain::kind::terms::{self, Terms};

    #[test]
    fn who_pays_is_said_with_the_shares() {
        assert_eq!(funding(Lang::Ko, Terms::of_a_district().funding), "국비 2% · 시비 5% · 구비 3%");
        assert_eq!(funding(Lang::En, Funding::by_city(BasisPoints(700))), "City 7%");
        assert_eq!(funding(Lang::Ko, Funding::by_city(BasisPoints(0))), "-");
    }

    #[test]
    fn a_problem_names_its_field_and_its_bounds() {
        let said = |at, why| change_problem(Lang::Ko, &Problem { at, why });
        assert_eq!(said(Field::Discount, Why::OutOfBounds), format!("할인: 0%에서 {}% 사이여야 해요", terms::DISCOUNT_MAX.0 / 100));
        assert_eq!(said(Field::MonthLimit, Why::AboveCap { cap: Won::of(1_000_000) }), "월 구매 한도: 보유 한도 100만 원보다 클 수 없어요");
        let why = Why::NotTheDiscount { total_bp: 900, discount: BasisPoints(1_000) };
        assert_eq!(said(Field::Funding, why), "할인 재원: 더하면 9%예요. 할인 10%와 같아야 해요");
        let opens_at = "2026-07-16T10:00:00+09:00".parse().unwrap_or_default();
        assert!(said(Field::Start, Why::OnSale { opens_at }).contains("오전 10시"));
        // What the words say is what the rules hold.
        let (least, most) = (terms::REFUND_FROM_MIN.get(), terms::REFUND_FROM_MAX.get());
        assert!(said(Field::RefundFrom, Why::OutOfBounds).contains(&format!("{least}%에서 {most}%")));
        let (least, most) = (terms::VALIDITY_YEARS_MIN, terms::VALIDITY_YEARS_MAX);
        assert!(said(Field::Validity, Why::OutOfBounds).contains(&format!("{least}년에서 {most}년")));
        assert!(said(Field::HoldingCap, Why::OutOfBounds).contains(&amount(Lang::Ko, terms::CAP_MAX)));
        assert!(said(Field::Unit, Why::OutOfBounds).contains(&amount(Lang::Ko, terms::UNIT_MAX)));
    }
}
