//! Paying a shop: may this person pay this much here, and out of which lots?

use crate::district::District;
use crate::ids::{KindId, MerchantId, OnceId, PaymentId, PersonId};
use crate::kind::Scope;
use crate::merchant::{Merchant, Standing};
use crate::refused::Refused;
use crate::spending::{self, Draw, Lot};
use crate::won::Won;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// No single payment is above this; a slip of the thumb must not empty a wallet.
pub const MOST: Won = Won::of(2_000_000);

/// What a payer asks for.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    pub id: PaymentId,
    pub payer: PersonId,
    pub merchant: MerchantId,
    pub amount: Won,
    /// Only this kind, when the payer chose one.
    pub kind: Option<KindId>,
    /// The code that it was asked for with; it is used up with the payment.
    pub once: Option<OnceId>,
}

/// Proof that [`decide`] agreed: the draws add up to the amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreed {
    pub draws: Vec<Draw>,
}

/// May `wish` be paid at `now` out of `lots` (all of the payer's)?
pub fn decide(merchant: &Merchant, lots: &[Lot], wish: &Wish, now: Timestamp) -> Result<Agreed, Refused> {
    match merchant.standing {
        Standing::Open => {}
        Standing::Pending => return Err(Refused::ShopNotReady),
        Standing::Closed => return Err(Refused::ShopClosed),
    }
    let draws = draw(merchant.district, lots, wish.amount, wish.kind, now)?;
    Ok(Agreed { draws })
}

/// Out of which of `lots` an amount is paid at a shop in the district `shop`. With a `kind` only out of that one.
pub fn draw(shop: District, lots: &[Lot], amount: Won, kind: Option<KindId>, now: Timestamp) -> Result<Vec<Draw>, Refused> {
    if amount.is_zero() || amount > MOST {
        return Err(Refused::PaymentAmount { most: MOST });
    }
    let ordered = spending::order(lots, shop, kind, now);
    spending::draw(&ordered, amount).map_err(|usable| {
        let meant = |lot: &&Lot| kind.is_none_or(|kind| lot.kind == kind);
        let elsewhere = lots.iter().filter(meant).find_map(|lot| match lot.scope {
            Scope::District(own) if own != shop && lot.is_usable(own, now) => Some(own),
            _ => None,
        });
        match elsewhere {
            Some(voucher) if usable.is_zero() => Refused::KindNotUsableHere { shop, voucher },
            _ => Refused::NotEnough { usable },
        }
    })
}

/// The short code of a payment, shown on both sides: four digits, `0000` to `9999`.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Code(u16);

impl Code {
    /// From the caller's randomness.
    pub fn from_random(random: u32) -> Code {
        Code(u16::try_from(random % 10_000).unwrap_or(0))
    }

    pub fn new(code: i64) -> Option<Code> {
        u16::try_from(code).ok().filter(|code| *code < 10_000).map(Code)
    }

    pub fn get(self) -> u16 {
        self.0
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}", self.0)
    }
}

/// A payment as payer and shop see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    pub id: PaymentId,
    pub merchant: Merchant,
    pub amount: Won,
    pub code: Code,
    pub created_at: Timestamp,
    /// How much of it has been given back.
    pub cancelled: Won,
    pub draws: Vec<Draw>,
}
