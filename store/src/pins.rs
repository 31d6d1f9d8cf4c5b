//! The payment PIN. Kept as banks do: HMAC-SHA-256 with a salt per person and the server's key, which is not in the
//! database. A million possibilities can't be protected by a slow hash; they are protected by counting wrong tries.

use crate::db::Store;
use crate::error::{Error, Result};
use crate::gather::{self, Gather};
use crate::keys::Purpose;
use crate::limits::Limits;
use crate::pace::Pace;
use crate::row;
use crate::till::Buyer;
use crate::tokens::random;
use domain::pin::Pin;
use domain::{PersonId, Timestamp};
use sqlx::AnyPool;
use sqlx::any::AnyRow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use subtle::ConstantTimeEq;
use tokio::sync::{Mutex, OwnedMutexGuard};

/// Proof that the person's PIN was right, a moment ago. Made by [`Store::check_pin`] only, good for one use: what moves money
/// takes it by value.
#[derive(Debug)]
pub struct PinProof {
    person: PersonId,
    /// As it stood beside the PIN; `None` when no bank account is linked.
    buyer: Option<Buyer>,
}

impl PinProof {
    pub fn person(&self) -> PersonId {
        self.person
    }

    pub(crate) fn buyer(self) -> Option<Buyer> {
        self.buyer
    }
}

#[derive(Debug)]
pub enum PinChecked {
    Right(PinProof),
    Wrong {
        tries_left: i64,
    },
    /// Five wrong ones in a row. The way back before `until` is identity verification (an enrolment).
    Locked {
        until: Timestamp,
    },
    /// Too many wrong PINs from this address, or in all; the PIN was not judged.
    TooMany {
        until: Timestamp,
    },
}

/// One guess at a time for each person: whoever sends a hundred at once waits in line. Persons share a lock now and then,
/// which costs a moment and no more.
pub(crate) struct PinTurns(Vec<Arc<Mutex<()>>>);

impl Default for PinTurns {
    fn default() -> Self {
        PinTurns((0..256).map(|_| Arc::default()).collect())
    }
}

impl PinTurns {
    async fn take(&self, person: PersonId) -> OwnedMutexGuard<()> {
        // Ids differ in their time part, above bit 21.
        let shard = (person.0 ^ (person.0 >> 21)).unsigned_abs() as usize % self.0.len();
        Arc::clone(&self.0[shard]).lock_owned().await
    }
}

/// What a PIN is judged by.
#[derive(Clone)]
pub(crate) struct PinRow {
    salt: Vec<u8>,
    hash: Vec<u8>,
    tries: i64,
    locked_until: i64,
    buyer: Option<Buyer>,
}

/// Whose PIN, and whose wrong ones count with it: by address and in all.
pub(crate) struct Question {
    person: PersonId,
    /// Bucket and the start of its span.
    spans: [(String, i64); 2],
}

/// What stands there; and the counts, in the order of the spans.
pub(crate) type PinsAsked = Gather<Question, (Option<PinRow>, [i64; 2])>;

pub(crate) fn asked(reads: &AnyPool, pace: Pace) -> PinsAsked {
    let reads = reads.clone();
    Gather::new(pace, move |questions: Vec<Question>| {
        let reads = reads.clone();
        Box::pin(async move {
            let people = gather::padded(&questions.iter().map(|question| question.person.0).collect::<Vec<i64>>());
            let sql = format!(
                "SELECT person_id, pin_salt, pin_hash, pin_tries, pin_locked_until, bank_account, birth_date \
                 FROM member JOIN person ON person.id = member.person_id WHERE person_id IN {}",
                row::list(1, people.len())
            );
            let select = people.into_iter().fold(sqlx::query(sqlx::AssertSqlSafe(sql)), sqlx::query::Query::bind);
            let mut rows = HashMap::new();
            for row in &select.fetch_all(&reads).await? {
                rows.insert(row::int(row, "person_id")?, pin_row(row)?);
            }
            let counts = counts(&reads, &questions).await?;
            let count = |span: &(String, i64)| counts.get(span).copied().unwrap_or(0);
            let answer =
                |question: &Question| (rows.get(&question.person.0).cloned(), [count(&question.spans[0]), count(&question.spans[1])]);
            Ok(questions.iter().map(answer).collect())
        })
    })
}

/// Most people come from few addresses: each bucket is asked for once.
async fn counts(reads: &AnyPool, questions: &[Question]) -> Result<HashMap<(String, i64), i64>> {
    let spans: HashSet<&(String, i64)> = questions.iter().flat_map(|question| &question.spans).collect();
    let spans = gather::padded(&spans.into_iter().cloned().collect::<Vec<(String, i64)>>());
    let sql =
        format!("SELECT bucket, span_start, count FROM attempt WHERE (bucket, span_start) IN (VALUES {})", row::lists(1, spans.len(), 2));
    let select = spans.into_iter().fold(sqlx::query(sqlx::AssertSqlSafe(sql)), |query, (bucket, start)| query.bind(bucket).bind(start));
    let rows = select.fetch_all(reads).await?;
    rows.iter().map(|row| Ok(((row::text(row, "bucket")?, row::int(row, "span_start")?), row::int(row, "count")?))).collect()
}

fn pin_row(row: &AnyRow) -> Result<PinRow> {
    let birth_year = row::date(row, "birth_date")?.year();
    Ok(PinRow {
        salt: row::bytes(row, "pin_salt")?,
        hash: row::bytes(row, "pin_hash")?,
        tries: row::int(row, "pin_tries")?,
        locked_until: row::int(row, "pin_locked_until")?,
        buyer: row::text_if_any(row, "bank_account")?.map(|account| Buyer { birth_year, account }),
    })
}

