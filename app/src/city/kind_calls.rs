//! What the console asks of the server about kinds and what changes them.

use super::Operator;
use super::kind_typed::TypedTerms;
use crate::Error;
use domain::calendar::Month;
use domain::district::District;
use domain::kind::Kind;
use domain::kind::change::{Change, ChangeState, Problem, Start};
use domain::kind::terms::Terms;
use domain::{ChangeId, KindId, Timestamp, Won};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
const CHANGES_SHOWN: i64 = 50;

/// A kind with the version that applies now.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct KindLine {
    pub kind: Kind,
    pub version: VersionLine,
}

#[derive(Copy, Clone, PartialEq, Serialize, Deserialize)]
pub struct VersionLine {
    pub version: i64,
    pub terms: Terms,
    /// `None`: from the start.
    pub from: Option<Timestamp>,
}

/// A change in a list.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ChangeLine {
    pub id: ChangeId,
    pub state: ChangeState,
    pub is_new: bool,
    pub name_ko: String,
    pub name_en: String,
    pub start: Start,
    /// Once released.
    pub from: Option<Timestamp>,
    pub planner: String,
    pub releaser: Option<String>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct AllKinds {
    pub who: Operator,
    pub kinds: Vec<KindLine>,
    /// Drafts, and what waits for its day.
    pub changes: Vec<ChangeLine>,
    /// There is a district without a kind.
    pub has_gap: bool,
    pub now: Timestamp,
}

