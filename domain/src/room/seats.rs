//! What a node remembers of the people who wait: four bytes a place. With a drawn place (20 bytes,
//! [`Drawn`](super::draw::Drawn)) that makes 24 bytes a person. It is gone when the node stops; what depends on it are counts, the
//! place of somebody who comes without a ticket, and that a pass which got lost on the way is given again as it was.

use super::{Crowd, MOST_PLACES, Place};
use jiff::Timestamp;

/// Memory for so many places is taken at a time.
const STEP: usize = 16_384;

/// What this node knows of each place.
pub struct Seats {
    started_s: i64,
    /// By place: what happened in the two highest bits, and when (seconds, the start is 1) in the others; 0 for nothing.
    known: Vec<u32>,
}

/// What is known of one place. Times are whole seconds, rounded down, and never before the node's start.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Seat {
    Waits {
        seen_at: Timestamp,
    },
    /// The person got a pass then.
    CameIn {
        at: Timestamp,
    },
    /// The purchase is done, or the place was given up: nobody comes in here any more.
    Left,
}

const WAITS: u32 = 0;
const CAME_IN: u32 = 1 << 30;
const LEFT: u32 = 2 << 30;
const WHEN: u32 = CAME_IN - 1;

impl Seats {
    /// Of a node that starts now and knows nobody yet.
    pub fn new(started_at: Timestamp) -> Seats {
        Seats { started_s: started_at.as_second(), known: Vec::new() }
    }

    /// Somebody renewed a ticket with this place. What came in or left stays so.
    pub fn see(&mut self, place: Place, now: Timestamp) -> Seat {
        let now_s = self.seconds(now);
        let known = self.known_mut(place);
        if *known <= WHEN {
            *known = WAITS | now_s;
        }
        self.at(place)
    }

    /// The person gets a pass, since `now` or since the first time that this was said.
    pub fn come_in(&mut self, place: Place, now: Timestamp) -> Seat {
        let now_s = self.seconds(now);
        let known = self.known_mut(place);
        if *known <= WHEN {
            *known = CAME_IN | now_s;
        }
        self.at(place)
    }

    /// The purchase is done, or the person went home or to the end.
    pub fn leave(&mut self, place: Place) {
        *self.known_mut(place) = LEFT;
    }

    /// For somebody who comes without a ticket. A node that has just started takes everybody as seen at its start: it can't know
    /// better.
    pub fn at(&self, place: Place) -> Seat {
        let known = self.known.get(place.index()).copied().unwrap_or(0);
        let then = Timestamp::from_second(self.started_s.saturating_add(i64::from(known & WHEN).max(1) - 1)).unwrap_or(Timestamp::MAX);
        match known & !WHEN {
            WAITS => Seat::Waits { seen_at: then },
            CAME_IN => Seat::CameIn { at: then },
            _ => Seat::Left,
        }
    }

    /// Who waits and was seen between these moments, to the whole second.
    pub fn crowd(&self, since: Timestamp, now: Timestamp) -> Crowd {
        let lately = WAITS | self.seconds(since)..=WAITS | self.seconds(now);
        Crowd::of(self.known.iter().map(|known| lately.contains(known)))
    }

    /// On how many of the first `places` somebody has come in, whether or not they have left since.
    pub fn came_in_of(&self, places: u32) -> u32 {
        let count = self.known.iter().take(places as usize).filter(|known| **known > WHEN).count();
        u32::try_from(count).expect("no more than places")
    }

    pub fn bytes(&self) -> usize {
        self.known.capacity() * size_of::<u32>()
    }

    fn known_mut(&mut self, place: Place) -> &mut u32 {
        let at = place.index();
        if at >= self.known.len() {
            let length = (at + 1).next_multiple_of(STEP).min(MOST_PLACES as usize);
            self.known.reserve_exact(length - self.known.len());
            self.known.resize(length, 0);
        }
        &mut self.known[at]
    }

    /// Of the node's life, the first one for all before it; enough for 34 years.
    fn seconds(&self, at: Timestamp) -> u32 {
        let second = at.as_second().saturating_sub(self.started_s).saturating_add(1);
        u32::try_from(second.clamp(1, i64::from(WHEN))).expect("fits in thirty bits")
    }
}
