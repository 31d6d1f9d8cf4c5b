//! Gifts (선물): whole won out of chosen lots of one kind, to a phone number or to whoever has the link ("Gifts" in the specification).
//!
//! What is given waits in escrow until it is accepted, declined, taken back, or seven days are over; then it is the receiver's, in lots of
//! their own that keep origin and expiry, or the sender's again, in the very lots it came from. While it waits it counts as held by the
//! sender: whatever becomes of it, nobody's cap is passed by it coming back.
//!
//! Caps of the receiver (held in all, received this month) are looked at when it is accepted, and only the receiver hears of them.

use crate::ids::{EscrowId, GiftId, KindId, LotId, PersonId};
use crate::kind::{Kind, Scope};
use crate::phone::Phone;
use crate::refused::Refused;
use crate::spending::{Draw, Lot};
use crate::won::Won;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long a gift waits from the moment it is delivered.
pub const WAITS: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How far ahead it may be planned.
pub const AHEAD: SignedDuration = SignedDuration::from_hours(60 * 24);
/// Lots that one gift draws on.
pub const PARTS_MAX: usize = 20;
/// Gifts of one sender that wait, or were given within a day: each may be a text message to somebody who did not ask for one.
pub const AT_ONCE_MAX: i64 = 30;

/// What a kind lets a person receive in a month, unless the city says otherwise: 1,000,000 of the citywide one, 1,500,000 of a district's.
pub fn month_cap(scope: Scope) -> Won {
    match scope {
        Scope::Citywide => Won::of(1_000_000),
        Scope::District(_) => Won::of(1_500_000),
    }
}

/// The picture on it.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Card {
    #[default]
    Plain,
    Birthday,
    Thanks,
    /// 설, 추석.
    Holiday,
    Cheer,
}

impl Card {
    pub const ALL: [Card; 5] = [Card::Plain, Card::Birthday, Card::Thanks, Card::Holiday, Card::Cheer];

    /// As stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Card::Plain => "plain",
            Card::Birthday => "birthday",
            Card::Thanks => "thanks",
            Card::Holiday => "holiday",
            Card::Cheer => "cheer",
        }
    }

    pub fn parse(text: &str) -> Option<Card> {
        Card::ALL.into_iter().find(|card| card.as_str() == text)
    }
}

/// What somebody wrote to somebody, over several lines if they like. May be empty; escaped wherever it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Message(String);

/// More characters than fit.
#[derive(Copy, Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at most {} characters", Message::CHARS_MAX)]
pub struct TooLong;

impl Message {
    pub const CHARS_MAX: usize = 200;

    /// Ends of lines are one character each, whatever a browser sent: all other control characters are left out.
    pub fn parse(typed: &str) -> Result<Message, TooLong> {
        let plain: String = typed.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
        let plain = plain.trim();
        if plain.chars().count() > Message::CHARS_MAX { Err(TooLong) } else { Ok(Message(plain.to_owned())) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl TryFrom<String> for Message {
    type Error = TooLong;
    fn try_from(text: String) -> Result<Message, TooLong> {
        Message::parse(&text)
    }
}

impl From<Message> for String {
    fn from(message: Message) -> String {
        message.0
    }
}

/// So much out of this lot.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub lot: LotId,
    pub amount: Won,
}

/// What a person asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    pub id: GiftId,
    pub sender: PersonId,
    pub kind: KindId,
    pub parts: Vec<Part>,
    /// `None`: whoever has the link.
    pub to: Option<Phone>,
    pub card: Card,
    pub message: Message,
    /// `None`: at once.
    pub deliver_at: Option<Timestamp>,
}

impl Wish {
    /// `None`: more than there can be.
    pub fn amount(&self) -> Option<Won> {
        Won::sum(self.parts.iter().map(|part| part.amount))
    }
}

/// Proof that [`decide`] agreed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreed {
    pub amount: Won,
    pub draws: Vec<Draw>,
    pub delivers_at: Timestamp,
    pub ends_at: Timestamp,
}

/// May this be given? `lots`: the sender's among those that it names. `own`: the sender's phone. It tells nothing of the receiver: whether there
/// is such a member is not even looked at.
pub fn decide(lots: &[Lot], wish: &Wish, own: Phone, now: Timestamp) -> Result<Agreed, Refused> {
    if wish.to == Some(own) {
        return Err(Refused::GiftToYourself);
    }
    if wish.deliver_at.is_some_and(|at| at > now + AHEAD) {
        return Err(Refused::GiftTooFarAhead);
    }
    let delivers_at = wish.deliver_at.map_or(now, |at| at.max(now));
    let usable = |part: &Part| lots.iter().find(|lot| lot.id == part.lot && lot.kind == wish.kind && delivers_at < lot.expires_at);
    let mut draws = Vec::new();
    for part in &wish.parts {
        let lot = usable(part).ok_or(Refused::NoSuchLot)?;
        let left = if draws.iter().any(|draw: &Draw| draw.lot == lot.id) { Won::ZERO } else { lot.left };
        if part.amount.is_zero() || part.amount > left {
            return Err(Refused::GiftAmount { left });
        }
        draws.push(Draw { lot: lot.id, kind: lot.kind, amount: part.amount });
    }
    let amount = wish.amount().filter(|amount| !amount.is_zero() && draws.len() <= PARTS_MAX);
    let amount = amount.ok_or(Refused::GiftAmount { left: lots.iter().fold(Won::ZERO, |sum, lot| sum.plus(lot.left).unwrap_or(sum)) })?;
    Ok(Agreed { amount, draws, delivers_at, ends_at: delivers_at + WAITS })
}

