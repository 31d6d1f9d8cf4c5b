//! Waiting rooms: tickets, the draw, admissions, and the pass at the till.

use crate::till::nodes::on_two_nodes;
use crate::till::wish;
use crate::world::{Citizen, World, on_both_engines};
use domain::buying::{BankReason, BankSays, State, Wish};
use domain::room::admission::Gate;
use domain::room::{Figures, Place, Pseudonym, Settings};
use domain::{Refused, WindowId};
use futures::future::join_all;
use store::{AdmissionRow, Joining, RoomRow, Store, TicketRow};

async fn room(world: &World) -> WindowId {
    let window = world.window(world.citywide().await, 1_000_000).await;
    let settings = Settings::new(Figures::default()).unwrap();
    world.store.create_room(window, &settings, world.now).await.unwrap();
    window
}

async fn row(world: &World, window: WindowId) -> RoomRow {
    world.store.rooms(world.now).await.unwrap().into_iter().find(|row| row.window.id == window).unwrap()
}

fn joining(world: &World, window: WindowId, citizen: &Citizen) -> Joining {
    let pseudonym = Pseudonym::of(&world.store.room_key(), window, citizen.id);
    Joining { person: citizen.id, pseudonym, instead_of: None }
}

async fn join(world: &World, store: &Store, window: WindowId, people: &[&Citizen], opens_in_s: i64) -> Vec<TicketRow> {
    let joining: Vec<Joining> = people.iter().map(|citizen| joining(world, window, citizen)).collect();
    store.join_room(window, &joining, world.later(opens_in_s), world.now).await.unwrap()
}

fn numbers(tickets: &[TicketRow]) -> Vec<u32> {
    tickets.iter().map(|ticket| ticket.number).collect()
}