/// What a kind's discount has cost in a month; parts in the order of `Funder::ALL`.
#[derive(Copy, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    pub month: Month,
    pub paid: Won,
    pub back: Won,
    pub paid_by: [Won; 3],
    pub back_to: [Won; 3],
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct OneKind {
    pub who: Operator,
    pub line: KindLine,
    /// The newest first.
    pub versions: Vec<VersionLine>,
    pub changes: Vec<ChangeLine>,
    pub cost: Cost,
    /// What the form of a change begins with.
    pub typed: TypedTerms,
    pub now: Timestamp,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct NewDistrictKind {
    pub who: Operator,
    /// Those without a kind.
    pub districts: Vec<District>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct OneChange {
    pub who: Operator,
    pub line: ChangeLine,
    /// Whoever acts names the one that was looked at.
    pub version: i64,
    pub change: Change,
    /// What applies now; `None` of a kind to be.
    pub kind: Option<KindLine>,
    /// The kind that it is of, or has become.
    pub leads_to: Option<KindId>,
    /// Whoever looks wrote some of it.
    pub is_mine: bool,
    /// What keeps a draft from being released.
    pub problems: Vec<Problem>,
    pub typed: TypedTerms,
    pub changed_at: Timestamp,
    pub now: Timestamp,
}

#[cfg(feature = "ssr")]
mod rows {
    use super::{ChangeLine, KindLine, VersionLine};
    use domain::calendar::{Day, in_seoul};
    use domain::kind::change::Of;
    use domain::{KindId, Timestamp};
    use jiff::ToSpan;

    pub fn version(row: &store::KindVersion) -> VersionLine {
        VersionLine { version: row.version, terms: row.terms, from: row.from }
    }

    pub fn kind(row: &store::KindRow) -> KindLine {
        KindLine { kind: row.kind.clone(), version: version(&row.version) }
    }

    /// Named as its kind is; `kinds` are all.
    pub fn change(row: &store::ChangeRow, kinds: &[store::KindRow]) -> ChangeLine {
        let named = |id: KindId| kinds.iter().map(|row| &row.kind).find(|kind| kind.id == id);
        let (is_new, (name_ko, name_en)) = match &row.change.of {
            Of::New { name_ko, name_en, .. } => (true, (name_ko.clone(), name_en.clone())),
            Of::Kind(id) => (false, named(*id).map(|kind| (kind.name_ko.clone(), kind.name_en.clone())).unwrap_or_default()),
        };
        ChangeLine {
            id: row.id,
            state: row.state,
            is_new,
            name_ko,
            name_en,
            start: row.change.start,
            from: row.from,
            planner: row.planner.clone(),
            releaser: row.releaser.clone(),
        }
    }

    /// The day that a form begins with: the first of the next month.
    pub fn next_month(now: Timestamp) -> Day {
        let first = in_seoul(now).date().first_of_month();
        Day::of_date(first.checked_add(1.month()).unwrap_or(first))
    }
}

#[server(prefix = "/api", endpoint = "city/kinds/list")]
pub async fn load_kinds() -> Result<AllKinds, Error> {
    use crate::web::{answer, now, operator, services};
    use domain::kind::Scope;
    answer(async {
        let (who, store, now) = (operator().await?, services().store, now());
        let kinds = store.kind_rows().await?;
        let changes = store.open_kind_changes(CHANGES_SHOWN).await?;
        let has_gap = District::all().any(|district| kinds.iter().all(|row| row.kind.scope != Scope::District(district)));
        Ok(AllKinds {
            who: Operator::from(&who),
            changes: changes.iter().map(|row| rows::change(row, &kinds)).collect(),
            kinds: kinds.iter().map(rows::kind).collect(),
            has_gap,
            now,
        })
    })
    .await
}

#[server(prefix = "/api", endpoint = "city/kinds/get")]
pub async fn load_kind(id: String) -> Result<OneKind, Error> {
    use crate::web::{answer, now, operator, services};
    answer(async {
        let (who, store, now) = (operator().await?, services().store, now());
        let id: KindId = id.parse().map_err(|_| Error::NotFound)?;
        let kinds = store.kind_rows().await?;
        let row = kinds.iter().find(|row| row.kind.id == id).ok_or(Error::NotFound)?;
        let month = Month::of(now);
        let cost = store.discount_cost(id, month).await?;
        let day = rows::next_month(now);
        Ok(OneKind {
            who: Operator::from(&who),
            line: rows::kind(row),
            versions: store.kind_versions(id).await?.iter().map(rows::version).collect(),
            changes: store.kind_changes(id, CHANGES_SHOWN).await?.iter().map(|row| rows::change(row, &kinds)).collect(),
            cost: Cost { month, paid: cost.paid, back: cost.back, paid_by: cost.paid_by, back_to: cost.back_to },
            typed: TypedTerms::of(&row.version.terms, Start::On(day), day),
            now,
        })
    })
    .await
}

#[server(prefix = "/api", endpoint = "city/kinds/new")]
pub async fn load_new_kind() -> Result<NewDistrictKind, Error> {
    use crate::web::{answer, operator, services};
    use domain::kind::Scope;
    use domain::kind::change::ChangeRefused;
    use domain::operator::Role;
    answer(async {
        let who = Operator::from(&operator().await?);
        if !who.is(Role::Planner) {
            return Err(ChangeRefused::NotYourRole(Role::Planner).into());
        }
        let kinds = services().store.kinds().await?;
        let districts = District::all().filter(|district| kinds.iter().all(|kind| kind.scope != Scope::District(*district)));
        Ok(NewDistrictKind { who, districts: districts.collect() })
    })
    .await
}

/// A draft of a district's kind, with the terms that are usual. Leads to its page.
#[server(prefix = "/api", endpoint = "city/kinds/make")]
pub async fn make_kind(district: u8, name_ko: String, name_en: String) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, go, now, operator, services};
    use domain::kind::change::{Field, Of};
    answer(async {
        let (who, now) = (operator().await?, now());
        let district = District::new(district).map_err(|_| Input::Change(Field::District))?;
        let of = Of::New { district, name_ko, name_en };
        let change = Change { of, terms: Terms::of_a_district(), start: Start::On(rows::next_month(now)) };
        let id = services().store.draft_kind_change(&who, &change, now).await??;
        go(&format!("/city/kinds/changes/{id}"));
        Ok(())
    })
    .await
}

