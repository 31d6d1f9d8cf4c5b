use domain::room::interval::{Standing, renew_in_ms};
use domain::room::{Figures, Pseudonym, Settings};
use proptest::prelude::*;

/// A pseudonym whose own share is the given part of 65,535.
fn own(share: u16) -> Pseudonym {
    let mut bytes = [0; 16];
    bytes[14..].copy_from_slice(&share.to_be_bytes());
    Pseudonym(bytes)
}

#[test]
fn the_nearer_the_turn_the_sooner() {
    for (standing, load, from, to) in [
        (Standing::Called, 0.0, 1_800, 2_200),
        (Standing::Behind { wait_ms: 0 }, 0.0, 1_800, 2_200),
        (Standing::Behind { wait_ms: -5 }, 0.0, 1_800, 2_200),
        (Standing::Behind { wait_ms: 50_000 }, 0.0, 4_500, 5_500),
        (Standing::Behind { wait_ms: 100_000 }, 0.0, 9_000, 10_000),
        (Standing::Behind { wait_ms: i64::MAX }, 0.0, 9_000, 10_000),
        (Standing::Undrawn, 0.0, 9_000, 10_000),
        (Standing::Called, 0.5, 2_745, 3_355),
        (Standing::Called, 1.0, 4_140, 5_060),
        (Standing::Behind { wait_ms: 50_000 }, 1.0, 9_000, 11_000),
        (Standing::Undrawn, 1.0, 13_500, 15_000),
        (Standing::Undrawn, f64::NAN, 13_500, 15_000),
        (Standing::Undrawn, f64::INFINITY, 13_500, 15_000),
        (Standing::Called, -3.0, 1_800, 2_200),
    ] {
        let told = |share| renew_in_ms(&Settings::default(), standing, load, own(share));
        assert_eq!((told(0), told(u16::MAX)), (from, to), "{standing:?} at {load}");
    }
}

#[test]
fn nobody_asks_more_than_once_a_second() {
    let settings = Settings::new(Figures { renew_near_ms: 1_000, ..Figures::default() }).unwrap();
    let told = |share| renew_in_ms(&settings, Standing::Called, 0.0, own(share));
    assert_eq!((told(0), told(u16::MAX)), (1_000, 1_100));
}

#[test]
fn a_crowd_is_spread_out() {
    let mut tenths = [0; 10];
    for share in 0..=u16::MAX {
        let told = renew_in_ms(&Settings::default(), Standing::Undrawn, 0.0, own(share));
        tenths[((told - 9_000) / 100).min(9) as usize] += 1;
    }
    assert!(tenths.iter().all(|count| (6_000..7_000).contains(count)), "{tenths:?}");
}

fn standing() -> impl Strategy<Value = Standing> {
    prop_oneof![Just(Standing::Undrawn), Just(Standing::Called), any::<i64>().prop_map(|wait_ms| Standing::Behind { wait_ms })]
}

proptest! {
    #[test]
    fn at_least_a_second_at_most_a_third_of_the_grace(
        grace_ms in 6_000i64..=600_000,
        near in 0.0..1.0,
        far in 0.0..1.0,
        standing in standing(),
        load: f64,
        share: u16,
    ) {
        let between = |from: i64, part: f64| from + ((grace_ms / 3 - from) as f64 * part) as i64;
        let renew_near_ms = between(1_000, near);
        let figures = Figures { grace_ms, renew_near_ms, renew_far_ms: between(renew_near_ms, far), ..Figures::default() };
        let told = renew_in_ms(&Settings::new(figures).unwrap(), standing, load, own(share));
        prop_assert!((1_000..=grace_ms / 2).contains(&told), "{told}");
    }

    #[test]
    fn more_load_never_means_more_often(standing in standing(), light in 0.0..1.0, heavy in 0.0..1.0, share: u16) {
        let told = |load| renew_in_ms(&Settings::default(), standing, load, own(share));
        prop_assert!(told(f64::min(light, heavy)) <= told(f64::max(light, heavy)));
    }
}
