use super::{allowance, bill, count, entries, lots};
use crate::world::{Citizen, Shop, World, on_both_engines, on_both_engines_in_order, unique_bytes};
use domain::buying::{self, BankReason, BankSays};
use domain::refunding::{State, Wish};
use domain::{CancelId, LotId, PaymentId, PurchaseId, RefundId, Refused, Timestamp, Won, cancelling, paying};
use futures::future::join_all;
use jiff::ToSpan;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use sqlx::Row;
use store::{Credit, HistoryRow, RefundOrder, Store};

const NO: BankSays = BankSays::Rejected(BankReason::AccountClosed);

fn refund_id(world: &World) -> RefundId {
    RefundId::from_parts(world.now.as_millisecond().unsigned_abs(), unique_bytes())
}

fn wish(world: &World, citizen: &Citizen, lot: LotId, back: i64) -> Wish {
    Wish { id: refund_id(world), person: citizen.id, lot, back: Won::of(back) }
}

async fn reserve(store: &Store, wish: Wish, now: Timestamp) -> Result<State, Refused> {
    store.till().refund(wish, "acc-1".to_owned(), now).await.unwrap().map(|credit| credit.state)
}

/// Asked for, and the bank has done it.
async fn refund(world: &World, citizen: &Citizen, lot: LotId, back: i64) -> Result<RefundId, Refused> {
    let wish = wish(world, citizen, lot, back);
    reserve(&world.store, wish, world.now).await?;
    assert_eq!(world.store.till().settle_refund(wish.id, BankSays::Done, world.now).await.unwrap(), Some(State::Posted));
    Ok(wish.id)
}

async fn cancel(world: &World, shop: &Shop, payment: PaymentId, amount: i64) {
    let id = CancelId::from_parts(world.now.as_millisecond().unsigned_abs(), unique_bytes());
    let wish = cancelling::Wish { id, payment, merchant: shop.merchant.id, amount: Won::of(amount), by: shop.owner.id };
    world.store.till().cancel(wish, world.now).await.unwrap().unwrap();
}

/// A citizen with one lot, and a shop.
async fn holder_of(world: &World, face: i64) -> (Citizen, LotId, Shop) {
    let citizen = world.citizen().await;
    let window = world.window(world.citywide().await, 2_000_000).await;
    let purchase = world.buy(&citizen, window, face).await;
    (citizen, lot_of(world, purchase).await, world.shop().await)
}

async fn lot_of(world: &World, purchase: PurchaseId) -> LotId {
    let rows = world.rows("SELECT purchase_id, id FROM lot").await;
    let row = rows.iter().find(|row| row.get::<Vec<u8>, _>(0) == purchase.uuid().as_bytes()).unwrap();
    LotId(row.get(1))
}

#[tokio::test]
async fn an_untouched_lot_comes_back_in_full_and_with_it_the_months_limit() {
    on_both_engines(async |world| {
        let (citizen, lot, _) = holder_of(world, 100_000).await;
        let id = refund(world, &citizen, lot, 93_000).await.unwrap();
        assert_eq!(lots(world, citizen.id).await, [0]);
        assert_eq!(allowance(world, citizen.id).await, (0, 0));
        assert_eq!(entries(world, "refund").await, [(2010, 100_000), (1010, -93_000), (5010, -7_000)]);
        assert!(world.store.wallet(citizen.id, world.now).await.unwrap().lots.is_empty());
        let seen = world.store.refund_of(citizen.id, id).await.unwrap().unwrap();
        assert_eq!((seen.state, seen.price.face.get(), seen.price.paid.get()), (State::Posted, 100_000, 93_000));
        assert!(world.store.refund_of(world.citizen().await.id, id).await.unwrap().is_none(), "nobody else's");
        let history = world.store.history(citizen.id, None, 9).await.unwrap();
        assert!(matches!(&history[..], [HistoryRow::Refunded(one), HistoryRow::Bought(_)] | [HistoryRow::Bought(_), HistoryRow::Refunded(one)] if one.id == id));
    })
    .await;
}

