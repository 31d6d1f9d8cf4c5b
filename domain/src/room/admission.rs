//! Admission: how far the order has been called (Waiting room, points 5 and 7). Nobody is reordered: the only thing that
//! moves is one position, and it only moves forward.

use super::{Crowd, Place, Settings, ms_between};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a tick may move at most, in seconds of the rate: its own second, and one more after a gap. Nobody saves up.
const MOST_SAVED_S: i64 = 2;
/// Clocks of nodes differ; a clock that is back by more was put back.
const SKEW_MS: i64 = 5_000;
/// What the estimate of who shows up looks back on.
const MEMORY_MS: i64 = 10_000;
const ALL_PERMILLE: u32 = 1_000;
/// For one who comes never more than ten are called.
const FEWEST_PERMILLE: u32 = 100;

/// Whether the operator lets people in.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Gate {
    Open,
    /// The position stands still; those it has reached still come in.
    Paused,
    /// Nobody comes in any more; those inside finish.
    Draining,
}

impl Gate {
    pub const ALL: [Gate; 3] = [Gate::Open, Gate::Paused, Gate::Draining];

    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Gate::Open => "open",
            Gate::Paused => "paused",
            Gate::Draining => "draining",
        }
    }

    pub fn parse(text: &str) -> Option<Gate> {
        Gate::ALL.into_iter().find(|gate| gate.as_str() == text)
    }
}

/// A room's row: shared by all nodes, changed by [`Admission::tick`] and by the operator (gate, rate, most inside).
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admission {
    /// The last place that was called; 0 before the first.
    pub serving: u32,
    pub gate: Gate,
    /// People let in a second.
    pub rate_per_s: u32,
    /// People who may hold a pass at once.
    pub most_inside: u32,
    /// How many of a thousand called places have somebody who comes, 100 to 1,000.
    pub show_up_permille: u32,
    /// Thousandths of people who may be called beyond those who were.
    pub saved_milli: i64,
    pub ticked_at: Timestamp,
}

/// What the nodes know at a tick.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub struct Observed {
    /// The last place given; 0 when there is none.
    pub last_place: u32,
    /// People with a pass that is neither used nor expired.
    pub inside: u32,
    /// People seen lately who have been called and are not inside yet: [`Crowd::within`] the serving position.
    pub coming: u32,
    /// Of the next places to be called. `None` right after a start, when nobody can have been seen.
    pub next: Option<Sample>,
}

/// How many of some places have somebody who was seen lately.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    pub places: u32,
    pub present: u32,
}

impl Sample {
    /// Of the next thousand places, or as many as there are.
    pub fn of(crowd: &Crowd, serving: u32, last_place: u32) -> Sample {
        let places = last_place.saturating_sub(serving).min(1_000);
        let present = crowd.within(serving.saturating_add(places)).saturating_sub(crowd.within(serving));
        Sample { places, present }
    }
}

/// What the position means for one place.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Turn {
    /// Not called yet.
    Waits,
    /// Called, and let in as soon as somebody comes out or the gate opens.
    Called,
    /// The answer to this renewal is the pass: nobody stays called who could come in, so that nobody keeps others out.
    ComesIn,
}

impl Admission {
    /// Of a room whose window opens now.
    pub fn new(settings: &Settings, now: Timestamp) -> Admission {
        Admission {
            serving: 0,
            gate: Gate::Open,
            rate_per_s: settings.rate_per_s,
            most_inside: settings.most_inside,
            show_up_permille: ALL_PERMILLE,
            saved_milli: 0,
            ticked_at: now,
        }
    }

    /// What it is at `now`, from the opening on; one tick a second over all nodes is enough. The position moves by rate and
    /// elapsed time and by the room inside that nobody is on the way to, both divided by the share of those who show up. After a
    /// pause it starts from nothing; after a gap it makes up for one second at most.
    pub fn tick(&self, observed: &Observed, now: Timestamp) -> Admission {
        let late_ms = ms_between(self.ticked_at, now);
        let ticked_at = if (-SKEW_MS..0).contains(&late_ms) { self.ticked_at } else { now };
        let elapsed_ms = late_ms.max(0);
        let show_up_permille = self.show_up(observed.next, elapsed_ms);
        if self.gate != Gate::Open {
            return Admission { show_up_permille, saved_milli: 0, ticked_at, ..*self };
        }
        let rate = i64::from(self.rate_per_s);
        // A person a second is a thousandth of a person a millisecond.
        let earned_milli = rate.saturating_mul(elapsed_ms);
        let saved_milli = self.saved_milli.saturating_add(earned_milli).min(rate * 1_000 * MOST_SAVED_S);
        let free = self.most_inside.saturating_sub(observed.inside).saturating_sub(observed.coming);
        let people_milli = saved_milli.min(i64::from(free) * 1_000);
        let places = people_milli / i64::from(show_up_permille);
        let uncalled = observed.last_place.saturating_sub(self.serving);
        let called = u32::try_from(places).unwrap_or(0).min(uncalled);
        let saved_milli = saved_milli - i64::from(called) * i64::from(show_up_permille);
        Admission { serving: self.serving + called, show_up_permille, saved_milli, ticked_at, ..*self }
    }

    /// May this place come in while so many are `inside`? The bound inside holds here whatever the estimates were.
    pub fn turn(&self, place: Place, inside: u32) -> Turn {
        if place.get() > self.serving {
            Turn::Waits
        } else if self.gate == Gate::Draining || inside >= self.most_inside {
            Turn::Called
        } else {
            Turn::ComesIn
        }
    }

    fn show_up(&self, next: Option<Sample>, elapsed_ms: i64) -> u32 {
        let Some(Sample { places: places @ 1.., present }) = next else { return self.show_up_permille };
        let seen = i64::from(present.min(places)) * i64::from(ALL_PERMILLE) / i64::from(places);
        let known = i64::from(self.show_up_permille);
        let elapsed_ms = elapsed_ms.min(MEMORY_MS);
        let moved = known + (seen - known) * elapsed_ms / (elapsed_ms + MEMORY_MS);
        u32::try_from(moved).unwrap_or(ALL_PERMILLE).clamp(FEWEST_PERMILLE, ALL_PERMILLE)
    }
}
