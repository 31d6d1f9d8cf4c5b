//! What a waiting person is told: the answer to joining and to each renewal. Plain data, read by the page.

use domain::Timestamp;
use domain::room::draw::Commitment;
use domain::room::outlook::Outlook;
use serde::{Deserialize, Serialize};

/// An answer of the room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Heard {
    pub told: Told,
    /// To be sent with the next renewal; `None` for somebody without a place.
    pub ticket: Option<String>,
    /// When to ask again.
    pub renew_in_ms: i64,
    /// The server's clock.
    pub now: Timestamp,
}

/// Where somebody stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Told {
    /// Nobody can join yet.
    Before { joins_from: Timestamp, opens_at: Timestamp },
    /// In the draw.
    PreQueue {
        opens_at: Timestamp,
        /// People in the draw so far.
        people: u32,
        commitment: Commitment,
    },
    /// The window has opened, the order comes any moment.
    Drawing,
    Waits {
        place: u32,
        /// The draw gave the place, so it can be counted again.
        is_drawn: bool,
        outlook: Outlook,
        /// The city has paused.
        is_paused: bool,
    },
    /// Called: in as soon as somebody comes out.
    Called { place: u32 },
    /// The pass is there for the asking.
    ComesIn { place: u32 },
    /// Away for longer than the grace: whoever joins again stands at the end.
    Lapsed { grace_ms: i64 },
    /// What is left can't reach this place, whatever those before it buy.
    Beyond { place: u32, outlook: Outlook },
    /// The window has closed.
    Over { closed_at: Timestamp },
    /// Not a ticket of ours: join to get one.
    NoTicket,
}

impl Told {
    /// Does it make sense to ask again?
    pub fn goes_on(&self) -> bool {
        !matches!(self, Told::Lapsed { .. } | Told::Beyond { .. } | Told::Over { .. } | Told::NoTicket)
    }
}
