//! Tells partners what became of their purchases. Each partner's messages are taken a few at a time, so that an endpoint that is slow or
//! away keeps nobody else waiting for long.

use super::Work;
use crate::outside::{Sent, Webhooks};
use domain::{PartnerId, Timestamp};
use futures::{StreamExt, stream};
use rand::Rng;
use std::time::Duration;
use store::{AfterTry, Result, Tried, Webhook};

const EVERY: Duration = Duration::from_secs(1);
/// Of one partner, in one go.
const CLAIM_MOST: i64 = 16;
/// Partners, and messages of each, that are under way.
const AT_ONCE: usize = 8;

pub(super) async fn run(work: Work, webhooks: Webhooks) {
    while work.wait(EVERY).await {
        match work.services.store.partners_to_tell(Timestamp::now()).await {
            Ok(partners) => {
                let telling = stream::iter(partners).take_until(work.stop.cancelled());
                telling.for_each_concurrent(AT_ONCE, |partner| tell(&work, &webhooks, partner)).await;
            }
            Err(error) => tracing::error!(%error, "what partners are to be told can't be read"),
        }
    }
}

async fn tell(work: &Work, webhooks: &Webhooks, partner: PartnerId) {
    match work.services.store.claim_webhooks(partner, CLAIM_MOST, webhooks.loopback, Timestamp::now()).await {
        Ok(claimed) => {
            let sending = stream::iter(claimed).for_each_concurrent(AT_ONCE, |webhook| async move {
                if let Err(error) = send(work, webhooks, &webhook).await {
                    tracing::error!(webhook = webhook.id, %error, "what became of it can't be written");
                }
            });
            sending.await;
        }
        Err(error) => tracing::error!(%partner, %error, "what a partner is to be told can't be claimed"),
    }
}

async fn send(work: &Work, webhooks: &Webhooks, webhook: &Webhook) -> Result<()> {
    let Sent { status, error } = webhooks.send(webhook, Timestamp::now()).await;
    let tried = Tried { status, error: error.as_deref(), jitter: rand::rng().random_range(0..=1_000) };
    let (id, partner) = (webhook.id, webhook.partner);
    match work.services.store.webhook_tried(webhook, tried, Timestamp::now()).await? {
        AfterTry::Sent | AfterTry::NotOurs => {}
        AfterTry::Again { due_at } => {
            tracing::warn!(webhook = id, %partner, status, error, %due_at, "a partner was not reached; again later")
        }
        AfterTry::GivenUp => tracing::error!(webhook = id, %partner, status, error, "a partner was not reached for days; given up"),
    }
    let arrived = if tried.error.is_none() { "yes" } else { "no" };
    metrics::counter!("payplus_webhook_tries_total", "arrived" => arrived).increment(1);
    Ok(())
}
