//! What is asked of a shop besides its name, in sixteen bytes a shop.

use super::place::{NEAR_M, Place};
use super::{Entry, Wish};
use crate::district::District;

/// What is asked of each shop that might be one.
#[derive(Copy, Clone, Debug)]
pub(super) struct Facts {
    /// Not a number without a place: then it is near nothing.
    pub(super) metres: [f32; 2],
    /// As in [`Day`]; zero for never.
    pub(super) paid_on: i32,
    pub(super) district: u8,
    pub(super) trade: u8,
    pub(super) is_open: bool,
}

impl Facts {
    pub(super) fn of(entry: &Entry) -> Facts {
        Facts {
            metres: entry.place.map_or([f32::NAN; 2], Place::metres),
            paid_on: entry.paid_on.map_or(0, |day| day.0),
            district: entry.district.number(),
            trade: entry.trade as u8,
            is_open: true,
        }
    }

    /// The same but for what may change at any time: whether it is open, and when it was paid last.
    pub(super) fn are_of(&self, entry: &Entry) -> bool {
        let other = Facts::of(entry);
        let place = |facts: &Facts| facts.metres.map(f32::to_bits);
        (self.district, self.trade, place(self)) == (other.district, other.trade, place(&other))
    }
}

/// Where it is looked for.
#[derive(Copy, Clone, Debug)]
pub(super) enum Where {
    Anywhere,
    /// Not farther than [`NEAR_M`].
    Near([f32; 2]),
    /// Between these corners.
    Within([f32; 2], [f32; 2]),
}

impl Where {
    pub(super) fn near(place: Option<Place>) -> Where {
        place.map_or(Where::Anywhere, |place| Where::Near(place.metres()))
    }

    /// How far it is, when it is not too far.
    pub(super) fn reaches(self, [east, north]: [f32; 2]) -> Option<f32> {
        match self {
            Where::Anywhere => Some(0.0),
            Where::Near([x, y]) => {
                let (east, north) = (east - x, north - y);
                let squared = east * east + north * north;
                (squared <= (NEAR_M * NEAR_M) as f32).then(|| squared.sqrt())
            }
            Where::Within([west, south], [most_east, most_north]) => {
                ((west..=most_east).contains(&east) && (south..=most_north).contains(&north)).then_some(0.0)
            }
        }
    }
}

/// All of a wish but the name, quick to ask.
pub(super) struct Sieve {
    /// A bit for each district.
    districts: u32,
    trade: Option<u8>,
    paid_since: i32,
}

impl Sieve {
    pub(super) fn of(wish: &Wish) -> Sieve {
        let fits = |district: &District| {
            wish.district.is_none_or(|wanted| wanted == *district) && wish.usable.is_none_or(|usable| usable.in_district(*district))
        };
        Sieve {
            districts: District::all().filter(fits).fold(0, |bits, district| bits | 1 << district.number()),
            trade: wish.trade.map(|trade| trade as u8),
            paid_since: wish.paid_since.map_or(0, |day| day.0),
        }
    }

    pub(super) fn takes(&self, facts: &Facts) -> bool {
        facts.is_open
            && self.districts & 1 << facts.district != 0
            && self.trade.is_none_or(|trade| trade == facts.trade)
            && facts.paid_on >= self.paid_since
    }
}
