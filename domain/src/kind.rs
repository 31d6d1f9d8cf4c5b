//! Voucher kinds: what a voucher costs, where it is taken, how much of it a person may buy and hold.

pub mod change;
pub mod funding;
pub mod terms;

use crate::district::District;
use crate::ids::KindId;
use crate::won::Won;
use serde::{Deserialize, Serialize};

/// Hundredths of a per cent: 700 is 7 %.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BasisPoints(pub u16);

/// Whole per cent, 0 to 100.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Percent(u8);

/// Above 100.
#[derive(Copy, Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not a share in per cent")]
pub struct NotPercent(pub u8);

impl Percent {
    /// For shares written in the code.
    pub const fn new(percent: u8) -> Percent {
        assert!(percent <= 100);
        Percent(percent)
    }

    pub fn get(self) -> u8 {
        self.0
    }

    /// The least that is no less than this share of `whole`.
    pub fn of(self, whole: Won) -> Won {
        whole.left_after(whole.share(i64::from(100 - self.0), 100).unwrap_or(Won::ZERO))
    }
}

impl TryFrom<u8> for Percent {
    type Error = NotPercent;
    fn try_from(percent: u8) -> Result<Percent, NotPercent> {
        if percent <= 100 { Ok(Percent(percent)) } else { Err(NotPercent(percent)) }
    }
}

impl From<Percent> for u8 {
    fn from(percent: Percent) -> u8 {
        percent.0
    }
}

/// What comes back as money for a lot whose time is over (Fair Trade Commission's model terms: 90 % of a voucher of up to 50,000 won, 95 % of a
/// larger one). The face of the lot says which.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AfterExpiry {
    /// The largest face that counts as small.
    pub small_upto: Won,
    pub small: Percent,
    pub large: Percent,
}

impl AfterExpiry {
    /// As the model terms have it.
    pub const MODEL_TERMS: AfterExpiry = AfterExpiry { small_upto: Won::of(50_000), small: Percent::new(90), large: Percent::new(95) };

    /// The share for a lot of this face.
    pub fn share(&self, face: Won) -> Percent {
        if face <= self.small_upto { self.small } else { self.large }
    }
}

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
    /// From which share of a lot on, once it is spent, the rest may come back as money. Ordinances allow 60 to 80.
    pub refund_from: Percent,
    pub after_expiry: AfterExpiry,
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
