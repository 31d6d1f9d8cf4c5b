//! What is no longer of use to anybody is forgotten: a job calls [`Store::prune`] every few minutes.

use crate::db::Store;
use crate::devices::DEVICE_LIFE_MS;
use crate::error::Result;
use crate::flake::Flake;
use domain::Timestamp;
use sqlx::Row;

const DAY_MS: i64 = 86_400_000;
/// Counted tries and codes; no limit looks back further.
const TRIES_MS: i64 = DAY_MS;
const SENT_MS: i64 = 7 * DAY_MS;
/// How a shop heard of a payment.
const TOLD_MS: i64 = 90 * DAY_MS;
/// A shop that somebody began to sign up and never sent to the city.
const DRAFT_MS: i64 = 90 * DAY_MS;
/// Rows deleted in one transaction: a few milliseconds, so that the till hardly waits.
const ROWS: i64 = 200;
/// Transactions for one table in one go; the rest is left to the next.
const ROUNDS: u32 = 500;

impl Store {
    /// Deletes expired enrolments, sessions (and what shops know of them) and devices, drafts of shops of 90 days ago, tries and codes
    /// older than a day, and effects sent more than seven days ago, in transactions of at most 200 rows. How many rows went or were emptied.
    pub async fn prune(&self, now: Timestamp) -> Result<u64> {
        let now_ms = crate::millis(now);
        let enrolments = "DELETE FROM enrolment WHERE id IN (SELECT id FROM enrolment WHERE expires_at <= $1 LIMIT $2)";
        let tries = "DELETE FROM attempt WHERE (bucket, span_start) IN \
                     (SELECT bucket, span_start FROM attempt WHERE span_start <= $1 LIMIT $2)";
        // Ids grow with time, so these need no index by time.
        let codes = "DELETE FROM phone_code WHERE id IN (SELECT id FROM phone_code WHERE id < $1 LIMIT $2)";
        let entries =
            "DELETE FROM operator_entry WHERE token_hash IN (SELECT token_hash FROM operator_entry WHERE expires_at <= $1 LIMIT $2)";
        let at_console =
            "DELETE FROM operator_session WHERE token_hash IN (SELECT token_hash FROM operator_session WHERE expires_at <= $1 LIMIT $2)";
        let effects = "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE id < $1 AND state = 'sent' LIMIT $2)";
        // Those that a payment used up say afterwards how it was asked for.
        // Those kept for ever would be asked about each time, and hold the till up: only two days' worth is looked at, older ones were by
        // the rounds before.
        let codes_unused = "DELETE FROM once WHERE id IN (SELECT id FROM once WHERE made_at < $1 AND made_at >= $1 - 172800000 \
                            AND NOT EXISTS (SELECT 1 FROM payment WHERE payment.once = once.id AND payment.once IS NOT NULL) LIMIT $2)";
        let tries_to_tell = "DELETE FROM notice_try WHERE (merchant_id, number, way, device) IN \
                             (SELECT merchant_id, number, way, device FROM notice_try WHERE at < $1 LIMIT $2)";
        let mut gone = 0;
        gone += self.delete_all(enrolments, now_ms).await?;
        gone += self.delete_all(tries, now_ms - TRIES_MS).await?;
        gone += self.delete_all(codes, Flake::least_at(now_ms - TRIES_MS)).await?;
        gone += self.delete_all(effects, Flake::least_at(now_ms - SENT_MS)).await?;
        gone += self.delete_all(codes_unused, now_ms - TRIES_MS).await?;
        gone += self.delete_all(tries_to_tell, now_ms - TOLD_MS).await?;
        gone += self.delete_all(entries, now_ms).await?;
        gone += self.delete_all(at_console, now_ms).await?;
        gone += self.give_webhooks_up(now).await?;
        gone += self.prune_drafts(now_ms - DRAFT_MS).await?;
        gone += self.prune_sessions(now_ms).await?;
        gone += self.prune_shop_devices().await?;
        gone += self.prune_devices(now_ms - DEVICE_LIFE_MS).await?;
        Ok(gone)
    }

