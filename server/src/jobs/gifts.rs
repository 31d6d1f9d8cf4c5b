//! Gifts: those that nobody answered in time go back, and whoever is to hear of one is told.

use super::Work;
use domain::Timestamp;
use std::time::Duration;

/// Whoever gives or accepts wakes it at once; planned ones and those that end are looked for this often.
const AGAIN: Duration = Duration::from_secs(20);

pub(super) async fn run(work: Work) {
    while !work.stop.is_cancelled() {
        if let Err(error) = round(&work).await {
            tracing::error!(%error, "gifts can't be looked after");
        }
        tokio::select! {
            () = work.stop.cancelled() => {}
            () = work.services.gifts.notified() => {}
            () = tokio::time::sleep(AGAIN) => {}
        }
    }
}

async fn round(work: &Work) -> Result<(), store::Error> {
    let services = &work.services;
    while !work.stop.is_cancelled() {
        let returned = services.store.return_gifts(Timestamp::now()).await?;
        if returned == 0 {
            break;
        }
        tracing::info!(returned, "gifts went back to their senders");
    }
    while !work.stop.is_cancelled() && services.store.tell_gifts(&services.address, Timestamp::now()).await? > 0 {
        services.outbox.notify_one();
    }
    Ok(())
}
