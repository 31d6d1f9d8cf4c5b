//! The process is killed at the worst moment: what it left open is resolved by the next one.

use crate::browser::Browser;
use crate::process::{Process, send};
use crate::waiting::{join, renew, sale};
use crate::world::{Citizen, World, eventually, new_id, on_both_engines, on_postgres, on_sqlite, postgres};
use app::waiting::Told;
use domain::district::District;
use domain::room::Figures;
use futures::future::join_all;
use http::StatusCode;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sandbox::{Fault, Operation, Rule, Service};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn a_purchase_that_a_crash_left_is_resolved_by_the_next_start() {
    on_both_engines(async |world| {
        let (citizen, window) = (world.citizen().await, world.sale(1_000_000).await);
        world.stop().await;
        let process = Process::start(world);
        let (debited, unheard) = (new_id(), new_id());
        // The bank debits at once and says so only when nobody is there to hear it.
        world.sandbox.sandbox.set_fault(Rule::new(Service::Bank, Operation::Debit, Fault::Slow).delay_ms(600_000)).unwrap();
        order(&citizen.browser.at(&process.base_url), &debited, &window.to_string());
        eventually("the bank has debited", async || (world.debits(&debited) == 1).then_some(())).await;
        // And of this one the bank never hears.
        world.sandbox.sandbox.set_fault(Rule::new(Service::Bank, Operation::Any, Fault::DropBefore)).unwrap();
        let browser = citizen.browser.at(&process.base_url);
        order(&browser, &unheard, &window.to_string());
        eventually("it is reserved", async || {
            let answer = browser.post("/api/purchases/get", &[("id", &unheard)]).await;
            (answer.status == 200).then_some(())
        })
        .await;
        process.kill();
        world.audit().await;
        world.sandbox.sandbox.clear_faults();
        world.start().await;
        let citizen = Citizen { browser: citizen.browser.at(&world.base_url()), ..citizen };
        for id in [&debited, &unheard] {
            citizen.reaches(id, "Posted").await;
            assert_eq!(world.debits(id), 1);
        }
    })
    .await;
}

/// How often the process is killed, on each engine: fifty times in all.
const KILLS: usize = 25;
/// Unless PAYPLUS_TEST_SEED says otherwise.
const SEED: u64 = 20_220_728;

