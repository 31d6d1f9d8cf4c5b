//! Two nodes on one PostgreSQL database, each with a till of its own. (A SQLite file belongs to one process.)

use super::{allowance, bill, buyer, count, crowd, crowd_with, lots, pay_all, pool, reserve_all, settle_all, total_of_day, wish};
use crate::world::{World, on_both_engines, unique_bytes};
use domain::buying::{BankReason, BankSays, State};
use domain::{CancelId, PaymentId, Refused, Won, cancelling, paying};
use futures::future::{join, join_all};
use store::{Engine, Store};

pub async fn on_two_nodes(test: impl AsyncFn(&World, &store::Store)) {
    on_both_engines(async |world| {
        if world.store.engine() == Engine::Postgres {
            let second = world.second_store().await;
            test(world, &second).await;
            second.close().await;
        }
    })
    .await;
}

#[tokio::test]
async fn two_nodes_sell_one_pool_and_not_a_won_more() {
    on_two_nodes(async |world, second| {
        let people = crowd(world, 300).await;
        let window = world.window(world.citywide().await, 1_000_000).await;
        let wishes: Vec<_> = people.iter().map(|person| wish(world, person.id, window, 10_000)).collect();
        let (here, there) =
            join(reserve_all(&world.store, &wishes[..150], world.now), reserve_all(second, &wishes[150..], world.now)).await;
        let answers = [here, there].concat();
        assert_eq!(count(&answers, &Ok(State::Reserved)), 100);
        assert_eq!(count(&answers, &Err(Refused::AllReserved { held: Won::of(1_000_000) })), 200);
        let got: Vec<_> = wishes.iter().zip(&answers).filter(|(_, answer)| answer.is_ok()).map(|(wish, _)| wish.id).collect();
        // Both nodes hear the bank's word on all of them.
        join(settle_all(&world.store, &got, BankSays::Done, world.now), settle_all(second, &got, BankSays::Done, world.now)).await;
        assert_eq!(pool(world, window).await, (0, 1_000_000));
        assert_eq!(world.number("SELECT COUNT(*) FROM lot").await, 100);
    })
    .await;
}

#[tokio::test]
async fn two_nodes_keep_one_persons_limit_also_at_the_very_first_purchase() {
    on_two_nodes(async |world, second| {
        let kind = world.citywide().await;
        for round in 0..5 {
            let citizen = world.citizen().await;
            // Two windows: nothing but the person is common to both.
            let (one, other) = (world.window(kind, 10_000_000).await, world.window(kind, 10_000_000).await);
            let here: Vec<_> = (0..20).map(|_| wish(world, citizen.id, one, 30_000)).collect();
            let there: Vec<_> = (0..20).map(|_| wish(world, citizen.id, other, 30_000)).collect();
            let (here, there) = join(reserve_all(&world.store, &here, world.now), reserve_all(second, &there, world.now)).await;
            let answers = [here, there].concat();
            assert_eq!(count(&answers, &Ok(State::Reserved)), 13, "round {round}");
            assert_eq!(count(&answers, &Err(Refused::MonthLimit { left: Won::of(10_000), limit: Won::of(400_000) })), 27);
            assert_eq!(allowance(world, citizen.id).await, (390_000, 390_000));
        }
    })
    .await;
}

