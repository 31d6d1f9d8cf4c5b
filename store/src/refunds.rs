//! Refunds of lots: what the till is asked for, what the bank is asked then, and what of it is shown.

use crate::db::Store;
use crate::error::Result;
use crate::history::{Mark, page_size};
use crate::pins::PinProof;
use crate::row::{self, kind_columns};
use domain::buying::BankReason;
use domain::kind::Price;
use domain::refunding::{Refund, State, Wish};
use domain::{LotId, PersonId, RefundId, Refused, Timestamp, Won};
use sqlx::any::AnyRow;

/// What a person wants back, as the page sent it; the person comes from the proof.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct RefundOrder {
    pub id: RefundId,
    pub lot: LotId,
    /// What the page said would come back.
    pub back: Won,
}

/// A refund that the till has taken, and what the bank is to be asked for it.
#[derive(Clone, PartialEq, Eq)]
pub struct Credit {
    pub id: RefundId,
    pub state: State,
    /// The bank's token of the account.
    pub account: String,
    pub paid: Won,
}

impl std::fmt::Debug for Credit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Credit({}, {:?})", self.id, self.state)
    }
}

macro_rules! refund_columns {
    () => {
        concat!(
            kind_columns!(),
            ", refund.id AS id, refund.lot_id AS lot_id, refund.face AS face, refund.paid AS paid, refund.fund AS fund, \
             refund.kept AS kept, \
             refund.state AS state, refund.reason AS reason, refund.created_at AS created_at, refund.decided_at AS decided_at"
        )
    };
}

impl Store {
    /// Empties the lot for whoever proved the PIN, to the linked account. The same order again gives the same refund, to the account that
    /// it was taken with.
    pub async fn refund(&self, proof: PinProof, order: RefundOrder, now: Timestamp) -> Result<Result<Credit, Refused>> {
        let person = proof.person();
        let Some(buyer) = proof.buyer() else { return Ok(Err(Refused::NoBankAccount)) };
        let RefundOrder { id, lot, back } = order;
        self.till().refund(Wish { id, person, lot, back }, buyer.account, now).await
    }

    /// Those that the bank is to be asked about (again), the longest due first.
    pub async fn due_refunds(&self, limit: i64, now: Timestamp) -> Result<Vec<Credit>> {
        let select = "SELECT id, state, account, paid FROM refund WHERE check_at IS NOT NULL AND check_at <= $1 ORDER BY check_at LIMIT $2";
        let rows = sqlx::query(select).bind(crate::millis(now)).bind(limit).fetch_all(self.reads()).await?;
        rows.iter().map(credit).collect()
    }

    /// A person's refunds, newest first, those before `before`; at most `limit` (and 200).
    pub async fn refunds(&self, person: PersonId, before: Option<Mark>, limit: i64) -> Result<Vec<Refund>> {
        let select = concat!(
            "SELECT ",
            refund_columns!(),
            " FROM refund JOIN kind ON kind.id = refund.kind_id WHERE refund.person_id = $1 \
             AND (refund.created_at, refund.id) < ($2, $3) ORDER BY refund.created_at DESC, refund.id DESC LIMIT $4"
        );
        let before = before.unwrap_or(Mark::NEWEST);
        let select = sqlx::query(select).bind(person.0).bind(before.at_ms()).bind(before.id().to_vec()).bind(page_size(limit));
        select.fetch_all(self.reads()).await?.iter().map(refund).collect()
    }

    /// A person's that the bank has not answered, oldest first.
    pub async fn open_refunds(&self, person: PersonId) -> Result<Vec<Refund>> {
        let select = concat!(
            "SELECT ",
            refund_columns!(),
            " FROM refund JOIN kind ON kind.id = refund.kind_id WHERE refund.person_id = $1 AND refund.check_at IS NOT NULL \
             ORDER BY refund.created_at, refund.id"
        );
        sqlx::query(select).bind(person.0).fetch_all(self.reads()).await?.iter().map(refund).collect()
    }

    /// `None`: no such refund, or it is someone else's.
    pub async fn refund_of(&self, person: PersonId, id: RefundId) -> Result<Option<Refund>> {
        let select = concat!(
            "SELECT ",
            refund_columns!(),
            " FROM refund JOIN kind ON kind.id = refund.kind_id WHERE refund.id = $1 AND refund.person_id = $2"
        );
        let select = sqlx::query(select).bind(id.uuid().as_bytes().to_vec()).bind(person.0);
        select.fetch_optional(self.reads()).await?.as_ref().map(refund).transpose()
    }

    /// The masked account that a refund goes to; `None` when another one is linked by now.
    pub async fn credited_account(&self, person: PersonId, id: RefundId) -> Result<Option<String>> {
        let select = "SELECT bank_masked FROM member JOIN refund ON refund.person_id = member.person_id \
                      WHERE member.person_id = $1 AND refund.id = $2 AND member.bank_account = refund.account";
        let select = sqlx::query(select).bind(person.0).bind(id.uuid().as_bytes().to_vec());
        let row = select.fetch_optional(self.reads()).await?;
        Ok(row.map(|row| row::text_if_any(&row, "bank_masked")).transpose()?.flatten())
    }
}

fn refund_id(row: &AnyRow) -> Result<RefundId> {
    RefundId::from_bytes(&row::bytes(row, "id")?).map_err(|_| row::damaged("refund.id"))
}

fn credit(row: &AnyRow) -> Result<Credit> {
    let state = row::parsed(row, "state", State::parse)?;
    Ok(Credit { id: refund_id(row)?, state, account: row::text(row, "account")?, paid: row::won(row, "paid")? })
}

fn refund(row: &AnyRow) -> Result<Refund> {
    Ok(Refund {
        id: refund_id(row)?,
        kind: row::kind(row)?,
        lot: LotId(row::int(row, "lot_id")?),
        price: Price { face: row::won(row, "face")?, paid: row::won(row, "paid")?, fund: row::won(row, "fund")? },
        kept: row::int_if_any(row, "kept")?.map(|_| row::won(row, "kept")).transpose()?,
        state: row::parsed(row, "state", State::parse)?,
        reason: row::text_if_any(row, "reason")?.as_deref().map(BankReason::parse),
        created_at: row::time(row, "created_at")?,
        decided_at: row::time_if_any(row, "decided_at")?,
    })
}
