//! Payouts on their way through the bank. What the bank is asked is written down before it is asked: a crash in between leaves an open
//! try, which is asked about. A new try needs the bank's "rejected" about the last one; the index `payout_try_live` says so too.

use super::{Posting, post};
use crate::city::{Action, OperatorProof, log, subject};
use crate::db::{Store, Write};
use crate::error::{Error, Result};
use crate::row;
use crate::staff::StaffProof;
use crate::tokens::random;
use domain::buying::{BankReason, BankSays};
use domain::calendar::Day;
use domain::ledger::Transfer;
use domain::merchant::Role as StaffRole;
use domain::operator::Role;
use domain::plan::PlanRefused;
use domain::settling::payout::{self, Next, PayoutState};
use domain::{MerchantId, PayoutId, PayoutTryId, Timestamp, Won};
use serde_json::json;
use sqlx::any::AnyRow;

/// Somebody who takes a payout has this long to bring the bank's answer; then another asks what became of it.
const CLAIM_MS: i64 = 30_000;
/// A shop without an account to pay to.
const NO_ACCOUNT: &str = "no_account";

/// What the bank is to be asked.
#[derive(Clone, PartialEq, Eq)]
pub struct PayoutOrder {
    pub payout: PayoutId,
    /// The bank's key of idempotency.
    pub id: PayoutTryId,
    pub merchant: MerchantId,
    pub day: Day,
    pub account: String,
    pub amount: Won,
    pub act: PayoutAct,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum PayoutAct {
    /// For the first time.
    Send,
    /// It may have been sent: ask what became of it, and send it again only when the bank has never heard of it.
    Ask,
}

/// `$1`: now, `$2`: the end of the claim, `$3`: how many. The condition stands twice: inside it chooses, outside it holds when another
/// worker was quicker.
const CLAIM: &str = "UPDATE payout SET due_at = $2 WHERE due_at <= $1 AND id IN \
     (SELECT id FROM payout WHERE due_at <= $1 ORDER BY due_at LIMIT $3) RETURNING id";
const CLAIMED: &str = "SELECT payout.merchant_id, payout.day, payout.amount, merchant.payout_account, open.id AS open_id, \
     open.account AS open_account, (SELECT COUNT(*) FROM payout_try WHERE payout_id = payout.id) AS tries \
     FROM payout JOIN merchant ON merchant.id = payout.merchant_id \
     LEFT JOIN payout_try open ON open.payout_id = payout.id AND open.state = 'open' WHERE payout.id = $1";
/// Those whose shop has another account than the one that was tried last.
macro_rules! may_resume {
    () => {
        "state = 'stopped' AND EXISTS (SELECT 1 FROM merchant WHERE merchant.id = payout.merchant_id AND merchant.payout_account IS NOT NULL \
         AND merchant.payout_account <> COALESCE((SELECT account FROM payout_try WHERE payout_id = payout.id \
         ORDER BY number DESC LIMIT 1), ''))"
    };
}
const RESUME: &str = concat!("UPDATE payout SET state = 'waiting', rejections = 0, reason = NULL, due_at = $1 WHERE ", may_resume!());
const IS_ANYTHING_DUE: &str = concat!(
    "SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM payout WHERE due_at <= $1 LIMIT 1) x) + (SELECT COUNT(*) FROM payout WHERE ",
    may_resume!(),
    ") AS due"
);
/// Only between tries: while one is open nobody knows whether it is paid. Nothing is paid before its day.
const RETRY: &str = "UPDATE payout SET state = 'waiting', rejections = 0, reason = NULL, due_at = $3 WHERE merchant_id = $1 AND day = $2 \
     AND (state = 'stopped' OR (state = 'waiting' AND rejections > 0)) RETURNING amount";

impl Store {
    /// Takes up to `most` payouts whose time has come; each is the caller's for half a minute. Their tries are written down.
    pub async fn claim_payouts(&self, most: i64, now: Timestamp) -> Result<Vec<PayoutOrder>> {
        let now_ms = crate::millis(now);
        // Mostly there is nothing to do: then nobody writes.
        let row = sqlx::query(IS_ANYTHING_DUE).bind(now_ms).fetch_one(self.reads()).await?;
        if row::int(&row, "due")? == 0 {
            return Ok(Vec::new());
        }
        let mut write = self.write().await?;
        sqlx::query(RESUME).bind(now_ms).execute(write.tx()).await?;
        let claimed = sqlx::query(CLAIM).bind(now_ms).bind(now_ms + CLAIM_MS).bind(most).fetch_all(write.tx()).await?;
        let mut orders = Vec::with_capacity(claimed.len());
        for row in &claimed {
            let payout = payout_id(row, "id")?;
            let row = sqlx::query(CLAIMED).bind(bytes(payout)).fetch_one(write.tx()).await?;
            orders.extend(order(&mut write, payout, &row, now_ms).await?);
        }
        write.commit().await?;
        Ok(orders)
    }

