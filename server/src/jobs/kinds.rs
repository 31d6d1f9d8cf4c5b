//! Changes of kinds that were released begin to apply at their midnight, on whichever node comes first.

use super::Work;
use domain::Timestamp;
use std::time::Duration;
use store::Store;

const SECOND_MS: u64 = 1_000;
/// After the turn of a second, which is when days begin.
const AFTER_MS: u64 = 2;

pub(super) async fn run(work: Work) {
    while work.wait(until_next_second(Timestamp::now())).await {
        if let Err(error) = apply(&work.services.store).await {
            tracing::error!(%error, "changes of kinds can't be applied");
        }
    }
}

/// Those whose time has come.
pub(super) async fn apply(store: &Store) -> Result<(), store::Error> {
    for (change, kind) in store.apply_due_changes(Timestamp::now()).await? {
        tracing::info!(%change, %kind, "a change of a kind applies");
    }
    Ok(())
}

fn until_next_second(now: Timestamp) -> Duration {
    let past_ms = u64::try_from(now.as_millisecond().rem_euclid(1_000)).unwrap_or(0);
    Duration::from_millis(SECOND_MS - past_ms + AFTER_MS)
}
