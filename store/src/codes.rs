//! One-time codes by SMS: proof that somebody holds a phone. Nothing here looks whether the phone belongs to a member, except
//! for the language of the message, so no answer tells.

use crate::db::Store;
use crate::error::Result;
use crate::keys::Purpose;
use crate::limits::Limits;
use crate::people::Language;
use crate::row;
use domain::Timestamp;
use domain::phone::Phone;
use rand::rngs::OsRng;
use rand::{Rng, TryRngCore};
use sqlx::{AnyConnection, Row};
use subtle::ConstantTimeEq;

/// The outbox topic of text messages. The body is `{"to": "01012345678", "text": "..."}`.
pub const SMS: &str = "sms";

/// Proof that the caller read a code sent to this phone a moment ago. Made by [`Store::check_code`] only.
pub struct PhoneProof {
    phone: Phone,
}

impl PhoneProof {
    pub fn phone(&self) -> Phone {
        self.phone
    }
}

impl std::fmt::Debug for PhoneProof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PhoneProof")
    }
}

/// A code is on its way.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct CodeSent {
    pub expires_at: Timestamp,
    /// When another may be asked for.
    pub again_at: Timestamp,
}

/// No code was sent.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum CodeRefused {
    /// The last one is only seconds old.
    TooSoon { again_at: Timestamp },
    /// Too many for this phone, from this address, or in all.
    TooMany { until: Timestamp },
}

#[derive(Debug)]
pub enum CodeChecked {
    Right(PhoneProof),
    /// `tries_left` 0: only a new code helps.
    Wrong {
        tries_left: i64,
    },
    /// No code is waiting for this phone: none was sent, or it is too old or used.
    Expired,
    /// Too many wrong tries. From `until` on a new code may be asked for.
    TooMany {
        until: Timestamp,
    },
}

impl Store {
    /// Sends a code: the row and the message are one transaction. `address` is that of the caller (IP).
    pub async fn send_code(&self, phone: Phone, address: &str, now: Timestamp) -> Result<Result<CodeSent, CodeRefused>> {
        let now_ms = crate::millis(now);
        let mut write = self.write().await?;
        // The phone's bucket comes first: two codes for one phone wait for each other here.
        let buckets = [
            (Limits::CODES_PER_PHONE, self.bucket("code:phone", &phone.digits())),
            (Limits::CODES_PER_ADDRESS, self.bucket("code:address", address)),
            (Limits::CODES_IN_ALL, "code:all".to_owned()),
        ];
        for (at, (limit, bucket)) in buckets.iter().enumerate() {
            if let Err(until) = limit.count(write.tx(), bucket, now).await? {
                write.undo().await?;
                return Ok(Err(CodeRefused::TooMany { until }));
            }
            if at == 0
                && let Some(again_at) = newest(write.tx(), phone).await?.map(gap_after).filter(|again_at| now < *again_at)
            {
                write.undo().await?;
                return Ok(Err(CodeRefused::TooSoon { again_at }));
            }
        }
        let (id, code) = (self.next_id(now), format!("{:06}", OsRng.unwrap_err().random_range(0..1_000_000)));
        let insert = "INSERT INTO phone_code (id, phone, code_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)";
        let insert = sqlx::query(insert).bind(id).bind(phone.digits()).bind(self.code_hash(id, phone, &code));
        insert.bind(now_ms).bind(now_ms + Limits::CODE_LIFE_MS).execute(write.tx()).await?;
        let body = serde_json::json!({ "to": phone.digits(), "text": message(language_of(write.tx(), phone).await?, &code) });
        write.put_effect(SMS, &body, id, now).await?;
        write.commit().await?;
        Ok(Ok(CodeSent { expires_at: crate::clock::at(now_ms + Limits::CODE_LIFE_MS), again_at: gap_after(now) }))
    }

    /// When another code may be asked for: in the past when that is now. Tells nothing about members.
    pub async fn code_again_at(&self, phone: Phone) -> Result<Option<Timestamp>> {
        let select = "SELECT MAX(created_at) AS created_at FROM phone_code WHERE phone = $1";
        let row = sqlx::query(select).bind(phone.digits()).fetch_one(self.reads()).await?;
        let sent_at: Option<i64> = row.try_get("created_at")?;
        Ok(sent_at.map(|sent_at| gap_after(crate::clock::at(sent_at))))
    }

