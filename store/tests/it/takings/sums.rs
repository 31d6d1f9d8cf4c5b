use super::{cancel, cast, days, july, rich};
use crate::world::on_both_engines;
use domain::Won;
use domain::calendar::Day;
use domain::district::District;
use domain::kind::Scope;
use domain::takings::{Preset, Sums};

fn sums(paid_count: i64, paid: i64, cancelled_count: i64, cancelled: i64) -> Sums {
    Sums { paid_count, paid: Won::of(paid), cancelled_count, cancelled: Won::of(cancelled) }
}

#[tokio::test]
async fn what_was_paid_and_cancelled_is_summed_by_the_hour_whether_counted_or_not() {
    on_both_engines(async |world| {
        let (payer, shop) = cast(world).await;
        let proof = world.owner_proof(&shop).await;
        let (early, _) = world.pay_at(&payer, &shop, 1_000, july(12, 23, 59)).await;
        world.pay_at(&payer, &shop, 2_000, july(13, 0, 0)).await;
        world.pay_at(&payer, &shop, 4_000, july(13, 0, 59)).await;
        cancel(world, &shop, early, 300, july(13, 1, 0)).await;
        cancel(world, &shop, early, 700, july(14, 9, 0)).await;
        world.pay_at(&payer, &shop, 8_000, july(14, 9, 30)).await;
        let look = async |from: &str, to: &str| world.store.takings(&proof, days(from, to), world.now).await.unwrap();
        let all = look("2026-07-01", "2026-07-31").await;
        let hours: Vec<(i32, u8, Sums)> = all.0.hours.iter().map(|hour| (hour.day.0, hour.hour, hour.of.sums)).collect();
        let expected = [
            (20_260_712, 23, sums(1, 1_000, 0, 0)),
            (20_260_713, 0, sums(2, 6_000, 0, 0)),
            (20_260_713, 1, sums(0, 0, 1, 300)),
            (20_260_714, 9, sums(1, 8_000, 1, 700)),
        ];
        assert_eq!(hours, expected);
        assert_eq!(look("2026-07-13", "2026-07-13").await.0.total().sums, sums(2, 6_000, 1, 300));
        assert!(look("2026-06-01", "2026-06-30").await.0.hours.is_empty());
        // A cancel of another day's payment: less than nothing would be possible too.
        assert_eq!(all.1.so_far.net(), 7_300);
        assert_eq!((all.1.last_number, all.1.day), (6, Day(20_260_714)));
        while world.store.tally_takings(&[shop.merchant.id]).await.unwrap().notices > 0 {}
        assert_eq!(look("2026-07-01", "2026-07-31").await, all);
        world.store.forget_takings().await.unwrap();
        assert_eq!(look("2026-07-01", "2026-07-31").await, all);
    })
    .await;
}

#[tokio::test]
async fn payers_are_new_once_and_return_once_a_day() {
    on_both_engines(async |world| {
        let (one, shop) = cast(world).await;
        let other = rich(world, world.citywide().await).await;
        let elsewhere = world.shop().await;
        let proof = world.owner_proof(&shop).await;
        // Having paid at another shop makes nobody known here.
        world.pay_at(&one, &elsewhere, 100, july(1, 9, 0)).await;
        for (who, time) in [
            (&one, july(2, 9, 0)),
            (&one, july(2, 10, 0)),
            (&one, july(3, 9, 0)),
            (&one, july(3, 11, 0)),
            (&other, july(3, 9, 0)),
            (&other, july(5, 9, 0)),
            (&one, july(5, 9, 30)),
        ] {
            world.pay_at(who, &shop, 100, time).await;
            // Counted in pieces, as the job does.
            world.store.tally_takings(&[shop.merchant.id, elsewhere.merchant.id]).await.unwrap();
        }
        let of = async |from: &str, to: &str| {
            let total = world.store.takings(&proof, days(from, to), world.now).await.unwrap().0.total();
            (total.new_payers, total.returning_payers)
        };
        assert_eq!(of("2026-07-02", "2026-07-02").await, (1, 0));
        assert_eq!(of("2026-07-03", "2026-07-03").await, (1, 1));
        assert_eq!(of("2026-07-04", "2026-07-05").await, (0, 2));
        assert_eq!(of("2026-07-01", "2026-07-31").await, (2, 3));
    })
    .await;
}

