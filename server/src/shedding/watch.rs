//! How long requests wait here, measured twenty times a second: for the processors (a timer that comes late), for the till (its
//! queue and the batch under way), for a connection to read by; and how many are being answered at once.

use super::pressure::Pressure;
use super::{Class, Shedding};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use store::Store;
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_millis(50);
const PROBE_EVERY: Duration = Duration::from_millis(100);
/// More at once are an overload whatever they wait for: each holds memory.
const ANSWERING_MOST: usize = 4_000;

/// Until the server stops.
pub async fn watch(shedding: Arc<Shedding>, store: Store, stop: CancellationToken) {
    let pool = Stopwatch::new();
    tokio::select! {
        () = stop.cancelled() => {}
        () = probe(&store, &pool) => {}
        () = sample(&shedding, &store, &pool) => {}
    }
}

async fn sample(shedding: &Shedding, store: &Store, pool: &Stopwatch) {
    let began = Instant::now();
    let mut pressure = Pressure::new(shedding.limits);
    let mut every = interval(EVERY);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let due = every.tick().await;
        let now = Instant::now();
        let waits = Waits { processor: now - due, till: store.till().delay(), pool: pool.read() };
        let is_crowded = shedding.answering.load(Ordering::Relaxed) > ANSWERING_MOST;
        let delay = if is_crowded { waits.longest().max(shedding.limits.target) } else { waits.longest() };
        let level = pressure.sample(delay, now - began);
        let was = shedding.level.swap(level, Ordering::Relaxed);
        if was != level {
            #[allow(clippy::cast_precision_loss)]
            metrics::gauge!("payplus_shedding_level").set(level as f64);
            let refused: Vec<&str> = shedding.refused().iter().copied().map(Class::as_str).collect();
            tracing::warn!(?waits, is_crowded, ?refused, "load shedding changed");
        }
    }
}

#[derive(Debug)]
struct Waits {
    processor: Duration,
    till: Duration,
    pool: Duration,
}

impl Waits {
    fn longest(&self) -> Duration {
        self.processor.max(self.till).max(self.pool)
    }
}

/// Takes a connection as every page does, and gives it back.
async fn probe(store: &Store, pool: &Stopwatch) {
    loop {
        pool.start();
        if let Err(error) = store.turn_to_read().await {
            // Whoever has asked is told so; it is no queue.
            tracing::debug!(%error, "no connection to read by");
        }
        pool.end();
        tokio::time::sleep(PROBE_EVERY).await;
    }
}

/// The last time that something took, or how long it takes already.
struct Stopwatch {
    began: Instant,
    /// From `began`, and [`Stopwatch::NOT`] while nothing is timed.
    started_ms: AtomicU64,
    took_ms: AtomicU64,
}

impl Stopwatch {
    const NOT: u64 = u64::MAX;

    fn new() -> Stopwatch {
        Stopwatch { began: Instant::now(), started_ms: AtomicU64::new(Stopwatch::NOT), took_ms: AtomicU64::new(0) }
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(Stopwatch::NOT - 1)
    }

    fn start(&self) {
        self.started_ms.store(self.now_ms(), Ordering::Relaxed);
    }

    fn end(&self) {
        let started = self.started_ms.swap(Stopwatch::NOT, Ordering::Relaxed);
        self.took_ms.store(self.now_ms().saturating_sub(started), Ordering::Relaxed);
    }

    fn read(&self) -> Duration {
        let started = self.started_ms.load(Ordering::Relaxed);
        let takes_ms = if started == Stopwatch::NOT { 0 } else { self.now_ms().saturating_sub(started) };
        Duration::from_millis(takes_ms.max(self.took_ms.load(Ordering::Relaxed)))
    }
}