/// A draft that changes a kind. Leads to its page, which says what is wrong with it.
#[server(prefix = "/api", endpoint = "city/kinds/change")]
pub async fn make_kind_change(kind: String, typed: TypedTerms) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, go, now, operator, services};
    use domain::kind::change::{Field, Of};
    answer(async {
        let (who, store) = (operator().await?, services().store);
        let kind: KindId = kind.parse().map_err(|_| Input::Change(Field::Kind))?;
        store.kind(kind).await?.ok_or(Error::NotFound)?;
        let change = typed.parse(Of::Kind(kind)).map_err(Input::Change)?;
        let id = store.draft_kind_change(&who, &change, now()).await??;
        go(&format!("/city/kinds/changes/{id}"));
        Ok(())
    })
    .await
}

#[server(prefix = "/api", endpoint = "city/kinds/changes/get")]
pub async fn load_kind_change(id: String) -> Result<OneChange, Error> {
    use crate::web::{answer, now, operator, services};
    use domain::kind::change::Of;
    answer(async {
        let (who, store, now) = (operator().await?, services().store, now());
        let id: ChangeId = id.parse().map_err(|_| Error::NotFound)?;
        let row = store.kind_change(id).await?.ok_or(Error::NotFound)?;
        let kinds = store.kind_rows().await?;
        let is_draft = row.state == ChangeState::Draft;
        let kind = match row.change.of {
            Of::Kind(kind) => kinds.iter().find(|row| row.kind.id == kind).map(rows::kind),
            Of::New { .. } => None,
        };
        Ok(OneChange {
            who: Operator::from(&who),
            line: rows::change(&row, &kinds),
            version: row.version,
            kind,
            leads_to: row.kind,
            is_mine: row.authors.contains(&who.id()),
            problems: if is_draft { store.kind_change_problems(id, &row.change, now).await? } else { Vec::new() },
            typed: TypedTerms::of_change(&row.change, rows::next_month(now)),
            change: row.change,
            changed_at: row.changed_at,
            now,
        })
    })
    .await
}

/// The next version of a draft.
#[server(prefix = "/api", endpoint = "city/kinds/changes/save")]
pub async fn save_kind_change(id: String, version: i64, typed: TypedTerms) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, go, now, operator, services};
    answer(async {
        let (who, store) = (operator().await?, services().store);
        let id: ChangeId = id.parse().map_err(|_| Input::Id)?;
        let row = store.kind_change(id).await?.ok_or(Error::NotFound)?;
        let change = typed.parse(row.change.of).map_err(Input::Change)?;
        store.rewrite_kind_change(&who, id, version, &change, now()).await??;
        go(&format!("/city/kinds/changes/{id}"));
        Ok(())
    })
    .await
}

/// Lets a draft that somebody else wrote apply, as it was when `version` was looked at.
#[server(prefix = "/api", endpoint = "city/kinds/changes/release")]
pub async fn release_kind_change(id: String, version: i64) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, go, now, operator, services};
    answer(async {
        let who = operator().await?;
        let id: ChangeId = id.parse().map_err(|_| Input::Id)?;
        services().store.release_kind_change(&who, id, version, now()).await??;
        go(&format!("/city/kinds/changes/{id}"));
        Ok(())
    })
    .await
}

/// Throws a draft away, or calls off a change that waits for its day.
#[server(prefix = "/api", endpoint = "city/kinds/changes/cancel")]
pub async fn cancel_kind_change(id: String, version: i64) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, go, now, operator, services};
    answer(async {
        let who = operator().await?;
        let id: ChangeId = id.parse().map_err(|_| Input::Id)?;
        services().store.cancel_kind_change(&who, id, version, now()).await??;
        go(&format!("/city/kinds/changes/{id}"));
        Ok(())
    })
    .await
}
