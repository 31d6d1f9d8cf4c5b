//! Kinds as the city keeps them: each version of their terms, the change that brings the next one, and what the discount has cost whom.
//! `kind` itself always holds what applies now, so citizens' pages and the till read nothing else.

use crate::db::{Store, Write};
use crate::error::{Error, Result};
use crate::flake::Flake;
use crate::row::{self, kind_columns};
use crate::sales::NewKind;
use domain::calendar::Month;
use domain::kind::change::{Change, ChangeState, Of};
use domain::kind::funding::{Funder, Funding};
use domain::kind::terms::Terms;
use domain::kind::{AfterExpiry, Kind, Scope};
use domain::ledger::Account;
use domain::{ChangeId, KindId, Timestamp, Won};
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

/// From when on a version applies that was made with its kind: whatever was bought before it was written has its terms too.
pub(crate) const ALWAYS_MS: i64 = 0;

/// A version of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindVersion {
    /// 1, 2, 3, ...
    pub version: i64,
    pub terms: Terms,
    /// `None`: made with the kind.
    pub from: Option<Timestamp>,
    pub change: Option<ChangeId>,
}

/// A kind with the version that applies now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindRow {
    pub kind: Kind,
    pub version: KindVersion,
}

/// What a kind's discount cost in a month, by the ledger.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct DiscountCost {
    /// Added to purchases.
    pub paid: Won,
    /// Came back from refunds, also of lots of earlier months.
    pub back: Won,
    /// Of both, by [`Funder::ALL`]: each version's parts by its own shares, so they add up to the won.
    pub paid_by: [Won; 3],
    pub back_to: [Won; 3],
}

impl DiscountCost {
    const NONE: DiscountCost = DiscountCost { paid: Won::ZERO, back: Won::ZERO, paid_by: [Won::ZERO; 3], back_to: [Won::ZERO; 3] };

    fn with(&self, funding: Funding, paid: Won, back: Won) -> Option<DiscountCost> {
        let add = |sums: [Won; 3], amount: Won| -> Option<[Won; 3]> {
            let parts = funding.split(amount);
            Some([sums[0].plus(parts[0])?, sums[1].plus(parts[1])?, sums[2].plus(parts[2])?])
        };
        Some(DiscountCost {
            paid: self.paid.plus(paid)?,
            back: self.back.plus(back)?,
            paid_by: add(self.paid_by, paid)?,
            back_to: add(self.back_to, back)?,
        })
    }
}

macro_rules! version_columns {
    () => {
        "v.version, v.change_id, v.from_at, v.discount_bp, v.unit, v.month_limit, v.holding_cap, v.validity_years, v.refund_from, \
         v.nation_bp, v.city_bp, v.district_bp"
    };
}

impl Store {
    /// All kinds with what applies now, citywide first.
    pub async fn kind_rows(&self) -> Result<Vec<KindRow>> {
        let select = concat!(
            "SELECT ",
            version_columns!(),
            ", ",
            kind_columns!(),
            " FROM kind JOIN kind_version v ON v.kind_id = kind.id AND v.version = kind.version ORDER BY kind.district, kind.id"
        );
        let rows = sqlx::query(select).fetch_all(self.reads()).await?;
        rows.iter().map(|row| Ok(KindRow { kind: row::kind(row)?, version: version(row)? })).collect()
    }

    /// The newest first.
    pub async fn kind_versions(&self, kind: KindId) -> Result<Vec<KindVersion>> {
        let select = concat!("SELECT ", version_columns!(), " FROM kind_version v WHERE v.kind_id = $1 ORDER BY v.version DESC");
        sqlx::query(select).bind(kind.0).fetch_all(self.reads()).await?.iter().map(version).collect()
    }

