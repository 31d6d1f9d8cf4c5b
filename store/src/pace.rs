//! How soon a batch follows the one before, at the till and where the books of shops are closed. While many ask, the next one is put together for a moment: it costs nearly the same with
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
        if let Some(between) = self.between(began.elapsed()) {
            tokio::time::sleep_until(began + between).await;
        }
    }

    /// From one beginning to the next, after a batch that took so long. `None`: there is no rest.
    fn between(self, took: Duration) -> Option<Duration> {
        (!self.least.is_zero()).then(|| self.least.max(took + took / 2))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_batch_is_followed_by_a_longer_rest() {
        let ms = Duration::from_millis;
        let pace = Pace::at_least(ms(3));
        for (took, between) in [(0, 3), (1, 3), (2, 3), (4, 6), (20, 30)] {
            assert_eq!(pace.between(ms(took)), Some(ms(between)), "{took} ms");
        }
        assert_eq!(Pace::NONE.between(ms(20)), None);
    }
}
