//! What a map shows: shops one by one while they are few, else how many there are about where.

use super::place::Place;
use crate::ids::MerchantId;
use serde::{Deserialize, Serialize};

/// As many shops as are shown one by one.
const SHOPS_MAX: usize = 80;
/// Into how many fields the longer side is divided, at least; and fewer than twice as many.
const FIELDS: f32 = 6.0;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Spot {
    Shop {
        id: MerchantId,
        place: Place,
    },
    /// In the middle of so many.
    Shops {
        count: usize,
        place: Place,
    },
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnMap {
    pub total: usize,
    pub spots: Vec<Spot>,
}

/// Counts shops by fields of a grid that is the same wherever the map is moved to, so that clusters don't jump.
pub(super) struct Gathering {
    /// One through the side of a field, which is a power of two: nothing is rounded.
    fields_a_m: f32,
    /// The field in the south-west, counted from City Hall.
    first: [i32; 2],
    columns: usize,
    fields: Vec<Field>,
    total: usize,
    shops: Vec<(MerchantId, [f32; 2])>,
}

#[derive(Copy, Clone, Default)]
struct Field {
    count: usize,
    sum: [f64; 2],
    /// The only one, while there is only one.
    shop: Option<MerchantId>,
}

impl Gathering {
    pub(super) fn new(least: [f32; 2], most: [f32; 2]) -> Gathering {
        let longer = (most[0] - least[0]).max(most[1] - least[1]).max(1.0);
        let field_m = (longer / FIELDS).log2().floor().exp2();
        let [first, last] = [least, most].map(|corner| corner.map(|metres| floor(metres / field_m)));
        let side = |axis: usize| usize::try_from(last[axis] - first[axis] + 1).unwrap_or(1);
        Gathering {
            fields_a_m: field_m.recip(),
            first,
            columns: side(0),
            fields: vec![Field::default(); side(0) * side(1)],
            total: 0,
            shops: Vec::with_capacity(SHOPS_MAX),
        }
    }

    /// One that lies within the corners.
    pub(super) fn add(&mut self, id: MerchantId, metres: [f32; 2]) {
        self.total += 1;
        if self.shops.len() < SHOPS_MAX {
            self.shops.push((id, metres));
        }
        let [column, row] = [0, 1].map(|axis| (floor(metres[axis] * self.fields_a_m) - self.first[axis]).max(0) as usize);
        if let Some(field) = self.fields.get_mut(row * self.columns + column) {
            field.shop = (field.count == 0).then_some(id);
            field.count += 1;
            field.sum = [field.sum[0] + f64::from(metres[0]), field.sum[1] + f64::from(metres[1])];
        }
    }

    pub(super) fn done(self) -> OnMap {
        let spots = if self.total <= SHOPS_MAX {
            self.shops.into_iter().map(|(id, metres)| Spot::Shop { id, place: Place::from_metres(metres) }).collect()
        } else {
            self.fields.iter().filter(|field| field.count > 0).map(Field::spot).collect()
        };
        OnMap { total: self.total, spots }
    }
}

/// The whole number below; the usual one is a call into the system's library on most machines, for each shop of the city.
fn floor(number: f32) -> i32 {
    let whole = number as i32;
    whole - i32::from(whole as f32 > number)
}

impl Field {
    fn spot(&self) -> Spot {
        let place = Place::from_metres(self.sum.map(|sum| (sum / self.count as f64) as f32));
        match self.shop {
            Some(id) => Spot::Shop { id, place },
            None => Spot::Shops { count: self.count, place },
        }
    }
}
