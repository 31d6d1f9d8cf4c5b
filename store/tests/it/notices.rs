//! What a shop is told, read back.

use crate::world::on_both_engines;
use domain::notice::Event;
use domain::{MerchantId, Won};
use store::DayTotal;

#[tokio::test]
async fn notices_are_read_after_a_number_and_from_the_newest() {
    on_both_engines(async |world| {
        let (payer, shop, elsewhere) = (world.citizen().await, world.shop().await, world.shop().await);
        world.buy(&payer, world.window(world.citywide().await, 1_000_000).await, 100_000).await;
        let mut paid = Vec::new();
        for amount in [1_000, 2_000, 3_000] {
            paid.push(world.pay(&payer, &shop, amount).await);
        }
        world.pay(&payer, &elsewhere, 4_000).await;
        let all = world.store.notices_after(shop.merchant.id, 0, 10).await.unwrap();
        let told: Vec<_> = all.iter().map(|notice| (notice.number, notice.payment, notice.code, notice.amount.get())).collect();
        assert_eq!(told, [(1, paid[0].0, paid[0].1, 1_000), (2, paid[1].0, paid[1].1, 2_000), (3, paid[2].0, paid[2].1, 3_000)]);
        assert!(all.iter().all(|notice| notice.event == Event::Paid && notice.at == world.now));
        let numbers = |notices: Vec<domain::notice::Notice>| notices.iter().map(|notice| notice.number).collect::<Vec<_>>();
        for (after, limit, read) in [(0, 2, vec![1, 2]), (1, 10, vec![2, 3]), (3, 10, vec![]), (99, 10, vec![]), (-5, 1, vec![1])] {
            assert_eq!(numbers(world.store.notices_after(shop.merchant.id, after, limit).await.unwrap()), read, "after {after}");
        }
        assert_eq!(numbers(world.store.latest_notices(shop.merchant.id, 2).await.unwrap()), [3, 2]);
        for (merchant, last) in [(shop.merchant.id, 3), (elsewhere.merchant.id, 1), (MerchantId(1), 0)] {
            assert_eq!(world.store.last_number(merchant).await.unwrap(), last);
        }
    })
    .await;
}

#[tokio::test]
async fn a_day_of_a_shop_ends_at_midnight_in_seoul() {
    on_both_engines(async |world| {
        let (payer, shop) = (world.citizen().await, world.shop().await);
        world.buy(&payer, world.window(world.citywide().await, 1_000_000).await, 100_000).await;
        // 10:30 now: midnight is 13.5 hours away.
        let midnight_s = 13 * 3_600 + 1_800;
        world.pay_at(&payer, &shop, 1_000, world.later(0)).await;
        world.pay_at(&payer, &shop, 2_000, world.later(midnight_s - 1)).await;
        world.pay_at(&payer, &shop, 4_000, world.later(midnight_s)).await;
        for (at_s, count, paid) in [(0, 2, 3_000), (midnight_s - 1, 2, 3_000), (midnight_s, 1, 4_000), (midnight_s + 86_400, 0, 0)] {
            let today = world.store.today(shop.merchant.id, world.later(at_s)).await.unwrap();
            assert_eq!(today, DayTotal { paid_count: count, paid: Won::of(paid), ..DayTotal::default() }, "after {at_s} s");
        }
    })
    .await;
}
