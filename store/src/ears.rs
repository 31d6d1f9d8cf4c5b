//! Whoever listens to a shop's notices may do so as long as the session lasts, its person works in the shop, and the shop is not shut on
//! this device. Open pages are many and
//! notices are frequent, so this is asked for all of them at once, again and again; beside it this node counts what it ends itself, so
//! that a page knows at once when it has to ask anew.

use crate::db::Store;
use crate::error::Result;
use crate::row;
use crate::sessions::{SEEN_EVERY_MS, SESSION_LIFE_MS};
use domain::{MerchantId, PersonId, SessionId, Timestamp};
use sqlx::AssertSqlSafe;
use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};

/// Pages that one statement asks about.
const AT_ONCE: usize = 250;
/// People who share a count of endings.
const GROUPS: usize = 1_024;

/// What listens: a session's page, to one shop.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ear {
    pub session: SessionId,
    pub shop: MerchantId,
}

/// How often sessions or jobs of people ended, by groups of them: whoever shares one with somebody asks once more than needed.
pub(crate) struct Endings(Vec<AtomicU64>);

impl Default for Endings {
    fn default() -> Endings {
        Endings((0..GROUPS).map(|_| AtomicU64::new(0)).collect())
    }
}

impl Endings {
    pub(crate) fn add(&self, person: PersonId) {
        self.of(person).fetch_add(1, Ordering::Release);
    }

    fn of(&self, person: PersonId) -> &AtomicU64 {
        // Ids differ in their time part, above bit 21.
        &self.0[(person.0 ^ (person.0 >> 21)).unsigned_abs() as usize % GROUPS]
    }
}

impl Store {
    /// Another number than before: something of this person's (or of somebody else's) was ended at this node, so ask what still holds.
    /// It has changed before whoever ended it is answered.
    pub fn endings(&self, person: PersonId) -> u64 {
        self.endings_of_all().of(person).load(Ordering::Acquire)
    }

    /// Those of them who may still hear. To listen is to be seen: it makes the session live longer.
    pub async fn who_may_hear(&self, ears: &[Ear], now: Timestamp) -> Result<HashSet<Ear>> {
        let now_ms = crate::millis(now);
        let select = format!(
            "WITH asked (session_id, merchant_id) AS (VALUES {}) SELECT asked.session_id, asked.merchant_id, session.seen_at FROM asked \
             JOIN session ON session.id = asked.session_id \
             JOIN staff ON staff.merchant_id = asked.merchant_id AND staff.person_id = session.person_id WHERE session.expires_at > $1 \
             AND NOT EXISTS (SELECT 1 FROM shop_device WHERE shop_device.merchant_id = asked.merchant_id \
             AND shop_device.session_id = asked.session_id AND ended_at IS NOT NULL)",
            row::lists(2, AT_ONCE, 2)
        );
        let (mut may, mut unseen) = (HashSet::with_capacity(ears.len()), HashSet::new());
        for some in ears.chunks(AT_ONCE) {
            // One statement for any number of pages: nobody is session -1.
            let padded = some.iter().map(|ear| (ear.session.0, ear.shop.0)).chain(std::iter::repeat((-1, -1))).take(AT_ONCE);
            let query = sqlx::query(AssertSqlSafe(select.as_str())).bind(now_ms);
            let query = padded.fold(query, |query, (session, shop)| query.bind(session).bind(shop));
            for row in &query.fetch_all(self.reads()).await? {
                let session = row::int(row, "session_id")?;
                may.insert(Ear { session: SessionId(session), shop: MerchantId(row::int(row, "merchant_id")?) });
                if now_ms - row::int(row, "seen_at")? >= SEEN_EVERY_MS {
                    unseen.insert(session);
                }
            }
        }
        self.see(&unseen.into_iter().collect::<Vec<i64>>(), now_ms).await?;
        Ok(may)
    }

    async fn see(&self, sessions: &[i64], now_ms: i64) -> Result<()> {
        for some in sessions.chunks(AT_ONCE) {
            let update =
                format!("UPDATE session SET seen_at = $1, expires_at = $2 WHERE seen_at < $1 AND id IN {}", row::list(3, some.len()));
            let update = sqlx::query(AssertSqlSafe(update)).bind(now_ms).bind(now_ms + SESSION_LIFE_MS);
            let mut write = self.write().await?;
            some.iter().fold(update, |update, session| update.bind(*session)).execute(write.tx()).await?;
            write.commit().await?;
        }
        Ok(())
    }
}
