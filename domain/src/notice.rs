//! What a shop is told about its payments. Each shop's notices are numbered 1, 2, 3, ... without a gap, so that a page
//! that comes back knows what it missed ("Telling the shop").

use crate::ids::PaymentId;
use crate::paying::Code;
use crate::won::Won;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One numbered notice, written in the transaction of the movement it tells of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Of this shop, from 1.
    pub number: i64,
    pub payment: PaymentId,
    pub event: Event,
    pub amount: Won,
    pub code: Code,
    pub at: Timestamp,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Event {
    Paid,
    Cancelled,
}

impl Event {
    pub fn as_str(self) -> &'static str {
        match self {
            Event::Paid => "paid",
            Event::Cancelled => "cancelled",
        }
    }

    pub fn parse(text: &str) -> Option<Event> {
        [Event::Paid, Event::Cancelled].into_iter().find(|event| event.as_str() == text)
    }
}

/// What to say about notices that have just arrived: nothing twice, one sentence for what was missed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Say {
    Nothing,
    One(Notice),
    /// Several came at once after a lost connection.
    Gap {
        count: usize,
        paid: Won,
        cancelled: Won,
    },
}

/// The listener of one page: remembers the last number it has dealt with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listener {
    last: i64,
}

impl Listener {
    /// Everything up to `last` has been seen already.
    pub fn after(last: i64) -> Listener {
        Listener { last }
    }

    pub fn last(&self) -> i64 {
        self.last
    }

    /// Takes what arrived together; what was dealt with before is dropped. A single new notice is said in full, several
    /// as one sentence.
    pub fn hear(&mut self, arrived: &[Notice]) -> Say {
        let mut new: Vec<&Notice> = arrived.iter().filter(|notice| notice.number > self.last).collect();
        new.sort_by_key(|notice| notice.number);
        new.dedup_by_key(|notice| notice.number);
        let Some(newest) = new.last() else { return Say::Nothing };
        self.last = newest.number;
        if let [one] = new.as_slice() {
            return Say::One((*one).clone());
        }
        let total = |event| Won::sum(new.iter().filter(|notice| notice.event == event).map(|notice| notice.amount));
        let most = |sum: Option<Won>| sum.unwrap_or(Won::MAX);
        Say::Gap { count: new.len(), paid: most(total(Event::Paid)), cancelled: most(total(Event::Cancelled)) }
    }
}
