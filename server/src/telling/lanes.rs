//! One lane for each push service, so that one that is slow or away holds up nobody but those who wait for it, and no more of these than a
//! lane holds.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Messages under way to one service.
const AT_ONCE: usize = 16;
/// That wait for it besides; more is dropped: by the time they leave they are no news.
const WAIT_MOST: usize = 2_000;
/// In all lanes.
const IN_ALL_MOST: usize = 10_000;

#[derive(Clone, Default)]
pub struct Lanes {
    lanes: Arc<Mutex<HashMap<String, Lane>>>,
}

struct Lane {
    turns: Arc<Semaphore>,
    inside: usize,
}

/// A place in a lane. Given back when it is dropped.
pub struct Place {
    service: String,
    turns: Arc<Semaphore>,
    lanes: Lanes,
}

impl Lanes {
    /// `None`: the lane is full.
    pub fn enter(&self, service: &str) -> Option<Place> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if lanes.values().map(|lane| lane.inside).sum::<usize>() >= IN_ALL_MOST {
            return None;
        }
        let lane = lanes.entry(service.to_owned()).or_insert_with(|| Lane { turns: Arc::new(Semaphore::new(AT_ONCE)), inside: 0 });
        if lane.inside >= WAIT_MOST {
            return None;
        }
        lane.inside += 1;
        Some(Place { service: service.to_owned(), turns: Arc::clone(&lane.turns), lanes: self.clone() })
    }
}

impl Place {
    /// One of the turns to send. Not held while waiting for another try.
    pub async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.turns).acquire_owned().await.ok()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut lanes = self.lanes.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lane) = lanes.get_mut(&self.service) {
            lane.inside -= 1;
            if lane.inside == 0 {
                lanes.remove(&self.service);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_lane_holds_up_no_other() {
        let lanes = Lanes::default();
        let places: Vec<Place> = (0..WAIT_MOST).map(|_| lanes.enter("https://slow.example").unwrap()).collect();
        assert!(lanes.enter("https://slow.example").is_none());
        let other = lanes.enter("https://quick.example").unwrap();
        assert_eq!(other.turns.available_permits(), AT_ONCE);
        drop(places);
        assert!(lanes.enter("https://slow.example").is_some());
        drop(other);
        assert!(lanes.lanes.lock().unwrap().is_empty(), "nothing is kept of services that nobody writes to");
    }
}
