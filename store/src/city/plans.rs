//! Plans of sale days: written by planners, version by version, until one is released or thrown away.

use super::audit_log::{Action, log, subject};
use super::operators::OperatorProof;
use crate::db::{Store, Write};
use crate::error::{Error, Result};
use crate::plain;
use crate::row;
use domain::operator::Role;
use domain::plan::{NAME_CHARS_MAX, Plan, PlanRefused, PlanState, SUSPENSIONS_MAX, WINDOWS_MAX};
use domain::{OperatorId, PlanId, SaleId, Timestamp};
use serde_json::json;
use sqlx::any::AnyRow;

/// A plan as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanRow {
    pub id: PlanId,
    pub state: PlanState,
    /// Whoever writes, releases or cancels names the version that was looked at.
    pub version: i64,
    pub plan: Plan,
    /// Name of whoever wrote it last.
    pub planner: String,
    /// Name of whoever released it.
    pub releaser: Option<String>,
    /// Whoever wrote any of it: none of them releases it.
    pub authors: Vec<OperatorId>,
    pub sale: Option<SaleId>,
    pub changed_at: Timestamp,
    pub released_at: Option<Timestamp>,
    pub cancelled_at: Option<Timestamp>,
}

macro_rules! plan_columns {
    () => {
        "SELECT sale_plan.id, state, version, body, sale_id, changed_at, released_at, cancelled_at, planner.name AS planner, \
         releaser.name AS releaser FROM sale_plan JOIN operator planner ON planner.id = sale_plan.planner_id \
         LEFT JOIN operator releaser ON releaser.id = sale_plan.releaser_id "
    };
}

impl Store {
    /// A new draft; it may be unfinished.
    pub async fn draft_plan(&self, by: &OperatorProof, plan: &Plan, now: Timestamp) -> Result<Result<PlanId, PlanRefused>> {
        if let Err(refused) = by.needs(Role::Planner) {
            return Ok(Err(refused));
        }
        let (id, plan) = (PlanId(self.next_id(now)), fit(plan));
        let mut write = self.write().await?;
        let insert = "INSERT INTO sale_plan (id, planner_id, day, body, created_at, changed_at) VALUES ($1, $2, $3, $4, $5, $5)";
        let insert = sqlx::query(insert).bind(id.0).bind(by.id().0).bind(i64::from(plan.day.0)).bind(body(&plan)?);
        insert.bind(crate::millis(now)).execute(write.tx()).await?;
        sign(&mut write, id, by).await?;
        log(&mut write, Some(by.id()), Action::PlanDrafted, &subject("plan", id.0), json!({ "version": 1, "plan": plan }), now).await?;
        write.commit().await?;
        Ok(Ok(id))
    }

    /// The next version of a draft, after `version`. Comes back as its number.
    pub async fn change_plan(
        &self,
        by: &OperatorProof,
        id: PlanId,
        version: i64,
        plan: &Plan,
        now: Timestamp,
    ) -> Result<Result<i64, PlanRefused>> {
        if let Err(refused) = by.needs(Role::Planner) {
            return Ok(Err(refused));
        }
        let plan = fit(plan);
        let mut write = self.write().await?;
        if let Err(refused) = take(&mut write, id, version, PlanState::Draft).await? {
            write.undo().await?;
            return Ok(Err(refused));
        }
        let update = "UPDATE sale_plan SET planner_id = $2, day = $3, body = $4, changed_at = $5 WHERE id = $1";
        let update = sqlx::query(update).bind(id.0).bind(by.id().0).bind(i64::from(plan.day.0)).bind(body(&plan)?);
        update.bind(crate::millis(now)).execute(write.tx()).await?;
        sign(&mut write, id, by).await?;
        let detail = json!({ "version": version + 1, "plan": plan });
        log(&mut write, Some(by.id()), Action::PlanChanged, &subject("plan", id.0), detail, now).await?;
        write.commit().await?;
        Ok(Ok(version + 1))
    }

