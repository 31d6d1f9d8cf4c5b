//! Resolves purchases and refunds that are open with the bank: what a time-out, a crash or a late debit left.

use super::Work;
use app::buying::bank;
use app::refunding;
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

/// Refunds of lots, apart from the purchases: a bank that is silent about credits holds up no debit.
pub(super) async fn run_refunds(work: Work) {
    if work.services.store.engine() == Engine::Sqlite {
        pay_back(&work, Timestamp::MAX).await;
    }
    while work.wait(EVERY).await {
        pay_back(&work, Timestamp::now()).await;
    }
}

/// Refunds whose time has come by `now`: sent again under the same id, which is the same credit.
async fn pay_back(work: &Work, now: Timestamp) {
    let services = &work.services;
    let due = match services.store.due_refunds(DUE_MOST, now).await {
        Ok(due) => due,
        Err(error) => return tracing::error!(%error, "due refunds can't be read"),
    };
    let paying = stream::iter(due).take_until(work.stop.cancelled()).for_each_concurrent(AT_ONCE, |credit| async move {
        match refunding::bank::resolve(&services.store, services.bank.as_ref(), &credit).await {
            Ok(Some(state)) if state != credit.state => tracing::info!(refund = %credit.id, from = ?credit.state, to = ?state, "resolved"),
            Ok(_) => {}
            Err(error) => tracing::error!(refund = %credit.id, %error, "can't be resolved now"),
        }
    });
    paying.await;
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
