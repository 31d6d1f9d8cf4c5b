//! Sends what is in the outbox. Woken when this node has put something in; looks every second for what others put in or what
//! is due again.

use super::Work;
use crate::outside::HttpSms;
use domain::Timestamp;
use futures::{StreamExt, stream};
use std::sync::Arc;
use std::time::Duration;
use store::{AfterFailure, Effect, Outbox, SMS};

const EVERY: Duration = Duration::from_secs(1);
/// Claimed in one go; each takes at most five seconds, a claim holds for a minute.
const CLAIM_MOST: i64 = 64;
const AT_ONCE: usize = 16;

pub(super) async fn run(work: Work, sms: Arc<HttpSms>) {
    let outbox = work.services.store.outbox();
    while !work.stop.is_cancelled() {
        let effects = match outbox.claim(CLAIM_MOST, Timestamp::now()).await {
            Ok(effects) => effects,
            Err(error) => {
                tracing::error!(%error, "the outbox can't be read");
                Vec::new()
            }
        };
        let is_full = i64::try_from(effects.len()).unwrap_or(i64::MAX) >= CLAIM_MOST;
        stream::iter(effects).for_each_concurrent(AT_ONCE, |effect| send(&outbox, &sms, effect)).await;
        if is_full {
            continue;
        }
        tokio::select! {
            () = work.stop.cancelled() => {}
            () = outbox.arrived() => {}
            () = work.services.outbox.notified() => {}
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

async fn send(outbox: &Outbox, sms: &HttpSms, effect: Effect) {
    let sent = match effect.topic.as_str() {
        SMS => sms.send(effect.id, &effect.body).await.map_err(|error| error.to_string()),
        topic => Err(format!("nobody sends {topic}")),
    };
    let written = match sent {
        Ok(()) => outbox.sent(&effect).await,
        Err(why) => outbox.failed(&effect, &why, Timestamp::now()).await.map(|after| match after {
            AfterFailure::Again { due_at } => tracing::warn!(?effect, why, %due_at, "not sent; again later"),
            AfterFailure::SetAside => tracing::error!(?effect, why, "not sent; set aside"),
            AfterFailure::NotOurs => {}
        }),
    };
    if let Err(error) = written {
        tracing::error!(?effect, %error, "what became of it can't be written");
    }
}
