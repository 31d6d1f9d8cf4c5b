//! A shop's dashboard, the list of its payments and the files of them: who may look, what is asked wrongly, and that the figures are
//! those of the ledger.

use crate::browser::{Answer, Browser};
use crate::world::{Citizen, World, eventually, on_both_engines, on_sqlite};
use app::Error;
use app::error::Input;
use domain::district::District;
use domain::merchant::{Merchant, Role};
use domain::takings::filter::{FilterError, PaymentFilter};
use domain::takings::{Preset, RangeError};
use domain::{Timestamp, Won, paying};
use futures::{StreamExt, stream};
use http::Method;
use std::time::Instant;

/// A payer with 300,000, an owner with a shop, its manager and its cashier.
struct Cast {
    payer: Citizen,
    owner: Citizen,
    manager: Citizen,
    cashier: Citizen,
    shop: Merchant,
}

async fn cast(world: &World) -> Cast {
    let window = world.sale(10_000_000).await;
    let (payer, owner, manager, cashier) = (world.citizen().await, world.citizen().await, world.citizen().await, world.citizen().await);
    let shop = world.shop(owner.person, District::MAPO).await;
    let proof = world.store().staff(owner.person, shop.id, Role::Owner).await.unwrap().unwrap();
    for (person, role) in [(manager.person, Role::Manager), (cashier.person, Role::Cashier)] {
        assert!(world.store().add_staff(&proof, person, role, Timestamp::now()).await.unwrap());
    }
    payer.buys(window, 300_000).await;
    Cast { payer, owner, manager, cashier, shop }
}

async fn get(browser: &Browser, path: &str) -> Answer {
    browser.send(browser.request(Method::GET, path)).await
}

