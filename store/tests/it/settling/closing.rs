//! The close: at midnight, once, and nothing falls into a closed day.

use super::{CLOSED, TUESDAY, at, balance, close, days_later, figures, payer, pays, settlement};
use crate::till::{bill, pay_all};
use crate::world::on_both_engines;
use domain::Won;
use domain::business_days::NoHolidays;
use domain::calendar::Day;
use domain::kind::BasisPoints;
use futures::future::join_all;
use store::{Keys, ReceiptEvent, Store};

#[tokio::test]
async fn a_day_is_settled_after_its_midnight_and_paid_on_the_second_business_day() {
    on_both_engines(async |world| {
        let (payer, shop) = (payer(world).await, world.shop().await);
        pays(world, &payer, &shop, 30_000, world.now).await;
        pays(world, &payer, &shop, 12_000, world.now).await;
        for too_early in ["2026-07-14T23:59:59+09:00", "2026-07-15T00:00:59+09:00"] {
            assert_eq!(close(world, at(too_early)).await, 0);
        }
        assert_eq!(world.store.closed_through().await.unwrap(), Some(Day(20260713)));
        assert_eq!(close(world, at(CLOSED)).await, 1);
        assert_eq!(figures(world, &shop, TUESDAY).await, [42_000, 0, 0, 42_000, 0]);
        let row = settlement(world, &shop, TUESDAY).await.unwrap();
        assert_eq!((row.pay_on, row.fee_rate, row.is_declared), (Day(20260716), BasisPoints(0), false));
        assert_eq!((balance(world, 2020).await, balance(world, 2040).await), (0, -42_000));
        // Again and again: nothing more.
        for later in ["2026-07-15T00:03:00+09:00", "2026-07-16T00:03:00+09:00"] {
            assert_eq!(close(world, at(later)).await, 0);
        }
        let receipts = world.store.receipts(&world.owner_proof(&shop).await, TUESDAY, 0, 10).await.unwrap();
        let lines: Vec<_> = receipts.iter().map(|line| (line.number, line.event, line.amount.get())).collect();
        assert_eq!(lines, [(1, ReceiptEvent::Issued, 30_000), (2, ReceiptEvent::Issued, 12_000)]);
    })
    .await;
}

#[tokio::test]
async fn a_payment_that_was_heard_before_midnight_and_comes_after_the_close_counts_on_the_day_that_has_begun() {
    on_both_engines(async |world| {
        let (payer, shop) = (payer(world).await, world.shop().await);
        pays(world, &payer, &shop, 10_000, at("2026-07-14T23:59:58+09:00")).await;
        close(world, at(CLOSED)).await;
        let late = pays(world, &payer, &shop, 7_000, at("2026-07-14T23:59:59+09:00")).await;
        assert_eq!(figures(world, &shop, TUESDAY).await, [10_000, 0, 0, 10_000, 0]);
        let proof = world.owner_proof(&shop).await;
        let payment = world.store.payment(store::Viewer::Staff(&proof), late).await.unwrap().unwrap();
        assert_eq!(payment.created_at, at("2026-07-15T00:00:00+09:00"));
        close(world, at("2026-07-16T00:02:00+09:00")).await;
        assert_eq!(figures(world, &shop, Day(20260715)).await, [7_000, 0, 0, 7_000, 0]);
    })
    .await;
}

#[tokio::test]
async fn whoever_pays_while_the_day_is_closed_is_settled_once() {
    on_both_engines(async |world| {
        let (payer, shop) = (payer(world).await, world.shop().await);
        let just_before = at("2026-07-14T23:59:59.900+09:00");
        let bills: Vec<_> = (0..200).map(|_| bill(world, payer.id, shop.merchant.id, 1_000)).collect();
        let paying = join_all(bills.chunks(20).map(|some| pay_all(&world.store, some, just_before)));
        let (paid, closed) = tokio::join!(paying, close(world, at(CLOSED)));
        assert!(paid.iter().flatten().all(Result::is_ok) && closed <= 1);
        close(world, at("2026-07-16T00:02:00+09:00")).await;
        let (mut settled, mut lines) = (0, 0);
        let proof = world.owner_proof(&shop).await;
        for row in world.store.settlements(&proof, None, 10).await.unwrap() {
            settled += row.figures.paid.get();
            lines += world.store.receipts(&proof, row.day, 0, 1_000).await.unwrap().len();
        }
        assert_eq!((settled, lines), (200_000, 200));
    })
    .await;
}

