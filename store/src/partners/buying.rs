//! What a partner buys for its customers: reserved by the same till, debited from the partner's own account.

use super::customers::{Customer, CustomerRef};
use super::keys::KeyProof;
use crate::buying::{Debit, Order};
use crate::db::Store;
use crate::error::Result;
use crate::row;
use crate::till::Buyer;
use domain::buying::{BankReason, State, Wish};
use domain::{PersonId, PurchaseId, Refused, Timestamp, WindowId, Won};

/// A purchase as the partner through whom it was made may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThroughPartner {
    pub id: PurchaseId,
    pub customer: CustomerRef,
    pub window: WindowId,
    pub face: Won,
    pub paid: Won,
    pub state: State,
    /// Why it was voided, once it is.
    pub reason: Option<BankReason>,
    pub created_at: Timestamp,
    pub decided_at: Option<Timestamp>,
    /// Of the lot, once it is posted.
    pub expires_at: Option<Timestamp>,
}

impl Store {
    /// As [`Store::buy`], for somebody whom the partner has introduced. It asked its customer for consent and money; here its own account
    /// is debited.
    pub async fn buy_through(&self, key: &KeyProof, customer: &Customer, order: Order, now: Timestamp) -> Result<Result<Debit, Refused>> {
        let partner = Some(customer.partner);
        let Order { id, window, face, place } = order;
        let wish = Wish { id, person: customer.person(), window, face, place, partner };
        let buyer = Buyer { birth_year: customer.birth_year(), account: key.account.clone() };
        self.till().reserve(wish, buyer, now).await
    }

    /// `None`: no such purchase, or not through this partner.
    pub async fn purchase_through(&self, key: &KeyProof, id: PurchaseId) -> Result<Option<ThroughPartner>> {
        let select = "SELECT purchase.person_id, purchase.window_id, purchase.face, purchase.paid, state, reason, purchase.created_at, \
                      decided_at, lot.expires_at FROM purchase LEFT JOIN lot ON lot.id = purchase.lot_id \
                      WHERE purchase.id = $1 AND purchase.partner_id = $2";
        let select = sqlx::query(select).bind(id.uuid().as_bytes().to_vec()).bind(key.partner.0);
        let Some(row) = select.fetch_optional(self.reads()).await? else { return Ok(None) };
        Ok(Some(ThroughPartner {
            id,
            customer: self.reference(key.partner, PersonId(row::int(&row, "person_id")?)),
            window: WindowId(row::int(&row, "window_id")?),
            face: row::won(&row, "face")?,
            paid: row::won(&row, "paid")?,
            state: row::parsed(&row, "state", State::parse)?,
            reason: row::text_if_any(&row, "reason")?.as_deref().map(BankReason::parse),
            created_at: row::time(&row, "created_at")?,
            decided_at: row::time_if_any(&row, "decided_at")?,
            expires_at: row::time_if_any(&row, "expires_at")?,
        }))
    }
}
