//! Payouts: what the bank says, how often, in which order, and after whatever crash; each is paid once.

use super::{CLOSED, TUESDAY, at, balance, close, payer, pays, settlement};
use crate::world::{Shop, World, on_both_engines, unique_bytes};
use domain::buying::{BankReason, BankSays};
use domain::settling::payout::PayoutState;
use domain::{ApplicationId, PayoutCheckId, Timestamp, Won};
use jiff::ToSpan;
use store::{Bank, PayoutAct, PayoutOrder};

/// In the morning of the second business day.
const MORNING: &str = "2026-07-16T09:00:00+09:00";
const REJECTED: BankSays = BankSays::Rejected(BankReason::AccountClosed);

/// A shop whose Tuesday of 20,000 is settled.
async fn settled_shop(world: &World) -> Shop {
    let (payer, shop) = (payer(world).await, world.shop().await);
    pays(world, &payer, &shop, 20_000, world.now).await;
    close(world, at(CLOSED)).await;
    shop
}

async fn claim(world: &World, now: Timestamp) -> Option<PayoutOrder> {
    world.store.claim_payouts(1, now).await.unwrap().pop()
}

async fn state(world: &World, shop: &Shop) -> PayoutState {
    settlement(world, shop, TUESDAY).await.unwrap().payout.unwrap().state
}

