//! Enrolling: how a person becomes a member, and the way back for one whose phone or PIN is lost. Phone, identity and PIN are
//! gathered page by page under a token; [`Store::finish_enrolment`] makes the member of them in one transaction.
//!
//! Who wins when two claim the same thing:
//! - **The person is a member already** (same CI): identity was verified just now, so the account is theirs. Phone and PIN are
//!   replaced, a lock of the PIN ends, all sessions and known devices end. Money, language and bank account stay.
//! - **The phone is another member's**: carriers give numbers to new owners, and this one was proven by a code just now. The other
//!   account loses the number (it holds `gone:<person>` instead) and nothing else: its sessions prove the other person, not
//!   the number. It comes back with its own identity and its own phone.

use crate::codes::PhoneProof;
use crate::db::{Store, Write};
use crate::error::Result;
use crate::keys::Purpose;
use crate::limits::Limits;
use crate::people::Bank;
use crate::plain;
use crate::row;
use crate::tokens::{Token, TokenOf, random};
use domain::phone::Phone;
use domain::pin::Pin;
use domain::{PersonId, Timestamp};
use jiff::civil::Date;
use sqlx::Row;
use sqlx::any::AnyRow;

/// From the first page to the last.
pub const ENROLMENT_LIFE_MS: i64 = 30 * 60_000;
const NAME_CHARS: usize = 100;
/// Two enrolments that want each other's phone can only be told apart by trying again.
const ROUNDS: u32 = 5;

/// An enrolment between its pages. Personal, so it does not debug.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolment {
    pub phone: Phone,
    /// Was the phone proven by a code?
    pub phone_proven: bool,
    pub identity: Option<Identity>,
    pub pin_set: bool,
}

impl std::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Enrolment(hidden)")
    }
}

/// What the identity provider said, as far as it is kept in clear.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    pub name: String,
    pub birth_date: Date,
}

/// The step was not taken.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum EnrolmentRefused {
    /// No such enrolment, or it took too long: begin again.
    Gone,
    /// A step before this one is missing.
    OutOfOrder,
}

type Stepped = Result<Result<(), EnrolmentRefused>>;

impl Store {
    /// The phone as typed, not proven yet.
    pub async fn begin_enrolment(&self, phone: Phone, now: Timestamp) -> Result<Token> {
        let (token, now_ms) = (Token::random(), crate::millis(now));
        let mut write = self.write().await?;
        let insert = "INSERT INTO enrolment (id, token_hash, phone, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)";
        let insert = sqlx::query(insert).bind(self.next_id(now)).bind(self.enrolment_hash(&token)).bind(phone.digits());
        insert.bind(now_ms).bind(now_ms + ENROLMENT_LIFE_MS).execute(write.tx()).await?;
        write.commit().await?;
        Ok(token)
    }

    /// `None`: no such enrolment, or it is over.
    pub async fn enrolment(&self, token: &Token, now: Timestamp) -> Result<Option<Enrolment>> {
        let select = "SELECT * FROM enrolment WHERE token_hash = $1 AND expires_at > $2 AND person_id IS NULL";
        let select = sqlx::query(select).bind(self.enrolment_hash(token)).bind(crate::millis(now));
        select.fetch_optional(self.reads()).await?.as_ref().map(enrolment).transpose()
    }

    /// The phone was proven by a code. Another phone than the one it began with is [`EnrolmentRefused::OutOfOrder`].
    pub async fn verify_phone(&self, token: &Token, proof: &PhoneProof, now: Timestamp) -> Stepped {
        let mut write = self.write().await?;
        let update = "UPDATE enrolment SET phone_verified_at = $3 \
                      WHERE token_hash = $1 AND expires_at > $3 AND person_id IS NULL AND phone = $2";
        let update = sqlx::query(update).bind(self.enrolment_hash(token)).bind(proof.phone().digits()).bind(crate::millis(now));
        let steps = update.execute(write.tx()).await?.rows_affected();
        self.stepped(write, steps, token, now).await
    }

    /// Counts one asking of the identity provider. `Err` with the time from which on it may be asked again.
    pub async fn count_identity(&self, phone: Phone, now: Timestamp) -> Result<Result<(), Timestamp>> {
        let mut write = self.write().await?;
        let bucket = self.bucket("identity:phone", &phone.digits());
        let counted = Limits::IDENTITIES_PER_PHONE.count(write.tx(), &bucket, now).await?;
        write.commit().await?;
        Ok(counted)
    }

