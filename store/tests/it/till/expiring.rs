use super::{allowance, bill, entries, lots};
use crate::city::{operator, signed_in};
use crate::world::{Citizen, Shop, World, on_both_engines, unique_bytes};
use domain::application::Reason;
use domain::buying::{BankReason, BankSays};
use domain::calendar::{Day, expiry};
use domain::kind::Scope;
use domain::measures::MeasureRefused;
use domain::operator::Role;
use domain::refunding::{State, Wish, quote};
use domain::{CancelId, KindId, LotId, PaymentId, RefundId, Refused, Timestamp, Won, cancelling};
use futures::future::join_all;
use jiff::ToSpan;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

const NO: BankSays = BankSays::Rejected(BankReason::AccountClosed);
const NONE: (i64, i64) = (100_000, 0);
/// Of 100,000, 30,000 are spent.
const NOT_YET: Refused = Refused::NotYetRefundable { spend: Won::of(30_000), back: Won::of(37_200) };

/// A citizen with one lot of 100,000 for 93,000, a shop, and the moment in which the lot's time is over.
struct Held {
    citizen: Citizen,
    kind: KindId,
    lot: LotId,
    shop: Shop,
    end: Timestamp,
}

async fn held(world: &World) -> Held {
    let (citizen, kind) = (world.citizen().await, world.citywide().await);
    let window = world.window(kind, 2_000_000).await;
    world.buy(&citizen, window, 100_000).await;
    let lot = world.store.wallet(citizen.id, world.now).await.unwrap().lots[0];
    assert_eq!(lot.expires_at, expiry(world.now, 5));
    Held { citizen, kind, lot: lot.id, shop: world.shop().await, end: lot.expires_at }
}

fn refund_id(world: &World) -> RefundId {
    RefundId::from_parts(world.now.as_millisecond().unsigned_abs(), unique_bytes())
}

fn claim(world: &World, held: &Held, back: i64) -> Wish {
    Wish { id: refund_id(world), person: held.citizen.id, lot: held.lot, back: Won::of(back) }
}

async fn reserve(world: &World, wish: Wish, now: Timestamp) -> Result<State, Refused> {
    world.store.till().refund(wish, "acc-1".to_owned(), now).await.unwrap().map(|credit| credit.state)
}

async fn cancel(world: &World, shop: &Shop, payment: PaymentId, amount: i64, now: Timestamp) {
    let id = CancelId::from_parts(now.as_millisecond().unsigned_abs(), unique_bytes());
    let wish = cancelling::Wish { id, payment, merchant: shop.merchant.id, amount: Won::of(amount), by: shop.owner.id };
    world.store.till().cancel(wish, now).await.unwrap().unwrap();
}

async fn sweep(world: &World, now: Timestamp) -> (usize, i64) {
    let (lots, amount) = world.store.expire_lots(now).await.unwrap();
    (lots, amount.get())
}

/// What the ledger has of the account.
async fn balance(world: &World, account: i64) -> i64 {
    world.number(&format!("SELECT CAST(COALESCE(-SUM(amount), 0) AS BIGINT) FROM entry WHERE account = {account}")).await
}

#[tokio::test]
async fn what_is_left_at_the_end_is_breakage_and_booked_once() {
    on_both_engines(async |world| {
        let held = held(world).await;
        world.pay(&held.citizen, &held.shop, 30_000).await;
        assert_eq!(sweep(world, held.end - 1.milliseconds()).await, (0, 0));
        let late = world.store.till().pay(bill(world, held.citizen.id, held.shop.merchant.id, 1_000), held.end).await.unwrap();
        assert_eq!(late.map(|_| ()), Err(Refused::NotEnough { usable: Won::ZERO }));
        assert_eq!(sweep(world, held.end).await, (1, 70_000));
        assert_eq!(sweep(world, held.end + 1.seconds()).await, (0, 0));
        assert_eq!(entries(world, "expire").await, [(2010, 70_000), (4020, -70_000)]);
        assert_eq!(allowance(world, held.citizen.id).await, NONE, "nobody holds what has expired");
        assert!(world.store.wallet(held.citizen.id, held.end).await.unwrap().lots.is_empty());
        let expired = world.store.expired_lots(held.citizen.id, held.end).await.unwrap();
        assert_eq!(
            expired.iter().map(|(lot, kind)| (lot.id, lot.expired.get(), kind.id)).collect::<Vec<_>>(),
            [(held.lot, 70_000, held.kind)]
        );
        assert!(world.store.expired_lots(world.citizen().await.id, held.end).await.unwrap().is_empty(), "nobody else's");
    })
    .await;
}

