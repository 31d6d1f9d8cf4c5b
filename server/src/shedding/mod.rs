//! Load shedding: when this node is too slow, it refuses first what is least needed, in words and before any work, so that paying at
//! shops never waits for the sale. `class` says what is needed how much, `pressure` when how much of it is refused, `watch` measures.

mod class;
mod pressure;
mod watch;

pub use class::Class;
pub use pressure::Limits;
pub use watch::watch;

use crate::trouble::Trouble;
use app::Error;
use rand::Rng;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Who was refused comes back after so many seconds; not all at once.
const BACK_AFTER_S: std::ops::Range<u32> = 5..20;

/// What this node refuses now, and how many requests it is answering.
pub struct Shedding {
    pub limits: Limits,
    /// How many classes, the least needed first.
    level: AtomicUsize,
    answering: AtomicUsize,
}

impl Shedding {
    pub fn new(limits: Limits) -> Arc<Shedding> {
        Arc::new(Shedding { limits, level: AtomicUsize::new(0), answering: AtomicUsize::new(0) })
    }

    /// The classes that are refused, the least needed first.
    pub fn refused(&self) -> &'static [Class] {
        &Class::SHEDDABLE[..self.level.load(Ordering::Relaxed)]
    }

    /// Before everything that works. Who is let in counts as long as the value lives.
    pub fn admit(self: &Arc<Shedding>, path: &str) -> Result<Answering, Trouble> {
        let class = Class::of(path);
        if self.refused().contains(&class) {
            metrics::counter!("payplus_shed_total", "class" => class.as_str()).increment(1);
            let seconds = rand::rng().random_range(BACK_AFTER_S);
            return Err(Trouble::new(Error::Overloaded { seconds }));
        }
        self.answering.fetch_add(1, Ordering::Relaxed);
        Ok(Answering(Arc::clone(self)))
    }
}

/// A request until its answer begins: a stream is answered then.
pub struct Answering(Arc<Shedding>);

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.answering.fetch_sub(1, Ordering::Relaxed);
    }
}