    /// What the identity provider said. `ci` is kept as a keyed hash only. A PIN chosen before is forgotten, since it was
    /// checked against another birth date.
    pub async fn set_identity(&self, token: &Token, identity: &Identity, ci: &str, now: Timestamp) -> Stepped {
        let mut write = self.write().await?;
        let update = "UPDATE enrolment SET person_key = $2, name = $3, birth_date = $4, pin_salt = NULL, pin_hash = NULL \
                      WHERE token_hash = $1 AND expires_at > $5 AND person_id IS NULL AND phone_verified_at IS NOT NULL";
        let person_key = self.keys().hash(Purpose::PersonKey, &[ci.as_bytes()]).to_vec();
        let update = sqlx::query(update).bind(self.enrolment_hash(token)).bind(person_key);
        let update = update.bind(plain::line(&identity.name, NAME_CHARS)).bind(row::yyyymmdd(identity.birth_date));
        let steps = update.bind(crate::millis(now)).execute(write.tx()).await?.rows_affected();
        self.stepped(write, steps, token, now).await
    }

    /// The bank account, masked, that the verified person has linked already: on the way back it can be kept.
    pub async fn account_of_enrolment(&self, token: &Token, now: Timestamp) -> Result<Option<String>> {
        let select = "SELECT member.bank_masked FROM enrolment JOIN person ON person.person_key = enrolment.person_key \
                      JOIN member ON member.person_id = person.id \
                      WHERE enrolment.token_hash = $1 AND enrolment.expires_at > $2 AND enrolment.person_id IS NULL";
        let select = sqlx::query(select).bind(self.enrolment_hash(token)).bind(crate::millis(now));
        let row = select.fetch_optional(self.reads()).await?;
        Ok(row.map(|row| row::text_if_any(&row, "bank_masked")).transpose()?.flatten())
    }

    /// The PIN, chosen with [`Pin::choose`] against this enrolment's birth date and phone.
    pub async fn set_enrolment_pin(&self, token: &Token, pin: &Pin, now: Timestamp) -> Stepped {
        let salt = random::<16>();
        let mut write = self.write().await?;
        let update = "UPDATE enrolment SET pin_salt = $2, pin_hash = $3 \
                      WHERE token_hash = $1 AND expires_at > $4 AND person_id IS NULL AND person_key IS NOT NULL";
        let update = sqlx::query(update).bind(self.enrolment_hash(token)).bind(salt.to_vec()).bind(self.pin_hash(&salt, pin));
        let steps = update.bind(crate::millis(now)).execute(write.tx()).await?.rows_affected();
        self.stepped(write, steps, token, now).await
    }

    /// Makes the member, or gives a member the account back; see the head of this file. A bank account may be linked at once or
    /// later. Sent twice (a double tap), the second gets the first's answer.
    pub async fn finish_enrolment(&self, token: &Token, bank: Option<&Bank>, now: Timestamp) -> Result<Result<PersonId, EnrolmentRefused>> {
        let mut round = 1;
        loop {
            match self.try_to_finish(token, bank, now).await {
                Err(error) if error.is_race() && round < ROUNDS => round += 1,
                answer => return answer,
            }
        }
    }

