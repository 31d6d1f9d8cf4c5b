//! Who pays the discount of a kind: nation (국비), city (시비) and district (구비), each a share of the face. Together they are the discount.

use super::BasisPoints;
use crate::won::Won;
use serde::{Deserialize, Serialize};

#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Funder {
    Nation,
    City,
    District,
}

impl Funder {
    pub const ALL: [Funder; 3] = [Funder::Nation, Funder::City, Funder::District];
}

/// Of the face, as the discount is: 200, 500 and 300 for a discount of 10 %.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Funding {
    pub nation: BasisPoints,
    pub city: BasisPoints,
    pub district: BasisPoints,
}

impl Funding {
    /// The city pays all of it.
    pub const fn by_city(discount: BasisPoints) -> Funding {
        Funding { nation: BasisPoints(0), city: discount, district: BasisPoints(0) }
    }

    pub fn share(self, funder: Funder) -> BasisPoints {
        match funder {
            Funder::Nation => self.nation,
            Funder::City => self.city,
            Funder::District => self.district,
        }
    }

    /// In basis points; more than a discount can be while it is a draft.
    pub fn total(self) -> u32 {
        Funder::ALL.iter().map(|funder| u32::from(self.share(*funder).0)).sum()
    }

    /// What each bears of `amount`, in the order of [`Funder::ALL`]. The parts add up to the won: each is rounded down, and what is left
    /// goes won by won to those who lost most by it, the first of equals first. Who has no share bears nothing; where nobody has one, the
    /// city bears all.
    pub fn split(self, amount: Won) -> [Won; 3] {
        let total = i64::from(self.total());
        if total == 0 {
            return [Won::ZERO, amount, Won::ZERO];
        }
        let share = |funder: Funder| i64::from(self.share(funder).0);
        let mut parts = Funder::ALL.map(|funder| amount.share(share(funder), total).unwrap_or(Won::ZERO));
        let lost = Funder::ALL.map(|funder| i128::from(amount.get()) * i128::from(share(funder)) % i128::from(total));
        let mut first = [0, 1, 2];
        first.sort_by_key(|&at| std::cmp::Reverse(lost[at]));
        let given = parts.iter().map(|part| part.get()).sum::<i64>();
        // Less than a won is lost a funder, so at most two are left.
        for at in first.into_iter().take(usize::try_from(amount.get() - given).unwrap_or(0)) {
            parts[at] = parts[at].plus(Won::of(1)).unwrap_or(parts[at]);
        }
        parts
    }
}
