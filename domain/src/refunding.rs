//! Refunding (환불): what is left of a lot comes back as money, less its share of the discount ("Refunds" in the specification).
//!
//! [`quote`] is what a page shows beforehand, and what [`decide`] does: they can't differ. A refund is reserved first (the lot is
//! emptied, so nobody pays with it meanwhile), then the bank is asked for the credit, then it is posted, or voided and the lot is as
//! it was; [`next_step`] is everything after the reservation.
//!
//! A payment that is cancelled after its lot was refunded fills the lot again. What came back stays with the person: it was right when
//! it was paid, and the discount's share of it is with the city. What the cancel gave back can be spent as ever, and comes
//! back as money once the threshold is reached again, or at once when nothing of the lot counts as spent any more.

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
    /// Nothing is left, or nothing would be by the time that it might; or no money comes back for this lot at all.
    Nothing,
    /// Its time is over: it is not refunded by its owner.
    Expired,
}

/// What `lot` would give back at `now`. A lot of which nothing is spent always does; any other once the share that its rules name
/// ([`Lot::refund_from`], inclusive) is spent.
pub fn quote(lot: &Lot, now: Timestamp) -> Quote {
    if lot.left.is_zero() {
        return Quote::Nothing;
    }
    if now >= lot.expires_at {
        return Quote::Expired;
    }
    let Some(refund_from) = lot.refund_from else { return Quote::Nothing };
    let missing = refund_from.of(lot.face).left_after(lot.spent());
    if lot.spent().is_zero() || missing.is_zero() {
        return price(lot, lot.left).map_or(Quote::Nothing, Quote::Now);
    }
    match price(lot, lot.left.left_after(missing)) {
        Some(price) => Quote::After { spend: missing, back: price.paid },
        None => Quote::Nothing,
    }
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
}

/// May the rest of `lot`, which is the asker's, be refunded at `now`?
pub fn decide(lot: &Lot, wish: &Wish, now: Timestamp) -> Result<Agreed, Refused> {
    match quote(lot, now) {
        Quote::Now(price) if price.paid == wish.back => Ok(Agreed { price, is_whole: lot.left == lot.face }),
        Quote::Now(price) => Err(Refused::RefundChanged { back: price.paid }),
        Quote::After { spend, back } => Err(Refused::NotYetRefundable { spend, back }),
        Quote::Nothing => Err(Refused::NothingToRefund),
        Quote::Expired => Err(Refused::LotExpired),
    }
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
    pub state: State,
    /// Why it was voided, once it is.
    pub reason: Option<BankReason>,
    pub created_at: Timestamp,
    pub decided_at: Option<Timestamp>,
}
