//! The queue before a lane, in two lines. In the first stand payments and the bank's words: whoever stands at a counter, and whose
//! money is under way. Reservations of purchases and refunds stand in the second. What fits into one batch is decided in the order in which it was sent;
//! when more waits, the first line goes first, and a quarter of each batch stays for the second.

use super::batch::Waiting;
use super::{Answer, BATCH, Command, QUEUE};
use crate::error::{Error, Result};
use domain::Refused;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};

/// Places of a batch that the first line leaves to the second when somebody waits there.
const FOR_THE_SECOND: usize = BATCH / 4;

/// The end of callers.
pub(super) struct Lane {
    first: mpsc::Sender<Waiting>,
    second: mpsc::Sender<Waiting>,
    sent: AtomicU64,
    waits: Arc<Waits>,
}

/// The end of the till.
pub(super) struct Lines {
    first: mpsc::Receiver<Waiting>,
    second: mpsc::Receiver<Waiting>,
    waits: Arc<Waits>,
}

pub(super) fn lane() -> (Lane, Lines) {
    let ((first, of_first), (second, of_second)) = (mpsc::channel(QUEUE), mpsc::channel(QUEUE));
    let waits = Arc::new(Waits { since: Instant::now(), waited_ms: AtomicU64::new(0), busy_since_ms: AtomicU64::new(IDLE) });
    let lane = Lane { first, second, sent: AtomicU64::new(0), waits: Arc::clone(&waits) };
    (lane, Lines { first: of_first, second: of_second, waits })
}

impl Lane {
    pub(super) async fn ask(&self, command: Command) -> Result<Answer> {
        let (answer, answered) = oneshot::channel();
        let line = match command {
            Command::Settle { .. } | Command::SettleRefund { .. } | Command::Pay { .. } | Command::Cancel { .. } => &self.first,
            Command::Reserve { .. }
            | Command::Refund { .. }
            | Command::Gift { .. }
            | Command::AcceptGift { .. }
            | Command::GiftBack { .. }
            | Command::Expire { .. }
            | Command::Extend { .. }
            | Command::Waive { .. } => &self.second,
        };
        let turn = self.sent.fetch_add(1, Ordering::Relaxed);
        match line.try_send(Waiting { command, answer, turn, sent_at: Instant::now() }) {
            Ok(()) => {}
            Err(TrySendError::Full(waiting)) => match waiting.command {
                // The bank's word must not be lost to a crowd.
                Command::Settle { .. }
                | Command::SettleRefund { .. }
                | Command::Expire { .. }
                | Command::Extend { .. }
                | Command::Waive { .. } => {
                    line.send(waiting).await.map_err(|_| Error::TillClosed)?;
                }
                Command::Reserve { .. }
                | Command::Pay { .. }
                | Command::Cancel { .. }
                | Command::Refund { .. }
                | Command::Gift { .. }
                | Command::AcceptGift { .. }
                | Command::GiftBack { .. } => {
                    return Ok(Answer::Refused(Refused::Busy));
                }
            },
            Err(TrySendError::Closed(_)) => return Err(Error::TillClosed),
        }
        answered.await.map_err(|_| Error::TillClosed)?
    }

    pub(super) fn waiting(&self) -> usize {
        [&self.first, &self.second].map(|line| line.max_capacity() - line.capacity()).iter().sum()
    }

    pub(super) fn is_open(&self) -> bool {
        !self.first.is_closed()
    }

    pub(super) fn delay(&self) -> Duration {
        self.waits.delay()
    }
}

impl Lines {
    pub(super) fn close(&mut self) {
        self.first.close();
        self.second.close();
    }

    /// Waits for somebody, then takes what fits into a batch, in the order in which it was sent. `false`: closed, and nobody is left.
    /// Cancelled while it waits it has taken nobody.
    pub(super) async fn take(&mut self, batch: &mut Vec<Waiting>) -> bool {
        let most_of_first = if self.second.is_empty() { BATCH } else { BATCH - FOR_THE_SECOND };
        let of_first = tokio::select! {
            biased;
            taken = self.first.recv_many(batch, most_of_first) => taken,
            waiting = self.second.recv() => {
                batch.extend(waiting);
                0
            }
        };
        // Nobody comes to a closed line any more: whoever is left stands in the other.
        while batch.len() < BATCH
            && let Ok(waiting) = self.second.try_recv()
        {
            batch.push(waiting);
        }
        if 0 < of_first && of_first < batch.len() {
            batch.sort_by_key(|waiting| waiting.turn);
        }
        self.waits.takes(batch);
        !batch.is_empty()
    }

    /// The batch that was taken is done.
    pub(super) fn done(&self) {
        self.waits.busy_since_ms.store(IDLE, Ordering::Relaxed);
    }

    /// Nobody has come for a while.
    pub(super) fn quiet(&self) {
        self.waits.waited_ms.store(0, Ordering::Relaxed);
    }
}

const IDLE: u64 = u64::MAX;

/// How long commands wait here, to be read by anybody.
struct Waits {
    since: Instant,
    /// The longest in the last batch, from its sending to its taking.
    waited_ms: AtomicU64,
    /// When the batch that is under way was taken, counted from `since`.
    busy_since_ms: AtomicU64,
}

impl Waits {
    fn takes(&self, batch: &[Waiting]) {
        let now = Instant::now();
        let waited = batch.iter().map(|waiting| waiting.sent_at).min().map_or(Duration::ZERO, |oldest| now - oldest);
        self.waited_ms.store(millis(waited), Ordering::Relaxed);
        self.busy_since_ms.store(millis(now - self.since), Ordering::Relaxed);
    }

    /// A batch that does not end counts as a wait too.
    fn delay(&self) -> Duration {
        let busy_since_ms = self.busy_since_ms.load(Ordering::Relaxed);
        let under_way_ms = if busy_since_ms == IDLE { 0 } else { millis(self.since.elapsed()).saturating_sub(busy_since_ms) };
        Duration::from_millis(under_way_ms.max(self.waited_ms.load(Ordering::Relaxed)))
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(IDLE - 1)
}

#[cfg(test)]
mod tests;