    pub async fn plan(&self, id: PlanId) -> Result<Option<PlanRow>> {
        let select = concat!(plan_columns!(), "WHERE sale_plan.id = $1");
        let Some(row) = sqlx::query(select).bind(id.0).fetch_optional(self.reads()).await? else { return Ok(None) };
        let select = sqlx::query("SELECT operator_id FROM plan_author WHERE plan_id = $1 ORDER BY operator_id").bind(id.0);
        let authors = select.fetch_all(self.reads()).await?;
        let authors = authors.iter().map(|row| Ok(OperatorId(row::int(row, "operator_id")?))).collect::<Result<_>>()?;
        Ok(Some(plan(&row, authors)?))
    }

    /// The latest days first, at most `limit`. Without their authors.
    pub async fn plans(&self, limit: i64) -> Result<Vec<PlanRow>> {
        let select = concat!(plan_columns!(), "ORDER BY day DESC, sale_plan.id DESC LIMIT $1");
        let rows = sqlx::query(select).bind(limit).fetch_all(self.reads()).await?;
        rows.iter().map(|row| plan(row, Vec::new())).collect()
    }
}

/// Takes the next version of a plan, if it is in this state and still as it was read. Its row is locked until the transaction ends.
pub(super) async fn take(write: &mut Write, id: PlanId, version: i64, state: PlanState) -> Result<Result<Plan, PlanRefused>> {
    let update = "UPDATE sale_plan SET version = version + 1 WHERE id = $1 AND version = $2 AND state = $3 RETURNING body";
    let update = sqlx::query(update).bind(id.0).bind(version).bind(state.as_str());
    if let Some(row) = update.fetch_optional(write.tx()).await? {
        return Ok(Ok(plan_of(&row)?));
    }
    let found = sqlx::query("SELECT state FROM sale_plan WHERE id = $1").bind(id.0).fetch_optional(write.tx()).await?;
    Ok(Err(match found.map(|row| row::parsed(&row, "state", PlanState::parse)).transpose()? {
        None => PlanRefused::NoSuchPlan,
        Some(is) if is != state => PlanRefused::In(is),
        Some(_) => PlanRefused::Changed,
    }))
}

async fn sign(write: &mut Write, id: PlanId, by: &OperatorProof) -> Result<()> {
    let insert = "INSERT INTO plan_author (plan_id, operator_id) VALUES ($1, $2) ON CONFLICT (plan_id, operator_id) DO NOTHING";
    sqlx::query(insert).bind(id.0).bind(by.id().0).execute(write.tx()).await?;
    Ok(())
}

/// Fit to keep: lines that are lines, and no more of anything than a plan can have one day too many of.
fn fit(plan: &Plan) -> Plan {
    let mut plan = plan.clone();
    plan.name_ko = plain::line(&plan.name_ko, NAME_CHARS_MAX);
    plan.name_en = plain::line(&plan.name_en, NAME_CHARS_MAX);
    plan.windows.truncate(WINDOWS_MAX + 1);
    plan.suspensions.truncate(SUSPENSIONS_MAX + 1);
    plan
}

fn body(plan: &Plan) -> Result<String> {
    serde_json::to_string(plan).map_err(Error::damaged)
}

fn plan_of(row: &AnyRow) -> Result<Plan> {
    serde_json::from_str(&row::text(row, "body")?).map_err(|_| row::damaged("body"))
}

fn plan(row: &AnyRow, authors: Vec<OperatorId>) -> Result<PlanRow> {
    Ok(PlanRow {
        id: PlanId(row::int(row, "id")?),
        state: row::parsed(row, "state", PlanState::parse)?,
        version: row::int(row, "version")?,
        plan: plan_of(row)?,
        planner: row::text(row, "planner")?,
        releaser: row::text_if_any(row, "releaser")?,
        authors,
        sale: sqlx::Row::try_get::<Option<i64>, _>(row, "sale_id")?.map(SaleId),
        changed_at: row::time(row, "changed_at")?,
        released_at: row::time_if_any(row, "released_at")?,
        cancelled_at: row::time_if_any(row, "cancelled_at")?,
    })
}
