//! A change of a kind is released by somebody who wrote none of it, and called off until a minute before it applies. What sales plan on
//! a kind and what changes it are released one after the other: whoever comes second sees what the first has done.

use super::audit_log::{Action, hold, log, subject};
use super::changes::{facts, needs, take};
use super::operators::OperatorProof;
use crate::db::{Store, Write};
use crate::error::Result;
use crate::kinds::{change_of, kind_now};
use crate::row;
use domain::calendar::Day;
use domain::kind::change::{Change, ChangeRefused, ChangeState, Of, Start};
use domain::operator::Role;
use domain::plan::{self, Plan, Problem, Why};
use domain::{ChangeId, KindId, Timestamp, Won};
use serde_json::json;
use sqlx::AnyConnection;

/// Nodes' clocks differ: calling off ends so long before the change applies.
const MARGIN_MS: i64 = 60_000;

impl Store {
    /// Lets a change apply from its day on; one that starts at once applies with this. `version` is the one that was looked at. Comes back
    /// as the moment from which on it applies.
    pub async fn release_kind_change(
        &self,
        by: &OperatorProof,
        id: ChangeId,
        version: i64,
        now: Timestamp,
    ) -> Result<Result<Timestamp, ChangeRefused>> {
        if let Err(refused) = needs(by, Role::Controller) {
            return Ok(Err(refused));
        }
        let mut write = self.write().await?;
        let checked = match take(&mut write, id, version, ChangeState::Draft).await? {
            Ok(change) => check(&mut write, by, id, &change, now).await?.map(|from| (change, from)),
            Err(refused) => Err(refused),
        };
        let (change, from) = match checked {
            Ok(checked) => checked,
            Err(refused) => {
                write.undo().await?;
                return Ok(Err(refused));
            }
        };
        let update = "UPDATE kind_change SET state = 'released', releaser_id = $2, from_at = $3, released_at = $4, changed_at = $4 \
                      WHERE id = $1";
        let update = sqlx::query(update).bind(id.0).bind(by.id().0).bind(crate::millis(from)).bind(crate::millis(now));
        update.execute(write.tx()).await?;
        if change.start == Start::AtOnce {
            self.apply(&mut write, id, &change, crate::millis(from), now).await?;
        }
        let detail = json!({ "version": version, "from": from.to_string(), "change": change });
        log(&mut write, Some(by.id()), Action::ChangeReleased, &subject("change", id.0), detail, now).await?;
        write.commit().await?;
        Ok(Ok(from))
    }

    /// Throws a draft away (a planner), or calls off a change that waits for its day (a controller): until a minute before, and unless a
    /// sale was planned on it meanwhile.
    pub async fn cancel_kind_change(
        &self,
        by: &OperatorProof,
        id: ChangeId,
        version: i64,
        now: Timestamp,
    ) -> Result<Result<(), ChangeRefused>> {
        let Some(row) = self.kind_change(id).await? else { return Ok(Err(ChangeRefused::NoSuchChange)) };
        let role = if row.state == ChangeState::Draft { Role::Planner } else { Role::Controller };
        if let Err(refused) = needs(by, role) {
            return Ok(Err(refused));
        }
        let mut write = self.write().await?;
        let cancelled = match (take(&mut write, id, version, row.state).await?, row.state) {
            (Err(refused), _) => Err(refused),
            (Ok(_), ChangeState::Draft) => Ok(()),
            (Ok(change), ChangeState::Released) => {
                hold(&mut write).await?;
                let is_late = row.from.is_none_or(|from| crate::millis(from) - MARGIN_MS <= crate::millis(now));
                if is_late { Err(ChangeRefused::TooLate) } else { fits_without(&mut write, id, &change, now).await? }
            }
            (Ok(_), is @ (ChangeState::Applied | ChangeState::Cancelled)) => Err(ChangeRefused::In(is)),
        };
        if let Err(refused) = cancelled {
            write.undo().await?;
            return Ok(Err(refused));
        }
        let update = "UPDATE kind_change SET state = 'cancelled', cancelled_at = $2, changed_at = $2 WHERE id = $1";
        sqlx::query(update).bind(id.0).bind(crate::millis(now)).execute(write.tx()).await?;
        let detail = json!({ "version": version, "was": row.state.as_str() });
        log(&mut write, Some(by.id()), Action::ChangeCancelled, &subject("change", id.0), detail, now).await?;
        write.commit().await?;
        Ok(Ok(()))
    }

    /// What keeps the plan of a sale from being released now, by the rules that a release asks.
    pub async fn plan_problems(&self, plan: &Plan, now: Timestamp) -> Result<Vec<Problem>> {
        let mut snapshot = self.snapshot().await?;
        let (unit, mut problems) = match kind_on(&mut snapshot, plan.kind, plan.day).await? {
            None => return Ok(vec![no_kind()]),
            Some(kind) => kind,
        };
        problems.extend(plan.problems(unit, now));
        Ok(problems)
    }
}

async fn check(
    write: &mut Write,
    by: &OperatorProof,
    id: ChangeId,
    change: &Change,
    now: Timestamp,
) -> Result<Result<Timestamp, ChangeRefused>> {
    hold(write).await?;
    let author = sqlx::query("SELECT change_id FROM kind_change_author WHERE change_id = $1 AND operator_id = $2").bind(id.0);
    if author.bind(by.id().0).fetch_optional(write.tx()).await?.is_some() {
        return Ok(Err(ChangeRefused::OwnChange));
    }
    let facts = facts(write.tx(), id, change, now).await?;
    let ready = change.ready(&facts.around(), now);
    Ok(ready.map(|ready| ready.from()).map_err(ChangeRefused::NotReady))
}

/// Amounts that were planned in the unit to come have to be whole in the unit that stays.
async fn fits_without(write: &mut Write, id: ChangeId, change: &Change, now: Timestamp) -> Result<Result<(), ChangeRefused>> {
    let Of::Kind(kind) = change.of else { return Ok(Ok(())) };
    let windows = facts(write.tx(), id, change, now).await?.windows;
    let unit = kind_now(write.tx(), kind).await?.map_or(Won::of(1), |(kind, _)| kind.unit);
    let fits = windows.iter().all(|(_, amount)| amount.is_multiple_of(unit));
    Ok(if fits { Ok(()) } else { Err(ChangeRefused::PlannedOn) })
}

pub(super) fn no_kind() -> Problem {
    Problem { at: plan::Field::Kind, why: Why::Missing }
}

/// The unit that a kind has on a day, and what is wrong with selling it then. `None`: there is no such kind.
pub(super) async fn kind_on(connection: &mut AnyConnection, kind: KindId, day: Day) -> Result<Option<(Won, Vec<Problem>)>> {
    let Some((now, _)) = kind_now(connection, kind).await? else { return Ok(None) };
    let select = sqlx::query("SELECT body, from_at FROM kind_change WHERE kind_id = $1 AND state = 'released' ORDER BY from_at");
    let rows = select.bind(kind.0).fetch_all(connection).await?;
    let (mut unit, mut problems) = (now.unit, Vec::new());
    for row in &rows {
        let from = Day::of(row::time(row, "from_at")?);
        if from <= day {
            unit = change_of(row)?.terms.unit;
        }
        if from == day {
            problems.push(Problem { at: plan::Field::Day, why: Why::KindChanges });
        }
    }
    Ok(Some((unit, problems)))
}
