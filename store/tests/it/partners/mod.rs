//! Partner apps: keys and whom they bring, the four channels that share one person's limits, caps, and what endpoints are told.

mod channels;
mod keys;
mod webhooks;

use crate::world::{Citizen, World};
use domain::partner::{KeyScopes, PartnerName};
use domain::{PartnerId, Refused, Timestamp, WindowId, Won};
use jiff::civil::Date;
use store::{By, Customer, Debit, Identity, KeyProof, NewPartner, Order, Store};

/// A partner with a key for everything.
pub async fn partner(world: &World, name: &str) -> KeyProof {
    let id = make(world, name).await;
    let new = world.store.make_key(By::CommandLine, id, KeyScopes::EVERY, 50, world.now).await.unwrap().unwrap();
    world.store.partner_key(&new.expose(), world.now).await.unwrap().unwrap()
}

pub async fn make(world: &World, name: &str) -> PartnerId {
    let account = format!("acc-{name}");
    let new = NewPartner { name: &PartnerName::parse(name).unwrap(), account: &account, masked: "신한 ***0001" };
    world.store.make_partner(&new, world.now).await.unwrap().unwrap()
}

/// Somebody whom a partner brings: a member if the CI is one's.
pub async fn brings(store: &Store, key: &KeyProof, ci: &str, name: &str, birth_date: Date, now: Timestamp) -> Customer {
    let identity = Identity { name: name.to_owned(), birth_date };
    let reference = store.introduce(key, &identity, ci, now).await.unwrap();
    store.customer(key, reference).await.unwrap().unwrap()
}

pub async fn brings_citizen(world: &World, key: &KeyProof, citizen: &Citizen) -> Customer {
    brings(&world.store, key, &citizen.ci, &citizen.name, citizen.birth_date, world.now).await
}

pub fn order(world: &World, window: WindowId, face: i64) -> Order {
    Order { id: world.purchase_id(), window, face: Won::of(face), place: None }
}

pub async fn buys(world: &World, key: &KeyProof, customer: &Customer, order: Order) -> Result<Debit, Refused> {
    world.store.buy_through(key, customer, order, world.now).await.unwrap()
}
