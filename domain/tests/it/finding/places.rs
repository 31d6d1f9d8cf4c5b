use super::{entries, found, shop};
use domain::calendar::Day;
use domain::district::District;
use domain::finding::{Area, Directory, Entry, NEAR_M, Needle, Place, Spot, Trade, Usable, Wish, lately, outline};
use domain::kind::Scope;
use domain::{MerchantId, Timestamp};
use proptest::prelude::*;

fn place(lat: f64, lon: f64) -> Place {
    Place::from_degrees(lat, lon).unwrap()
}

/// Places of some, at distances that are known from a map.
const CITY_HALL: (f64, f64) = (37.5665, 126.978);

#[test]
fn distances_are_those_on_the_ground() {
    let hall = place(CITY_HALL.0, CITY_HALL.1);
    for (lat, lon, metres) in [(37.5665, 126.978, 0), (37.5796, 126.977, 1_459), (37.5512, 126.9882, 1_924), (37.4979, 127.0276, 8_807)] {
        let distance = hall.distance_m(place(lat, lon));
        assert!(distance.abs_diff(metres) <= 20, "{lat} {lon}: {distance}");
    }
    assert_eq!(Place::from_degrees(f64::NAN, 127.0), None);
    assert_eq!(Place::from_degrees(91.0, 127.0), None);
    assert_eq!(place(37.566512, 126.978499).blurred(), place(37.567, 126.978));
}

#[test]
fn near_me_is_by_distance_and_ends() {
    let at = |id, lat| Entry { place: Some(place(lat, 126.978)), ..shop(id, "치킨") };
    let nowhere = Entry { place: None, ..shop(9, "치킨") };
    let directory = Directory::of(vec![at(1, 37.58), at(2, 37.567), at(3, 37.5), at(4, 37.56), nowhere]);
    for name in [None, Needle::parse("ㅊㅋ").unwrap()] {
        let wish = Wish { name, ..Wish::default() };
        let near = directory.search(&wish, Some(place(CITY_HALL.0, CITY_HALL.1)), 0, 10);
        let near: Vec<_> = near.hits.iter().map(|hit| (hit.id.0, hit.distance_m.unwrap())).collect();
        assert_eq!(near, [(2, 55), (4, 722), (1, 1_501)]);
        assert_eq!(found(&directory, &wish), [1, 2, 3, 4, 9]);
    }
}

#[test]
fn every_district_knows_its_own_places() {
    let known =
        [(1, 37.5759, 126.9768), (14, 37.5563, 126.9236), (23, 37.5113, 127.0592), (24, 37.5125, 127.1025), (25, 37.5301, 127.1238)];
    for (number, lat, lon) in known {
        for district in District::all() {
            assert_eq!(outline::contains(district, place(lat, lon)), district.number() == number, "{lat} {lon} in {}", district.en());
        }
    }
    for outside in [place(37.2636, 127.0286), place(37.4563, 126.7052), place(0.0, 0.0)] {
        assert!(!District::all().any(|district| outline::contains(district, outside)));
    }
    for district in District::all() {
        let mut number = 0.0;
        let mut next = || {
            number = (number + 0.381_966) % 1.0;
            number
        };
        for _ in 0..20 {
            let somewhere = outline::somewhere_in(district, &mut next);
            assert!(outline::contains(district, somewhere) && Area::CITY.contains(somewhere));
        }
    }
}

#[test]
fn vouchers_are_usable_where_their_scope_says() {
    let usable = Usable::of([Scope::District(District::MAPO)]);
    assert!(usable.in_district(District::MAPO) && !usable.in_district(District::GANGNAM));
    assert!(District::all().all(|district| Usable::of([Scope::Citywide]).in_district(district)));
    assert!(!District::all().any(|district| Usable::of([]).in_district(district)));
}

#[test]
fn lately_begins_ninety_days_ago_in_seoul() {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    assert_eq!(lately(at("2026-11-23T00:00:00+09:00")), Day(20_260_825));
    assert_eq!(lately(at("2026-11-22T23:59:59+09:00")), Day(20_260_824));
}

