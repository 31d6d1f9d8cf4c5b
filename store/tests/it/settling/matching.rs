//! Bank, ledger and payouts beside each other.

use super::{CLOSED, at, close, payer, pays};
use crate::world::{World, on_both_engines};
use domain::Timestamp;
use domain::buying::BankSays;
use jiff::ToSpan;
use sqlx::Row;
use store::{BankLine, Matched, What};
use uuid::Uuid;

const MORNING: &str = "2026-07-16T09:00:00+09:00";

fn line(seq: i64, is_debit: bool, order: Uuid, amount: i64) -> BankLine {
    BankLine { seq, is_debit, order, amount, moved_at: at(MORNING) }
}

/// A shop that was paid and paid out; what the bank did.
async fn lines(world: &World) -> Vec<BankLine> {
    let (payer, shop) = (payer(world).await, world.shop().await);
    pays(world, &payer, &shop, 20_000, world.now).await;
    close(world, at(CLOSED)).await;
    let order = world.store.claim_payouts(1, at(MORNING)).await.unwrap().pop().unwrap();
    world.store.payout_said(&order, BankSays::Done, at(MORNING)).await.unwrap();
    let purchase = world.rows("SELECT id, paid FROM purchase").await;
    let bought = Uuid::from_slice(&purchase[0].get::<Vec<u8>, _>(0)).unwrap();
    vec![line(1, true, bought, purchase[0].get(1)), line(2, false, order.id.uuid(), 20_000)]
}

async fn look(world: &World, now: Timestamp) -> Matched {
    world.store.match_bank(now, now).await.unwrap()
}

fn found(matched: &Matched) -> Vec<(What, i64)> {
    matched.differences.iter().map(|difference| (difference.what, difference.amount)).collect()
}

#[tokio::test]
async fn what_fits_has_no_differences_and_lines_are_kept_once() {
    on_both_engines(async |world| {
        let lines = lines(world).await;
        for _ in 0..2 {
            world.store.keep_bank_lines(&lines).await.unwrap();
        }
        assert_eq!(world.store.last_bank_line().await.unwrap(), 2);
        let matched = look(world, at(MORNING) + 1.hour()).await;
        assert_eq!(found(&matched), []);
        assert_eq!((matched.debited, matched.credited, matched.payouts_paid), (372_000, 20_000, 20_000));
        assert_eq!((matched.ledger_bank, matched.payouts_open, matched.ledger_payouts), (352_000, 0, 0));
        assert_eq!(world.store.last_match().await.unwrap(), Some(matched));
    })
    .await;
}

#[tokio::test]
async fn what_was_decided_a_moment_ago_is_on_the_way() {
    on_both_engines(async |world| {
        let lines = lines(world).await;
        world.store.keep_bank_lines(&lines[..1]).await.unwrap();
        let soon = look(world, at(MORNING) + 59.seconds()).await;
        assert_eq!((found(&soon), soon.on_the_way), (vec![], 20_000));
        let later = look(world, at(MORNING) + 61.seconds()).await;
        assert_eq!((found(&later), later.on_the_way), (vec![(What::NotCredited, 20_000)], 0));
    })
    .await;
}

#[tokio::test]
async fn each_difference_has_its_name() {
    on_both_engines(async |world| {
        let mut lines = lines(world).await;
        let stranger = Uuid::now_v7();
        lines[0].amount += 7;
        lines.push(line(3, true, stranger, 5_000));
        lines.push(line(4, false, stranger, 6_000));
        world.store.keep_bank_lines(&lines).await.unwrap();
        let named = found(&look(world, at(MORNING) + 1.hour()).await);
        assert_eq!(named, [(What::OtherAmount, 7), (What::DebitOfNothing, 5_000), (What::CreditOfNothing, 6_000)]);
        // A try that we hold as rejected was paid.
        world.sql("UPDATE payout_try SET state = 'rejected'").await;
        let named = found(&look(world, at(MORNING) + 1.hour()).await);
        assert_eq!(named[2..], [(What::PaidThoughRejected, 20_000), (What::CreditOfNothing, 6_000), (What::BankClearing, 20_000)][..]);
        world.sql("UPDATE payout_try SET state = 'done'").await;
        // The ledger in itself.
        world.sql("UPDATE payout SET state = 'waiting', paid_at = NULL").await;
        assert!(found(&look(world, at(MORNING) + 1.hour()).await).contains(&(What::PayoutClearing, -20_000)));
        world.sql("UPDATE payout SET state = 'paid', paid_at = 1784160000000").await;
    })
    .await;
}
