//! A plan becomes a sale by the hand of somebody who wrote none of it, and is called off as long as nobody can have begun to wait.

use super::audit_log::{Action, hold, log, subject};
use super::changing::{kind_on, no_kind};
use super::operators::OperatorProof;
use super::plans::take;
use crate::db::{Store, Write};
use crate::error::Result;
use crate::row;
use crate::sales::NewWindow;
use domain::calendar::Span;
use domain::operator::Role;
use domain::plan::{Plan, PlanRefused, PlanState, PlannedWindow, Ready};
use domain::{PlanId, SaleId, Timestamp, WindowId};
use serde_json::json;

/// Nodes' clocks differ, and what was read a moment ago is decided on: calling off ends so long before the sale begins.
const MARGIN_MS: i64 = 60_000;
/// Where the windows of a sale that was called off lie: further back than any screen shows, any room is kept and any request lives.
const CALLED_OFF_MS: i64 = 2 * 86_400_000;

impl Store {
    /// Makes the sale of a draft: sale, windows, rooms and suspensions, in one transaction. `version` is the one that was looked at.
    pub async fn release_plan(&self, by: &OperatorProof, id: PlanId, version: i64, now: Timestamp) -> Result<Result<SaleId, PlanRefused>> {
        if let Err(refused) = by.needs(Role::Controller) {
            return Ok(Err(refused));
        }
        let mut write = self.write().await?;
        let released = match take(&mut write, id, version, PlanState::Draft).await? {
            Ok(plan) => self.make_sale_of(&mut write, by, id, &plan, now).await?,
            Err(refused) => Err(refused),
        };
        let (sale, windows) = match released {
            Ok(made) => made,
            Err(refused) => {
                write.undo().await?;
                return Ok(Err(refused));
            }
        };
        let update =
            "UPDATE sale_plan SET state = 'released', releaser_id = $2, sale_id = $3, released_at = $4, changed_at = $4 WHERE id = $1";
        let update = sqlx::query(update).bind(id.0).bind(by.id().0).bind(sale.0).bind(crate::millis(now));
        update.execute(write.tx()).await?;
        let windows: Vec<i64> = windows.iter().map(|window| window.0).collect();
        let detail = json!({ "version": version, "sale": sale, "windows": windows });
        log(&mut write, Some(by.id()), Action::PlanReleased, &subject("plan", id.0), detail, now).await?;
        write.commit().await?;
        Ok(Ok(sale))
    }

    /// Throws a draft away (a planner), or calls off a released plan (a controller): until a minute before its pre-queue or its first
    /// window opens. Its windows are moved two days back: no screen shows them, no room is kept for them, no purchase fits into them, and
    /// nothing is deleted. The plan keeps the hours. Later the gates of its rooms are what stops it ([`Store::steer`]).
    pub async fn cancel_plan(&self, by: &OperatorProof, id: PlanId, version: i64, now: Timestamp) -> Result<Result<(), PlanRefused>> {
        let Some(row) = self.plan(id).await? else { return Ok(Err(PlanRefused::NoSuchPlan)) };
        let role = if row.state == PlanState::Draft { Role::Planner } else { Role::Controller };
        if let Err(refused) = by.needs(role) {
            return Ok(Err(refused));
        }
        let mut write = self.write().await?;
        let cancelled = match (take(&mut write, id, version, row.state).await?, row.state) {
            (Err(refused), _) => Err(refused),
            (Ok(_), PlanState::Cancelled) => Err(PlanRefused::In(PlanState::Cancelled)),
            (Ok(_), PlanState::Draft) => Ok(()),
            (Ok(plan), PlanState::Released) => call_off(&mut write, id, &plan, now).await?,
        };
        if let Err(refused) = cancelled {
            write.undo().await?;
            return Ok(Err(refused));
        }
        let update = "UPDATE sale_plan SET state = 'cancelled', cancelled_at = $2, changed_at = $2 WHERE id = $1";
        sqlx::query(update).bind(id.0).bind(crate::millis(now)).execute(write.tx()).await?;
        let detail = json!({ "version": version, "was": row.state.as_str() });
        log(&mut write, Some(by.id()), Action::PlanCancelled, &subject("plan", id.0), detail, now).await?;
        write.commit().await?;
        Ok(Ok(()))
    }

