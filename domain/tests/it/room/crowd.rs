use super::{at, place};
use domain::room::{Crowd, Seats};
use proptest::prelude::*;

/// People on these places, seen now.
pub fn crowd(places: impl IntoIterator<Item = u32>) -> Crowd {
    let mut seats = Seats::new(at(0));
    for number in places {
        seats.see(place(number), at(0));
    }
    seats.crowd(at(0), at(0))
}

#[test]
fn an_empty_room_has_nobody() {
    for empty in [Crowd::EMPTY, crowd([]), Crowd::from_words(vec![0; 10])] {
        assert_eq!((empty.count(), empty.within(1_000), empty.ahead_of(place(500), 3)), (0, 0, 0));
        assert_eq!(empty.nth_behind(0, 1), None);
    }
}

#[test]
fn people_are_counted_where_they_stand() {
    let crowd = crowd([1, 2, 64, 65, 128, 200]);
    assert_eq!(crowd.count(), 6);
    for (places, people) in [(0, 0), (1, 1), (2, 2), (63, 2), (64, 3), (65, 4), (127, 4), (128, 5), (199, 5), (200, 6), (u32::MAX, 6)] {
        assert_eq!(crowd.within(places), people, "the first {places}");
    }
    for (number, serving, people) in [(1, 0, 0), (2, 0, 1), (200, 0, 5), (200, 2, 3), (200, 199, 0), (200, 300, 0), (5_000, 0, 6)] {
        assert_eq!(crowd.ahead_of(place(number), serving), people, "{number} while {serving} is served");
    }
    let nth = |serving, nth| crowd.nth_behind(serving, nth).map(|place| place.get());
    assert_eq!([nth(0, 1), nth(0, 3), nth(0, 6), nth(0, 7)], [Some(1), Some(64), Some(200), None]);
    assert_eq!([nth(64, 1), nth(65, 1), nth(200, 1), nth(0, u32::MAX), nth(5_000, 1)], [Some(65), Some(128), None, None, None]);
}

proptest! {
    #[test]
    fn counting_agrees_with_walking(
        places in prop::collection::btree_set(1u32..700, 0..300),
        serving in 0u32..800,
        number in 1u32..800,
        nth in 1u32..400,
    ) {
        let crowd = crowd(places.iter().copied());
        prop_assert_eq!(crowd.count() as usize, places.len());
        prop_assert_eq!(crowd.within(serving) as usize, places.range(..=serving).count());
        let ahead = places.iter().filter(|at| **at > serving && **at < number).count();
        prop_assert_eq!(crowd.ahead_of(place(number), serving) as usize, ahead);
        let found = places.iter().filter(|at| **at > serving).nth(nth as usize - 1);
        prop_assert_eq!(crowd.nth_behind(serving, nth).map(|place| place.get()), found.copied());
    }

    #[test]
    fn two_nodes_count_nobody_twice(
        one in prop::collection::btree_set(1u32..700, 0..300),
        other in prop::collection::btree_set(1u32..40_000, 0..300),
    ) {
        let merged = crowd(one.iter().copied()).merge(&Crowd::from_words(crowd(other.iter().copied()).words().to_vec()));
        prop_assert_eq!(&merged, &crowd(other.iter().copied()).merge(&crowd(one.iter().copied())));
        for until in [0, 63, 64, 350, 700, 40_000] {
            prop_assert_eq!(merged.within(until) as usize, one.union(&other).filter(|at| **at <= until).count());
        }
    }
}
