//! Two who race for the last unit of a window, ten thousand times: one gets it, the other is told that it is reserved.

use super::{Reserved, count, crowd, pool, wish};
use crate::world::{World, on_both_engines};
use domain::buying::{self, State};
use domain::calendar::Span;
use domain::sale::Who;
use domain::{Refused, WindowId, Won};
use futures::future::join;
use jiff::ToSpan;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use store::{Engine, Store};

const RACES: usize = 10_000;
/// Of one sale, with one unit left each.
const WINDOWS: usize = 500;
const UNIT: i64 = 10_000;

/// One after the other, a few at once: each side cuts the same row of races differently, so that its batches meet the other side's
/// in every way.
async fn race(store: &Store, wishes: &[buying::Wish], cuts: &[usize], now: domain::Timestamp) -> Vec<Reserved> {
    let mut answers = Vec::with_capacity(wishes.len());
    let mut rest = wishes;
    for cut in cuts.iter().cycle() {
        let (some, others) = rest.split_at((*cut).min(rest.len()));
        answers.extend(super::reserve_all(store, some, now).await);
        rest = others;
        if rest.is_empty() {
            break;
        }
    }
    answers
}

async fn last_units(world: &World) -> Vec<WindowId> {
    let span = Span::new(world.now - 1.hour(), world.now + 4.hours()).unwrap();
    world.sale(world.citywide().await, &vec![(span, Who::Anyone, Won::of(UNIT)); WINDOWS]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_race_for_the_last_unit_one_gets_it() {
    let seed = std::env::var("PAYPLUS_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(rand::random);
    println!("PAYPLUS_TEST_SEED={seed}");
    on_both_engines(async |world| {
        let mut rng = StdRng::seed_from_u64(seed);
        // Two nodes, or two callers of the only one.
        let second = if world.store.engine() == Engine::Postgres { Some(world.second_store().await) } else { None };
        let there = second.as_ref().unwrap_or(&world.store);
        let (mut won_here, mut won_there) = (0, 0);
        let people = crowd(world, 2 * WINDOWS).await;
        let (us, them) = people.split_at(WINDOWS);
        for _ in 0..RACES / WINDOWS {
            let windows = last_units(world).await;
            let wishes = |people: &[crate::world::Citizen]| -> Vec<buying::Wish> {
                people.iter().zip(&windows).map(|(person, window)| wish(world, person.id, *window, UNIT)).collect()
            };
            let (ours, theirs) = (wishes(us), wishes(them));
            let mut cuts = || -> Vec<usize> { (0..32).map(|_| rng.random_range(1..40)).collect() };
            let (our_cuts, their_cuts) = (cuts(), cuts());
            let (here, there) = join(race(&world.store, &ours, &our_cuts, world.now), race(there, &theirs, &their_cuts, world.now)).await;
            let taken = Err(Refused::AllReserved { held: Won::of(UNIT) });
            for pair in here.iter().zip(&there) {
                let fair = [(&Ok(State::Reserved), &taken), (&taken, &Ok(State::Reserved))];
                assert!(fair.contains(&pair), "{pair:?}");
            }
            won_here += count(&here, &Ok(State::Reserved));
            won_there += count(&there, &Ok(State::Reserved));
            assert_eq!(pool(world, windows[0]).await, (UNIT, 0));
        }
        println!("{won_here} won here, {won_there} there");
        assert_eq!(won_here + won_there, RACES);
        assert!(won_here > 0 && won_there > 0, "nobody raced");
        if let Some(second) = second {
            second.close().await;
        }
    })
    .await;
}
