//! Purchases that are open with the bank: what a crash, a time-out or a late debit left to be asked about.

use crate::db::Store;
use crate::error::{Error, Result};
use domain::buying::State;
use domain::{PurchaseId, Timestamp, Won};
use sqlx::Row;
use sqlx::any::AnyRow;

/// A purchase that the bank has to be asked about (again).
#[derive(Clone, PartialEq, Eq)]
pub struct Due {
    pub id: PurchaseId,
    pub state: State,
    /// The bank's token of the account.
    pub account: String,
    pub paid: Won,
    pub created_at: Timestamp,
}

const DUE: &str = "SELECT id, state, account, paid, created_at FROM purchase WHERE check_at IS NOT NULL AND check_at <= $1 \
                   ORDER BY check_at LIMIT $2";
/// At a start nobody is working on anything: all of it is due.
const OPEN: &str = "SELECT id, state, account, paid, created_at FROM purchase WHERE check_at IS NOT NULL ORDER BY check_at";

impl Store {
    /// Those whose time has come, the longest due first.
    pub async fn due_purchases(&self, limit: i64, now: Timestamp) -> Result<Vec<Due>> {
        let rows = sqlx::query(DUE).bind(crate::millis(now)).bind(limit).fetch_all(self.reads()).await?;
        rows.iter().map(due).collect()
    }

    /// How many are open, due or not.
    pub async fn count_unsettled(&self) -> Result<i64> {
        Ok(sqlx::query("SELECT COUNT(*) FROM purchase WHERE check_at IS NOT NULL").fetch_one(self.reads()).await?.try_get(0)?)
    }

    /// All of them: what a node takes up when it starts alone (SQLite).
    pub async fn unsettled_purchases(&self) -> Result<Vec<Due>> {
        sqlx::query(OPEN).fetch_all(self.reads()).await?.iter().map(due).collect()
    }
}

fn due(row: &AnyRow) -> Result<Due> {
    let state: String = row.try_get(1)?;
    Ok(Due {
        id: PurchaseId::from_bytes(&row.try_get::<Vec<u8>, _>(0)?).map_err(Error::damaged)?,
        state: State::parse(&state).ok_or_else(|| Error::damaged(&state))?,
        account: row.try_get(2)?,
        paid: Won::new(row.try_get(3)?).map_err(Error::damaged)?,
        created_at: crate::clock::at(row.try_get(4)?),
    })
}
