//! More time for lots that end, or have ended, at the same midnight: what had become breakage is their owners' again. Said by a controller, with
//! a reason, and carried out lot by lot through the till.

use super::audit_log::{Action, log, subject};
use super::operators::OperatorProof;
use super::{ROUND, owned_lots};
use crate::db::Store;
use crate::error::Result;
use crate::row::{self, kind_columns};
use domain::application::Reason;
use domain::calendar::Day;
use domain::kind::Kind;
use domain::measures::{self, MeasureRefused};
use domain::operator::Role;
use domain::{ExtensionId, KindId, Timestamp, Won};
use futures::future::try_join_all;
use serde_json::json;

/// How far back and ahead the city looks.
const LOOK_BACK_MS: i64 = 400 * 86_400_000;
const LOOK_AHEAD_MS: i64 = 60 * 86_400_000;
const LINES: i64 = 200;

/// Lots of one kind that end at the same moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    pub kind: Kind,
    pub ends_at: Timestamp,
    pub lots: i64,
    /// What can still be spent: before the end.
    pub left: Won,
    /// Booked as breakage and not claimed.
    pub expired: Won,
    /// More time is on its way to them, up to then.
    pub until: Option<Timestamp>,
}

/// More time that was given, as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    pub kind: Kind,
    pub ended: Timestamp,
    pub until: Timestamp,
    pub reason: String,
    pub operator: String,
    pub created_at: Timestamp,
    pub done_at: Option<Timestamp>,
}

impl Store {
    /// What ends within 60 days or ended within the last 400, the next first, then backwards; at most 200 lines.
    pub async fn ending_lots(&self, now: Timestamp) -> Result<Vec<Ending>> {
        let now_ms = crate::millis(now);
        let select = concat!(
            "SELECT ",
            kind_columns!(),
            ", e.expires_at, e.lots, e.live, e.expired, x.until FROM \
             (SELECT kind_id, expires_at, COUNT(*) AS lots, CAST(SUM(remaining) AS BIGINT) AS live, CAST(SUM(expired) AS BIGINT) AS expired \
              FROM lot WHERE expires_at > $1 AND expires_at <= $2 AND (remaining > 0 OR expired > 0) GROUP BY kind_id, expires_at) e \
             JOIN kind ON kind.id = e.kind_id \
             LEFT JOIN extension x ON x.kind_id = e.kind_id AND x.ended = e.expires_at AND x.done_at IS NULL \
             ORDER BY e.expires_at DESC, kind.id LIMIT $3"
        );
        let select = sqlx::query(select).bind(now_ms - LOOK_BACK_MS).bind(now_ms + LOOK_AHEAD_MS).bind(LINES);
        let ending = |row: &sqlx::any::AnyRow| {
            Ok(Ending {
                kind: row::kind(row)?,
                ends_at: row::time(row, "expires_at")?,
                lots: row::int(row, "lots")?,
                left: row::won(row, "live")?,
                expired: row::won(row, "expired")?,
                until: row::time_if_any(row, "until")?,
            })
        };
        select.fetch_all(self.reads()).await?.iter().map(ending).collect()
    }

    /// The newest first, at most 50.
    pub async fn extensions(&self) -> Result<Vec<Extension>> {
        let select = concat!(
            "SELECT ",
            kind_columns!(),
            ", x.ended, x.until, x.reason, x.created_at, x.done_at, operator.name AS operator FROM extension x \
             JOIN kind ON kind.id = x.kind_id JOIN operator ON operator.id = x.operator_id ORDER BY x.id DESC LIMIT 50"
        );
        let extension = |row: &sqlx::any::AnyRow| {
            Ok(Extension {
                kind: row::kind(row)?,
                ended: row::time(row, "ended")?,
                until: row::time(row, "until")?,
                reason: row::text(row, "reason")?,
                operator: row::text(row, "operator")?,
                created_at: row::time(row, "created_at")?,
                done_at: row::time_if_any(row, "done_at")?,
            })
        };
        sqlx::query(select).fetch_all(self.reads()).await?.iter().map(extension).collect()
    }

    /// Lots of `kind` that end at `ended` are to be good up to the last moment of `until`. Needs a controller; the audit log has it in the
    /// same transaction, [`Store::extend_lots`] carries it out.
    pub async fn extend(
        &self,
        by: &OperatorProof,
        (kind, ended): (KindId, Timestamp),
        until: Day,
        reason: &Reason,
        now: Timestamp,
    ) -> Result<Result<(), MeasureRefused>> {
        if !by.roles().has(Role::Controller) {
            return Ok(Err(MeasureRefused::NotYourRole(Role::Controller)));
        }
        let until_at = match measures::extend(ended, until, now) {
            Ok(until) => until,
            Err(refused) => return Ok(Err(refused)),
        };
        let mut write = self.write().await?;
        let id = ExtensionId(self.next_id(now));
        // Of two at once the second finds the row of the first (`extension_open`).
        let insert = "INSERT INTO extension (id, kind_id, ended, until, reason, operator_id, created_at) \
                      SELECT $1, $2, $3, $4, $5, $6, $7 WHERE EXISTS \
                        (SELECT 1 FROM lot WHERE expires_at = $3 AND kind_id = $2 AND (remaining > 0 OR expired > 0)) \
                      ON CONFLICT (kind_id, ended) WHERE done_at IS NULL DO NOTHING";
        let insert = sqlx::query(insert).bind(id.0).bind(kind.0).bind(crate::millis(ended)).bind(crate::millis(until_at));
        let insert = insert.bind(reason.as_str().to_owned()).bind(by.id().0).bind(crate::millis(now));
        if insert.execute(write.tx()).await?.rows_affected() == 0 {
            write.undo().await?;
            return Ok(Err(MeasureRefused::Nothing));
        }
        let detail = json!({ "kind": kind.to_string(), "ended": crate::millis(ended), "until": until.0 });
        log(&mut write, Some(by.id()), Action::LotsExtended, &subject("extension", id.0), detail, now).await?;
        write.commit().await?;
        Ok(Ok(()))
    }

    /// Carries out what was said: a round of lots of each extension that is open. So many lots; 0: nothing is open any more. Nodes may do it
    /// beside each other: a lot that has its time is left alone.
    pub async fn extend_lots(&self, now: Timestamp) -> Result<usize> {
        let select = "SELECT id, kind_id, ended, until FROM extension WHERE done_at IS NULL ORDER BY id";
        let mut extended = 0;
        for open in &sqlx::query(select).fetch_all(self.reads()).await? {
            let (id, until) = (row::int(open, "id")?, row::time(open, "until")?);
            let select = "SELECT id, person_id FROM lot WHERE expires_at = $1 AND kind_id = $2 ORDER BY id LIMIT $3";
            let select = sqlx::query(select).bind(row::int(open, "ended")?).bind(row::int(open, "kind_id")?).bind(ROUND);
            let lots = owned_lots(&select.fetch_all(self.reads()).await?)?;
            try_join_all(lots.iter().map(|(lot, person)| self.till().extend(*lot, *person, until, now))).await?;
            extended += lots.len();
            if lots.is_empty() {
                let mut write = self.write().await?;
                let update = sqlx::query("UPDATE extension SET done_at = $2 WHERE id = $1 AND done_at IS NULL").bind(id);
                update.bind(crate::millis(now)).execute(write.tx()).await?;
                write.commit().await?;
            }
        }
        Ok(extended)
    }
}
