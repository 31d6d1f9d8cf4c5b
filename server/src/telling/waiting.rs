//! Shops that were paid a moment ago, and when it is time to ask whether they heard of it. In memory; a map and its order by time.

use domain::missed::AFTER_MS;
use domain::{MerchantId, Timestamp};
use jiff::SignedDuration;
use std::collections::{BTreeSet, HashMap};
use store::Stretch;

/// Shops that wait at once. More than that in ten seconds is no city of ours; the ledger would be looked through.
const SHOPS_MOST: usize = 100_000;

#[derive(Default)]
pub struct Waiting {
    shops: HashMap<MerchantId, (Stretch, Timestamp)>,
    due: BTreeSet<(Timestamp, MerchantId)>,
}

impl Waiting {
    /// A notice was committed. `false`: there is no room for one more shop.
    pub fn hear(&mut self, merchant: MerchantId, number: i64, at: Timestamp) -> bool {
        let due = at.saturating_add(SignedDuration::from_millis(AFTER_MS)).unwrap_or(Timestamp::MAX);
        self.add(Stretch { merchant, first: number, last: number }, due)
    }

    /// To be asked about at `due`. A shop that waits already waits for all of it, until the earlier time.
    pub fn add(&mut self, stretch: Stretch, due: Timestamp) -> bool {
        let is_full = self.shops.len() >= SHOPS_MOST;
        match self.shops.get_mut(&stretch.merchant) {
            Some((waits, until)) => {
                waits.first = waits.first.min(stretch.first);
                waits.last = waits.last.max(stretch.last);
                if due < *until {
                    self.due.remove(&(*until, stretch.merchant));
                    self.due.insert((due, stretch.merchant));
                    *until = due;
                }
                true
            }
            None if is_full => false,
            None => {
                self.due.insert((due, stretch.merchant));
                self.shops.insert(stretch.merchant, (stretch, due));
                true
            }
        }
    }

    /// Takes out those whose time has come, at most so many, the longest due first.
    pub fn take_due(&mut self, now: Timestamp, most: usize) -> Vec<Stretch> {
        let mut taken = Vec::new();
        while taken.len() < most
            && let Some((_, merchant)) = self.due.first().copied().filter(|(due, _)| *due <= now)
        {
            self.due.pop_first();
            taken.extend(self.shops.remove(&merchant).map(|(stretch, _)| stretch));
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millisecond(1_784_000_000_000 + ms).unwrap()
    }

    fn stretch(merchant: i64, first: i64, last: i64) -> Stretch {
        Stretch { merchant: MerchantId(merchant), first, last }
    }

    #[test]
    fn a_shop_is_asked_about_ten_seconds_after_its_first_notice_and_then_about_all() {
        let mut waiting = Waiting::default();
        assert!(waiting.hear(MerchantId(1), 7, at(0)));
        assert!(waiting.hear(MerchantId(1), 8, at(4_000)));
        assert!(waiting.hear(MerchantId(2), 3, at(100)));
        assert_eq!(waiting.take_due(at(9_999), 10), []);
        assert_eq!(waiting.take_due(at(10_000), 10), [stretch(1, 7, 8)]);
        assert_eq!(waiting.take_due(at(60_000), 10), [stretch(2, 3, 3)]);
        assert_eq!(waiting.take_due(at(60_000), 10), [], "once");
    }

    #[test]
    fn the_earlier_time_counts_and_no_more_are_taken_than_asked_for() {
        let mut waiting = Waiting::default();
        assert!(waiting.add(stretch(1, 5, 6), at(60_000)));
        // Lanes of the till may tell out of order.
        assert!(waiting.hear(MerchantId(1), 4, at(0)));
        assert!(waiting.add(stretch(2, 1, 1), at(9_000)) && waiting.add(stretch(3, 1, 1), at(8_000)));
        assert_eq!(waiting.take_due(at(10_000), 2), [stretch(3, 1, 1), stretch(2, 1, 1)]);
        assert_eq!(waiting.take_due(at(10_000), 2), [stretch(1, 4, 6)]);
    }

    #[test]
    fn there_is_room_for_so_many_shops() {
        let mut waiting = Waiting::default();
        for shop in 0..SHOPS_MOST {
            assert!(waiting.hear(MerchantId(i64::try_from(shop).unwrap()), 1, at(0)));
        }
        assert!(!waiting.hear(MerchantId(-1), 1, at(0)));
        assert!(waiting.hear(MerchantId(0), 2, at(0)));
    }
}
