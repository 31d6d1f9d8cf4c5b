//! The till: the one place where money moves.
//!
//! Commands queue up. The till takes what is waiting (at most [`BATCH`]), loads every row that they touch in a few
//! statements, decides in order with the pure functions of `domain`, writes the net result, commits, and then answers each
//! caller. One commit carries hundreds of purchases, so a hot row (the pool of a sale) is no bottleneck.
//!
//! - A refused command changes nothing, so its neighbours in the batch don't notice it.
//! - A command sent twice (the same client-made id) gets the first answer; with another body it is refused.
//! - A caller that goes away changes nothing: what was taken is done, and the same id finds it.
//! - When more waits than a batch carries, payments and the bank's words go before reservations ([`lane`]).
//! - A day of the shops that has been closed ([`crate::Store::close_days`]) stays as it is: a payment or a cancel that was heard before
//!   midnight and comes to the till after the close counts on the day that has begun.
//!
//! PostgreSQL has [`LANES`] of them: while one lane's batch is being written the next one is loaded. An id always goes to the same
//! lane. Lanes meet at rows as the tills of several nodes do: see [`postgres`].
//!
//! One file a command: [`reserve`], [`settle`], [`pay`], [`cancel`], [`refund`], [`gift`], [`expire`]. The engines ([`sqlite`], [`postgres`]) only load and save
//! [`books`]; they decide nothing.

/// The columns of `lot l` that both engines read, in the order of their `rows`; what else is asked for comes after them.
macro_rules! lot_columns {
    () => {
        "l.id, l.purchase_id, l.person_id, l.kind_id, l.district, l.discount_bp, l.face, l.paid, l.remaining, l.bought_at, l.expires_at, \
         l.refunded, l.refund_from, l.expired, l.after_expiry, l.given, l.gift"
    };
}
/// So many.
const LOT_COLUMNS: usize = 17;

mod batch;
mod books;
mod cancel;
mod expire;
mod gift;
mod lane;
mod pay;
mod postgres;
mod refund;
mod reserve;
mod settle;
mod sqlite;

use crate::buying::Debit;
use crate::db::{Engine, Turn};
use crate::error::{Error, Result};
use crate::flake::Flake;
use crate::refunds::Credit;
use domain::buying::{self, BankSays, State};
use domain::gifting::{self, Back, Receiver};
use domain::notice::Notice;
use domain::paying::{self, Code};
use domain::phone::Phone;
use domain::{GiftId, LotId, MerchantId, PersonId, PurchaseId, RefundId, Refused, Timestamp, Won, cancelling, refunding};
use lane::Lane;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, broadcast, oneshot, watch};
use tokio::task::JoinSet;
use uuid::Uuid;

/// The most commands that one commit carries.
pub const BATCH: usize = 1_000;
/// The most commands that wait in each line of a lane; whoever comes then is refused ([`Refused::Busy`]) rather than left hanging.
pub const QUEUE: usize = 20_000;
/// Batches under way at once on PostgreSQL. SQLite has one writer, so one lane.
pub const LANES: usize = 2;
/// Notices that a slow listener may be behind before it has to read them from the table.
const TOLD: usize = 4_096;

/// What the till takes from the verified identity and the linked account of whoever buys.
#[derive(Clone, Debug)]
pub struct Buyer {
    pub birth_year: i16,
    /// The bank's token; the purchase keeps it, so that a debit sent again is the same debit.
    pub account: String,
}

