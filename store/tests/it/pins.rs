//! PINs: judged, counted, locked.

use crate::world::{ADDRESS, Citizen, PIN, World, on_both_engines, pin};
use futures::future::join_all;
use jiff::civil::date;
use store::{Limits, PinChecked, Store};

const WRONG: &str = "999999";
const HALF_AN_HOUR_S: i64 = 1_800;

fn word(checked: &PinChecked) -> String {
    match checked {
        PinChecked::Right(_) => "right".to_owned(),
        PinChecked::Wrong { tries_left } => format!("wrong, {tries_left} left"),
        PinChecked::Locked { .. } => "locked".to_owned(),
        PinChecked::TooMany { .. } => "too many".to_owned(),
    }
}

async fn check(world: &World, citizen: &Citizen, digits: &str, after_s: i64) -> String {
    word(&world.store.check_pin(citizen.id, &pin(digits), ADDRESS, world.later(after_s)).await.unwrap())
}

#[tokio::test]
async fn the_right_pin_proves_the_person_and_writes_nothing() {
    on_both_engines(async |world| {
        let (citizen, other) = (world.citizen().await, world.citizen().await);
        let before = world.number("SELECT COUNT(*) FROM attempt").await;
        match world.store.check_pin(citizen.id, &pin(PIN), ADDRESS, world.now).await.unwrap() {
            PinChecked::Right(proof) => assert_eq!(proof.person(), citizen.id),
            wrong => panic!("{wrong:?}"),
        }
        assert_eq!(world.number("SELECT COUNT(*) FROM attempt").await, before);
        // The same digits are another hash for another person.
        let salts = format!("SELECT COUNT(DISTINCT pin_hash) FROM member WHERE person_id IN ({}, {})", citizen.id, other.id);
        assert_eq!(world.number(&salts).await, 2);
    })
    .await;
}

#[tokio::test]
async fn five_wrong_in_a_row_lock_for_half_an_hour() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        for (after_s, digits, answer) in [
            (0, WRONG, "wrong, 4 left"),
            (0, WRONG, "wrong, 3 left"),
            // A right one ends the count.
            (0, PIN, "right"),
            (1, WRONG, "wrong, 4 left"),
            (1, WRONG, "wrong, 3 left"),
            (1, WRONG, "wrong, 2 left"),
            (1, WRONG, "wrong, 1 left"),
            (1, WRONG, "locked"),
            (1, PIN, "locked"),
            (HALF_AN_HOUR_S, PIN, "locked"),
            // Locked tries don't prolong the lock.
            (1 + HALF_AN_HOUR_S, WRONG, "wrong, 4 left"),
            (1 + HALF_AN_HOUR_S, PIN, "right"),
        ] {
            assert_eq!(check(world, &citizen, digits, after_s).await, answer, "after {after_s} s");
        }
    })
    .await;
}

#[tokio::test]
async fn the_lock_says_until_when_and_outlives_a_restart() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        for _ in 0..4 {
            check(world, &citizen, WRONG, 0).await;
        }
        let until = world.later(HALF_AN_HOUR_S);
        let fifth = world.store.check_pin(citizen.id, &pin(WRONG), ADDRESS, world.now).await.unwrap();
        assert!(matches!(fifth, PinChecked::Locked { until: told } if told == until), "{fifth:?}");
        let restarted = world.second_store().await;
        let again = restarted.check_pin(citizen.id, &pin(PIN), "198.51.100.250", world.later(60)).await.unwrap();
        assert!(matches!(again, PinChecked::Locked { until: told } if told == until), "{again:?}");
        restarted.close().await;
    })
    .await;
}