#[tokio::test]
async fn a_payout_waits_for_its_morning_and_is_posted_when_the_bank_has_paid() {
    on_both_engines(async |world| {
        let shop = settled_shop(world).await;
        assert!(claim(world, at("2026-07-16T08:59:59+09:00")).await.is_none());
        let order = claim(world, at(MORNING)).await.unwrap();
        assert_eq!((order.amount, order.act, order.account.as_str()), (Won::of(20_000), PayoutAct::Send, "payout-1"));
        assert_eq!(state(world, &shop).await, PayoutState::Sent);
        assert!(claim(world, at(MORNING)).await.is_none());
        // The bank answers twice.
        for _ in 0..2 {
            assert_eq!(world.store.payout_said(&order, BankSays::Done, at(MORNING)).await.unwrap(), PayoutState::Paid);
        }
        assert_eq!(world.store.payout_said(&order, BankSays::Unclear, at(MORNING)).await.unwrap(), PayoutState::Paid);
        assert_eq!(world.store.payout_said(&order, REJECTED, at(MORNING)).await.unwrap(), PayoutState::Paid);
        assert_eq!((balance(world, 2040).await, world.number("SELECT COUNT(*) FROM transfer WHERE cause = 'payout'").await), (0, 1));
        assert!(claim(world, at("2026-07-30T09:00:00+09:00")).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn what_the_bank_did_not_answer_is_asked_about_under_the_same_id() {
    on_both_engines(async |world| {
        let shop = settled_shop(world).await;
        let first = claim(world, at(MORNING)).await.unwrap();
        assert_eq!(world.store.payout_said(&first, BankSays::Unclear, at(MORNING)).await.unwrap(), PayoutState::Unknown);
        assert!(claim(world, at(MORNING) + 4.seconds()).await.is_none());
        // Nobody sends an unanswered payout anew, neither the city nor the owner, whatever account the shop has now.
        world.sql("UPDATE merchant SET payout_account = 'payout-2'").await;
        let operator = crate::city::signed_in(world, "controller").await;
        assert_eq!(world.store.retry_payout(&operator, shop.merchant.id, TUESDAY, at(MORNING)).await.unwrap(), Ok(false));
        assert!(!world.store.retry_own_payout(&world.owner_proof(&shop).await, TUESDAY, at(MORNING)).await.unwrap());
        let again = claim(world, at(MORNING) + 5.seconds()).await.unwrap();
        assert_eq!((again.id, again.act, again.account.as_str()), (first.id, PayoutAct::Ask, "payout-1"));
        // "Not found" is no rejection either.
        assert_eq!(world.store.payout_said(&again, BankSays::NotFound, at(MORNING)).await.unwrap(), PayoutState::Unknown);
        assert_eq!(world.store.payout_said(&again, BankSays::Done, at(MORNING)).await.unwrap(), PayoutState::Paid);
    })
    .await;
}

#[tokio::test]
async fn a_crash_while_the_bank_was_asked_leaves_a_try_that_is_asked_about() {
    on_both_engines(async |world| {
        settled_shop(world).await;
        let lost = claim(world, at(MORNING)).await.unwrap();
        assert!(claim(world, at(MORNING) + 29.seconds()).await.is_none());
        let found = claim(world, at(MORNING) + 30.seconds()).await.unwrap();
        assert_eq!((found.id, found.act), (lost.id, PayoutAct::Ask));
        world.store.payout_said(&found, BankSays::Done, at(MORNING)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_rejected_payout_is_tried_again_later_with_the_account_of_then_and_stopped_in_the_end() {
    on_both_engines(async |world| {
        let shop = settled_shop(world).await;
        let mut now = at(MORNING);
        let mut ids = Vec::new();
        for (number, pause_min) in (1..).zip([10, 60, 360, 1_440]) {
            let order = claim(world, now).await.unwrap();
            ids.push(order.id);
            assert_eq!(world.store.payout_said(&order, REJECTED, now).await.unwrap(), PayoutState::Waiting, "{number}");
            assert!(claim(world, now + pause_min.minutes() - 1.second()).await.is_none());
            now += pause_min.minutes();
        }
        let last = claim(world, now).await.unwrap();
        assert_eq!(world.store.payout_said(&last, REJECTED, now).await.unwrap(), PayoutState::Stopped);
        assert!(claim(world, now + (24 * 30).hours()).await.is_none());
        let row = settlement(world, &shop, TUESDAY).await.unwrap().payout.unwrap();
        assert_eq!((row.reason.as_deref(), row.rejections, row.due_at), (Some("account_closed"), 5, None));
        let stopped = world.store.payouts_not_paid(10).await.unwrap();
        assert_eq!((stopped.len(), stopped[0].tries, stopped[0].state), (1, 5, PayoutState::Stopped));
        assert_eq!(world.store.count_payouts_not_paid().await.unwrap(), 1);
        // The owner corrects the account: that is the sign to go on.
        world.sql("UPDATE merchant SET payout_account = 'payout-2'").await;
        let order = claim(world, now).await.unwrap();
        assert_eq!(settlement(world, &shop, TUESDAY).await.unwrap().payout.unwrap().reason, None);
        assert_eq!(world.store.count_payouts_not_paid().await.unwrap(), 0);
        assert_eq!((order.account.as_str(), order.act, ids.contains(&order.id)), ("payout-2", PayoutAct::Send, false));
        assert_eq!(world.store.payout_said(&order, BankSays::Done, now).await.unwrap(), PayoutState::Paid);
        // The bank's word about an old try comes once more.
        let old = PayoutOrder { id: ids[0], ..order };
        assert_eq!(world.store.payout_said(&old, REJECTED, now).await.unwrap(), PayoutState::Paid);
    })
    .await;
}

#[tokio::test]
async fn the_city_or_the_owner_tries_again_and_the_citys_try_is_logged() {
    on_both_engines(async |world| {
        let shop = settled_shop(world).await;
        let (now, merchant) = (at(MORNING), shop.merchant.id);
        let auditor = crate::city::signed_in(world, "auditor").await;
        let controller = crate::city::signed_in(world, "controller").await;
        // Nothing is paid before its day.
        assert_eq!(world.store.retry_payout(&controller, merchant, TUESDAY, at(CLOSED)).await.unwrap(), Ok(false));
        let order = claim(world, now).await.unwrap();
        world.store.payout_said(&order, REJECTED, now).await.unwrap();
        assert!(world.store.retry_payout(&auditor, merchant, TUESDAY, now).await.unwrap().is_err());
        assert_eq!(world.store.retry_payout(&controller, merchant, TUESDAY, now).await.unwrap(), Ok(true));
        assert_eq!(world.number("SELECT COUNT(*) FROM audit_log WHERE action = 'payout retried'").await, 1);
        assert_eq!(settlement(world, &shop, TUESDAY).await.unwrap().payout.unwrap().reason, None);
        let order = claim(world, now).await.unwrap();
        world.store.payout_said(&order, REJECTED, now).await.unwrap();
        assert!(world.store.retry_own_payout(&world.owner_proof(&shop).await, TUESDAY, now).await.unwrap());
        let order = claim(world, now).await.unwrap();
        world.store.payout_said(&order, BankSays::Done, now).await.unwrap();
        assert_eq!(world.store.retry_payout(&controller, merchant, TUESDAY, now).await.unwrap(), Ok(false));
    })
    .await;
}

#[tokio::test]
async fn a_shop_without_an_account_is_paid_once_it_has_one() {
    on_both_engines(async |world| {
        let shop = settled_shop(world).await;
        world.sql("UPDATE merchant SET payout_account = NULL").await;
        assert!(claim(world, at(MORNING)).await.is_none());
        assert_eq!(state(world, &shop).await, PayoutState::Stopped);
        assert!(claim(world, at(MORNING)).await.is_none());
        world.sql("UPDATE merchant SET payout_account = 'payout-3'").await;
        let order = claim(world, at(MORNING)).await.unwrap();
        world.store.payout_said(&order, BankSays::Done, at(MORNING)).await.unwrap();
    })
    .await;
}

/// The shop's owner proves an account by one won; from then on it is paid out there.
async fn prove(world: &World, shop: &Shop, account: &str, masked: &str, now: Timestamp) {
    let (owner, id) = (shop.owner.id, ApplicationId(7));
    let check = PayoutCheckId::from_parts(now.as_millisecond().unsigned_abs(), unique_bytes());
    let bank = Bank { account: account.to_owned(), masked: masked.to_owned() };
    let code = world.store.begin_one_won(owner, id, check, &bank, now).await.unwrap().unwrap().unwrap();
    world.store.confirm_one_won(owner, id, Some(code), now).await.unwrap().unwrap().unwrap();
}

#[tokio::test]
async fn a_statement_names_the_account_that_the_money_went_to() {
    on_both_engines(async |world| {
        let shop = settled_shop(world).await;
        let (owner, merchant) = (shop.owner.id, shop.merchant.id);
        let insert = "INSERT INTO application (id, person_id, merchant_id, stage, business_number, created_at, changed_at)";
        world.sql(&format!("{insert} VALUES (7, {owner}, {merchant}, 'approved', '2208100772', 1, 1)")).await;
        prove(world, &shop, "acc-1", "신한 ***1111", world.now).await;
        let proof = world.owner_proof(&shop).await;
        let order = claim(world, at(MORNING)).await.unwrap();
        assert_eq!((order.account.as_str(), world.store.paid_to(&proof, TUESDAY).await.unwrap()), ("acc-1", None));
        world.store.payout_said(&order, BankSays::Done, at(MORNING)).await.unwrap();
        prove(world, &shop, "acc-2", "국민 ***2222", at(MORNING)).await;
        assert_eq!(world.store.paid_to(&proof, TUESDAY).await.unwrap().as_deref(), Some("신한 ***1111"));
        // The city has never seen it.
        world.sql("DELETE FROM payout_check; DELETE FROM application").await;
    })
    .await;
}

#[tokio::test]
async fn two_workers_never_ask_the_bank_for_the_same_payout() {
    on_both_engines(async |world| {
        let payer = payer(world).await;
        for _ in 0..12 {
            let shop = world.shop().await;
            pays(world, &payer, &shop, 3_000, world.now).await;
        }
        close(world, at(CLOSED)).await;
        let claims = (0..4).map(|_| world.store.claim_payouts(6, at(MORNING)));
        let mut orders = Vec::new();
        for claimed in futures::future::join_all(claims).await {
            orders.extend(claimed.unwrap());
        }
        while let Some(order) = claim(world, at(MORNING)).await {
            orders.push(order);
        }
        let mut ids: Vec<_> = orders.iter().map(|order| order.payout).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!((orders.len(), ids.len()), (12, 12));
        for order in &orders {
            world.store.payout_said(order, BankSays::Done, at(MORNING)).await.unwrap();
        }
    })
    .await;
}
