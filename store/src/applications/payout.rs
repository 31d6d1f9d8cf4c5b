//! The account that a shop is paid out to. The bank has said that it is the person's; one won proves that the person gets at it: the
//! code stands in the name of its sender. Nothing of the code is kept: it is made of the transfer's id under the server's key, so the
//! same transfer can be sent again, word by word, when the bank did not answer.

use super::{Written, is_kept_up, why_not};
use crate::db::Store;
use crate::error::{Error, Result};
use crate::keys::Purpose;
use crate::limits::Limits;
use crate::people::{Bank, Language};
use crate::row;
use domain::application::{ApplicationRefused, WonCode};
use domain::{ApplicationId, MerchantId, PayoutCheckId, PersonId, Timestamp};

/// One won that an application waits for.
#[derive(Clone, PartialEq, Eq)]
pub struct OneWon {
    pub id: PayoutCheckId,
    pub masked: String,
    /// The bank has said that it did it.
    pub is_sent: bool,
    pub tries_left: i64,
    pub expires_at: Timestamp,
}

impl Store {
    /// Writes down that one won is about to be sent to `bank`, and gives its code. The same id for the same account again gives the same.
    pub async fn begin_one_won(
        &self,
        person: PersonId,
        id: ApplicationId,
        check: PayoutCheckId,
        bank: &Bank,
        now: Timestamp,
    ) -> Result<Written<WonCode>> {
        let (bank, now_ms) = (bank.plain(), crate::millis(now));
        let mut write = self.write().await?;
        // Also so that two at once come one after the other.
        let touch = concat!("UPDATE application SET changed_at = $3 WHERE id = $1 AND ", is_kept_up!());
        let touched = sqlx::query(touch).bind(id.0).bind(person.0).bind(now_ms).execute(write.tx()).await?.rows_affected();
        if touched == 0 {
            let why = why_not(&mut write, person, id).await?;
            write.undo().await?;
            return Ok(why.map(Err));
        }
        let known = sqlx::query("SELECT application_id, account, state FROM payout_check WHERE id = $1").bind(key(check));
        if let Some(row) = known.fetch_optional(write.tx()).await? {
            write.undo().await?;
            let is_same = row::int(&row, "application_id")? == id.0 && row::text(&row, "account")? == bank.account;
            return Ok(Some(match row::text(&row, "state")?.as_str() {
                _ if !is_same => Err(ApplicationRefused::IdReused),
                "rejected" => Err(ApplicationRefused::AccountRejects),
                _ => Ok(self.code_of(check)),
            }));
        }
        let bucket = self.bucket("one won:person", &person.to_string());
        if let Err(until) = Limits::ONE_WONS_PER_PERSON.count(write.tx(), &bucket, now).await? {
            write.undo().await?;
            return Ok(Some(Err(ApplicationRefused::TooOften { until })));
        }
        let insert =
            "INSERT INTO payout_check (id, application_id, account, masked, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)";
        let insert = sqlx::query(insert).bind(key(check)).bind(id.0).bind(bank.account).bind(bank.masked);
        insert.bind(now_ms).bind(now_ms + Limits::ONE_WON_LIFE_MS).execute(write.tx()).await?;
        write.commit().await?;
        Ok(Some(Ok(self.code_of(check))))
    }

    /// What the bank said of it, in so many words: sent, or not taken. (An unclear answer says nothing, and the code may still arrive.)
    pub async fn one_won_was_sent(&self, check: PayoutCheckId, is_taken: bool) -> Result<()> {
        let mut write = self.write().await?;
        let update = sqlx::query("UPDATE payout_check SET state = $2 WHERE id = $1 AND state = 'asked'").bind(key(check));
        update.bind(if is_taken { "sent" } else { "rejected" }).execute(write.tx()).await?;
        write.commit().await
    }

    /// The one won whose code is waited for.
    pub async fn one_won(&self, id: ApplicationId, now: Timestamp) -> Result<Option<OneWon>> {
        let select = "SELECT id, masked, state, tries, expires_at FROM payout_check WHERE application_id = $1 \
                      ORDER BY created_at DESC, id DESC LIMIT 1";
        let Some(row) = sqlx::query(select).bind(id.0).fetch_optional(self.reads()).await? else { return Ok(None) };
        let state = row::text(&row, "state")?;
        let check = OneWon {
            id: PayoutCheckId::from_bytes(&row::bytes(&row, "id")?).map_err(Error::damaged)?,
            masked: row::text(&row, "masked")?,
            is_sent: state == "sent",
            tries_left: (Limits::TRIES_PER_ONE_WON - row::int(&row, "tries")?).max(0),
            expires_at: row::time(&row, "expires_at")?,
        };
        let is_waited_for = ["asked", "sent"].contains(&state.as_str()) && check.tries_left > 0 && now < check.expires_at;
        Ok(is_waited_for.then_some(check))
    }