/// Where a gift stands.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum State {
    /// In escrow: on its way, or waiting for an answer.
    Waiting,
    Accepted,
    /// By whoever it was for.
    Declined,
    /// By the sender.
    TakenBack,
    /// Nobody answered in time.
    Returned,
}

impl State {
    pub const ALL: [State; 5] = [State::Waiting, State::Accepted, State::Declined, State::TakenBack, State::Returned];

    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Accepted => "accepted",
            State::Declined => "declined",
            State::TakenBack => "taken_back",
            State::Returned => "returned",
        }
    }

    pub fn parse(text: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// The sender has it again.
    pub fn is_back(self) -> bool {
        matches!(self, State::Declined | State::TakenBack | State::Returned)
    }
}

/// How a gift that waits comes back.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Back {
    Declined { by: Receiver },
    TakenBack { by: PersonId },
    Returned,
}

/// Whoever would accept or decline.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receiver {
    pub person: PersonId,
    /// Verified when they signed up.
    pub phone: Phone,
}

/// A gift in escrow, as far as decisions need it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub sender: PersonId,
    pub to: Option<Phone>,
    pub amount: Won,
    pub state: State,
    pub receiver: Option<PersonId>,
    pub delivers_at: Timestamp,
    pub ends_at: Timestamp,
}

/// What a kind lets a person receive, and how much of it is used.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Room {
    pub held: Won,
    pub holding_cap: Won,
    /// In gifts, this month.
    pub received: Won,
    pub month_cap: Won,
}

/// Is it theirs to answer? Whoever it is not for hears the same as about one that does not exist.
fn is_theirs(gift: &Held, receiver: &Receiver, now: Timestamp) -> Result<(), Refused> {
    let is_named = gift.to.is_none_or(|to| to == receiver.phone);
    if !is_named || now < gift.delivers_at {
        return Err(Refused::NoSuchGift);
    }
    if gift.sender == receiver.person { Err(Refused::GiftToYourself) } else { Ok(()) }
}

/// May it be accepted now? `Ok(false)`: it was, by the same person.
pub fn accept(gift: &Held, receiver: &Receiver, room: &Room, now: Timestamp) -> Result<bool, Refused> {
    if gift.state == State::Accepted && gift.receiver == Some(receiver.person) {
        return Ok(false);
    }
    is_theirs(gift, receiver, now)?;
    if gift.state != State::Waiting || now >= gift.ends_at {
        return Err(Refused::GiftOver);
    }
    let month_left = room.month_cap.left_after(room.received);
    if gift.amount > month_left {
        return Err(Refused::GiftMonthCap { left: month_left, cap: room.month_cap });
    }
    let cap_left = room.holding_cap.left_after(room.held);
    if gift.amount > cap_left {
        return Err(Refused::GiftHoldingCap { left: cap_left, cap: room.holding_cap });
    }
    Ok(true)
}

/// May it come back this way now? `Ok(None)`: it did, this way.
pub fn back(gift: &Held, how: Back, now: Timestamp) -> Result<Option<State>, Refused> {
    let state = match how {
        Back::Declined { by } => is_theirs(gift, &by, now).map(|()| State::Declined)?,
        Back::TakenBack { by } if by == gift.sender => State::TakenBack,
        Back::TakenBack { .. } => return Err(Refused::NoSuchGift),
        Back::Returned if gift.state == State::Waiting && now < gift.ends_at => return Ok(None),
        Back::Returned => State::Returned,
    };
    match gift.state {
        // Its time is over: it goes back by itself.
        State::Waiting if state == State::Declined && now >= gift.ends_at => Err(Refused::GiftOver),
        State::Waiting => Ok(Some(state)),
        done if done == state => Ok(None),
        _ => Err(Refused::GiftOver),
    }
}

/// The receiver's lot `id` for a part of `gift`: of the same purchase, with the same end, at the same share of what was paid. It gives money back
/// only where its kind says so (`keeps_refund`).
pub fn lot_of(gift: EscrowId, part: &Part, origin: &Lot, id: LotId, keeps_refund: bool) -> Option<Lot> {
    Some(Lot {
        id,
        face: part.amount,
        paid: part.amount.share(origin.paid.get(), origin.face.get())?,
        left: part.amount,
        refunded: Won::ZERO,
        expired: Won::ZERO,
        given: Won::ZERO,
        gift: Some(gift),
        refund_from: origin.refund_from.filter(|_| keeps_refund),
        ..*origin
    })
}

/// What the city looks at among gifts: vouchers for money in a circle. A sign proves nothing.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Sign {
    /// Two or three people gave to each other in a circle within thirty days.
    Ring,
    /// Given on within a day of being accepted.
    PassedOn,
    /// Five people or more gave to one within thirty days.
    ManyGivers,
    /// Spent at a shop of whoever gave it.
    OwnShop,
}

impl Sign {
    pub const ALL: [Sign; 4] = [Sign::Ring, Sign::PassedOn, Sign::ManyGivers, Sign::OwnShop];

    pub fn as_str(self) -> &'static str {
        match self {
            Sign::Ring => "ring",
            Sign::PassedOn => "passed_on",
            Sign::ManyGivers => "many_givers",
            Sign::OwnShop => "own_shop",
        }
    }

    pub fn parse(text: &str) -> Option<Sign> {
        Sign::ALL.into_iter().find(|sign| sign.as_str() == text)
    }
}

/// A gift, as both sides read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gift {
    pub id: GiftId,
    pub escrow: EscrowId,
    pub kind: Kind,
    pub amount: Won,
    pub card: Card,
    pub message: Message,
    pub state: State,
    pub created_at: Timestamp,
    pub delivers_at: Timestamp,
    pub ends_at: Timestamp,
    pub decided_at: Option<Timestamp>,
    /// Of whoever accepted it.
    pub thanks: Option<Message>,
}
