use super::{at, place};
use domain::room::admission::{Gate, Observed, Sample, Turn};
use domain::room::{Admission, Crowd, Figures, Settings};
use proptest::prelude::*;
use std::collections::VecDeque;

fn room(rate_per_s: u32, most_inside: u32) -> Admission {
    Admission::new(&Settings::new(Figures { rate_per_s, most_inside, ..Figures::default() }).unwrap(), at(0))
}

fn waiting(last_place: u32) -> Observed {
    Observed { last_place, ..Observed::default() }
}

#[test]
fn the_position_moves_by_rate_and_time() {
    for (rate, elapsed_ms, serving) in
        [(100, 0, 0), (100, 1_000, 100), (100, 500, 50), (1, 999, 0), (1, 1_000, 1), (100, 2_000, 200), (100, 3_600_000, 200)]
    {
        assert_eq!(room(rate, 10_000).tick(&waiting(5_000), at(elapsed_ms)).serving, serving, "{rate}/s after {elapsed_ms} ms");
    }
}

#[test]
fn fractions_of_people_are_not_lost() {
    let mut admission = room(3, 10_000);
    for tick in 1..=1_000 {
        admission = admission.tick(&waiting(5_000), at(tick * 100));
    }
    assert_eq!(admission.serving, 300);
}

#[test]
fn no_more_are_called_than_there_is_room_for() {
    for (inside, coming, called) in [(0, 0, 50), (20, 0, 30), (20, 25, 5), (50, 0, 0), (20, 90, 0), (u32::MAX, u32::MAX, 0)] {
        let observed = Observed { inside, coming, ..waiting(5_000) };
        assert_eq!(room(1_000, 50).tick(&observed, at(1_000)).serving, called, "{inside} and {coming}");
    }
}

#[test]
fn where_half_are_gone_twice_as_many_are_called() {
    let admission = Admission { show_up_permille: 500, ..room(100, 10_000) };
    assert_eq!(admission.tick(&waiting(5_000), at(1_000)).serving, 200);
    let near_full = Observed { inside: 9_990, ..waiting(5_000) };
    assert_eq!(admission.tick(&near_full, at(1_000)).serving, 20);
}

#[test]
fn who_shows_up_is_learnt_slowly_and_never_below_a_tenth() {
    let half = Observed { next: Some(Sample { places: 100, present: 50 }), ..waiting(0) };
    let nobody = Observed { next: Some(Sample { places: 100, present: 0 }), ..waiting(0) };
    let mut admission = room(100, 10_000).tick(&half, at(1_000));
    assert_eq!(admission.show_up_permille, 955);
    for tick in 2..100 {
        admission = admission.tick(&half, at(tick * 1_000));
    }
    assert!((500..=512).contains(&admission.show_up_permille), "{admission:?}");
    assert_eq!(admission.tick(&waiting(0), at(100_000)).show_up_permille, admission.show_up_permille);
    for tick in 100..200 {
        admission = admission.tick(&nobody, at(tick * 1_000));
    }
    assert!((100..=112).contains(&admission.show_up_permille), "{admission:?}");
}

#[test]
fn the_sample_is_of_the_next_thousand() {
    let everyone = Crowd::from_words(vec![u64::MAX; 100]);
    let sample = |serving, last_place| Sample::of(&everyone, serving, last_place);
    assert_eq!(sample(0, 6_400), Sample { places: 1_000, present: 1_000 });
    assert_eq!(sample(6_390, 6_400), Sample { places: 10, present: 10 });
    assert_eq!(sample(6_390, 6_500), Sample { places: 110, present: 10 });
    assert_eq!(sample(6_400, 6_400), Sample { places: 0, present: 0 });
    assert_eq!(sample(u32::MAX, 1), Sample { places: 0, present: 0 });
}

#[test]
fn the_last_place_is_not_passed_and_late_comers_do_not_wait_for_nothing() {
    let admission = room(100, 10_000).tick(&waiting(7), at(1_000));
    assert_eq!(admission.serving, 7);
    assert_eq!(admission.tick(&waiting(20), at(1_010)).serving, 20);
    assert_eq!(admission.tick(&waiting(3), at(2_000)).serving, 7);
}

#[test]
fn after_a_pause_it_starts_from_nothing() {
    for gate in [Gate::Paused, Gate::Draining] {
        let mut admission = Admission { gate, saved_milli: 100_000, ..room(100, 10_000) };
        for tick in 1..60 {
            admission = admission.tick(&waiting(5_000), at(tick * 1_000));
            assert_eq!((admission.serving, admission.saved_milli), (0, 0));
        }
        admission.gate = Gate::Open;
        assert_eq!(admission.tick(&waiting(5_000), at(60_000)).serving, 100);
    }
}

#[test]
fn clocks_that_differ_give_nothing_away_and_one_put_back_stops_nothing() {
    let mut admission = room(100, 10_000);
    for tick in 1..=100 {
        let skew_ms = if tick % 2 == 0 { -150 } else { 0 };
        admission = admission.tick(&waiting(1_000_000), at(tick * 100 + skew_ms));
    }
    assert!((900..=1_000).contains(&admission.serving), "{admission:?}");
    let back = admission.tick(&waiting(1_000_000), at(-3_600_000));
    assert_eq!(back.serving, admission.serving);
    assert_eq!(back.tick(&waiting(1_000_000), at(-3_599_000)).serving, admission.serving + 100);
}

