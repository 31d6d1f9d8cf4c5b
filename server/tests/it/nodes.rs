//! Several nodes on one PostgreSQL database tell each other of notices.

use crate::listening::Listening;
use crate::world::{Citizen, World, on_postgres, postgres};
use domain::district::District;
use domain::merchant::Merchant;
use std::time::{Duration, Instant};

/// Sooner than anybody would find out by looking ([`server`] looks into the table every ten seconds).
const SOON: Duration = Duration::from_secs(5);
const PAYMENTS: i64 = 40;

struct Cast {
    payer: Citizen,
    owner: Citizen,
    shop: Merchant,
}

impl Cast {
    async fn of(world: &World) -> Cast {
        let window = world.sale(1_000_000).await;
        let (payer, owner) = (world.citizen().await, world.citizen().await);
        let shop = world.shop(owner.person, District::MAPO).await;
        payer.buys(window, 100_000).await;
        Cast { payer, owner, shop }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_at_one_node_is_heard_at_another_within_moments() {
    let Some(server) = postgres() else { return };
    on_postgres(&server, async |world: &mut World| {
        let Cast { payer, owner, shop } = Cast::of(world).await;
        let node = world.second_node().await;
        let mut listening = Listening::after(&owner.browser.at(&format!("http://{}", node.addr)), &shop, 0).await;
        let mut delays = Vec::new();
        for number in 1..=PAYMENTS {
            let asked = Instant::now();
            payer.pays(&shop, 100).await;
            let answered = Instant::now();
            assert_eq!(listening.hears(1).await, [(number, 100)]);
            // Counted from the answer at the one node to the event at the other: both come after the commit, in any order.
            delays.push(answered.elapsed());
            assert!(asked.elapsed() < SOON, "notice {number} took {:?}", asked.elapsed());
        }
        delays.sort_unstable();
        println!(
            "from the payment's answer at node A to the event at node B: median {:?}, longest {:?}",
            delays[delays.len() / 2],
            delays[delays.len() - 1]
        );
        node.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_out_at_one_node_hears_nothing_more_at_another() {
    let Some(server) = postgres() else { return };
    on_postgres(&server, async |world: &mut World| {
        let Cast { payer, owner, shop } = Cast::of(world).await;
        let node = world.second_node().await;
        let mut listening = Listening::after(&owner.browser.at(&format!("http://{}", node.addr)), &shop, 0).await;
        payer.pays(&shop, 100).await;
        assert_eq!(listening.hears(1).await, [(1, 100)]);
        owner.browser.post("/api/start/out", &[]).await.is_ok();
        let out = Instant::now();
        assert_eq!(listening.next().await, None);
        assert!(out.elapsed() < SOON, "{:?}", out.elapsed());
        node.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_payments_at_once_are_told_together_and_heard_in_order() {
    let Some(server) = postgres() else { return };
    on_postgres(&server, async |world: &mut World| {
        let Cast { payer, owner, shop } = Cast::of(world).await;
        let node = world.second_node().await;
        let there = owner.browser.at(&format!("http://{}", node.addr));
        let mut pages = Vec::new();
        for _ in 0..5 {
            pages.push(Listening::after(&there, &shop, 0).await);
        }
        futures::future::join_all((0..PAYMENTS).map(|_| payer.pays(&shop, 100))).await;
        let expected: Vec<(i64, i64)> = (1..=PAYMENTS).map(|number| (number, 100)).collect();
        for page in &mut pages {
            assert_eq!(page.hears(expected.len()).await, expected);
        }
        drop(pages);
        node.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_is_cut_again_and_again_loses_no_notice() {
    let Some(server) = postgres() else { return };
    on_postgres(&server, async |world: &mut World| {
        let Cast { payer, owner, shop } = Cast::of(world).await;
        let node = world.second_node().await;
        let mut listening = Listening::after(&owner.browser.at(&format!("http://{}", node.addr)), &shop, 0).await;
        for number in 1..=PAYMENTS {
            if number % 4 == 1 {
                // Of both nodes, and what they tell by as well.
                world.psql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                     WHERE datname = current_database() AND application_name IN ('payplus hears', 'payplus tells')",
                );
            }
            let asked = Instant::now();
            payer.pays(&shop, 100).await;
            assert_eq!(listening.hears(1).await, [(number, 100)]);
            assert!(asked.elapsed() < SOON, "notice {number} took {:?}", asked.elapsed());
        }
        drop(listening);
        node.stop().await;
    })
    .await;
}
