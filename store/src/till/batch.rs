//! The loop of the till: take what waits, load, decide in order, save, answer.

use super::books::{Books, Named, Touched, tidy};
use super::lane::Lines;
use super::{Answer, BATCH, Command, Told, cancel, expire, gift, pay, refund, reserve, settle};
use crate::error::{Error, Result};
use crate::flake::Flake;
use crate::pace::Pace;
use domain::buying::BankSays;
use domain::calendar::{Day, Month};
use domain::{PaymentId, PurchaseId, RefundId};
use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{broadcast, oneshot, watch};

/// How often a batch is decided anew when another till (a lane's, a node's) was quicker, before it is given up.
const ROUNDS: u32 = 3;
/// How long the queue must be empty before the engine tidies up (SQLite: checkpoints).
const QUIET: Duration = Duration::from_millis(500);

/// A command and the caller that waits for its answer.
pub(super) struct Waiting {
    pub command: Command,
    pub answer: oneshot::Sender<Result<Answer>>,
    /// Grows with each command of the lane.
    pub turn: u64,
    pub sent_at: Instant,
}

/// What an engine does for the till. All of a batch happens between `begin` and `save`; after an error the engine is as if
/// the batch had not been (a lost connection is opened anew by the next `begin`).
pub(super) trait Ledger: Send {
    /// Begins and loads the rows that the commands name. `is_again`: this batch was overtaken by another till.
    fn begin(&mut self, is_again: bool, named: &Named, books: &mut Books) -> impl Future<Output = Result<()>> + Send;
    /// Loads the rows that they touch.
    fn load_touched(&mut self, touched: &Touched, books: &mut Books) -> impl Future<Output = Result<()>> + Send;
    /// Writes what changed and commits. A row that is not as it was loaded is an error: [`Error::Overtaken`] where other tills may
    /// have written it.
    fn save(&mut self, books: &Books) -> impl Future<Output = Result<()>> + Send;
    fn abort(&mut self) -> impl Future<Output = ()> + Send;
    /// The queue has been empty for a while.
    fn quiet(&mut self) -> impl Future<Output = ()> + Send;
}

pub(super) struct Run {
    pub lines: Lines,
    pub closed: watch::Receiver<bool>,
    pub told: broadcast::Sender<Told>,
    pub flake: Arc<Flake>,
    pub pace: Pace,
}

impl Run {
    /// Until the queue is closed and empty.
    pub(super) async fn run(mut self, mut ledger: impl Ledger) {
        let mut batch: Vec<Waiting> = Vec::with_capacity(BATCH);
        let mut is_tidy = false;
        let mut closed = self.closed.clone();
        let mut is_closing = false;
        loop {
            tokio::select! {
                biased;
                // True when it was asked to close, false when every handle is gone: the same to us.
                _ = async { closed.wait_for(|closed| *closed).await.is_ok() }, if !is_closing => {
                    is_closing = true;
                    self.lines.close();
                }
                is_there = self.lines.take(&mut batch) => {
                    if !is_there {
                        break;
                    }
                    is_tidy = false;
                    let began = tokio::time::Instant::now();
                    self.serve(&mut ledger, &mut batch).await;
                    self.lines.done();
                    self.pace.rest(began).await;
                }
                () = tokio::time::sleep(QUIET), if !is_tidy => {
                    is_tidy = true;
                    self.lines.quiet();
                    ledger.quiet().await;
                }
            }
        }
        ledger.quiet().await;
    }

    /// Serves a batch whole; if that fails, each of its commands alone, so that one that can't be saved takes none with it.
    /// Sending a command again is safe: its id is looked up first.
    async fn serve(&self, ledger: &mut impl Ledger, batch: &mut Vec<Waiting>) {
        let started = Instant::now();
        let size = batch.len();
        let commands: Vec<&Command> = batch.iter().map(|waiting| &waiting.command).collect();
        match self.commit(ledger, &commands).await {
            Ok(answers) => {
                for (waiting, answer) in batch.drain(..).zip(answers) {
                    // The caller may have gone; what was done stays done.
                    let _ = waiting.answer.send(Ok(answer));
                }
            }
            Err(error) => {
                tracing::warn!(%error, size, "a batch could not be committed; its commands are tried one by one");
                self.serve_each(ledger, batch).await;
            }
        }
        metrics::histogram!("payplus_till_batch_commands").record(size as f64);
        metrics::histogram!("payplus_till_batch_seconds").record(started.elapsed().as_secs_f64());
    }

    async fn serve_each(&self, ledger: &mut impl Ledger, batch: &mut Vec<Waiting>) {
        let mut is_there = true;
        for waiting in batch.drain(..) {
            let outcome = if is_there {
                self.commit(ledger, &[&waiting.command]).await
            } else {
                Err(Error::TillFailed("the database does not answer".into()))
            };
            // Was it the command or the database? When the database is gone, nobody waits for it in turn.
            is_there = is_there && (outcome.is_ok() || answers(ledger).await);
            let answer = outcome.and_then(|mut answers| answers.pop().ok_or(Error::TillClosed));
            let _ = waiting.answer.send(answer);
        }
    }

