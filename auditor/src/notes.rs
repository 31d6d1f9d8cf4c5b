//! Purchases that are still open: allowed, but their age tells whether the inquiry job does its work.

use crate::Error;
use crate::report::{Note, Report};
use crate::rule::id_text;
use futures::TryStreamExt;
use sqlx::{AnyConnection, Row};

/// Every reservation is young for a moment; those that the bank should have answered long ago are noted.
const OPEN: &str = "SELECT id, state, face, created_at, checks FROM purchase \
     WHERE state IN ('unknown', 'refunding') OR (state = 'reserved' AND created_at < $1 - 600000) ORDER BY created_at, id";

/// Notes unknown purchases, refunds of late debits under way, and reservations older than 10 minutes; oldest first.
pub(crate) async fn open_purchases(connection: &mut AnyConnection, report: &mut Report, now_ms: i64) -> Result<(), Error> {
    read(connection, report, now_ms).await.map_err(|source| Error::Check { check: "open purchases", source })
}

async fn read(connection: &mut AnyConnection, report: &mut Report, now_ms: i64) -> Result<(), sqlx::Error> {
    let mut rows = sqlx::query(OPEN).bind(now_ms).fetch(connection);
    while let Some(row) = rows.try_next().await? {
        let (state, checks): (String, i64) = (row.try_get("state")?, row.try_get("checks")?);
        let created_at: i64 = row.try_get("created_at")?;
        report.note(Note {
            row: format!("purchase {}", id_text(&row.try_get::<Vec<u8>, _>("id")?)),
            amount: row.try_get("face")?,
            age_s: (now_ms - created_at).max(0) / 1_000,
            words: format!("{state}; the bank was asked again {checks} times"),
        });
    }
    Ok(())
}
