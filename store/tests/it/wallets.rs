//! What a person holds and may still buy.

use crate::world::on_both_engines;
use domain::buying::Allowance;
use domain::calendar::Month;
use domain::district::District;
use domain::kind::Scope;
use domain::{KindId, Won};

#[tokio::test]
async fn a_wallet_holds_lots_with_something_left() {
    on_both_engines(async |world| {
        let (citizen, other) = (world.citizen().await, world.citizen().await);
        let citywide = world.citywide().await;
        let mapo = world.kind(Scope::District(District::MAPO), 1_000).await;
        let (city_window, mapo_window) = (world.window(citywide, 1_000_000).await, world.window(mapo, 1_000_000).await);
        world.buy(&citizen, city_window, 100_000).await;
        world.buy(&citizen, mapo_window, 50_000).await;
        world.buy(&citizen, city_window, 20_000).await;
        world.buy(&other, city_window, 30_000).await;
        let shop = world.shop().await;
        // The district's first: all of it, and 10,000 of the oldest citywide lot.
        world.pay(&citizen, &shop, 60_000).await;

        let wallet = world.store.wallet(citizen.id, world.now).await.unwrap();
        let lots: Vec<_> =
            wallet.lots.iter().map(|lot| (lot.kind, lot.face.get(), lot.left.get(), lot.paid.get(), lot.discount.0)).collect();
        assert_eq!(lots, [(citywide, 100_000, 90_000, 93_000, 700), (citywide, 20_000, 20_000, 18_600, 700)]);
        assert_eq!(wallet.kinds.iter().map(|kind| kind.id).collect::<Vec<_>>(), [citywide]);
        let expires_at = wallet.lots[0].expires_at;
        assert_eq!(expires_at, "2031-07-15T00:00:00+09:00".parse().unwrap());
        assert!(world.store.wallet(citizen.id, expires_at).await.unwrap().lots.is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_allowance_counts_what_is_bought_and_held() {
    on_both_engines(async |world| {
        let (citizen, kind) = (world.citizen().await, world.citywide().await);
        assert_eq!(world.store.allowance(citizen.id, kind).await.unwrap(), Allowance::NONE);
        let window = world.window(kind, 1_000_000).await;
        world.buy(&citizen, window, 100_000).await;
        world.reserve(&citizen, window, 50_000, world.now).await;
        let expected = Allowance { month: Month(202_607), bought: Won::of(150_000), held: Won::of(150_000) };
        assert_eq!(world.store.allowance(citizen.id, kind).await.unwrap(), expected);
        assert_eq!(world.store.allowance(citizen.id, KindId(9)).await.unwrap(), Allowance::NONE);
    })
    .await;
}
