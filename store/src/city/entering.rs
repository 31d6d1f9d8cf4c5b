//! Signing in at the console: the password, then a code. The first page answers everybody alike, the second says only that
//! something was wrong. Wrong passwords lock nobody (else a stranger could lock the city out on a sale day); they are limited by address
//! and in all, and the second factor stands behind. Wrong codes after the right password lock the operator for a while.

use super::audit_log::{Action, log, subject};
use super::sealing::{is_password, unseal};
use crate::db::{Store, Write};
use crate::error::Result;
use crate::limits::{Limit, Limits};
use crate::row;
use crate::tokens::{Token, TokenOf};
use domain::operator::Login;
use domain::{OperatorId, Timestamp};
use sqlx::any::AnyRow;

/// Between password and code.
const ENTRY_LIFE_MS: i64 = 5 * 60_000;
/// A working day; it does not grow.
const SESSION_LIFE_MS: i64 = 12 * 3_600_000;

/// What a code led to.
#[derive(Debug)]
pub enum Entered {
    In(Token),
    /// Password or code; or the operator is locked.
    Wrong,
    /// No password was given, or too long ago.
    BeginAgain,
    TooMany {
        until: Timestamp,
    },
}

impl Store {
    /// Takes login and password. The token is for the code, whether they are right or not. `Err`: too many tries, until then.
    pub async fn begin_entry(&self, login: &str, password: &str, address: &str, now: Timestamp) -> Result<Result<Token, Timestamp>> {
        let (store, login, password) = (self.clone(), Login::parse(login), password.to_owned());
        let buckets = [self.bucket("city password:address", address), "city password:all".to_owned()];
        self.to_the_end(async move {
            let mut write = store.write().await?;
            if let Err(until) = count(&mut write, &buckets, [Limits::ENTRIES_PER_ADDRESS, Limits::ENTRIES_IN_ALL], now).await? {
                write.commit().await?;
                return Ok(Err(until));
            }
            write.commit().await?;
            let operator = store.who_enters(login.as_ref(), &password).await?;
            let token = Token::random();
            let mut write = store.write().await?;
            let insert = sqlx::query("INSERT INTO operator_entry (token_hash, operator_id, expires_at) VALUES ($1, $2, $3)");
            let insert = insert.bind(token.hash(store.keys(), TokenOf::OperatorEntry)).bind(operator.map(|id| id.0));
            insert.bind(crate::millis(now) + ENTRY_LIFE_MS).execute(write.tx()).await?;
            write.commit().await?;
            Ok(Ok(token))
        })
        .await
    }

    /// Takes the code. Each step's code works once, on any node.
    pub async fn finish_entry(&self, token: &Token, code: &str, address: &str, now: Timestamp) -> Result<Entered> {
        let (store, entry, code) = (self.clone(), token.hash(self.keys(), TokenOf::OperatorEntry), code.to_owned());
        let buckets = [self.bucket("city code:address", address), "city code:all".to_owned()];
        self.to_the_end(async move {
            let mut write = store.write().await?;
            if let Err(until) = count(&mut write, &buckets, [Limits::ENTRIES_PER_ADDRESS, Limits::ENTRIES_IN_ALL], now).await? {
                write.commit().await?;
                return Ok(Entered::TooMany { until });
            }
            let select = "SELECT operator.id, totp_secret, last_totp_step, operator_entry.token_hash FROM operator_entry \
                          LEFT JOIN operator ON operator.id = operator_entry.operator_id WHERE token_hash = $1 AND expires_at > $2";
            let select = sqlx::query(select).bind(entry.clone()).bind(crate::millis(now));
            let entered = match select.fetch_optional(write.tx()).await? {
                None => Entered::BeginAgain,
                Some(row) => match store.step_of(&row, &code, now)? {
                    (None, _) => Entered::Wrong,
                    (Some(id), None) => wrong_code(&mut write, id, now).await?,
                    (Some(id), Some(step)) => store.let_in(&mut write, id, step, entry, now).await?,
                },
            };
            write.commit().await?;
            Ok(entered)
        })
        .await
    }

