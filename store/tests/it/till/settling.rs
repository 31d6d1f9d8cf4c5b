//! What the bank's word does to a purchase: pool, limits, lot and ledger after each.

use super::{allowance, crowd, entries, lots, pool, settle_all, wish};
use crate::world::{on_both_engines, on_both_engines_in_order};
use domain::buying::{self, BankReason, BankSays, State};
use domain::{PurchaseId, Timestamp};
use jiff::SignedDuration;
use sqlx::Row;

const REJECTED: BankSays = BankSays::Rejected(BankReason::InsufficientFunds);

fn after_ms(now: Timestamp, ms: i64) -> Timestamp {
    now + SignedDuration::from_millis(ms)
}

/// What the one purchase in the database is waiting for: reason, time of the next inquiry, inquiries made.
async fn waits(world: &crate::world::World) -> (Option<String>, Option<i64>, i64) {
    let row = &world.rows("SELECT reason, check_at, checks FROM purchase").await[0];
    (row.get(0), row.get(1), row.get(2))
}

#[tokio::test]
async fn done_posts_the_lot() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let window = world.window(world.citywide().await, 1_000_000).await;
        let id = world.reserve(&citizen, window, 100_000, world.now).await;
        assert_eq!(settle_all(&world.store, &[id], BankSays::Done, world.later(3)).await, [Some(State::Posted)]);
        assert_eq!(pool(world, window).await, (0, 100_000));
        assert_eq!(allowance(world, citizen.id).await, (100_000, 100_000));
        assert_eq!(lots(world, citizen.id).await, [100_000]);
        assert_eq!(entries(world, "buy").await, [(1010, 93_000), (5010, 7_000), (2010, -100_000)]);
        assert_eq!(waits(world).await, (None, None, 0));
    })
    .await;
}

#[tokio::test]
async fn a_rejection_releases_everything_and_says_why() {
    on_both_engines(async |world| {
        let people = crowd(world, BankReason::ALL.len()).await;
        let window = world.window(world.citywide().await, 1_000_000).await;
        for (person, reason) in people.iter().zip(BankReason::ALL) {
            let id = world.reserve(person, window, 100_000, world.now).await;
            let states = settle_all(&world.store, &[id], BankSays::Rejected(reason), world.now).await;
            assert_eq!(states, [Some(State::Voided)]);
            let purchase = world.store.purchase(person.id, id).await.unwrap().unwrap();
            assert_eq!((purchase.state, purchase.reason), (State::Voided, Some(reason)));
            assert_eq!(allowance(world, person.id).await, (0, 0));
        }
        assert_eq!(pool(world, window).await, (0, 0));
        assert_eq!(world.number("SELECT COUNT(*) FROM transfer").await, 0);
        assert_eq!(world.number("SELECT COUNT(*) FROM lot").await, 0);
    })
    .await;
}

#[tokio::test]
async fn an_unclear_answer_keeps_the_hold_and_the_bank_is_asked_less_and_less_often() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let window = world.window(world.citywide().await, 100_000).await;
        let id = world.reserve(&citizen, window, 100_000, world.now).await;
        let now_ms = world.now.as_millisecond();
        assert_eq!(waits(world).await, (None, Some(now_ms + buying::FIRST_CHECK_MS), 0));
        for (checks, wait_ms) in [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000].into_iter().enumerate() {
            assert_eq!(settle_all(&world.store, &[id], BankSays::Unclear, world.now).await, [Some(State::Unknown)]);
            assert_eq!(waits(world).await, (None, Some(now_ms + wait_ms), checks as i64 + 1));
        }
        // Also when its time is long over: only the bank's word resolves it.
        let much_later = after_ms(world.now, buying::LATE_MS);
        assert_eq!(settle_all(&world.store, &[id], BankSays::Unclear, much_later).await, [Some(State::Unknown)]);
        assert_eq!(pool(world, window).await, (100_000, 0));
        assert_eq!(allowance(world, citizen.id).await, (100_000, 100_000));
        assert_eq!(settle_all(&world.store, &[id], BankSays::Done, much_later).await, [Some(State::Posted)]);
        assert_eq!(pool(world, window).await, (0, 100_000));
    })
    .await;
}

#[tokio::test]
async fn what_the_bank_has_not_heard_of_is_given_up_when_the_hold_is_over_and_watched() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let window = world.window(world.citywide().await, 100_000).await;
        let id = world.reserve(&citizen, window, 100_000, world.now).await;
        let (almost, over) = (after_ms(world.now, buying::HOLD_MS - 1), after_ms(world.now, buying::HOLD_MS));
        assert_eq!(settle_all(&world.store, &[id], BankSays::NotFound, almost).await, [Some(State::Reserved)]);
        assert_eq!(pool(world, window).await, (100_000, 0));
        assert_eq!(settle_all(&world.store, &[id], BankSays::NotFound, over).await, [Some(State::Voided)]);
        assert_eq!(pool(world, window).await, (0, 0));
        assert_eq!(allowance(world, citizen.id).await, (0, 0));
        let (reason, check_at, _) = waits(world).await;
        assert_eq!(reason.as_deref(), Some("not_reached"));
        assert!(check_at.is_some(), "a debit may still come");

        // Nothing comes for a day: nobody asks any more.
        let a_day = after_ms(world.now, buying::LATE_MS);
        settle_all(&world.store, &[id], BankSays::NotFound, after_ms(a_day, -1)).await;
        assert!(waits(world).await.1.is_some());
        assert_eq!(settle_all(&world.store, &[id], BankSays::NotFound, a_day).await, [Some(State::Voided)]);
        assert_eq!(waits(world).await.1, None);
    })
    .await;
}

