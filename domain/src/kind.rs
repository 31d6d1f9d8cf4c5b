//! Voucher kinds: what a voucher costs, where it is taken, how much of it a person may buy and hold.

use crate::district::District;
use crate::ids::KindId;
use crate::won::Won;
use serde::{Deserialize, Serialize};

/// Hundredths of a per cent: 700 is 7 %.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BasisPoints(pub u16);

/// Where a kind is taken.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Scope {
    /// 광역: in all 25 districts.
    Citywide,
    /// 자치구: in shops of this district only.
    District(District),
}

impl Scope {
    pub fn covers(self, shop: District) -> bool {
        match self {
            Scope::Citywide => true,
            Scope::District(own) => own == shop,
        }
    }
}

/// A voucher kind as it is sold now. A lot keeps the rules it was bought under, so changing a kind touches no lot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kind {
    pub id: KindId,
    pub name_ko: String,
    pub name_en: String,
    pub scope: Scope,
    pub discount: BasisPoints,
    /// Face is bought in multiples of this.
    pub unit: Won,
    /// Face a person may buy in a calendar month, over all channels and sales of the kind.
    pub month_limit: Won,
    /// Face a person may hold at once, open reservations included.
    pub holding_cap: Won,
    pub validity_years: u8,
}

/// What a face amount costs: `paid + fund == face`, always.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    pub face: Won,
    /// What the citizen's bank account is debited.
    pub paid: Won,
    /// What the city's discount fund adds.
    pub fund: Won,
}

impl Price {
    /// The fund's share is rounded down, so the city never pays a won more than the discount.
    pub fn of(face: Won, discount: BasisPoints) -> Price {
        let fund = face.share(i64::from(discount.0.min(10_000)), 10_000).unwrap_or(Won::ZERO);
        Price { face, paid: face.left_after(fund), fund }
    }
}