    /// Judges a code as typed. The try is counted before it is judged, and the judging goes on when the caller hangs up: neither
    /// haste nor two at once win a sixth try. A right code is used up; of two at once one wins.
    pub async fn check_code(&self, phone: Phone, code: &str, address: &str, now: Timestamp) -> Result<CodeChecked> {
        let (store, code, address) = (self.clone(), code.trim().to_owned(), address.to_owned());
        self.to_the_end(async move { store.judge_code(phone, &code, &address, now).await }).await
    }

    async fn judge_code(&self, phone: Phone, code: &str, address: &str, now: Timestamp) -> Result<CodeChecked> {
        let now_ms = crate::millis(now);
        let buckets = [
            (Limits::WRONG_CODES_PER_ADDRESS, self.bucket("wrong code:address", address)),
            (Limits::WRONG_IN_ALL, "wrong code:all".to_owned()),
        ];
        let mut write = self.write().await?;
        for (limit, bucket) in &buckets {
            if let Err(until) = limit.look(write.tx(), bucket, now).await? {
                write.undo().await?;
                return Ok(CodeChecked::TooMany { until });
            }
        }
        let count = "UPDATE phone_code SET tries = tries + 1 \
                     WHERE id = (SELECT id FROM phone_code WHERE phone = $1 ORDER BY id DESC LIMIT 1) \
                     AND used_at IS NULL AND expires_at > $2 AND tries < $3 RETURNING id, code_hash, tries";
        let count = sqlx::query(count).bind(phone.digits()).bind(now_ms).bind(Limits::TRIES_PER_CODE);
        let Some(newest) = count.fetch_optional(write.tx()).await? else {
            let why = self.why_no_code(write.tx(), phone, now).await?;
            write.undo().await?;
            return Ok(why);
        };
        let (id, tries) = (row::int(&newest, "id")?, row::int(&newest, "tries")?);
        let is_right: bool = self.code_hash(id, phone, code).ct_eq(&row::bytes(&newest, "code_hash")?).into();
        if is_right {
            sqlx::query("UPDATE phone_code SET used_at = $2 WHERE id = $1").bind(id).bind(now_ms).execute(write.tx()).await?;
        } else {
            for (limit, bucket) in &buckets {
                // Over the limit is seen by the next look.
                let _ = limit.count(write.tx(), bucket, now).await?;
            }
        }
        write.commit().await?;
        if is_right {
            return Ok(CodeChecked::Right(PhoneProof { phone }));
        }
        Ok(CodeChecked::Wrong { tries_left: (Limits::TRIES_PER_CODE - tries).max(0) })
    }

    async fn why_no_code(&self, tx: &mut AnyConnection, phone: Phone, now: Timestamp) -> Result<CodeChecked> {
        let select = "SELECT created_at FROM phone_code WHERE id = (SELECT MAX(id) FROM phone_code WHERE phone = $1) \
                      AND used_at IS NULL AND expires_at > $2";
        let spent = sqlx::query(select).bind(phone.digits()).bind(crate::millis(now)).fetch_optional(tx).await?;
        Ok(match spent {
            Some(row) => CodeChecked::TooMany { until: gap_after(row::time(&row, "created_at")?) },
            None => CodeChecked::Expired,
        })
    }

    fn code_hash(&self, id: i64, phone: Phone, code: &str) -> Vec<u8> {
        self.keys().hash(Purpose::PhoneCode, &[&id.to_be_bytes(), phone.digits().as_bytes(), code.as_bytes()]).to_vec()
    }
}

/// When the newest code of a phone was sent.
async fn newest(tx: &mut AnyConnection, phone: Phone) -> Result<Option<Timestamp>> {
    let select = "SELECT created_at FROM phone_code WHERE phone = $1 ORDER BY id DESC LIMIT 1";
    let row = sqlx::query(select).bind(phone.digits()).fetch_optional(tx).await?;
    row.map(|row| row::time(&row, "created_at")).transpose()
}

fn gap_after(sent_at: Timestamp) -> Timestamp {
    crate::clock::at(crate::millis(sent_at) + Limits::CODE_GAP_MS)
}

async fn language_of(tx: &mut AnyConnection, phone: Phone) -> Result<Language> {
    let row = sqlx::query("SELECT language FROM member WHERE phone = $1").bind(phone.digits()).fetch_optional(tx).await?;
    row.map_or(Ok(Language::Ko), |row| row::parsed(&row, "language", Language::parse))
}

fn message(language: Language, code: &str) -> String {
    match language {
        Language::Ko => format!("[Pay+] 인증번호 {code} (3분 안에 입력해 주세요)"),
        Language::En => format!("[Pay+] Your code is {code} (good for 3 minutes)"),
    }
}
