//! Caps of partners and what their endpoints will be told: no statement is run for batches without partners.

use super::line::{Asked, asked};
use super::save::{column, split};
use crate::till::books::Books;

pub(super) fn caps<'a>(writes: &mut Vec<Asked<'a>>, books: &'a Books) {
    let changed = books.caps.changed();
    let (_, old) = split(&changed);
    if old.is_empty() {
        return;
    }
    // As pools are: by how much, and never beyond.
    let update = asked(
        "UPDATE channel_cap c SET held = c.held + n.held, sold = c.sold + n.sold \
         FROM (SELECT unnest($1::bigint[]) AS window_id, unnest($2::bigint[]) AS partner_id, unnest($3::bigint[]) AS held, \
         unnest($4::bigint[]) AS sold) AS n \
         WHERE c.window_id = n.window_id AND c.partner_id = n.partner_id AND c.held + n.held >= 0 AND c.sold + n.sold >= 0 \
         AND c.held + c.sold + n.held + n.sold <= c.most",
    );
    let update = update
        .bind(column(&old, |(row, _)| row.key.0.0))
        .bind(column(&old, |(row, _)| row.key.1.0))
        .bind(column(&old, |(row, was)| row.now.held.get() - was.held.get()))
        .bind(column(&old, |(row, was)| row.now.sold.get() - was.sold.get()));
    writes.push(update.all("channels' caps", old.len()));
}

pub(super) fn webhooks<'a>(writes: &mut Vec<Asked<'a>>, books: &'a Books) {
    let told = &books.webhooks;
    if told.is_empty() {
        return;
    }
    let insert = asked(
        "INSERT INTO webhook (id, partner_id, purchase_id, event, due_at, created_at) SELECT unnest($1::bigint[]), unnest($2::bigint[]), \
         unnest($3::bytea[]), unnest($4::text[]), unnest($5::bigint[]), unnest($5::bigint[])",
    );
    let insert = insert
        .bind(column(told, |row| row.id))
        .bind(column(told, |row| row.partner.0))
        .bind(column(told, |row| row.purchase.uuid().as_bytes().to_vec()))
        .bind(column(told, |row| row.event.as_str()))
        .bind(column(told, |row| row.created_ms));
    writes.push(insert);
}