#[tokio::test]
async fn in_another_month_the_limit_stays_used() {
    on_both_engines(async |world| {
        let (citizen, lot, _) = holder_of(world, 100_000).await;
        let next_month = world.now + (24 * 31).hours();
        world.sql(&format!("UPDATE sale_window SET closes_at = {}", Timestamp::MAX.as_millisecond())).await;
        let window = world.rows("SELECT id FROM sale_window").await;
        world.buy_at(&citizen, domain::WindowId(window[0].get(0)), 50_000, next_month).await;
        let wish = wish(world, &citizen, lot, 93_000);
        reserve(&world.store, wish, next_month).await.unwrap();
        world.store.till().settle_refund(wish.id, BankSays::Done, next_month).await.unwrap();
        assert_eq!(allowance(world, citizen.id).await, (50_000, 50_000));
    })
    .await;
}

#[tokio::test]
async fn from_the_threshold_on_the_rest_comes_back_less_its_share_of_the_discount() {
    on_both_engines(async |world| {
        let (citizen, lot, shop) = holder_of(world, 100_000).await;
        world.pay(&citizen, &shop, 40_000).await;
        let early = refund(world, &citizen, lot, 55_800).await;
        assert_eq!(early, Err(Refused::NotYetRefundable { spend: Won::of(20_000), back: Won::of(37_200) }));
        world.pay(&citizen, &shop, 20_000).await;
        assert_eq!(refund(world, &citizen, lot, 37_201).await, Err(Refused::RefundChanged { back: Won::of(37_200) }));
        refund(world, &citizen, lot, 37_200).await.unwrap();
        assert_eq!(entries(world, "refund").await, [(2010, 40_000), (1010, -37_200), (5010, -2_800)]);
        assert_eq!(allowance(world, citizen.id).await, (100_000, 0), "what was bought this month stays bought");
        assert_eq!(refund(world, &citizen, lot, 37_200).await, Err(Refused::NothingToRefund));
        let stranger = world.citizen().await;
        assert_eq!(refund(world, &stranger, lot, 37_200).await, Err(Refused::NoSuchLot));
        assert_eq!(refund(world, &citizen, LotId(1), 37_200).await, Err(Refused::NoSuchLot));
    })
    .await;
}

#[tokio::test]
async fn while_the_bank_is_asked_the_lot_can_not_be_spent_and_after_its_no_it_can() {
    on_both_engines(async |world| {
        let (citizen, lot, shop) = holder_of(world, 100_000).await;
        let till = world.store.till();
        let wish = wish(world, &citizen, lot, 93_000);
        reserve(&world.store, wish, world.now).await.unwrap();
        let paid = till.pay(bill(world, citizen.id, shop.merchant.id, 1_000), world.now).await.unwrap();
        assert_eq!(paid.map(|_| ()), Err(Refused::NotEnough { usable: Won::ZERO }));
        assert_eq!(allowance(world, citizen.id).await, (100_000, 100_000), "it counts as held until the money has left");
        assert!(world.store.due_refunds(9, world.now).await.unwrap().is_empty(), "somebody is asking the bank");

        assert_eq!(till.settle_refund(wish.id, BankSays::Unclear, world.now).await.unwrap(), Some(State::Unknown));
        let due = world.store.due_refunds(9, world.later(5)).await.unwrap();
        let credit = Credit { id: wish.id, state: State::Unknown, account: "acc-1".to_owned(), paid: Won::of(93_000) };
        assert!(due == [credit]);
        assert_eq!(till.settle_refund(wish.id, BankSays::NotFound, world.later(5)).await.unwrap(), Some(State::Unknown));
        assert_eq!(till.settle_refund(wish.id, NO, world.later(9)).await.unwrap(), Some(State::Voided));
        assert_eq!(lots(world, citizen.id).await, [100_000]);
        assert_eq!(world.store.wallet(citizen.id, world.now).await.unwrap().lots.len(), 1);
        // Too late: the bank's first word holds.
        assert_eq!(till.settle_refund(wish.id, BankSays::Done, world.later(10)).await.unwrap(), Some(State::Voided));
        assert_eq!(till.settle_refund(refund_id(world), BankSays::Done, world.now).await.unwrap(), None);
        assert!(world.store.due_refunds(9, world.later(9_999)).await.unwrap().is_empty());
        world.pay(&citizen, &shop, 100_000).await;
    })
    .await;
}