    /// What the bank says of a try. The state that the payout is in now; a word about a try that is decided changes nothing.
    pub async fn payout_said(&self, order: &PayoutOrder, says: BankSays, now: Timestamp) -> Result<PayoutState> {
        let now_ms = crate::millis(now);
        let mut write = self.write().await?;
        // Holds the row, so that two answers come one after the other.
        let hold = "UPDATE payout SET asked = asked WHERE id = $1 RETURNING state, rejections, asked";
        let row = sqlx::query(hold).bind(bytes(order.payout)).fetch_one(write.tx()).await?;
        let is_open = "SELECT COUNT(*) AS open FROM payout_try WHERE id = $1 AND state = 'open'";
        let is_open = sqlx::query(is_open).bind(order.id.uuid().as_bytes().to_vec()).fetch_one(write.tx()).await?;
        if row::int(&is_open, "open")? == 0 {
            write.undo().await?;
            return row::parsed(&row, "state", PayoutState::parse);
        }
        let (rejections, asked) = (row::int(&row, "rejections")?, row::int(&row, "asked")?);
        let state = match payout::next(says, rejections, asked) {
            Next::Pay => {
                decide(&mut write, order, "done", None, now_ms).await?;
                let transfer = Transfer::payout(order.merchant, order.amount).map_err(Error::damaged)?;
                post(&mut write, &[Posting { id: self.next_id(now), subject: bytes(order.payout), transfer }], now_ms).await?;
                let update = "UPDATE payout SET state = 'paid', due_at = NULL, paid_at = $2 WHERE id = $1";
                sqlx::query(update).bind(bytes(order.payout)).bind(now_ms).execute(write.tx()).await?;
                PayoutState::Paid
            }
            Next::TryAgain { after_ms, reason } => {
                decide(&mut write, order, "rejected", Some(reason), now_ms).await?;
                rejected(&mut write, order, PayoutState::Waiting, reason, Some(now_ms + after_ms)).await?
            }
            Next::Stop { reason } => {
                decide(&mut write, order, "rejected", Some(reason), now_ms).await?;
                rejected(&mut write, order, PayoutState::Stopped, reason, None).await?
            }
            Next::Ask { after_ms } => {
                let update = "UPDATE payout SET state = 'unknown', asked = asked + 1, due_at = $2 WHERE id = $1";
                sqlx::query(update).bind(bytes(order.payout)).bind(now_ms + after_ms).execute(write.tx()).await?;
                PayoutState::Unknown
            }
        };
        write.commit().await?;
        Ok(state)
    }

    /// The city tries a rejected payout again now. `false`: there is nothing to try (paid, under way, or not due yet).
    pub async fn retry_payout(
        &self,
        by: &OperatorProof,
        merchant: MerchantId,
        day: Day,
        now: Timestamp,
    ) -> Result<Result<bool, PlanRefused>> {
        if let Err(refused) = by.needs(Role::Controller) {
            return Ok(Err(refused));
        }
        let mut write = self.write().await?;
        let Some(amount) = retry(&mut write, merchant, day, now).await? else {
            write.undo().await?;
            return Ok(Ok(false));
        };
        let detail = json!({ "day": day.0, "amount": amount });
        log(&mut write, Some(by.id()), Action::PayoutRetried, &subject("shop", merchant.0), detail, now).await?;
        write.commit().await?;
        Ok(Ok(true))
    }

