//! `/health`, `/ready`, `/metrics`.

use crate::world::on_both_engines;
use http::Method;

#[tokio::test]
async fn machines_learn_that_it_lives_and_is_ready() {
    on_both_engines(async |world| {
        let browser = world.browser();
        let get = async |path: &str| browser.send(browser.request(Method::GET, path)).await;
        assert_eq!(get("/health").await.is_ok().json()["status"], "ok");
        assert_eq!(
            get("/ready").await.is_ok().json(),
            serde_json::json!({ "database": true, "till": true, "migrations": true, "leaving": false })
        );
        world.store().till().close().await;
        let not_ready = get("/ready").await;
        assert_eq!(not_ready.is(503).json()["till"], false);
        assert_eq!(get("/health").await.is_ok().json()["status"], "ok");
    })
    .await;
}

#[tokio::test]
async fn metrics_are_for_this_machine_alone() {
    on_both_engines(async |world| {
        let (citizen, window) = (world.citizen().await, world.sale(1_000_000).await);
        citizen.buys(window, 10_000).await;
        let browser = world.browser();
        let metrics = browser.send(browser.request(Method::GET, "/metrics")).await;
        metrics.is_ok();
        for name in [
            "payplus_till_batch_commands_bucket",
            "payplus_till_batch_seconds_bucket",
            "payplus_requests_total{",
            "payplus_request_seconds_bucket",
            "payplus_outbox_due ",
            "payplus_outbox_set_aside ",
            "payplus_streams_open ",
            "payplus_till_waiting_commands ",
            "payplus_purchases_open_with_bank ",
        ] {
            assert!(metrics.text.lines().any(|line| line.starts_with(name)), "{name}: {}", metrics.text);
        }
        assert!(!metrics.text.contains(&citizen.phone.digits()));
        for header in ["x-forwarded-for", "forwarded", "x-real-ip"] {
            let through_a_proxy = browser.request(Method::GET, "/metrics").header(header, "127.0.0.1");
            browser.send(through_a_proxy).await.is(404);
        }
    })
    .await;
}
