use super::crowd::crowd;
use super::{FOUR_HOURS_MS, at, place};
use domain::Won;
use domain::room::admission::Gate;
use domain::room::outlook::{Chance, Facts, Outlook, Purchases, Wait, beyond, outlook};
use domain::room::{Admission, Crowd, Settings};
use domain::sale::Pool;
use proptest::prelude::*;

const UNIT: Won = Won::of(10_000);

fn pool(left: i64, held: i64) -> Pool {
    Pool { total: Won::of(left + held + 500_000), held: Won::of(held), sold: Won::of(500_000) }
}

/// Places 1 to 1,000 with everybody there; 100 were called, 200 a second come in, each buys 200,000.
struct Case {
    admission: Admission,
    crowd: Crowd,
    pool: Pool,
    average: Option<Won>,
    came: Option<u32>,
    inside: u32,
    now_ms: i64,
}

fn case() -> Case {
    let admission = Admission { serving: 100, ..Admission::new(&Settings::default(), at(0)) };
    let average = Some(Won::of(200_000));
    Case { admission, crowd: crowd(1..=1_000), pool: pool(1_000_000_000, 0), average, came: None, inside: 50, now_ms: 0 }
}

impl Case {
    fn tell(&self, number: u32) -> Outlook {
        let facts = Facts {
            admission: &self.admission,
            crowd: &self.crowd,
            pool: &self.pool,
            purchase: Purchases { smallest: UNIT, largest: Won::of(400_000), average: self.average },
            inside: self.inside,
            came_in_last_minute: self.came,
            pass_life_ms: 300_000,
            closes_at: at(FOUR_HOURS_MS),
        };
        outlook(&facts, place(number), at(self.now_ms))
    }
}

#[test]
fn people_ahead_are_those_who_are_there() {
    assert_eq!([case().tell(100).ahead, case().tell(101).ahead, case().tell(1_001).ahead], [0, 0, 900]);
    let half_gone = Case { crowd: crowd((1..=1_000).step_by(2)), ..case() };
    assert_eq!(half_gone.tell(1_001).ahead, 450);
}

#[test]
fn the_wait_is_a_range_between_the_rate_and_the_pace() {
    let between = |from_ms, to_ms| Wait::Between { from_ms, to_ms };
    assert_eq!(case().tell(100).wait, Wait::Called);
    assert_eq!(case().tell(101).wait, between(4, 7));
    assert_eq!(case().tell(1_000).wait, between(3_600, 6_750));
    assert_eq!(Case { came: Some(1_200), ..case() }.tell(1_000).wait, between(3_600, 67_500));
    assert_eq!(Case { came: Some(99_999), ..case() }.tell(1_000).wait, between(3_600, 6_750));
    assert_eq!(Case { came: Some(0), ..case() }.tell(101).wait, between(4, 90_000));
    // Nobody comes in before somebody comes out, at the latest when the passes expire.
    assert_eq!(Case { inside: 10_000, ..case() }.tell(101).wait, between(4, 300_000));
    let few = Admission { most_inside: 100, ..case().admission };
    assert_eq!(Case { inside: 100, admission: few, ..case() }.tell(1_000).wait, between(3_600, 9 * 300_000));
    assert_eq!(Case { inside: 100, admission: few, came: Some(1_200), ..case() }.tell(1_000).wait, between(3_600, 67_500));
    assert_eq!(Case { inside: 100, admission: few, came: Some(0), ..case() }.tell(1_000).wait, between(3_600, 9 * 300_000));
    for gate in [Gate::Paused, Gate::Draining] {
        let admission = Admission { gate, ..case().admission };
        assert_eq!(Case { admission, ..case() }.tell(1_000).wait, Wait::Standing);
        assert_eq!(Case { admission, ..case() }.tell(100).wait, Wait::Called);
    }
}

#[test]
fn a_turn_after_closing_time_is_said_to_be_unlikely() {
    for (before_closing_ms, chance) in [(60_000, Chance::Likely), (5_000, Chance::Unsure), (1_000, Chance::Unlikely)] {
        let now_ms = FOUR_HOURS_MS - before_closing_ms;
        assert_eq!(Case { now_ms, ..case() }.tell(1_000).in_time, chance, "{before_closing_ms} ms before");
    }
}

