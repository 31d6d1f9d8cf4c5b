//! Who goes first, on queues that are full before anybody is served.

use super::*;
use crate::flake::Flake;
use crate::pace::Pace;
use crate::till::batch::{Ledger, Run};
use crate::till::books::{Books, Named, Touched};
use crate::till::{Buyer, Command};
use domain::buying::{self, BankSays};
use domain::{MerchantId, PaymentId, PersonId, PurchaseId, Timestamp, WindowId, Won, paying};
use std::sync::Mutex;
use tokio::sync::{broadcast, watch};

/// Purchases and payments that each batch named. Nothing is in it, so everything is refused.
#[derive(Clone, Default)]
struct Empty(Arc<Mutex<Vec<Named>>>);

impl Ledger for Empty {
    async fn begin(&mut self, _: bool, named: &Named, _: &mut Books) -> Result<()> {
        let named = Named { purchases: named.purchases.clone(), payments: named.payments.clone(), ..Named::default() };
        self.0.lock().unwrap().push(named);
        Ok(())
    }

    async fn load_touched(&mut self, _: &Touched, _: &mut Books) -> Result<()> {
        Ok(())
    }

    async fn save(&mut self, _: &Books) -> Result<()> {
        Ok(())
    }

    async fn abort(&mut self) {}

    async fn quiet(&mut self) {}
}

fn random(number: u64) -> [u8; 10] {
    let mut random = [0; 10];
    random[2..].copy_from_slice(&number.to_be_bytes());
    random
}

fn reserve(number: u64) -> Command {
    let id = PurchaseId::from_parts(1, random(number));
    let wish = buying::Wish { id, person: PersonId(1), window: WindowId(1), face: Won::of(10_000), place: None, partner: None };
    Command::Reserve { wish, buyer: Buyer { birth_year: 1990, account: "a".to_owned() }, now: Timestamp::UNIX_EPOCH }
}

fn settle(number: u64) -> Command {
    Command::Settle { purchase: PurchaseId::from_parts(1, random(number)), says: BankSays::Done, now: Timestamp::UNIX_EPOCH }
}

fn payment(number: u64) -> PaymentId {
    PaymentId::from_parts(2, random(number))
}

fn pay(number: u64) -> Command {
    let wish =
        paying::Wish { id: payment(number), payer: PersonId(1), merchant: MerchantId(1), amount: Won::of(1_000), kind: None, once: None };
    Command::Pay { wish, now: Timestamp::UNIX_EPOCH }
}

/// Sends all, closes, and only then serves. What each batch named.
async fn served(commands: Vec<Command>) -> Vec<Named> {
    let (lane, lines) = lane();
    let sent = commands.len();
    let mut asking: Vec<_> = commands.into_iter().map(|command| Box::pin(lane.ask(command))).collect();
    for one in &mut asking {
        assert!(futures::poll!(one.as_mut()).is_pending());
    }
    assert_eq!(lane.waiting(), sent);
    let (_closing, closed) = watch::channel(true);
    let ledger = Empty::default();
    let run = Run { lines, closed, told: broadcast::channel(1).0, flake: Arc::new(Flake::new(0)), pace: Pace::NONE };
    run.run(ledger.clone()).await;
    for answer in futures::future::join_all(asking).await {
        answer.unwrap();
    }
    std::mem::take(&mut *ledger.0.lock().unwrap())
}

#[tokio::test]
async fn a_payment_waits_for_one_batch_however_many_reservations_wait() {
    let mut commands: Vec<Command> = (0..10_000).map(reserve).collect();
    commands.push(pay(1));
    let batches = served(commands).await;
    assert_eq!(batches.len(), 11);
    assert!(batches[0].payments.contains(&payment(1)));
    assert!(batches.iter().all(|batch| batch.purchases.len() <= BATCH + 1));
}

#[tokio::test]
async fn the_banks_word_goes_with_the_payments() {
    let mut commands: Vec<Command> = (0..10_000).map(reserve).collect();
    commands.extend((0..2_000).flat_map(|number| [pay(number), settle(100_000 + number)]));
    let batches = served(commands).await;
    let settled = |batch: &Named| batch.purchases.iter().filter(|id| id.uuid().as_bytes()[12..] >= 100_000_u32.to_be_bytes()[..]).count();
    let in_batches: Vec<usize> = batches.iter().map(settled).collect();
    // Alternating, 375 in each batch beside as many payments.
    assert_eq!(in_batches[..6], [375, 375, 375, 375, 375, 125]);
}

#[tokio::test]
async fn payments_without_end_leave_reservations_their_share() {
    let commands: Vec<Command> = (0..8_000).map(pay).chain((0..500).map(reserve)).collect();
    let batches = served(commands).await;
    let reserved: Vec<usize> = batches.iter().map(|batch| batch.payments.len() - paid(batch)).collect();
    assert_eq!(reserved[..3], [FOR_THE_SECOND, FOR_THE_SECOND, 0]);
    assert!(batches.iter().all(|batch| batch.payments.len() <= BATCH));
}

fn paid(batch: &Named) -> usize {
    batch.payments.iter().filter(|id| id.uuid().as_bytes()[..6] == 2_u64.to_be_bytes()[2..]).count()
}

#[tokio::test]
async fn what_fits_into_a_batch_is_taken_in_the_order_in_which_it_was_sent() {
    let (lane, mut lines) = lane();
    let commands = [reserve(1), settle(1), pay(1), reserve(2), pay(2), settle(2)];
    let wanted: Vec<_> = commands.iter().map(Command::id).collect();
    let mut asking: Vec<_> = commands.into_iter().map(|command| Box::pin(lane.ask(command))).collect();
    for one in &mut asking {
        assert!(futures::poll!(one.as_mut()).is_pending());
    }
    let mut batch = Vec::new();
    assert!(lines.take(&mut batch).await);
    let taken: Vec<_> = batch.iter().map(|waiting| waiting.command.id()).collect();
    assert_eq!(taken, wanted);
}

#[tokio::test]
async fn the_delay_is_told_while_a_batch_is_under_way_and_forgotten_when_it_is_quiet() {
    let (lane, mut lines) = lane();
    assert_eq!(lane.delay(), Duration::ZERO);
    let mut asking = Box::pin(lane.ask(pay(1)));
    assert!(futures::poll!(asking.as_mut()).is_pending());
    let mut batch = Vec::new();
    assert!(lines.take(&mut batch).await);
    // What passes between two lines of a test is little; what is set by hand is exact.
    lane.waits.busy_since_ms.store(0, Ordering::Relaxed);
    lane.waits.waited_ms.store(1_234, Ordering::Relaxed);
    assert!(lane.delay() >= Duration::from_millis(1_234));
    lines.done();
    assert_eq!(lane.delay(), Duration::from_millis(1_234));
    lines.quiet();
    assert_eq!(lane.delay(), Duration::ZERO);
}
