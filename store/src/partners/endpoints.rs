//! Where a partner wants to be told, and the secrets that sign what it is told (Standard Webhooks).

use super::making::By;
use crate::city::{Action, log, subject};
use crate::db::{Store, Write};
use crate::error::{Error, Result};
use crate::keys::Purpose;
use crate::row;
use crate::sealed::{seal, unseal};
use crate::tokens::random;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::partner::{Endpoint, PartnerRefused};
use domain::{PartnerId, Timestamp};
use serde_json::json;
use sqlx::Row;

const SECRET_BYTES: usize = 32;
/// A rotated secret signs beside the new one for so long.
const ROTATED_LIFE_MS: i64 = 86_400_000;

/// What a partner verifies our signatures with. Neither displays nor debugs.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookSecret([u8; SECRET_BYTES]);

impl WebhookSecret {
    /// `whsec_...`, as the libraries of Standard Webhooks take it.
    pub fn expose(&self) -> String {
        format!("whsec_{}", STANDARD.encode(self.0))
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WebhookSecret(hidden)")
    }
}

impl Store {
    /// Where a partner is told from now on; `None`: nowhere. The first endpoint comes back with its secret; another one keeps it.
    pub async fn set_endpoint(
        &self,
        by: By<'_>,
        partner: PartnerId,
        endpoint: Option<&Endpoint>,
        now: Timestamp,
    ) -> Result<Result<Option<WebhookSecret>, PartnerRefused>> {
        if let Err(refused) = by.may() {
            return Ok(Err(refused));
        }
        let mut write = self.write().await?;
        let update = sqlx::query("UPDATE partner SET webhook_url = $2 WHERE id = $1 RETURNING webhook_secret");
        let update = update.bind(partner.0).bind(endpoint.map(|endpoint| endpoint.as_str().to_owned()));
        let Some(row) = update.fetch_optional(write.tx()).await? else {
            write.undo().await?;
            return Ok(Err(PartnerRefused::NoSuchPartner));
        };
        let has_secret = row.try_get::<Option<Vec<u8>>, _>("webhook_secret")?.is_some();
        let secret = if endpoint.is_some() && !has_secret { Some(self.new_secret(&mut write, partner).await?) } else { None };
        let detail = json!({ "endpoint": endpoint });
        log(&mut write, by.operator(), Action::EndpointSet, &subject("partner", partner.0), detail, now).await?;
        write.commit().await?;
        Ok(Ok(secret))
    }

    /// A new secret; the old one signs beside it for a day.
    pub async fn rotate_webhook_secret(
        &self,
        by: By<'_>,
        partner: PartnerId,
        now: Timestamp,
    ) -> Result<Result<WebhookSecret, PartnerRefused>> {
        if let Err(refused) = by.may() {
            return Ok(Err(refused));
        }
        let mut write = self.write().await?;
        let update = "UPDATE partner SET webhook_old_secret = webhook_secret, webhook_old_until_at = $2 \
                      WHERE id = $1 AND webhook_secret IS NOT NULL";
        let update = sqlx::query(update).bind(partner.0).bind(crate::millis(now) + ROTATED_LIFE_MS);
        if update.execute(write.tx()).await?.rows_affected() == 0 {
            write.undo().await?;
            return Ok(Err(PartnerRefused::NoEndpoint));
        }
        let secret = self.new_secret(&mut write, partner).await?;
        log(&mut write, by.operator(), Action::SecretRotated, &subject("partner", partner.0), json!({}), now).await?;
        write.commit().await?;
        Ok(Ok(secret))
    }

    async fn new_secret(&self, write: &mut Write, partner: PartnerId) -> Result<WebhookSecret> {
        let secret = WebhookSecret(random());
        let sealed = seal(self.keys(), Purpose::WebhookSecret, partner.0, &secret.0)?;
        sqlx::query("UPDATE partner SET webhook_secret = $2 WHERE id = $1").bind(partner.0).bind(sealed).execute(write.tx()).await?;
        Ok(secret)
    }

    /// The secrets that sign at `now`, the newest first.
    pub(super) async fn webhook_secrets(&self, partner: PartnerId, now: Timestamp) -> Result<Vec<WebhookSecret>> {
        let select = sqlx::query("SELECT webhook_secret, webhook_old_secret, webhook_old_until_at FROM partner WHERE id = $1");
        let row = select.bind(partner.0).fetch_one(self.reads()).await?;
        let is_old_good = row::time_if_any(&row, "webhook_old_until_at")?.is_some_and(|until| until > now);
        let newest: Option<Vec<u8>> = row.try_get("webhook_secret")?;
        let old: Option<Vec<u8>> = row.try_get("webhook_old_secret")?;
        let sealed = newest.into_iter().chain(old.filter(|_| is_old_good));
        let open = |sealed: Vec<u8>| {
            let bytes = unseal(self.keys(), Purpose::WebhookSecret, partner.0, &sealed)?;
            Ok(WebhookSecret(bytes.try_into().map_err(|_| Error::damaged("webhook_secret"))?))
        };
        sealed.map(open).collect()
    }
}
