use super::{at, place};
use domain::room::draw::{Drawn, Seed};
use domain::room::{Pseudonym, Seat, Seats};
use proptest::prelude::*;

#[test]
fn a_fresh_node_takes_everybody_as_seen_at_its_start() {
    let seats = Seats::new(at(60_000));
    assert_eq!(seats.at(place(5)), Seat::Waits { seen_at: at(60_000) });
    assert_eq!(seats.crowd(at(0), at(120_000)).count(), 0);
    assert_eq!(seats.bytes(), 0);
}

#[test]
fn who_was_seen_lately_is_there() {
    let mut seats = Seats::new(at(0));
    for (number, ms) in [(1, 1_000), (2, 2_000), (40_000, 3_999)] {
        assert_eq!(seats.see(place(number), at(ms)), Seat::Waits { seen_at: at(ms / 1_000 * 1_000) });
    }
    let there = |since, now| seats.crowd(at(since), at(now)).count();
    assert_eq!([there(0, 4_000), there(2_000, 4_000), there(2_999, 4_000), there(4_000, 4_000), there(0, 1_000)], [3, 2, 2, 0, 1]);
}

#[test]
fn a_pass_is_given_once_and_the_same_again() {
    let mut seats = Seats::new(at(0));
    seats.see(place(7), at(1_000));
    assert_eq!(seats.come_in(place(7), at(2_500)), Seat::CameIn { at: at(2_000) });
    assert_eq!(seats.come_in(place(7), at(9_000)), Seat::CameIn { at: at(2_000) });
    assert_eq!(seats.see(place(7), at(9_000)), Seat::CameIn { at: at(2_000) });
    assert_eq!((seats.came_in_of(6), seats.came_in_of(7)), (0, 1));
    assert_eq!(seats.crowd(at(0), at(9_000)).count(), 0);
    seats.leave(place(7));
    assert_eq!(seats.came_in_of(7), 1);
    assert_eq!(seats.see(place(7), at(9_500)), Seat::Left);
    assert_eq!(seats.come_in(place(7), at(9_500)), Seat::Left);
}

#[test]
fn a_clock_put_back_makes_nobody_wait_twice_as_long() {
    let mut seats = Seats::new(at(0));
    seats.see(place(1), at(3_600_000));
    assert_eq!(seats.crowd(at(0), at(10_000)).count(), 0);
    seats.see(place(1), at(10_000));
    assert_eq!(seats.crowd(at(0), at(10_000)).count(), 1);
    assert_eq!(seats.see(place(2), at(-3_600_000)), Seat::Waits { seen_at: at(0) });
}

#[test]
fn a_person_takes_at_most_twenty_four_bytes() {
    let people = 200_000u32;
    let list = (0..people).map(|number| Pseudonym((u128::from(number) << 64).to_be_bytes())).collect();
    let drawn = Drawn::new(&Seed([1; 32]), list);
    let mut seats = Seats::new(at(0));
    for number in 1..=people {
        seats.see(place(number), at(i64::from(number)));
    }
    let most_spare = 4 * 16_384;
    assert!(drawn.bytes() + seats.bytes() <= 24 * people as usize + most_spare, "{} and {}", drawn.bytes(), seats.bytes());
    assert_eq!(seats.crowd(at(0), at(i64::from(people))).count(), people);
}

proptest! {
    #[test]
    fn the_last_sighting_counts(sightings in prop::collection::vec((1u32..100, 0i64..1_000), 0..200), since in 0i64..1_000) {
        let mut seats = Seats::new(at(0));
        let mut last = std::collections::BTreeMap::new();
        for (number, second) in &sightings {
            seats.see(place(*number), at(second * 1_000));
            last.insert(*number, *second);
        }
        let there = last.values().filter(|second| **second >= since).count();
        prop_assert_eq!(seats.crowd(at(since * 1_000), at(1_000_000)).count() as usize, there);
        for (number, second) in last {
            prop_assert_eq!(seats.at(place(number)), Seat::Waits { seen_at: at(second * 1_000) });
        }
    }
}
