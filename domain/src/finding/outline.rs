//! Where the districts lie. The outlines (`public/map/districts.json`, drawn on the map too) are made by `xtask/map`, which names their source.

use super::place::Place;
use crate::district::District;
use std::sync::LazyLock;

/// Of each district, in their order: latitude and longitude of corner after corner.
static OUTLINES: LazyLock<Vec<Vec<f64>>> = LazyLock::new(|| {
    let text = include_str!("../../../public/map/districts.json");
    serde_json::from_str(text).expect("it is committed, and a test reads it")
});

fn corners(district: District) -> impl Iterator<Item = (f64, f64)> + Clone {
    let outline = OUTLINES.get(usize::from(district.number()) - 1).map_or(&[][..], Vec::as_slice);
    outline.chunks_exact(2).map(|corner| (corner[0], corner[1]))
}

/// Does a place lie in a district? Along its border that is exact to about 60 m.
pub fn contains(district: District, place: Place) -> bool {
    let (lat, lon) = (place.lat(), place.lon());
    let sides = corners(district).zip(corners(district).cycle().skip(1));
    // A line to the east leaves the district once more often than it enters it.
    let crosses = |((lat_a, lon_a), (lat_b, lon_b)): &((f64, f64), (f64, f64))| {
        (*lat_a > lat) != (*lat_b > lat) && lon < (lon_b - lon_a) * (lat - lat_a) / (lat_b - lat_a) + lon_a
    };
    sides.filter(crosses).count() % 2 == 1
}

/// Any place in a district. `random` gives numbers from 0 to 1.
pub fn somewhere_in(district: District, mut random: impl FnMut() -> f64) -> Place {
    // A third of the frame and more is inside.
    const TRIES: usize = 1_000;
    let (mut least, mut most) = ((90.0_f64, 180.0_f64), (-90.0_f64, -180.0_f64));
    for (lat, lon) in corners(district) {
        least = (least.0.min(lat), least.1.min(lon));
        most = (most.0.max(lat), most.1.max(lon));
    }
    let mut anywhere = || Place::from_degrees(least.0 + (most.0 - least.0) * random(), least.1 + (most.1 - least.1) * random());
    let inside = (0..TRIES).find_map(|_| anywhere().filter(|place| contains(district, *place)));
    // Only when all random numbers are the same.
    inside.or_else(|| Place::from_degrees((least.0 + most.0) / 2.0, (least.1 + most.1) / 2.0)).expect("outlines lie on earth")
}

/// May a shop of this district say that it is there? Outlines and phones err by some sixty metres each.
pub fn may_hold(district: District, place: Place) -> bool {
    const MARGIN_E6: i32 = 1_200;
    let moved = |north: i32, east: i32| Place { lat_e6: place.lat_e6 + north * MARGIN_E6, lon_e6: place.lon_e6 + east * MARGIN_E6 };
    (-1..=1).any(|north| (-1..=1).any(|east| contains(district, moved(north, east))))
}
