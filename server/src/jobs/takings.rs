//! Adds what shops were told to the sums that their dashboards read (`store/src/takings`). This node counts what its own till told; what
//! nobody counted, because a node was killed or too much came at once, is found by looking at every shop now and then.

use super::Work;
use domain::MerchantId;
use std::collections::HashSet;
use std::time::{Duration, Instant};
use store::Result;
use store::till::Told;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::TryRecvError;

/// Pages add what is not counted yet, so nobody waits for this.
const EVERY: Duration = Duration::from_secs(2);
/// Counting rests so many times as long as it took: the till goes first.
const RESTS: u32 = 3;
const LOOKS_AT_ALL_EVERY: Duration = Duration::from_secs(600);
/// Shops that are behind, of one look at all.
const SHOPS: i64 = 1_000;

pub(super) async fn run(work: Work) {
    let mut told = work.services.store.till().listen();
    let mut looked_at_all: Option<Instant> = None;
    let mut rest = Duration::ZERO;
    while work.wait(rest).await {
        let began = Instant::now();
        let mut shops = HashSet::new();
        let was_lost = !drain(&mut told, &mut shops);
        let is_due = looked_at_all.is_none_or(|at| at.elapsed() >= LOOKS_AT_ALL_EVERY);
        let counted = if was_lost || is_due { all(&work).await } else { some(&work, shops.into_iter().collect()).await };
        match counted {
            Ok(()) if was_lost || is_due => looked_at_all = Some(began),
            Ok(()) => {}
            Err(error) => {
                tracing::error!(%error, "takings can't be counted");
                // What was drained is found by the next look.
                looked_at_all = None;
            }
        }
        rest = EVERY.max(began.elapsed() * RESTS);
    }
}

/// Whose shops were told something. `false`: more came than could wait.
fn drain(told: &mut Receiver<Told>, shops: &mut HashSet<MerchantId>) -> bool {
    let mut is_whole = true;
    loop {
        match told.try_recv() {
            Ok(told) => {
                shops.insert(told.merchant);
            }
            Err(TryRecvError::Lagged(_)) => is_whole = false,
            Err(TryRecvError::Empty | TryRecvError::Closed) => return is_whole,
        }
    }
}

async fn some(work: &Work, shops: Vec<MerchantId>) -> Result<()> {
    loop {
        let tallied = work.services.store.tally_takings(&shops).await?;
        metrics::counter!("payplus_takings_notices_total").increment(u64::try_from(tallied.notices).unwrap_or(0));
        if !tallied.has_more || work.stop.is_cancelled() {
            return Ok(());
        }
    }
}

async fn all(work: &Work) -> Result<()> {
    let mut last: Vec<MerchantId> = Vec::new();
    loop {
        let shops = work.services.store.shops_to_tally(SHOPS).await?;
        // Shops that stay behind however often they are counted are not asked for ever.
        if shops.is_empty() || shops == last || work.stop.is_cancelled() {
            return Ok(());
        }
        some(work, shops.clone()).await?;
        last = shops;
    }
}
