//! A node that is asked to end: what it has acknowledged is done, nobody loses a place, streams move over.

use crate::faults::closing_soon;
use crate::listening::Listening;
use crate::process::{Process, send};
use crate::world::{Citizen, PIN, SERVER_KEY, World, eventually, new_id, on_both_engines, on_postgres, postgres};
use domain::Timestamp;
use domain::district::District;
use domain::merchant::Merchant;
use domain::room::Place;
use futures::future::join_all;
use http::{Method, StatusCode};
use jiff::SignedDuration;
use sandbox::{Fault, Operation, Rule, Service};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use store::{Keys, Store};

/// What the process may take: twenty seconds for people, twice ten for work.
const LIMIT: Duration = Duration::from_secs(40);
const CITIZENS: usize = 4;
/// Payments or purchases of each, if nobody interrupts.
const ROUNDS: usize = 30;

/// What somebody wanted and heard of; everything before the line was refused.
struct Wanted {
    id: String,
    path: &'static str,
    heard: Option<StatusCode>,
}

async fn cast(world: &World) -> (Vec<Citizen>, domain::WindowId, Merchant) {
    let window = world.sale(10_000_000).await;
    let citizens = join_all((0..CITIZENS).map(|_| world.citizen())).await;
    let shop = world.shop(citizens[0].person, District::MAPO).await;
    for citizen in &citizens {
        citizen.buys(window, 50_000).await;
    }
    (citizens, window, shop)
}