#[test]
fn whoever_was_called_comes_in_unless_it_is_full_or_drained() {
    let admission = Admission { serving: 10, ..room(100, 50) };
    let turn = |gate, number, inside| Admission { gate, ..admission }.turn(place(number), inside);
    assert_eq!(turn(Gate::Open, 10, 49), Turn::ComesIn);
    assert_eq!(turn(Gate::Open, 1, 0), Turn::ComesIn);
    assert_eq!(turn(Gate::Open, 11, 0), Turn::Waits);
    assert_eq!(turn(Gate::Open, 10, 50), Turn::Called);
    assert_eq!(turn(Gate::Paused, 10, 49), Turn::ComesIn);
    assert_eq!(turn(Gate::Draining, 10, 0), Turn::Called);
    assert_eq!(turn(Gate::Draining, 11, 0), Turn::Waits);
}

#[test]
fn a_gate_is_read_as_it_is_stored() {
    for gate in Gate::ALL {
        assert_eq!(Gate::parse(gate.as_str()), Some(gate));
    }
    assert_eq!(Gate::parse("ajar"), None);
}

/// What happens before a tick.
#[derive(Clone, Debug)]
struct Moment {
    elapsed_ms: i64,
    joined: u32,
    /// Of a hundred called people, how many come in now, and of a hundred inside, how many go.
    come_percent: u32,
    go_percent: u32,
    gate: Gate,
    sample: Option<Sample>,
}

fn moment() -> impl Strategy<Value = Moment> {
    let elapsed_ms = prop_oneof![8 => 1i64..1_500, 1 => -200i64..0, 1 => 1_500i64..100_000];
    let gate = prop_oneof![8 => Just(Gate::Open), 1 => Just(Gate::Paused), 1 => Just(Gate::Draining)];
    let sample = prop::option::of((0u32..1_000, 0u32..1_500).prop_map(|(places, present)| Sample { places, present }));
    (elapsed_ms, 0u32..500, 0u32..=100, 0u32..=100, gate, sample).prop_map(
        |(elapsed_ms, joined, come_percent, go_percent, gate, sample)| Moment {
            elapsed_ms,
            joined,
            come_percent,
            go_percent,
            gate,
            sample,
        },
    )
}

proptest! {
    /// Whatever happens: the position never goes back or past the end, and the room inside is never passed at the door.
    #[test]
    fn nobody_is_called_twice_or_let_into_a_full_room(
        rate in 1u32..500,
        most_inside in 1u32..300,
        moments in prop::collection::vec(moment(), 1..60),
    ) {
        let mut admission = room(rate, most_inside);
        let (mut now_ms, mut last_place, mut inside, mut came) = (0, 0, 0, 0);
        for moment in moments {
            now_ms += moment.elapsed_ms;
            last_place += moment.joined;
            inside -= inside * moment.go_percent / 100;
            admission.gate = moment.gate;
            let observed = Observed { last_place, inside, coming: admission.serving - came, next: moment.sample };
            let next = admission.tick(&observed, at(now_ms));
            prop_assert!(next.serving >= admission.serving && next.serving <= last_place);
            prop_assert!((100..=1_000).contains(&next.show_up_permille));
            if moment.gate != Gate::Open {
                prop_assert_eq!(next.serving, admission.serving);
            }
            admission = next;
            for _ in 0..(admission.serving - came) * moment.come_percent / 100 {
                if admission.turn(place(came + 1), inside) == Turn::ComesIn {
                    came += 1;
                    inside += 1;
                }
            }
            prop_assert!(inside <= most_inside);
        }
    }

    /// Where everybody shows up: in no stretch of time more than the rate and one tick's worth with what was saved, and never
    /// more than there is room for.
    #[test]
    fn admission_keeps_to_the_rate_and_the_room(
        rate in 1u32..500,
        most_inside in 1u32..2_000,
        moments in prop::collection::vec(moment(), 1..80),
    ) {
        let mut admission = room(rate, most_inside);
        let (mut now_ms, mut last_place, mut inside, mut came) = (0, 0, 0, 0);
        let mut calls = VecDeque::from([(0, 0)]);
        for moment in moments {
            now_ms += moment.elapsed_ms.max(1);
            last_place += moment.joined;
            inside -= inside * moment.go_percent / 100;
            admission.gate = moment.gate;
            let observed = Observed { last_place, inside, coming: admission.serving - came, next: None };
            admission = admission.tick(&observed, at(now_ms));
            let come = (admission.serving - came) * moment.come_percent / 100;
            (came, inside) = (came + come, inside + come);
            prop_assert!(inside + admission.serving - came <= most_inside);
            for (from_ms, from) in &calls {
                let most = i64::from(rate) * (now_ms - from_ms + 2_000);
                prop_assert!(i64::from(admission.serving - from) * 1_000 <= most, "{from} to {} since {from_ms}", admission.serving);
            }
            calls.push_back((now_ms, admission.serving));
        }
    }
}