/// What the till is asked to do. `now` is when the caller was heard.
#[derive(Clone, Debug)]
pub(crate) enum Command {
    Reserve { wish: buying::Wish, buyer: Buyer, now: Timestamp },
    Settle { purchase: PurchaseId, says: BankSays, now: Timestamp },
    Pay { wish: paying::Wish, now: Timestamp },
    Cancel { wish: cancelling::Wish, now: Timestamp },
    Refund { wish: refunding::Wish, account: String, now: Timestamp },
    SettleRefund { refund: RefundId, says: BankSays, now: Timestamp },
    Gift { wish: gifting::Wish, own: Phone, now: Timestamp },
    AcceptGift { gift: GiftId, receiver: Receiver, now: Timestamp },
    GiftBack { gift: GiftId, how: Back, now: Timestamp },
    Expire { lot: LotId, person: PersonId, now: Timestamp },
    Extend { lot: LotId, person: PersonId, until: Timestamp, now: Timestamp },
    Waive { lot: LotId, person: PersonId, now: Timestamp },
}

impl Command {
    /// The client-made id that it is about, or the lot's, which no client made.
    fn id(&self) -> Uuid {
        match self {
            Command::Reserve { wish, .. } => wish.id.uuid(),
            Command::Settle { purchase, .. } => purchase.uuid(),
            Command::Pay { wish, .. } => wish.id.uuid(),
            Command::Cancel { wish, .. } => wish.id.uuid(),
            Command::Refund { wish, .. } => wish.id.uuid(),
            Command::SettleRefund { refund, .. } => refund.uuid(),
            Command::Gift { wish, .. } => wish.id.uuid(),
            Command::AcceptGift { gift, .. } | Command::GiftBack { gift, .. } => gift.uuid(),
            Command::Expire { lot, .. } | Command::Extend { lot, .. } | Command::Waive { lot, .. } => {
                Uuid::from_u128(u128::from(lot.0.unsigned_abs()))
            }
        }
    }

    /// When the caller was heard, where that says on which of a shop's days it counts.
    fn on_a_day(&self) -> Option<Timestamp> {
        match self {
            Command::Pay { now, .. } | Command::Cancel { now, .. } => Some(*now),
            Command::Reserve { .. }
            | Command::Settle { .. }
            | Command::Refund { .. }
            | Command::SettleRefund { .. }
            | Command::Gift { .. }
            | Command::AcceptGift { .. }
            | Command::GiftBack { .. }
            | Command::Expire { .. }
            | Command::Extend { .. }
            | Command::Waive { .. } => None,
        }
    }

    /// The same command, heard at another time.
    fn heard_at(&self, at: Timestamp) -> Command {
        let mut command = self.clone();
        match &mut command {
            Command::Reserve { now, .. }
            | Command::Settle { now, .. }
            | Command::Pay { now, .. }
            | Command::Cancel { now, .. }
            | Command::Refund { now, .. }
            | Command::SettleRefund { now, .. }
            | Command::Gift { now, .. }
            | Command::AcceptGift { now, .. }
            | Command::GiftBack { now, .. }
            | Command::Expire { now, .. }
            | Command::Extend { now, .. }
            | Command::Waive { now, .. } => *now = at,
        }
        command
    }
}

/// What it answers. A refusal is an answer too: nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The purchase, in the state that it is in.
    Reserved(Debit),
    /// The state after the bank's word; `None` when there is no such purchase.
    Settled(Option<State>),
    Paid(Code),
    Cancelled,
    /// The refund, in the state that it is in.
    Refunding(Credit),
    /// The state after the bank's word; `None` when there is no such refund.
    RefundSettled(Option<refunding::State>),
    /// Where the gift stands now.
    Gift(gifting::State),
    /// So much became breakage.
    Expired(Won),
    /// So much is the lot's again.
    Extended(Won),
    Waived,
    Refused(Refused),
}

/// A notice that has been committed.
#[derive(Clone, Debug)]
pub struct Told {
    pub merchant: MerchantId,
    pub notice: Arc<Notice>,
    /// When that was known here.
    pub committed: Instant,
}

/// A handle to the till. Commands of all callers meet in the queue of their lane.
pub struct Till {
    lanes: Vec<Lane>,
    told: broadcast::Sender<Told>,
    /// Resolves when the till has answered everything and let go of the database.
    stopped: Mutex<Option<oneshot::Receiver<()>>>,
    closing: watch::Sender<bool>,
}