#[tokio::test]
async fn a_share_of_it_comes_back_when_it_is_asked_for() {
    on_both_engines(async |world| {
        // Whether it was booked as expired before is the same.
        for is_swept in [true, false] {
            let held = held(world).await;
            world.pay(&held.citizen, &held.shop, 30_000).await;
            if is_swept {
                sweep(world, held.end).await;
            }
            let before = balance(world, 4020).await;
            let (lot, _) = world.store.expired_lots(held.citizen.id, held.end).await.unwrap()[0].clone();
            // 65,100 had been paid for the 70,000 that were left; 95 % of it.
            assert_eq!(quote(&lot, held.end).back(), Some(Won::of(61_845)));
            assert_eq!(reserve(world, claim(world, &held, 65_100), held.end).await, Err(Refused::RefundChanged { back: Won::of(61_845) }));
            let wish = claim(world, &held, 61_845);
            assert_eq!(reserve(world, wish, held.end).await, Ok(State::Reserved));
            assert_eq!(reserve(world, claim(world, &held, 61_845), held.end).await, Err(Refused::NothingToRefund));
            assert_eq!(world.store.till().settle_refund(wish.id, BankSays::Done, held.end).await.unwrap(), Some(State::Posted));
            let kept = balance(world, 4020).await - before + if is_swept { 70_000 } else { 0 };
            assert_eq!(kept, 3_255, "the rest of what it had cost stays with the city");
            let refund = world.store.refund_of(held.citizen.id, wish.id).await.unwrap().unwrap();
            assert_eq!((refund.price.face.get(), refund.price.fund.get(), refund.kept), (66_745, 4_900, Some(Won::of(3_255))));
            assert!(world.store.expired_lots(held.citizen.id, held.end).await.unwrap().is_empty());
            assert_eq!(allowance(world, held.citizen.id).await, NONE);
        }
        assert_eq!(entries(world, "refund_expired").await[..3], [(4020, 66_745), (1010, -61_845), (5010, -4_900)]);
    })
    .await;
}

