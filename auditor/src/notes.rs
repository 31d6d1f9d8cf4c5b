//! What is no violation and worth knowing: purchases that are still open, whose age tells whether the inquiry job does its work; and
//! who was turned away from a sale, and when they were told.

use crate::Error;
use crate::report::{Note, Report};
use crate::rule::id_text;
use futures::TryStreamExt;
use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

/// Every reservation is young for a moment; those that the bank should have answered long ago are noted.
const OPEN: &str = "SELECT 'purchase' AS what, id, state, face, created_at, checks FROM purchase \
     WHERE state IN ('unknown', 'refunding') OR (state = 'reserved' AND created_at < $1 - 600000) \
     UNION ALL SELECT 'refund', id, state, face, created_at, checks FROM refund \
     WHERE state = 'unknown' OR (state = 'reserved' AND created_at < $1 - 600000) ORDER BY 5, 2";

/// Notes unknown purchases and refunds of lots, refunds of late debits under way, and reservations older than 10 minutes; oldest first.
pub(crate) async fn open_purchases(connection: &mut AnyConnection, report: &mut Report, now_ms: i64) -> Result<(), Error> {
    read(connection, report, now_ms).await.map_err(|source| Error::Check { check: "open purchases", source })
}

async fn read(connection: &mut AnyConnection, report: &mut Report, now_ms: i64) -> Result<(), sqlx::Error> {
    let mut rows = sqlx::query(OPEN).bind(now_ms).fetch(connection);
    while let Some(row) = rows.try_next().await? {
        let (state, checks): (String, i64) = (row.try_get("state")?, row.try_get("checks")?);
        let created_at: i64 = row.try_get("created_at")?;
        report.note(Note {
            row: format!("{} {}", row.try_get::<String, _>("what")?, id_text(&row.try_get::<Vec<u8>, _>("id")?)),
            amount: row.try_get("face")?,
            age_s: (now_ms - created_at).max(0) / 1_000,
            words: format!("{state}; the bank was asked again {checks} times"),
        });
    }
    Ok(())
}

/// One row a room in which somebody was told that nothing can be left: how many tickets it gave, how many were let in, how many lapsed, and
/// from which place on people were told, first and last.
const LET_GO: &str = "SELECT room.window_id, last_number, MIN(g.told_at) AS first_at, MAX(g.told_at) AS last_at, \
       CAST(MIN(g.from_place) AS BIGINT) AS from_place, \
       (SELECT COUNT(*) FROM admission a WHERE a.window_id = room.window_id) AS let_in, \
       (SELECT COUNT(*) FROM ticket t WHERE t.window_id = room.window_id AND t.lapsed_at IS NOT NULL) AS lapsed \
     FROM room JOIN room_let_go g ON g.window_id = room.window_id GROUP BY room.window_id, last_number ORDER BY room.window_id";

/// Notes how many of a room's tickets came to nothing, and when it was said.
pub(crate) async fn turned_away(connection: &mut AnyConnection, report: &mut Report, now_ms: i64) -> Result<(), Error> {
    let failed = |source| Error::Check { check: "who was turned away", source };
    let rows = sqlx::query(LET_GO).fetch_all(connection).await.map_err(failed)?;
    for row in &rows {
        report.note(away(row, now_ms).map_err(failed)?);
    }
    Ok(())
}

fn away(row: &AnyRow, now_ms: i64) -> Result<Note, sqlx::Error> {
    let int = |column: &str| row.try_get::<i64, _>(column);
    let (tickets, let_in, lapsed, first_at, last_at) =
        (int("last_number")?, int("let_in")?, int("lapsed")?, int("first_at")?, int("last_at")?);
    let clock = |ms: i64| Timestamp::from_millisecond(ms).map(|at| at.to_string()).unwrap_or_default();
    Ok(Note {
        row: format!("window {}", int("window_id")?),
        amount: 0,
        age_s: (now_ms - last_at).max(0) / 1_000,
        words: format!(
            "{tickets} tickets: {let_in} let in, {lapsed} lapsed, {} turned away; told from {} on, from place {} on at {}",
            (tickets - let_in - lapsed).max(0),
            clock(first_at),
            int("from_place")?,
            clock(last_at)
        ),
    })
}
