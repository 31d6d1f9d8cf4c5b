//! Buying: may this person buy this much of this kind in this window, and at what price?
//!
//! A purchase is reserved first (pool, month limit and holding cap together), then the bank is debited, then it is
//! posted or voided ("Buying" in the specification). [`decide`] is the reservation; [`next_step`] is everything after.

use crate::calendar::Month;
use crate::ids::{PartnerId, PersonId, PurchaseId, WindowId};
use crate::kind::{Kind, Price};
use crate::partner::Cap;
use crate::refused::Refused;
use crate::room::Place;
use crate::sale::{Phase, Pool, Window};
use crate::won::Won;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How long a reservation waits for a debit that the bank has not heard of, before it is given up.
pub const HOLD_MS: i64 = 10 * 60 * 1_000;
/// When a purchase is looked at whose debit nobody is working on any more (a crash in between).
pub const FIRST_CHECK_MS: i64 = 20 * 1_000;
/// How long after its reservation a voided purchase is watched for a debit that comes late all the same.
pub const LATE_MS: i64 = 24 * 60 * 60 * 1_000;

/// How long to wait before the bank is asked again after `checks` inquiries: 1, 2, 4, ... seconds, at most a minute.
pub fn check_after_ms(checks: i64) -> i64 {
    (1_000 << checks.clamp(0, 6)).min(60_000)
}

/// What a person asks for.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    pub id: PurchaseId,
    pub person: PersonId,
    pub window: WindowId,
    pub face: Won,
    /// Of the pass of the window's waiting room, if it has one.
    pub place: Option<Place>,
    /// Through whose app; `None`: our own.
    pub partner: Option<PartnerId>,
}

/// What a person has bought and holds of one kind; open reservations count in both.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowance {
    /// The month that `bought` belongs to; in any other month nothing is bought yet.
    pub month: Month,
    pub bought: Won,
    pub held: Won,
}

impl Allowance {
    pub const NONE: Allowance = Allowance { month: Month(0), bought: Won::ZERO, held: Won::ZERO };

    pub fn bought_in(&self, month: Month) -> Won {
        if self.month == month { self.bought } else { Won::ZERO }
    }

    /// What the kind still lets the person buy this month.
    pub fn month_left(&self, kind: &Kind, month: Month) -> Won {
        kind.month_limit.left_after(self.bought_in(month))
    }

    /// What the kind still lets the person hold.
    pub fn cap_left(&self, kind: &Kind) -> Won {
        kind.holding_cap.left_after(self.held)
    }

    /// The most this person may buy now, in whole units; what the page offers as "최대".
    pub fn most(&self, kind: &Kind, pool: &Pool, month: Month) -> Won {
        self.month_left(kind, month).min(self.cap_left(kind)).min(pool.left()).rounded_down_to(kind.unit)
    }

    /// After a reservation of `face` in `month`.
    pub fn reserve(&self, face: Won, month: Month) -> Option<Allowance> {
        Some(Allowance { month, bought: self.bought_in(month).plus(face)?, held: self.held.plus(face)? })
    }

    /// After a reservation made in `reserved_in` is given up: the month limit comes back only in the same month.
    pub fn release(&self, face: Won, reserved_in: Month) -> Allowance {
        let bought = if self.month == reserved_in { self.bought.left_after(face) } else { self.bought };
        Allowance { month: self.month, bought, held: self.held.left_after(face) }
    }
}

/// Everything the decision needs; loaded together with the rows it will change.
pub struct Facts<'a> {
    pub kind: &'a Kind,
    pub window: &'a Window,
    pub pool: &'a Pool,
    pub allowance: &'a Allowance,
    /// Of the partner that asks, where it has one in this window.
    pub cap: Option<&'a Cap>,
    /// From the verified identity.
    pub birth_year: i16,
}

