//! What one partner may sell of a window. The till holds it with the pool.

use super::making::{By, is_partner};
use crate::city::{Action, log, subject};
use crate::db::Store;
use crate::error::Result;
use crate::row;
use domain::partner::{Cap, PartnerRefused};
use domain::{PartnerId, Timestamp, WindowId, Won};
use serde_json::json;

/// Nodes' clocks differ, and a purchase that is under way while a cap is made would not be counted in it.
const MARGIN_MS: i64 = 60_000;

impl Store {
    /// A new cap until a minute before the window opens; one that is there may be changed later too, but not below what is held and
    /// sold.
    pub async fn set_cap(
        &self,
        by: By<'_>,
        window: WindowId,
        partner: PartnerId,
        most: Won,
        now: Timestamp,
    ) -> Result<Result<(), PartnerRefused>> {
        if let Err(refused) = by.may() {
            return Ok(Err(refused));
        }
        let mut write = self.write().await?;
        let found = sqlx::query("SELECT opens_at FROM sale_window WHERE id = $1").bind(window.0).fetch_optional(write.tx()).await?;
        let is_capped = sqlx::query("SELECT most FROM channel_cap WHERE window_id = $1 AND partner_id = $2");
        let is_capped = is_capped.bind(window.0).bind(partner.0).fetch_optional(write.tx()).await?.is_some();
        let refused = match found {
            None => Some(PartnerRefused::NoSuchWindow),
            Some(_) if !is_partner(&mut write, partner).await? => Some(PartnerRefused::NoSuchPartner),
            Some(row) if !is_capped && row::int(&row, "opens_at")? - MARGIN_MS <= crate::millis(now) => Some(PartnerRefused::HasBegun),
            Some(_) => None,
        };
        if let Some(refused) = refused {
            write.undo().await?;
            return Ok(Err(refused));
        }
        let upsert = "INSERT INTO channel_cap (window_id, partner_id, most) VALUES ($1, $2, $3) \
                      ON CONFLICT (window_id, partner_id) DO UPDATE SET most = excluded.most \
                      WHERE channel_cap.held + channel_cap.sold <= excluded.most";
        let upsert = sqlx::query(upsert).bind(window.0).bind(partner.0).bind(most.get());
        if upsert.execute(write.tx()).await?.rows_affected() == 0 {
            write.undo().await?;
            return Ok(Err(PartnerRefused::CapTooLow));
        }
        let detail = json!({ "partner": partner, "most": most });
        log(&mut write, by.operator(), Action::CapSet, &subject("window", window.0), detail, now).await?;
        write.commit().await?;
        Ok(Ok(()))
    }

    /// What this partner may sell of a window; `None`: as much as there is.
    pub async fn cap(&self, window: WindowId, partner: PartnerId) -> Result<Option<Cap>> {
        let select = sqlx::query("SELECT most, held, sold FROM channel_cap WHERE window_id = $1 AND partner_id = $2");
        let row = select.bind(window.0).bind(partner.0).fetch_optional(self.reads()).await?;
        row.map(|row| Ok(Cap { most: row::won(&row, "most")?, held: row::won(&row, "held")?, sold: row::won(&row, "sold")? })).transpose()
    }
}