/// 899 ahead and 50 inside: enough is for 950.
#[test]
fn stock_is_foretold_with_its_figures() {
    let average = Some(Won::of(200_000));
    for (left, held, average, chance, at_least, at_most) in [
        (950 * 240_000, 0, average, Chance::Likely, 950, 1_425),
        (949 * 240_000, 0, average, Chance::Unsure, 949, 1_423),
        (950 * 160_000, 0, average, Chance::Unsure, 633, 950),
        (950 * 160_000 - 1, 0, average, Chance::Unlikely, 633, 949),
        (0, 950 * 160_000, average, Chance::Unsure, 0, 950),
        (950 * 400_000, 0, None, Chance::Likely, 950, 38_000),
        (950 * 10_000, 0, None, Chance::Unsure, 23, 950),
        (949 * 10_000, 0, None, Chance::Unlikely, 23, 949),
        (0, 0, average, Chance::Unlikely, 0, 0),
        (950 * 10_000, 0, Some(UNIT), Chance::Unsure, 791, 950),
    ] {
        let stock = Case { pool: pool(left, held), average, ..case() }.tell(1_000).stock;
        assert_eq!((stock.lasts, stock.enough_for_at_least, stock.enough_for_at_most), (chance, at_least, at_most), "{left} and {held}");
        assert_eq!((stock.left, stock.held), (Won::of(left), Won::of(held)));
    }
}

#[test]
fn what_a_page_gets_survives_json() {
    let told = case().tell(1_000);
    assert_eq!(serde_json::from_str::<Outlook>(&serde_json::to_string(&told).unwrap()).unwrap(), told);
}

#[test]
fn beyond_is_where_even_the_smallest_purchases_use_up_what_is_left() {
    let (everybody, every_second) = (crowd(1..=1_000), crowd((2..=1_000).step_by(2)));
    for (crowd, serving, left, held, first) in [
        (&everybody, 0, 0, 0, Some(1)),
        (&everybody, 100, 9_999, 0, Some(101)),
        (&everybody, 100, 10_000, 0, Some(102)),
        (&everybody, 100, 50_000, 0, Some(106)),
        (&everybody, 100, 20_000, 30_000, Some(106)),
        (&everybody, 100, 5_000, 5_000, Some(102)),
        (&everybody, 0, 10_000_000, 0, Some(1_001)),
        (&everybody, 1, 10_000_000, 0, None),
        (&every_second, 100, 50_000, 0, Some(111)),
        (&every_second, 101, 50_000, 0, Some(111)),
        (&every_second, 0, 5_010_000, 0, None),
        (&Crowd::EMPTY, 5, 10_000, 0, None),
        (&Crowd::EMPTY, 5, 0, 0, Some(6)),
    ] {
        let found = beyond(crowd, serving, &pool(left, held), UNIT);
        assert_eq!(found.map(|place| place.get()), first, "{serving}, {left} and {held}");
    }
    assert_eq!(beyond(&everybody, 0, &pool(0, 0), Won::ZERO), None, "nothing can be used up by nothing");
}

proptest! {
    /// The model: what is held comes back, those inside go without buying, and one after the other everybody who is there buys one
    /// unit. Whoever gets one then must not have been turned away, and whoever was not gets one.
    #[test]
    fn nobody_is_turned_away_who_could_still_get_one(
        places in prop::collection::btree_set(1u32..300, 0..200), serving in 0u32..350, left in 0i64..2_000_000, held in 0i64..500_000,
    ) {
        let first_refused = beyond(&crowd(places.iter().copied()), serving, &pool(left, held), UNIT);
        let mut stock = left + held;
        for number in places.iter().filter(|number| **number > serving) {
            let gets_one = stock >= UNIT.get();
            if gets_one {
                stock -= UNIT.get();
            }
            let turned_away = first_refused.is_some_and(|first| *number >= first.get());
            prop_assert_eq!(turned_away, !gets_one, "place {}", number);
        }
    }

    #[test]
    fn no_figures_panic(
        left in 0..=Won::MAX.get() / 2 - 500_000,
        held in 0..=Won::MAX.get() / 2,
        average in prop::option::of(0..=Won::MAX.get()),
        number in 1u32..=16_000_000,
        came: Option<u32>,
        rate: u32,
    ) {
        let admission = Admission { rate_per_s: rate, ..case().admission };
        let case = Case { admission, pool: pool(left, held), average: average.map(Won::of), came, ..case() };
        let told = case.tell(number);
        if let Wait::Between { from_ms, to_ms } = told.wait {
            prop_assert!(0 <= from_ms && from_ms <= to_ms);
        }
        prop_assert!(told.stock.enough_for_at_least <= told.stock.enough_for_at_most);
    }
}