    /// The same by the shop's owner. `false` also for everybody else.
    pub async fn retry_own_payout(&self, by: &StaffProof, day: Day, now: Timestamp) -> Result<bool> {
        if by.role() != StaffRole::Owner {
            return Ok(false);
        }
        let mut write = self.write().await?;
        let retried = retry(&mut write, by.merchant(), day, now).await?.is_some();
        write.commit().await?;
        Ok(retried)
    }
}

async fn retry(write: &mut Write, merchant: MerchantId, day: Day, now: Timestamp) -> Result<Option<i64>> {
    let row = sqlx::query(RETRY).bind(merchant.0).bind(i64::from(day.0)).bind(crate::millis(now)).fetch_optional(write.tx()).await?;
    row.map(|row| row::int(&row, "amount")).transpose()
}

/// Asks about the open try, or begins a new one. `None`: the shop has no account.
async fn order(write: &mut Write, payout: PayoutId, row: &AnyRow, now_ms: i64) -> Result<Option<PayoutOrder>> {
    let (merchant, day) = (MerchantId(row::int(row, "merchant_id")?), super::door::day(row::int(row, "day")?)?);
    let amount = row::won(row, "amount")?;
    if let Some(open) = sqlx::Row::try_get::<Option<Vec<u8>>, _>(row, "open_id")? {
        let id = PayoutTryId::from_bytes(&open).map_err(|_| row::damaged("payout_try.id"))?;
        let account = row::text(row, "open_account")?;
        return Ok(Some(PayoutOrder { payout, id, merchant, day, account, amount, act: PayoutAct::Ask }));
    }
    let Some(account) = row::text_if_any(row, "payout_account")? else {
        let update = "UPDATE payout SET state = 'stopped', reason = $2, due_at = NULL WHERE id = $1";
        sqlx::query(update).bind(bytes(payout)).bind(NO_ACCOUNT).execute(write.tx()).await?;
        return Ok(None);
    };
    let id = PayoutTryId::from_parts(now_ms.unsigned_abs(), random());
    let insert = "INSERT INTO payout_try (id, payout_id, number, account, state, begun_at) VALUES ($1, $2, $3, $4, 'open', $5)";
    let insert = sqlx::query(insert).bind(id.uuid().as_bytes().to_vec()).bind(bytes(payout)).bind(row::int(row, "tries")? + 1);
    insert.bind(account.clone()).bind(now_ms).execute(write.tx()).await?;
    let update = sqlx::query("UPDATE payout SET state = 'sent', asked = 0 WHERE id = $1");
    update.bind(bytes(payout)).execute(write.tx()).await?;
    Ok(Some(PayoutOrder { payout, id, merchant, day, account, amount, act: PayoutAct::Send }))
}

async fn decide(write: &mut Write, order: &PayoutOrder, state: &str, reason: Option<BankReason>, now_ms: i64) -> Result<()> {
    let update = "UPDATE payout_try SET state = $2, reason = $3, decided_at = $4 WHERE id = $1";
    let update = sqlx::query(update).bind(order.id.uuid().as_bytes().to_vec()).bind(state.to_owned());
    update.bind(reason.map(BankReason::as_str)).bind(now_ms).execute(write.tx()).await?;
    Ok(())
}

async fn rejected(
    write: &mut Write,
    order: &PayoutOrder,
    state: PayoutState,
    reason: BankReason,
    due_ms: Option<i64>,
) -> Result<PayoutState> {
    let update = "UPDATE payout SET state = $2, reason = $3, due_at = $4, rejections = rejections + 1 WHERE id = $1";
    let update = sqlx::query(update).bind(bytes(order.payout)).bind(state.as_str()).bind(reason.as_str());
    update.bind(due_ms).execute(write.tx()).await?;
    Ok(state)
}

fn bytes(payout: PayoutId) -> Vec<u8> {
    payout.uuid().as_bytes().to_vec()
}

pub(super) fn payout_id(row: &AnyRow, column: &str) -> Result<PayoutId> {
    PayoutId::from_bytes(&row::bytes(row, column)?).map_err(|_| row::damaged("payout.id"))
}