#[tokio::test]
async fn sent_twice_it_is_one_refund_and_another_body_is_refused() {
    on_both_engines_in_order(async |world| {
        let (citizen, lot, _) = holder_of(world, 100_000).await;
        let order = wish(world, &citizen, lot, 93_000);
        let answers = join_all((0..5).map(|_| reserve(&world.store, order, world.now))).await;
        assert_eq!(count(&answers, &Ok(State::Reserved)), 5);
        assert_eq!(reserve(&world.store, Wish { back: Won::of(1), ..order }, world.now).await, Err(Refused::IdReused));
        world.store.till().settle_refund(order.id, BankSays::Done, world.now).await.unwrap();
        assert_eq!(reserve(&world.store, order, world.now).await, Ok(State::Posted), "the first answer, as it is by now");
        let purchase = world.rows("SELECT purchase_id FROM lot").await;
        let used = RefundId::from_bytes(&purchase[0].get::<Vec<u8>, _>(0)).unwrap();
        assert_eq!(reserve(&world.store, Wish { id: used, ..order }, world.now).await, Err(Refused::IdReused));
        assert_eq!(entries(world, "refund").await.len(), 3);
        // And the other way round: the bank knows a credit by this id.
        let window = world.rows("SELECT id FROM sale_window").await;
        let bought = buying::Wish {
            id: order.id.uuid().try_into().unwrap(),
            ..super::wish(world, citizen.id, domain::WindowId(window[0].get(0)), 10_000)
        };
        assert_eq!(super::reserve_all(&world.store, &[bought], world.now).await, [Err(Refused::IdReused)]);
        let paid =
            paying::Wish { id: order.id.uuid().try_into().unwrap(), ..bill(world, citizen.id, world.shop().await.merchant.id, 1_000) };
        assert_eq!(super::pay_all(&world.store, &[paid], world.now).await, [Err(Refused::IdReused)]);
    })
    .await;
}

