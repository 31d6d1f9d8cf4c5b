//! Presence: who keeps the place and who goes to the end (Waiting room, point 4). Only what a person did counts: the time
//! in which the service itself was away is nobody's absence.

use super::{Phase, Settings, ms_between};
use crate::calendar::Span;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The spans in which the service could not be reached: from the last heartbeat before to the next start. A clock that was put
/// forward is one too: from the moment it left to the one it jumped to. Few; kept in order and without overlap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outages(Vec<Span>);

impl Outages {
    pub const NONE: Outages = Outages(Vec::new());

    /// In any order, overlapping or not.
    pub fn new(spans: impl IntoIterator<Item = Span>) -> Outages {
        let mut spans: Vec<Span> = spans.into_iter().collect();
        spans.sort_unstable_by_key(Span::from);
        let mut apart: Vec<Span> = Vec::with_capacity(spans.len());
        for span in spans {
            let joined = apart.last().filter(|last| span.from() <= last.to());
            match joined.and_then(|last| Span::new(last.from(), last.to().max(span.to()))) {
                Some(joined) => *apart.last_mut().expect("there is one to join") = joined,
                None => apart.push(span),
            }
        }
        Outages(apart)
    }

    /// One more, wherever it lies.
    pub fn add(&mut self, span: Span) {
        *self = Outages::new(self.0.drain(..).chain([span]));
    }

    /// How much of `[from, to)` the service was away.
    pub fn within_ms(&self, from: Timestamp, to: Timestamp) -> i64 {
        self.0.iter().map(|outage| ms_between(outage.from().max(from), outage.to().min(to)).max(0)).sum()
    }
}

/// How long a person was away who was last heard of at `renewed_at`: never negative, not even when the clock was put back.
pub fn absent_ms(renewed_at: Timestamp, now: Timestamp, outages: &Outages) -> i64 {
    (ms_between(renewed_at, now) - outages.within_ms(renewed_at, now)).max(0)
}

/// What becomes of a place.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    Keeps,
    /// The place has lapsed: a new one is given, behind everybody.
    ToTheEnd,
}

/// On a person heard of at `now` and before that at `renewed_at`. Before the opening there is no order that one could lose.
pub fn verdict(phase: &Phase, settings: &Settings, renewed_at: Timestamp, now: Timestamp, outages: &Outages) -> Verdict {
    let ordered = matches!(phase, Phase::Open { .. } | Phase::Over { .. });
    if ordered && absent_ms(renewed_at, now, outages) > settings.grace_ms { Verdict::ToTheEnd } else { Verdict::Keeps }
}
