//! Only with the feature `testing`, which no program of ours turns on: what journeys need of a database that no product does.

use crate::db::{Engine, Store};
use crate::error::Result;
use sqlx::Row;
use std::time::Duration;

impl Store {
    /// All that is stored becomes older by `by`, as if that much time had passed: every column whose name ends in `_at`. Days and
    /// months, which are counted under their own names, stay: not for a test that has paid before.
    pub async fn time_passes(&self, by: Duration) -> Result<()> {
        let columns = match self.engine() {
            Engine::Sqlite => {
                "SELECT m.name AS of_table, c.name AS of_column FROM sqlite_master m, pragma_table_info(m.name) c \
                 WHERE m.type = 'table' AND c.type = 'BIGINT' AND c.name LIKE '%\\_at' ESCAPE '\\'"
            }
            Engine::Postgres => {
                "SELECT CAST(table_name AS TEXT) AS of_table, CAST(column_name AS TEXT) AS of_column FROM information_schema.columns \
                 WHERE table_schema = 'public' AND data_type = 'bigint' AND column_name LIKE '%\\_at'"
            }
        };
        let mut write = self.write().await?;
        let columns = sqlx::query(columns).fetch_all(write.tx()).await?;
        assert!(!columns.is_empty(), "tables have times");
        for column in columns {
            let (table, column): (String, String) = (column.try_get("of_table")?, column.try_get("of_column")?);
            let update = format!("UPDATE {table} SET {column} = {column} - $1");
            let update = sqlx::query(sqlx::AssertSqlSafe(update)).bind(i64::try_from(by.as_millis()).unwrap_or(i64::MAX));
            update.execute(write.tx()).await?;
        }
        write.commit().await
    }
}