#[test]
fn a_map_shows_few_one_by_one_and_many_together() {
    let row = |count: i32| {
        (1..=count)
            .map(|id| Entry { place: Some(Place { lat_e6: 37_560_000 + id, lon_e6: 126_950_000 + id }), ..shop(i64::from(id), "가") })
    };
    let all = Area::new(place(37.4, 126.8), place(37.7, 127.1)).unwrap();
    let few = Directory::of(row(80).collect()).on_map(&Wish::default(), all);
    assert_eq!((few.total, few.spots.len()), (80, 80));
    assert!(few.spots.iter().all(|spot| matches!(spot, Spot::Shop { .. })));
    let alone = Entry { place: Some(place(37.66, 127.05)), ..shop(500, "나") };
    let many = Directory::of(row(81).chain([alone]).collect()).on_map(&Wish::default(), all);
    assert_eq!(many.total, 82);
    assert!(many.spots.contains(&Spot::Shops { count: 81, place: Place { lat_e6: 37_560_041, lon_e6: 126_950_041 } }), "{many:?}");
    assert!(many.spots.contains(&Spot::Shop { id: MerchantId(500), place: place(37.66, 127.05) }), "{many:?}");
    assert_eq!(many.spots.len(), 2);
    let abroad = Area::new(place(10.0, 10.0), place(11.0, 11.0)).unwrap();
    assert_eq!(Directory::of(row(3).collect()).on_map(&Wish::default(), abroad).total, 0);
    assert_eq!(Area::new(place(11.0, 10.0), place(10.0, 11.0)), None);
}

fn wish() -> impl Strategy<Value = Wish> {
    let days = prop::sample::select(vec![None, Some(Day(20_260_601)), Some(Day(20_260_714))]);
    let district = prop::option::of(1..=25u8);
    let usable = prop::option::of(prop::collection::vec(1..=25u8, 0..6));
    let name = prop::sample::select(vec![None, Some("가"), Some("ㄱ"), Some("ㅊㅋ")]);
    (name, district, prop::option::of(0..3usize), usable, days).prop_map(|(name, district, trade, usable, paid_since)| Wish {
        name: name.and_then(|typed| Needle::parse(typed).unwrap()),
        district: district.map(|number| District::new(number).unwrap()),
        trade: trade.map(|at| Trade::ALL[at]),
        usable: usable.map(|numbers| Usable::of(numbers.into_iter().map(|number| Scope::District(District::new(number).unwrap())))),
        paid_since,
    })
}

/// But for the name.
fn fits(wish: &Wish, entry: &Entry) -> bool {
    wish.district.is_none_or(|district| district == entry.district)
        && wish.trade.is_none_or(|trade| trade == entry.trade)
        && wish.usable.is_none_or(|usable| usable.in_district(entry.district))
        && wish.paid_since.is_none_or(|day| entry.paid_on.is_some_and(|paid| paid >= day))
}

proptest! {
    #[test]
    fn filters_near_me_and_the_map_agree_with_walking(entries in entries(), wish in wish(), here in (37_500_000..37_620_000, 126_900_000..127_080_000), size in (1..120_000, 1..180_000)) {
        let directory = Directory::of(entries.clone());
        let without_name = Wish { name: None, ..wish.clone() };
        let by_name = found(&directory, &Wish { name: wish.name.clone(), ..Wish::default() });
        let mut expected: Vec<i64> = entries.iter().filter(|entry| fits(&wish, entry) && by_name.contains(&entry.id.0)).map(|entry| entry.id.0).collect();
        let mut got = found(&directory, &wish);
        got.sort_unstable();
        expected.sort_unstable();
        prop_assert_eq!(&got, &expected);

        let here = Place { lat_e6: here.0, lon_e6: here.1 };
        let near = directory.search(&without_name, Some(here), 0, 100);
        let distances: Vec<u32> = near.hits.iter().map(|hit| hit.distance_m.unwrap()).collect();
        prop_assert!(distances.is_sorted() && distances.iter().all(|distance| *distance <= NEAR_M));
        // A metre at the edge may go either way.
        let within = |metres: u32| entries.iter().filter(|entry| fits(&wish, entry) && entry.place.is_some_and(|place| here.distance_m(place) < metres)).count();
        prop_assert!((within(NEAR_M - 1)..=within(NEAR_M + 2)).contains(&near.total));

        let far = Place { lat_e6: here.lat_e6 + size.0, lon_e6: here.lon_e6 + size.1 };
        let on_map = directory.on_map(&wish, Area::new(here, far).unwrap());
        let shown: usize = on_map.spots.iter().map(|spot| match spot { Spot::Shop { .. } => 1, Spot::Shops { count, .. } => *count }).sum();
        prop_assert_eq!(shown, on_map.total);
        // Sides are exact to a tenth of a metre.
        let inside = |grown: i32| {
            let (least, most) = (Place { lat_e6: here.lat_e6 - grown, lon_e6: here.lon_e6 - grown }, Place { lat_e6: far.lat_e6 + grown, lon_e6: far.lon_e6 + grown });
            Area::new(least, most).map_or(0, |area| entries.iter().filter(|entry| expected.contains(&entry.id.0) && entry.place.is_some_and(|place| area.contains(place))).count())
        };
        prop_assert!((inside(-1)..=inside(1)).contains(&on_map.total));
    }
}