/// A purchase that may go to the bank: proof that [`decide`] agreed.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Reservation {
    pub price: Price,
    pub month: Month,
    pub allowance: Allowance,
    pub pool: Pool,
    /// Held together with the pool, where there is one.
    pub cap: Option<Cap>,
}

/// May `wish` be reserved at `now`? Refusals come in the order in which a person can do something about them: the
/// amount, the window, the own limits, the stock, the share of the channel. "Sold out" only when all of the window is sold.
pub fn decide(facts: &Facts<'_>, wish: &Wish, now: Timestamp) -> Result<Reservation, Refused> {
    reserve(facts, wish.face, now)
}

/// The most that may be bought at `now`, in whole units, or why not even one unit may: what a page says before anything is
/// typed.
pub fn most_now(facts: &Facts<'_>, now: Timestamp) -> Result<Won, Refused> {
    reserve(facts, facts.kind.unit, now).map(|unit| facts.allowance.most(facts.kind, facts.pool, unit.month))
}

/// [`decide`] for a hint: what `face` would cost, or why it would be refused.
pub fn price_now(facts: &Facts<'_>, face: Won, now: Timestamp) -> Result<Price, Refused> {
    reserve(facts, face, now).map(|reservation| reservation.price)
}

fn reserve(facts: &Facts<'_>, face: Won, now: Timestamp) -> Result<Reservation, Refused> {
    let Facts { kind, window, pool, allowance, cap, birth_year } = facts;
    if face.is_zero() || !face.is_multiple_of(kind.unit) {
        return Err(Refused::NotInUnits { unit: kind.unit });
    }
    if !window.who.admits(*birth_year) {
        return Err(Refused::NotYourWindow { who: window.who });
    }
    match window.phase(now) {
        Phase::Before { opens_at } => return Err(Refused::NotYetOpen { opens_at }),
        Phase::Closed { closed_at } => return Err(Refused::WindowClosed { closed_at }),
        Phase::Open { .. } => {}
    }
    // Whoever was heard before midnight and comes after one heard later counts in the later month: months don't go back.
    let month = Month::of(now).max(allowance.month);
    let month_left = allowance.month_left(kind, month);
    if face > month_left {
        return Err(Refused::MonthLimit { left: month_left, limit: kind.month_limit });
    }
    let cap_left = allowance.cap_left(kind);
    if face > cap_left {
        return Err(Refused::HoldingCap { left: cap_left, cap: kind.holding_cap });
    }
    let left = pool.left();
    if face > left {
        return Err(match (left >= kind.unit, pool.held.is_zero()) {
            (true, _) => Refused::OnlyLeft { left: left.rounded_down_to(kind.unit) },
            (false, true) => Refused::SoldOut { total: pool.total },
            (false, false) => Refused::AllReserved { held: pool.held },
        });
    }
    let cap = match cap {
        None => None,
        Some(cap) => Some(cap.reserve(face).ok_or(Refused::ChannelCap { left: cap.left().rounded_down_to(kind.unit), most: cap.most })?),
    };
    let held = pool.held.plus(face).ok_or(Refused::NotInUnits { unit: kind.unit })?;
    let allowance = allowance.reserve(face, month).ok_or(Refused::NotInUnits { unit: kind.unit })?;
    Ok(Reservation { price: Price::of(face, kind.discount), month, allowance, pool: Pool { held, ..**pool }, cap })
}

/// Where a purchase stands.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum State {
    /// Pool and limits are held; the bank was not asked or has not answered.
    Reserved,
    /// The bank was asked and what it did is not known. The hold stays; an inquiry resolves it.
    Unknown,
    /// Paid; the lot exists.
    Posted,
    /// Given up; pool and limits were released and the bank has debited nothing, as far as it said.
    Voided,
    /// The bank had debited after all, after the void: the money is on its way back.
    Refunding,
    /// The late debit was paid back.
    Refunded,
}

