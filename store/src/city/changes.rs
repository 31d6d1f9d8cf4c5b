//! Changes of kinds, and new kinds: written by planners, version by version, until one is released or thrown away.

use super::audit_log::{Action, log, subject};
use super::operators::OperatorProof;
use crate::db::{Store, Write};
use crate::error::{Error, Result};
use crate::kinds::{change_of, kind_now};
use crate::plain;
use crate::row;
use domain::calendar::{Day, Span};
use domain::kind::Kind;
use domain::kind::change::{Around, Change, ChangeRefused, ChangeState, NAME_CHARS_MAX, Of, Problem};
use domain::kind::terms::Terms;
use domain::operator::Role;
use domain::{ChangeId, KindId, OperatorId, Timestamp, Won};
use serde_json::json;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

/// A change as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeRow {
    pub id: ChangeId,
    pub state: ChangeState,
    /// Whoever writes, releases or cancels names the version that was looked at.
    pub version: i64,
    pub change: Change,
    /// Of a new one: once it applies.
    pub kind: Option<KindId>,
    /// Name of whoever wrote it last.
    pub planner: String,
    /// Name of whoever released it.
    pub releaser: Option<String>,
    /// Whoever wrote any of it: none of them releases it.
    pub authors: Vec<OperatorId>,
    /// Once released.
    pub from: Option<Timestamp>,
    pub changed_at: Timestamp,
}

macro_rules! change_columns {
    () => {
        "SELECT c.id, c.state, c.version, c.body, c.kind_id, c.from_at, c.changed_at, planner.name AS planner, \
         releaser.name AS releaser FROM kind_change c JOIN operator planner ON planner.id = c.planner_id \
         LEFT JOIN operator releaser ON releaser.id = c.releaser_id "
    };
}

pub(super) fn needs(by: &OperatorProof, role: Role) -> Result<(), ChangeRefused> {
    if by.roles().has(role) { Ok(()) } else { Err(ChangeRefused::NotYourRole(role)) }
}

impl Store {
    /// A new draft; it may be wrong.
    pub async fn draft_kind_change(&self, by: &OperatorProof, change: &Change, now: Timestamp) -> Result<Result<ChangeId, ChangeRefused>> {
        if let Err(refused) = needs(by, Role::Planner) {
            return Ok(Err(refused));
        }
        let (id, change) = (ChangeId(self.next_id(now)), fit(change));
        let mut write = self.write().await?;
        let (kind, district) = match &change.of {
            Of::Kind(kind) => (Some(kind.0), None),
            Of::New { district, .. } => (None, Some(i64::from(district.number()))),
        };
        let insert = "INSERT INTO kind_change (id, kind_id, district, planner_id, body, created_at, changed_at) \
                      VALUES ($1, $2, $3, $4, $5, $6, $6)";
        let insert = sqlx::query(insert).bind(id.0).bind(kind).bind(district).bind(by.id().0).bind(body(&change)?);
        insert.bind(crate::millis(now)).execute(write.tx()).await?;
        sign(&mut write, id, by).await?;
        let detail = json!({ "version": 1, "change": change });
        log(&mut write, Some(by.id()), Action::ChangeDrafted, &subject("change", id.0), detail, now).await?;
        write.commit().await?;
        Ok(Ok(id))
    }

    /// The next version of a draft, after `version`: other terms or another start; what it is of stays. Comes back as its number.
    pub async fn rewrite_kind_change(
        &self,
        by: &OperatorProof,
        id: ChangeId,
        version: i64,
        change: &Change,
        now: Timestamp,
    ) -> Result<Result<i64, ChangeRefused>> {
        if let Err(refused) = needs(by, Role::Planner) {
            return Ok(Err(refused));
        }
        let mut write = self.write().await?;
        let was = match take(&mut write, id, version, ChangeState::Draft).await? {
            Ok(was) => was,
            Err(refused) => {
                write.undo().await?;
                return Ok(Err(refused));
            }
        };
        let change = fit(&Change { of: same_subject(was.of, &change.of), ..change.clone() });
        let update = sqlx::query("UPDATE kind_change SET planner_id = $2, body = $3, changed_at = $4 WHERE id = $1");
        update.bind(id.0).bind(by.id().0).bind(body(&change)?).bind(crate::millis(now)).execute(write.tx()).await?;
        sign(&mut write, id, by).await?;
        let detail = json!({ "version": version + 1, "change": change });
        log(&mut write, Some(by.id()), Action::ChangeRewritten, &subject("change", id.0), detail, now).await?;
        write.commit().await?;
        Ok(Ok(version + 1))
    }

