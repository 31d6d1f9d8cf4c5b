//! Money back for all lots of a kind, whatever was spent of them: when the shops they were bought for are gone ("forced by the city" in the
//! specification). Said by a controller, with a reason, and carried out lot by lot through the till; whoever wants the money asks for it as ever.

use super::audit_log::{Action, log, subject};
use super::operators::OperatorProof;
use super::{ROUND, owned_lots};
use crate::db::Store;
use crate::error::Result;
use crate::row::{self, kind_columns};
use domain::application::Reason;
use domain::kind::Kind;
use domain::measures::MeasureRefused;
use domain::operator::Role;
use domain::{KindId, Timestamp, WaiverId};
use futures::future::try_join_all;
use serde_json::json;

/// A waiver, as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    pub kind: Kind,
    pub reason: String,
    pub operator: String,
    pub created_at: Timestamp,
    pub done_at: Option<Timestamp>,
}

impl Store {
    /// The newest first, at most 50.
    pub async fn waivers(&self) -> Result<Vec<Waiver>> {
        let select = concat!(
            "SELECT ",
            kind_columns!(),
            ", w.reason, w.created_at, w.done_at, operator.name AS operator FROM waiver w \
             JOIN kind ON kind.id = w.kind_id JOIN operator ON operator.id = w.operator_id ORDER BY w.id DESC LIMIT 50"
        );
        let waiver = |row: &sqlx::any::AnyRow| {
            Ok(Waiver {
                kind: row::kind(row)?,
                reason: row::text(row, "reason")?,
                operator: row::text(row, "operator")?,
                created_at: row::time(row, "created_at")?,
                done_at: row::time_if_any(row, "done_at")?,
            })
        };
        sqlx::query(select).fetch_all(self.reads()).await?.iter().map(waiver).collect()
    }

    /// Lots of `kind` that were bought before now are to give their rest back at once. Needs a controller; the audit log has it in the same
    /// transaction, [`Store::waive_lots`] carries it out.
    pub async fn waive(&self, by: &OperatorProof, kind: KindId, reason: &Reason, now: Timestamp) -> Result<Result<(), MeasureRefused>> {
        if !by.roles().has(Role::Controller) {
            return Ok(Err(MeasureRefused::NotYourRole(Role::Controller)));
        }
        let mut write = self.write().await?;
        let id = WaiverId(self.next_id(now));
        // Of two at once the second finds the row of the first (`waiver_open`).
        let insert = "INSERT INTO waiver (id, kind_id, reason, operator_id, created_at) SELECT $1, $2, $3, $4, $5 \
                      WHERE EXISTS (SELECT 1 FROM lot WHERE kind_id = $2 AND refund_from > 0) \
                      ON CONFLICT (kind_id) WHERE done_at IS NULL DO NOTHING";
        let insert = sqlx::query(insert).bind(id.0).bind(kind.0).bind(reason.as_str().to_owned()).bind(by.id().0).bind(crate::millis(now));
        if insert.execute(write.tx()).await?.rows_affected() == 0 {
            write.undo().await?;
            return Ok(Err(MeasureRefused::Nothing));
        }
        let detail = json!({ "kind": kind.to_string() });
        log(&mut write, Some(by.id()), Action::LotsWaived, &subject("waiver", id.0), detail, now).await?;
        write.commit().await?;
        Ok(Ok(()))
    }

    /// Carries out what was said: a round of lots of each waiver that is open. So many lots; 0: nothing is open any more. Nodes may do it beside
    /// each other: a lot that has it is left alone.
    pub async fn waive_lots(&self, now: Timestamp) -> Result<usize> {
        let select = "SELECT id, kind_id, created_at, reached FROM waiver WHERE done_at IS NULL ORDER BY id";
        let mut waived = 0;
        for open in &sqlx::query(select).fetch_all(self.reads()).await? {
            let id = row::int(open, "id")?;
            let select =
                "SELECT id, person_id FROM lot WHERE id > $1 AND kind_id = $2 AND bought_at <= $3 AND refund_from > 0 ORDER BY id LIMIT $4";
            let select = sqlx::query(select).bind(row::int(open, "reached")?).bind(row::int(open, "kind_id")?);
            let select = select.bind(row::int(open, "created_at")?).bind(ROUND);
            let lots = owned_lots(&select.fetch_all(self.reads()).await?)?;
            try_join_all(lots.iter().map(|(lot, person)| self.till().waive(*lot, *person, now))).await?;
            waived += lots.len();
            let mut write = self.write().await?;
            match lots.last() {
                Some((last, _)) => {
                    let update = sqlx::query("UPDATE waiver SET reached = $2 WHERE id = $1 AND reached < $2").bind(id).bind(last.0);
                    update.execute(write.tx()).await?;
                }
                None => {
                    let update = sqlx::query("UPDATE waiver SET done_at = $2 WHERE id = $1 AND done_at IS NULL").bind(id);
                    update.bind(crate::millis(now)).execute(write.tx()).await?;
                }
            }
            write.commit().await?;
        }
        Ok(waived)
    }
}