impl Till {
    pub(crate) async fn open(url: &str, engine: Engine, lanes: usize, turn: Turn, flake: Arc<Flake>) -> Result<Till> {
        let (told, _) = broadcast::channel(TOLD);
        let (stopped_at, stopped) = oneshot::channel();
        let (closing, closed) = watch::channel(false);
        let mut queues = Vec::new();
        let mut lane = || {
            let (queue, lines) = lane::lane();
            queues.push(queue);
            batch::Run { lines, closed: closed.clone(), told: told.clone(), flake: Arc::clone(&flake), pace: engine.pace() }
        };
        match engine {
            Engine::Sqlite => {
                let run = lane();
                let books = sqlite::Sqlite::open(url, turn)?;
                let runtime = tokio::runtime::Handle::current();
                // SQLite works on the thread that calls it: one of its own, so that a commit's fsync blocks nobody else.
                let thread = std::thread::Builder::new().name("till".into()).spawn(move || {
                    runtime.block_on(run.run(books));
                    // Nobody may be waiting for it.
                    let _ = stopped_at.send(());
                });
                thread.map_err(|error| Error::TillFailed(error.to_string()))?;
            }
            Engine::Postgres => {
                let mut running = JoinSet::new();
                for _ in 0..lanes {
                    running.spawn(lane().run(postgres::Postgres::open(url).await?));
                }
                tokio::spawn(async move {
                    running.join_all().await;
                    let _ = stopped_at.send(());
                });
            }
        }
        Ok(Till { lanes: queues, told, stopped: Mutex::new(Some(stopped)), closing })
    }

    /// Holds pool, month limit and holding cap together for a purchase. What the bank is to be asked for it.
    pub async fn reserve(&self, wish: buying::Wish, buyer: Buyer, now: Timestamp) -> Result<Result<Debit, Refused>> {
        match self.ask(Command::Reserve { wish, buyer, now }).await? {
            Answer::Reserved(debit) => Ok(Ok(debit)),
            Answer::Refused(refused) => Ok(Err(refused)),
            other => Err(unexpected(&other)),
        }
    }

    /// Posts, voids or keeps a purchase by what the bank says of its debit (or, while refunding, of the credit back).
    /// `None`: there is no such purchase.
    pub async fn settle(&self, purchase: PurchaseId, says: BankSays, now: Timestamp) -> Result<Option<State>> {
        match self.ask(Command::Settle { purchase, says, now }).await? {
            Answer::Settled(state) => Ok(state),
            other => Err(unexpected(&other)),
        }
    }

    /// Pays a shop out of the payer's lots; the shop's notice is written in the same transaction.
    pub async fn pay(&self, wish: paying::Wish, now: Timestamp) -> Result<Result<Code, Refused>> {
        match self.ask(Command::Pay { wish, now }).await? {
            Answer::Paid(code) => Ok(Ok(code)),
            Answer::Refused(refused) => Ok(Err(refused)),
            other => Err(unexpected(&other)),
        }
    }

    /// Gives the payer back all or a part of a payment: into the same lots, with the shop's notice in the same transaction.
    pub async fn cancel(&self, wish: cancelling::Wish, now: Timestamp) -> Result<Result<(), Refused>> {
        match self.ask(Command::Cancel { wish, now }).await? {
            Answer::Cancelled => Ok(Ok(())),
            Answer::Refused(refused) => Ok(Err(refused)),
            other => Err(unexpected(&other)),
        }
    }

    /// Empties a lot that is to be refunded to this account: the bank has to be asked for the credit.
    pub async fn refund(&self, wish: refunding::Wish, account: String, now: Timestamp) -> Result<Result<Credit, Refused>> {
        match self.ask(Command::Refund { wish, account, now }).await? {
            Answer::Refunding(credit) => Ok(Ok(credit)),
            Answer::Refused(refused) => Ok(Err(refused)),
            other => Err(unexpected(&other)),
        }
    }

