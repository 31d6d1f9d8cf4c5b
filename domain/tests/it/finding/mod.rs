//! Finding shops: what a name is, who is found in which order, and where.

mod directory;
mod names;
mod places;

use domain::MerchantId;
use domain::calendar::Day;
use domain::district::District;
use domain::finding::{Directory, Entry, Hits, Needle, Place, Trade, Wish, fold};
use proptest::prelude::*;

/// Shops with these names and the ids 1, 2, 3, ..
fn shops(names: &[&str]) -> Vec<Entry> {
    (1..).zip(names).map(|(id, name)| shop(id, name)).collect()
}

fn shop(id: i64, name: &str) -> Entry {
    Entry {
        id: MerchantId(id),
        name: fold(name),
        district: District::MAPO,
        trade: Trade::Meals,
        place: Place::from_degrees(37.556, 126.905),
        paid_on: None,
    }
}

fn named(typed: &str) -> Wish {
    Wish { name: Needle::parse(typed).unwrap(), ..Wish::default() }
}

fn ids(hits: &Hits) -> Vec<i64> {
    hits.hits.iter().map(|hit| hit.id.0).collect()
}

/// All that fit, in their order.
fn found(directory: &Directory, wish: &Wish) -> Vec<i64> {
    let hits = directory.search(wish, None, 0, 1_000);
    assert_eq!(hits.total, hits.hits.len());
    ids(&hits)
}

/// Names as shops have them, and odd ones.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[가-깋나-닣바차-칳카-킿ㄱㅊㅋ ]{1,6}",
        "[가나다치킨커피]{1,8}( [치킨집점A-Ca-c1-3]{1,4}){0,2}",
        "[A-Za-zé0-9 &()ㅋ나]{1,10}",
        "\\PC{0,6}",
    ]
}

fn entry() -> impl Strategy<Value = Entry> {
    let place = prop::option::of((37_500_000..37_620_000, 126_900_000..127_080_000));
    let paid = prop::option::of(prop::sample::select(vec![20_260_101, 20_260_601, 20_260_714]));
    (1..60i64, name(), 1..=25u8, 0..10usize, place, paid).prop_map(|(id, name, district, trade, place, paid)| Entry {
        id: MerchantId(id),
        name: fold(&name),
        district: District::new(district).unwrap(),
        trade: Trade::ALL[trade],
        place: place.map(|(lat_e6, lon_e6)| Place { lat_e6, lon_e6 }),
        paid_on: paid.map(Day),
    })
}

/// Some, each id once.
fn entries() -> impl Strategy<Value = Vec<Entry>> {
    prop::collection::vec(entry(), 0..40).prop_map(|mut entries| {
        entries.sort_by_key(|entry| entry.id);
        entries.dedup_by_key(|entry| entry.id);
        entries
    })
}
