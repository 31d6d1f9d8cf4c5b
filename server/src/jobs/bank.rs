//! Resolves purchases that are open with the bank: what a time-out, a crash or a late debit left.

use super::Work;
use app::buying::bank;
use domain::Timestamp;
use futures::{StreamExt, stream};
use std::time::Duration;
use store::{Due, Engine};

const EVERY: Duration = Duration::from_secs(1);
/// Taken up in one go.
const DUE_MOST: i64 = 100;
/// The bank is asked so many questions at once: enough to be quick, too few to hurt a bank that has just come back.
const AT_ONCE: usize = 32;

pub(super) async fn run(work: Work) {
    if work.services.store.engine() == Engine::Sqlite {
        recover(&work).await;
    }
    while work.wait(EVERY).await {
        match work.services.store.due_purchases(DUE_MOST, Timestamp::now()).await {
            Ok(due) => resolve(&work, due).await,
            Err(error) => tracing::error!(%error, "due purchases can't be read"),
        }
    }
}

/// One node alone: whatever is open now was left by the process before this one, so nobody is working on it.
async fn recover(work: &Work) {
    match work.services.store.unsettled_purchases().await {
        Ok(left) if left.is_empty() => {}
        Ok(left) => {
            tracing::info!(purchases = left.len(), "asking the bank about what the last run left open");
            resolve(work, left).await;
        }
        Err(error) => tracing::error!(%error, "open purchases can't be read"),
    }
}

async fn resolve(work: &Work, due: Vec<Due>) {
    let resolving = stream::iter(due).take_until(work.stop.cancelled()).for_each_concurrent(AT_ONCE, |due| async move {
        let services = &work.services;
        match bank::resolve(&services.store, services.bank.as_ref(), &due).await {
            Ok(Some(state)) if state != due.state => tracing::info!(purchase = %due.id, from = ?due.state, to = ?state, "resolved"),
            Ok(_) => {}
            Err(error) => tracing::error!(purchase = %due.id, %error, "can't be resolved now"),
        }
    });
    resolving.await;
}
