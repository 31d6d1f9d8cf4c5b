//! The invariants, by what they are about. The chart of accounts and the states are written here a second time, on purpose:
//!
//! | account | owner | |
//! |---|---|---|
//! | 1010 | 0 | bank clearing |
//! | 2010 | lot | what is left of it |
//! | 2020 | shop | what it is owed |
//! | 2030 | 0 | debits that came after the void |
//! | 2040 | shop | what it was settled and the bank has not paid yet |
//! | 2050 | gift | what was given and waits for an answer |
//! | 4010 | 0 | fees |
//! | 4020 | kind | breakage: what lots still had when their time was over |
//! | 5010 | kind | the city's discount fund |
//!
//! Debits are positive, credits negative. A purchase holds pool and limits while `reserved` or `unknown`; it counts as
//! bought then and once it is `posted`.

mod buying;
mod channels;
mod city;
mod expiring;
mod gifting;
mod kinds;
mod ledger;
mod limits;
mod notices;
mod outside;
mod paying;
mod refunding;
mod settling;
mod takings;
mod waiting;

use crate::rule::Rule;

/// The first day of a month as days since 1970, by whole-number arithmetic that both engines do alike. `$months`: SQL for
/// the months since March of year 0 (years then end with February, so the leap day comes last).
#[rustfmt::skip]
macro_rules! first_day_sql {
    ($months:expr) => {
        concat!(
            "(365 * (", $months, " / 12) + ", $months, " / 48 - ", $months, " / 1200 + ", $months, " / 4800 + (153 * (", $months,
            " % 12) + 2) / 5 - 719468)"
        )
    };
}

/// Months since March of year 0 of a month written `yyyymm`.
macro_rules! months_sql {
    ($yyyymm:expr) => {
        concat!("(", $yyyymm, " / 100 * 12 + ", $yyyymm, " % 100 - 3)")
    };
}

/// A day written `yyyymmdd` as days since 1970: the same arithmetic. (Macros that build on each other can't be imported by name.)
#[rustfmt::skip]
macro_rules! number_sql {
    ($day:expr) => {
        concat!(
            "(365 * ((", $day, " / 10000 * 12 + ", $day, " / 100 % 100 - 3) / 12) + (",
            $day, " / 10000 * 12 + ", $day, " / 100 % 100 - 3) / 48 - (",
            $day, " / 10000 * 12 + ", $day, " / 100 % 100 - 3) / 1200 + (",
            $day, " / 10000 * 12 + ", $day, " / 100 % 100 - 3) / 4800 + (153 * ((",
            $day, " / 10000 * 12 + ", $day, " / 100 % 100 - 3) % 12) + 2) / 5 - 719468 + ", $day, " % 100 - 1)"
        )
    };
}
pub(crate) use {first_day_sql, months_sql, number_sql};

/// Every rule, in the order of the report.
pub(crate) fn all() -> impl Iterator<Item = &'static Rule> {
    let selling = [ledger::RULES, buying::RULES, limits::RULES, channels::RULES, refunding::RULES, expiring::RULES, gifting::RULES];
    let shops = [paying::RULES, notices::RULES, takings::RULES, settling::RULES];
    let rest = [outside::RULES, waiting::RULES, city::RULES, kinds::RULES];
    selling.into_iter().chain(shops).chain(rest).flatten()
}
