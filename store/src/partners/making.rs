//! Partners are made on the command line; their keys are made, rotated and revoked there and at the console by a controller. Each of it
//! stands in the audit log, without any secret.

use super::keys::NewKey;
use crate::city::OperatorProof;
use crate::city::{Action, log, subject};
use crate::db::{Store, Write};
use crate::error::Result;
use crate::plain;
use crate::row;
use domain::operator::Role;
use domain::partner::{KeyScopes, PartnerName, PartnerRefused};
use domain::{OperatorId, PartnerId, PartnerKeyId, Timestamp};
use serde_json::json;

/// A rotated key is good for so long beside the new one.
const ROTATED_LIFE_MS: i64 = 86_400_000;
const ACCOUNT_CHARS: usize = 200;
const MASKED_CHARS: usize = 60;

/// Who does it. Whoever may run the program with the server's key needs nobody's leave.
#[derive(Copy, Clone, Debug)]
pub enum By<'a> {
    CommandLine,
    Operator(&'a OperatorProof),
}

impl By<'_> {
    pub(super) fn operator(self) -> Option<OperatorId> {
        match self {
            By::CommandLine => None,
            By::Operator(proof) => Some(proof.id()),
        }
    }

    /// Keys, endpoints and caps are a controller's.
    pub(super) fn may(self) -> Result<(), PartnerRefused> {
        match self {
            By::Operator(proof) if !proof.roles().has(Role::Controller) => Err(PartnerRefused::NotYourRole(Role::Controller)),
            _ => Ok(()),
        }
    }
}

/// A partner to be made.
pub struct NewPartner<'a> {
    pub name: &'a PartnerName,
    /// The bank's token of the account that its purchases are debited from.
    pub account: &'a str,
    pub masked: &'a str,
}

impl Store {
    pub async fn make_partner(&self, new: &NewPartner<'_>, now: Timestamp) -> Result<Result<PartnerId, PartnerRefused>> {
        let id = PartnerId(self.next_id(now));
        let mut write = self.write().await?;
        let insert =
            "INSERT INTO partner (id, name, account, masked, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (name) DO NOTHING";
        let insert = sqlx::query(insert).bind(id.0).bind(new.name.as_str()).bind(plain::line(new.account, ACCOUNT_CHARS));
        let insert = insert.bind(plain::line(new.masked, MASKED_CHARS)).bind(crate::millis(now));
        if insert.execute(write.tx()).await?.rows_affected() == 0 {
            write.undo().await?;
            return Ok(Err(PartnerRefused::NameTaken));
        }
        log(&mut write, None, Action::PartnerMade, &subject("partner", id.0), json!({ "name": new.name.as_str() }), now).await?;
        write.commit().await?;
        Ok(Ok(id))
    }

    pub async fn partner_by_name(&self, name: &PartnerName) -> Result<Option<PartnerId>> {
        let row = sqlx::query("SELECT id FROM partner WHERE name = $1").bind(name.as_str()).fetch_optional(self.reads()).await?;
        row.map(|row| Ok(PartnerId(row::int(&row, "id")?))).transpose()
    }

    pub async fn make_key(
        &self,
        by: By<'_>,
        partner: PartnerId,
        scopes: KeyScopes,
        rate_per_s: u32,
        now: Timestamp,
    ) -> Result<Result<NewKey, PartnerRefused>> {
        if let Err(refused) = by.may() {
            return Ok(Err(refused));
        }
        let mut write = self.write().await?;
        if !is_partner(&mut write, partner).await? {
            write.undo().await?;
            return Ok(Err(PartnerRefused::NoSuchPartner));
        }
        let new = self.insert_key(&mut write, partner, scopes, rate_per_s, now).await?;
        let detail = json!({ "partner": partner, "prefix": new.prefix, "scopes": scopes.to_string() });
        log(&mut write, by.operator(), Action::KeyMade, &subject("key", new.id.0), detail, now).await?;
        write.commit().await?;
        Ok(Ok(new))
    }

    /// A new key with the scopes and the rate of this one, which runs out in a day.
    pub async fn rotate_key(&self, by: By<'_>, key: PartnerKeyId, now: Timestamp) -> Result<Result<NewKey, PartnerRefused>> {
        if let Err(refused) = by.may() {
            return Ok(Err(refused));
        }
        let now_ms = crate::millis(now);
        let mut write = self.write().await?;
        let update = "UPDATE partner_key SET expires_at = $2 WHERE id = $1 AND revoked_at IS NULL AND expires_at IS NULL \
                      RETURNING partner_id, scopes, rate_per_s";
        let update = sqlx::query(update).bind(key.0).bind(now_ms + ROTATED_LIFE_MS);
        let Some(old) = update.fetch_optional(write.tx()).await? else { return over(write, key).await };
        let (partner, scopes) = (PartnerId(row::int(&old, "partner_id")?), row::parsed(&old, "scopes", KeyScopes::parse)?);
        let rate_per_s = u32::try_from(row::int(&old, "rate_per_s")?).unwrap_or(1);
        let new = self.insert_key(&mut write, partner, scopes, rate_per_s, now).await?;
        let detail = json!({ "partner": partner, "new": new.prefix, "until_ms": now_ms + ROTATED_LIFE_MS });
        log(&mut write, by.operator(), Action::KeyRotated, &subject("key", key.0), detail, now).await?;
        write.commit().await?;
        Ok(Ok(new))
    }

    /// From now on it opens nothing.
    pub async fn revoke_key(&self, by: By<'_>, key: PartnerKeyId, now: Timestamp) -> Result<Result<(), PartnerRefused>> {
        if let Err(refused) = by.may() {
            return Ok(Err(refused));
        }
        let mut write = self.write().await?;
        let update = "UPDATE partner_key SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING partner_id, prefix";
        let update = sqlx::query(update).bind(key.0).bind(crate::millis(now));
        let Some(row) = update.fetch_optional(write.tx()).await? else { return over(write, key).await };
        let detail = json!({ "partner": row::int(&row, "partner_id")?, "prefix": row::text(&row, "prefix")? });
        log(&mut write, by.operator(), Action::KeyRevoked, &subject("key", key.0), detail, now).await?;
        write.commit().await?;
        Ok(Ok(()))
    }
}

pub(super) async fn is_partner(write: &mut Write, partner: PartnerId) -> Result<bool> {
    Ok(sqlx::query("SELECT id FROM partner WHERE id = $1").bind(partner.0).fetch_optional(write.tx()).await?.is_some())
}

async fn over<T>(mut write: Write, key: PartnerKeyId) -> Result<Result<T, PartnerRefused>> {
    let found = sqlx::query("SELECT id FROM partner_key WHERE id = $1").bind(key.0).fetch_optional(write.tx()).await?;
    write.undo().await?;
    Ok(Err(if found.is_some() { PartnerRefused::KeyOver } else { PartnerRefused::NoSuchKey }))
}