#[tokio::test]
async fn each_role_sees_what_it_may() {
    on_both_engines(async |world| {
        let Cast { payer, owner, manager, cashier, shop } = cast(world).await;
        payer.pays(&shop, 12_300).await;
        let base = format!("/merchant/{}", shop.number);
        for boss in [&owner, &manager] {
            let sales = boss.browser.open(&format!("{base}/sales")).await;
            sales.is_ok().says("12,300원");
            assert!(sales.text.contains(&format!("href=\"{base}/sales\"")) && sales.text.contains(&format!("{base}/export/csv?from=")));
            boss.browser.open(&format!("{base}/payments?from=2026-01-01&to=2026-01-31")).await.is_ok();
            for format in ["csv", "xlsx"] {
                get(&boss.browser, &format!("{base}/export/{format}")).await.is_ok();
            }
        }
        let today = cashier.browser.open(&format!("{base}/payments")).await;
        today.is_ok().says("12,300");
        assert!(!today.text.contains(&format!("{base}/sales")) && !today.text.contains("/export/"), "not for a cashier");
        cashier.browser.open(&format!("{base}/payments?from=2026-01-01&to=2026-01-31")).await.is(403);
        cashier.browser.open(&format!("{base}/sales")).await.is(403);
        for format in ["csv", "xlsx"] {
            let path = format!("{base}/export/{format}");
            get(&cashier.browser, &path).await.refuses(&Error::Forbidden);
            get(&payer.browser, &path).await.refuses(&Error::NotFound);
            get(&world.browser(), &path).await.refuses(&Error::SignedOut);
        }
        for page in ["sales", "payments"] {
            payer.browser.open(&format!("{base}/{page}")).await.is(404);
            assert_eq!(world.browser().open(&format!("{base}/{page}")).await.path, "/start");
            owner.browser.open(&format!("/merchant/99999999/{page}")).await.is(404);
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_asked_wrongly_is_answered_in_words() {
    on_sqlite(async |world| {
        let Cast { owner, shop, .. } = cast(world).await;
        let base = format!("/merchant/{}", shop.number);
        for (query, why) in [
            ("from=2026-07-14&to=2026-07-01", FilterError::Days(RangeError::Backwards)),
            ("from=2020-01-01&to=2026-07-01", FilterError::Days(RangeError::TooLong)),
            ("from=x&to=y", FilterError::Days(RangeError::NotADay)),
            ("hour=24", FilterError::Hour),
            ("kind=x", FilterError::Kind),
            ("least=5&most=4", FilterError::Amount),
            ("state=gone", FilterError::State),
            ("search=%EA%B9%80", FilterError::Search),
        ] {
            let page = owner.browser.open(&format!("{base}/payments?{query}")).await;
            page.is(422).says(app::words::filter_error(app::words::Lang::Ko, why));
            get(&owner.browser, &format!("{base}/export/csv?{query}")).await.refuses(&Error::Input(Input::Filter(why)));
        }
        owner.browser.open(&format!("{base}/sales?from=2026-07-14&to=2026-07-01")).await.is(422);
        owner.browser.open(&format!("{base}/sales?preset=forever")).await.is(400);
        owner.browser.open(&format!("{base}/payments?before=x")).await.is(400);
        get(&owner.browser, &format!("{base}/export/pdf")).await.refuses(&Error::NotFound);
        get(&owner.browser, &format!("{base}/export/csv?from=1&from=2")).await.refuses(&Error::BadRequest);
    })
    .await;
}

#[tokio::test]
async fn figures_lead_to_their_payments_and_files_hold_them() {
    on_both_engines(async |world| {
        let Cast { payer, owner, shop, .. } = cast(world).await;
        for amount in [1_000, 20_000, 32_000] {
            payer.pays(&shop, amount).await;
        }
        let base = format!("/merchant/{}", shop.number);
        let sales = owner.browser.open(&format!("{base}/sales?preset=today")).await;
        sales.is_ok().says("53,000원").says("3건");
        let link = sales.text.split('"').find(|text| text.starts_with(&format!("{base}/payments?from="))).unwrap().replace("&amp;", "&");
        let found = owner.browser.open(&link).await;
        found.is_ok().says("1,000").says("20,000").says("32,000");
        let searched = owner.browser.open(&format!("{base}/payments?search=20%2C000")).await;
        searched.is_ok().says("20,000");
        assert!(!searched.text.contains(">32,000<"), "only what was looked for");
        let file = get(&owner.browser, &format!("{base}/export/csv?least=20000")).await;
        let lines: Vec<&str> = file.is_ok().text.trim_start_matches('\u{FEFF}').lines().collect();
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert!(lines[1].contains(",20000,0,20000,결제됨,") && lines[2].contains(",32000,0,32000,"), "{lines:?}");
        assert!(!file.text.contains(&payer.phone.digits()), "nobody's phone");
        let named = file.headers["content-disposition"].to_str().unwrap();
        assert!(
            named.starts_with(&format!("attachment; filename=\"payplus-{}-20", shop.number))
                && named.contains("filename*=UTF-8''%EB%AA%A8")
        );
        assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8; header=present");
        assert_eq!(file.headers["cache-control"], "no-store");
    })
    .await;
}

#[tokio::test]
async fn the_job_counts_what_shops_are_told() {
    on_both_engines(async |world| {
        let Cast { payer, shop, .. } = cast(world).await;
        payer.pays(&shop, 1_000).await;
        payer.pays(&shop, 2_000).await;
        eventually("the shop is counted", async || world.store().shops_to_tally(10).await.unwrap().is_empty().then_some(())).await;
    })
    .await;
}

/// Prints how long the page of a month with 30,000 payments takes here, in a debug build; figures for the record are the bench's.
#[tokio::test(flavor = "multi_thread")]
async fn a_busy_month_is_looked_at() {
    on_sqlite(async |world| {
        let Cast { payer, owner, shop, .. } = cast(world).await;
        let (now, store) = (Timestamp::now(), world.store());
        let month = Preset::Month.range(now).span().unwrap();
        let step_ms = (now.as_millisecond() - month.from().as_millisecond()) / 30_000;
        let pays = (0..30_000i64).map(|number| {
            let at = Timestamp::from_millisecond(month.from().as_millisecond() + number * step_ms).unwrap();
            let id = crate::world::new_id().parse().unwrap();
            let wish = paying::Wish { id, payer: payer.person, merchant: shop.id, amount: Won::of(1 + number % 9), kind: None, once: None };
            store.till().pay(wish, at)
        });
        // No more at a time than the till has room for.
        let paid: Vec<_> = stream::iter(pays).buffer_unordered(1_000).collect().await;
        assert!(paid.into_iter().all(|paid| paid.unwrap().is_ok()));
        eventually("the shop is counted", async || store.shops_to_tally(10).await.unwrap().is_empty().then_some(())).await;
        let base = format!("/merchant/{}", shop.number);
        let mut took = Vec::new();
        for _ in 0..5 {
            let began = Instant::now();
            let page = owner.browser.open(&format!("{base}/sales?preset=month")).await;
            took.push(began.elapsed());
            page.is_ok().says("30000건");
        }
        let proof = store.staff(owner.person, shop.id, Role::Owner).await.unwrap().unwrap();
        let began = Instant::now();
        let takings = store.takings(&proof, Preset::Month.range(now), now).await.unwrap().0;
        let of_store = began.elapsed();
        let began = Instant::now();
        owner.browser.open(&format!("{base}/payments?{}", PaymentFilter::of_days(Preset::Month.range(now)).query())).await.is_ok();
        let list = began.elapsed();
        let began = Instant::now();
        let file = get(&owner.browser, &format!("{base}/export/csv?{}", PaymentFilter::of_days(Preset::Month.range(now)).query())).await;
        println!("month page {took:?}, of that the store {of_store:?}; list {list:?}; 30,000 rows as CSV {:?}", began.elapsed());
        assert_eq!(file.is_ok().text.lines().count(), 30_001);
        assert_eq!(takings.total().sums.paid_count, 30_000);
    })
    .await;
}
