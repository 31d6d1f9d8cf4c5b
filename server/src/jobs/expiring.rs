//! The end of lots: booked on the day, told beforehand, made later when the city says so.

use super::Work;
use domain::expiring::NOTICE_DAYS;
use domain::{Timestamp, Won};
use std::time::Duration;

/// Nothing of it is in a hurry: whoever pays or refunds at the last second is judged by the lot's own time.
const AGAIN: Duration = Duration::from_secs(20);

pub(super) async fn run(work: Work) {
    while !work.stop.is_cancelled() {
        if let Err(error) = round(&work).await {
            tracing::error!(%error, "lots that end can't be looked after");
        }
        tokio::select! {
            () = work.stop.cancelled() => {}
            () = work.services.ending.notified() => {}
            () = tokio::time::sleep(AGAIN) => {}
        }
    }
}

/// One round of each while the server is not stopping; a long list takes several, and gives way to people in between.
async fn round(work: &Work) -> Result<(), store::Error> {
    let store = &work.services.store;
    let (mut lots, mut amount) = (0, Won::ZERO);
    loop {
        let (booked, won) = store.expire_lots(Timestamp::now()).await?;
        lots += booked;
        amount = amount.plus(won).unwrap_or(Won::MAX);
        // Nothing was due, or nothing of it could be booked.
        if won.is_zero() || work.stop.is_cancelled() {
            break;
        }
    }
    if lots > 0 {
        tracing::info!(lots, %amount, "lots have expired");
    }
    for days in NOTICE_DAYS {
        while let Some(told) = store.tell_expiring(days, Timestamp::now()).await? {
            tracing::info!(told, days, "people were told that their vouchers end");
            work.services.outbox.notify_one();
            if work.stop.is_cancelled() {
                return Ok(());
            }
        }
    }
    while !work.stop.is_cancelled() && store.extend_lots(Timestamp::now()).await? > 0 {}
    Ok(())
}
