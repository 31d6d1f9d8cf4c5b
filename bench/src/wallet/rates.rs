//! Refunds (reserved, then posted) and gifts (given, then accepted) through the till, two commands and two answers each, beside payments through the
//! same till. The bank in between is left out: it is not ours to measure.

use super::{Round, past};
use crate::Outcome;
use crate::load::ms;
use crate::town::Town;
use domain::buying::BankSays;
use domain::gifting::{self, Card, Message, Part, Receiver};
use domain::phone::Phone;
use domain::refunding::{self, State};
use domain::{GiftId, KindId, LotId, MerchantId, PaymentId, PersonId, RefundId, Timestamp, Won, paying};
use hdrhistogram::Histogram;
use rand::Rng;
use sqlx::{AnyConnection, Connection, Row};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use store::Store;

const CALLERS: usize = 100;
/// Bought before each round, more than can be refunded and given in a second.
const LOTS_A_SECOND: u64 = 30_000;

/// A lot of which nothing was spent.
struct Untouched {
    lot: LotId,
    person: PersonId,
    kind: KindId,
    paid: Won,
}

/// Payments, refunds, gifts: in turns.
pub struct Rates {
    pub payments: Round,
    pub refunds: Round,
    pub gifts: Round,
}

pub async fn round(town: &Town, seconds: u64) -> Outcome<Rates> {
    let store = town.store().await?;
    let (shops, members) = (past::shops(&town.url).await?, town.members);
    let wanted = usize::try_from(LOTS_A_SECOND * seconds)?;
    crate::till::buy_before(&store, std::iter::repeat_with(move || crate::till::anybody(members)).take(wanted)).await?;
    let lots = Arc::new(Mutex::new(untouched(&town.url, wanted).await?));
    let payers: Arc<Vec<PersonId>> = Arc::new(town.people.iter().map(|person| person.id).collect());

    let payments = at_once(seconds, || {
        let (store, payers, shops) = (store.clone(), Arc::clone(&payers), shops.clone());
        move || pays(store.clone(), pick(&payers), pick(&shops))
    })
    .await?;
    let refunds = at_once(seconds, || {
        let (store, lots) = (store.clone(), Arc::clone(&lots));
        move || {
            let lot = lots.lock().unwrap_or_else(PoisonError::into_inner).pop();
            refunds(store.clone(), lot)
        }
    })
    .await?;
    let gifts = at_once(seconds, || {
        let (store, lots) = (store.clone(), Arc::clone(&lots));
        move || {
            let lot = lots.lock().unwrap_or_else(PoisonError::into_inner).pop();
            // Not those whose pages are looked at: their wallets would grow from round to round.
            gives(store.clone(), lot, crate::till::anybody(members).0)
        }
    })
    .await?;
    store.close().await;
    Ok(Rates { payments, refunds, gifts })
}

fn pick<T: Copy>(of: &[T]) -> T {
    of[rand::rng().random_range(0..of.len())]
}

async fn untouched(url: &str, most: usize) -> Outcome<Vec<Untouched>> {
    let mut connection = AnyConnection::connect(url).await?;
    let select = "SELECT id, person_id, paid, kind_id FROM lot WHERE remaining = face ORDER BY id DESC LIMIT $1";
    let rows = sqlx::query(select).bind(i64::try_from(most)?).fetch_all(&mut connection).await?;
    let lot = |row: &sqlx::any::AnyRow| {
        let (lot, person) = (LotId(row.try_get(0)?), PersonId(row.try_get(1)?));
        Ok(Untouched { lot, person, kind: KindId(row.try_get(3)?), paid: Won::new(row.try_get(2)?)? })
    };
    rows.iter().map(lot).collect()
}

async fn pays(store: Store, payer: PersonId, merchant: MerchantId) -> Outcome<()> {
    let now = Timestamp::now();
    let id = PaymentId::from_parts(u64::try_from(now.as_millisecond())?, rand::random());
    store.till().pay(paying::Wish { id, payer, merchant, amount: Won::of(100), kind: None, once: None }, now).await??;
    Ok(())
}

async fn refunds(store: Store, lot: Option<Untouched>) -> Outcome<()> {
    let Untouched { lot, person, paid, .. } = lot.ok_or("too few lots were bought before")?;
    let now = Timestamp::now();
    let id = RefundId::from_parts(u64::try_from(now.as_millisecond())?, rand::random());
    store.till().refund(refunding::Wish { id, person, lot, back: paid }, "acc_bench".to_owned(), now).await??;
    match store.till().settle_refund(id, BankSays::Done, now).await? {
        Some(State::Posted) => Ok(()),
        other => Err(format!("a refund ended as {other:?}").into()),
    }
}

/// A won, so that nobody's caps are reached; to somebody else.
async fn gives(store: Store, lot: Option<Untouched>, receiver: PersonId) -> Outcome<()> {
    let Untouched { lot, person, kind, .. } = lot.ok_or("too few lots were bought before")?;
    if receiver == person {
        return Ok(());
    }
    let now = Timestamp::now();
    let id = GiftId::from_parts(u64::try_from(now.as_millisecond())?, rand::random());
    let parts = vec![Part { lot, amount: Won::of(1) }];
    let (card, message) = (Card::Plain, Message::default());
    let wish = gifting::Wish { id, sender: person, kind, parts, to: None, card, message, deliver_at: None };
    let phone = Phone::parse("010-0000-0000")?;
    store.till().give(wish, phone, now).await??;
    match store.till().accept_gift(id, Receiver { person: receiver, phone }, now).await?? {
        gifting::State::Accepted => Ok(()),
        other => Err(format!("a gift ended as {other:?}").into()),
    }
}

/// So many callers, each one thing after the other.
async fn at_once<W, F>(seconds: u64, caller: impl Fn() -> W) -> Outcome<Round>
where
    W: Fn() -> F + Send + 'static,
    F: Future<Output = Outcome<()>> + Send,
{
    let began = Instant::now();
    let end = began + Duration::from_secs(seconds);
    let tasks: Vec<_> = (0..CALLERS)
        .map(|_| {
            let one = caller();
            tokio::spawn(async move {
                let mut times = Histogram::<u64>::new_with_max(60_000_000, 2)?;
                while Instant::now() < end {
                    let started = Instant::now();
                    one().await?;
                    times.record(u64::try_from(started.elapsed().as_micros())?)?;
                }
                Outcome::Ok(times)
            })
        })
        .collect();
    let mut times = Histogram::<u64>::new_with_max(60_000_000, 2)?;
    for task in tasks {
        times.add(task.await??)?;
    }
    let per_s = times.len() as f64 / began.elapsed().as_secs_f64();
    Ok(Round { per_s, p50_ms: ms(&times, 0.5), p99_ms: ms(&times, 0.99), cpu_us: 0.0, size: 0.0 })
}
