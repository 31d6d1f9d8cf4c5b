//! The outbox: effects on the outside, written in the transaction of their cause. A worker claims, sends, and says how it
//! went; what fails is tried again later and later, and set aside when it never succeeds. Sent at least once: a worker
//! that dies between sending and saying so leaves its effect to the next.

use crate::db::{Store, Write};
use crate::error::Result;
use crate::plain;
use crate::row;
use domain::Timestamp;
use serde_json::Value;

/// A claim that nobody has answered after this time is another's.
pub const CLAIM_MS: i64 = 60_000;
/// After so many tries an effect is set aside.
pub const MOST_TRIES: i64 = 8;
const LONGEST_WAIT_MS: i64 = 600_000;
const ERROR_CHARS: usize = 300;

/// Something to do outside.
#[derive(Clone, PartialEq, Eq)]
pub struct Effect {
    pub id: i64,
    /// What kind of effect: [`crate::SMS`].
    pub topic: String,
    /// JSON; its shape belongs to the topic. Personal.
    pub body: String,
    /// Which try this is, from 1.
    pub tries: i64,
    pub created_at: Timestamp,
}

impl std::fmt::Debug for Effect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Effect({} {}, try {})", self.topic, self.id, self.tries)
    }
}

/// What became of an effect that failed.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum AfterFailure {
    Again {
        due_at: Timestamp,
    },
    SetAside,
    /// Another worker has it, or has done it.
    NotOurs,
}

/// How much is in the outbox.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Depth {
    /// Waiting or claimed.
    pub due: i64,
    /// Set aside.
    pub poison: i64,
}

/// The worker's side of the outbox.
#[derive(Clone)]
pub struct Outbox {
    store: Store,
}

impl Store {
    pub fn outbox(&self) -> Outbox {
        Outbox { store: self.clone() }
    }
}

impl Write {
    /// Puts an effect into the outbox, within this transaction. `id` grows with time ([`Store::next_id`]).
    pub(crate) async fn put_effect(&mut self, topic: &str, body: &Value, id: i64, now: Timestamp) -> Result<()> {
        let insert = "INSERT INTO outbox (id, topic, body, due_at, created_at) VALUES ($1, $2, $3, $4, $4)";
        let insert = sqlx::query(insert).bind(id).bind(topic).bind(body.to_string()).bind(crate::millis(now));
        insert.execute(self.tx()).await?;
        self.wakes_outbox();
        Ok(())
    }
}

impl Outbox {
    /// Resolves when this node has put something into the outbox since the last time. Others' effects are found by claiming
    /// every now and then.
    pub async fn arrived(&self) {
        self.store.outbox_bell().notified().await;
    }

    /// Takes up to `limit` effects that are due, oldest first; they are the caller's for [`CLAIM_MS`]. A claim counts as a
    /// try, so that an effect which kills its worker is set aside too.
    pub async fn claim(&self, limit: i64, now: Timestamp) -> Result<Vec<Effect>> {
        let now_ms = crate::millis(now);
        let mut write = self.store.write().await?;
        let set_aside = "UPDATE outbox SET state = 'poison', error = 'no try was answered' \
                         WHERE state = 'due' AND due_at <= $1 AND tries >= $2";
        sqlx::query(set_aside).bind(now_ms).bind(MOST_TRIES).execute(write.tx()).await?;
        // The condition stands twice: inside it chooses, outside it holds when another worker was quicker.
        let claim = "UPDATE outbox SET due_at = $1, tries = tries + 1 WHERE state = 'due' AND due_at <= $2 AND id IN \
                     (SELECT id FROM outbox WHERE state = 'due' AND due_at <= $2 ORDER BY due_at, id LIMIT $3) \
                     RETURNING id, topic, body, tries, created_at";
        let rows = sqlx::query(claim).bind(now_ms + CLAIM_MS).bind(now_ms).bind(limit).fetch_all(write.tx()).await?;
        write.commit().await?;
        let effect = |row: &sqlx::any::AnyRow| -> Result<Effect> {
            Ok(Effect {
                id: row::int(row, "id")?,
                topic: row::text(row, "topic")?,
                body: row::text(row, "body")?,
                tries: row::int(row, "tries")?,
                created_at: row::time(row, "created_at")?,
            })
        };
        let mut effects = rows.iter().map(effect).collect::<Result<Vec<_>>>()?;
        effects.sort_by_key(|effect| effect.id);
        Ok(effects)
    }

    /// It is done. What was in it is forgotten: it held a phone number and a code.
    pub async fn sent(&self, effect: &Effect) -> Result<()> {
        let mut write = self.store.write().await?;
        let update = "UPDATE outbox SET state = 'sent', body = '{}', error = NULL WHERE id = $1 AND state = 'due'";
        sqlx::query(update).bind(effect.id).execute(write.tx()).await?;
        write.commit().await
    }

    /// It failed. `error` is kept for the operator: no personal data in it.
    pub async fn failed(&self, effect: &Effect, error: &str, now: Timestamp) -> Result<AfterFailure> {
        let due_ms = crate::millis(now) + wait_ms(effect);
        let state = if effect.tries >= MOST_TRIES { "poison" } else { "due" };
        let mut write = self.store.write().await?;
        let update = "UPDATE outbox SET state = $3, due_at = $4, error = $5 WHERE id = $1 AND tries = $2 AND state = 'due'";
        let update = sqlx::query(update).bind(effect.id).bind(effect.tries).bind(state).bind(due_ms);
        let updated = update.bind(plain::line(error, ERROR_CHARS)).execute(write.tx()).await?.rows_affected();
        write.commit().await?;
        Ok(match (updated, state) {
            (0, _) => AfterFailure::NotOurs,
            (_, "poison") => AfterFailure::SetAside,
            _ => AfterFailure::Again { due_at: crate::clock::at(due_ms) },
        })
    }

    pub async fn depth(&self) -> Result<Depth> {
        let select = "SELECT (SELECT COUNT(*) FROM outbox WHERE state = 'due') AS due, \
                      (SELECT COUNT(*) FROM outbox WHERE state = 'poison') AS poison";
        let row = sqlx::query(select).fetch_one(self.store.reads()).await?;
        Ok(Depth { due: row::int(&row, "due")?, poison: row::int(&row, "poison")? })
    }
}

/// 2, 4, 8, ... seconds, at most ten minutes, and up to a quarter more by the id, so that what failed together doesn't come
/// back together.
fn wait_ms(effect: &Effect) -> i64 {
    let plain_ms = (1_000 << effect.tries.clamp(1, 20)).min(LONGEST_WAIT_MS);
    plain_ms + effect.id.rem_euclid(251) * plain_ms / 1_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_a_most() {
        let wait = |tries, id| wait_ms(&Effect { id, topic: String::new(), body: String::new(), tries, created_at: Timestamp::UNIX_EPOCH });
        for (tries, least_ms) in [(1, 2_000), (2, 4_000), (7, 128_000), (8, 256_000), (10, 600_000), (1_000, 600_000)] {
            assert_eq!(wait(tries, 0), least_ms);
            for id in 0..1_000 {
                assert!((least_ms..=least_ms * 5 / 4).contains(&wait(tries, id)));
            }
        }
    }
}