/// A judgement that another node has overtaken is made again.
const ROUNDS: u32 = 10;

impl Store {
    /// Judges a PIN as typed. A wrong one is counted durably before the answer, and the judging goes on when the caller hangs up, so
    /// neither haste nor a hundred at once win a sixth try. A right one after no wrong one writes nothing.
    pub async fn check_pin(&self, person: PersonId, pin: &Pin, address: &str, now: Timestamp) -> Result<PinChecked> {
        let buckets = [self.bucket("wrong pin:address", address), "wrong pin:all".to_owned()];
        let (store, pin) = (self.clone(), *pin.expose_for_hashing());
        self.to_the_end(async move {
            let _turn = store.pin_turns().take(person).await;
            for _ in 0..ROUNDS {
                if let Some(checked) = store.judge_pin(person, &pin, &buckets, now).await? {
                    return Ok(checked);
                }
            }
            Err(Error::damaged("the tries of a PIN don't stand still"))
        })
        .await
    }

    /// `None`: another node changed what was judged by.
    async fn judge_pin(&self, person: PersonId, pin: &[u8; 6], buckets: &[String; 2], now: Timestamp) -> Result<Option<PinChecked>> {
        let now_ms = crate::millis(now);
        let (by_address, in_all) = (Limits::WRONG_PINS_PER_ADDRESS, Limits::WRONG_IN_ALL);
        let [address, all] = buckets;
        let question = Question { person, spans: [(address.clone(), by_address.span_start(now)), (all.clone(), in_all.span_start(now))] };
        let (pin_row, counts) = self.pins_asked().ask(question).await?;
        let row = pin_row.ok_or_else(|| Error::damaged("a PIN was asked of no member"))?;
        if now_ms < row.locked_until {
            return Ok(Some(PinChecked::Locked { until: crate::clock::at(row.locked_until) }));
        }
        for (limit, count) in [by_address, in_all].into_iter().zip(counts) {
            if count >= limit.most {
                return Ok(Some(PinChecked::TooMany { until: limit.until(now) }));
            }
        }
        if bool::from(self.hash_of(&row.salt, pin).ct_eq(&row.hash)) {
            self.forgive(person, row, now).await
        } else {
            self.count_wrong(person, buckets, now).await
        }
    }

    /// The right PIN ends the count of wrong ones.
    async fn forgive(&self, person: PersonId, judged_by: PinRow, now: Timestamp) -> Result<Option<PinChecked>> {
        if judged_by.tries > 0 {
            let mut write = self.write().await?;
            let update = "UPDATE member SET pin_tries = 0 WHERE person_id = $1 AND pin_tries = $2 AND pin_locked_until <= $3";
            let update = sqlx::query(update).bind(person.0).bind(judged_by.tries).bind(crate::millis(now));
            if update.execute(write.tx()).await?.rows_affected() == 0 {
                write.undo().await?;
                return Ok(None);
            }
            write.commit().await?;
        }
        Ok(Some(PinChecked::Right(PinProof { person, buyer: judged_by.buyer })))
    }

    async fn count_wrong(&self, person: PersonId, buckets: &[String; 2], now: Timestamp) -> Result<Option<PinChecked>> {
        let now_ms = crate::millis(now);
        let mut write = self.write().await?;
        // The last try locks, and the count begins anew for the time after.
        let update = "UPDATE member SET pin_tries = CASE WHEN pin_tries + 1 >= $3 THEN 0 ELSE pin_tries + 1 END, \
                      pin_locked_until = CASE WHEN pin_tries + 1 >= $3 THEN $4 ELSE pin_locked_until END \
                      WHERE person_id = $1 AND pin_locked_until <= $2 RETURNING pin_tries, pin_locked_until";
        let update = sqlx::query(update).bind(person.0).bind(now_ms).bind(Limits::TRIES_PER_PIN).bind(now_ms + Limits::PIN_LOCK_MS);
        let Some(row) = update.fetch_optional(write.tx()).await? else {
            write.undo().await?;
            return Ok(None);
        };
        let (tries, locked_until) = (row::int(&row, "pin_tries")?, row::int(&row, "pin_locked_until")?);
        for (limit, bucket) in [Limits::WRONG_PINS_PER_ADDRESS, Limits::WRONG_IN_ALL].iter().zip(buckets) {
            // Over the limit is seen by the next judgement.
            let _ = limit.count(write.tx(), bucket, now).await?;
        }
        write.commit().await?;
        Ok(Some(if now_ms < locked_until {
            PinChecked::Locked { until: crate::clock::at(locked_until) }
        } else {
            PinChecked::Wrong { tries_left: Limits::TRIES_PER_PIN - tries }
        }))
    }

    /// Changes the PIN of whoever proved the old one. The new one is chosen with [`Pin::choose`].
    pub async fn set_pin(&self, proof: PinProof, pin: &Pin) -> Result<()> {
        let salt = random::<16>();
        let mut write = self.write().await?;
        let update = "UPDATE member SET pin_salt = $2, pin_hash = $3, pin_tries = 0 WHERE person_id = $1";
        let update = sqlx::query(update).bind(proof.person.0).bind(salt.to_vec()).bind(self.pin_hash(&salt, pin));
        update.execute(write.tx()).await?;
        write.commit().await
    }

    pub(crate) fn pin_hash(&self, salt: &[u8], pin: &Pin) -> Vec<u8> {
        self.hash_of(salt, pin.expose_for_hashing())
    }

    fn hash_of(&self, salt: &[u8], pin: &[u8; 6]) -> Vec<u8> {
        self.keys().hash(Purpose::Pin, &[salt, pin]).to_vec()
    }
}
