//! What the console asks of the server about plans.

use super::Operator;
use super::typed::Typed;
use crate::Error;
use domain::kind::Kind;
use domain::plan::{Plan, PlanState, Problem};
use domain::{PlanId, Timestamp};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A plan as the page shows it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanView {
    pub who: Operator,
    pub id: PlanId,
    pub state: PlanState,
    pub version: i64,
    pub plan: Plan,
    pub planner: String,
    pub releaser: Option<String>,
    /// Whoever looks wrote some of it.
    pub is_mine: bool,
    /// What keeps a draft from being released.
    pub problems: Vec<Problem>,
    pub kinds: Vec<Kind>,
    pub changed_at: Timestamp,
    pub now: Timestamp,
}

/// What a new plan is made from.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct NewDay {
    pub who: Operator,
    pub kinds: Vec<Kind>,
    /// A week from now, as a form wants it.
    pub day: String,
}

#[server(prefix = "/api", endpoint = "city/plans/get")]
pub async fn load_plan(id: String) -> Result<PlanView, Error> {
    use crate::web::{answer, now, operator, services};
    answer(async {
        let (who, store, now) = (operator().await?, services().store, now());
        let row = store.plan(id.parse().map_err(|_| Error::NotFound)?).await?.ok_or(Error::NotFound)?;
        let kinds = store.kinds().await?;
        let is_draft = row.state == PlanState::Draft;
        let problems = if is_draft { store.plan_problems(&row.plan, now).await? } else { Vec::new() };
        Ok(PlanView {
            who: Operator::from(&who),
            id: row.id,
            state: row.state,
            version: row.version,
            is_mine: row.authors.contains(&who.id()),
            plan: row.plan,
            planner: row.planner,
            releaser: row.releaser,
            problems,
            kinds,
            changed_at: row.changed_at,
            now,
        })
    })
    .await
}

#[server(prefix = "/api", endpoint = "city/plans/new")]
pub async fn load_new_day() -> Result<NewDay, Error> {
    use crate::web::{answer, now, operator, services};
    use domain::calendar::in_seoul;
    use domain::operator::Role;
    use domain::plan::PlanRefused;
    use jiff::ToSpan;
    answer(async {
        let who = Operator::from(&operator().await?);
        if !who.is(Role::Planner) {
            return Err(PlanRefused::NotYourRole(Role::Planner).into());
        }
        let today = in_seoul(now()).date();
        let day = today.checked_add(7.days()).unwrap_or(today).to_string();
        Ok(NewDay { who, kinds: services().store.kinds().await?, day })
    })
    .await
}

/// A new draft: `shape` is `parity` (a day like 28 July 2022, of `total` won) or `empty`. Leads to its page.
#[server(prefix = "/api", endpoint = "city/plans/make")]
pub async fn make_plan(
    name_ko: String,
    name_en: String,
    kind: String,
    day: String,
    #[server(default)] total: String,
    shape: String,
) -> Result<(), Error> {
    use super::{done, typed};
    use crate::error::Input;
    use crate::web::{answer, go, now, operator, services};
    use domain::plan::{Field, Part};
    answer(async {
        let (who, store) = (operator().await?, services().store);
        let kind = store.kind(kind.parse().map_err(|_| Input::Plan(Field::Kind))?).await?.ok_or(Input::Plan(Field::Kind))?;
        let day = typed::day(&day).ok_or(Input::Plan(Field::Day))?;
        let plan = if shape == "parity" {
            let total = typed::won(&total).ok_or(Input::Plan(Field::Window(0, Part::Amount)))?;
            Plan::by_parity(kind.id, (name_ko, name_en), day, total, kind.unit)
        } else {
            Plan { kind: kind.id, name_ko, name_en, day, windows: Vec::new(), room: None, suspensions: Vec::new() }
        };
        let id = done(store.draft_plan(&who, &plan, now()).await?)?;
        go(&format!("/city/plans/{id}"));
        Ok(())
    })
    .await
}

/// The next version of a draft. What is wrong with it is said by its page.
#[server(prefix = "/api", endpoint = "city/plans/save")]
pub async fn save_plan(id: String, version: i64, typed: Typed) -> Result<(), Error> {
    use super::done;
    use crate::error::Input;
    use crate::web::{answer, go, now, operator, services};
    answer(async {
        let who = operator().await?;
        let id: PlanId = id.parse().map_err(|_| Input::Id)?;
        let plan = typed.parse().map_err(Input::Plan)?;
        done(services().store.change_plan(&who, id, version, &plan, now()).await?)?;
        go(&format!("/city/plans/{id}"));
        Ok(())
    })
    .await
}

/// Makes the sale of a draft that somebody else wrote, as it was when `version` was looked at.
#[server(prefix = "/api", endpoint = "city/plans/release")]
pub async fn release_plan(id: String, version: i64) -> Result<(), Error> {
    use super::done;
    use crate::error::Input;
    use crate::web::{answer, go, now, operator, services};
    answer(async {
        let who = operator().await?;
        let id: PlanId = id.parse().map_err(|_| Input::Id)?;
        done(services().store.release_plan(&who, id, version, now()).await?)?;
        go(&format!("/city/plans/{id}"));
        Ok(())
    })
    .await
}

/// Throws a draft away, or calls a sale off that nobody can wait for yet.
#[server(prefix = "/api", endpoint = "city/plans/cancel")]
pub async fn cancel_plan(id: String, version: i64) -> Result<(), Error> {
    use super::done;
    use crate::error::Input;
    use crate::web::{answer, go, now, operator, services};
    answer(async {
        let who = operator().await?;
        let id: PlanId = id.parse().map_err(|_| Input::Id)?;
        done(services().store.cancel_plan(&who, id, version, now()).await?)?;
        go(&format!("/city/plans/{id}"));
        Ok(())
    })
    .await
}
