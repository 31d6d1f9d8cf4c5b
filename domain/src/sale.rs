//! Sales (발행) and their windows: who may buy when, out of which amount.

use crate::calendar::Span;
use crate::ids::{KindId, SaleId, WindowId};
use crate::won::Won;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Whom a window is for. Parity is that of the verified identity's birth year, never of anything typed.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Who {
    Anyone,
    OddBirthYears,
    EvenBirthYears,
}

impl Who {
    pub fn admits(self, birth_year: i16) -> bool {
        match self {
            Who::Anyone => true,
            Who::OddBirthYears => birth_year.rem_euclid(2) == 1,
            Who::EvenBirthYears => birth_year.rem_euclid(2) == 0,
        }
    }
}

/// One window of a sale with its own pool of face amount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    pub id: WindowId,
    pub sale: SaleId,
    pub kind: KindId,
    pub span: Span,
    pub who: Who,
}

/// The sale pool of a window, an account in face won: `total = left + held + sold`. It can't go below zero: reserving
/// is the only way out of `left`, and it refuses first (and a database CHECK second).
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pool {
    pub total: Won,
    /// Reserved by purchases that the bank has not answered.
    pub held: Won,
    pub sold: Won,
}

impl Pool {
    pub fn left(&self) -> Won {
        self.total.left_after(self.held).left_after(self.sold)
    }

    /// What may still be sold, should all that is reserved come back.
    pub fn possible(&self) -> Won {
        self.left().plus(self.held).unwrap_or(Won::MAX)
    }
}

/// Where a window stands on the clock.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    Before { opens_at: Timestamp },
    Open { closes_at: Timestamp },
    Closed { closed_at: Timestamp },
}

impl Window {
    pub fn phase(&self, now: Timestamp) -> Phase {
        if now < self.span.from() {
            Phase::Before { opens_at: self.span.from() }
        } else if self.span.contains(now) {
            Phase::Open { closes_at: self.span.to() }
        } else {
            Phase::Closed { closed_at: self.span.to() }
        }
    }
}

/// The window of a sale that matters to a person now: an open one that admits the person, else the next one that will,
/// else the last one that did.
pub fn mine(windows: &[Window], birth_year: i16, now: Timestamp) -> Option<&Window> {
    let admitting = || windows.iter().filter(|window| window.who.admits(birth_year));
    let open = admitting().filter(|window| window.span.contains(now)).min_by_key(|window| window.span.to());
    let next = || admitting().filter(|window| window.span.from() > now).min_by_key(|window| window.span.from());
    let last = || admitting().max_by_key(|window| window.span.to());
    open.or_else(next).or_else(last)
}
