//! Sessions: who is signed in where. A session lives for 30 days after it was last seen; the cookie's token is new at every
//! sign-in, and only its hash is kept.

use crate::db::Store;
use crate::error::Result;
use crate::gather::{self, Gather};
use crate::pace::Pace;
use crate::plain;
use crate::row;
use crate::tokens::{Token, TokenOf};
use domain::{PersonId, SessionId, Timestamp};
use sqlx::AnyPool;
use sqlx::any::AnyRow;
use std::collections::HashMap;

/// After this long unseen a session is over.
pub const SESSION_LIFE_MS: i64 = 30 * 86_400_000;
/// Being seen is written at most this often.
pub(crate) const SEEN_EVERY_MS: i64 = 600_000;
/// Whoever signs in on one more ends the one unseen for longest.
const MOST_SESSIONS: i64 = 20;
const DEVICE_CHARS: usize = 80;

/// A signed-in device of a person, as the person sees it in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub person: PersonId,
    /// "Chrome, Android"
    pub device: String,
    pub created_at: Timestamp,
    /// To ten minutes.
    pub seen_at: Timestamp,
}

impl Store {
    /// A new session with a new token, whatever the browser held before. `device` is what the list shows; it is cut to 80
    /// characters.
    pub async fn sign_in(&self, person: PersonId, device: &str, now: Timestamp) -> Result<(Token, SessionId)> {
        let (token, id, now_ms) = (Token::random(), self.next_id(now), crate::millis(now));
        let mut write = self.write().await?;
        let insert = "INSERT INTO session (id, token_hash, person_id, device, created_at, seen_at, expires_at) \
                      VALUES ($1, $2, $3, $4, $5, $5, $6)";
        let insert = sqlx::query(insert).bind(id).bind(token.hash(self.keys(), TokenOf::Session)).bind(person.0);
        let insert = insert.bind(plain::line(device, DEVICE_CHARS)).bind(now_ms).bind(now_ms + SESSION_LIFE_MS);
        insert.execute(write.tx()).await?;
        let tidy = "DELETE FROM session WHERE person_id = $1 AND (expires_at <= $2 OR id NOT IN \
                    (SELECT id FROM session WHERE person_id = $1 ORDER BY seen_at DESC, id DESC LIMIT $3))";
        let tidy = sqlx::query(tidy).bind(person.0).bind(now_ms).bind(MOST_SESSIONS).execute(write.tx()).await?;
        if tidy.rows_affected() > 0 {
            write.ends_something_of(person);
        }
        write.commit().await?;
        Ok((token, SessionId(id)))
    }

    /// The session of a token, if it is one and is not over. Being seen makes it live longer.
    pub async fn session(&self, token: &Token, now: Timestamp) -> Result<Option<Session>> {
        let now_ms = crate::millis(now);
        let found = self.sessions_asked().ask(token.hash(self.keys(), TokenOf::Session)).await?;
        let Some((mut session, _)) = found.filter(|(_, expires_at)| now < *expires_at) else { return Ok(None) };
        if now_ms - crate::millis(session.seen_at) >= SEEN_EVERY_MS {
            let mut write = self.write().await?;
            let update = "UPDATE session SET seen_at = $2, expires_at = $3 WHERE id = $1 AND seen_at < $2";
            let update = sqlx::query(update).bind(session.id.0).bind(now_ms).bind(now_ms + SESSION_LIFE_MS);
            update.execute(write.tx()).await?;
            write.commit().await?;
            session.seen_at = now;
        }
        Ok(Some(session))
    }

    /// Last seen first.
    pub async fn sessions(&self, person: PersonId, now: Timestamp) -> Result<Vec<Session>> {
        let select = "SELECT id, person_id, device, created_at, seen_at FROM session \
                      WHERE person_id = $1 AND expires_at > $2 ORDER BY seen_at DESC, id DESC";
        let rows = sqlx::query(select).bind(person.0).bind(crate::millis(now)).fetch_all(self.reads()).await?;
        rows.iter().map(session).collect()
    }

    /// Ends one session of this person; `false` when there is no such, or it is someone else's.
    pub async fn end_session(&self, person: PersonId, id: SessionId) -> Result<bool> {
        let mut write = self.write().await?;
        let delete = sqlx::query("DELETE FROM session WHERE person_id = $1 AND id = $2").bind(person.0).bind(id.0);
        let ended = delete.execute(write.tx()).await?.rows_affected();
        write.ends_something_of(person);
        write.commit().await?;
        Ok(ended > 0)
    }

    /// Ends all sessions of this person but one. How many they were.
    pub async fn end_other_sessions(&self, person: PersonId, keep: SessionId) -> Result<u64> {
        let mut write = self.write().await?;
        let delete = sqlx::query("DELETE FROM session WHERE person_id = $1 AND id <> $2").bind(person.0).bind(keep.0);
        let ended = delete.execute(write.tx()).await?.rows_affected();
        write.ends_something_of(person);
        write.commit().await?;
        Ok(ended)
    }
}

/// Sessions by the hashes of their tokens, each with its end.
pub(crate) type SessionsAsked = Gather<Vec<u8>, Option<(Session, Timestamp)>>;

pub(crate) fn asked(reads: &AnyPool, pace: Pace) -> SessionsAsked {
    let reads = reads.clone();
    Gather::new(pace, move |hashes| {
        let reads = reads.clone();
        Box::pin(async move {
            let padded = gather::padded(&hashes);
            let sql = format!(
                "SELECT token_hash, id, person_id, device, created_at, seen_at, expires_at FROM session WHERE token_hash IN {}",
                row::list(1, padded.len())
            );
            let select = padded.into_iter().fold(sqlx::query(sqlx::AssertSqlSafe(sql)), sqlx::query::Query::bind);
            let mut found = HashMap::new();
            for row in &select.fetch_all(&reads).await? {
                found.insert(row::bytes(row, "token_hash")?, (session(row)?, row::time(row, "expires_at")?));
            }
            // One token may be asked for twice.
            Ok(hashes.iter().map(|hash| found.get(hash).cloned()).collect())
        })
    })
}

fn session(row: &AnyRow) -> Result<Session> {
    Ok(Session {
        id: SessionId(row::int(row, "id")?),
        person: PersonId(row::int(row, "person_id")?),
        device: row::text(row, "device")?,
        created_at: row::time(row, "created_at")?,
        seen_at: row::time(row, "seen_at")?,
    })
}