/// Buys and pays in turn until nobody answers any more.
async fn busy(browser: crate::browser::Browser, window: String, shop: String, answers: Arc<AtomicUsize>) -> Vec<Wanted> {
    let mut all = Vec::new();
    for round in 0..ROUNDS {
        let (id, buys) = (new_id(), round % 2 == 0);
        let (path, body) = if buys {
            ("/api/purchases/buy", format!("purchase={id}&window={window}&face=10000&pin={PIN}"))
        } else {
            ("/api/pay", format!("payment={id}&number={shop}&amount=1000&pin={PIN}"))
        };
        let heard = send(&browser, path, body).await.unwrap();
        all.push(Wanted { id, path, heard });
        if heard.is_none() {
            break;
        }
        answers.fetch_add(1, Ordering::Relaxed);
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn asked_to_end_under_load_it_ends_in_order_and_whatever_it_said_is_so() {
    on_both_engines(async |world| {
        let (citizens, window, shop) = cast(world).await;
        world.stop().await;
        let mut process = Process::start(world);
        // Longer than a page waits: people have their answer while the bank has still to say yes.
        world.sandbox.sandbox.set_fault(Rule::new(Service::Bank, Operation::Debit, Fault::Slow).delay_ms(3_500)).unwrap();
        let answers = Arc::new(AtomicUsize::new(0));
        let load: Vec<_> = citizens
            .iter()
            .map(|citizen| {
                let browser = citizen.browser.at(&process.base_url);
                tokio::spawn(busy(browser, window.to_string(), shop.number.to_string(), Arc::clone(&answers)))
            })
            .collect();
        // Each has bought, has not waited for the bank, and pays or buys again.
        eventually("some are answered", async || (answers.load(Ordering::Relaxed) >= 2 * CITIZENS).then_some(())).await;
        let asked = Instant::now();
        process.terminate();
        let status = eventually("it ends", async || process.ended()).await;
        println!("ended {status} after {:?}", asked.elapsed());
        assert!(status.success() && asked.elapsed() < LIMIT, "{status} after {:?}", asked.elapsed());
        let all: Vec<Wanted> = join_all(load).await.into_iter().flat_map(Result::unwrap).collect();
        world.audit().await;

        // Nothing is left for a recovery: the debits were waited for. (An opened store has no jobs.)
        let key = hex_key();
        let store = Store::open(&world.database_url, Keys::new(key)).await.unwrap();
        assert_eq!(store.unsettled_purchases().await.unwrap().len(), 0);
        store.close().await;
        world.sandbox.sandbox.clear_faults();
        world.start().await;
        let base = world.base_url();
        let done = all.iter().filter(|wanted| wanted.heard == Some(StatusCode::OK)).count();
        println!("{done} of {} were acknowledged", all.len());
        assert!(done >= 2 * CITIZENS);
        let here: Vec<Citizen> = citizens.into_iter().map(|citizen| Citizen { browser: citizen.browser.at(&base), ..citizen }).collect();
        for Wanted { id, path, heard } in &all {
            if *heard != Some(StatusCode::OK) {
                assert!(heard.is_none_or(|status| status == StatusCode::SERVICE_UNAVAILABLE), "{path} {id}: {heard:?}");
                continue;
            }
            let path = if *path == "/api/pay" { "/api/pay/payment" } else { "/api/purchases/get" };
            let form = [("id", id.as_str())];
            let asked = join_all(here.iter().map(|citizen| citizen.browser.post(path, &form))).await;
            assert_eq!(asked.iter().filter(|answer| answer.status == 200).count(), 1, "{path} {id} was acknowledged");
        }
    })
    .await;
}

fn hex_key() -> [u8; 32] {
    let mut key = [0; 32];
    for (byte, digits) in key.iter_mut().zip(SERVER_KEY.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).unwrap(), 16).unwrap();
    }
    key
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shops_page_goes_on_at_another_node_where_it_was() {
    let Some(server) = postgres() else { return };
    on_postgres(&server, async |world: &mut World| {
        let (citizens, _, shop) = cast(world).await;
        let (payer, owner) = (&citizens[1], &citizens[0]);
        let mut process = Process::start(world);
        let mut listening = Listening::after(&owner.browser.at(&process.base_url), &shop, 0).await;
        payer.pays(&shop, 1_000).await;
        assert_eq!(listening.hears(1).await, [(1, 1_000)]);
        process.terminate();
        assert_eq!(listening.next().await, None, "the stream ends");
        assert!(listening.retry_ms().is_some_and(|ms| (100..600).contains(&ms)), "and says to come back at once");
        // Meanwhile the other node takes payments.
        payer.pays(&shop, 2_000).await;
        let mut again = Listening::again(&owner.browser, &shop, 0, 1).await;
        assert_eq!(again.hears(1).await, [(2, 2_000)]);
        payer.pays(&shop, 3_000).await;
        assert_eq!(again.hears(1).await, [(3, 3_000)]);
        assert!(eventually("it ends", async || process.ended()).await.success());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_is_about_to_stop_says_so_and_answers_meanwhile() {
    on_both_engines(async |world| {
        let (citizens, window, shop) = cast(world).await;
        world.stop().await;
        let node = world.second_node_with(|config| config.notice = Duration::from_secs(3)).await;
        let base = format!("http://{}", node.addr);
        let citizen = Citizen { browser: citizens[1].browser.at(&base), phone: citizens[1].phone, person: citizens[1].person };
        let ready = async || citizen.browser.send(citizen.browser.request(Method::GET, "/ready")).await;
        ready().await.is_ok();
        let stopping = tokio::spawn(node.stop());
        let said = eventually("it is not ready any more", async || Some(ready().await).filter(|answer| answer.status == 503)).await;
        assert_eq!(said.json()["leaving"], true);
        citizen.pays(&shop, 1_000).await;
        citizen.order(&new_id(), window, 10_000).await.is_ok();
        stopping.await.unwrap();
        world.start().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_waits_at_a_node_that_leaves_is_known_to_the_others_until_the_grace_is_over() {
    let Some(server) = postgres() else { return };
    on_postgres(&server, async |world: &mut World| {
        let (citizen, other) = (world.citizen().await, world.second_node().await);
        let window = closing_soon(world, 3_600_000).await;
        let form = [("window", window.to_string())];
        let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
        // Drawn, and with a place.
        eventually("the room has heard of somebody", async || {
            let joined = citizen.browser.post("/api/rooms/join", &form).await;
            joined.json()["heard"]["told"].get("ComesIn").map(|_| ())
        })
        .await;
        world.stop().await;
        let left = Timestamp::now();
        let known = async |after_s: i64| {
            // Others believe what a node has told within the last five seconds.
            let since = left + SignedDuration::from_secs(after_s - 5);
            other.store.crowd_elsewhere(window, since).await.unwrap().has(Place::FIRST)
        };
        assert!(known(20).await, "a node that vanished would be forgotten by now");
        assert!(!known(40).await, "nobody is remembered for ever");
        other.stop().await;
    })
    .await;
}
