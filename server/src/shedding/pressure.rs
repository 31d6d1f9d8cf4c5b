//! How much is refused, by how long requests wait. As CoDel (RFC 8289) judges a queue: a delay that comes and goes is a burst and
//! harmless; one that stays above the target for an interval is an overload. Then one class more is refused each interval, and one less
//! after each longer calm, so that it does not swing.

use super::Class;
use std::time::Duration;

/// When requests are refused.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A longer wait, if it lasts, is an overload.
    pub target: Duration,
    /// How long it must last for each class that is refused.
    pub lasts: Duration,
    /// How long the wait must stay below half of the target for each class that is let in again.
    pub calm: Duration,
}

impl Limits {
    pub const fn of(target: Duration) -> Limits {
        Limits { target, lasts: Duration::from_millis(500), calm: Duration::from_secs(3) }
    }
}

/// The course of the delay so far. Times are counted from any moment that stays the same.
pub struct Pressure {
    limits: Limits,
    level: usize,
    above_since: Option<Duration>,
    below_since: Option<Duration>,
}

impl Pressure {
    pub fn new(limits: Limits) -> Pressure {
        Pressure { limits, level: 0, above_since: None, below_since: None }
    }

    /// How many classes are refused after this sample.
    pub fn sample(&mut self, delay: Duration, now: Duration) -> usize {
        if delay >= self.limits.target {
            self.below_since = None;
            let since = *self.above_since.get_or_insert(now);
            if now - since >= self.limits.lasts {
                self.level = Class::SHEDDABLE.len().min(self.level + 1);
                self.above_since = Some(now);
            }
        } else if delay < self.limits.target / 2 {
            self.above_since = None;
            let since = *self.below_since.get_or_insert(now);
            if now - since >= self.limits.calm {
                self.level = self.level.saturating_sub(1);
                self.below_since = Some(now);
            }
        } else {
            (self.above_since, self.below_since) = (None, None);
        }
        self.level
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Delays of so many milliseconds, each for so many samples of 50 ms; the level after each.
    fn levels(course: &[(u64, u64)]) -> Vec<usize> {
        let limits = Limits::of(Duration::from_millis(250));
        let (mut pressure, mut now) = (Pressure::new(limits), Duration::ZERO);
        let mut after = Vec::new();
        for (delay_ms, samples) in course {
            let mut level = 0;
            for _ in 0..*samples {
                now += Duration::from_millis(50);
                level = pressure.sample(Duration::from_millis(*delay_ms), now);
            }
            after.push(level);
        }
        after
    }

    #[test]
    fn bursts_are_harmless_and_what_lasts_is_not() {
        // Half a second of waiting, a breath, again: never an overload.
        assert_eq!(levels(&[(5_000, 10), (200, 1), (5_000, 10), (200, 1), (5_000, 10)]), [0; 5]);
        assert_eq!(levels(&[(249, 10_000)]), [0]);
        // One class more each half second, and never more than there are.
        assert_eq!(levels(&[(250, 11), (250, 9), (250, 1), (250, 10), (250, 10), (250, 1_000)]), [1, 1, 2, 3, 4, 4]);
    }

    #[test]
    fn it_is_let_in_again_slowly_and_only_when_it_is_calm() {
        let full = (10_000, 41);
        assert_eq!(levels(&[full, (200, 10_000)]), [4, 4], "between calm and overload nothing changes");
        assert_eq!(levels(&[full, (124, 61), (124, 59), (124, 1), (124, 120)]), [4, 3, 3, 2, 0]);
        // Calm that is broken off counts anew.
        assert_eq!(levels(&[full, (0, 60), (130, 1), (0, 60), (0, 1)]), [4, 4, 4, 4, 3]);
        assert_eq!(levels(&[full, (0, 61), (300, 11)]), [4, 3, 4]);
    }
}
