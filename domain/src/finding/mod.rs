//! Finding shops: 280,000 of them by any part of their name, by what they sell, where they are, and what a voucher is good for.
//!
//! [`fold`] makes names and what people type alike ([`folding`]). An [`Index`] holds the open shops in their order by name: pairs of
//! neighbouring letters lead to the shops that have them, an R-tree to those that lie somewhere. A [`Directory`] is the index with what
//! changed since it was made. [`outline`] knows the districts' borders, [`Trade`] what a shop sells.

mod directory;
pub mod folding;
mod grams;
mod index;
mod map;
pub mod outline;
mod place;
mod sieve;
mod trade;

pub use directory::Directory;
pub use folding::{Folded, fold};
pub use index::{Index, Rank};
pub use map::{OnMap, Spot};
pub use place::{Area, NEAR_M, Place};
pub use trade::Trade;

use crate::calendar::Day;
use crate::district::District;
use crate::ids::MerchantId;
use crate::kind::Scope;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Of what people type.
pub const TEXT_CHARS_MAX: usize = 40;
/// For how many days a payment makes a shop one that was paid lately.
pub const LATELY_DAYS: i64 = 90;

/// An open shop, as far as it is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub id: MerchantId,
    pub name: Folded,
    pub district: District,
    pub trade: Trade,
    /// A shop without is found, but not near anybody and not on the map.
    pub place: Option<Place>,
    /// The last day with a payment.
    pub paid_on: Option<Day>,
}

/// More than [`TEXT_CHARS_MAX`].
#[derive(Copy, Clone, Debug, PartialEq, Eq, Error)]
#[error("more than {TEXT_CHARS_MAX} letters")]
pub struct TooLong;

/// Part of a name, as typed. Where a consonant stands alone (ㅊㅋ), every syllable that begins with it fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needle(Folded);

impl Needle {
    /// `None`: nothing was typed. What has no letter at all (`"?!"`) is found nowhere.
    pub fn parse(typed: &str) -> Result<Option<Needle>, TooLong> {
        let typed = typed.trim();
        if typed.chars().count() > TEXT_CHARS_MAX {
            return Err(TooLong);
        }
        Ok((!typed.is_empty()).then(|| Needle(fold(typed))))
    }

    pub(crate) fn symbols(&self) -> &[u16] {
        self.0.symbols()
    }
}

/// Districts in which at least one of somebody's vouchers is taken.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Usable(u32);

impl Usable {
    pub fn of(scopes: impl IntoIterator<Item = Scope>) -> Usable {
        let bits = |scope| District::all().filter(move |district| Scope::covers(scope, *district)).map(|district| 1 << district.number());
        Usable(scopes.into_iter().flat_map(bits).fold(0, |all, bit: u32| all | bit))
    }

    pub fn in_district(self, district: District) -> bool {
        self.0 & 1 << district.number() != 0
    }
}

/// What is looked for; all of it has to fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    pub name: Option<Needle>,
    pub district: Option<District>,
    pub trade: Option<Trade>,
    /// Only where these are taken.
    pub usable: Option<Usable>,
    /// Only shops that were paid on this day or later.
    pub paid_since: Option<Day>,
}

/// The first of the days that count as lately.
pub fn lately(now: Timestamp) -> Day {
    let today = Day::of(now);
    let first = today.date().and_then(|date| date.checked_sub(LATELY_DAYS.days()).ok());
    first.map_or(today, Day::of_date)
}

/// A shop that was found.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    pub id: MerchantId,
    /// From where somebody looks, when that is known.
    pub distance_m: Option<u32>,
}

/// A page of what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    /// On all pages.
    pub total: usize,
    pub hits: Vec<Hit>,
}
