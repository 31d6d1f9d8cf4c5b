//! What people ask: a mix that a number makes, the same in every run.

use domain::MerchantId;
use domain::Timestamp;
use domain::district::District;
use domain::finding::{Area, Needle, Place, Spot, Trade, Usable, Wish, lately, outline};
use domain::kind::Scope;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use store::Finder;

pub const KINDS: [&str; 12] = [
    "a name",
    "a part of a name",
    "one syllable",
    "Latin letters",
    "initials, two or three",
    "one initial",
    "mixed with initials",
    "district and trade",
    "name, mine and lately",
    "near me",
    "near me, by name",
    "a map",
];

const NAMES: [&str; 12] = [
    "행복한 치킨",
    "달빛나무 카페",
    "모퉁이분식",
    "소문난 갈비",
    "우리약국",
    "한강 베이커리",
    "골목책방",
    "햇살꽃집",
    "은하수 미용실",
    "남산 국수",
    "엄마 반찬",
    "첫눈 세탁소",
];
const PARTS: [&str; 12] = ["치킨", "카페", "분식", "나무", "약국", "베이커", "책방", "꽃집", "호점", "고양이", "마라", "토끼"];
const SYLLABLES: [&str; 10] = ["집", "나", "커", "한", "김", "점", "우", "빵", "밥", "달"];
const LATIN: [&str; 6] = ["cafe", "SEOUL", "moon", "hair", "blue", "cof"];
const INITIALS: [&str; 10] = ["ㅊㅋ", "ㅋㅍ", "ㅂㅅ", "ㅇㄱ", "ㅅㅁㄴ", "ㅁㅌㅇ", "ㄱㅅ", "ㅎㄱ", "ㄷㅂ", "ㄴㅁ"];
const ONE_INITIAL: [&str; 5] = ["ㅊ", "ㄱ", "ㅅ", "ㅇ", "ㅎ"];
const MIXED: [&str; 6] = ["ㅊ킨", "치ㅋ", "카ㅍ", "ㅅ문난", "모ㅌ이", "한ㄱ"];

#[derive(Debug)]
pub enum Question {
    List { typed: Option<&'static str>, wish: Box<Wish>, near: Option<Place>, skip: usize },
    Map { wish: Box<Wish>, area: Area },
}

impl Question {
    pub fn of(kind: &str, number: u64) -> Question {
        let mut random = StdRng::seed_from_u64(number);
        let mut typed = None;
        let mut wish = Wish::default();
        let mut pick = |random: &mut StdRng, from: &'static [&'static str]| typed = from.choose(random).copied();
        let district = District::new(random.random_range(1..=25)).unwrap_or(District::MAPO);
        let here = outline::somewhere_in(district, || random.random());
        let mut near = None;
        match kind {
            "a name" => pick(&mut random, &NAMES),
            "a part of a name" => pick(&mut random, &PARTS),
            "one syllable" => pick(&mut random, &SYLLABLES),
            "Latin letters" => pick(&mut random, &LATIN),
            "initials, two or three" => pick(&mut random, &INITIALS),
            "one initial" => pick(&mut random, &ONE_INITIAL),
            "mixed with initials" => pick(&mut random, &MIXED),
            "district and trade" => {
                wish.district = Some(district);
                wish.trade = Trade::ALL.choose(&mut random).copied();
            }
            "name, mine and lately" => {
                pick(&mut random, &PARTS);
                wish.usable = Some(Usable::of([Scope::District(district)]));
                wish.paid_since = Some(lately(Timestamp::now()));
            }
            "near me" => near = Some(here),
            "near me, by name" => {
                near = Some(here);
                let from: &[&str] = if random.random_bool(0.5) { &PARTS } else { &INITIALS };
                pick(&mut random, from);
            }
            _ => {
                if random.random_bool(0.5) {
                    pick(&mut random, &PARTS);
                }
                wish.name = typed.and_then(|typed| Needle::parse(typed).ok().flatten());
                return Question::Map { wish: Box::new(wish), area: area(&mut random, here) };
            }
        }
        wish.name = typed.and_then(|typed| Needle::parse(typed).ok().flatten());
        let skip = if random.random_bool(0.8) { 0 } else { 20 * random.random_range(1..10) };
        Question::List { typed, wish: Box::new(wish), near, skip }
    }

    /// How many fit, and the shops whose rows are shown.
    pub fn ask(&self, finder: &Finder) -> Option<(usize, Vec<MerchantId>)> {
        match self {
            Question::List { wish, near, skip, .. } => {
                let hits = finder.search(wish, *near, *skip, 20)?;
                Some((hits.total, hits.hits.iter().map(|hit| hit.id).collect()))
            }
            Question::Map { wish, area } => {
                let on_map = finder.on_map(wish, *area)?;
                let shop = |spot: &Spot| match spot {
                    Spot::Shop { id, .. } => Some(*id),
                    Spot::Shops { .. } => None,
                };
                Some((on_map.total, on_map.spots.iter().filter_map(shop).collect()))
            }
        }
    }
}

/// As phones show it: from the whole city down to some streets.
fn area(random: &mut StdRng, middle: Place) -> Area {
    let (lat, lon) =
        [(250_000, 230_000), (60_000, 60_000), (15_000, 15_000), (3_000, 3_000)].choose(random).copied().unwrap_or((60_000, 60_000));
    let south_west = Place { lat_e6: middle.lat_e6 - lat, lon_e6: middle.lon_e6 - lon };
    let north_east = Place { lat_e6: middle.lat_e6 + lat, lon_e6: middle.lon_e6 + lon };
    Area::new(south_west, north_east).unwrap_or(Area::CITY)
}