    /// Of the month in Seoul. Reads the ledger of that month once, from its first transfer on.
    pub async fn discount_cost(&self, kind: KindId, month: Month) -> Result<DiscountCost> {
        let Some(span) = month.span() else { return Ok(DiscountCost::NONE) };
        // A purchase's transfer names the purchase, a refund's the refund, and that its lot.
        let select = "SELECT v.nation_bp, v.city_bp, v.district_bp, \
                        CAST(SUM(CASE WHEN e.amount > 0 THEN e.amount ELSE 0 END) AS BIGINT) AS paid, \
                        CAST(SUM(CASE WHEN e.amount < 0 THEN -e.amount ELSE 0 END) AS BIGINT) AS back \
                      FROM entry e JOIN transfer t ON t.id = e.transfer_id \
                      LEFT JOIN refund r ON r.id = t.subject LEFT JOIN lot l ON l.id = r.lot_id \
                      JOIN purchase p ON p.id = COALESCE(l.purchase_id, t.subject) \
                      JOIN kind_version v ON v.kind_id = p.kind_id AND v.version = p.kind_version \
                      WHERE e.transfer_id >= $1 AND e.account = $2 AND e.owner = $3 AND t.created_at >= $4 AND t.created_at < $5 \
                      GROUP BY v.version, v.nation_bp, v.city_bp, v.district_bp";
        let (from_ms, to_ms) = (crate::millis(span.from()), crate::millis(span.to()));
        let fund = Account::DiscountFund(kind);
        let select = sqlx::query(select).bind(Flake::least_at(from_ms)).bind(fund.code()).bind(fund.owner()).bind(from_ms).bind(to_ms);
        let rows = select.fetch_all(self.reads()).await?;
        rows.iter().try_fold(DiscountCost::NONE, |cost, row| {
            let (paid, back) = (row::won(row, "paid")?, row::won(row, "back")?);
            cost.with(funding(row)?, paid, back).ok_or_else(|| Error::damaged("more discount than money"))
        })
    }

    /// Changes that were released and whose time has come become versions of their kinds, each on whichever node comes first.
    pub async fn apply_due_changes(&self, now: Timestamp) -> Result<Vec<(ChangeId, KindId)>> {
        let select = "SELECT id FROM kind_change WHERE state = 'released' AND from_at <= $1 ORDER BY from_at, id";
        let due = sqlx::query(select).bind(crate::millis(now)).fetch_all(self.reads()).await?;
        let mut applied = Vec::new();
        for row in &due {
            let id = ChangeId(row::int(row, "id")?);
            let mut write = self.write().await?;
            // Locks the row: whoever comes second finds it applied.
            let lock = "UPDATE kind_change SET state = state WHERE id = $1 AND state = $2 AND from_at <= $3 RETURNING body, from_at";
            let lock = sqlx::query(lock).bind(id.0).bind(ChangeState::Released.as_str()).bind(crate::millis(now));
            match lock.fetch_optional(write.tx()).await? {
                None => write.undo().await?,
                Some(row) => {
                    let kind = self.apply(&mut write, id, &change_of(&row)?, row::int(&row, "from_at")?, now).await?;
                    write.commit().await?;
                    applied.push((id, kind));
                }
            }
        }
        Ok(applied)
    }

