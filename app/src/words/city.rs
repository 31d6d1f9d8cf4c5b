//! Sentences of the city's console that name a field, a problem, a refusal, a role.

use super::{Lang, amount};
use domain::measures::{LONGEST_EXTENSION_YEARS, MeasureRefused};
use domain::operator::Role;
use domain::partner::PartnerRefused;
use domain::plan::{Feature, Field, Part, PlanRefused, PlanState, Problem, Why};
use domain::room::NotSettings;
use domain::room::admission::Gate;
use domain::sale::Phase;

pub fn role(lang: Lang, role: Role) -> &'static str {
    let t = &lang.words().city;
    match role {
        Role::Planner => t.role_planner,
        Role::Controller => t.role_controller,
        Role::Auditor => t.role_auditor,
    }
}

pub fn feature(lang: Lang, feature: Feature) -> &'static str {
    let t = &lang.words().city;
    match feature {
        Feature::SignUp => t.feature_sign_up,
        Feature::ShopFinder => t.feature_finder,
        Feature::Gifts => t.feature_gifts,
    }
}

pub fn plan_state(lang: Lang, state: PlanState) -> &'static str {
    let t = &lang.words().city;
    match state {
        PlanState::Draft => t.state_draft,
        PlanState::Released => t.state_released,
        PlanState::Cancelled => t.state_cancelled,
    }
}

/// What a room does now: nobody is let in outside the window, whatever its gate says.
pub fn gate(lang: Lang, gate: Gate, phase: Phase) -> &'static str {
    let t = &lang.words().city;
    match (phase, gate) {
        (Phase::Closed { .. }, _) => t.gate_after,
        (_, Gate::Paused) => t.gate_paused,
        (_, Gate::Draining) => t.gate_draining,
        (Phase::Before { .. }, Gate::Open) => t.gate_before,
        (Phase::Open { .. }, Gate::Open) => t.gate_open,
    }
}

/// "2번째 판매 시간, 금액 (원)"
pub fn plan_field(lang: Lang, field: Field) -> String {
    let t = &lang.words().city;
    match field {
        Field::Kind => t.kind.to_owned(),
        Field::NameKo => t.name_ko.to_owned(),
        Field::NameEn => t.name_en.to_owned(),
        Field::Day => t.day.to_owned(),
        Field::Windows => t.windows.to_owned(),
        Field::Window(at, Part::Hours) => t.window(at + 1),
        Field::Window(at, Part::Amount) => format!("{}, {}", t.window(at + 1), t.amount),
        Field::Room => t.room.to_owned(),
        Field::Suspensions => t.suspensions.to_owned(),
        Field::Suspension(at) => t.suspension(at + 1),
    }
}

/// "2번째 판매 시간: 1번째와 겹쳐요"
pub fn plan_problem(lang: Lang, problem: &Problem) -> String {
    let t = &lang.words().city;
    let why = match problem.why {
        Why::Missing => t.why_missing.to_owned(),
        Why::TooLong => t.why_too_long.to_owned(),
        Why::TooMany => t.why_too_many.to_owned(),
        Why::Empty => t.why_empty.to_owned(),
        Why::Past => t.why_past.to_owned(),
        Why::NoSuchDay => t.why_no_such_day.to_owned(),
        Why::KindChanges => lang.words().kinds.why_kind_changes.to_owned(),
        Why::Overlaps(other) => t.why_overlaps(other + 1),
        Why::NotPositive => t.why_not_positive.to_owned(),
        Why::NotAMultiple { unit } => t.why_not_a_multiple(&amount(lang, unit)),
        Why::TooMuch => t.why_too_much.to_owned(),
        Why::NothingToPool => t.why_nothing_to_pool.to_owned(),
        Why::Room(why) => not_settings(lang, why).to_owned(),
    };
    format!("{}: {why}", plan_field(lang, problem.at))
}

fn not_settings(lang: Lang, why: NotSettings) -> &'static str {
    let t = &lang.words().city;
    match why {
        NotSettings::PreQueue => t.why_pre_queue,
        NotSettings::Grace => t.why_grace,
        NotSettings::Renewals => t.why_renewals,
        NotSettings::Rate => t.why_rate,
        NotSettings::MostInside => t.why_most_inside,
        NotSettings::PassLife => t.why_pass_life,
    }
}

/// Why nothing was done, and what can be.
pub fn plan_refused(lang: Lang, refused: &PlanRefused) -> String {
    let t = &lang.words().city;
    let says = match refused {
        PlanRefused::NotYourRole(needed) => return t.not_your_role(role(lang, *needed)),
        PlanRefused::NoSettings(why) => return format!("{}: {}", t.room, not_settings(lang, *why)),
        PlanRefused::NoSuchPlan => lang.words().trouble.not_found,
        PlanRefused::OwnPlan => t.own_plan,
        PlanRefused::Changed => t.changed,
        PlanRefused::In(PlanState::Draft) => t.is_draft,
        PlanRefused::In(PlanState::Released) => t.is_released,
        PlanRefused::In(PlanState::Cancelled) => t.is_cancelled,
        PlanRefused::NotReady(_) => t.not_ready,
        PlanRefused::HasBegun => t.has_begun,
        PlanRefused::NoSuchRoom => t.no_room,
    };
    says.to_owned()
}

/// Why vouchers get no more time, and what can be done.
pub fn measure_refused(lang: Lang, refused: MeasureRefused) -> String {
    let t = &lang.words().expiry;
    let says = match refused {
        MeasureRefused::NotYourRole(needed) => return lang.words().city.not_your_role(role(lang, needed)),
        MeasureRefused::NoReason => lang.words().shops.no_reason,
        MeasureRefused::Nothing => t.refused_nothing,
        MeasureRefused::NotLater => t.refused_not_later,
        MeasureRefused::TooLong => return t.refused_too_long(&LONGEST_EXTENSION_YEARS.to_string()),
    };
    says.to_owned()
}

/// Why nothing was changed about a partner, and what can be done.
pub fn partner_refused(lang: Lang, refused: &PartnerRefused) -> String {
    let t = &lang.words().partners;
    let says = match refused {
        PartnerRefused::NotYourRole(needed) => return lang.words().city.not_your_role(role(lang, *needed)),
        PartnerRefused::NoSuchPartner => t.no_such,
        PartnerRefused::NameTaken => t.name_taken,
        PartnerRefused::NoSuchKey => t.no_such_key,
        PartnerRefused::KeyOver => t.key_over,
        PartnerRefused::BadEndpoint => t.bad_endpoint,
        PartnerRefused::NoEndpoint => t.has_no_endpoint,
        PartnerRefused::NoSuchWindow => t.no_such_window,
        PartnerRefused::HasBegun => t.has_begun,
        PartnerRefused::CapTooLow => t.cap_too_low,
        PartnerRefused::BadAmount => t.bad_amount,
    };
    says.to_owned()
}
