//! What somebody tries who wants to be in front: tickets and passes that were changed, ten thousand tickets, an old ticket played
//! again, a pass shown twice.

use crate::waiting::{comes_in, enter, join, open_sale, renew, until};
use crate::world::{new_id, on_both_engines};
use app::waiting::Told;
use domain::room::Figures;
use domain::{Refused, Timestamp};
use futures::StreamExt;
use futures::stream;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::time::Duration;

const FORGERIES: usize = 400;
const TICKETS: usize = 10_000;
/// As many browsers as somebody may open.
const AT_ONCE: usize = 32;
/// Of tickets and passes, and some that are none.
const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=.";

fn seeded() -> StdRng {
    let seed = std::env::var("PAYPLUS_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(rand::random);
    println!("PAYPLUS_TEST_SEED={seed}");
    StdRng::seed_from_u64(seed)
}

/// Another text than `text`, made from it and from `other`.
fn forged(rng: &mut StdRng, text: &str, other: &str) -> String {
    let letter = |rng: &mut StdRng| char::from(LETTERS[rng.random_range(0..LETTERS.len())]);
    loop {
        let (mut letters, at) = (text.chars().collect::<Vec<char>>(), rng.random_range(0..text.len()));
        match rng.random_range(0..6) {
            0 => letters[at] = letter(rng),
            1 => drop(letters.remove(at)),
            2 => letters.insert(at, letter(rng)),
            3 => letters.truncate(at),
            4 => letters.swap(at, rng.random_range(0..text.len())),
            _ => letters = text[..at].chars().chain(other.chars().skip(at)).collect(),
        }
        let made: String = letters.into_iter().collect();
        if made != text && made != other {
            return made;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_or_pass_that_was_changed_is_worth_nothing() {
    on_both_engines(async |world| {
        let mut rng = seeded();
        let (a, b) = (world.citizen().await, world.citizen().await);
        let window = open_sale(world).await;
        let (heard_a, heard_b) = (join(&a, window).await, join(&b, window).await);
        let (ticket_a, ticket_b) = (heard_a.ticket.clone().unwrap(), heard_b.ticket.clone().unwrap());
        for _ in 0..FORGERIES {
            let ticket = forged(&mut rng, &ticket_a, &ticket_b);
            assert_eq!(renew(&a, window, &ticket).await.told, Told::NoTicket, "{ticket}");
        }
        until(&a, window, heard_a, comes_in).await;
        until(&b, window, heard_b, comes_in).await;
        enter(&a, window).await;
        enter(&b, window).await;
        let (pass_a, pass_b) = (a.browser.cookie("payplus_pass").unwrap(), b.browser.cookie("payplus_pass").unwrap());
        for _ in 0..FORGERIES / 10 {
            let pass = forged(&mut rng, &pass_a, &pass_b);
            a.browser.set_cookie("payplus_pass", &pass);
            a.order(&new_id(), window, 10_000).await.refuses(&Refused::NeedsPass.into());
        }
        // A ticket is no pass, a pass no ticket, and another's pass is another's.
        for other in [&ticket_a, &pass_b] {
            a.browser.set_cookie("payplus_pass", other);
            a.order(&new_id(), window, 10_000).await.refuses(&Refused::NeedsPass.into());
        }
        assert_eq!(renew(&a, window, &pass_a).await.told, Told::NoTicket);
        a.browser.set_cookie("payplus_pass", &pass_a);
        a.buys(window, 10_000).await;
        a.browser.set_cookie("payplus_pass", &pass_a);
        a.order(&new_id(), window, 10_000).await.refuses(&Refused::PassUsed.into());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_tickets_for_one_person_are_one_place() {
    on_both_engines(async |world| {
        let (greedy, honest) = (world.citizen().await, world.citizen().await);
        let figures = Figures { most_inside: 1, rate_per_s: 1, ..Figures::default() };
        let window = crate::waiting::sale(world, -1_000, 1_000_000, figures).await;
        join(&greedy, window).await;
        let body = format!("window={window}");
        let asks = stream::iter(0..TICKETS).map(|_| {
            let request = greedy.browser.request(http::Method::POST, "/api/rooms/join").header("accept", "application/json");
            let request = request.header("content-type", "application/x-www-form-urlencoded").body(body.clone());
            async { request.send().await.unwrap().status() }
        });
        let statuses = asks.buffer_unordered(AT_ONCE).collect::<Vec<_>>().await;
        assert!(statuses.iter().all(|status| status.is_success()), "each is answered");
        let there = join(&honest, window).await;
        assert!(
            matches!(there.told, Told::Waits { place: 2, .. } | Told::Called { place: 2 }),
            "the next one stands behind one: {there:?}"
        );
        let rows = world.store().rooms(Timestamp::now() - Duration::from_secs(60)).await.unwrap();
        assert_eq!(rows.iter().find(|row| row.window.id == window).unwrap().last_number, 2);
    })
    .await;
}
