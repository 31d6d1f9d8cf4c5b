//! Which lots a payment draws on.

use super::{allowance, at, bill, lots, pay_all};
use crate::world::{World, on_both_engines};
use domain::calendar::{Span, expiry};
use domain::district::District;
use domain::kind::Scope;
use domain::sale::Who;
use domain::{KindId, PaymentId, PersonId, Refused, Won, paying};
use jiff::ToSpan;
use store::Viewer;

async fn draws(world: &World, payer: PersonId, id: PaymentId) -> Vec<(KindId, i64)> {
    let payment = world.store.payment(Viewer::Payer(payer), id).await.unwrap().unwrap();
    payment.draws.iter().map(|draw| (draw.kind, draw.amount.get())).collect()
}

#[tokio::test]
async fn the_district_goes_before_the_city_and_the_oldest_first() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let (city, mapo) = (world.citywide().await, world.kind(Scope::District(District::MAPO), 1_000).await);
        let gangnam = world.kind(Scope::District(District::GANGNAM), 1_000).await;
        for (kind, face, second) in [(city, 20_000, 0), (gangnam, 90_000, 0), (mapo, 10_000, 1), (city, 30_000, 2), (mapo, 40_000, 3)] {
            let window = world.window(kind, 1_000_000).await;
            world.buy_at(&citizen, window, face, world.later(second)).await;
        }
        let shop = world.shop().await;
        let (first, _) = world.pay(&citizen, &shop, 5_000).await;
        assert_eq!(draws(world, citizen.id, first).await, [(mapo, 5_000)]);
        // Several lots and two kinds in one balanced transfer.
        let (second, _) = world.pay(&citizen, &shop, 72_345).await;
        assert_eq!(draws(world, citizen.id, second).await, [(mapo, 5_000), (mapo, 40_000), (city, 20_000), (city, 7_345)]);
        assert_eq!(lots(world, citizen.id).await, [0, 90_000, 0, 22_655, 0]);
        let entries = super::entries(world, "pay").await;
        assert_eq!(entries[2..], [(2010, 5_000), (2010, 40_000), (2010, 20_000), (2010, 7_345), (2020, -72_345)]);
        assert_eq!(allowance(world, citizen.id).await, (190_000, 112_655));

        let last = bill(world, citizen.id, shop.merchant.id, 22_656);
        assert_eq!(pay_all(&world.store, &[last], world.now).await, [Err(Refused::NotEnough { usable: Won::of(22_655) })]);
    })
    .await;
}

#[tokio::test]
async fn a_chosen_kind_is_the_only_one_drawn_on() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let (city, mapo) = (world.citywide().await, world.kind(Scope::District(District::MAPO), 1_000).await);
        for kind in [city, mapo] {
            let window = world.window(kind, 1_000_000).await;
            world.buy(&citizen, window, 30_000).await;
        }
        let shop = world.shop().await.merchant.id;
        let chosen = paying::Wish { kind: Some(city), ..bill(world, citizen.id, shop, 20_000) };
        assert!(pay_all(&world.store, &[chosen], world.now).await[0].is_ok());
        assert_eq!(draws(world, citizen.id, chosen.id).await, [(city, 20_000)]);
        let too_much = paying::Wish { kind: Some(city), ..bill(world, citizen.id, shop, 20_000) };
        let answer = pay_all(&world.store, &[too_much], world.now).await;
        assert_eq!(answer, [Err(Refused::NotEnough { usable: Won::of(10_000) })]);
    })
    .await;
}

#[tokio::test]
async fn a_voucher_of_another_district_and_an_expired_one_are_not_taken() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let gangnam = world.window(world.kind(Scope::District(District::GANGNAM), 1_000).await, 1_000_000).await;
        world.buy(&citizen, gangnam, 30_000).await;
        let (mapo_shop, gangnam_shop) = (world.shop().await, world.shop_in(District::GANGNAM).await);
        let elsewhere = Refused::KindNotUsableHere { shop: District::MAPO, voucher: District::GANGNAM };
        let there = bill(world, citizen.id, mapo_shop.merchant.id, 1_000);
        assert_eq!(pay_all(&world.store, &[there], world.now).await, [Err(elsewhere)]);

        let end = expiry(world.now, 5);
        assert_eq!(end, at("2031-07-15T00:00:00+09:00"));
        let here = bill(world, citizen.id, gangnam_shop.merchant.id, 1_000);
        assert_eq!(pay_all(&world.store, &[here], end).await, [Err(Refused::NotEnough { usable: Won::ZERO })]);
        assert!(pay_all(&world.store, &[here], end - 1.millisecond()).await[0].is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_lot_lasts_to_the_end_of_its_last_day_in_seoul() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let leap = at("2028-02-29T23:59:59.999+09:00");
        let span = Span::new(leap - 1.hour(), leap + 1.hour()).unwrap();
        let window = world.sale(world.citywide().await, &[(span, Who::Anyone, Won::of(100_000))]).await[0];
        world.buy_at(&citizen, window, 10_000, leap).await;
        let lots = world.store.wallet(citizen.id, leap).await.unwrap().lots;
        assert_eq!(lots[0].expires_at, at("2033-03-01T00:00:00+09:00"));
    })
    .await;
}
