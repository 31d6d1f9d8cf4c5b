//! What partners' endpoints are told. The till writes a row in the transaction that posts, voids or refunds a purchase; a worker claims
//! it, sends it, and writes down how each try went. What fails is tried later and later, for three days. Sent at least once, in no
//! particular order; the id of a message stays the same.

use super::endpoints::WebhookSecret;
use super::keys::KeyProof;
use crate::db::Store;
use crate::error::Result;
use crate::plain;
use crate::row;
use domain::buying::BankReason;
use domain::partner::{Endpoint, Event, Loopback, PartnerRefused, TRIED_FOR_MS, pause_ms};
use domain::{PartnerId, PurchaseId, Timestamp, WindowId, Won};
use sqlx::Row;
use sqlx::any::AnyRow;

/// A claim that nobody has answered after this time is another's.
const CLAIM_MS: i64 = 60_000;
const ERROR_CHARS: usize = 200;

/// A message to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    pub id: i64,
    pub partner: PartnerId,
    pub event: Event,
    /// `None`: a test.
    pub told: Option<Told>,
    pub created_at: Timestamp,
    /// Which try this is, from 1.
    pub tries: i64,
    pub endpoint: Endpoint,
    /// That sign it.
    pub secrets: Vec<WebhookSecret>,
}

/// What is told of a purchase: nothing personal.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub purchase: PurchaseId,
    pub window: WindowId,
    pub face: Won,
    pub reason: Option<BankReason>,
}

/// How a try went.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Tried<'a> {
    /// Of the answer, if there was one.
    pub status: Option<u16>,
    /// Why it counts as failed; nothing personal. `None`: it has arrived.
    pub error: Option<&'a str>,
    /// By chance, 0 to 1,000: spreads what failed together.
    pub jitter: u16,
}

/// What became of a message after a try.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum AfterTry {
    Sent,
    Again {
        due_at: Timestamp,
    },
    GivenUp,
    /// Another worker has it, or has sent it.
    NotOurs,
}

impl Store {
    /// A message without a purchase, so that a partner can try its endpoint.
    pub async fn send_test(&self, key: &KeyProof, now: Timestamp) -> Result<Result<i64, PartnerRefused>> {
        let mut write = self.write().await?;
        let insert = "INSERT INTO webhook (id, partner_id, event, due_at, created_at) \
                      SELECT $1, id, 'test', $3, $3 FROM partner WHERE id = $2 AND webhook_url IS NOT NULL";
        let id = self.next_id(now);
        let insert = sqlx::query(insert).bind(id).bind(key.partner.0).bind(crate::millis(now));
        if insert.execute(write.tx()).await?.rows_affected() == 0 {
            write.undo().await?;
            return Ok(Err(PartnerRefused::NoEndpoint));
        }
        write.commit().await?;
        Ok(Ok(id))
    }

    /// Partners that have an endpoint and something due.
    pub async fn partners_to_tell(&self, now: Timestamp) -> Result<Vec<PartnerId>> {
        let select = "SELECT id FROM partner WHERE webhook_url IS NOT NULL AND EXISTS \
                      (SELECT 1 FROM webhook WHERE webhook.partner_id = partner.id AND state = 'due' AND due_at <= $1) ORDER BY id";
        let rows = sqlx::query(select).bind(crate::millis(now)).fetch_all(self.reads()).await?;
        rows.iter().map(|row| Ok(PartnerId(row::int(row, "id")?))).collect()
    }

