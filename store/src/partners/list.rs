//! Partners as the console shows them. Every operator may look; no secret is in it.

use crate::db::Store;
use crate::error::Result;
use crate::row;
use domain::partner::{Cap, KeyScopes};
use domain::{PartnerId, PartnerKeyId, Timestamp, WindowId};
use sqlx::any::AnyRow;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnerRow {
    pub id: PartnerId,
    pub name: String,
    /// The account that is debited, masked.
    pub masked: String,
    pub endpoint: Option<String>,
    /// Newest first.
    pub keys: Vec<KeyRow>,
    pub caps: Vec<CapRow>,
    /// Messages that are still tried.
    pub webhooks_due: i64,
    pub webhooks_given_up: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    pub id: PartnerKeyId,
    pub prefix: String,
    pub scopes: KeyScopes,
    pub rate_per_s: i64,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
    /// To the minute.
    pub used_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapRow {
    pub window: WindowId,
    pub opens_at: Timestamp,
    pub cap: Cap,
}

impl Store {
    /// By name.
    pub async fn partners(&self) -> Result<Vec<PartnerRow>> {
        let select = "SELECT id, name, masked, webhook_url, \
                      (SELECT COUNT(*) FROM webhook WHERE partner_id = partner.id AND state = 'due') AS due, \
                      (SELECT COUNT(*) FROM webhook WHERE partner_id = partner.id AND state = 'given_up') AS given_up \
                      FROM partner ORDER BY name";
        let rows = sqlx::query(select).fetch_all(self.reads()).await?;
        let keys = "SELECT id, partner_id, prefix, scopes, rate_per_s, created_at, expires_at, revoked_at, used_at FROM partner_key \
                    ORDER BY id DESC";
        let keys = sqlx::query(keys).fetch_all(self.reads()).await?;
        let caps = "SELECT window_id, partner_id, opens_at, most, channel_cap.held, channel_cap.sold FROM channel_cap \
                    JOIN sale_window ON sale_window.id = channel_cap.window_id ORDER BY opens_at DESC";
        let caps = sqlx::query(caps).fetch_all(self.reads()).await?;
        let mut partners = Vec::with_capacity(rows.len());
        for row in &rows {
            let id = PartnerId(row::int(row, "id")?);
            partners.push(PartnerRow {
                id,
                name: row::text(row, "name")?,
                masked: row::text(row, "masked")?,
                endpoint: row::text_if_any(row, "webhook_url")?,
                keys: of(id, &keys, key)?,
                caps: of(id, &caps, cap)?,
                webhooks_due: row::int(row, "due")?,
                webhooks_given_up: row::int(row, "given_up")?,
            });
        }
        Ok(partners)
    }
}

fn of<T>(partner: PartnerId, rows: &[AnyRow], read: impl Fn(&AnyRow) -> Result<T>) -> Result<Vec<T>> {
    let theirs = rows.iter().filter(|row| row::int(row, "partner_id").is_ok_and(|id| id == partner.0));
    theirs.map(read).collect()
}

fn key(row: &AnyRow) -> Result<KeyRow> {
    Ok(KeyRow {
        id: PartnerKeyId(row::int(row, "id")?),
        prefix: row::text(row, "prefix")?,
        scopes: row::parsed(row, "scopes", KeyScopes::parse)?,
        rate_per_s: row::int(row, "rate_per_s")?,
        created_at: row::time(row, "created_at")?,
        expires_at: row::time_if_any(row, "expires_at")?,
        revoked_at: row::time_if_any(row, "revoked_at")?,
        used_at: row::time_if_any(row, "used_at")?,
    })
}

fn cap(row: &AnyRow) -> Result<CapRow> {
    Ok(CapRow {
        window: WindowId(row::int(row, "window_id")?),
        opens_at: row::time(row, "opens_at")?,
        cap: Cap { most: row::won(row, "most")?, held: row::won(row, "held")?, sold: row::won(row, "sold")? },
    })
}
