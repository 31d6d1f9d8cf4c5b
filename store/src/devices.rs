//! Known devices: browsers in which a person has signed in before. There phone and code are enough, elsewhere the PIN is
//! asked too. A family may share one browser, so one token can be known to several persons.

use crate::db::Store;
use crate::error::Result;
use crate::tokens::{Token, TokenOf};
use domain::{PersonId, Timestamp};

/// After this long without a sign-in a device is a stranger again.
pub const DEVICE_LIFE_MS: i64 = 365 * 86_400_000;

impl Store {
    pub async fn known_device(&self, token: &Token, person: PersonId, now: Timestamp) -> Result<bool> {
        let select = "SELECT COUNT(*) AS count FROM known_device WHERE token_hash = $1 AND person_id = $2 AND created_at > $3";
        let select = sqlx::query(select).bind(token.hash(self.keys(), TokenOf::Device)).bind(person.0);
        let row = select.bind(crate::millis(now) - DEVICE_LIFE_MS).fetch_one(self.reads()).await?;
        Ok(crate::row::int(&row, "count")? > 0)
    }

    /// Makes this browser known to the person, after the sign-in was proven. The token is new each time, so one that somebody
    /// planted or copied before is worthless now; the other persons of the browser move over to it.
    pub async fn remember_device(&self, old: Option<&Token>, person: PersonId, now: Timestamp) -> Result<Token> {
        let token = Token::random();
        let hash = token.hash(self.keys(), TokenOf::Device);
        let mut write = self.write().await?;
        if let Some(old) = old {
            let old = old.hash(self.keys(), TokenOf::Device);
            let delete = sqlx::query("DELETE FROM known_device WHERE token_hash = $1 AND person_id = $2");
            delete.bind(old.clone()).bind(person.0).execute(write.tx()).await?;
            let update = sqlx::query("UPDATE known_device SET token_hash = $2 WHERE token_hash = $1");
            update.bind(old).bind(hash.clone()).execute(write.tx()).await?;
        }
        let insert = sqlx::query("INSERT INTO known_device (token_hash, person_id, created_at) VALUES ($1, $2, $3)");
        insert.bind(hash).bind(person.0).bind(crate::millis(now)).execute(write.tx()).await?;
        write.commit().await?;
        Ok(token)
    }
}
