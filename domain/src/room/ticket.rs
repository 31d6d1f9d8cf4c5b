//! Tickets: who waits where, and when last heard of. A browser holds its own; presence is judged from it alone, so renewing
//! needs no database (Waiting room, points 3, 4 and 8).

use super::Place;
use super::hexed::hexed;
use super::token::{self, Kind, RoomKey};
use crate::ids::{PersonId, WindowId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What stands for a person in the published list of a window: HMAC-SHA-256 of window and person, its first 16 bytes. One a
/// person a window, on all devices and channels; without the key it tells nothing, and two windows' are not linked. 32 hexadecimal digits
/// in text and JSON.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pseudonym(pub [u8; 16]);

impl Pseudonym {
    pub fn of(key: &RoomKey, window: WindowId, person: PersonId) -> Pseudonym {
        let mut body = [0; 16];
        body[..8].copy_from_slice(&window.0.to_be_bytes());
        body[8..].copy_from_slice(&person.0.to_be_bytes());
        let tag = token::tag(key, Kind::Pseudonym, &body);
        Pseudonym(*tag.first_chunk().expect("a tag has 32 bytes"))
    }
}

hexed!(Pseudonym);

/// A place in the room of a window, or the promise of one in the draw. Times are kept in whole milliseconds.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    pub window: WindowId,
    pub pseudonym: Pseudonym,
    /// `None` until the order is drawn.
    pub place: Option<Place>,
    pub joined_at: Timestamp,
    pub renewed_at: Timestamp,
}

/// Why a text is no ticket here. What exactly is wrong with a bad one is not said.
#[derive(Copy, Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum TicketRefused {
    #[error("not a ticket of ours")]
    Forged,
    #[error("a ticket of another window")]
    OtherWindow,
}

/// Window 8, pseudonym 16, place 4 (0: none), joined 8, renewed 8.
const BODY: usize = 44;

impl Ticket {
    /// A ticket just given.
    pub fn new(window: WindowId, pseudonym: Pseudonym, place: Option<Place>, now: Timestamp) -> Ticket {
        Ticket { window, pseudonym, place, joined_at: now, renewed_at: now }
    }

    /// Heard of at `now`. `drawn` is the place that the draw gave, and changes nothing on a ticket that has one.
    pub fn renewed(&self, drawn: Option<Place>, now: Timestamp) -> Ticket {
        Ticket { place: self.place.or(drawn), renewed_at: now, ..*self }
    }

    /// Whether it was given to this person: a ticket copied to somebody else is worth nothing.
    pub fn is_of(&self, key: &RoomKey, person: PersonId) -> bool {
        self.pseudonym == Pseudonym::of(key, self.window, person)
    }

    /// 104 characters of base64url.
    pub fn sign(&self, key: &RoomKey) -> String {
        let mut body = Vec::with_capacity(BODY);
        body.extend(self.window.0.to_be_bytes());
        body.extend(self.pseudonym.0);
        body.extend(self.place.map_or(0, Place::get).to_be_bytes());
        body.extend(self.joined_at.as_millisecond().to_be_bytes());
        body.extend(self.renewed_at.as_millisecond().to_be_bytes());
        token::sign(key, Kind::Ticket, &body)
    }

    /// The ticket in `text`, if we signed it for this window.
    pub fn read(key: &RoomKey, window: WindowId, text: &str) -> Result<Ticket, TicketRefused> {
        let ticket = Ticket::open(key, text).ok_or(TicketRefused::Forged)?;
        if ticket.window == window { Ok(ticket) } else { Err(TicketRefused::OtherWindow) }
    }

    fn open(key: &RoomKey, text: &str) -> Option<Ticket> {
        let body = token::open::<BODY>(key, Kind::Ticket, text)?;
        let mut rest = &body[..];
        Some(Ticket {
            window: WindowId(i64::from_be_bytes(token::take(&mut rest)?)),
            pseudonym: Pseudonym(token::take(&mut rest)?),
            place: match u32::from_be_bytes(token::take(&mut rest)?) {
                0 => None,
                place => Some(Place::new(place).ok()?),
            },
            joined_at: Timestamp::from_millisecond(i64::from_be_bytes(token::take(&mut rest)?)).ok()?,
            renewed_at: Timestamp::from_millisecond(i64::from_be_bytes(token::take(&mut rest)?)).ok()?,
        })
    }
}
