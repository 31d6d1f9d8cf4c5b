//! The waiting room of a sale's window: who waits where, who may come in when, and what they are told meanwhile
//! (specification, "Waiting room", points 1 to 8).
//!
//! Before the window opens people hold a signed [`Ticket`] without a place. At the opening [`draw`] gives each of them one, in
//! an order that anyone can recompute; who comes later gets the next place. A place is kept by renewing the ticket
//! ([`presence`]); no renewal needs the database, since the ticket carries what is judged and a node remembers in
//! [`Seats`] who was seen when. [`Admission`] moves the serving position, and whoever it has reached gets a [`Pass`].
//! [`outlook`] and [`interval`] are what the page says and when it asks again.

pub mod admission;
mod crowd;
pub mod draw;
mod hexed;
pub mod interval;
pub mod outlook;
mod pass;
pub mod presence;
mod seats;
mod settings;
mod ticket;
mod token;

pub use admission::Admission;
pub use crowd::Crowd;
pub use hexed::NotHex;
pub use pass::{Pass, PassRefused};
pub use seats::{Seat, Seats};
pub use settings::{Figures, NotSettings, Settings};
pub use ticket::{Pseudonym, Ticket, TicketRefused};
pub use token::RoomKey;

use crate::calendar::Span;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The most places a room gives: beyond every crowd, even if each of a million people goes to the end fifteen times.
pub const MOST_PLACES: u32 = 16_000_000;

/// A place in the order, from 1 to [`MOST_PLACES`]. It is given once and to one person; who lapses gets another one at the end.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Place(u32);

/// A number that is no place: zero, or beyond [`MOST_PLACES`] (the room is full).
#[derive(Copy, Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not a place")]
pub struct NotAPlace(pub u32);

impl Place {
    pub const FIRST: Place = Place(1);

    pub const fn new(place: u32) -> Result<Place, NotAPlace> {
        if place >= 1 && place <= MOST_PLACES { Ok(Place(place)) } else { Err(NotAPlace(place)) }
    }

    pub const fn get(self) -> u32 {
        self.0
    }

    /// Where it stands in a list of all places.
    pub(crate) const fn index(self) -> usize {
        self.0 as usize - 1
    }
}

impl TryFrom<u32> for Place {
    type Error = NotAPlace;
    fn try_from(place: u32) -> Result<Place, NotAPlace> {
        Place::new(place)
    }
}

impl From<Place> for u32 {
    fn from(place: Place) -> u32 {
        place.0
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Where a room stands on the clock.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// Nobody can join yet.
    Before {
        pre_queue_opens_at: Timestamp,
    },
    /// People join without an order; it is drawn at the opening.
    PreQueue {
        opens_at: Timestamp,
    },
    /// Places are given in order of arrival, and people are let in.
    Open {
        closes_at: Timestamp,
    },
    Over {
        closed_at: Timestamp,
    },
}

impl Phase {
    /// Of the room of the window with this `span`.
    pub fn of(span: &Span, settings: &Settings, now: Timestamp) -> Phase {
        let pre_queue_opens_at = after_ms(span.from(), -settings.pre_queue_opens_before_ms);
        if now < pre_queue_opens_at {
            Phase::Before { pre_queue_opens_at }
        } else if now < span.from() {
            Phase::PreQueue { opens_at: span.from() }
        } else if span.contains(now) {
            Phase::Open { closes_at: span.to() }
        } else {
            Phase::Over { closed_at: span.to() }
        }
    }
}

/// Whole milliseconds from one moment to another, negative when `to` is earlier.
fn ms_between(from: Timestamp, to: Timestamp) -> i64 {
    to.as_millisecond() - from.as_millisecond()
}

/// `at` and so many milliseconds, in whole milliseconds and within jiff's range.
fn after_ms(at: Timestamp, ms: i64) -> Timestamp {
    let bound = if ms < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_millisecond(at.as_millisecond().saturating_add(ms)).unwrap_or(bound)
}
