//! Closing days. The till reads the door in the transaction that pays or cancels, so the question is only what is under way while a
//! day is closed: on SQLite nothing is, on PostgreSQL tills share a lock until they commit, and closing takes it alone.

use super::door_lock;
use crate::db::{Engine, Store};
use crate::error::{Error, Result};
use crate::row;
use domain::Timestamp;
use domain::business_days::NoHolidays;
use domain::calendar::Day;
use domain::settling::{last_to_close, pays_on};

impl Store {
    /// Closes every day that has ended, once, whichever node comes first. The days with something to settle.
    ///
    /// # Errors
    /// Inside: nothing is closed while nobody knows the holidays of a year that payouts would fall into.
    pub async fn close_days(&self, now: Timestamp) -> Result<Result<Vec<Day>, NoHolidays>> {
        let Some(last) = last_to_close(now) else { return Ok(Ok(Vec::new())) };
        if self.closed_through().await? >= Some(last) {
            return Ok(Ok(Vec::new()));
        }
        let open_since = last.span().ok_or_else(|| Error::damaged("no such day"))?.to();
        let mut write = self.write().await?;
        if self.engine() == Engine::Postgres {
            sqlx::query(concat!("SELECT pg_advisory_xact_lock(", door_lock!(), ")")).execute(write.tx()).await?;
        }
        let before = sqlx::query("SELECT closed_through FROM settlement_door WHERE one = 1").fetch_one(write.tx()).await?;
        let before = row::int(&before, "closed_through")?;
        let update = "UPDATE settlement_door SET closed_through = $1, open_since = $2 WHERE one = 1 AND closed_through < $1";
        let update = sqlx::query(update).bind(i64::from(last.0)).bind(crate::millis(open_since));
        if update.execute(write.tx()).await?.rows_affected() == 0 {
            write.undo().await?;
            return Ok(Ok(Vec::new()));
        }
        // The first time also those of before there was a door; later only what came since, however long the history is.
        let select = "SELECT DISTINCT day FROM merchant_day WHERE day > $1 AND day <= $2 ORDER BY day";
        let rows = sqlx::query(select).bind(before).bind(i64::from(last.0)).fetch_all(write.tx()).await?;
        let mut days = Vec::with_capacity(rows.len());
        for row in &rows {
            let day = day(row::int(row, "day")?)?;
            match pays_on(day) {
                Ok(pay_on) => {
                    let insert = sqlx::query("INSERT INTO settlement_day (day, pay_on, closed_at) VALUES ($1, $2, $3)");
                    let insert = insert.bind(i64::from(day.0)).bind(i64::from(pay_on.0)).bind(crate::millis(now));
                    insert.execute(write.tx()).await?;
                }
                Err(nobody_knows) => {
                    write.undo().await?;
                    return Ok(Err(nobody_knows));
                }
            }
            days.push(day);
        }
        write.commit().await?;
        Ok(Ok(days))
    }

    /// The last day that has been closed.
    pub async fn closed_through(&self) -> Result<Option<Day>> {
        let row = sqlx::query("SELECT closed_through FROM settlement_door").fetch_one(self.reads()).await?;
        let closed = row::int(&row, "closed_through")?;
        if closed == 0 { Ok(None) } else { day(closed).map(Some) }
    }
}

pub(super) fn day(yyyymmdd: i64) -> Result<Day> {
    i32::try_from(yyyymmdd).map(Day).map_err(|_| row::damaged("day"))
}
