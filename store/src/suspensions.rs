//! What pauses on a sale day, and until when.

use crate::db::{Store, Write};
use crate::error::Result;
use crate::row;
use domain::calendar::Span;
use domain::plan::Feature;
use domain::{SaleId, Timestamp};

impl Store {
    pub async fn suspend(&self, feature: Feature, span: Span, now: Timestamp) -> Result<()> {
        let mut write = self.write().await?;
        self.insert_suspension(&mut write, feature, span, None, now).await?;
        write.commit().await
    }

    /// `sale`: that it was planned with.
    pub(crate) async fn insert_suspension(
        &self,
        write: &mut Write,
        feature: Feature,
        span: Span,
        sale: Option<SaleId>,
        now: Timestamp,
    ) -> Result<()> {
        let insert = sqlx::query("INSERT INTO suspension (id, feature, from_at, to_at, sale_id) VALUES ($1, $2, $3, $4, $5)");
        let insert = insert.bind(self.next_id(now)).bind(feature.as_str()).bind(crate::millis(span.from()));
        insert.bind(crate::millis(span.to())).bind(sale.map(|sale| sale.0)).execute(write.tx()).await?;
        Ok(())
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
