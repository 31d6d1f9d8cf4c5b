//! What breaks around a node on a sale day: its database, its bank, and the time that people have.

use crate::cluster::Cluster;
use crate::listening::Listening;
use crate::world::{Citizen, World, eventually, new_id, on_both_engines, on_postgres, postgres};
use app::Error;
use app::waiting::{Heard, Told};
use domain::calendar::Span;
use domain::district::District;
use domain::merchant::Merchant;
use domain::room::{Figures, Settings};
use domain::sale::Who;
use domain::{Refused, Timestamp, WindowId, Won};
use futures::future::join_all;
use http::{Method, StatusCode};
use jiff::SignedDuration;
use sandbox::{Fault, Operation, Rule, Service};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use store::NewSale;

const CITIZENS: usize = 4;
/// Payments and purchases of each, in turn.
const ROUNDS: usize = 10;

#[derive(Default)]
struct Counts {
    done: AtomicUsize,
    failed: AtomicUsize,
}

/// Sends each wish again, with its id, until it is done: as people do. Every answer is the truth: done, or "not now".
async fn insists(citizen: &Citizen, window: WindowId, shop: &Merchant, heard: &Counts) -> Vec<(bool, String)> {
    let mut all = Vec::new();
    for round in 0..ROUNDS {
        let (id, buys) = (new_id(), round % 2 == 0);
        let done = async || {
            let answer = if buys { citizen.order(&id, window, 10_000).await } else { citizen.bill(&id, shop, 1_000).await };
            match answer.status {
                StatusCode::OK | StatusCode::FOUND => {
                    heard.done.fetch_add(1, Ordering::Relaxed);
                    Some(())
                }
                StatusCode::INTERNAL_SERVER_ERROR | StatusCode::SERVICE_UNAVAILABLE => {
                    heard.failed.fetch_add(1, Ordering::Relaxed);
                    None
                }
                other => panic!("{id} (buys: {buys}) was told {other}"),
            }
        };
        eventually(&format!("{id} is done"), done).await;
        all.push((buys, id));
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_breaks_off_under_load_costs_nobody_anything() {
    if postgres().is_none() {
        return;
    }
    let cluster = Cluster::start().await;
    on_postgres(&cluster.url(), async |world: &mut World| {
        let window = world.sale(10_000_000).await;
        let citizens = join_all((0..CITIZENS).map(|_| world.citizen())).await;
        let owner = world.citizen().await;
        let shop = world.shop(owner.person, District::MAPO).await;
        for citizen in &citizens {
            citizen.buys(window, 50_000).await;
        }
        let heard = Counts::default();
        let breaking = async {
            for times in 1..=2 {
                eventually("some are done", async || (heard.done.load(Ordering::Relaxed) >= times * 6).then_some(())).await;
                let before = heard.failed.load(Ordering::Relaxed);
                cluster.break_off();
                let ready = world.browser();
                let ready = async || ready.send(ready.request(Method::GET, "/ready")).await.status;
                eventually("the node says that it can't work", async || (ready().await == 503).then_some(())).await;
                eventually("somebody is told", async || (heard.failed.load(Ordering::Relaxed) > before).then_some(())).await;
                cluster.begin().await;
                let back = Instant::now();
                eventually("the node works again, by itself", async || (ready().await == 200).then_some(())).await;
                println!("ready {:?} after the database was back", back.elapsed());
            }
        };
        let insisting = join_all(citizens.iter().map(|citizen| insists(citizen, window, &shop, &heard)));
        let (all, ()) = futures::join!(insisting, breaking);
        println!("{} done, {} told \"not now\"", heard.done.load(Ordering::Relaxed), heard.failed.load(Ordering::Relaxed));
        for (citizen, wanted) in citizens.iter().zip(all) {
            for (buys, id) in wanted {
                if buys {
                    citizen.reaches(&id, "Posted").await;
                    assert_eq!(world.debits(&id), 1, "{id}");
                } else {
                    citizen.browser.post("/api/pay/payment", &[("id", &id)]).await.is_ok();
                }
            }
        }
        // The shop hears each once, without a gap.
        let paid = CITIZENS * ROUNDS / 2;
        let mut listening = Listening::after(&owner.browser, &shop, 0).await;
        let numbers: Vec<i64> = listening.hears(paid).await.into_iter().map(|(number, _)| number).collect();
        assert_eq!(numbers, (1..=i64::try_from(paid).unwrap()).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_that_takes_thirty_seconds_at_the_opening_keeps_every_place() {
    on_both_engines(async |world| {
        // Exactly enough for all of them.
        let citizens = join_all((0..8).map(|_| world.citizen())).await;
        let window = world.sale(80_000).await;
        world.stop().await;
        world.start_with(|config| config.outside.patience = Duration::from_millis(200)).await;
        let base = world.base_url();
        let citizens: Vec<Citizen> =
            citizens.into_iter().map(|citizen| Citizen { browser: citizen.browser.at(&base), ..citizen }).collect();
        world.sandbox.sandbox.set_fault(Rule::new(Service::Bank, Operation::Any, Fault::Slow).delay_ms(30_000)).unwrap();
        let ids: Vec<String> = citizens.iter().map(|_| new_id()).collect();
        join_all(citizens.iter().zip(&ids).map(|(citizen, id)| async move {
            citizen.order(id, window, 10_000).await.goes_to(&format!("/buy/{id}"));
            citizen.reaches(id, "Unknown").await;
        }))
        .await;
        // Nothing is free, and nothing is sold: nobody is told that it is.
        let refused = citizens[0].order(&new_id(), window, 10_000).await.error();
        assert!(matches!(refused, Error::Refused(Refused::AllReserved { .. })), "{refused:?}");
        world.sandbox.sandbox.clear_faults();
        // Asked again less and less often; a minute goes by.
        world.minutes_pass(1).await;
        for (citizen, id) in citizens.iter().zip(&ids) {
            citizen.reaches(id, "Posted").await;
            assert_eq!(world.debits(id), 1);
        }
        let refused = citizens[0].order(&new_id(), window, 10_000).await.error();
        assert!(matches!(refused, Error::Refused(Refused::SoldOut { .. })), "{refused:?}");
    })
    .await;
}

/// A window of the next seconds with a room, open already.
pub async fn closing_soon(world: &World, in_ms: i64) -> WindowId {
    let now = Timestamp::now();
    let any = world.sale(10_000).await;
    let (_, _, kind) = world.store().window(any).await.unwrap().unwrap();
    let span = Span::new(now - SignedDuration::from_secs(1), now + SignedDuration::from_millis(in_ms)).unwrap();
    let windows = vec![(span, Who::Anyone, Won::of(1_000_000)).into()];
    let sale = NewSale { kind: kind.id, name_ko: "곧 닫는 판매".to_owned(), name_en: "Closing".to_owned(), windows };
    let sale = world.store().create_sale(&sale, now).await.unwrap();
    let views = world.store().on_sale(now).await.unwrap();
    let window = views.into_iter().find(|view| view.sale == sale).unwrap().windows[0].0.id;
    world.store().create_room(window, &Settings::new(Figures::default()).unwrap(), now).await.unwrap();
    window
}

/// Lines up and comes in: the ticket.
async fn comes_in(citizen: &Citizen, window: WindowId) -> String {
    let form = [("window", window.to_string())];
    let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
    eventually("the room lets in", async || {
        let joined = citizen.browser.post("/api/rooms/join", &form).await;
        let ticket = joined.json()["heard"]["ticket"].as_str()?.to_owned();
        citizen.browser.post("/api/rooms/enter", &form).await;
        citizen.browser.cookie("payplus_pass").map(|_| ticket)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_that_closes_while_people_are_inside_keeps_what_was_reserved_and_sells_no_more() {
    on_both_engines(async |world| {
        let (quick, slow) = (world.citizen().await, world.citizen().await);
        let window = closing_soon(world, 6_000).await;
        comes_in(&quick, window).await;
        let ticket = comes_in(&slow, window).await;
        // Reserved in time; the bank says yes after the closing.
        world.sandbox.sandbox.set_fault(Rule::new(Service::Bank, Operation::Any, Fault::Slow).delay_ms(30_000)).unwrap();
        let id = new_id();
        quick.order(&id, window, 10_000).await.goes_to(&format!("/buy/{id}"));
        let renew = slow.browser.request(Method::POST, &format!("/room/{window}/renew")).body(ticket);
        eventually("the room says that it is over", async || {
            let heard = slow.browser.send(renew.try_clone().unwrap()).await;
            serde_json::from_value::<Heard>(heard.is_ok().json()).ok().filter(|heard| matches!(heard.told, Told::Over { .. }))
        })
        .await;
        world.sandbox.sandbox.clear_faults();
        let refused = slow.order(&new_id(), window, 10_000).await.error();
        assert!(matches!(refused, Error::Refused(Refused::WindowClosed { .. } | Refused::NeedsPass)), "{refused:?}");
        quick.reaches(&id, "Posted").await;
        assert_eq!(world.debits(&id), 1);
    })
    .await;
}
