//! Cancelling a payment (결제 취소): the shop gives the payer back all or a part of it, on any day, and the same lots get it
//! ("Paying": "Cancelling restores the same lots in full, on any day, even past the holding cap").

use crate::ids::{CancelId, MerchantId, PaymentId, PersonId};
use crate::refused::Refused;
use crate::spending::Draw;
use crate::won::Won;
use serde::{Deserialize, Serialize};

/// What a manager or an owner of a shop asks for.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    pub id: CancelId,
    pub payment: PaymentId,
    /// The shop that the asker works for.
    pub merchant: MerchantId,
    pub amount: Won,
    pub by: PersonId,
}

/// A payment as far as cancelling looks at it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Cancellable {
    pub merchant: MerchantId,
    pub amount: Won,
    /// So much has been given back already.
    pub cancelled: Won,
}

impl Cancellable {
    /// What can still be given back.
    pub fn left(&self) -> Won {
        self.amount.left_after(self.cancelled)
    }
}

/// Proof that [`decide`] agreed: what goes back to which lot; it adds up to the amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreed {
    pub restores: Vec<Draw>,
}

/// May so much of the payment be cancelled? `draws` is what the payment took, in the order in which it took it.
pub fn decide(payment: &Cancellable, draws: &[Draw], wish: &Wish) -> Result<Agreed, Refused> {
    if payment.merchant != wish.merchant {
        return Err(Refused::NoSuchPayment);
    }
    if payment.left().is_zero() {
        return Err(Refused::AlreadyCancelled);
    }
    if wish.amount.is_zero() || wish.amount > payment.left() {
        return Err(Refused::CancelAmount { left: payment.left() });
    }
    Ok(Agreed { restores: restores(draws, payment.cancelled, wish.amount) })
}

/// What goes back where: the lot that was drawn on last gets it first, so that a payment of which a part was cancelled stands as
/// if less had been paid in the first place. What went back before needs no record: it is the end of the draws.
pub fn restores(draws: &[Draw], cancelled: Won, amount: Won) -> Vec<Draw> {
    let (mut skip, mut missing) = (cancelled, amount);
    let mut restores = Vec::new();
    for draw in draws.iter().rev() {
        let before = draw.amount.min(skip);
        skip = skip.left_after(before);
        let part = draw.amount.left_after(before).min(missing);
        missing = missing.left_after(part);
        if !part.is_zero() {
            restores.push(Draw { amount: part, ..*draw });
        }
    }
    restores
}