    async fn make_sale_of(
        &self,
        write: &mut Write,
        by: &OperatorProof,
        id: PlanId,
        plan: &Plan,
        now: Timestamp,
    ) -> Result<Result<(SaleId, Vec<WindowId>), PlanRefused>> {
        hold(write).await?;
        let author = sqlx::query("SELECT plan_id FROM plan_author WHERE plan_id = $1 AND operator_id = $2").bind(id.0).bind(by.id().0);
        if author.fetch_optional(write.tx()).await?.is_some() {
            return Ok(Err(PlanRefused::OwnPlan));
        }
        let Some((unit, mut problems)) = kind_on(write.tx(), plan.kind, plan.day).await? else {
            return Ok(Err(PlanRefused::NotReady(vec![no_kind()])));
        };
        match plan.ready(unit, now) {
            Ok(ready) if problems.is_empty() => Ok(Ok(self.insert(write, &ready, now).await?)),
            others => {
                problems.extend(others.err().unwrap_or_default());
                Ok(Err(PlanRefused::NotReady(problems)))
            }
        }
    }

    async fn insert(&self, write: &mut Write, ready: &Ready<'_>, now: Timestamp) -> Result<(SaleId, Vec<WindowId>)> {
        let plan = ready.plan();
        let new = crate::NewSale {
            kind: plan.kind,
            name_ko: plan.name_ko.clone(),
            name_en: plan.name_en.clone(),
            windows: ready.windows().iter().map(|(span, window)| new_window(*span, window)).collect(),
        };
        let (sale, windows) = self.insert_sale(write, &new, now).await?;
        if let Some(settings) = ready.room() {
            for window in &windows {
                crate::rooms::insert_room(write, *window, settings, now).await?;
            }
        }
        for (span, suspension) in ready.suspensions() {
            self.insert_suspension(write, suspension.feature, span, Some(sale), now).await?;
        }
        Ok((sale, windows))
    }
}

fn new_window(span: Span, window: &PlannedWindow) -> NewWindow {
    NewWindow { span, who: window.who, total: window.amount, takes_left_over: window.pools_left_over }
}

async fn call_off(write: &mut Write, id: PlanId, plan: &Plan, now: Timestamp) -> Result<Result<(), PlanRefused>> {
    let now_ms = crate::millis(now);
    let before_ms = plan.room.map_or(0, |figures| figures.pre_queue_opens_before_ms.max(0));
    let find = "SELECT CAST(COUNT(*) AS BIGINT) AS windows, MIN(opens_at) AS opens_at FROM sale_window \
                WHERE sale_id = (SELECT sale_id FROM sale_plan WHERE id = $1)";
    let row = sqlx::query(find).bind(id.0).fetch_one(write.tx()).await?;
    let (windows, opens_at) = (row::int(&row, "windows")?, row::int(&row, "opens_at")?);
    if opens_at - before_ms - MARGIN_MS <= now_ms {
        return Ok(Err(PlanRefused::HasBegun));
    }
    // Nothing can be held or sold yet; if it were, it would stay.
    let update = "UPDATE suspension SET from_at = $2, to_at = $2 + 1 WHERE sale_id = (SELECT sale_id FROM sale_plan WHERE id = $1)";
    sqlx::query(update).bind(id.0).bind(now_ms - CALLED_OFF_MS).execute(write.tx()).await?;
    let update = "UPDATE sale_window SET opens_at = $2, closes_at = $2 + 1 WHERE sale_id = (SELECT sale_id FROM sale_plan WHERE id = $1) \
                  AND held = 0 AND sold = 0 AND opens_at > $3";
    let update = sqlx::query(update).bind(id.0).bind(now_ms - CALLED_OFF_MS).bind(now_ms);
    let moved = update.execute(write.tx()).await?.rows_affected();
    Ok(if i64::try_from(moved) == Ok(windows) { Ok(()) } else { Err(PlanRefused::HasBegun) })
}
