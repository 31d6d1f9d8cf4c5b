//! Paying a shop: races over a wallet, and what the shop is told.

use super::{bill, count, crowd_with, entries, lots, pay_all, total_of_day};
use crate::world::{on_both_engines, on_both_engines_in_order};
use domain::merchant::Standing;
use domain::notice::Event;
use domain::{MerchantId, Refused, Won, paying};
use jiff::ToSpan;

#[tokio::test]
async fn payments_race_over_one_lot_and_never_take_more_than_it_has() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let window = world.window(world.citywide().await, 1_000_000).await;
        world.buy(&citizen, window, 10_000).await;
        let shops = [world.shop().await, world.shop().await];
        let bills: Vec<_> = (0..30).map(|at| bill(world, citizen.id, shops[at % 2].merchant.id, 700)).collect();
        let answers = pay_all(&world.store, &bills, world.now).await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 14);
        assert_eq!(count(&answers, &Err(Refused::NotEnough { usable: Won::of(200) })), 16);
        assert_eq!(lots(world, citizen.id).await, [200]);
    })
    .await;
}

#[tokio::test]
async fn a_hundred_pay_one_shop_at_once_and_its_notices_have_no_gap() {
    on_both_engines_in_order(async |world| {
        let people = crowd_with(world, 100, 10_000).await;
        let (shop, other) = (world.shop().await, world.shop().await);
        let mut told = world.store.till().listen();
        let bills: Vec<_> = (1..).zip(&people).map(|(amount, person)| bill(world, person.id, shop.merchant.id, amount)).collect();
        let answers = pay_all(&world.store, &bills, world.now).await;
        assert!(answers.iter().all(Result::is_ok));
        pay_all(&world.store, &[bill(world, people[0].id, other.merchant.id, 9)], world.now).await;

        let notices = world.store.notices_after(shop.merchant.id, 0, 1_000).await.unwrap();
        assert_eq!(notices.iter().map(|notice| notice.number).collect::<Vec<_>>(), (1..=100).collect::<Vec<_>>());
        for ((notice, bill), code) in notices.iter().zip(&bills).zip(&answers) {
            assert_eq!((notice.payment, notice.amount, notice.event), (bill.id, bill.amount, Event::Paid));
            assert_eq!(Ok(notice.code), *code);
        }
        // Heard in the same order, after the commit.
        for notice in &notices {
            let heard = told.recv().await.unwrap();
            assert_eq!((heard.merchant, &*heard.notice), (shop.merchant.id, notice));
        }
        assert_eq!(told.recv().await.unwrap().merchant, other.merchant.id);
        assert_eq!(total_of_day(world, &shop, world.now).await, (100, 5_050));
        assert_eq!(total_of_day(world, &other, world.now).await, (1, 9));
        assert_eq!(world.store.last_number(shop.merchant.id).await.unwrap(), 100);
    })
    .await;
}

#[tokio::test]
async fn a_shops_day_ends_at_midnight_in_seoul() {
    on_both_engines(async |world| {
        let people = crowd_with(world, 3, 10_000).await;
        let shop = world.shop().await;
        let midnight = super::at("2026-07-15T00:00:00+09:00");
        for (person, (amount, now)) in people.iter().zip([(100, world.now), (200, midnight - 1.millisecond()), (400, midnight)]) {
            world.pay_at(person, &shop, amount, now).await;
        }
        assert_eq!(total_of_day(world, &shop, world.now).await, (2, 300));
        assert_eq!(total_of_day(world, &shop, midnight).await, (1, 400));
        // Numbers go on over days.
        assert_eq!(world.store.last_number(shop.merchant.id).await.unwrap(), 3);
    })
    .await;
}

#[tokio::test]
async fn only_an_open_shop_is_paid_and_only_a_sensible_amount() {
    on_both_engines_in_order(async |world| {
        let citizen = world.citizen().await;
        let window = world.window(world.citywide().await, 1_000_000).await;
        world.buy(&citizen, window, 100_000).await;
        let (open, pending, closed) = (world.shop().await, world.shop().await, world.shop().await);
        world.store.set_standing(pending.merchant.id, Standing::Pending).await.unwrap();
        world.store.set_standing(closed.merchant.id, Standing::Closed).await.unwrap();
        let amounts = Refused::PaymentAmount { most: paying::MOST };
        let table = [
            (pending.merchant.id, 1_000, Err(Refused::ShopNotReady)),
            (open.merchant.id, 0, Err(amounts.clone())),
            (closed.merchant.id, 1_000, Err(Refused::ShopClosed)),
            (open.merchant.id, paying::MOST.get() + 1, Err(amounts)),
            (MerchantId(3), 1_000, Err(Refused::NoSuchShop)),
            (open.merchant.id, paying::MOST.get(), Err(Refused::NotEnough { usable: Won::of(100_000) })),
            (open.merchant.id, 99_999, Ok(())),
            (open.merchant.id, 2, Err(Refused::NotEnough { usable: Won::of(1) })),
            (open.merchant.id, 1, Ok(())),
        ];
        // All in one batch: what is refused is not seen by its neighbours.
        let bills: Vec<_> = table.iter().map(|(shop, amount, _)| bill(world, citizen.id, *shop, *amount)).collect();
        let answers = pay_all(&world.store, &bills, world.now).await;
        let answers: Vec<_> = answers.into_iter().map(|answer| answer.map(drop)).collect();
        assert_eq!(answers, table.map(|(.., answer)| answer));
        assert_eq!(entries(world, "pay").await.len(), 4);
        assert_eq!(total_of_day(world, &open, world.now).await, (2, 100_000));
    })
    .await;
}