async fn guess_at_once(store: &Store, world: &World, citizen: &Citizen, guesses: u32) -> Vec<String> {
    let guesses = (0..guesses).map(|number| {
        let (store, person, now) = (store.clone(), citizen.id, world.now);
        let guess = pin(&format!("{:06}", 900_000 + number));
        tokio::spawn(async move { word(&store.check_pin(person, &guess, ADDRESS, now).await.unwrap()) })
    });
    join_all(guesses).await.into_iter().map(|answer| answer.unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_guesses_at_once_are_five() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let answers = guess_at_once(&world.store, world, &citizen, 100).await;
        let count = |answer: &str| answers.iter().filter(|given| given.starts_with(answer)).count();
        assert_eq!((count("wrong"), count("locked"), count("right")), (4, 96, 0), "{answers:?}");
        assert_eq!(check(world, &citizen, PIN, 0).await, "locked");
        let judged = world.number("SELECT CAST(SUM(count) AS BIGINT) FROM attempt WHERE bucket = 'wrong pin:all'").await;
        assert_eq!(judged, 5);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_through_two_nodes_are_counted_together() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let other = world.second_store().await;
        let (here, there) = tokio::join!(guess_at_once(&world.store, world, &citizen, 30), guess_at_once(&other, world, &citizen, 30));
        let wrong = here.iter().chain(&there).filter(|answer| answer.starts_with("wrong")).count();
        assert_eq!(wrong, 4);
        assert_eq!(check(world, &citizen, PIN, 0).await, "locked");
        other.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_guess_is_counted_when_the_caller_hangs_up() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let wrong = pin(WRONG);
        for _ in 0..5 {
            let mut guess = Box::pin(world.store.check_pin(citizen.id, &wrong, ADDRESS, world.now));
            assert!(futures::poll!(guess.as_mut()).is_pending());
        }
        // They were in line before this one.
        assert_eq!(check(world, &citizen, PIN, 0).await, "locked");
    })
    .await;
}

#[tokio::test]
async fn an_address_that_guesses_at_many_people_is_stopped() {
    on_both_engines(async |world| {
        let (citizen, other) = (world.citizen().await, world.citizen().await);
        assert_eq!(check(world, &other, WRONG, 0).await, "wrong, 4 left");
        let full = Limits::WRONG_PINS_PER_ADDRESS.most;
        world.sql(&format!("UPDATE attempt SET count = {full} WHERE bucket LIKE 'wrong pin:address%'")).await;
        let stopped = world.store.check_pin(citizen.id, &pin(PIN), ADDRESS, world.now).await.unwrap();
        assert!(matches!(stopped, PinChecked::TooMany { until } if until == world.later(1_800)), "{stopped:?}");
        assert_eq!(check(world, &citizen, PIN, 1_800).await, "right");
        let elsewhere = world.store.check_pin(citizen.id, &pin(PIN), "203.0.113.9", world.now).await.unwrap();
        assert_eq!(word(&elsewhere), "right");
    })
    .await;
}

#[tokio::test]
async fn a_new_pin_takes_the_old_ones_place() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let proof = world.pin_proof(&citizen).await;
        world.store.set_pin(proof, &pin("830164")).await.unwrap();
        assert_eq!(check(world, &citizen, PIN, 0).await, "wrong, 4 left");
        assert_eq!(check(world, &citizen, "830164", 0).await, "right");
    })
    .await;
}

#[tokio::test]
async fn the_way_back_from_a_lock_is_identity_verification() {
    on_both_engines(async |world| {
        let citizen = world.citizen_born(date(1961, 2, 3)).await;
        for _ in 0..5 {
            check(world, &citizen, WRONG, 0).await;
        }
        assert_eq!(check(world, &citizen, PIN, 0).await, "locked");
        let back = world.enrol(citizen.phone, &citizen.name, citizen.birth_date, &citizen.ci).await;
        assert_eq!(back.id, citizen.id);
        assert_eq!(check(world, &citizen, PIN, 0).await, "right");
    })
    .await;
}

#[tokio::test]
async fn the_pin_of_nobody_is_an_error_and_no_panic() {
    on_both_engines(async |world| {
        let nobody = domain::PersonId(7);
        let error = world.store.check_pin(nobody, &pin(PIN), ADDRESS, world.now).await.unwrap_err();
        assert!(!format!("{error:?}").contains(PIN));
    })
    .await;
}
