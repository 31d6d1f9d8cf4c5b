//! How busy this process is: pages are told to ask less often when it is.

use cpu_time::ProcessTime;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

/// Of all cores. A database, a proxy and the system want the rest.
const FULL: f64 = 0.5;
/// A second weighs so much beside what was before: nobody's interval leaps about.
const NEWEST: f64 = 0.3;

/// From 0 (idle) to 1 (full).
#[derive(Default)]
pub(super) struct Load(AtomicU32);

impl Load {
    pub(super) fn get(&self) -> f64 {
        f64::from(f32::from_bits(self.0.load(Ordering::Relaxed)))
    }

    fn set(&self, share_of_cores: f64) {
        let newest = (share_of_cores / FULL).clamp(0.0, 1.0);
        let load = self.get() * (1.0 - NEWEST) + newest * NEWEST;
        self.0.store((load as f32).to_bits(), Ordering::Relaxed);
    }
}

/// Measures from one call to the next.
pub(super) struct Meter {
    at: Instant,
    cpu: ProcessTime,
    cores: f64,
}

impl Meter {
    pub(super) fn new() -> Meter {
        let cores = std::thread::available_parallelism().map_or(1.0, |cores| cores.get() as f64);
        Meter { at: Instant::now(), cpu: ProcessTime::now(), cores }
    }

    pub(super) fn measure(&mut self, load: &Load) {
        let (at, cpu) = (Instant::now(), ProcessTime::now());
        let (passed, used) = (at.duration_since(self.at), cpu.duration_since(self.cpu));
        if !passed.is_zero() {
            load.set(used.as_secs_f64() / passed.as_secs_f64() / self.cores);
        }
        (self.at, self.cpu) = (at, cpu);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_minute_is_full_and_passes() {
        let load = Load::default();
        assert_eq!(load.get(), 0.0);
        load.set(0.25);
        assert!((load.get() - 0.15).abs() < 1e-6, "{}", load.get());
        (0..60).for_each(|_| load.set(0.9));
        assert!(load.get() > 0.999 && load.get() <= 1.0);
        (0..60).for_each(|_| load.set(0.0));
        assert!(load.get() < 0.001);
    }
}