    /// Posts, voids or keeps a refund by what the bank says of its credit. `None`: there is no such refund.
    pub async fn settle_refund(&self, refund: RefundId, says: BankSays, now: Timestamp) -> Result<Option<refunding::State>> {
        match self.ask(Command::SettleRefund { refund, says, now }).await? {
            Answer::RefundSettled(state) => Ok(state),
            other => Err(unexpected(&other)),
        }
    }

    /// Puts what is given into escrow. `own`: the sender's phone.
    pub async fn give(&self, wish: gifting::Wish, own: Phone, now: Timestamp) -> Result<Result<gifting::State, Refused>> {
        self.ask_of_gift(Command::Gift { wish, own, now }).await
    }

    /// Makes a gift the receiver's.
    pub async fn accept_gift(&self, gift: GiftId, receiver: Receiver, now: Timestamp) -> Result<Result<gifting::State, Refused>> {
        self.ask_of_gift(Command::AcceptGift { gift, receiver, now }).await
    }

    /// Makes a gift its sender's again.
    pub async fn gift_back(&self, gift: GiftId, how: Back, now: Timestamp) -> Result<Result<gifting::State, Refused>> {
        self.ask_of_gift(Command::GiftBack { gift, how, now }).await
    }

    async fn ask_of_gift(&self, command: Command) -> Result<Result<gifting::State, Refused>> {
        match self.ask(command).await? {
            Answer::Gift(state) => Ok(Ok(state)),
            Answer::Refused(refused) => Ok(Err(refused)),
            other => Err(unexpected(&other)),
        }
    }

    /// Books what is left of a lot whose time is over as breakage: so much. Nothing when it is not over, or nothing is left.
    pub async fn expire(&self, lot: LotId, person: PersonId, now: Timestamp) -> Result<Won> {
        match self.ask(Command::Expire { lot, person, now }).await? {
            Answer::Expired(left) => Ok(left),
            other => Err(unexpected(&other)),
        }
    }

    /// Gives a lot time until `until`, and back what had become breakage: so much. Nothing when it has that time already.
    pub async fn extend(&self, lot: LotId, person: PersonId, until: Timestamp, now: Timestamp) -> Result<Won> {
        match self.ask(Command::Extend { lot, person, until, now }).await? {
            Answer::Extended(back) => Ok(back),
            other => Err(unexpected(&other)),
        }
    }

    /// A lot gives its rest back from now on, whatever was spent of it.
    pub async fn waive(&self, lot: LotId, person: PersonId, now: Timestamp) -> Result<()> {
        match self.ask(Command::Waive { lot, person, now }).await? {
            Answer::Waived => Ok(()),
            other => Err(unexpected(&other)),
        }
    }

    /// Everything that is told to shops from now on, after its commit.
    pub fn listen(&self) -> broadcast::Receiver<Told> {
        self.told.subscribe()
    }

    /// How many commands are waiting.
    pub fn waiting(&self) -> usize {
        self.lanes.iter().map(Lane::waiting).sum()
    }

    /// How long a command waits now before it is taken, as far as is known.
    pub fn delay(&self) -> Duration {
        self.lanes.iter().map(Lane::delay).max().unwrap_or_default()
    }

    /// Is the till taking commands?
    pub fn is_open(&self) -> bool {
        self.lanes.iter().all(Lane::is_open)
    }

    /// Takes no more commands, answers those it has, and lets go of the database.
    pub async fn close(&self) {
        self.closing.send_replace(true);
        if let Some(stopped) = self.stopped.lock().await.take() {
            // An error means that the till's thread is gone, which is what is waited for.
            let _ = stopped.await;
        }
    }

    async fn ask(&self, command: Command) -> Result<Answer> {
        self.lanes[command.id().as_u128() as usize % self.lanes.len()].ask(command).await
    }
}

fn unexpected(answer: &Answer) -> Error {
    Error::TillFailed(format!("answered another question: {answer:?}"))
}
