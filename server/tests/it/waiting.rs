//! The waiting room over HTTP: the draw, keeping a place, the pass at the counter, and what is made up or borrowed.

use crate::world::{Citizen, World, eventually, new_id, on_both_engines, on_postgres, postgres};
use app::Error;
use app::waiting::calls::{Entered, Evidence, Joined};
use app::waiting::{Heard, Told};
use domain::calendar::Span;
use domain::room::{Figures, Place, Settings, draw};
use domain::sale::Who;
use domain::{Refused, Timestamp, WindowId, Won};
use http::Method;
use jiff::SignedDuration;
use store::NewSale;

/// A sale with a room that opens in so many milliseconds, or did before.
pub async fn sale(world: &World, opens_in_ms: i64, total: i64, figures: Figures) -> WindowId {
    sale_for(world, Who::Anyone, opens_in_ms, total, figures).await
}

async fn sale_for(world: &World, who: Who, opens_in_ms: i64, total: i64, figures: Figures) -> WindowId {
    let now = Timestamp::now();
    let any = world.sale(10_000).await;
    let (_, _, kind) = world.store().window(any).await.unwrap().unwrap();
    let opens = now + SignedDuration::from_millis(opens_in_ms);
    let span = Span::new(opens, opens + SignedDuration::from_hours(4)).unwrap();
    let windows = vec![(span, who, Won::of(total))];
    let sale = NewSale {
        kind: kind.id,
        name_ko: "줄 서는 판매".to_owned(),
        name_en: "Queue".to_owned(),
        windows: windows.into_iter().map(Into::into).collect(),
    };
    let sale = world.store().create_sale(&sale, now).await.unwrap();
    let views = world.store().on_sale(now).await.unwrap();
    let window = views.into_iter().find(|view| view.sale == sale).unwrap().windows[0].0.id;
    world.store().create_room(window, &Settings::new(figures).unwrap(), now).await.unwrap();
    window
}

pub async fn open_sale(world: &World) -> WindowId {
    sale(world, -1_000, 1_000_000, Figures::default()).await
}

/// Also in the second in which the room was made, at a node that has not called on it yet.
pub async fn join(citizen: &Citizen, window: WindowId) -> Heard {
    let joined = citizen.browser.post("/api/rooms/join", &[("window", &window.to_string())]).await;
    serde_json::from_value::<Joined>(joined.is_ok().json()).unwrap().heard
}

pub async fn renew(citizen: &Citizen, window: WindowId, ticket: &str) -> Heard {
    let request = citizen.browser.request(Method::POST, &format!("/room/{window}/renew")).body(ticket.to_owned());
    serde_json::from_value(citizen.browser.send(request).await.is_ok().json()).unwrap()
}

/// Renews until the answer is one of those looked for.
pub async fn until(citizen: &Citizen, window: WindowId, mut heard: Heard, is_it: impl Fn(&Told) -> bool) -> Heard {
    let found = async || {
        if !is_it(&heard.told) {
            heard = renew(citizen, window, heard.ticket.as_deref().unwrap()).await;
        }
        is_it(&heard.told).then(|| heard.clone())
    };
    eventually("the room says so", found).await
}

pub async fn enter(citizen: &Citizen, window: WindowId) -> Entered {
    let answer = citizen.browser.post("/api/rooms/enter", &[("window", &window.to_string())]).await;
    serde_json::from_value(answer.is_ok().json()).unwrap()
}

