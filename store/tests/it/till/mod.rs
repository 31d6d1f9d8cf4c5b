//! The till: where money moves. Many callers at once are the normal case here, so most of these tests send their commands together
//! and look at every answer and at what is in the end.

mod callers;
mod cancelling;
mod expiring;
mod gifting;
mod gifts_about;
mod limits;
mod lists;
pub mod nodes;
mod once;
mod paying;
mod pools;
mod races;
mod random;
mod refunding;
mod settling;
mod spending;

use crate::world::{Citizen, Shop, World};
use domain::buying::{self, BankSays, State};
use domain::paying::Code;
use domain::sale::Pool;
use domain::{MerchantId, PersonId, PurchaseId, Refused, Timestamp, WindowId, Won, paying as pay};
use futures::future::join_all;
use jiff::civil::date;
use sqlx::Row;
use store::till::Buyer;
use store::{Engine, Store};

pub type Reserved = Result<State, Refused>;
pub type Paid = Result<Code, Refused>;

pub fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

pub fn buyer() -> Buyer {
    Buyer { birth_year: 1990, account: "acc-1".to_owned() }
}

pub fn wish(world: &World, person: PersonId, window: WindowId, face: i64) -> buying::Wish {
    buying::Wish { id: world.purchase_id(), person, window, face: Won::of(face), place: None, partner: None }
}

pub fn bill(world: &World, payer: PersonId, merchant: MerchantId, amount: i64) -> pay::Wish {
    pay::Wish { id: world.payment_id(), payer, merchant, amount: Won::of(amount), kind: None, once: None }
}

/// All of them wait at the till before it takes the first.
pub async fn reserve_all(store: &Store, wishes: &[buying::Wish], now: Timestamp) -> Vec<Reserved> {
    let commands = wishes.iter().map(|wish| store.till().reserve(*wish, buyer(), now));
    join_all(commands).await.into_iter().map(|answer| answer.unwrap().map(|debit| debit.state)).collect()
}

pub async fn settle_all(store: &Store, ids: &[PurchaseId], says: BankSays, now: Timestamp) -> Vec<Option<State>> {
    let commands = ids.iter().map(|id| store.till().settle(*id, says, now));
    join_all(commands).await.into_iter().map(Result::unwrap).collect()
}

pub async fn pay_all(store: &Store, wishes: &[pay::Wish], now: Timestamp) -> Vec<Paid> {
    let commands = wishes.iter().map(|wish| store.till().pay(*wish, now));
    join_all(commands).await.into_iter().map(Result::unwrap).collect()
}

/// Many verified people, without the pages of an enrolment.
pub async fn crowd(world: &World, size: usize) -> Vec<Citizen> {
    let person = |number: usize| Citizen {
        id: PersonId(9_000_000 + i64::try_from(number).unwrap()),
        name: format!("시민 {number}"),
        phone: world.new_phone(),
        birth_date: date(1990, 5, 17),
        ci: format!("crowd-{number}"),
        account: "acc-1".to_owned(),
    };
    let people: Vec<Citizen> = (0..size).map(person).collect();
    let bytes = match world.store.engine() {
        Engine::Sqlite => "BLOB",
        Engine::Postgres => "BYTEA",
    };
    let row = |person: &Citizen| format!("({}, CAST('{}' AS {bytes}), '{}', 19900517, 0)", person.id, person.ci, person.name);
    let rows: Vec<String> = people.iter().map(row).collect();
    world.sql(&format!("INSERT INTO person (id, person_key, name, birth_date, created_at) VALUES {}", rows.join(", "))).await;
    people
}

/// Each of the crowd buys `face` out of one window.
pub async fn crowd_with(world: &World, size: usize, face: i64) -> Vec<Citizen> {
    let people = crowd(world, size).await;
    let window = world.window(world.citywide().await, face * i64::try_from(size).unwrap()).await;
    let wishes: Vec<_> = people.iter().map(|person| wish(world, person.id, window, face)).collect();
    assert!(reserve_all(&world.store, &wishes, world.now).await.iter().all(|answer| *answer == Ok(State::Reserved)));
    let ids: Vec<_> = wishes.iter().map(|wish| wish.id).collect();
    assert!(settle_all(&world.store, &ids, BankSays::Done, world.now).await.iter().all(|state| *state == Some(State::Posted)));
    people
}

/// Held and sold.
pub async fn pool(world: &World, window: WindowId) -> (i64, i64) {
    let (_, Pool { held, sold, .. }, _) = world.store.window(window).await.unwrap().unwrap();
    (held.get(), sold.get())
}

/// Bought this month and held, of all kinds together.
pub async fn allowance(world: &World, person: PersonId) -> (i64, i64) {
    let rows = world.rows(&format!("SELECT bought, held FROM allowance WHERE person_id = {person}")).await;
    rows.iter().fold((0, 0), |sum, row| (sum.0 + row.get::<i64, _>(0), sum.1 + row.get::<i64, _>(1)))
}

/// What is left of each lot, oldest first.
pub async fn lots(world: &World, person: PersonId) -> Vec<i64> {
    let rows = world.rows(&format!("SELECT remaining FROM lot WHERE person_id = {person} ORDER BY bought_at, id")).await;
    rows.iter().map(|row| row.get(0)).collect()
}

/// Every entry of the ledger of one cause: account and amount, in order.
pub async fn entries(world: &World, cause: &str) -> Vec<(i64, i64)> {
    let select = format!(
        "SELECT entry.account, entry.amount FROM entry JOIN transfer ON transfer.id = entry.transfer_id \
         WHERE transfer.cause = '{cause}' ORDER BY entry.transfer_id, entry.line"
    );
    world.rows(&select).await.iter().map(|row| (row.get(0), row.get(1))).collect()
}

pub fn count<T: PartialEq>(answers: &[T], answer: &T) -> usize {
    answers.iter().filter(|one| *one == answer).count()
}

pub async fn total_of_day(world: &World, shop: &Shop, now: Timestamp) -> (i64, i64) {
    let day = world.store.today(shop.merchant.id, now).await.unwrap();
    (day.paid_count, day.paid.get())
}