    /// Decides anew on what another till wrote meanwhile.
    async fn commit(&self, ledger: &mut impl Ledger, commands: &[&Command]) -> Result<Vec<Answer>> {
        let mut outcome = self.commit_once(ledger, commands, false).await;
        for _ in 1..ROUNDS {
            match &outcome {
                Err(error) if error.is_race() => outcome = self.commit_once(ledger, commands, true).await,
                _ => break,
            }
        }
        outcome
    }

    async fn commit_once(&self, ledger: &mut impl Ledger, commands: &[&Command], is_again: bool) -> Result<Vec<Answer>> {
        let mut books = Books::default();
        let outcome = async {
            ledger.begin(is_again, &named(commands), &mut books).await?;
            let on_open_days = on_open_days(commands, books.open_since_ms);
            let commands: Vec<&Command> = on_open_days.iter().map(|command| &**command).collect();
            let touched = touched(&commands, &books);
            ledger.load_touched(&touched, &mut books).await?;
            let answers: Vec<Answer> = commands.iter().map(|command| self.decide(&mut books, command)).collect();
            ledger.save(&books).await?;
            Ok(answers)
        };
        let answers = match outcome.await {
            Ok(answers) => answers,
            Err(error) => {
                ledger.abort().await;
                return Err(error);
            }
        };
        let committed = Instant::now();
        for (merchant, notice) in books.notices {
            // Nobody may be listening.
            let _ = self.told.send(Told { merchant, notice: Arc::new(notice), committed });
        }
        Ok(answers)
    }

    fn decide(&self, books: &mut Books, command: &Command) -> Answer {
        match command {
            Command::Reserve { wish, buyer, now } => reserve::apply(books, wish, buyer, *now, &self.flake),
            Command::Settle { purchase, says, now } => settle::apply(books, *purchase, *says, *now, &self.flake),
            Command::Pay { wish, now } => pay::apply(books, wish, *now, &self.flake, rand::random()),
            Command::Cancel { wish, now } => cancel::apply(books, wish, *now, &self.flake),
            Command::Refund { wish, account, now } => refund::apply(books, wish, account, *now, &self.flake),
            Command::SettleRefund { refund, says, now } => refund::settle(books, *refund, *says, *now, &self.flake),
            Command::Gift { wish, own, now } => gift::send(books, wish, *own, *now, &self.flake),
            Command::AcceptGift { gift, receiver, now } => gift::accept(books, *gift, receiver, *now, &self.flake),
            Command::GiftBack { gift, how, now } => gift::back(books, *gift, *how, *now, &self.flake),
            Command::Expire { lot, now, .. } => expire::apply(books, *lot, *now, &self.flake),
            Command::Waive { lot, .. } => expire::waive(books, *lot),
            Command::Extend { lot, until, now, .. } => expire::extend(books, *lot, *until, *now, &self.flake),
        }
    }
}

/// Whoever was heard on a day that has been closed meanwhile is heard in the first moment of the day that has begun.
fn on_open_days<'a>(commands: &[&'a Command], open_since_ms: i64) -> Vec<Cow<'a, Command>> {
    let is_late = |command: &Command| command.on_a_day().is_some_and(|now| crate::millis(now) < open_since_ms);
    let on_open_day = |command: &&'a Command| match is_late(command) {
        true => Cow::Owned(command.heard_at(crate::clock::at(open_since_ms))),
        false => Cow::Borrowed(*command),
    };
    commands.iter().map(on_open_day).collect()
}

/// Is the database there at all?
async fn answers(ledger: &mut impl Ledger) -> bool {
    let begun = ledger.begin(false, &Named::default(), &mut Books::default()).await;
    ledger.abort().await;
    begun.is_ok()
}

