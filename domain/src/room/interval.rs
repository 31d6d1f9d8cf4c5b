//! When a page renews its ticket next. The server tells: near the front soon, far behind and under load rarely, and always so
//! that two renewals in a row may be lost before the grace is over, under load one (Waiting room, point 4).

use super::{Pseudonym, Settings};

const LEAST_MS: i64 = 1_000;
/// Silent for one part of so many of what is still to wait.
const PARTS: i64 = 10;
/// Sooner or later by one part of so many.
const SPREAD: i64 = 10;

/// What the interval depends on besides settings and load.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Before the opening, or while the room is paused: nothing changes soon.
    Undrawn,
    /// So long before the turn, at the earliest.
    Behind { wait_ms: i64 },
    /// The turn has come.
    Called,
}

/// Milliseconds until the next renewal: at least a second, at most a third of the grace, half of it under full load. `load` goes from
/// 0 (idle) to 1 (full). It puts off those far behind, who are most of a crowd: whoever is called late leaves a seat empty meanwhile.
/// Each pseudonym has a share of its own, so that people who came at once don't stay in step.
pub fn renew_in_ms(settings: &Settings, standing: Standing, load: f64, own: Pseudonym) -> i64 {
    let (near, far) = (settings.renew_near_ms, settings.renew_far_ms);
    let idle = match standing {
        Standing::Undrawn => far,
        Standing::Behind { wait_ms } => (wait_ms / PARTS).clamp(near, far),
        Standing::Called => near,
    };
    let load = if load.is_nan() { 1.0 } else { load.clamp(0.0, 1.0) };
    let most = settings.grace_ms / 3 + (settings.grace_ms as f64 / 6.0 * load) as i64;
    let distance = idle as f64 / far as f64;
    let middle = idle + ((most - idle) as f64 * load * distance) as i64;
    let from = (middle - middle / SPREAD).max(LEAST_MS);
    let to = (middle + middle / SPREAD).min(most);
    let [.., high, low] = own.0;
    from + (to - from) * i64::from(u16::from_be_bytes([high, low])) / i64::from(u16::MAX)
}
