//! Kinds, sales and what is on sale.

use crate::world::on_both_engines;
use domain::calendar::Span;
use domain::district::District;
use domain::kind::Scope;
use domain::sale::{Pool, Who};
use domain::{KindId, WindowId, Won};
use jiff::ToSpan;
use store::NewSale;

#[tokio::test]
async fn a_kind_reads_back_as_it_was_made() {
    on_both_engines(async |world| {
        let district = world.kind(Scope::District(District::MAPO), 1_000).await;
        let citywide = world.citywide().await;
        let kind = world.store.kind(district).await.unwrap().unwrap();
        assert_eq!((kind.id, kind.scope, kind.discount.0), (district, Scope::District(District::MAPO), 1_000));
        assert_eq!((kind.unit, kind.month_limit, kind.holding_cap), (Won::of(10_000), Won::of(400_000), Won::of(1_000_000)));
        let kinds: Vec<KindId> = world.store.kinds().await.unwrap().iter().map(|kind| kind.id).collect();
        assert_eq!(kinds, [citywide, district]);
        assert_eq!(world.store.kind(KindId(1)).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_sale_is_shown_before_during_and_for_a_day_after() {
    on_both_engines(async |world| {
        let kind = world.citywide().await;
        let opens = world.now + 2.hours();
        let morning = Span::new(opens, opens + 4.hours()).unwrap();
        let afternoon = Span::new(opens + 4.hours(), opens + 8.hours()).unwrap();
        let half = Won::of(12_500_000_000);
        let windows = world.sale(kind, &[(morning, Who::OddBirthYears, half), (afternoon, Who::EvenBirthYears, half)]).await;
        let last_s = 10 * 3_600 + 86_400;
        for (after_s, shown) in [(0, true), (3 * 3_600, true), (last_s - 1, true), (last_s, false)] {
            let sales = world.store.on_sale(world.later(after_s)).await.unwrap();
            assert_eq!(sales.len(), usize::from(shown), "after {after_s} s");
        }
        let sale = world.store.on_sale(world.now).await.unwrap().remove(0);
        assert_eq!((sale.kind.id, sale.name_ko.as_str(), sale.name_en.as_str()), (kind, "7월 발행", "July sale"));
        let shown: Vec<_> = sale.windows.iter().map(|(window, pool)| (window.id, window.span, window.who, *pool)).collect();
        let pool = Pool { total: half, held: Won::ZERO, sold: Won::ZERO };
        assert_eq!(shown, [(windows[0], morning, Who::OddBirthYears, pool), (windows[1], afternoon, Who::EvenBirthYears, pool)]);
    })
    .await;
}

#[tokio::test]
async fn a_window_shows_what_is_held_and_sold() {
    on_both_engines(async |world| {
        let kind = world.citywide().await;
        let window = world.window(kind, 1_000_000).await;
        let citizen = world.citizen().await;
        world.buy(&citizen, window, 100_000).await;
        world.reserve(&citizen, window, 50_000, world.now).await;
        let (found, pool, found_kind) = world.store.window(window).await.unwrap().unwrap();
        assert_eq!((found.id, found.kind, found_kind.id), (window, kind, kind));
        assert_eq!(pool, Pool { total: Won::of(1_000_000), held: Won::of(50_000), sold: Won::of(100_000) });
        assert!(world.store.window(WindowId(0)).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_sale_of_no_kind_is_not_made_at_all() {
    on_both_engines(async |world| {
        let span = Span::new(world.now, world.now + 1.hour()).unwrap();
        let windows = vec![(span, Who::Anyone, Won::of(10_000))];
        let new = NewSale {
            kind: KindId(404),
            name_ko: "없는".to_owned(),
            name_en: "none".to_owned(),
            windows: windows.into_iter().map(Into::into).collect(),
        };
        world.store.create_sale(&new, world.now).await.unwrap_err();
        assert_eq!(world.number("SELECT COUNT(*) FROM sale").await, 0);
        assert!(world.store.on_sale(world.now).await.unwrap().is_empty());
    })
    .await;
}