/// An id is good for one action: whoever buys with it can't pay or refund with it, and the other way round.
fn named(commands: &[&Command]) -> Named {
    let mut named = Named::default();
    for command in commands {
        match command {
            Command::Reserve { wish, .. } => {
                named.purchases.push(wish.id);
                named.payments.extend(PaymentId::try_from(wish.id.uuid()));
                named.refunds.extend(RefundId::try_from(wish.id.uuid()));
                named.places.extend(wish.place.map(|place| (wish.window, place)));
            }
            Command::Settle { purchase, .. } => named.purchases.push(*purchase),
            Command::Pay { wish, .. } => {
                named.days = true;
                named.payments.push(wish.id);
                named.purchases.extend(PurchaseId::try_from(wish.id.uuid()));
                named.refunds.extend(RefundId::try_from(wish.id.uuid()));
                named.onces.extend(wish.once);
            }
            Command::Cancel { wish, .. } => {
                named.days = true;
                named.cancels.push(wish.id);
                named.payments.push(wish.payment);
                named.payments.extend(PaymentId::try_from(wish.id.uuid()));
                named.purchases.extend(PurchaseId::try_from(wish.id.uuid()));
                named.refunds.extend(RefundId::try_from(wish.id.uuid()));
            }
            Command::Refund { wish, .. } => {
                named.refunds.push(wish.id);
                named.payments.extend(PaymentId::try_from(wish.id.uuid()));
                named.purchases.extend(PurchaseId::try_from(wish.id.uuid()));
            }
            Command::SettleRefund { refund, .. } => named.refunds.push(*refund),
            Command::Gift { wish, .. } => {
                named.gifts.push(wish.id);
                named.payments.extend(PaymentId::try_from(wish.id.uuid()));
                named.purchases.extend(PurchaseId::try_from(wish.id.uuid()));
                named.refunds.extend(RefundId::try_from(wish.id.uuid()));
            }
            Command::AcceptGift { gift, .. } | Command::GiftBack { gift, .. } => named.gifts.push(*gift),
            Command::Expire { .. } | Command::Extend { .. } | Command::Waive { .. } => {}
        }
    }
    tidy(&mut named.cancels);
    tidy(&mut named.refunds);
    tidy(&mut named.gifts);
    tidy(&mut named.onces);
    tidy(&mut named.purchases);
    tidy(&mut named.payments);
    tidy(&mut named.places);
    named
}

fn touched(commands: &[&Command], books: &Books) -> Touched {
    let mut touched = Touched::default();
    for command in commands {
        match command {
            Command::Reserve { wish, .. } => {
                touched.windows.push(wish.window);
                touched.caps.extend(wish.partner.map(|partner| (wish.window, partner)));
                touched.allowances_of.push(wish.person);
            }
            Command::Settle { purchase, says, .. } => {
                // Not there yet: it may be reserved in this very batch, by a command whose rows are loaded anyway.
                let Some(purchase) = books.purchases.get(purchase) else { continue };
                touched.windows.push(purchase.window);
                if *says == BankSays::Done {
                    touched.versions.push((purchase.kind, purchase.kind_version));
                }
                touched.caps.extend(purchase.partner.map(|partner| (purchase.window, partner)));
                // Posting leaves the allowance as the reservation made it: the lot is listed already.
                if *says != BankSays::Done {
                    touched.allowances_of.push(purchase.person);
                }
            }
            Command::Pay { wish, now } => {
                touched.merchants.push(wish.merchant);
                touched.days.push((wish.merchant, Day::of(*now)));
                touched.paying.push(wish.id);
                touched.payers.push(wish.payer);
                touched.allowances_of.push(wish.payer);
            }
            Command::Cancel { wish, now } => {
                touched.cancelling.push(wish.id);
                touched.merchants.push(wish.merchant);
                touched.days.push((wish.merchant, Day::of(*now)));
                // Not there yet: it may be paid in this very batch, by a command whose rows are loaded anyway.
                let Some(payment) = books.payments.get(&wish.payment) else { continue };
                touched.cancelled.push(wish.payment);
                touched.drawn.push(payment.transfer);
                touched.allowances_of.push(payment.payer);
            }
            Command::Refund { wish, .. } => {
                touched.refunded.push(wish.lot);
                touched.allowances_of.push(wish.person);
            }
            Command::SettleRefund { refund, .. } => {
                // Not there yet: it may be asked for in this very batch, by a command whose rows are loaded anyway.
                let Some(refund) = books.refunds.get(refund) else { continue };
                touched.refunded.push(refund.lot);
                touched.allowances_of.push(refund.person);
            }
            Command::Gift { wish, .. } => {
                touched.refunded.extend(wish.parts.iter().map(|part| part.lot));
                touched.allowances_of.push(wish.sender);
            }
            Command::AcceptGift { gift, receiver, now } => {
                // Not there yet: nobody but its sender can know of it.
                let Some(gift) = books.gifts.get(gift) else { continue };
                touched.refunded.extend(gift.parts.iter().map(|row| row.part.lot));
                touched.allowances_of.extend([gift.sender, receiver.person]);
                touched.received.push((receiver.person, gift.kind, Month::of(*now)));
            }
            Command::GiftBack { gift, .. } => {
                let Some(gift) = books.gifts.get(gift) else { continue };
                touched.refunded.extend(gift.parts.iter().map(|row| row.part.lot));
                touched.allowances_of.push(gift.sender);
            }
            Command::Expire { lot, person, .. } | Command::Extend { lot, person, .. } | Command::Waive { lot, person, .. } => {
                touched.refunded.push(*lot);
                touched.allowances_of.push(*person);
            }
        }
    }
    tidy(&mut touched.windows);
    tidy(&mut touched.versions);
    tidy(&mut touched.caps);
    tidy(&mut touched.allowances_of);
    tidy(&mut touched.payers);
    tidy(&mut touched.merchants);
    tidy(&mut touched.days);
    tidy(&mut touched.paying);
    tidy(&mut touched.cancelling);
    tidy(&mut touched.cancelled);
    tidy(&mut touched.drawn);
    tidy(&mut touched.refunded);
    tidy(&mut touched.received);
    touched
}
