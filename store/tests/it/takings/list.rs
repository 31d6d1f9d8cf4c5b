use super::{cancel, cast, days, july};
use crate::world::on_both_engines;
use domain::Won;
use domain::takings::ShopPayment;
use domain::takings::filter::{Kept, PaymentFilter, Search, Wanted};
use store::Page;

fn filter(from: &str, to: &str) -> PaymentFilter {
    PaymentFilter::of_days(days(from, to))
}

fn amounts(rows: &[ShopPayment]) -> Vec<i64> {
    rows.iter().map(|row| row.amount.get()).collect()
}

#[tokio::test]
async fn payments_are_listed_page_by_page_both_ways() {
    on_both_engines(async |world| {
        let (payer, shop) = cast(world).await;
        let proof = world.owner_proof(&shop).await;
        for (number, day) in [(1, 10), (2, 11), (3, 11), (4, 11), (5, 12), (6, 14)] {
            world.pay_at(&payer, &shop, number, july(day, 9, 0)).await;
        }
        let all = async |filter: &PaymentFilter, from: Page, limit: i64| {
            let (mut page, mut seen) = (Some(from), Vec::new());
            while let Some(from) = page {
                let found = world.store.shop_payments(&proof, filter, from, limit).await.unwrap();
                seen.extend(amounts(&found.rows));
                page = found.next;
            }
            seen
        };
        for is_counted in [false, true] {
            if is_counted {
                world.store.tally_takings(&[shop.merchant.id]).await.unwrap();
            }
            for limit in [1, 2, 3, 50] {
                assert_eq!(all(&filter("2026-07-01", "2026-07-31"), Page::NEWEST, limit).await, [6, 5, 4, 3, 2, 1]);
                assert_eq!(all(&filter("2026-07-01", "2026-07-31"), Page::OLDEST, limit).await, [1, 2, 3, 4, 5, 6]);
                assert_eq!(all(&filter("2026-07-11", "2026-07-12"), Page::NEWEST, limit).await, [5, 4, 3, 2]);
                assert_eq!(all(&filter("2026-07-11", "2026-07-11"), Page::OLDEST, limit).await, [2, 3, 4]);
                assert!(all(&filter("2026-07-13", "2026-07-13"), Page::NEWEST, limit).await.is_empty());
                assert!(all(&filter("2026-06-01", "2026-06-30"), Page::OLDEST, limit).await.is_empty());
            }
        }
        // What came after the last count is there, of its day.
        world.pay_at(&payer, &shop, 7, july(14, 9, 30)).await;
        assert_eq!(all(&filter("2026-07-14", "2026-07-14"), Page::NEWEST, 50).await, [7, 6]);
        assert_eq!(all(&filter("2026-07-15", "2026-07-15"), Page::NEWEST, 50).await, Vec::<i64>::new());
    })
    .await;
}

#[tokio::test]
async fn payments_are_found_by_what_is_known_of_them() {
    on_both_engines(async |world| {
        let (payer, shop) = cast(world).await;
        let (other, proof) = (world.shop().await, world.owner_proof(&shop).await);
        let (whole, code) = world.pay_at(&payer, &shop, 1_000, july(14, 8, 59)).await;
        let (part, _) = world.pay_at(&payer, &shop, 2_000, july(14, 9, 0)).await;
        let (nothing, _) = world.pay_at(&payer, &shop, 3_000, july(14, 9, 59)).await;
        world.pay_at(&payer, &other, 4_000, july(14, 9, 0)).await;
        cancel(world, &shop, part, 500, july(14, 10, 0)).await;
        cancel(world, &shop, nothing, 3_000, july(14, 10, 0)).await;
        let today = filter("2026-07-14", "2026-07-14");
        let find = async |filter: PaymentFilter| {
            let found = world.store.shop_payments(&proof, &filter, Page::NEWEST, 50).await.unwrap();
            found.rows.iter().map(|row| row.id).collect::<Vec<_>>()
        };
        assert_eq!(find(today).await, [nothing, part, whole]);
        assert_eq!(find(PaymentFilter { wanted: Some(Wanted::Is(Kept::Whole)), ..today }).await, [whole]);
        assert_eq!(find(PaymentFilter { wanted: Some(Wanted::Is(Kept::Part)), ..today }).await, [part]);
        assert_eq!(find(PaymentFilter { wanted: Some(Wanted::Is(Kept::Nothing)), ..today }).await, [nothing]);
        assert_eq!(find(PaymentFilter { wanted: Some(Wanted::Cancelled), ..today }).await, [nothing, part]);
        assert_eq!(find(PaymentFilter { hour: Some(9), ..today }).await, [nothing, part]);
        assert_eq!(find(PaymentFilter { hour: Some(10), ..today }).await, []);
        assert_eq!(find(PaymentFilter { least: Some(Won::of(2_000)), ..today }).await, [nothing, part]);
        assert_eq!(find(PaymentFilter { least: Some(Won::of(1_001)), most: Some(Won::of(2_000)), ..today }).await, [part]);
        assert_eq!(find(PaymentFilter { search: Search::parse("3,000"), ..today }).await, [nothing]);
        assert!(find(PaymentFilter { search: Search::parse(&code.to_string()), ..today }).await.contains(&whole));
        assert!(find(PaymentFilter { search: Search::parse("2000"), ..today }).await.contains(&part));
        assert_eq!(find(PaymentFilter { kind: Some(domain::KindId(1)), ..today }).await, []);
        let found = world
            .store
            .shop_payments(&proof, &PaymentFilter { wanted: Some(Wanted::Is(Kept::Part)), ..today }, Page::NEWEST, 1)
            .await
            .unwrap();
        assert_eq!((found.rows[0].cancelled, found.rows[0].kinds.len(), found.rows[0].at), (Won::of(500), 1, july(14, 9, 0)));
    })
    .await;
}