#[tokio::test]
async fn the_banks_no_leaves_it_expired() {
    on_both_engines(async |world| {
        let held = held(world).await;
        sweep(world, held.end).await;
        let wish = claim(world, &held, 88_350);
        reserve(world, wish, held.end).await.unwrap();
        assert_eq!(world.store.till().settle_refund(wish.id, NO, held.end).await.unwrap(), Some(State::Voided));
        assert_eq!(lots(world, held.citizen.id).await, [0]);
        assert_eq!(world.store.expired_lots(held.citizen.id, held.end).await.unwrap()[0].0.expired, Won::of(100_000));
        reserve(world, claim(world, &held, 88_350), held.end).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_refund_that_the_bank_refuses_after_the_end_finds_the_lot_expired() {
    on_both_engines(async |world| {
        let held = held(world).await;
        let wish = claim(world, &held, 93_000);
        reserve(world, wish, held.end - 1.seconds()).await.unwrap();
        assert_eq!(sweep(world, held.end).await, (0, 0), "all of it is with the bank");
        assert_eq!(world.store.till().settle_refund(wish.id, NO, held.end + 1.hour()).await.unwrap(), Some(State::Voided));
        assert_eq!(balance(world, 4020).await, 100_000);
        assert_eq!(allowance(world, held.citizen.id).await, NONE);
        assert_eq!(reserve(world, claim(world, &held, 88_350), held.end).await, Ok(State::Reserved));
    })
    .await;
}

#[tokio::test]
async fn what_is_cancelled_after_the_end_expires_with_its_lot_and_comes_back_as_it_does() {
    on_both_engines(async |world| {
        let held = held(world).await;
        let (payment, _) = world.pay(&held.citizen, &held.shop, 60_000).await;
        sweep(world, held.end).await;
        let wish = claim(world, &held, 35_340);
        reserve(world, wish, held.end).await.unwrap();
        world.store.till().settle_refund(wish.id, BankSays::Done, held.end).await.unwrap();
        cancel(world, &held.shop, payment, 20_000, held.end + 2.hours()).await;
        assert_eq!(lots(world, held.citizen.id).await, [0]);
        assert_eq!(allowance(world, held.citizen.id).await, NONE);
        // 18,600, of which 95 % come back.
        let again = claim(world, &held, 17_670);
        reserve(world, again, held.end + 2.hours()).await.unwrap();
        world.store.till().settle_refund(again.id, BankSays::Done, held.end + 2.hours()).await.unwrap();
        assert_eq!(balance(world, 4020).await, 1_860 + 930);
    })
    .await;
}

#[tokio::test]
async fn the_city_gives_more_time_and_with_it_what_had_expired() {
    on_both_engines(async |world| {
        let held = held(world).await;
        world.pay(&held.citizen, &held.shop, 30_000).await;
        sweep(world, held.end).await;
        let (planner, controller) = (signed_in(world, "planner").await, signed_in(world, "controller").await);
        let (reason, now) = (Reason::parse("The network was down for a week").unwrap(), held.end + 24.hours());
        let until = Day::of(held.end + 240.hours());
        let of = (held.kind, held.end);
        let extend = async |by| world.store.extend(by, of, until, &reason, now).await.unwrap();
        assert_eq!(extend(&planner).await, Err(MeasureRefused::NotYourRole(Role::Controller)));
        let elsewhere = world.store.extend(&controller, (held.kind, held.end + 24.hours()), until, &reason, now).await.unwrap();
        assert_eq!(elsewhere, Err(MeasureRefused::Nothing));
        let earlier = world.store.extend(&controller, of, Day::of(held.end - 1.seconds()), &reason, now).await.unwrap();
        assert_eq!(earlier, Err(MeasureRefused::NotLater));
        assert_eq!(extend(&controller).await, Ok(()));
        assert_eq!(extend(&controller).await, Err(MeasureRefused::Nothing), "it is under way");
        let lines = world.store.ending_lots(now).await.unwrap();
        let line = lines.iter().find(|line| line.kind.id == held.kind).unwrap();
        assert_eq!((line.lots, line.left.get(), line.expired.get(), line.until), (1, 0, 70_000, until.span().map(|day| day.to())));

        let other_node = world.second_store_if_shared().await;
        let node = other_node.as_ref().unwrap_or(&world.store);
        while world.store.extensions().await.unwrap()[0].done_at.is_none() {
            let (here, there) = futures::join!(world.store.extend_lots(now), node.extend_lots(now));
            here.unwrap();
            there.unwrap();
        }
        if let Some(node) = other_node {
            node.close().await;
        }
        assert_eq!(entries(world, "revive").await, [(4020, 70_000), (2010, -70_000)], "once");
        assert_eq!(lots(world, held.citizen.id).await, [70_000]);
        let wallet = world.store.wallet(held.citizen.id, now).await.unwrap();
        assert_eq!(wallet.lots[0].expires_at, until.span().unwrap().to());
        world.pay_at(&held.citizen, &held.shop, 20_000, now).await;
        // And ends again.
        assert_eq!(sweep(world, until.span().unwrap().to()).await, (1, 50_000));
        let done = &world.store.extensions().await.unwrap()[0];
        assert_eq!((done.ended, done.reason.as_str()), (held.end, "The network was down for a week"));
    })
    .await;
}

#[tokio::test]
async fn the_city_lets_what_is_left_of_a_kind_come_back_at_once() {
    on_both_engines(async |world| {
        let held = held(world).await;
        world.pay(&held.citizen, &held.shop, 30_000).await;
        let spent = world.citizen().await;
        let window = world.window(held.kind, 500_000).await;
        world.buy(&spent, window, 50_000).await;
        let (all, _) = world.pay(&spent, &held.shop, 50_000).await;
        let other = world.window(world.kind(Scope::Citywide, 700).await, 500_000).await;
        let elsewhere = world.citizen().await;
        world.buy(&elsewhere, other, 50_000).await;
        world.pay(&elsewhere, &held.shop, 20_000).await;

        let (planner, controller) = (signed_in(world, "planner").await, signed_in(world, "controller").await);
        let (reason, now) = (Reason::parse("The market was torn down").unwrap(), world.now + 1.hours());
        let waive = async |by| world.store.waive(by, held.kind, &reason, now).await.unwrap();
        assert_eq!(waive(&planner).await, Err(MeasureRefused::NotYourRole(Role::Controller)));
        assert_eq!(reserve(world, claim(world, &held, 65_100), now).await, Err(NOT_YET));
        assert_eq!(waive(&controller).await, Ok(()));
        assert_eq!(waive(&controller).await, Err(MeasureRefused::Nothing), "it is under way");
        let other_node = world.second_store_if_shared().await;
        let node = other_node.as_ref().unwrap_or(&world.store);
        while world.store.waivers().await.unwrap()[0].done_at.is_none() {
            let (here, there) = futures::join!(world.store.waive_lots(now), node.waive_lots(now));
            here.unwrap();
            there.unwrap();
        }
        if let Some(node) = other_node {
            node.close().await;
        }
        let wish = claim(world, &held, 65_100);
        assert_eq!(reserve(world, wish, now).await, Ok(State::Reserved));
        assert_eq!(world.store.till().settle_refund(wish.id, BankSays::Done, now).await.unwrap(), Some(State::Posted));
        // What was spent and comes back later, too.
        cancel(world, &held.shop, all, 10_000, now).await;
        let lot = world.store.wallet(spent.id, now).await.unwrap().lots[0];
        assert_eq!(quote(&lot, now).back(), Some(Won::of(9_300)));
        // What is bought afterwards, and other kinds, keep their threshold.
        let lot = world.store.wallet(elsewhere.id, now).await.unwrap().lots[0];
        assert_eq!(quote(&lot, now).back(), None);
        assert_eq!(waive(&controller).await, Err(MeasureRefused::Nothing), "each has it");
        world.buy(&spent, window, 50_000).await;
        let threshold = "SELECT COUNT(*) FROM lot WHERE refund_from = 60";
        assert_eq!(world.number(threshold).await, 2);
        let waiver = &world.store.waivers().await.unwrap()[0];
        assert_eq!((waiver.kind.id, waiver.reason.as_str()), (held.kind, "The market was torn down"));
    })
    .await;
}

#[tokio::test]
async fn owners_are_told_thirty_and_seven_days_before_each_once() {
    on_both_engines(async |world| {
        let held = held(world).await;
        let window = world.window(held.kind, 500_000).await;
        world.buy(&held.citizen, window, 50_000).await;
        world.pay(&held.citizen, &held.shop, 20_000).await;
        let spent = world.citizen().await;
        world.buy(&spent, window, 10_000).await;
        world.pay(&spent, &held.shop, 10_000).await;
        let all = async |days: u8, now| {
            let mut told = 0;
            while let Some(some) = world.store.tell_expiring(days, now).await.unwrap() {
                told += some;
            }
            told
        };
        let messages = "SELECT COUNT(*) FROM outbox WHERE topic = 'sms' AND body LIKE '%[Pay+]%'";
        let before = world.number(messages).await;
        assert_eq!(all(30, held.end - (30 * 24 + 1).hours()).await, 0);
        assert_eq!(all(30, held.end - (30 * 24).hours()).await, 1);
        assert_eq!(all(30, held.end - (29 * 24).hours()).await, 0);
        assert_eq!(all(7, held.end - (8 * 24).hours()).await, 0);
        assert_eq!(all(7, held.end - (6 * 24).hours()).await, 1, "the server was off for a day");
        assert_eq!(all(7, held.end - 1.hour()).await, 0);
        assert_eq!(world.number(messages).await - before, 2);
        let told = world.message_to(held.citizen.phone).await;
        let last = domain::calendar::in_seoul(held.end - 1.seconds()).date();
        assert!(told.contains("130,000원") && told.contains(&format!("{}월 {}일까지", last.month(), last.day())), "{told}");
        assert_eq!(world.number("SELECT COUNT(*) FROM expiry_notice WHERE amount = 130000").await, 2);
    })
    .await;
}

#[derive(Clone, Debug)]
enum Act {
    Pay(i64),
    Cancel(usize),
    Refund(usize),
    Settle(usize, BankSays),
    Sweep,
    Extend(usize),
}

fn acts() -> impl Strategy<Value = Vec<Vec<Act>>> {
    let says = prop_oneof![3 => Just(BankSays::Done), 2 => Just(NO), 1 => Just(BankSays::Unclear)];
    let act = prop_oneof![
        3 => (1..70_000i64).prop_map(Act::Pay),
        2 => any::<usize>().prop_map(Act::Cancel),
        3 => (0..4usize).prop_map(Act::Refund),
        3 => (any::<usize>(), says).prop_map(|(refund, says)| Act::Settle(refund, says)),
        1 => Just(Act::Sweep),
        1 => (0..4usize).prop_map(Act::Extend),
    ];
    prop::collection::vec(prop::collection::vec(act, 1..6), 30)
}

/// Several things at once to the lots of one person, around their end, which the city moves. Bought is spent, refunded, kept, expired and
/// left, and the audit finds nothing.
#[tokio::test]
async fn random_histories_around_the_end_lose_no_won() {
    on_both_engines(async |world| {
        for seed in [1, 2, 3] {
            let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]));
            let history = acts().new_tree(&mut runner).unwrap().current();
            let (citizen, shop) = (world.citizen().await, world.shop().await);
            let kind = world.citywide().await;
            let window = world.window(kind, 2_000_000).await;
            for face in [100_000, 50_000, 120_000, 30_000] {
                world.buy(&citizen, window, face).await;
            }
            let mine = world.store.wallet(citizen.id, world.now).await.unwrap().lots;
            let (mut payments, mut refunds) = (Vec::new(), Vec::new());
            let mut now = mine[0].expires_at - 60.hours();
            for batch in &history {
                now += 6.hours();
                let mut theirs = world.store.wallet(citizen.id, now).await.unwrap().lots;
                theirs.extend(world.store.expired_lots(citizen.id, now).await.unwrap().into_iter().map(|(lot, _)| lot));
                let (mut paying, mut cancelling, mut refunding, mut settling) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
                let (mut extending, mut sweeps) = (Vec::new(), false);
                for act in batch {
                    match act {
                        Act::Pay(amount) => paying.push(bill(world, citizen.id, shop.merchant.id, *amount)),
                        Act::Cancel(_) if payments.is_empty() => {}
                        Act::Cancel(at) => {
                            let (payment, amount): (PaymentId, Won) = payments[at % payments.len()];
                            let id = CancelId::from_parts(now.as_millisecond().unsigned_abs(), unique_bytes());
                            cancelling.push(cancelling::Wish { id, payment, merchant: shop.merchant.id, amount, by: shop.owner.id });
                        }
                        Act::Refund(at) => {
                            let lot = theirs.iter().find(|lot| lot.id == mine[*at].id);
                            let back = lot.and_then(|lot| quote(lot, now).back());
                            refunding.extend(back.map(|back| Wish { id: refund_id(world), person: citizen.id, lot: mine[*at].id, back }));
                        }
                        Act::Settle(_, _) if refunds.is_empty() => {}
                        Act::Settle(at, says) => settling.push((refunds[at % refunds.len()], *says)),
                        Act::Sweep => sweeps = true,
                        Act::Extend(at) => extending.push((mine[*at].id, now + 20.hours())),
                    }
                }
                let till = world.store.till();
                let (paid, _, refunded, _, _, _) = futures::join!(
                    join_all(paying.iter().map(|bill| till.pay(*bill, now))),
                    join_all(cancelling.iter().map(|wish| till.cancel(*wish, now))),
                    join_all(refunding.iter().map(|wish| reserve(world, *wish, now))),
                    join_all(settling.iter().map(|(refund, says)| till.settle_refund(*refund, *says, now))),
                    async { if sweeps { sweep(world, now).await } else { (0, 0) } },
                    join_all(extending.iter().map(|(lot, until)| till.extend(*lot, citizen.id, *until, now))),
                );
                let done = paying.iter().zip(paid).filter(|(_, paid)| paid.as_ref().unwrap().is_ok());
                payments.extend(done.map(|(bill, _)| (bill.id, bill.amount)));
                refunds.extend(refunding.iter().zip(refunded).filter(|(_, done)| done.is_ok()).map(|(wish, _)| wish.id));
            }
            assert!(!payments.is_empty() && !refunds.is_empty());
            // The till was asked lot by lot; this is who asks it otherwise.
            let city = operator(world, "controller").await;
            let extended = "INSERT INTO extension (id, kind_id, ended, until, reason, operator_id, created_at, done_at)";
            world
                .sql(&format!(
                    "{extended} VALUES ({0}, {0}, 0, {1}, 'random', {2}, 0, 0)",
                    kind.0,
                    store::millis(now + 20.hours()),
                    city.id.0
                ))
                .await;
            let owned = format!("(SELECT id FROM lot WHERE person_id = {})", citizen.id);
            let sum = |what: &str| format!("SELECT CAST(COALESCE(SUM({what}), 0) AS BIGINT)");
            let spent = world.number(&format!("{} FROM payment WHERE payer_id = {}", sum("amount - cancelled"), citizen.id)).await;
            let given = format!("{} FROM refund WHERE state <> 'voided' AND lot_id IN {owned}", sum("paid + fund + COALESCE(kept, 0)"));
            let given = world.number(&given).await;
            let left = world.number(&format!("{} FROM lot WHERE person_id = {}", sum("remaining + expired"), citizen.id)).await;
            assert_eq!(spent + given + left, 300_000, "seed {seed}");
            assert!(world.number("SELECT COUNT(*) FROM refund WHERE kept IS NOT NULL").await > 0, "seed {seed} claims nothing");
        }
    })
    .await;
}
