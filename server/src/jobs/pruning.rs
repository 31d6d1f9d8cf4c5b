//! Forgets what is of no more use: expired sign-ups, sessions and codes, messages long sent.

use super::Work;
use domain::Timestamp;
use std::time::Duration;

const FIRST: Duration = Duration::from_secs(60);
const EVERY: Duration = Duration::from_secs(600);

pub(super) async fn run(work: Work) {
    let mut wait = FIRST;
    while work.wait(wait).await {
        wait = EVERY;
        match work.services.store.prune(Timestamp::now()).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(rows, "forgotten"),
            Err(error) => tracing::error!(%error, "pruning failed"),
        }
    }
}
