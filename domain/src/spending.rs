//! Which lots a payment draws on, and in which order ("Paying" in the specification): kinds taken at this shop; district
//! before citywide; earliest expiry, then oldest.

use crate::district::District;
use crate::ids::{EscrowId, KindId, LotId};
use crate::kind::{BasisPoints, Percent, Scope};
use crate::won::Won;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What one purchase yielded, as far as it is left. It keeps the rules it was bought under.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    pub id: LotId,
    pub kind: KindId,
    pub scope: Scope,
    pub face: Won,
    pub paid: Won,
    pub discount: BasisPoints,
    pub left: Won,
    /// Of its face, refunded or on the way to the bank account.
    pub refunded: Won,
    /// Of its face, left over when its time was over and not claimed since.
    pub expired: Won,
    /// Of its face, given to others or on the way to them.
    pub given: Won,
    /// It was a part of this gift; `None`: its owner bought it.
    pub gift: Option<EscrowId>,
    /// As of its kind when it was bought. `None`: no money comes back for it; it was bought through a partner, whom its owner paid.
    pub refund_from: Option<Percent>,
    /// How much of what is left comes back once its time is over. As of its kind when it was bought.
    pub after_expiry: Percent,
    pub bought_at: Timestamp,
    pub expires_at: Timestamp,
}

impl Lot {
    /// Of its face, less what was cancelled. What was given to others was not spent: it brings nobody nearer to a refund of the rest.
    pub fn spent(&self) -> Won {
        self.face.left_after(self.left).left_after(self.refunded).left_after(self.expired).left_after(self.given)
    }

    pub fn is_usable(&self, shop: District, now: Timestamp) -> bool {
        self.scope.covers(shop) && now < self.expires_at && !self.left.is_zero()
    }
}

/// So much out of this lot.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draw {
    pub lot: LotId,
    pub kind: KindId,
    pub amount: Won,
}

/// The lots usable at a shop in the district `shop`, in the order they are spent. With a `chosen` kind only that one.
pub fn order(lots: &[Lot], shop: District, chosen: Option<KindId>, now: Timestamp) -> Vec<Lot> {
    let taken = |lot: &&Lot| lot.is_usable(shop, now) && chosen.is_none_or(|kind| lot.kind == kind);
    let mut usable: Vec<Lot> = lots.iter().filter(taken).copied().collect();
    usable.sort_by_key(|lot| (lot.scope == Scope::Citywide, lot.expires_at, lot.bought_at, lot.id));
    usable
}

/// Takes `amount` from the front of `ordered`. `Err` carries how much there is in all, when that is less.
pub fn draw(ordered: &[Lot], amount: Won) -> Result<Vec<Draw>, Won> {
    let mut missing = amount;
    let mut draws = Vec::new();
    for lot in ordered {
        if missing.is_zero() {
            break;
        }
        let part = lot.left.min(missing);
        if !part.is_zero() {
            draws.push(Draw { lot: lot.id, kind: lot.kind, amount: part });
        }
        missing = missing.left_after(part);
    }
    if missing.is_zero() { Ok(draws) } else { Err(amount.left_after(missing)) }
}