    /// Makes a released change, whose row is locked, the version that applies.
    pub(crate) async fn apply(&self, write: &mut Write, id: ChangeId, change: &Change, from_ms: i64, now: Timestamp) -> Result<KindId> {
        let kind = match &change.of {
            Of::Kind(kind) => {
                let next = "UPDATE kind SET version = version + 1, discount_bp = $2, unit = $3, month_limit = $4, holding_cap = $5, \
                            validity_years = $6, refund_from = $7 WHERE id = $1 RETURNING version";
                let Terms { discount, unit, month_limit, holding_cap, validity_years, refund_from, .. } = change.terms;
                let next = sqlx::query(next).bind(kind.0).bind(i64::from(discount.0)).bind(unit.get()).bind(month_limit.get());
                let next = next.bind(holding_cap.get()).bind(i64::from(validity_years)).bind(i64::from(refund_from.get()));
                let version = row::int(&next.fetch_one(write.tx()).await?, "version")?;
                insert_version(write, *kind, version, Some(id), from_ms, &change.terms).await?;
                *kind
            }
            Of::New { district, name_ko, name_en } => {
                let Terms { discount, unit, month_limit, holding_cap, validity_years, refund_from, .. } = change.terms;
                let new = NewKind {
                    name_ko: name_ko.clone(),
                    name_en: name_en.clone(),
                    scope: Scope::District(*district),
                    discount,
                    unit,
                    month_limit,
                    holding_cap,
                    validity_years,
                    refund_from,
                    after_expiry: AfterExpiry::MODEL_TERMS,
                };
                let kind = self.insert_kind(write, &new, now).await?;
                insert_version(write, kind, 1, Some(id), from_ms, &change.terms).await?;
                kind
            }
        };
        let update = "UPDATE kind_change SET state = 'applied', kind_id = $2, applied_at = $3 WHERE id = $1";
        sqlx::query(update).bind(id.0).bind(kind.0).bind(crate::millis(now)).execute(write.tx()).await?;
        Ok(kind)
    }
}

pub(crate) async fn insert_version(
    write: &mut Write,
    kind: KindId,
    version: i64,
    change: Option<ChangeId>,
    from_ms: i64,
    terms: &Terms,
) -> Result<()> {
    let insert = "INSERT INTO kind_version (kind_id, version, change_id, from_at, discount_bp, unit, month_limit, holding_cap, \
                  validity_years, refund_from, nation_bp, city_bp, district_bp) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    let insert = sqlx::query(insert).bind(kind.0).bind(version).bind(change.map(|change| change.0)).bind(from_ms);
    let insert = insert.bind(i64::from(terms.discount.0)).bind(terms.unit.get()).bind(terms.month_limit.get());
    let insert = insert.bind(terms.holding_cap.get()).bind(i64::from(terms.validity_years)).bind(i64::from(terms.refund_from.get()));
    let shares = Funder::ALL.map(|funder| i64::from(terms.funding.share(funder).0));
    shares.into_iter().fold(insert, |insert, share| insert.bind(share)).execute(write.tx()).await?;
    Ok(())
}

/// The kind and what applies now, as this connection sees it.
pub(crate) async fn kind_now(connection: &mut AnyConnection, id: KindId) -> Result<Option<(Kind, Terms)>> {
    let select = concat!(
        "SELECT ",
        version_columns!(),
        ", ",
        kind_columns!(),
        " FROM kind JOIN kind_version v ON v.kind_id = kind.id AND v.version = kind.version WHERE kind.id = $1"
    );
    let row = sqlx::query(select).bind(id.0).fetch_optional(connection).await?;
    row.map(|row| Ok((row::kind(&row)?, version(&row)?.terms))).transpose()
}

pub(crate) fn change_of(row: &AnyRow) -> Result<Change> {
    serde_json::from_str(&row::text(row, "body")?).map_err(|_| row::damaged("body"))
}

fn version(row: &AnyRow) -> Result<KindVersion> {
    let from_ms = row::int(row, "from_at")?;
    let terms = Terms {
        discount: row::basis_points(row, "discount_bp")?,
        unit: row::won(row, "unit")?,
        month_limit: row::won(row, "month_limit")?,
        holding_cap: row::won(row, "holding_cap")?,
        validity_years: u8::try_from(row::int(row, "validity_years")?).map_err(|_| row::damaged("validity_years"))?,
        refund_from: row::percent(row, "refund_from")?,
        funding: funding(row)?,
    };
    let change = row::int_if_any(row, "change_id")?.map(ChangeId);
    Ok(KindVersion { version: row::int(row, "version")?, terms, from: (from_ms > ALWAYS_MS).then(|| crate::clock::at(from_ms)), change })
}

fn funding(row: &AnyRow) -> Result<Funding> {
    Ok(Funding {
        nation: row::basis_points(row, "nation_bp")?,
        city: row::basis_points(row, "city_bp")?,
        district: row::basis_points(row, "district_bp")?,
    })
}
