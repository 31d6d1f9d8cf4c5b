//! How often something may be tried. Counted in fixed spans of time in a table, so that a restart forgives nothing and
//! several nodes count together.

use crate::db::Store;
use crate::error::Result;
use crate::keys::Purpose;
use crate::row;
use domain::Timestamp;
use sqlx::AnyConnection;

/// At most `most` in each span of `span_ms` milliseconds.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    pub most: i64,
    pub span_ms: i64,
}

/// The limits on guessing and on sending. Behind one address of a mobile carrier stand thousands of honest people, so limits by
/// address and in all are wide: they slow down an attack on everybody. What protects one person is counted by person and by
/// phone.
pub struct Limits;

const HOUR_MS: i64 = 3_600_000;

impl Limits {
    /// Codes sent to one phone.
    pub const CODES_PER_PHONE: Limit = Limit { most: 5, span_ms: HOUR_MS };
    /// Codes asked for from one address.
    pub const CODES_PER_ADDRESS: Limit = Limit { most: 30, span_ms: HOUR_MS };
    /// Codes in all: what a runaway would cost.
    pub const CODES_IN_ALL: Limit = Limit { most: 100_000, span_ms: HOUR_MS };
    /// Identity verifications with one phone: each costs money, and tells whether a guessed birth date is right.
    pub const IDENTITIES_PER_PHONE: Limit = Limit { most: 10, span_ms: HOUR_MS };
    /// Wrong codes from one address.
    pub const WRONG_CODES_PER_ADDRESS: Limit = Limit { most: 100, span_ms: HOUR_MS };
    /// Wrong PINs from one address.
    pub const WRONG_PINS_PER_ADDRESS: Limit = Limit { most: 300, span_ms: HOUR_MS };
    /// Wrong codes and wrong PINs in all, each. Far above what a city mistypes: beyond it somebody is guessing.
    pub const WRONG_IN_ALL: Limit = Limit { most: 100_000, span_ms: HOUR_MS };
    /// Passwords typed at the console from one address, right or wrong; and codes. Right ones count too: else counting them would tell.
    pub const ENTRIES_PER_ADDRESS: Limit = Limit { most: 30, span_ms: HOUR_MS };
    /// Passwords typed at the console in all; and codes.
    pub const ENTRIES_IN_ALL: Limit = Limit { most: 1_000, span_ms: HOUR_MS };
    /// Wrong codes in a row, after the right password, that lock an operator.
    pub const TRIES_PER_OPERATOR: i64 = 5;
    /// For how long.
    pub const OPERATOR_LOCK_MS: i64 = 15 * 60_000;
    /// One wons sent for one person: each costs a won and a fee, and is five guesses at a code of four digits.
    pub const ONE_WONS_PER_PERSON: Limit = Limit { most: 5, span_ms: 24 * HOUR_MS };
    /// Pictures that one person has made: each takes a tenth of a second of a processor.
    pub const PHOTOS_PER_PERSON: Limit = Limit { most: 30, span_ms: HOUR_MS };
    /// Wrong tries of the code of a one won.
    pub const TRIES_PER_ONE_WON: i64 = 5;
    /// How long a bank's app may take to show it, and its owner to find it.
    pub const ONE_WON_LIFE_MS: i64 = 30 * 60_000;
    /// Between two codes to one phone.
    pub const CODE_GAP_MS: i64 = 20_000;
    /// How long a code is good.
    pub const CODE_LIFE_MS: i64 = 180_000;
    /// Wrong tries of one code.
    pub const TRIES_PER_CODE: i64 = 5;
    /// Wrong PINs in a row that lock it.
    pub const TRIES_PER_PIN: i64 = 5;
    /// For how long.
    pub const PIN_LOCK_MS: i64 = 30 * 60_000;
}

impl Limit {
    /// The start of the span that `now` is in.
    pub(crate) fn span_start(&self, now: Timestamp) -> i64 {
        let now_ms = crate::millis(now);
        now_ms - now_ms.rem_euclid(self.span_ms)
    }

    /// When counting starts again.
    pub(crate) fn until(&self, now: Timestamp) -> Timestamp {
        crate::clock::at(self.span_start(now) + self.span_ms)
    }

    /// Counts one more in `bucket`. `Err` with the time when it starts again: that was one too many.
    pub(crate) async fn count(&self, tx: &mut AnyConnection, bucket: &str, now: Timestamp) -> Result<Result<(), Timestamp>> {
        let statement = "INSERT INTO attempt (bucket, span_start, count) VALUES ($1, $2, 1) \
                         ON CONFLICT (bucket, span_start) DO UPDATE SET count = attempt.count + 1 RETURNING count";
        let row = sqlx::query(statement).bind(bucket).bind(self.span_start(now)).fetch_one(tx).await?;
        Ok(if row::int(&row, "count")? > self.most { Err(self.until(now)) } else { Ok(()) })
    }

    /// `Err` when one more would be too many. Counts nothing.
    pub(crate) async fn look(&self, tx: &mut AnyConnection, bucket: &str, now: Timestamp) -> Result<Result<(), Timestamp>> {
        let statement = "SELECT count FROM attempt WHERE bucket = $1 AND span_start = $2";
        let row = sqlx::query(statement).bind(bucket).bind(self.span_start(now)).fetch_optional(tx).await?;
        let count = row.map_or(Ok(0), |row| row::int(&row, "count"))?;
        Ok(if count >= self.most { Err(self.until(now)) } else { Ok(()) })
    }
}

impl Store {
    /// The name of a bucket: what is counted, by what, and a keyed hash of whom.
    pub(crate) fn bucket(&self, what: &str, whom: &str) -> String {
        let hash = self.keys().hash(Purpose::Bucket, &[what.as_bytes(), whom.as_bytes()]);
        format!("{what}:{}", hex::encode(&hash[..16]))
    }
}
