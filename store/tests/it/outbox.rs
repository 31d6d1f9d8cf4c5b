//! The outbox: claimed once, tried again, set aside.

use crate::world::{World, on_both_engines};
use futures::future::join_all;
use store::{AfterFailure, Depth, Effect};

/// `count` effects, by codes sent.
async fn fill(world: &World, count: u32) {
    for number in 0..count {
        world.store.send_code(world.new_phone(), &format!("192.0.2.{number}"), world.now).await.unwrap().unwrap();
    }
}

fn ids(effects: &[Effect]) -> Vec<i64> {
    effects.iter().map(|effect| effect.id).collect()
}

#[tokio::test]
async fn an_effect_is_claimed_sent_and_forgotten() {
    on_both_engines(async |world| {
        fill(world, 3).await;
        let outbox = world.store.outbox();
        assert_eq!(outbox.depth().await.unwrap(), Depth { due: 3, poison: 0 });
        let first = outbox.claim(2, world.now).await.unwrap();
        let rest = outbox.claim(10, world.now).await.unwrap();
        assert_eq!((first.len(), rest.len()), (2, 1));
        assert!(first[0].id < first[1].id && first[1].id < rest[0].id);
        assert!(outbox.claim(10, world.now).await.unwrap().is_empty());
        assert_eq!((first[0].topic.as_str(), first[0].tries, first[0].created_at), (store::SMS, 1, world.now));
        assert!(!format!("{:?}", first[0]).contains("Pay+"));
        for effect in first.iter().chain(&rest) {
            outbox.sent(effect).await.unwrap();
        }
        assert_eq!(outbox.depth().await.unwrap(), Depth { due: 0, poison: 0 });
        assert!(outbox.claim(10, world.later(3_600)).await.unwrap().is_empty());
        assert_eq!(world.number("SELECT COUNT(*) FROM outbox WHERE body LIKE '%010%'").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_worker_that_dies_loses_its_claim_after_a_minute() {
    on_both_engines(async |world| {
        fill(world, 1).await;
        let outbox = world.store.outbox();
        let lost = outbox.claim(1, world.now).await.unwrap().remove(0);
        assert!(outbox.claim(1, world.later(59)).await.unwrap().is_empty());
        let taken = outbox.claim(1, world.later(60)).await.unwrap().remove(0);
        assert_eq!((taken.id, taken.tries), (lost.id, 2));
        // The first one comes back from the dead: what it says of a failure counts no more.
        assert_eq!(outbox.failed(&lost, "late", world.later(61)).await.unwrap(), AfterFailure::NotOurs);
        assert!(outbox.claim(1, world.later(70)).await.unwrap().is_empty());
        outbox.sent(&taken).await.unwrap();
        assert_eq!(outbox.failed(&taken, "after sent", world.later(62)).await.unwrap(), AfterFailure::NotOurs);
        assert_eq!(outbox.depth().await.unwrap(), Depth { due: 0, poison: 0 });
    })
    .await;
}

#[tokio::test]
async fn what_fails_waits_longer_each_time_and_is_set_aside_after_eight() {
    on_both_engines(async |world| {
        fill(world, 2).await;
        let outbox = world.store.outbox();
        let mut now = world.now;
        let mut waits_s = Vec::new();
        let poison = loop {
            let effect = outbox.claim(1, now).await.unwrap().remove(0);
            match outbox.failed(&effect, &format!("gateway down\0{}", "!".repeat(1_000)), now).await.unwrap() {
                AfterFailure::Again { due_at } => {
                    // The other one is due before; let it be sent.
                    for other in outbox.claim(10, now).await.unwrap() {
                        outbox.sent(&other).await.unwrap();
                    }
                    let just_before = due_at - jiff::SignedDuration::from_millis(1);
                    assert!(outbox.claim(10, just_before).await.unwrap().is_empty());
                    waits_s.push(due_at.duration_since(now).as_secs());
                    now = due_at;
                }
                AfterFailure::SetAside => break effect,
                AfterFailure::NotOurs => panic!("nobody else is here"),
            }
        };
        assert_eq!(poison.tries, 8);
        assert!(waits_s.windows(2).all(|pair| pair[0] < pair[1]) && waits_s.len() == 7, "{waits_s:?}");
        assert_eq!(outbox.depth().await.unwrap(), Depth { due: 0, poison: 1 });
        assert!(outbox.claim(10, now + jiff::SignedDuration::from_hours(24)).await.unwrap().is_empty());
        world.breaks("outbox_has_no_poison");
    })
    .await;
}

#[tokio::test]
async fn an_effect_that_kills_its_workers_is_set_aside_too() {
    on_both_engines(async |world| {
        fill(world, 1).await;
        let outbox = world.store.outbox();
        for number in 0..8 {
            assert_eq!(outbox.claim(1, world.later(number * 60)).await.unwrap().len(), 1, "try {number}");
        }
        assert!(outbox.claim(1, world.later(8 * 60)).await.unwrap().is_empty());
        assert_eq!(outbox.depth().await.unwrap(), Depth { due: 0, poison: 1 });
        world.breaks("outbox_has_no_poison");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_workers_never_have_the_same_effect() {
    on_both_engines(async |world| {
        fill(world, 24).await;
        let other = world.second_store().await;
        let workers = (0..6).map(|number| {
            let (outbox, now) = (if number % 2 == 0 { world.store.outbox() } else { other.outbox() }, world.now);
            tokio::spawn(async move {
                let mut mine = Vec::new();
                loop {
                    let claimed = outbox.claim(3, now).await.unwrap();
                    if claimed.is_empty() {
                        return mine;
                    }
                    mine.extend(ids(&claimed));
                }
            })
        });
        let mut claimed: Vec<i64> = join_all(workers).await.into_iter().flat_map(|mine| mine.unwrap()).collect();
        // A worker may leave while another still holds rows that it then doesn't take; those are due for the next.
        claimed.extend(ids(&world.store.outbox().claim(100, world.now).await.unwrap()));
        let count = claimed.len();
        claimed.sort_unstable();
        claimed.dedup();
        assert_eq!((count, claimed.len()), (24, 24));
        other.close().await;
    })
    .await;
}

#[tokio::test]
async fn the_worker_is_woken_by_a_commit() {
    on_both_engines(async |world| {
        let outbox = world.store.outbox();
        {
            let mut bell = Box::pin(outbox.arrived());
            assert!(futures::poll!(bell.as_mut()).is_pending());
            // Refused: nothing was put in, nobody is woken.
            fill(world, 1).await;
            assert!(futures::poll!(bell.as_mut()).is_ready());
        }
        let phone = world.new_phone();
        world.store.send_code(phone, "192.0.2.200", world.now).await.unwrap().unwrap();
        outbox.arrived().await;
        assert!(world.store.send_code(phone, "192.0.2.200", world.now).await.unwrap().is_err());
        assert!(futures::poll!(Box::pin(outbox.arrived())).is_pending());
    })
    .await;
}