#[tokio::test]
async fn two_closers_and_a_crash_in_between_settle_each_shop_once() {
    on_both_engines(async |world| {
        let payer = payer(world).await;
        let mut shops = Vec::new();
        for _ in 0..6 {
            let shop = world.shop().await;
            pays(world, &payer, &shop, 5_000, world.now).await;
            shops.push(shop);
        }
        let other = Store::open(&world.url, Keys::new([42; 32])).await.unwrap();
        let now = at(CLOSED);
        // On SQLite two processes never share a database; two callers do.
        let second = if world.store.engine() == store::Engine::Postgres { &other } else { &world.store };
        let (one, two) = tokio::join!(world.store.close_days(now), second.close_days(now));
        let closed = [one.unwrap().unwrap(), two.unwrap().unwrap()].concat();
        assert_eq!(closed, [TUESDAY]);
        // A closer that stopped in the middle leaves what it had committed.
        world.sql("UPDATE settlement_day SET shops = 0").await;
        let (one, two) = tokio::join!(world.store.settle_some(now), second.settle_some(now));
        let settled: usize = [one.unwrap(), two.unwrap()].into_iter().flatten().map(|some| some.shops).sum();
        assert_eq!(settled, 6);
        assert_eq!(world.store.settle_some(now).await.unwrap(), None);
        for shop in &shops {
            assert_eq!(figures(world, shop, TUESDAY).await, [5_000, 0, 0, 5_000, 0]);
        }
        other.close().await;
    })
    .await;
}

#[tokio::test]
async fn days_that_were_missed_are_settled_one_after_the_other() {
    on_both_engines(async |world| {
        let (payer, shop) = (payer(world).await, world.shop().await);
        for days in 0..3 {
            pays(world, &payer, &shop, 1_000 * i64::from(days + 1), days_later(world, days)).await;
        }
        assert_eq!(close(world, days_later(world, 4)).await, 3);
        let days = world.store.settlements(&world.owner_proof(&shop).await, None, 10).await.unwrap();
        let paid: Vec<_> = days.iter().map(|row| (row.day.0, row.settled.payout.get(), row.pay_on.0)).collect();
        // The 17th is Constitution Day, a Friday.
        assert_eq!(paid, [(20260716, 3_000, 20260721), (20260715, 2_000, 20260720), (20260714, 1_000, 20260716)]);
    })
    .await;
}