#[tokio::test]
async fn a_ticket_is_given_once_a_person_in_order_of_arrival() {
    on_both_engines(async |world| {
        let window = room(world).await;
        let (a, b, c) = (world.citizen().await, world.citizen().await, world.citizen().await);
        assert_eq!(numbers(&join(world, &world.store, window, &[&b, &a], 60).await), [1, 2]);
        assert_eq!(numbers(&join(world, &world.store, window, &[&a, &c, &b], 60).await), [2, 3, 1]);
        let row = row(world, window).await;
        assert_eq!((row.last_number, row.drawn), (3, None));
        assert_eq!(numbers(&world.store.tickets(window, 1, 10).await.unwrap()), [2, 3]);
        // Another room is another queue, and the lists of the two have nothing in common.
        let other = room(world).await;
        let there = join(world, &world.store, other, &[&a], 60).await;
        assert_eq!(numbers(&there), [1]);
        assert_ne!(there[0].pseudonym, joining(world, window, &a).pseudonym);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_give_tickets_at_once_give_each_number_once() {
    on_two_nodes(async |world, second| {
        let window = room(world).await;
        let mut people = Vec::new();
        for _ in 0..20 {
            people.push(world.citizen().await);
        }
        let both: Vec<&Store> = vec![&world.store, second];
        // Everybody comes with two devices, to two nodes.
        let asked = people.iter().flat_map(|citizen| {
            both.iter().map(move |store| join(world, store, window, std::slice::from_ref(citizen).iter().collect::<Vec<_>>().leak(), 60))
        });
        let given = join_all(asked).await;
        let mut seen: Vec<u32> = given.iter().map(|tickets| tickets[0].number).collect();
        for pair in given.chunks(2) {
            assert_eq!(pair[0], pair[1], "the same place on both devices");
        }
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen, (1..=20).collect::<Vec<u32>>());
    })
    .await;
}

#[tokio::test]
async fn who_lapsed_stands_at_the_end_and_the_old_row_stays() {
    on_both_engines(async |world| {
        let window = room(world).await;
        let (a, b) = (world.citizen().await, world.citizen().await);
        join(world, &world.store, window, &[&a, &b], 60).await;
        let again = Joining { instead_of: Some(1), ..joining(world, window, &a) };
        let again = [again];
        let given = world.store.join_room(window, &again, world.later(60), world.now).await.unwrap();
        assert_eq!(numbers(&given), [3]);
        // Sent twice it is the same place, not a fourth.
        let given = world.store.join_room(window, &again, world.later(60), world.now).await.unwrap();
        assert_eq!(numbers(&given), [3]);
        assert_eq!(world.number("SELECT COUNT(*) FROM ticket WHERE lapsed_at IS NOT NULL").await, 1);
        assert_eq!(numbers(&world.store.tickets(window, 0, 10).await.unwrap()), [2, 3]);
    })
    .await;
}

#[tokio::test]
async fn the_draw_holds_whoever_came_before_the_opening_and_is_closed_once() {
    on_both_engines(async |world| {
        let window = room(world).await;
        let (a, b, late) = (world.citizen().await, world.citizen().await, world.citizen().await);
        join(world, &world.store, window, &[&a, &b], 1).await;
        assert_eq!(world.store.draw_room(window, world.later(1), world.now).await.unwrap(), None, "not before it opens");
        // The first to come closes it before the own ticket is given.
        assert_eq!(numbers(&join(world, &world.store, window, &[&late], 0).await), [3]);
        assert_eq!(row(world, window).await.drawn, Some(2));
        assert_eq!(world.store.draw_room(window, world.now, world.later(5)).await.unwrap(), Some(2));
        let listed = world.store.drawn_tickets(window, 2).await.unwrap();
        assert_eq!(listed, [joining(world, window, &a).pseudonym, joining(world, window, &b).pseudonym]);
    })
    .await;
}

#[tokio::test]
async fn the_room_is_moved_by_one_node_a_tick() {
    on_both_engines(async |world| {
        let window = room(world).await;
        let people = [&world.citizen().await, &world.citizen().await];
        join(world, &world.store, window, &people, 0).await;
        let was = row(world, window).await.admission;
        let now = domain::room::Admission { serving: 2, ticked_at: world.later(1), ..was };
        assert!(world.store.move_room(window, &was, &now).await.unwrap());
        assert!(!world.store.move_room(window, &was, &now).await.unwrap(), "another node was quicker");
        assert_eq!(row(world, window).await.admission, now);
        assert_eq!(world.number("SELECT COUNT(*) FROM room_call").await, 1);
        // What the operator says in between is not overwritten.
        world.sql(&format!("UPDATE room SET gate = 'paused', rate_per_s = 7, most_inside = 9 WHERE window_id = {window}")).await;
        let next = domain::room::Admission { ticked_at: world.later(2), ..now };
        assert!(!world.store.move_room(window, &now, &next).await.unwrap());
        let steered = row(world, window).await.admission;
        assert_eq!((steered.gate, steered.rate_per_s, steered.most_inside), (Gate::Paused, 7, 9));
    })
    .await;
}

#[tokio::test]
async fn an_admission_is_given_once_and_given_again_as_it_was() {
    on_both_engines(async |world| {
        let window = room(world).await;
        let citizen = world.citizen().await;
        let_in(world, window, &citizen, 1).await;
        let first = AdmissionRow { person: citizen.id, place: Place::FIRST, admitted_at: world.now, expires_at: world.later(300) };
        let later = AdmissionRow { admitted_at: world.later(20), expires_at: world.later(320), ..first };
        assert_eq!(world.store.admit(window, &[first], &[], world.now).await.unwrap(), [first]);
        assert_eq!(world.store.admit(window, &[later], &[], world.now).await.unwrap(), [first]);
        assert_eq!(world.store.admitted_after(window, world.later(-1)).await.unwrap(), [(Place::FIRST, world.now)]);
        assert_eq!(world.store.admitted_after(window, world.now).await.unwrap(), []);
        assert_eq!(world.store.people_inside(window, world.later(299)).await.unwrap(), 1);
        assert_eq!(world.store.people_inside(window, world.later(300)).await.unwrap(), 0);
        let id = buy(world, &citizen, window, 1).await.unwrap();
        assert_eq!(world.store.people_inside(window, world.now).await.unwrap(), 1, "while the bank is asked");
        world.store.till().settle(id, BankSays::Done, world.now).await.unwrap();
        assert_eq!(world.store.people_inside(window, world.now).await.unwrap(), 0);
        let other = room(world).await;
        let_in(world, other, &world.citizen().await, 1).await;
        assert_eq!(world.store.people_inside(other, world.now).await.unwrap(), 1);
        world.store.admit(other, &[], &[Place::FIRST], world.now).await.unwrap();
        assert_eq!(world.store.people_inside(other, world.now).await.unwrap(), 0, "whoever is done is out at once");
        assert_eq!(world.store.average_purchase(window, world.now).await.unwrap().map(domain::Won::get), Some(10_000));
    })
    .await;
}

/// So many tickets of one person who goes to the end again and again, the last of them let in as far as called.
async fn let_in(world: &World, window: WindowId, citizen: &Citizen, places: u32) {
    let mut instead_of = None;
    for _ in 0..places {
        let joining = [Joining { instead_of, ..joining(world, window, citizen) }];
        instead_of = Some(world.store.join_room(window, &joining, world.now, world.now).await.unwrap()[0].number);
    }
    let was = row(world, window).await.admission;
    let now = domain::room::Admission { serving: places, ticked_at: world.now, ..was };
    assert!(world.store.move_room(window, &was, &now).await.unwrap());
    for place in 1..=places {
        let place = Place::new(place).unwrap();
        let row = AdmissionRow { person: citizen.id, place, admitted_at: world.now, expires_at: world.later(300) };
        world.store.admit(window, &[row], &[], world.now).await.unwrap();
    }
}

async fn buy(world: &World, citizen: &Citizen, window: WindowId, place: u32) -> Result<domain::PurchaseId, Refused> {
    let wish = Wish { place: Place::new(place).ok(), ..wish(world, citizen.id, window, 10_000) };
    world.store.till().reserve(wish, world.buyer(citizen), world.now).await.unwrap().map(|_| wish.id)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pass_is_good_for_one_purchase_whoever_races() {
    on_both_engines(async |world| {
        let window = room(world).await;
        let citizen = world.citizen().await;
        let_in(world, window, &citizen, 5).await;
        assert_eq!(buy(world, &citizen, window, 0).await, Err(Refused::NeedsPass));
        let tries = join_all((0..12).map(|_| buy(world, &citizen, window, 5))).await;
        let (done, refused): (Vec<_>, Vec<_>) = tries.into_iter().partition(Result::is_ok);
        assert_eq!(done.len(), 1);
        assert!(refused.iter().all(|refused| *refused == Err(Refused::PassUsed)), "{refused:?}");
        // A purchase that comes to nothing leaves the pass as it was.
        let id = done.into_iter().next().unwrap().unwrap();
        let voided = world.store.till().settle(id, BankSays::Rejected(BankReason::InsufficientFunds), world.now).await.unwrap();
        assert_eq!(voided, Some(State::Voided));
        let again = buy(world, &citizen, window, 5).await.unwrap();
        assert_eq!(world.store.till().settle(again, BankSays::Done, world.now).await.unwrap(), Some(State::Posted));
        assert_eq!(buy(world, &citizen, window, 5).await, Err(Refused::PassUsed));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pass_is_good_once_over_two_nodes() {
    on_two_nodes(async |world, second| {
        let window = room(world).await;
        let citizen = world.citizen().await;
        let_in(world, window, &citizen, 10).await;
        for place in 1..=10 {
            let reserve = async |store: &Store| {
                let wish = Wish { place: Place::new(place).ok(), ..wish(world, citizen.id, window, 10_000) };
                store.till().reserve(wish, world.buyer(&citizen), world.now).await.unwrap().is_ok()
            };
            let (here, there) = futures::join!(reserve(&world.store), reserve(second));
            assert!(here ^ there, "place {place}: {here} {there}");
        }
    })
    .await;
}