#[tokio::test]
async fn kinds_have_their_shares() {
    on_both_engines(async |world| {
        let (citywide, mapo) = (world.citywide().await, world.kind(Scope::District(District::MAPO), 1_000).await);
        let shop = world.shop().await;
        let payer = world.citizen().await;
        let (of_city, of_mapo) = (world.window(citywide, 100_000).await, world.window(mapo, 10_000).await);
        world.buy(&payer, of_city, 100_000).await;
        world.buy(&payer, of_mapo, 10_000).await;
        // District before citywide: this one draws on both.
        let (both, _) = world.pay(&payer, &shop, 15_000).await;
        world.pay(&payer, &shop, 20_000).await;
        let proof = world.owner_proof(&shop).await;
        let shares = async || {
            let takings = world.store.takings(&proof, Preset::Today.range(world.now), world.now).await.unwrap().0;
            takings.kinds.into_iter().map(|share| (share.kind.id, share.payments, share.paid.get())).collect::<Vec<_>>()
        };
        let expected = [(citywide, 2, 25_000), (mapo, 1, 10_000)];
        assert_eq!(shares().await, expected);
        world.store.tally_takings(&[shop.merchant.id]).await.unwrap();
        assert_eq!(shares().await, expected);
        let filter = domain::takings::filter::PaymentFilter {
            kind: Some(mapo),
            ..domain::takings::filter::PaymentFilter::of_days(Preset::Today.range(world.now))
        };
        let found = world.store.shop_payments(&proof, &filter, store::Page::NEWEST, 10).await.unwrap();
        assert_eq!(
            found.rows.iter().map(|row| (row.id, row.kinds.clone())).collect::<Vec<_>>(),
            [(both, vec![(mapo, Won::of(10_000)), (citywide, Won::of(5_000))])]
        );
    })
    .await;
}

#[tokio::test]
async fn today_is_laid_beside_the_same_weekday_up_to_the_same_minute() {
    on_both_engines(async |world| {
        let (payer, shop) = cast(world).await;
        let proof = world.owner_proof(&shop).await;
        // Now is Tuesday 14 July, 10:30.
        for (day, hour, minute, amount) in [
            (7, 9, 0, 1_000),
            (7, 10, 29, 2_000),
            (7, 10, 31, 4_000),
            (7, 15, 0, 8_000),
            (8, 9, 0, 500),
            (14, 9, 0, 3_000),
            (14, 10, 30, 500),
        ] {
            world.pay_at(&payer, &shop, amount, july(day, hour, minute)).await;
        }
        let look = async || world.store.takings(&proof, Preset::Today.range(world.now), world.now).await.unwrap().1;
        let uncounted = look().await;
        world.store.tally_takings(&[shop.merchant.id]).await.unwrap();
        let today = look().await;
        assert_eq!(uncounted, today);
        assert_eq!(today.so_far, sums(2, 3_500, 0, 0));
        assert_eq!((today.hours[9].net(), today.hours[10].net()), (3_000, 500));
        let days: Vec<i32> = today.before.iter().map(|day| day.day.0).collect();
        assert_eq!(days, [20_260_707, 20_260_630, 20_260_623, 20_260_616]);
        assert_eq!((today.before[0].so_far, today.before[0].whole), (sums(2, 3_000, 0, 0), sums(4, 15_000, 0, 0)));
        assert!(today.before[1..].iter().all(|day| day.whole.is_nothing()));
        assert_eq!(today.average_so_far(), Some(3_000));
    })
    .await;
}

#[tokio::test]
async fn fees_and_payouts_are_those_of_settled_days() {
    on_both_engines(async |world| {
        let (payer, shop) = cast(world).await;
        let proof = world.owner_proof(&shop).await;
        world.pay(&payer, &shop, 30_000).await;
        let look = async || world.store.settled_takings(&proof, days("2026-07-01", "2026-07-31")).await.unwrap();
        assert_eq!(look().await, domain::takings::SettledTakings::default());
        // The city knows of a revenue that asks for 0.5 %.
        let (id, now) = (shop.merchant.id, world.now.as_millisecond());
        world.sql(&format!("INSERT INTO revenue_declaration (id, merchant_id, year, revenue, operator_id, declared_at) VALUES (1, {id}, 2025, 2000000000, 1, {now})")).await;
        crate::settling::close(world, "2026-07-15T00:02:00+09:00".parse().unwrap()).await;
        let settled = look().await;
        assert_eq!((settled.fees, settled.days), (Won::of(150), 1));
        // Tuesday's on Thursday.
        assert_eq!(settled.coming, [domain::takings::Coming { on: Day(20_260_716), amount: Won::of(29_850) }]);
        let june = world.store.settled_takings(&proof, days("2026-06-01", "2026-06-30")).await.unwrap();
        assert_eq!((june.days, june.coming), (0, settled.coming));
    })
    .await;
}