#[tokio::test]
async fn what_was_closed_is_not_looked_through_again() {
    on_both_engines(async |world| {
        let (payer, shop) = (payer(world).await, world.shop().await);
        pays(world, &payer, &shop, 1_000, world.now).await;
        close(world, at(CLOSED)).await;
        pays(world, &payer, &shop, 2_000, days_later(world, 1)).await;
        // No till writes there any more.
        world.sql(&format!("INSERT INTO merchant_day VALUES ({}, 20260102, 0, 0, 0, 0)", shop.merchant.id)).await;
        assert_eq!(world.store.close_days(days_later(world, 2)).await.unwrap(), Ok(vec![Day(20260715)]));
        world.sql("DELETE FROM merchant_day WHERE day = 20260102").await;
        assert_eq!(close(world, days_later(world, 2)).await, 1);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_closed_that_nobody_could_pay_out() {
    on_both_engines(async |world| {
        // As if it had been paid in 2051.
        let shop = world.shop().await;
        let merchant = shop.merchant.id;
        world.sql(&format!("INSERT INTO merchant_day VALUES ({merchant}, 20510103, 0, 0, 0, 0)")).await;
        let closed = world.store.close_days(at("2051-01-05T12:00:00+09:00")).await.unwrap();
        assert_eq!(closed, Err(NoHolidays(2051)));
        assert_eq!(world.store.closed_through().await.unwrap(), None);
        world.sql("DELETE FROM merchant_day").await;
    })
    .await;
}

#[tokio::test]
async fn the_fee_goes_by_the_revenue_of_the_year_before_as_declared_or_as_seen() {
    on_both_engines(async |world| {
        let (payer, shop) = (payer(world).await, world.shop().await);
        let operator = crate::city::signed_in(world, "controller").await;
        let declare = async |year, revenue, now| {
            let declared = world.store.declare_revenue(&operator, shop.merchant.id, year, Won::of(revenue), now).await;
            declared.unwrap().unwrap();
        };
        declare(2024, 9_000_000_000, world.now).await;
        pays(world, &payer, &shop, 10_000, world.now).await;
        close(world, days_later(world, 1)).await;
        // Of another year, and what was seen is nothing.
        assert_eq!(figures(world, &shop, TUESDAY).await, [10_000, 0, 0, 10_000, 0]);
        declare(2025, 1_000_000_000, days_later(world, 1)).await;
        pays(world, &payer, &shop, 10_000, days_later(world, 1)).await;
        close(world, days_later(world, 2)).await;
        assert_eq!(figures(world, &shop, Day(20260715)).await, [10_000, 0, 30, 9_970, 0]);
        // Corrected by the city.
        declare(2025, 2_000_000_000, days_later(world, 2)).await;
        pays(world, &payer, &shop, 10_000, days_later(world, 2)).await;
        close(world, days_later(world, 3)).await;
        assert_eq!(figures(world, &shop, Day(20260716)).await, [10_000, 0, 50, 9_950, 0]);
        // In the next year what we have seen in this one counts, which is little.
        let next_year = at("2027-01-04T12:00:00+09:00");
        pays(world, &payer, &shop, 10_000, next_year).await;
        close(world, at("2027-01-05T12:00:00+09:00")).await;
        let row = settlement(world, &shop, Day(20270104)).await.unwrap();
        assert_eq!((row.revenue, row.is_declared, row.settled.fee), (Won::of(30_000), false, Won::ZERO));
    })
    .await;
}

#[tokio::test]
async fn cashiers_see_no_settlements() {
    on_both_engines(async |world| {
        let (payer, shop) = (payer(world).await, world.shop().await);
        pays(world, &payer, &shop, 10_000, world.now).await;
        close(world, days_later(world, 1)).await;
        let owner = world.owner_proof(&shop).await;
        let cashier = world.citizen().await;
        assert!(world.store.add_staff(&owner, cashier.id, domain::merchant::Role::Cashier, world.now).await.unwrap());
        let proof = world.store.staff(cashier.id, shop.merchant.id, domain::merchant::Role::Cashier).await.unwrap().unwrap();
        assert!(world.store.settlements(&proof, None, 10).await.unwrap().is_empty());
        assert_eq!(world.store.settlement(&proof, TUESDAY).await.unwrap(), None);
        assert!(world.store.receipts(&proof, TUESDAY, 0, 10).await.unwrap().is_empty());
        assert!(world.store.unsettled_days(&proof).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_cancel_counts_on_its_own_day_and_what_is_more_than_paid_is_taken_from_the_days_that_follow() {
    on_both_engines(async |world| {
        let (payer, shop) = (payer(world).await, world.shop().await);
        let payment = pays(world, &payer, &shop, 50_000, world.now).await;
        close(world, days_later(world, 1)).await;
        let wish = domain::cancelling::Wish {
            id: domain::CancelId::from_parts(1, [7; 10]),
            payment,
            merchant: shop.merchant.id,
            amount: Won::of(40_000),
            by: shop.owner.id,
        };
        // Heard before midnight, committed after the close of that day.
        world.store.till().cancel(wish, at("2026-07-14T23:59:59+09:00")).await.unwrap().unwrap();
        pays(world, &payer, &shop, 15_000, days_later(world, 1)).await;
        close(world, days_later(world, 2)).await;
        pays(world, &payer, &shop, 30_000, days_later(world, 2)).await;
        close(world, days_later(world, 3)).await;
        assert_eq!(figures(world, &shop, TUESDAY).await, [50_000, 0, 0, 50_000, 0]);
        assert_eq!(figures(world, &shop, Day(20260715)).await, [15_000, 40_000, 0, 0, 25_000]);
        assert_eq!(figures(world, &shop, Day(20260716)).await, [30_000, 0, 0, 5_000, 0]);
        let receipts = world.store.receipts(&world.owner_proof(&shop).await, Day(20260715), 0, 10).await.unwrap();
        let lines: Vec<_> = receipts.iter().map(|line| (line.event, line.amount.get())).collect();
        assert_eq!(lines, [(ReceiptEvent::Voided, 40_000), (ReceiptEvent::Issued, 15_000)]);
    })
    .await;
}