impl State {
    pub const ALL: [State; 6] = [State::Reserved, State::Unknown, State::Posted, State::Voided, State::Refunding, State::Refunded];

    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Reserved => "reserved",
            State::Unknown => "unknown",
            State::Posted => "posted",
            State::Voided => "voided",
            State::Refunding => "refunding",
            State::Refunded => "refunded",
        }
    }

    pub fn parse(text: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Does the purchase still hold pool and limits without a lot?
    pub fn holds(self) -> bool {
        matches!(self, State::Reserved | State::Unknown)
    }
}

/// What is known of the bank's side of a purchase: of its debit or, while refunding, of the credit back.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum BankSays {
    /// The debit is done.
    Done,
    /// It did not and will not, for this reason.
    Rejected(BankReason),
    /// No such request: it never arrived, or not yet.
    NotFound,
    /// Time-out, dropped connection, still pending: neither success nor failure.
    Unclear,
    /// The credit back of a late debit is done. A word of its own: [`BankSays::Done`] of the debit may be heard twice.
    Returned,
}

/// Why a bank said no.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum BankReason {
    InsufficientFunds,
    AccountClosed,
    BankLimit,
    /// The hold ended before the bank had heard of the debit.
    NotReached,
    Other,
}

impl BankReason {
    pub const ALL: [BankReason; 5] =
        [BankReason::InsufficientFunds, BankReason::AccountClosed, BankReason::BankLimit, BankReason::NotReached, BankReason::Other];

    pub fn as_str(self) -> &'static str {
        match self {
            BankReason::InsufficientFunds => "insufficient_funds",
            BankReason::AccountClosed => "account_closed",
            BankReason::BankLimit => "limit",
            BankReason::NotReached => "not_reached",
            BankReason::Other => "other",
        }
    }

    /// Words that we don't know are [`BankReason::Other`].
    pub fn parse(text: &str) -> BankReason {
        BankReason::ALL.into_iter().find(|reason| reason.as_str() == text).unwrap_or(BankReason::Other)
    }
}

/// What happens to a purchase next.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// The lot comes into being.
    Post,
    /// Pool and limits are released.
    Void(BankReason),
    /// The hold stays, an inquiry follows.
    Await,
    /// Debited after the void: book the late debit and send it back.
    RefundLate,
    /// The late debit has been sent back.
    FinishRefund,
    /// Nothing more to do.
    Nothing,
}

/// What the bank's word means for a purchase in `state`. `hold_over` says whether the time is over in which a debit that
/// the bank has not heard of may still arrive.
pub fn next_step(state: State, says: BankSays, hold_over: HoldOver) -> Step {
    use BankSays as Says;
    match (state, says) {
        (State::Reserved | State::Unknown, Says::Done) => Step::Post,
        (State::Reserved | State::Unknown, Says::Rejected(reason)) => Step::Void(reason),
        (State::Reserved | State::Unknown, Says::NotFound) if hold_over == HoldOver::Yes => Step::Void(BankReason::NotReached),
        (State::Reserved | State::Unknown, Says::NotFound | Says::Unclear | Says::Returned) => Step::Await,
        (State::Voided, Says::Done) => Step::RefundLate,
        (State::Refunding, Says::Returned) => Step::FinishRefund,
        (State::Refunding, Says::Done | Says::Rejected(_) | Says::NotFound | Says::Unclear) => Step::Await,
        (State::Voided, _) | (State::Posted | State::Refunded, _) => Step::Nothing,
    }
}

/// Whether the hold of a purchase has ended. See [`next_step`].
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum HoldOver {
    Yes,
    No,
}

/// A purchase as the person sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purchase {
    pub id: PurchaseId,
    pub kind: Kind,
    pub price: Price,
    pub state: State,
    /// Why it was voided, once it is.
    pub reason: Option<BankReason>,
    pub created_at: Timestamp,
    pub decided_at: Option<Timestamp>,
    /// Of the lot, once it is posted.
    pub expires_at: Option<Timestamp>,
}