    pub async fn kind_change(&self, id: ChangeId) -> Result<Option<ChangeRow>> {
        let select = concat!(change_columns!(), "WHERE c.id = $1");
        let Some(row) = sqlx::query(select).bind(id.0).fetch_optional(self.reads()).await? else { return Ok(None) };
        let select = sqlx::query("SELECT operator_id FROM kind_change_author WHERE change_id = $1 ORDER BY operator_id").bind(id.0);
        let authors = select.fetch_all(self.reads()).await?;
        let authors = authors.iter().map(|row| Ok(OperatorId(row::int(row, "operator_id")?))).collect::<Result<_>>()?;
        Ok(Some(change_row(&row, authors)?))
    }

    /// Of one kind, the latest first, at most `limit`. Without their authors.
    pub async fn kind_changes(&self, kind: KindId, limit: i64) -> Result<Vec<ChangeRow>> {
        let select = concat!(change_columns!(), "WHERE c.kind_id = $1 ORDER BY c.id DESC LIMIT $2");
        let rows = sqlx::query(select).bind(kind.0).bind(limit).fetch_all(self.reads()).await?;
        rows.iter().map(|row| change_row(row, Vec::new())).collect()
    }

    /// Drafts and what waits for its day, of all kinds and of new ones, the latest first, at most `limit`. Without their authors.
    pub async fn open_kind_changes(&self, limit: i64) -> Result<Vec<ChangeRow>> {
        let select = concat!(change_columns!(), "WHERE c.state IN ('draft', 'released') ORDER BY c.id DESC LIMIT $1");
        let rows = sqlx::query(select).bind(limit).fetch_all(self.reads()).await?;
        rows.iter().map(|row| change_row(row, Vec::new())).collect()
    }

    /// What keeps a draft from being released now, by the rules that a release asks.
    pub async fn kind_change_problems(&self, id: ChangeId, change: &Change, now: Timestamp) -> Result<Vec<Problem>> {
        let mut snapshot = self.snapshot().await?;
        let facts = facts(&mut snapshot, id, change, now).await?;
        Ok(change.problems(&facts.around(), now))
    }
}

/// What stands around a change.
pub(super) struct Facts {
    kind: Option<(Kind, Terms)>,
    is_taken: bool,
    waits_from: Option<Timestamp>,
    pub(super) windows: Vec<(Span, Won)>,
}

impl Facts {
    pub(super) fn around(&self) -> Around<'_> {
        let kind = self.kind.as_ref().map(|(kind, terms)| (kind, terms));
        Around { kind, is_taken: self.is_taken, waits_from: self.waits_from, windows: &self.windows }
    }
}

pub(super) async fn facts(connection: &mut AnyConnection, id: ChangeId, change: &Change, now: Timestamp) -> Result<Facts> {
    match &change.of {
        Of::Kind(kind) => {
            let select = "SELECT MIN(from_at) AS from_at FROM kind_change WHERE kind_id = $1 AND state = 'released' AND id <> $2";
            let waits = sqlx::query(select).bind(kind.0).bind(id.0).fetch_one(&mut *connection).await?;
            Ok(Facts {
                kind: kind_now(connection, *kind).await?,
                is_taken: false,
                waits_from: row::time_if_any(&waits, "from_at")?,
                windows: windows_since_today(connection, *kind, now).await?,
            })
        }
        Of::New { district, .. } => {
            let select = "SELECT CAST(COUNT(*) AS BIGINT) AS there FROM (SELECT id FROM kind WHERE district = $1 UNION ALL \
                          SELECT id FROM kind_change WHERE district = $1 AND kind_id IS NULL AND state = 'released' AND id <> $2) x";
            let there = sqlx::query(select).bind(i64::from(district.number())).bind(id.0).fetch_one(connection).await?;
            Ok(Facts { kind: None, is_taken: row::int(&there, "there")? > 0, waits_from: None, windows: Vec::new() })
        }
    }
}

