//! Buying: what the till needs to know of the buyer, and what the bank is then asked.

use crate::db::Store;
use crate::error::Result;
use crate::pins::PinProof;
use crate::row;
use domain::buying::{State, Wish};
use domain::room::Place;
use domain::{PersonId, PurchaseId, Refused, Timestamp, WindowId, Won};

/// What a person wants to buy, as the page sent it; the person comes from the proof.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub id: PurchaseId,
    pub window: WindowId,
    pub face: Won,
    /// Of the pass, where people wait for the window.
    pub place: Option<Place>,
}

/// A purchase that the till has taken, and what the bank is to be asked for it.
#[derive(Clone, PartialEq, Eq)]
pub struct Debit {
    pub id: PurchaseId,
    /// Only a [`State::Reserved`] purchase is waiting for its first debit.
    pub state: State,
    /// The bank's token of the account.
    pub account: String,
    pub paid: Won,
}

impl std::fmt::Debug for Debit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Debit({}, {:?})", self.id, self.state)
    }
}

impl Store {
    /// Reserves a purchase for whoever proved the PIN. The same order again gives the same purchase, with the account and the
    /// price that it was reserved with, so that a debit sent again is the same debit.
    pub async fn buy(&self, proof: PinProof, order: Order, now: Timestamp) -> Result<Result<Debit, Refused>> {
        let person = proof.person();
        let Some(buyer) = proof.buyer() else { return Ok(Err(Refused::NoBankAccount)) };
        let wish = Wish { id: order.id, person, window: order.window, face: order.face, place: order.place, partner: None };
        self.till().reserve(wish, buyer, now).await
    }

    /// The masked account that a purchase was debited from; `None` when another one is linked by now.
    pub async fn debited_account(&self, person: PersonId, id: PurchaseId) -> Result<Option<String>> {
        let select = "SELECT bank_masked FROM member JOIN purchase ON purchase.person_id = member.person_id \
                      WHERE member.person_id = $1 AND purchase.id = $2 AND member.bank_account = purchase.account";
        let select = sqlx::query(select).bind(person.0).bind(id.uuid().as_bytes().to_vec());
        let row = select.fetch_optional(self.reads()).await?;
        Ok(row.map(|row| row::text_if_any(&row, "bank_masked")).transpose()?.flatten())
    }
}