    /// Judges the code as typed. The try is counted before, and the judging goes on when the caller hangs up.
    pub async fn confirm_one_won(&self, person: PersonId, id: ApplicationId, code: Option<WonCode>, now: Timestamp) -> Result<Written<()>> {
        let store = self.clone();
        self.to_the_end(async move { store.judge_one_won(person, id, code, now).await }).await
    }

    async fn judge_one_won(&self, person: PersonId, id: ApplicationId, code: Option<WonCode>, now: Timestamp) -> Result<Written<()>> {
        let now_ms = crate::millis(now);
        let mut write = self.write().await?;
        let touch = concat!("UPDATE application SET changed_at = $3 WHERE id = $1 AND ", is_kept_up!());
        let touched = sqlx::query(touch).bind(id.0).bind(person.0).bind(now_ms).execute(write.tx()).await?.rows_affected();
        if touched == 0 {
            let why = why_not(&mut write, person, id).await?;
            write.undo().await?;
            return Ok(why.map(Err));
        }
        let count = "UPDATE payout_check SET tries = tries + 1 WHERE id = \
                     (SELECT id FROM payout_check WHERE application_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1) \
                     AND state IN ('asked', 'sent') AND expires_at > $2 AND tries < $3 RETURNING id, account, masked, tries";
        let count = sqlx::query(count).bind(id.0).bind(now_ms).bind(Limits::TRIES_PER_ONE_WON);
        let Some(row) = count.fetch_optional(write.tx()).await? else {
            write.undo().await?;
            return Ok(Some(Err(ApplicationRefused::NoCode)));
        };
        let check = PayoutCheckId::from_bytes(&row::bytes(&row, "id")?).map_err(Error::damaged)?;
        if code != Some(self.code_of(check)) {
            write.commit().await?;
            let tries_left = (Limits::TRIES_PER_ONE_WON - row::int(&row, "tries")?).max(0);
            return Ok(Some(Err(ApplicationRefused::CodeWrong { tries_left: u32::try_from(tries_left).unwrap_or(0) })));
        }
        sqlx::query("UPDATE payout_check SET state = 'verified' WHERE id = $1").bind(key(check)).execute(write.tx()).await?;
        let update = sqlx::query("UPDATE application SET payout_account = $2, payout_masked = $3 WHERE id = $1").bind(id.0);
        let (account, masked) = (row::text(&row, "account")?, row::text(&row, "masked")?);
        update.bind(account.clone()).bind(masked.clone()).execute(write.tx()).await?;
        // An open shop is paid out to it from now on, and whoever owns it is told.
        let update = "UPDATE merchant SET payout_account = $2 \
                      WHERE id = (SELECT merchant_id FROM application WHERE id = $1 AND stage = 'approved') RETURNING id, name";
        let update = sqlx::query(update).bind(id.0).bind(account).fetch_optional(write.tx()).await?;
        if let Some(shop) = update {
            // Also an account that none of them has chosen is found out so.
            let (merchant, shop) = (MerchantId(row::int(&shop, "id")?), row::text(&shop, "name")?);
            self.tell_owners(&mut write, merchant, |language| changed_account(language, &shop, &masked), now).await?;
        }
        write.commit().await?;
        Ok(Some(Ok(())))
    }

    fn code_of(&self, check: PayoutCheckId) -> WonCode {
        WonCode::from_hash(&self.keys().hash(Purpose::OneWon, &[check.uuid().as_bytes()]))
    }
}

fn changed_account(language: Language, shop: &str, masked: &str) -> String {
    match language {
        Language::Ko => {
            format!("[Pay+] {shop} 가게의 정산 계좌가 {masked} 계좌로 바뀌었어요. 직접 바꾸지 않았다면 다산콜 120으로 알려 주세요.")
        }
        Language::En => format!("[Pay+] {shop} is paid out to {masked} from now on. If that was not you, call 120."),
    }
}

fn key(check: PayoutCheckId) -> Vec<u8> {
    check.uuid().as_bytes().to_vec()
}
