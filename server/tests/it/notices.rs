//! The stream of a shop's notices: for its staff, without gaps, without repetition.

use crate::listening::Listening;
use crate::world::{Citizen, World, eventually, on_both_engines, on_postgres, postgres};
use app::Error;
use domain::Timestamp;
use domain::district::District;
use domain::merchant::{Merchant, Role};
use http::Method;
use std::time::{Duration, Instant};
use store::Engine;

/// Open pages are asked about once a second.
const SOON: Duration = Duration::from_secs(5);
/// Two devices of a shop.
const LEFT: &str = "0193d6a0-0000-7000-8000-000000000001";
const RIGHT: &str = "0193d6a0-0000-7000-8000-000000000002";

/// A payer with a voucher, an owner, a shop.
async fn cast(world: &World) -> (Citizen, Citizen, Merchant) {
    let window = world.sale(1_000_000).await;
    let (payer, owner) = (world.citizen().await, world.citizen().await);
    let shop = world.shop(owner.person, District::MAPO).await;
    payer.buys(window, 100_000).await;
    (payer, owner, shop)
}

#[tokio::test]
async fn a_stream_goes_on_where_it_broke_off() {
    on_both_engines(async |world| {
        let (payer, owner, shop) = cast(world).await;
        for amount in [1_000, 2_000, 3_000] {
            payer.pays(&shop, amount).await;
        }
        let mut listening = Listening::after(&owner.browser, &shop, 1).await;
        assert_eq!(listening.newest, 3);
        assert_eq!(listening.hears(2).await, [(2, 2_000), (3, 3_000)]);
        payer.pays(&shop, 4_000).await;
        assert_eq!(listening.hears(1).await, [(4, 4_000)]);
        drop(listening);
        payer.pays(&shop, 5_000).await;
        payer.pays(&shop, 6_000).await;
        let mut again = Listening::again(&owner.browser, &shop, 1, 4).await;
        assert_eq!(again.hears(2).await, [(5, 5_000), (6, 6_000)]);
        payer.pays(&shop, 7_000).await;
        assert_eq!(again.hears(1).await, [(7, 7_000)]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_pages_hear_everything_in_order() {
    on_both_engines(async |world| {
        let (payer, owner, shop) = cast(world).await;
        let cashier = world.citizen().await;
        world.hire(owner.person, &shop, cashier.person).await;
        let mut pages = Vec::new();
        for page in 0..20 {
            let browser = if page % 2 == 0 { &owner.browser } else { &cashier.browser };
            pages.push(Listening::after(browser, &shop, 0).await);
        }
        let paid: Vec<(i64, i64)> = (1..=12).map(|number| (number, number * 100)).collect();
        let paying = async {
            for (_, amount) in &paid {
                payer.pays(&shop, *amount).await;
            }
        };
        let hearing = futures::future::join_all(pages.iter_mut().map(|page| page.hears(12)));
        let ((), heard) = tokio::join!(paying, hearing);
        assert!(heard.iter().all(|heard| *heard == paid), "{heard:?}");
    })
    .await;
}

#[tokio::test]
async fn a_long_absence_is_replayed_in_full() {
    on_both_engines(async |world| {
        let (payer, owner, shop) = cast(world).await;
        // More than one page of the table.
        for _ in 0..120 {
            payer.pays(&shop, 10).await;
        }
        let mut listening = Listening::after(&owner.browser, &shop, 0).await;
        let numbers: Vec<i64> = listening.hears(120).await.into_iter().map(|(number, _)| number).collect();
        assert_eq!(numbers, (1..=120).collect::<Vec<i64>>());
    })
    .await;
}

#[tokio::test]
async fn pages_hear_which_device_speaks_before_the_next_notice() {
    on_both_engines(async |world| {
        let (payer, owner, shop) = cast(world).await;
        let mut page = Listening::after(&owner.browser, &shop, 0).await;
        let says = async |device: &str, wants: &str| {
            let fields = [("number", &*shop.number.to_string()), ("device", device), ("name", "카운터"), ("wants", wants), ("heard", "0")];
            owner.browser.post("/api/merchant/listen", &fields).await.is_ok();
        };
        says(LEFT, "speak").await;
        assert_eq!(page.speaker().await.as_deref(), Some(LEFT));
        // What changes nothing is told to nobody.
        says(LEFT, "speak").await;
        says(RIGHT, "speak").await;
        says(RIGHT, "take-over").await;
        payer.pays(&shop, 1_000).await;
        assert_eq!(page.speaker().await.as_deref(), Some(RIGHT));
        assert_eq!(page.hears(1).await, [(1, 1_000)]);
        says(RIGHT, "show").await;
        assert_eq!(page.speaker().await, None);
        // While it is to be asked whether the page may hear, the word is not lost: it is not known who speaks, and the page asks.
        let (_, other) = world.store().sign_in(owner.person, "", Timestamp::now()).await.unwrap();
        assert!(world.store().end_session(owner.person, other).await.unwrap());
        says(RIGHT, "take-over").await;
        assert_eq!(page.speaker().await, None);
        if world.store().engine() == Engine::Postgres {
            let node = world.second_node().await;
            let mut elsewhere = Listening::after(&owner.browser.at(&format!("http://{}", node.addr)), &shop, 1).await;
            says(LEFT, "take-over").await;
            assert_eq!(elsewhere.speaker().await.as_deref(), Some(LEFT));
            payer.pays(&shop, 2_000).await;
            assert_eq!(elsewhere.hears(1).await, [(2, 2_000)]);
            drop(elsewhere);
            node.stop().await;
        }
    })
    .await;
}

#[tokio::test]
async fn only_staff_may_listen() {
    on_both_engines(async |world| {
        let (payer, owner, shop) = cast(world).await;
        let path = format!("/merchant/{}/notices", shop.number);
        let get = async |browser: &crate::browser::Browser, path: &str| browser.send(browser.request(Method::GET, path)).await;
        get(&world.browser(), &path).await.refuses(&Error::SignedOut);
        get(&payer.browser, &path).await.refuses(&Error::NotFound);
        get(&owner.browser, "/merchant/99999999/notices").await.refuses(&Error::NotFound);
        get(&owner.browser, "/merchant/x/notices").await.refuses(&Error::NotFound);
        for after in ["-1", "x", "", "99999999999999999999"] {
            get(&owner.browser, &format!("{path}?after={after}")).await.refuses(&Error::BadRequest);
        }
        let odd = owner.browser.request(Method::GET, &path).header("last-event-id", "seven");
        owner.browser.send(odd).await.refuses(&Error::BadRequest);
    })
    .await;
}

#[tokio::test]
async fn whoever_signed_out_hears_nothing_more() {
    on_both_engines(async |world| {
        let (payer, owner, shop) = cast(world).await;
        let mut listening = Listening::after(&owner.browser, &shop, 0).await;
        payer.pays(&shop, 1_000).await;
        assert_eq!(listening.hears(1).await, [(1, 1_000)]);
        owner.browser.post("/api/start/out", &[]).await.is_ok();
        payer.pays(&shop, 2_000).await;
        assert_eq!(listening.next().await, None);
    })
    .await;
}

#[tokio::test]
async fn a_quiet_page_of_whoever_was_sent_away_is_closed_within_moments() {
    on_both_engines(async |world| {
        let (payer, owner, shop) = cast(world).await;
        let (cashier, other) = (world.citizen().await, world.citizen().await);
        world.hire(owner.person, &shop, cashier.person).await;
        world.hire(owner.person, &shop, other.person).await;
        let mut of_cashier = Listening::after(&cashier.browser, &shop, 0).await;
        let mut of_other = Listening::after(&other.browser, &shop, 0).await;
        let mut of_owner = Listening::after(&owner.browser, &shop, 0).await;
        let by = world.store().staff(owner.person, shop.id, Role::Owner).await.unwrap().unwrap();
        assert!(world.store().remove_staff(&by, cashier.person).await.unwrap());
        other.browser.post("/api/start/out", &[]).await.is_ok();
        let asked = Instant::now();
        assert_eq!((of_cashier.next().await, of_other.next().await), (None, None));
        assert!(asked.elapsed() < SOON, "{:?}", asked.elapsed());
        // Nobody else notices.
        payer.pays(&shop, 1_000).await;
        assert_eq!(of_owner.hears(1).await, [(1, 1_000)]);
    })
    .await;
}

#[tokio::test]
async fn streams_end_when_the_server_stops_and_their_places_are_given_back() {
    on_both_engines(async |world| {
        let (payer, owner, shop) = cast(world).await;
        let open = async |world: &World| {
            let browser = world.browser();
            let metrics = browser.send(browser.request(Method::GET, "/metrics")).await.text;
            metrics.lines().find_map(|line| line.strip_prefix("payplus_streams_open ")).map(str::to_owned)
        };
        let mut listening = Listening::after(&owner.browser, &shop, 0).await;
        drop(Listening::after(&owner.browser, &shop, 0).await);
        payer.pays(&shop, 1_000).await;
        assert_eq!(listening.hears(1).await, [(1, 1_000)]);
        // The recorder is the process's, so another test may speak in between.
        eventually("one stream is open", async || (open(world).await.as_deref() == Some("1")).then_some(())).await;
        world.stop().await;
        assert_eq!(listening.next().await, None);
        world.start().await;
        let again = owner.browser.at(&world.base_url());
        payer.browser.at(&world.base_url()).post("/api/visitor", &[]).await.is_ok();
        let mut listening = Listening::again(&again, &shop, 0, 0).await;
        assert_eq!(listening.hears(1).await, [(1, 1_000)]);
    })
    .await;
}

#[tokio::test]
async fn a_page_at_one_node_hears_of_payments_at_another() {
    let Some(server) = postgres() else { return };
    on_postgres(&server, &async |world: &mut World| {
        let (payer, owner, shop) = cast(world).await;
        let node = world.second_node().await;
        let there = owner.browser.at(&format!("http://{}", node.addr));
        let mut listening = Listening::after(&there, &shop, 0).await;
        payer.pays(&shop, 1_000).await;
        payer.pays(&shop, 2_000).await;
        assert_eq!(listening.hears(2).await, [(1, 1_000), (2, 2_000)]);
        drop(listening);
        node.stop().await;
    })
    .await;
}
