//! What pauses on a sale day, and until when.

use crate::db::Store;
use crate::error::Result;
use crate::row;
use domain::Timestamp;
use domain::calendar::Span;
use domain::suspension::Feature;

impl Store {
    pub async fn suspend(&self, feature: Feature, span: Span, now: Timestamp) -> Result<()> {
        let mut write = self.write().await?;
        let insert = sqlx::query("INSERT INTO suspension (id, feature, from_at, to_at) VALUES ($1, $2, $3, $4)").bind(self.next_id(now));
        let insert = insert.bind(feature.as_str()).bind(crate::millis(span.from())).bind(crate::millis(span.to()));
        insert.execute(write.tx()).await?;
        write.commit().await
    }

    /// Until when a feature pauses; `None` when it doesn't. One suspension that begins before another has ended goes on to its end.
    pub async fn suspended_until(&self, feature: Feature, now: Timestamp) -> Result<Option<Timestamp>> {
        let select = "SELECT from_at, to_at FROM suspension WHERE feature = $1 AND to_at > $2 ORDER BY from_at";
        let rows = sqlx::query(select).bind(feature.as_str()).bind(crate::millis(now)).fetch_all(self.reads()).await?;
        let mut until = None;
        for row in &rows {
            let (from, to) = (row::time(row, "from_at")?, row::time(row, "to_at")?);
            if from <= until.unwrap_or(now) {
                until = until.max(Some(to));
            }
        }
        Ok(until)
    }
}
