//! Refunding (환불): what is left of a lot comes back as money, less its share of the discount ("Refunds" in the specification).
//!
//! [`quote`] is what a page shows beforehand, and what [`decide`] does: they can't differ. A refund is reserved first (the lot is
//! emptied, so nobody pays with it meanwhile), then the bank is asked for the credit, then it is posted, or voided and the lot is as
//! it was; [`next_step`] is everything after the reservation.
//!
//! A payment that is cancelled after its lot was refunded fills the lot again. What came back stays with the person: it was right when
//! it was paid, and the discount's share of it is with the city. What the cancel gave back can be spent as ever, and comes
//! back as money once the threshold is reached again, or at once when nothing of the lot counts as spent any more.
//!
//! After its time a lot gives back, whatever was spent of it, the share that its kind names ([`Lot::after_expiry`]) of what the rest had cost.
//! What is kept stays where expired money is ([`crate::ledger::Account::Breakage`]).

use crate::buying::{BankReason, BankSays};
use crate::ids::{LotId, PersonId, RefundId};
use crate::kind::{Kind, Price};
use crate::refused::Refused;
use crate::spending::Lot;
use crate::won::Won;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a person asks for.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    pub id: RefundId,
    pub person: PersonId,
    pub lot: LotId,
    /// What the page said would come back: more or less than that is asked about first.
    pub back: Won,
}

/// What a lot would give back.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Quote {
    /// All that is left of it: `paid` to the bank account, `fund` to the city's fund for discounts.
    Now(Price),
    /// Once so much more of it is spent, so much comes back.
    After { spend: Won, back: Won },
    /// Its time is over: `price` of what it still had when it ended, and `kept` of what that had cost is not given back.
    Expired { price: Price, kept: Won },
    /// Nothing is left, or nothing would be by the time that it might; or no money comes back for this lot at all.
    Nothing,
}

impl Quote {
    /// What would come to the bank account now.
    pub fn back(&self) -> Option<Won> {
        match self {
            Quote::Now(price) | Quote::Expired { price, .. } => Some(price.paid),
            Quote::After { .. } | Quote::Nothing => None,
        }
    }
}

/// What `lot` would give back at `now`. A lot of which nothing is spent always does; any other once the share that its rules name
/// ([`Lot::refund_from`], inclusive) is spent.
pub fn quote(lot: &Lot, now: Timestamp) -> Quote {
    let Some(refund_from) = lot.refund_from else { return Quote::Nothing };
    if now >= lot.expires_at {
        return expired(lot).unwrap_or(Quote::Nothing);
    }
    if lot.left.is_zero() {
        return Quote::Nothing;
    }
    let missing = refund_from.of(lot.face).left_after(lot.spent());
    if lot.spent().is_zero() || missing.is_zero() {
        return price(lot, lot.left).map_or(Quote::Nothing, Quote::Now);
    }
    match price(lot, lot.left.left_after(missing)) {
        Some(price) => Quote::After { spend: missing, back: price.paid },
        None => Quote::Nothing,
    }
}

/// Whether what is left was booked as expired already is the same to its owner.
fn expired(lot: &Lot) -> Option<Quote> {
    let cost = price(lot, lot.left.plus(lot.expired)?)?;
    let paid = cost.paid.share(i64::from(lot.after_expiry.get()), 100).filter(|paid| !paid.is_zero())?;
    let kept = cost.paid.minus(paid)?;
    Some(Quote::Expired { price: Price { face: cost.face.minus(kept)?, paid, fund: cost.fund }, kept })
}

/// What so much of the lot had cost. `None`: nothing comes back.
fn price(lot: &Lot, face: Won) -> Option<Price> {
    let paid = face.share(lot.paid.get(), lot.face.get()).filter(|paid| !paid.is_zero())?;
    Some(Price { face, paid, fund: face.minus(paid)? })
}

/// Proof that [`decide`] agreed.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Agreed {
    pub price: Price,
    /// Nothing of the lot was ever spent or refunded: then the month limit comes back too, in the same month.
    pub is_whole: bool,
    /// The lot's time was over: so much of what the rest had cost is not given back.
    pub kept: Option<Won>,
}

/// What a lot gives up for `price`, when so much of what the rest had cost is `kept` since its time was over. `None`: more than there can be.
pub fn given_up(price: &Price, kept: Option<Won>) -> Option<Won> {
    price.face.plus(kept.unwrap_or(Won::ZERO))
}

/// May the rest of `lot`, which is the asker's, be refunded at `now`?
pub fn decide(lot: &Lot, wish: &Wish, now: Timestamp) -> Result<Agreed, Refused> {
    let agreed = match quote(lot, now) {
        Quote::Now(price) => Agreed { price, is_whole: lot.left == lot.face, kept: None },
        Quote::Expired { price, kept } => Agreed { price, is_whole: false, kept: Some(kept) },
        Quote::After { spend, back } => return Err(Refused::NotYetRefundable { spend, back }),
        Quote::Nothing => return Err(Refused::NothingToRefund),
    };
    if agreed.price.paid == wish.back { Ok(agreed) } else { Err(Refused::RefundChanged { back: agreed.price.paid }) }
}

/// Where a refund stands.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum State {
    /// The lot is emptied; the bank was not asked or has not answered.
    Reserved,
    /// The bank was asked and what it did is not known. It is asked again, under the same id.
    Unknown,
    /// The money is in the account.
    Posted,
    /// The bank said no: the lot is as it was.
    Voided,
}

impl State {
    pub const ALL: [State; 4] = [State::Reserved, State::Unknown, State::Posted, State::Voided];

    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Reserved => "reserved",
            State::Unknown => "unknown",
            State::Posted => "posted",
            State::Voided => "voided",
        }
    }

    pub fn parse(text: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Is there still something to hear from the bank?
    pub fn is_open(self) -> bool {
        matches!(self, State::Reserved | State::Unknown)
    }
}

/// What happens to a refund next.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Booked: the money has left.
    Post,
    /// The lot gets back what was taken from it.
    Void(BankReason),
    /// The lot stays empty, the bank is asked again.
    Await,
    Nothing,
}

/// What the bank's word about the credit means for a refund in `state`. Unlike a debit, a credit that the bank has not heard of is never
/// given up: it is sent again, under the same id.
pub fn next_step(state: State, says: BankSays) -> Step {
    match (state, says) {
        (State::Posted | State::Voided, _) => Step::Nothing,
        (_, BankSays::Done) => Step::Post,
        (_, BankSays::Rejected(reason)) => Step::Void(reason),
        (_, BankSays::NotFound | BankSays::Unclear | BankSays::Returned) => Step::Await,
    }
}

/// A refund as the person sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    pub id: RefundId,
    pub kind: Kind,
    pub lot: LotId,
    /// What the lot gave up, what comes to the account, what goes back to the city.
    pub price: Price,
    /// The lot's time was over: so much more it gave up, and that is not given back.
    pub kept: Option<Won>,
    pub state: State,
    /// Why it was voided, once it is.
    pub reason: Option<BankReason>,
    pub created_at: Timestamp,
    pub decided_at: Option<Timestamp>,
}