pub fn comes_in(told: &Told) -> bool {
    matches!(told, Told::ComesIn { .. })
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_pre_queue_through_the_draw_to_the_purchase() {
    on_both_engines(async |world| {
        let (a, b) = (world.citizen().await, world.citizen().await);
        let window = sale(world, 4_000, 1_000_000, Figures::default()).await;
        let (heard_a, heard_b) = (join(&a, window).await, join(&b, window).await);
        let Told::PreQueue { people, commitment, .. } = &heard_b.told else { panic!("{heard_b:?}") };
        assert_eq!(*people, 2);
        a.browser.open(&format!("/wait/{window}")).await.is_ok().says("추첨에 참여했어요");
        a.order(&new_id(), window, 10_000).await.refuses(&Refused::NeedsPass.into());
        let (in_a, _) = futures::join!(until(&a, window, heard_a, comes_in), until(&b, window, heard_b.clone(), comes_in));

        // Everybody can count the own place again.
        let evidence = a.browser.post("/api/rooms/evidence", &[("window", &window.to_string())]).await;
        let evidence: Evidence = serde_json::from_value(evidence.is_ok().json()).unwrap();
        assert_eq!(evidence.commitment, *commitment, "the seal is the one from before");
        let list = a.browser.request(Method::GET, &format!("/room/{window}/draw")).send().await.unwrap().bytes().await.unwrap();
        assert_eq!(list.len(), 2 * 16);
        let seed = evidence.seed.parse().unwrap();
        assert!(draw::verify(&evidence.commitment, &seed));
        let Told::ComesIn { place } = in_a.told else { panic!("{in_a:?}") };
        assert_eq!(draw::rank_of(&seed, &list, evidence.own).map(Place::get), Some(place));

        assert!(matches!(enter(&a, window).await, Entered::Until(_)));
        a.browser.open(&format!("/buy?window={window}")).await.is_ok().says("얼마나 살까요?");
        let pass = a.browser.cookie("payplus_pass").unwrap();
        let id = a.buys(window, 50_000).await;
        a.order(&id, window, 50_000).await.goes_to(&format!("/buy/{id}"));
        a.order(&id, window, 60_000).await.refuses(&Refused::IdReused.into());
        a.order(&new_id(), window, 10_000).await.refuses(&Refused::NeedsPass.into());
        a.browser.set_cookie("payplus_pass", &pass);
        a.order(&new_id(), window, 10_000).await.refuses(&Refused::PassUsed.into());
        // Whoever wants more lines up again, behind.
        let again = join(&a, window).await;
        assert!(matches!(again.told, Told::Waits { place: 3, .. } | Told::Called { place: 3 } | Told::ComesIn { place: 3 }), "{again:?}");
    })
    .await;
}

#[tokio::test]
async fn a_pass_is_its_owners_and_of_its_window() {
    on_both_engines(async |world| {
        let (a, b) = (world.citizen().await, world.citizen().await);
        let (window, other) = (open_sale(world).await, open_sale(world).await);
        let heard = join(&a, window).await;
        until(&a, window, heard, comes_in).await;
        enter(&a, window).await;
        let pass = a.browser.cookie("payplus_pass").unwrap();
        b.browser.set_cookie("payplus_pass", &pass);
        b.order(&new_id(), window, 10_000).await.refuses(&Refused::NeedsPass.into());
        join(&a, other).await;
        a.order(&new_id(), other, 10_000).await.refuses(&Refused::NeedsPass.into());
        for forged in ["", "x", &pass[1..], &pass[..pass.len() - 1], &format!("{pass}A"), &pass.replace(|c: char| c.is_ascii_digit(), "A")]
        {
            a.browser.set_cookie("payplus_pass", forged);
            a.order(&new_id(), window, 10_000).await.refuses(&Refused::NeedsPass.into());
        }
        a.browser.set_cookie("payplus_pass", &pass);
        a.buys(window, 10_000).await;
    })
    .await;
}

#[tokio::test]
async fn a_made_up_ticket_is_no_place() {
    on_both_engines(async |world| {
        let (a, window) = (world.citizen().await, open_sale(world).await);
        let heard = join(&a, window).await;
        let ticket = heard.ticket.unwrap();
        let other = open_sale(world).await;
        join(&a, other).await;
        for forged in
            ["", "x", &ticket[2..], &format!("{ticket}A"), &ticket.to_lowercase(), &"A".repeat(104), &"9".repeat(60_000), "번호표"]
        {
            assert_eq!(renew(&a, window, forged).await.told, Told::NoTicket, "{forged}");
        }
        assert_eq!(renew(&a, other, &ticket).await.told, Told::NoTicket, "a ticket of another window");
        assert_ne!(renew(&a, window, &ticket).await.told, Told::NoTicket);
        let request = a.browser.request(Method::POST, "/room/1/renew").body(ticket);
        a.browser.send(request).await.is(404);
        let stranger = world.browser();
        stranger.post("/api/rooms/join", &[("window", &window.to_string())]).await.refuses(&Error::SignedOut);
        a.browser.post("/api/rooms/join", &[("window", "0")]).await.refuses(&Error::NotFound);
        a.browser.post("/api/rooms/enter", &[("window", "x")]).await.refuses(&Error::NotFound);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn places_and_passes_outlive_the_server() {
    on_both_engines(async |world| {
        let (a, b) = (world.citizen().await, world.citizen().await);
        // One comes in at a time.
        let window = sale(world, -1_000, 1_000_000, Figures { most_inside: 1, ..Figures::default() }).await;
        let (heard_a, heard_b) = (join(&a, window).await, join(&b, window).await);
        until(&a, window, heard_a, comes_in).await;
        enter(&a, window).await;
        let waits = |told: &Told| matches!(told, Told::Waits { place: 2, .. } | Told::Called { place: 2 });
        let heard_b = until(&b, window, heard_b, waits).await;
        world.stop().await;
        world.start().await;
        let base = world.base_url();
        let (a, b) = (Citizen { browser: a.browser.at(&base), ..a }, Citizen { browser: b.browser.at(&base), ..b });
        let still = renew(&b, window, heard_b.ticket.as_deref().unwrap()).await;
        assert!(waits(&still.told), "{still:?}");
        assert_eq!(
            join(&b, window).await.told,
            renew(&b, window, heard_b.ticket.as_deref().unwrap()).await.told,
            "another device, the same place"
        );
        a.buys(window, 10_000).await;
        // The purchase lets the next one in.
        until(&b, window, still, comes_in).await;
        enter(&b, window).await;
        b.buys(window, 10_000).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_can_get_nothing_any_more_is_told_so_and_not_before() {
    on_both_engines(async |world| {
        let (a, b) = (world.citizen().await, world.citizen().await);
        let window = sale(world, -1_000, 20_000, Figures { most_inside: 1, ..Figures::default() }).await;
        let heard_a = join(&a, window).await;
        until(&a, window, heard_a, comes_in).await;
        enter(&a, window).await;
        let heard_b = join(&b, window).await;
        let heard_b = until(&b, window, heard_b, |told| matches!(told, Told::Waits { .. } | Told::Called { .. })).await;
        a.buys(window, 20_000).await;
        let beyond = until(&b, window, heard_b, |told| matches!(told, Told::Beyond { .. })).await;
        let Told::Beyond { outlook, .. } = beyond.told else { panic!("{beyond:?}") };
        assert_eq!((outlook.stock.left, outlook.stock.held), (Won::ZERO, Won::ZERO));
    })
    .await;
}

#[tokio::test]
async fn only_those_whom_the_window_is_for_may_wait() {
    on_both_engines(async |world| {
        // Everybody in these journeys was born in 1990.
        let citizen = world.citizen().await;
        let window = sale_for(world, Who::OddBirthYears, -1_000, 1_000_000, Figures::default()).await;
        let mine = sale_for(world, Who::EvenBirthYears, -1_000, 1_000_000, Figures::default()).await;
        join(&citizen, mine).await;
        let answer = citizen.browser.post("/api/rooms/join", &[("window", &window.to_string())]).await;
        answer.refuses(&Refused::NotYourWindow { who: Who::OddBirthYears }.into());
        // Nor does asking to be let in give a place.
        let Entered::NotYet(heard) = enter(&citizen, window).await else { panic!("let in without a ticket") };
        assert_eq!((heard.told, heard.ticket), (Told::NoTicket, None));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_keep_one_queue() {
    let Some(server) = postgres() else { return };
    on_postgres(&server, async |world: &mut World| {
        let (a, b) = (world.citizen().await, world.citizen().await);
        // Whoever is taken for somebody who is still to come would keep the seat empty for longer than this test is patient.
        let figures = Figures { most_inside: 1, grace_ms: 600_000, renew_far_ms: 200_000, ..Figures::default() };
        let window = sale(world, -1_000, 1_000_000, figures).await;
        let second = world.second_node().await;
        let there = format!("http://{}", second.addr);
        let at = |citizen: &Citizen| Citizen { browser: citizen.browser.at(&there), phone: citizen.phone, person: citizen.person };
        let (a_there, b_there) = (at(&a), at(&b));
        let heard_a = until(&a, window, join(&a, window).await, comes_in).await;
        let heard_b = join(&b_there, window).await;
        // The other phone, at the other node, is in the same place; the ticket of one node is good at the other.
        let place_of = |told: &Told| match told {
            Told::Waits { place, .. } | Told::Called { place } | Told::ComesIn { place } => Some(*place),
            _ => None,
        };
        assert_eq!(place_of(&until(&b, window, join(&b, window).await, |told| place_of(told).is_some()).await.told), Some(2));
        let ticket = heard_a.ticket.unwrap();
        let renewed = eventually("the other node has heard of it", async || {
            let heard = renew(&a_there, window, &ticket).await;
            (heard.told != Told::NoTicket).then_some(heard)
        });
        let renewed = renewed.await;
        assert_eq!(place_of(&renewed.told), Some(1));
        until(&a_there, window, renewed, comes_in).await;
        // One inside at a time, whichever node lets in.
        assert!(matches!(enter(&a_there, window).await, Entered::Until(_)));
        let waits = |told: &Told| matches!(told, Told::Waits { place: 2, .. } | Told::Called { place: 2 });
        let heard_b = until(&b, window, heard_b, waits).await;
        a_there.buys(window, 10_000).await;
        until(&b, window, heard_b, comes_in).await;
        enter(&b, window).await;
        b.buys(window, 10_000).await;
        second.stop().await;
    })
    .await;
}
