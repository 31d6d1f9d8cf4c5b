//! How often somebody may ask. A search costs the server a millisecond or two; whoever asks for it all day long would cost the others.

use super::FindingRefused;
use crate::web::SignedIn;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::num::NonZeroU32;
use std::sync::Arc;
use store::Finder;

/// Of a member, a second and at once. Moving a map about asks twice a second.
const OF_MEMBER: (u32, u32) = (5, 40);
/// Of an address without a member: behind one of a mobile carrier stand thousands.
const OF_ADDRESS: (u32, u32) = (50, 400);
/// With more of them, those who have not asked lately are forgotten.
const KNOWN_MAX: usize = 20_000;

/// The index of shops, and who has asked how often. Counted per node.
pub struct Finding {
    pub finder: Arc<Finder>,
    members: DefaultKeyedRateLimiter<i64>,
    addresses: DefaultKeyedRateLimiter<String>,
}

impl Finding {
    pub fn new(finder: Arc<Finder>) -> Finding {
        Finding { finder, members: limiter(OF_MEMBER), addresses: limiter(OF_ADDRESS) }
    }

    /// Once more of whoever asks.
    pub(super) fn count(&self, who: Option<&SignedIn>, address: String) -> Result<(), FindingRefused> {
        if self.members.len() + self.addresses.len() > KNOWN_MAX {
            self.members.retain_recent();
            self.addresses.retain_recent();
        }
        let counted = match who {
            Some(who) => self.members.check_key(&who.person.0),
            None => self.addresses.check_key(&address),
        };
        counted.map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now());
            FindingRefused::TooOften { seconds: u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1) }
        })
    }
}

fn limiter<K: std::hash::Hash + Eq + Clone>((per_s, at_once): (u32, u32)) -> DefaultKeyedRateLimiter<K> {
    let [per_s, at_once] = [per_s, at_once].map(|number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN));
    RateLimiter::keyed(Quota::per_second(per_s).allow_burst(at_once))
}