/// Windows of the kind that are open today or later, by opening.
async fn windows_since_today(connection: &mut AnyConnection, kind: KindId, now: Timestamp) -> Result<Vec<(Span, Won)>> {
    let today = Day::of(now).span().map_or(now, |day| day.from());
    let select = "SELECT opens_at, closes_at, total FROM sale_window WHERE kind_id = $1 AND closes_at > $2 ORDER BY opens_at, id";
    let rows = sqlx::query(select).bind(kind.0).bind(crate::millis(today)).fetch_all(connection).await?;
    let window = |row: &AnyRow| {
        let span = Span::new(row::time(row, "opens_at")?, row::time(row, "closes_at")?);
        Ok((span.ok_or_else(|| Error::damaged("an empty window"))?, row::won(row, "total")?))
    };
    rows.iter().map(window).collect()
}

/// Takes the next version of a change, if it is in this state and still as it was read. Its row is locked until the transaction ends.
pub(super) async fn take(write: &mut Write, id: ChangeId, version: i64, state: ChangeState) -> Result<Result<Change, ChangeRefused>> {
    let update = "UPDATE kind_change SET version = version + 1 WHERE id = $1 AND version = $2 AND state = $3 RETURNING body";
    let update = sqlx::query(update).bind(id.0).bind(version).bind(state.as_str());
    if let Some(row) = update.fetch_optional(write.tx()).await? {
        return Ok(Ok(change_of(&row)?));
    }
    let found = sqlx::query("SELECT state FROM kind_change WHERE id = $1").bind(id.0).fetch_optional(write.tx()).await?;
    Ok(Err(match found.map(|row| row::parsed(&row, "state", ChangeState::parse)).transpose()? {
        None => ChangeRefused::NoSuchChange,
        Some(is) if is != state => ChangeRefused::In(is),
        Some(_) => ChangeRefused::Changed,
    }))
}

async fn sign(write: &mut Write, id: ChangeId, by: &OperatorProof) -> Result<()> {
    let insert = "INSERT INTO kind_change_author (change_id, operator_id) VALUES ($1, $2) ON CONFLICT (change_id, operator_id) DO NOTHING";
    sqlx::query(insert).bind(id.0).bind(by.id().0).execute(write.tx()).await?;
    Ok(())
}

/// A draft stays of the kind or the district that it was begun for; a new kind may still be named otherwise.
fn same_subject(was: Of, is: &Of) -> Of {
    match (was, is) {
        (Of::New { district, .. }, Of::New { name_ko, name_en, .. }) => {
            Of::New { district, name_ko: name_ko.clone(), name_en: name_en.clone() }
        }
        (was, _) => was,
    }
}

/// Fit to keep: names that are lines.
fn fit(change: &Change) -> Change {
    let mut change = change.clone();
    if let Of::New { name_ko, name_en, .. } = &mut change.of {
        *name_ko = plain::line(name_ko, NAME_CHARS_MAX);
        *name_en = plain::line(name_en, NAME_CHARS_MAX);
    }
    change
}

fn body(change: &Change) -> Result<String> {
    serde_json::to_string(change).map_err(Error::damaged)
}

fn change_row(row: &AnyRow, authors: Vec<OperatorId>) -> Result<ChangeRow> {
    Ok(ChangeRow {
        id: ChangeId(row::int(row, "id")?),
        state: row::parsed(row, "state", ChangeState::parse)?,
        version: row::int(row, "version")?,
        change: change_of(row)?,
        kind: row::int_if_any(row, "kind_id")?.map(KindId),
        planner: row::text(row, "planner")?,
        releaser: row::text_if_any(row, "releaser")?,
        authors,
        from: row::time_if_any(row, "from_at")?,
        changed_at: row::time(row, "changed_at")?,
    })
}
