//! Places on the ground, and how far they are from each other.

use serde::{Deserialize, Serialize};

/// How far "near me" reaches: three kilometres, forty minutes on foot.
pub const NEAR_M: u32 = 3_000;

/// City Hall: metres are counted from here.
const ORIGIN: Place = Place { lat_e6: 37_566_500, lon_e6: 126_978_000 };
/// Of the mean earth, over 360.
const DEGREE_M: f64 = 111_195.08;
/// A degree of longitude in Seoul, in degrees of latitude. At the city's northern and southern ends it errs by 0.2 %.
const LON_IN_LAT: f64 = 0.792_7;

/// WGS84, in millionths of a degree.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    pub lat_e6: i32,
    pub lon_e6: i32,
}

impl Place {
    /// `None` for what is no place on earth.
    pub fn from_degrees(lat: f64, lon: f64) -> Option<Place> {
        let is_one = lat.is_finite() && lon.is_finite() && lat.abs() <= 90.0 && lon.abs() <= 180.0;
        is_one.then(|| Place { lat_e6: millionths(lat), lon_e6: millionths(lon) })
    }

    pub fn lat(self) -> f64 {
        f64::from(self.lat_e6) / 1e6
    }

    pub fn lon(self) -> f64 {
        f64::from(self.lon_e6) / 1e6
    }

    /// About a hundred metres coarse: enough to find what is near, too little to say which house somebody is in.
    pub fn blurred(self) -> Place {
        let blur = |e6: i32| (f64::from(e6) / 1e3).round() as i32 * 1_000;
        Place { lat_e6: blur(self.lat_e6), lon_e6: blur(self.lon_e6) }
    }

    /// Metres to the east and to the north of City Hall.
    pub(super) fn metres(self) -> [f32; 2] {
        let east = (self.lon() - ORIGIN.lon()) * DEGREE_M * LON_IN_LAT;
        let north = (self.lat() - ORIGIN.lat()) * DEGREE_M;
        // Within the city that is exact to some millimetres.
        [east as f32, north as f32]
    }

    pub(super) fn from_metres([east, north]: [f32; 2]) -> Place {
        let lat = ORIGIN.lat() + f64::from(north) / DEGREE_M;
        let lon = ORIGIN.lon() + f64::from(east) / (DEGREE_M * LON_IN_LAT);
        Place { lat_e6: millionths(lat), lon_e6: millionths(lon) }
    }

    /// Good within the city.
    pub fn distance_m(self, other: Place) -> u32 {
        let ([east, north], [other_east, other_north]) = (self.metres(), other.metres());
        (east - other_east).hypot(north - other_north).round() as u32
    }
}

fn millionths(degrees: f64) -> i32 {
    // Degrees are below 180, so that this stays far below the largest.
    (degrees * 1e6).round() as i32
}

/// A part of a map, its sides along the compass.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Area {
    south_west: Place,
    north_east: Place,
}

impl Area {
    /// The city and a little around it. No shop lies outside.
    pub const CITY: Area = Area {
        south_west: Place { lat_e6: 37_400_000, lon_e6: 126_740_000 },
        north_east: Place { lat_e6: 37_720_000, lon_e6: 127_200_000 },
    };

    /// `None` when it is the wrong way round.
    pub fn new(south_west: Place, north_east: Place) -> Option<Area> {
        let is_one = south_west.lat_e6 <= north_east.lat_e6 && south_west.lon_e6 <= north_east.lon_e6;
        is_one.then_some(Area { south_west, north_east })
    }

    pub fn contains(self, place: Place) -> bool {
        (self.south_west.lat_e6..=self.north_east.lat_e6).contains(&place.lat_e6)
            && (self.south_west.lon_e6..=self.north_east.lon_e6).contains(&place.lon_e6)
    }

    /// What of it lies in the city.
    pub(super) fn in_city(self) -> Option<Area> {
        let (one, other) = (self, Area::CITY);
        let south_west = Place {
            lat_e6: one.south_west.lat_e6.max(other.south_west.lat_e6),
            lon_e6: one.south_west.lon_e6.max(other.south_west.lon_e6),
        };
        let north_east = Place {
            lat_e6: one.north_east.lat_e6.min(other.north_east.lat_e6),
            lon_e6: one.north_east.lon_e6.min(other.north_east.lon_e6),
        };
        Area::new(south_west, north_east)
    }

    /// Its corners in the south-west and the north-east.
    pub(super) fn metres(self) -> ([f32; 2], [f32; 2]) {
        (self.south_west.metres(), self.north_east.metres())
    }
}
