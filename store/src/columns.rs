//! How domain types stand in columns, for both engines.

use domain::kind::{Percent, Scope};
use domain::sale::Who;

/// 0 for citywide, else the district's number.
pub(crate) fn district_code(scope: Scope) -> i64 {
    match scope {
        Scope::Citywide => 0,
        Scope::District(district) => i64::from(district.number()),
    }
}

pub(crate) fn scope_of(code: i64) -> Option<Scope> {
    match code {
        0 => Some(Scope::Citywide),
        code => u8::try_from(code).ok()?.try_into().ok().map(Scope::District),
    }
}

pub(crate) fn percent_of(code: i64) -> Option<Percent> {
    u8::try_from(code).ok()?.try_into().ok()
}

pub(crate) fn who_code(who: Who) -> &'static str {
    match who {
        Who::Anyone => "anyone",
        Who::OddBirthYears => "odd",
        Who::EvenBirthYears => "even",
    }
}

pub(crate) fn who_of(code: &str) -> Option<Who> {
    [Who::Anyone, Who::OddBirthYears, Who::EvenBirthYears].into_iter().find(|who| who_code(*who) == code)
}
