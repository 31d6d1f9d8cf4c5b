//! What is left of a sale's windows goes to the one that takes it, from its opening on (18:00 on a sale day). What is reserved then and
//! given up later follows.

use crate::db::Store;
use crate::error::Result;
use crate::row;
use domain::{Timestamp, WindowId, Won};

impl Store {
    /// Moves it, once whichever node comes first; nothing when nothing is left. What was moved.
    pub async fn move_left_over(&self, now: Timestamp) -> Result<Vec<(WindowId, WindowId, Won)>> {
        let select = "SELECT f.id AS from_id, t.id AS to_id FROM sale_window t JOIN sale_window f ON f.sale_id = t.sale_id \
                      WHERE t.takes_left_over = 1 AND t.opens_at <= $1 AND t.closes_at > $1 AND f.closes_at <= t.opens_at \
                      AND f.total > f.held + f.sold ORDER BY f.id";
        let due = sqlx::query(select).bind(crate::millis(now)).fetch_all(self.reads()).await?;
        let mut moved = Vec::new();
        for row in &due {
            let (from, to) = (WindowId(row::int(row, "from_id")?), WindowId(row::int(row, "to_id")?));
            if let Some(amount) = self.move_one(from, to, now).await? {
                moved.push((from, to, amount));
            }
        }
        Ok(moved)
    }

    async fn move_one(&self, from: WindowId, to: WindowId, now: Timestamp) -> Result<Option<Won>> {
        let mut write = self.write().await?;
        // Locks the row: what is left can't be sold or moved again meanwhile.
        let lock = "UPDATE sale_window SET held = held WHERE id = $1 RETURNING total - held - sold AS left_over";
        let left = row::int(&sqlx::query(lock).bind(from.0).fetch_one(write.tx()).await?, "left_over")?;
        let Some(amount) = Won::new(left).ok().filter(|left| !left.is_zero()) else {
            write.undo().await?;
            return Ok(None);
        };
        for (window, change) in [(from, -amount.get()), (to, amount.get())] {
            let update = sqlx::query("UPDATE sale_window SET total = total + $2 WHERE id = $1").bind(window.0).bind(change);
            update.execute(write.tx()).await?;
        }
        let insert = sqlx::query("INSERT INTO left_over (from_window, to_window, moved_at, amount) VALUES ($1, $2, $3, $4)");
        let insert = insert.bind(from.0).bind(to.0).bind(crate::millis(now)).bind(amount.get());
        insert.execute(write.tx()).await?;
        write.commit().await?;
        Ok(Some(amount))
    }
}
