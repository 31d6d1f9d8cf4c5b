//! The terms of a kind: all of it that may change. They are kept version by version; a purchase names the version that it was reserved
//! under, and its lot keeps those terms whatever comes later.

use super::funding::Funding;
use super::{BasisPoints, Kind, Percent};
use crate::won::Won;
use serde::{Deserialize, Serialize};

/// 20 %: what the Ministry of the Interior lets a place sell at after a disaster; elsewhere it is 15 at most (2025).
pub const DISCOUNT_MAX: BasisPoints = BasisPoints(2_000);
/// What is bought in smaller steps than a note is no voucher any more.
pub const UNIT_MIN: Won = Won::of(1_000);
/// Beyond it a month of most kinds would be one or two steps.
pub const UNIT_MAX: Won = Won::of(100_000);
/// The most that the ministry's guidelines ever let a person hold (until 2023; 1,500,000 since).
pub const CAP_MAX: Won = Won::of(2_000_000);
/// Five are usual; what is good for less than a year is hard to spend, and for more than ten nobody keeps books.
pub const VALIDITY_YEARS_MIN: u8 = 1;
pub const VALIDITY_YEARS_MAX: u8 = 10;
/// Ordinances allow 60 to 80 ("Refunds" in the specification).
pub const REFUND_FROM_MIN: Percent = Percent::new(60);
pub const REFUND_FROM_MAX: Percent = Percent::new(80);

/// What a version of a kind says. In a draft it may be wrong.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    pub discount: BasisPoints,
    pub unit: Won,
    pub month_limit: Won,
    pub holding_cap: Won,
    pub validity_years: u8,
    pub refund_from: Percent,
    pub funding: Funding,
}

impl Terms {
    /// Those of a kind as it is now.
    pub fn of(kind: &Kind, funding: Funding) -> Terms {
        Terms {
            discount: kind.discount,
            unit: kind.unit,
            month_limit: kind.month_limit,
            holding_cap: kind.holding_cap,
            validity_years: kind.validity_years,
            refund_from: kind.refund_from,
            funding,
        }
    }

    /// What citizens usually get: 10 % in a district, paid by all three, 300,000 a month, 1,000,000 held, five years, money back from 60 %.
    pub fn of_a_district() -> Terms {
        Terms {
            discount: BasisPoints(1_000),
            unit: Won::of(10_000),
            month_limit: Won::of(300_000),
            holding_cap: Won::of(1_000_000),
            validity_years: 5,
            refund_from: REFUND_FROM_MIN,
            funding: Funding { nation: BasisPoints(200), city: BasisPoints(500), district: BasisPoints(300) },
        }
    }
}
