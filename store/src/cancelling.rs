//! Cancelling: what staff sent becomes the till's wish; and what was cancelled of a payment.

use crate::db::Store;
use crate::error::Result;
use crate::row;
use crate::staff::StaffProof;
use domain::cancelling::Wish;
use domain::merchant::Role;
use domain::{CancelId, PaymentId, Refused, Timestamp, Won};

/// What a manager or an owner wants to give back; shop and person come from the proof.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct CancelOrder {
    pub id: CancelId,
    pub payment: PaymentId,
    pub amount: Won,
}

/// Something that was given back of a payment.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct CancelledPart {
    pub amount: Won,
    pub at: Timestamp,
}

impl Store {
    /// Gives the payer back. The same order again gives the same answer. "Cashiers see and hear; only managers and owners refund."
    pub async fn cancel(&self, by: &StaffProof, order: CancelOrder, now: Timestamp) -> Result<Result<(), Refused>> {
        if by.role() < Role::Manager {
            return Ok(Err(Refused::ManagersOnly));
        }
        let CancelOrder { id, payment, amount } = order;
        self.till().cancel(Wish { id, payment, merchant: by.merchant(), amount, by: by.person() }, now).await
    }

    /// Oldest first. Whoever asks has seen that the payment is theirs ([`Store::payment`]).
    pub async fn cancelled_parts(&self, payment: PaymentId) -> Result<Vec<CancelledPart>> {
        let select = sqlx::query("SELECT amount, created_at FROM cancellation WHERE payment_id = $1 ORDER BY created_at, id");
        let rows = select.bind(payment.uuid().as_bytes().to_vec()).fetch_all(self.reads()).await?;
        let part = |row| Ok(CancelledPart { amount: row::won(row, "amount")?, at: row::time(row, "created_at")? });
        rows.iter().map(part).collect()
    }
}