    async fn who_enters(&self, login: Option<&Login>, password: &str) -> Result<Option<OperatorId>> {
        let select = sqlx::query("SELECT id, password_hash FROM operator WHERE login = $1");
        let row = select.bind(login.map_or("", Login::as_str)).fetch_optional(self.reads()).await?;
        let kept = row.as_ref().map(|row| row::text(row, "password_hash")).transpose()?;
        let is_right = is_password(self.keys(), password, kept).await?;
        row.filter(|_| is_right).map(|row| Ok(OperatorId(row::int(&row, "id")?))).transpose()
    }

    /// Who is entering (nobody after a wrong password), and the unused step that the code is of.
    fn step_of(&self, row: &AnyRow, code: &str, now: Timestamp) -> Result<(Option<OperatorId>, Option<i64>)> {
        let Some(id) = sqlx::Row::try_get::<Option<i64>, _>(row, "id")?.map(OperatorId) else { return Ok((None, None)) };
        let secret = unseal(self.keys(), id, &row::bytes(row, "totp_secret")?)?;
        let last = row::int(row, "last_totp_step")?;
        Ok((Some(id), secret.step_of_code(code, now).filter(|step| *step > last)))
    }

    /// Unless somebody was quicker with this step, or the operator is locked.
    async fn let_in(&self, write: &mut Write, id: OperatorId, step: i64, entry: Vec<u8>, now: Timestamp) -> Result<Entered> {
        let now_ms = crate::millis(now);
        let take = "UPDATE operator SET last_totp_step = $2, tries = 0 WHERE id = $1 AND last_totp_step < $2 AND locked_until <= $3";
        let take = sqlx::query(take).bind(id.0).bind(step).bind(now_ms);
        if take.execute(write.tx()).await?.rows_affected() == 0 {
            return Ok(Entered::Wrong);
        }
        let token = Token::random();
        sqlx::query("DELETE FROM operator_entry WHERE token_hash = $1").bind(entry).execute(write.tx()).await?;
        let insert = "INSERT INTO operator_session (token_hash, operator_id, created_at, expires_at) VALUES ($1, $2, $3, $4)";
        let insert = sqlx::query(insert).bind(token.hash(self.keys(), TokenOf::OperatorSession)).bind(id.0).bind(now_ms);
        insert.bind(now_ms + SESSION_LIFE_MS).execute(write.tx()).await?;
        log(write, Some(id), Action::SignedIn, &subject("operator", id.0), serde_json::json!({}), now).await?;
        Ok(Entered::In(token))
    }
}

/// The last try locks, and the count begins anew for the time after.
async fn wrong_code(write: &mut Write, id: OperatorId, now: Timestamp) -> Result<Entered> {
    let update = "UPDATE operator SET tries = CASE WHEN tries + 1 >= $3 THEN 0 ELSE tries + 1 END, \
                  locked_until = CASE WHEN tries + 1 >= $3 THEN $4 ELSE locked_until END \
                  WHERE id = $1 AND locked_until <= $2 RETURNING locked_until";
    let now_ms = crate::millis(now);
    let update = sqlx::query(update).bind(id.0).bind(now_ms).bind(Limits::TRIES_PER_OPERATOR).bind(now_ms + Limits::OPERATOR_LOCK_MS);
    if let Some(row) = update.fetch_optional(write.tx()).await?
        && row::int(&row, "locked_until")? > now_ms
    {
        let detail = serde_json::json!({ "until_ms": now_ms + Limits::OPERATOR_LOCK_MS });
        log(write, None, Action::OperatorLocked, &subject("operator", id.0), detail, now).await?;
    }
    Ok(Entered::Wrong)
}

async fn count(write: &mut Write, buckets: &[String; 2], limits: [Limit; 2], now: Timestamp) -> Result<Result<(), Timestamp>> {
    for (limit, bucket) in limits.iter().zip(buckets) {
        if let Err(until) = limit.count(write.tx(), bucket, now).await? {
            return Ok(Err(until));
        }
    }
    Ok(Ok(()))
}