    /// Takes up to `limit` messages of a partner that are due, oldest first; they are the caller's for a minute. `loopback` as of the
    /// configuration: an endpoint that is no longer allowed claims nothing.
    pub async fn claim_webhooks(&self, partner: PartnerId, limit: i64, loopback: Loopback, now: Timestamp) -> Result<Vec<Webhook>> {
        let row = sqlx::query("SELECT webhook_url FROM partner WHERE id = $1").bind(partner.0).fetch_optional(self.reads()).await?;
        let url = row.map(|row| row::text_if_any(&row, "webhook_url")).transpose()?.flatten();
        let Some(endpoint) = url.and_then(|url| Endpoint::parse(&url, loopback)) else { return Ok(Vec::new()) };
        let secrets = self.webhook_secrets(partner, now).await?;
        let now_ms = crate::millis(now);
        let mut write = self.write().await?;
        // The condition stands twice: inside it chooses, outside it holds when another worker was quicker.
        let claim = "UPDATE webhook SET due_at = $1, tries = tries + 1 WHERE state = 'due' AND due_at <= $2 AND id IN \
                     (SELECT id FROM webhook WHERE partner_id = $3 AND state = 'due' AND due_at <= $2 ORDER BY due_at, id LIMIT $4) \
                     RETURNING id";
        let claim = sqlx::query(claim).bind(now_ms + CLAIM_MS).bind(now_ms).bind(partner.0).bind(limit);
        let claimed = claim.fetch_all(write.tx()).await?;
        let select = "SELECT webhook.id, event, webhook.created_at, tries, purchase_id, window_id, face, reason FROM webhook \
                      LEFT JOIN purchase ON purchase.id = webhook.purchase_id WHERE webhook.id = $1";
        let mut webhooks = Vec::with_capacity(claimed.len());
        for row in claimed {
            let row = sqlx::query(select).bind(row::int(&row, "id")?).fetch_one(write.tx()).await?;
            webhooks.push(webhook(&row, partner, &endpoint, &secrets)?);
        }
        write.commit().await?;
        webhooks.sort_by_key(|webhook| webhook.id);
        Ok(webhooks)
    }

    /// Writes a try down, and when the next one is due if it failed.
    pub async fn webhook_tried(&self, webhook: &Webhook, tried: Tried<'_>, now: Timestamp) -> Result<AfterTry> {
        let now_ms = crate::millis(now);
        let due_ms = now_ms + pause_ms(webhook.tries, tried.jitter);
        let (state, after) = match tried.error {
            None => ("sent", AfterTry::Sent),
            Some(_) if due_ms >= crate::millis(webhook.created_at) + TRIED_FOR_MS => ("given_up", AfterTry::GivenUp),
            Some(_) => ("due", AfterTry::Again { due_at: crate::clock::at(due_ms) }),
        };
        let mut write = self.write().await?;
        let update = "UPDATE webhook SET state = $3, due_at = $4 WHERE id = $1 AND tries = $2 AND state = 'due'";
        let update = sqlx::query(update).bind(webhook.id).bind(webhook.tries).bind(state).bind(due_ms);
        if update.execute(write.tx()).await?.rows_affected() == 0 {
            write.undo().await?;
            return Ok(AfterTry::NotOurs);
        }
        let insert = "INSERT INTO webhook_try (webhook_id, number, tried_at, status, error) VALUES ($1, $2, $3, $4, $5)";
        let insert = sqlx::query(insert).bind(webhook.id).bind(webhook.tries).bind(now_ms).bind(tried.status.map(i64::from));
        insert.bind(tried.error.map(|error| plain::line(error, ERROR_CHARS))).execute(write.tx()).await?;
        write.commit().await?;
        Ok(after)
    }

    /// Gives up what was never sent for three days, for want of an endpoint. How many.
    pub async fn give_webhooks_up(&self, now: Timestamp) -> Result<u64> {
        let now_ms = crate::millis(now);
        let mut write = self.write().await?;
        let update = sqlx::query("UPDATE webhook SET state = 'given_up' WHERE state = 'due' AND created_at <= $1 AND due_at <= $2");
        let given_up = update.bind(now_ms - TRIED_FOR_MS).bind(now_ms).execute(write.tx()).await?.rows_affected();
        write.commit().await?;
        Ok(given_up)
    }
}

fn webhook(row: &AnyRow, partner: PartnerId, endpoint: &Endpoint, secrets: &[WebhookSecret]) -> Result<Webhook> {
    let told = match row.try_get::<Option<Vec<u8>>, _>("purchase_id")? {
        None => None,
        Some(id) => Some(Told {
            purchase: PurchaseId::from_bytes(&id).map_err(|_| row::damaged("purchase_id"))?,
            window: WindowId(row::int(row, "window_id")?),
            face: row::won(row, "face")?,
            reason: row::text_if_any(row, "reason")?.as_deref().map(BankReason::parse),
        }),
    };
    Ok(Webhook {
        id: row::int(row, "id")?,
        partner,
        event: row::parsed(row, "event", Event::parse)?,
        told,
        created_at: row::time(row, "created_at")?,
        tries: row::int(row, "tries")?,
        endpoint: endpoint.clone(),
        secrets: secrets.to_vec(),
    })
}
