//! How soon a batch follows the one before. While many ask, the next one is put together for a moment: it costs nearly the same with
//! ten in it as with one.

use std::time::Duration;
use tokio::time::Instant;

/// From the beginning of one batch to that of the next: a least time, and half as long again as the batch took. So whoever is slow,
/// because the machine is full or other nodes ask the same database, is asked less often for more at once. Who comes to an idle place
/// waits for nothing.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    least: Duration,
}

impl Pace {
    pub const NONE: Pace = Pace { least: Duration::ZERO };

    pub const fn at_least(least: Duration) -> Pace {
        Pace { least }
    }

    /// After a batch: until the next may begin.
    pub async fn rest(self, began: Instant) {
        if !self.least.is_zero() {
            let took = began.elapsed();
            tokio::time::sleep_until(began + self.least.max(took + took / 2)).await;
        }
    }
}