/// What somebody wanted, and the status of what they heard of it; nothing when the process was killed before.
struct Wanted {
    who: usize,
    id: String,
    path: &'static str,
    heard: Option<StatusCode>,
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random_moments_beside_a_faulty_bank_not_a_won_goes_wrong_on_sqlite() {
    on_sqlite(killed_at_random_moments).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random_moments_beside_a_faulty_bank_not_a_won_goes_wrong_on_postgres() {
    let Some(server) = postgres() else { return };
    on_postgres(&server, killed_at_random_moments).await;
}

async fn killed_at_random_moments(world: &mut World) {
    let seed = std::env::var("PAYPLUS_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(SEED);
    println!("PAYPLUS_TEST_SEED={seed}");
    let mut rng = StdRng::seed_from_u64(seed);
    let window = world.sale(2_000_000).await;
    let mut citizens = join_all((0..4).map(|_| world.citizen())).await;
    let shop = world.shop(citizens[0].person, District::MAPO).await.number.to_string();
    for citizen in &citizens {
        citizen.buys(window, 50_000).await;
    }
    // Two who wait meanwhile in the line of another window, where the one in front does not come.
    let line = sale(world, -1_000, 1_000_000, Figures { most_inside: 1, rate_per_s: 1, ..Figures::default() }).await;
    join(&citizens[0], line).await;
    let mut waiting = Vec::new();
    for (place, who) in [(2, 1), (3, 2)] {
        waiting.push((place, who, join(&citizens[who], line).await.ticket.unwrap()));
    }
    world.stop().await;
    let mut all = Vec::new();
    for _ in 0..KILLS {
        let faults = [Fault::DropAfter, Fault::DropBefore, Fault::Twice, Fault::Late, Fault::Slow, Fault::Garbage];
        let fault = faults[rng.random_range(0..faults.len())];
        let rule = Rule::new(Service::Bank, Operation::Debit, fault).times(rng.random_range(1..4));
        world.sandbox.sandbox.set_fault(if matches!(fault, Fault::Late | Fault::Slow) { rule.delay_ms(200) } else { rule }).unwrap();
        let process = Process::start(world);
        for (place, who, ticket) in &mut waiting {
            let there = Citizen {
                browser: citizens[*who].browser.at(&process.base_url),
                phone: citizens[*who].phone,
                person: citizens[*who].person,
            };
            let heard = renew(&there, line, ticket).await;
            // Whoever was called and does not come is passed over in the end.
            let stands = matches!(heard.told, Told::Waits { place: at, .. } | Told::Called { place: at } | Told::ComesIn { place: at } if at == *place);
            assert!(stands, "the place {place} after a kill: {heard:?}");
            *ticket = heard.ticket.unwrap();
        }
        let asking = (0..citizens.len()).flat_map(|who| {
            let browser = citizens[who].browser.at(&process.base_url);
            let buys = ("/api/purchases/buy", "purchase", format!("window={window}&face=10000"));
            let pays = ("/api/pay", "payment", format!("number={shop}&amount=1000"));
            [buys, pays].map(|(path, name, wish)| {
                let id = new_id();
                let heard = send(&browser, path, format!("{name}={id}&{wish}&pin={}", crate::world::PIN));
                async move { Wanted { who, id, path, heard: heard.await.unwrap() } }
            })
        });
        let mut asking = tokio::spawn(join_all(asking.collect::<Vec<_>>()));
        // Killed when the answers are there, or before: while it starts on them, in the middle, or when some wait for the bank.
        let longest = [10, 40, 150, 600][rng.random_range(0..4)];
        let moment = Duration::from_millis(rng.random_range(0..longest));
        let early = tokio::time::timeout(moment, &mut asking).await.ok();
        process.kill();
        all.extend(match early {
            Some(answered) => answered.unwrap(),
            None => asking.await.unwrap(),
        });
        world.audit().await;
    }
    world.sandbox.sandbox.clear_faults();
    world.start().await;
    for citizen in &mut citizens {
        citizen.browser = citizen.browser.at(&world.base_url());
    }
    let heard = all.iter().filter(|wanted| wanted.heard.is_some()).count();
    println!("{heard} of {} were answered before a kill", all.len());
    for Wanted { who, id, path, heard } in &all {
        let citizen = &citizens[*who];
        let was_done = *heard == Some(StatusCode::OK);
        if *path == "/api/pay" {
            let status = citizen.browser.post("/api/pay/payment", &[("id", id)]).await.status;
            assert!(status == 200 || status == 404 && !was_done, "{id} was acknowledged and is {status}");
            continue;
        }
        let ended = eventually(&format!("{id} has an end"), async || {
            let answer = citizen.browser.post("/api/purchases/get", &[("id", id)]).await;
            match answer.status.as_u16() {
                404 => Some("never reserved".to_owned()),
                _ => Some(answer.json()["purchase"]["state"].as_str()?.to_owned())
                    .filter(|state| !["Reserved", "Unknown"].contains(&state.as_str())),
            }
        })
        .await;
        assert!(!was_done || ended != "never reserved", "{id} was acknowledged and is gone");
        let moved = (world.debits(id), world.moved(sandbox::Kind::Credit, id));
        assert_eq!(moved, if ended == "Posted" { (1, 0) } else { (0, 0) }, "{id} is {ended}");
    }
}

/// Sends without waiting for an answer.
fn order(browser: &Browser, id: &str, window: &str) {
    let body = format!("purchase={id}&window={window}&face=10000&pin={}", crate::world::PIN);
    // The process is killed meanwhile.
    drop(send(browser, "/api/purchases/buy", body));
}
