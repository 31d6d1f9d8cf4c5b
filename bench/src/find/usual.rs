//! What is usually written first: the shops' table is asked with LIKE, for the same page and the same total.

use super::Question;
use crate::Outcome;
use sqlx::sqlite::{SqlitePool, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, Row};

pub struct Usual {
    pool: SqlitePool,
}

impl Usual {
    pub async fn open(url: &str) -> Outcome<Usual> {
        Ok(Usual { pool: SqlitePoolOptions::new().max_connections(1).connect(url).await? })
    }

    /// How many fit. `None` for what it can't be asked: first consonants, and near me or a map, for which it has no index at all.
    pub async fn ask(&self, question: &Question) -> Outcome<Option<usize>> {
        let Question::List { typed: Some(typed), wish, near: None, skip } = question else { return Ok(None) };
        let is_initial = |letter: char| ('ㄱ'..='ㅎ').contains(&letter);
        if wish.usable.is_some() || typed.chars().any(is_initial) {
            return Ok(None);
        }
        let like = format!("%{typed}%");
        let fits = "FROM merchant WHERE standing = 'open' AND name LIKE $1";
        let page = format!("SELECT id, number, name, district, address, category {fits} ORDER BY name LIMIT 20 OFFSET {skip}");
        let rows = sqlx::query(AssertSqlSafe(page)).bind(&like).fetch_all(&self.pool).await?;
        let total = sqlx::query(AssertSqlSafe(format!("SELECT COUNT(*) {fits}"))).bind(&like).fetch_one(&self.pool).await?;
        let total = usize::try_from(total.try_get::<i64, _>(0)?)?;
        if rows.len() > total {
            return Err("the table has more rows than it counts".into());
        }
        Ok(Some(total))
    }
}
