//! Paying: a proven PIN and what the page sent become the till's wish.

use crate::db::Store;
use crate::error::Result;
use crate::pins::PinProof;
use domain::paying::{Code, Wish};
use domain::{KindId, MerchantId, PaymentId, PersonId, Refused, Timestamp, Won};

/// What a person wants to pay; the payer comes from the proof.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Bill {
    pub id: PaymentId,
    pub merchant: MerchantId,
    pub amount: Won,
    /// Only out of this kind, when the payer chose one.
    pub kind: Option<KindId>,
}

impl Bill {
    pub(crate) fn wish(self, payer: PersonId) -> Wish {
        Wish { id: self.id, payer, merchant: self.merchant, amount: self.amount, kind: self.kind, once: None }
    }
}

impl Store {
    /// Pays a shop for whoever proved the PIN. The same bill again gives the same code.
    pub async fn pay(&self, proof: PinProof, bill: Bill, now: Timestamp) -> Result<Result<Code, Refused>> {
        self.till().pay(bill.wish(proof.person()), now).await
    }
}