    /// With what hangs on them. A won that the bank may have sent stays, without its account, so that the bank's line of it is known
    /// for ever; it keeps its draft, emptied and closed.
    async fn prune_drafts(&self, before: i64) -> Result<u64> {
        let mut gone = 0;
        for delete in [
            "DELETE FROM photo WHERE id IN (SELECT photo.id FROM photo JOIN application ON application.id = photo.application_id \
             WHERE stage = 'draft' AND merchant_id IS NULL AND changed_at < $1 LIMIT $2)",
            "DELETE FROM payout_check WHERE id IN (SELECT payout_check.id FROM payout_check JOIN application \
             ON application.id = payout_check.application_id WHERE stage = 'draft' AND merchant_id IS NULL AND changed_at < $1 \
             AND state = 'rejected' LIMIT $2)",
            "UPDATE payout_check SET account = '', masked = '' WHERE id IN (SELECT payout_check.id FROM payout_check JOIN application \
             ON application.id = payout_check.application_id WHERE stage = 'draft' AND merchant_id IS NULL AND changed_at < $1 \
             AND account <> '' LIMIT $2)",
            "DELETE FROM application WHERE id IN (SELECT id FROM application \
             WHERE stage = 'draft' AND merchant_id IS NULL AND changed_at < $1 \
             AND NOT EXISTS (SELECT 1 FROM payout_check WHERE payout_check.application_id = application.id) LIMIT $2)",
            "UPDATE application SET stage = 'closed', name = NULL, category = NULL, district = NULL, address = NULL, photo_id = NULL, \
             payout_account = NULL, payout_masked = NULL WHERE id IN (SELECT id FROM application \
             WHERE stage = 'draft' AND merchant_id IS NULL AND changed_at < $1 \
             AND EXISTS (SELECT 1 FROM payout_check WHERE payout_check.application_id = application.id) LIMIT $2)",
        ] {
            gone += self.delete_all(delete, before).await?;
        }
        Ok(gone)
    }

    async fn delete_all(&self, delete: &'static str, before: i64) -> Result<u64> {
        let mut gone = 0;
        for _ in 0..ROUNDS {
            let mut write = self.write().await?;
            let deleted = sqlx::query(delete).bind(before).bind(ROWS).execute(write.tx()).await?.rows_affected();
            write.commit().await?;
            gone += deleted;
            if deleted < ROWS.unsigned_abs() {
                break;
            }
        }
        Ok(gone)
    }

    /// Sessions and devices live long and are seen often, so they have no index by time. A reader looks through the table, which
    /// holds up no writer; a session that was seen since is spared.
    async fn prune_sessions(&self, now_ms: i64) -> Result<u64> {
        let select = sqlx::query("SELECT id FROM session WHERE expires_at <= $1 LIMIT $2");
        let found = select.bind(now_ms).bind(ROWS).fetch_all(self.reads()).await?;
        let mut gone = 0;
        let mut write = self.write().await?;
        for row in &found {
            let delete = sqlx::query("DELETE FROM session WHERE id = $1 AND expires_at <= $2");
            gone += delete.bind(row.try_get::<i64, _>(0)?).bind(now_ms).execute(write.tx()).await?.rows_affected();
        }
        write.commit().await?;
        Ok(gone)
    }

    /// What is told of a session in a shop goes with the session.
    async fn prune_shop_devices(&self) -> Result<u64> {
        let select = "SELECT merchant_id, session_id FROM shop_device WHERE NOT EXISTS \
                      (SELECT 1 FROM session WHERE session.id = shop_device.session_id) LIMIT $1";
        let found = sqlx::query(select).bind(ROWS).fetch_all(self.reads()).await?;
        let mut gone = 0;
        let mut write = self.write().await?;
        for row in &found {
            let delete = sqlx::query("DELETE FROM shop_device WHERE merchant_id = $1 AND session_id = $2");
            let delete = delete.bind(row.try_get::<i64, _>(0)?).bind(row.try_get::<i64, _>(1)?);
            gone += delete.execute(write.tx()).await?.rows_affected();
        }
        write.commit().await?;
        Ok(gone)
    }

    async fn prune_devices(&self, before: i64) -> Result<u64> {
        let select = sqlx::query("SELECT token_hash, person_id FROM known_device WHERE created_at <= $1 LIMIT $2");
        let found = select.bind(before).bind(ROWS).fetch_all(self.reads()).await?;
        let mut gone = 0;
        let mut write = self.write().await?;
        for row in &found {
            let delete = sqlx::query("DELETE FROM known_device WHERE token_hash = $1 AND person_id = $2");
            let delete = delete.bind(row.try_get::<Vec<u8>, _>(0)?).bind(row.try_get::<i64, _>(1)?);
            gone += delete.execute(write.tx()).await?.rows_affected();
        }
        write.commit().await?;
        Ok(gone)
    }
}