#[tokio::test]
async fn the_same_command_at_two_nodes_is_done_once() {
    on_two_nodes(async |world, second| {
        let people = crowd_with(world, 20, 10_000).await;
        let window = world.window(world.citywide().await, 1_000_000).await;
        let shop = world.shop().await;
        let wishes: Vec<_> = people.iter().map(|person| wish(world, person.id, window, 20_000)).collect();
        let (here, there) = join(reserve_all(&world.store, &wishes, world.now), reserve_all(second, &wishes, world.now)).await;
        assert_eq!((&here, &there), (&vec![Ok(State::Reserved); 20], &vec![Ok(State::Reserved); 20]));
        assert_eq!(pool(world, window).await, (400_000, 0));

        let bills: Vec<_> = people.iter().map(|person| bill(world, person.id, shop.merchant.id, 1_000)).collect();
        let (here, there) = join(pay_all(&world.store, &bills, world.now), pay_all(second, &bills, world.now)).await;
        assert_eq!(here, there);
        assert_eq!(total_of_day(world, &shop, world.now).await, (20, 20_000));
        assert_eq!(world.store.last_number(shop.merchant.id).await.unwrap(), 20);

        // Both inquire about the same voided purchase and find it debited.
        let ids: Vec<_> = wishes.iter().map(|wish| wish.id).collect();
        settle_all(&world.store, &ids, BankSays::Rejected(BankReason::Other), world.now).await;
        let done = BankSays::Done;
        let (here, there) = join(settle_all(&world.store, &ids, done, world.now), settle_all(second, &ids, done, world.now)).await;
        assert_eq!((here, there), (vec![Some(State::Refunding); 20], vec![Some(State::Refunding); 20]));
        assert_eq!(world.number("SELECT COUNT(*) FROM transfer WHERE cause = 'late_debit'").await, 20);
    })
    .await;
}

#[tokio::test]
async fn the_last_won_sent_to_two_nodes_at_once_is_moved_once_and_answered_twice() {
    on_two_nodes(async |world, second| {
        let people = crowd_with(world, 20, 10_000).await;
        let shop = world.shop().await;
        let bills: Vec<_> = people.iter().map(|person| bill(world, person.id, shop.merchant.id, 10_000)).collect();
        let (here, there) = join(pay_all(&world.store, &bills, world.now), pay_all(second, &bills, world.now)).await;
        assert_eq!(here, there);
        assert!(here.iter().all(Result::is_ok), "{here:?}");

        let back = |bill: &paying::Wish| cancelling::Wish {
            id: CancelId::from_parts(world.now.as_millisecond().unsigned_abs(), unique_bytes()),
            payment: bill.id,
            merchant: bill.merchant,
            amount: bill.amount,
            by: shop.owner.id,
        };
        let backs: Vec<_> = bills.iter().map(back).collect();
        let cancel_all = async |store: &Store| join_all(backs.iter().map(|wish| store.till().cancel(*wish, world.now))).await;
        let (here, there) = join(cancel_all(&world.store), cancel_all(second)).await;
        assert!(here.into_iter().chain(there).all(|answer| answer.unwrap().is_ok()));
        assert_eq!(world.store.last_number(shop.merchant.id).await.unwrap(), 40);
    })
    .await;
}

#[tokio::test]
async fn one_wallet_is_spent_once_at_two_nodes() {
    on_two_nodes(async |world, second| {
        let citizen = world.citizen().await;
        let window = world.window(world.citywide().await, 1_000_000).await;
        world.buy(&citizen, window, 10_000).await;
        let shops = [world.shop().await.merchant.id, world.shop().await.merchant.id];
        let bills = |shop| (0..20).map(|_| bill(world, citizen.id, shop, 600)).collect::<Vec<_>>();
        let (here, there) = (bills(shops[0]), bills(shops[1]));
        let (here, there) = join(pay_all(&world.store, &here, world.now), pay_all(second, &there, world.now)).await;
        let answers = [here, there].concat();
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 16);
        assert_eq!(count(&answers, &Err(Refused::NotEnough { usable: Won::of(400) })), 24);
        assert_eq!(lots(world, citizen.id).await, [400]);
    })
    .await;
}

#[tokio::test]
async fn an_id_that_bought_at_one_node_cannot_pay_at_another() {
    on_two_nodes(async |world, second| {
        let citizen = world.citizen().await;
        let window = world.window(world.citywide().await, 1_000_000).await;
        world.buy(&citizen, window, 50_000).await;
        let bought = wish(world, citizen.id, window, 10_000);
        world.store.till().reserve(bought, buyer(), world.now).await.unwrap().unwrap();
        let id = PaymentId::try_from(bought.id.uuid()).unwrap();
        let paid = paying::Wish { id, ..bill(world, citizen.id, world.shop().await.merchant.id, 1_000) };
        assert_eq!(second.till().pay(paid, world.now).await.unwrap(), Err(Refused::IdReused));
    })
    .await;
}
