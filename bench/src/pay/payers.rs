//! People who pay: one request with the session and the PIN, as the page sends it.

use crate::Outcome;
use crate::line::{Body, Line};
use crate::load::{Work, us};
use crate::town::{PIN, Person};
use crate::witness::{Kept, Outcome as Came, Witness};
use domain::{PaymentId, Timestamp};
use hdrhistogram::Histogram;
use rand::Rng;
use std::sync::Arc;
use std::time::Instant;

pub struct Payers {
    pub people: Vec<Person>,
    /// Any of these, by their numbers.
    pub shops: Vec<String>,
    pub witness: Arc<Witness>,
}

impl Work for Payers {
    type Spans = Histogram<u64>;

    async fn one(&self, line: &mut Line, due: Instant, latencies: &mut Histogram<u64>) -> Outcome<bool> {
        let (person, shop, units, random) = {
            let mut rng = rand::rng();
            let person = &self.people[rng.random_range(0..self.people.len())];
            (person, &self.shops[rng.random_range(0..self.shops.len())], rng.random_range(1..=40), rng.random())
        };
        let came = pay(line, person, shop, units * 100, random, &self.witness).await?;
        if came == Came::Done {
            latencies.record(us(due.elapsed())?)?;
        }
        Ok(true)
    }
}

/// A whole payment.
pub async fn pay(line: &mut Line, person: &Person, shop: &str, won: u32, random: [u8; 10], witness: &Witness) -> Outcome<Came> {
    let id = PaymentId::from_parts(u64::try_from(Timestamp::now().as_millisecond())?, random);
    let form = format!("payment={id}&number={shop}&amount={won}&pin={PIN}");
    let came = match line.post("/api/pay", &person.cookie, Body::Form(&form)).await {
        Ok(answer) => Came::of(answer.status),
        Err(_) => Came::Lost,
    };
    witness.keep(Kept { id: id.uuid(), came });
    Ok(came)
}