#[tokio::test]
async fn a_debit_after_the_void_is_booked_and_sent_back() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let window = world.window(world.citywide().await, 100_000).await;
        let over = after_ms(world.now, buying::HOLD_MS);
        let id = world.reserve(&citizen, window, 100_000, world.now).await;
        settle_all(&world.store, &[id], BankSays::NotFound, over).await;
        // The place went to somebody else meanwhile.
        world.buy(&world.citizen().await, window, 100_000).await;

        assert_eq!(settle_all(&world.store, &[id], BankSays::Done, over).await, [Some(State::Refunding)]);
        assert_eq!(entries(world, "late_debit").await, [(1010, 93_000), (2030, -93_000)]);
        assert_eq!(pool(world, window).await, (0, 100_000));
        assert!(lots(world, citizen.id).await.is_empty());
        for says in [BankSays::Unclear, BankSays::NotFound, REJECTED] {
            assert_eq!(settle_all(&world.store, &[id], says, over).await, [Some(State::Refunding)]);
        }
        assert!(entries(world, "late_refund").await.is_empty());
        assert_eq!(settle_all(&world.store, &[id], BankSays::Returned, over).await, [Some(State::Refunded)]);
        assert_eq!(entries(world, "late_refund").await, [(2030, 93_000), (1010, -93_000)]);
    })
    .await;
}

#[tokio::test]
async fn the_same_word_twice_counts_once() {
    on_both_engines(async |world| {
        let people = crowd(world, 2).await;
        let window = world.window(world.citywide().await, 1_000_000).await;
        let posted = world.reserve(&people[0], window, 100_000, world.now).await;
        let states = settle_all(&world.store, &[posted; 7], BankSays::Done, world.now).await;
        assert_eq!(states, [Some(State::Posted); 7]);
        for says in [BankSays::Done, REJECTED, BankSays::NotFound, BankSays::Unclear, BankSays::Returned] {
            assert_eq!(settle_all(&world.store, &[posted], says, world.later(86_400)).await, [Some(State::Posted)]);
        }
        assert_eq!(entries(world, "buy").await.len(), 3);
        assert_eq!(lots(world, people[0].id).await, [100_000]);

        let voided = world.reserve(&people[1], window, 100_000, world.now).await;
        settle_all(&world.store, &[voided; 7], REJECTED, world.now).await;
        assert_eq!(pool(world, window).await, (0, 100_000));
        // Two nodes both hear of the late debit: it is booked once, and not taken for its own refund.
        assert_eq!(settle_all(&world.store, &[voided; 2], BankSays::Done, world.now).await, [Some(State::Refunding); 2]);
        assert_eq!(settle_all(&world.store, &[voided], BankSays::Done, world.now).await, [Some(State::Refunding)]);
        assert_eq!(settle_all(&world.store, &[voided; 3], BankSays::Returned, world.now).await, [Some(State::Refunded); 3]);
        assert_eq!(settle_all(&world.store, &[voided], BankSays::Done, world.now).await, [Some(State::Refunded)]);
        assert_eq!((entries(world, "late_debit").await.len(), entries(world, "late_refund").await.len()), (2, 2));
    })
    .await;
}

#[tokio::test]
async fn nobody_knows_of_a_purchase_that_was_never_reserved() {
    on_both_engines(async |world| {
        let unknown: PurchaseId = world.purchase_id();
        for says in [BankSays::Done, REJECTED, BankSays::NotFound, BankSays::Unclear, BankSays::Returned] {
            assert_eq!(settle_all(&world.store, &[unknown], says, world.now).await, [None]);
        }
    })
    .await;
}

#[tokio::test]
async fn a_settlement_that_waits_behind_its_reservation_is_done_in_the_same_batch() {
    on_both_engines_in_order(async |world| {
        let citizen = world.citizen().await;
        let window = world.window(world.citywide().await, 1_000_000).await;
        let shop = world.shop().await.merchant.id;
        let (wish, bill) = (wish(world, citizen.id, window, 50_000), super::bill(world, citizen.id, shop, 50_000));
        let till = world.store.till();
        let (reserved, settled, paid) = futures::join!(
            till.reserve(wish, super::buyer(), world.now),
            till.settle(wish.id, BankSays::Done, world.now),
            till.pay(bill, world.now)
        );
        assert_eq!((reserved.unwrap().map(|debit| debit.state), settled.unwrap()), (Ok(State::Reserved), Some(State::Posted)));
        assert!(paid.unwrap().is_ok(), "decided in order, as if each had come alone");
        assert_eq!(lots(world, citizen.id).await, [0]);
    })
    .await;
}
