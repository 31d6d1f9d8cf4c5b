//! Has an SMS sent for what no device of a shop acknowledged in time. Asked twice a second about the shops of this node's own till; what
//! another node can no longer ask about, or this one before it started, is looked up in the ledger of the last ten minutes, a page
//! at a time.

use super::waiting::Waiting;
use domain::missed::LOOK_BACK_MS;
use domain::{MerchantId, Timestamp};
use jiff::SignedDuration;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use store::{Engine, Looked, Store};
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_millis(500);
/// Shops in one go: the till's thread waits for one write transaction of fifty at most.
const AT_ONCE: usize = 200;
/// Where several nodes are, the ledger is looked through so often. A node that is there asks within seconds.
const LOOK_EVERY_MS: i64 = 30_000;
/// Younger ones are still in the memory of the node that committed them.
const LOOK_BEHIND_MS: i64 = 30_000;

pub struct Missed {
    store: Store,
    waiting: Mutex<Waiting>,
    stop: CancellationToken,
    looks_back: AtomicBool,
}

impl Missed {
    pub fn new(store: Store, stop: CancellationToken) -> Missed {
        Missed { store, waiting: Mutex::default(), stop, looks_back: AtomicBool::new(false) }
    }

    pub fn hear(&self, merchant: MerchantId, number: i64, at: Timestamp) {
        if !self.waiting().hear(merchant, number, at) {
            self.look_back();
        }
    }

    /// Something may have been missed here: the ledger is to be looked through.
    pub fn look_back(&self) {
        self.looks_back.store(true, Ordering::Relaxed);
    }

    pub async fn run(self: std::sync::Arc<Missed>) {
        // Of earlier runs, up to this moment: what comes from now on is heard.
        let mut from = before(Timestamp::now(), LOOK_BACK_MS);
        self.look(from, Timestamp::now()).await;
        let mut looked_at = Timestamp::now();
        loop {
            tokio::select! {
                () = self.stop.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
            let now = Timestamp::now();
            self.ask(now).await;
            let is_time = self.store.engine() == Engine::Postgres && before(now, LOOK_EVERY_MS) >= looked_at;
            if self.looks_back.swap(false, Ordering::Relaxed) {
                self.look(before(now, LOOK_BACK_MS), now).await;
                looked_at = now;
            } else if is_time {
                let to = before(now, LOOK_BEHIND_MS);
                self.look(from, to).await;
                (from, looked_at) = (to, now);
            }
        }
    }

    /// Those whose time has come.
    async fn ask(&self, now: Timestamp) {
        let due = self.waiting().take_due(now, AT_ONCE);
        if due.is_empty() {
            return;
        }
        match self.store.tell_missed(&due, now).await {
            Ok(looked) => {
                for (stretch, looked) in looked {
                    match looked {
                        Looked::Settled => {}
                        Looked::Told { count } => {
                            metrics::counter!("payplus_missed_notices_total").increment(u64::try_from(count).unwrap_or(u64::MAX));
                        }
                        Looked::Again { at } => {
                            self.waiting().add(stretch, at);
                        }
                    }
                }
            }
            Err(error) => {
                tracing::error!(%error, "what shops have missed can't be told; again later");
                let again = now.saturating_add(SignedDuration::from_secs(5)).unwrap_or(now);
                let mut waiting = self.waiting();
                for stretch in due {
                    waiting.add(stretch, again);
                }
            }
        }
    }

    /// Shops in which something happened between these times are asked about, as if it had just been heard.
    async fn look(&self, from: Timestamp, to: Timestamp) {
        let mut mark = None;
        while !self.stop.is_cancelled() {
            match self.store.stretches_since(mark, from, to).await {
                Ok((stretches, next)) => {
                    let full = stretches.into_iter().filter(|stretch| !self.waiting().add(*stretch, to)).count();
                    if full > 0 {
                        tracing::error!(full, "shops are not asked about: too many wait");
                    }
                    mark = next;
                }
                Err(error) => {
                    tracing::error!(%error, "the ledger can't be looked through for what shops have missed");
                    self.look_back();
                    return;
                }
            }
            if mark.is_none() {
                return;
            }
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn before(at: Timestamp, ms: i64) -> Timestamp {
    at.saturating_sub(SignedDuration::from_millis(ms)).unwrap_or(at)
}
