use super::{cancel, cast, days, july, rich};
use crate::world::{World, on_both_engines};
use domain::Won;
use domain::takings::Preset;
use futures::future::join_all;
use store::Tallied;

#[tokio::test]
async fn nothing_is_counted_twice_however_many_count_at_once() {
    on_both_engines(async |world: &World| {
        let (payer, shop) = cast(world).await;
        let (quiet, proof) = (world.shop().await, world.owner_proof(&shop).await);
        let stores = match world.store.engine() {
            store::Engine::Sqlite => vec![world.store.clone(), world.store.clone()],
            store::Engine::Postgres => vec![world.store.clone(), world.second_store().await],
        };
        for round in 0..5 {
            for minute in 0..6 {
                world.pay_at(&payer, &shop, 10, july(14, round, minute)).await;
            }
            let shops = [quiet.merchant.id, shop.merchant.id];
            let counted = join_all((0..8).map(|number| stores[number % 2].tally_takings(&shops))).await;
            assert_eq!(counted.into_iter().map(|counted| counted.unwrap().notices).sum::<usize>(), 6);
        }
        let total = world.store.takings(&proof, Preset::Today.range(world.now), world.now).await.unwrap().0.total();
        assert_eq!((total.sums.paid_count, total.sums.paid, total.new_payers), (30, Won::of(300), 1));
        for store in &stores[1..] {
            if world.store.engine() == store::Engine::Postgres {
                store.close().await;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn shops_that_are_behind_are_found_until_they_are_counted() {
    on_both_engines(async |world| {
        let (payer, shop) = cast(world).await;
        let (quiet, other) = (world.shop().await, world.shop().await);
        assert!(world.store.shops_to_tally(10).await.unwrap().is_empty());
        assert_eq!(world.store.tally_takings(&[quiet.merchant.id]).await.unwrap(), Tallied::default());
        world.pay(&payer, &shop, 10).await;
        world.pay(&payer, &other, 10).await;
        let mut behind = vec![shop.merchant.id, other.merchant.id];
        behind.sort_unstable();
        assert_eq!(world.store.shops_to_tally(10).await.unwrap(), behind);
        assert_eq!(world.store.shops_to_tally(1).await.unwrap(), behind[..1]);
        assert_eq!(world.store.tally_takings(&behind).await.unwrap(), Tallied { notices: 2, has_more: false });
        assert!(world.store.shops_to_tally(10).await.unwrap().is_empty());
        world.pay(&payer, &shop, 10).await;
        assert_eq!(world.store.shops_to_tally(10).await.unwrap(), [shop.merchant.id]);
        world.store.forget_takings().await.unwrap();
        assert_eq!(world.store.shops_to_tally(10).await.unwrap(), behind);
    })
    .await;
}

/// More than one round of counting, out of order on the clock, counted in pieces and made again: always the same.
#[tokio::test]
async fn sums_made_again_are_the_same() {
    on_both_engines(async |world| {
        let (one, shop) = cast(world).await;
        let other = rich(world, world.citywide().await).await;
        let proof = world.owner_proof(&shop).await;
        let mut paid = Vec::new();
        for number in 0..60i8 {
            let payer = if number % 3 == 0 { &other } else { &one };
            // Now and then the clock of another node is behind: an earlier day comes later.
            let day = if number % 7 == 3 { 1 + number / 5 } else { 2 + number / 5 };
            paid.push(world.pay_at(payer, &shop, 100 + i64::from(number), july(day, number % 24, 0)).await.0);
            if number % 11 == 0 {
                world.store.tally_takings(&[shop.merchant.id]).await.unwrap();
            }
            if number % 13 == 5 {
                cancel(world, &shop, paid[usize::try_from(number).unwrap() / 2], 7, july(day, 23, 59)).await;
            }
        }
        let look = async || world.store.takings(&proof, days("2026-07-01", "2026-07-31"), world.now).await.unwrap();
        let seen = look().await;
        world.store.forget_takings().await.unwrap();
        assert_eq!(look().await, seen);
        world.store.tally_takings(&[shop.merchant.id]).await.unwrap();
        assert_eq!(look().await, seen);
        assert_eq!(seen.0.total().sums.paid_count, 60);
    })
    .await;
}

#[tokio::test]
async fn a_shop_that_is_far_behind_is_counted_by_whoever_looks() {
    on_both_engines(async |world| {
        let (payer, shop) = cast(world).await;
        let proof = world.owner_proof(&shop).await;
        for some in 0..21 {
            let paying = (0..100).map(|_| world.pay_at(&payer, &shop, 1, july(14, 1, some)));
            join_all(paying).await;
        }
        let total = world.store.takings(&proof, Preset::Today.range(world.now), world.now).await.unwrap().0.total();
        assert_eq!((total.sums.paid_count, total.new_payers), (2_100, 1));
        assert!(world.number(&format!("SELECT number FROM shop_tally WHERE merchant_id = {}", shop.merchant.id)).await >= 500);
    })
    .await;
}
