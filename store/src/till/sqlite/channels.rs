//! Caps of partners and what their endpoints will be told: no statement is run for batches without partners.

use super::{Sqlite, one};
use crate::error::Result;
use crate::till::books::Books;
use rusqlite::params;

pub(super) fn save_caps(sqlite: &Sqlite, books: &Books) -> Result<()> {
    let changed = books.caps.changed();
    if changed.is_empty() {
        return Ok(());
    }
    let mut update = sqlite.statement(
        "UPDATE channel_cap SET held = ?3, sold = ?4 WHERE window_id = ?1 AND partner_id = ?2 AND held = ?5 AND sold = ?6 AND most = ?7",
    )?;
    for row in changed {
        let (window, partner) = row.key;
        // A cap is never made by the till.
        let Some(was) = row.was else { continue };
        let figures = [row.now.held, row.now.sold, was.held, was.sold, was.most].map(domain::Won::get);
        let [held, sold, was_held, was_sold, most] = figures;
        one("a channel's cap", update.execute([window.0, partner.0, held, sold, was_held, was_sold, most])?)?;
    }
    Ok(())
}

pub(super) fn save_webhooks(sqlite: &Sqlite, books: &Books) -> Result<()> {
    if books.webhooks.is_empty() {
        return Ok(());
    }
    let mut insert =
        sqlite.statement("INSERT INTO webhook (id, partner_id, purchase_id, event, due_at, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)")?;
    for row in &books.webhooks {
        insert.execute(params![row.id, row.partner.0, row.purchase.uuid().as_bytes(), row.event.as_str(), row.created_ms])?;
    }
    Ok(())
}