    async fn try_to_finish(&self, token: &Token, bank: Option<&Bank>, now: Timestamp) -> Result<Result<PersonId, EnrolmentRefused>> {
        let mut write = self.write().await?;
        // An update that changes nothing locks the row on both engines: a second tap waits here for the first.
        let take = "UPDATE enrolment SET expires_at = expires_at WHERE token_hash = $1 AND expires_at > $2 RETURNING *";
        let take = sqlx::query(take).bind(self.enrolment_hash(token)).bind(crate::millis(now));
        let Some(row) = take.fetch_optional(write.tx()).await? else {
            write.undo().await?;
            return Ok(Err(EnrolmentRefused::Gone));
        };
        if let Some(person) = row.try_get::<Option<i64>, _>("person_id")? {
            write.undo().await?;
            return Ok(Ok(PersonId(person)));
        }
        let taken = enrolment(&row)?;
        let (true, Some(identity), true) = (taken.phone_proven, &taken.identity, taken.pin_set) else {
            write.undo().await?;
            return Ok(Err(EnrolmentRefused::OutOfOrder));
        };
        let person = self.upsert_person(&mut write, &row::bytes(&row, "person_key")?, identity, now).await?;
        for statement in ["DELETE FROM session WHERE person_id = $1", "DELETE FROM known_device WHERE person_id = $1"] {
            sqlx::query(statement).bind(person.0).execute(write.tx()).await?;
        }
        write.ends_something_of(person);
        let release = "UPDATE member SET phone = 'gone:' || CAST(person_id AS TEXT) WHERE phone = $1 AND person_id <> $2";
        sqlx::query(release).bind(taken.phone.digits()).bind(person.0).execute(write.tx()).await?;
        let upsert = "INSERT INTO member (person_id, phone, pin_salt, pin_hash, bank_account, bank_masked, created_at) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (person_id) DO UPDATE SET phone = excluded.phone, \
                      pin_salt = excluded.pin_salt, pin_hash = excluded.pin_hash, pin_tries = 0, pin_locked_until = 0, \
                      bank_account = COALESCE(excluded.bank_account, member.bank_account), \
                      bank_masked = COALESCE(excluded.bank_masked, member.bank_masked)";
        let upsert = sqlx::query(upsert).bind(person.0).bind(taken.phone.digits());
        let upsert = upsert.bind(row::bytes(&row, "pin_salt")?).bind(row::bytes(&row, "pin_hash")?);
        let bank = bank.map(Bank::plain);
        let upsert = upsert.bind(bank.as_ref().map(|bank| bank.account.clone())).bind(bank.map(|bank| bank.masked));
        upsert.bind(crate::millis(now)).execute(write.tx()).await?;
        let done = sqlx::query("UPDATE enrolment SET person_id = $2 WHERE id = $1").bind(row::int(&row, "id")?);
        done.bind(person.0).execute(write.tx()).await?;
        write.commit().await?;
        Ok(Ok(person))
    }

    /// The row of a human, made when there is none. Name and birth date follow the provider: people change their names.
    pub(crate) async fn upsert_person(&self, write: &mut Write, key: &[u8], identity: &Identity, now: Timestamp) -> Result<PersonId> {
        let upsert = "INSERT INTO person (id, person_key, name, birth_date, created_at) VALUES ($1, $2, $3, $4, $5) \
                      ON CONFLICT (person_key) DO UPDATE SET name = excluded.name, birth_date = excluded.birth_date RETURNING id";
        let upsert = sqlx::query(upsert).bind(self.next_id(now)).bind(key).bind(identity.name.as_str());
        let upsert = upsert.bind(row::yyyymmdd(identity.birth_date)).bind(crate::millis(now));
        Ok(PersonId(row::int(&upsert.fetch_one(write.tx()).await?, "id")?))
    }

    /// Commits a step that was taken, or says why it wasn't.
    async fn stepped(&self, mut write: Write, steps: u64, token: &Token, now: Timestamp) -> Stepped {
        if steps > 0 {
            write.commit().await?;
            return Ok(Ok(()));
        }
        let select = "SELECT COUNT(*) AS count FROM enrolment WHERE token_hash = $1 AND expires_at > $2 AND person_id IS NULL";
        let select = sqlx::query(select).bind(self.enrolment_hash(token)).bind(crate::millis(now));
        let alive = row::int(&select.fetch_one(write.tx()).await?, "count")? > 0;
        write.undo().await?;
        Ok(Err(if alive { EnrolmentRefused::OutOfOrder } else { EnrolmentRefused::Gone }))
    }

    fn enrolment_hash(&self, token: &Token) -> Vec<u8> {
        token.hash(self.keys(), TokenOf::Enrolment)
    }
}

fn enrolment(row: &AnyRow) -> Result<Enrolment> {
    let name = row::text_if_any(row, "name")?;
    let birth_date = row.try_get::<Option<i64>, _>("birth_date")?;
    let birth_date = birth_date.map(|date| row::date_of(date).ok_or_else(|| row::damaged("birth_date"))).transpose()?;
    Ok(Enrolment {
        phone: row::parsed(row, "phone", |text| Phone::parse(text).ok())?,
        phone_proven: row.try_get::<Option<i64>, _>("phone_verified_at")?.is_some(),
        identity: name.zip(birth_date).map(|(name, birth_date)| Identity { name, birth_date }),
        pin_set: row.try_get::<Option<Vec<u8>>, _>("pin_hash")?.is_some(),
    })
}