#[tokio::test]
async fn the_pin_names_the_person_and_the_linked_account() {
    on_both_engines(async |world| {
        let (citizen, lot, _) = holder_of(world, 100_000).await;
        let order = RefundOrder { id: refund_id(world), lot, back: Won::of(93_000) };
        let stranger = world.citizen().await;
        let refused = world.store.refund(world.pin_proof(&stranger).await, order, world.now).await.unwrap();
        assert!(refused == Err(Refused::NoSuchLot));
        let credit = world.store.refund(world.pin_proof(&citizen).await, order, world.now).await.unwrap().unwrap();
        assert_eq!((credit.account.as_str(), credit.paid.get()), (citizen.account.as_str(), 93_000));
        assert_eq!(world.store.credited_account(citizen.id, order.id).await.unwrap().as_deref(), Some("한강 ***-1234"));
        assert_eq!(world.store.credited_account(stranger.id, order.id).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_cancel_after_the_refund_can_be_spent_and_comes_back_by_the_same_rule() {
    on_both_engines(async |world| {
        let (citizen, lot, shop) = holder_of(world, 100_000).await;
        let (payment, _) = world.pay(&citizen, &shop, 60_000).await;
        refund(world, &citizen, lot, 37_200).await.unwrap();
        cancel(world, &shop, payment, 25_000).await;
        assert_eq!(lots(world, citizen.id).await, [25_000]);
        // 35,000 of 100,000 are spent: back under the threshold, which can't be reached any more with what is left.
        assert_eq!(refund(world, &citizen, lot, 23_250).await, Err(Refused::NothingToRefund));
        cancel(world, &shop, payment, 35_000).await;
        // Nothing of it counts as spent.
        refund(world, &citizen, lot, 55_800).await.unwrap();
        let back = world.number("SELECT CAST(-SUM(amount) AS BIGINT) FROM entry JOIN transfer ON transfer.id = transfer_id WHERE cause = 'refund' AND account = 1010");
        assert_eq!(back.await, 93_000, "in the end all that was paid, and nothing of the discount");
        assert_eq!(allowance(world, citizen.id).await, (100_000, 0));
    })
    .await;
}

#[tokio::test]
async fn a_cancel_while_the_bank_is_asked_adds_to_what_a_no_gives_back() {
    on_both_engines(async |world| {
        let (citizen, lot, shop) = holder_of(world, 100_000).await;
        let (payment, _) = world.pay(&citizen, &shop, 60_000).await;
        let wish = wish(world, &citizen, lot, 37_200);
        reserve(&world.store, wish, world.now).await.unwrap();
        cancel(world, &shop, payment, 10_000).await;
        assert_eq!(lots(world, citizen.id).await, [10_000]);
        assert_eq!(world.store.till().settle_refund(wish.id, NO, world.now).await.unwrap(), Some(State::Voided));
        assert_eq!(lots(world, citizen.id).await, [50_000]);
        world.pay(&citizen, &shop, 50_000).await;
    })
    .await;
}

#[tokio::test]
async fn of_refunds_and_payments_of_one_lot_at_once_only_what_fits_is_done() {
    on_both_engines(async |world| {
        let other_node = world.second_store_if_shared().await;
        for _ in 0..6 {
            let (citizen, lot, shop) = holder_of(world, 100_000).await;
            let refunds: Vec<Wish> = (0..4).map(|_| wish(world, &citizen, lot, 93_000)).collect();
            let bills: Vec<_> = (0..4).map(|_| bill(world, citizen.id, shop.merchant.id, 30_000)).collect();
            let node = |at: usize| other_node.as_ref().filter(|_| at % 2 == 1).unwrap_or(&world.store);
            let reserving = refunds.iter().enumerate().map(|(at, wish)| reserve(node(at), *wish, world.now));
            let paying = bills.iter().enumerate().map(|(at, bill)| node(at + 1).till().pay(*bill, world.now));
            let (refunded, paid) = futures::join!(join_all(reserving), join_all(paying));
            let refunded = count(&refunded, &Ok(State::Reserved));
            let paid = paid.into_iter().filter(|paid| paid.as_ref().unwrap().is_ok()).count();
            assert!((refunded, paid) == (1, 0) || (refunded, paid) == (0, 3), "{refunded} refunds, {paid} payments");
            let left = if refunded == 1 { 0 } else { 10_000 };
            assert_eq!(lots(world, citizen.id).await, [left]);
        }
        if let Some(node) = other_node {
            node.close().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_refund_beside_the_banks_no_to_the_one_before_leaves_the_lists_true() {
    on_both_engines(async |world| {
        let other_node = world.second_store_if_shared().await;
        let node = other_node.as_ref().unwrap_or(&world.store);
        for _ in 0..12 {
            let (citizen, lot, shop) = holder_of(world, 100_000).await;
            let first = wish(world, &citizen, lot, 93_000);
            reserve(&world.store, first, world.now).await.unwrap();
            let second = wish(world, &citizen, lot, 93_000);
            let no = world.store.till().settle_refund(first.id, NO, world.now);
            let (state, reserved) = futures::join!(no, reserve(node, second, world.now));
            assert_eq!(state.unwrap(), Some(State::Voided));
            if reserved.is_ok() {
                assert_eq!(node.till().settle_refund(second.id, NO, world.now).await.unwrap(), Some(State::Voided));
            }
            // The audit looks at the list; a payment that finds all of it shows that it is whole.
            world.pay(&citizen, &shop, 100_000).await;
        }
        if let Some(node) = other_node {
            node.close().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_refund_and_a_purchase_of_the_same_kind_at_once_both_count() {
    on_both_engines(async |world| {
        let (citizen, lot, _) = holder_of(world, 100_000).await;
        let window = world.rows("SELECT id FROM sale_window").await;
        let window = domain::WindowId(window[0].get(0));
        let order = wish(world, &citizen, lot, 93_000);
        let purchases: Vec<_> = (0..5).map(|_| super::wish(world, citizen.id, window, 100_000)).collect();
        let reserving = super::reserve_all(&world.store, &purchases, world.now);
        let (bought, refunded) = futures::join!(reserving, reserve(&world.store, order, world.now));
        assert_eq!(refunded, Ok(State::Reserved));
        assert_eq!(bought.iter().filter(|one| one.is_ok()).count(), 3, "the limit comes back when the money has left, not before");
        world.store.till().settle_refund(order.id, BankSays::Done, world.now).await.unwrap();
        assert_eq!(allowance(world, citizen.id).await, (300_000, 300_000));
        let more = super::wish(world, citizen.id, window, 100_000);
        assert!(super::reserve_all(&world.store, &[more], world.now).await[0].is_ok());
    })
    .await;
}

#[derive(Clone, Debug)]
enum Act {
    Pay(i64),
    Cancel(usize),
    Refund(usize),
    Settle(usize, BankSays),
}

fn acts() -> impl Strategy<Value = Vec<Vec<Act>>> {
    let says = prop_oneof![3 => Just(BankSays::Done), 2 => Just(NO), 1 => Just(BankSays::Unclear), 1 => Just(BankSays::NotFound)];
    let act = prop_oneof![
        4 => (1..70_000i64).prop_map(Act::Pay),
        2 => any::<usize>().prop_map(Act::Cancel),
        3 => (0..4usize).prop_map(Act::Refund),
        3 => (any::<usize>(), says).prop_map(|(refund, says)| Act::Settle(refund, says)),
    ];
    prop::collection::vec(prop::collection::vec(act, 1..7), 40)
}

/// Several things at once to the lots of one person, again and again. Whatever the till makes of it: bought is spent, refunded, returned
/// and left, and the audit finds nothing.
#[tokio::test]
async fn random_histories_lose_no_won() {
    on_both_engines(async |world| {
        for seed in [1, 2, 3] {
            let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]));
            let history = acts().new_tree(&mut runner).unwrap().current();
            let (citizen, shop) = (world.citizen().await, world.shop().await);
            let window = world.window(world.citywide().await, 2_000_000).await;
            let mut mine = Vec::new();
            for face in [100_000, 50_000, 120_000, 30_000] {
                mine.push(lot_of(world, world.buy(&citizen, window, face).await).await);
            }
            let (mut payments, mut refunds) = (Vec::new(), Vec::new());
            for batch in &history {
                let quotes = world.store.wallet(citizen.id, world.now).await.unwrap().lots;
                let (mut paying, mut cancelling, mut refunding, mut settling) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
                for act in batch {
                    match act {
                        Act::Pay(amount) => paying.push(bill(world, citizen.id, shop.merchant.id, *amount)),
                        Act::Cancel(_) if payments.is_empty() => {}
                        Act::Cancel(at) => {
                            let (payment, amount): (PaymentId, Won) = payments[at % payments.len()];
                            let id = CancelId::from_parts(world.now.as_millisecond().unsigned_abs(), unique_bytes());
                            cancelling.push(cancelling::Wish { id, payment, merchant: shop.merchant.id, amount, by: shop.owner.id });
                        }
                        Act::Refund(at) => {
                            let lot = quotes.iter().find(|lot| lot.id == mine[*at]);
                            if let Some(domain::refunding::Quote::Now(price)) = lot.map(|lot| domain::refunding::quote(lot, world.now)) {
                                refunding.push(wish(world, &citizen, mine[*at], price.paid.get()));
                            }
                        }
                        Act::Settle(_, _) if refunds.is_empty() => {}
                        Act::Settle(at, says) => settling.push((refunds[at % refunds.len()], *says)),
                    }
                }
                let till = world.store.till();
                let (paid, _, refunded, _) = futures::join!(
                    join_all(paying.iter().map(|bill| till.pay(*bill, world.now))),
                    join_all(cancelling.iter().map(|wish| till.cancel(*wish, world.now))),
                    join_all(refunding.iter().map(|wish| reserve(&world.store, *wish, world.now))),
                    join_all(settling.iter().map(|(refund, says)| till.settle_refund(*refund, *says, world.now))),
                );
                let done = paying.iter().zip(paid).filter(|(_, paid)| paid.as_ref().unwrap().is_ok());
                payments.extend(done.map(|(bill, _)| (bill.id, bill.amount)));
                refunds.extend(refunding.iter().zip(refunded).filter(|(_, done)| done.is_ok()).map(|(wish, _)| wish.id));
            }
            assert!(!payments.is_empty() && !refunds.is_empty());
            let owned = format!("(SELECT id FROM lot WHERE person_id = {})", citizen.id);
            let sum = |what: &str| format!("SELECT CAST(COALESCE(SUM({what}), 0) AS BIGINT)");
            let spent = world.number(&format!("{} FROM payment WHERE payer_id = {}", sum("amount - cancelled"), citizen.id)).await;
            let given = world.number(&format!("{} FROM refund WHERE state <> 'voided' AND lot_id IN {owned}", sum("paid + fund"))).await;
            let left: i64 = lots(world, citizen.id).await.iter().sum();
            assert_eq!(spent + given + left, 300_000, "seed {seed}");
        }
    })
    .await;
}
