//! Ids given by the server: 42 bits of milliseconds since 2022, 10 bits of node, 11 bits of sequence. They grow with time
//! on a node, so rows are appended to their tables, and two nodes never give the same.

use std::sync::Mutex;

/// 2022-01-01T00:00:00Z, the year of the first sale.
const EPOCH_MS: i64 = 1_640_995_200_000;
const NODE_BITS: u32 = 10;
const SEQUENCE_BITS: u32 = 11;

pub(crate) struct Flake {
    node: i64,
    /// The last id without the node: milliseconds and sequence.
    last: Mutex<i64>,
}

impl Flake {
    /// `node` from 0 to 1023.
    pub(crate) fn new(node: i64) -> Flake {
        Flake { node: node & ((1 << NODE_BITS) - 1), last: Mutex::new(0) }
    }

    /// No id made at this time or later is less.
    pub(crate) fn least_at(at_ms: i64) -> i64 {
        (at_ms - EPOCH_MS).max(0) << (NODE_BITS + SEQUENCE_BITS)
    }

    /// Greater than every id given before, also when the clock steps back or more than 2,048 are asked for in a millisecond
    /// (then the time part runs ahead of the clock).
    pub(crate) fn next(&self, now_ms: i64) -> i64 {
        let mut last = self.last.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let earliest = (now_ms - EPOCH_MS).max(0) << SEQUENCE_BITS;
        *last = earliest.max(*last + 1);
        let (ms, sequence) = (*last >> SEQUENCE_BITS, *last & ((1 << SEQUENCE_BITS) - 1));
        (ms << (NODE_BITS + SEQUENCE_BITS)) | (self.node << SEQUENCE_BITS) | sequence
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_grow_when_the_clock_stands_or_steps_back() {
        let flake = Flake::new(5);
        let mut last = 0;
        for now_ms in [1_700_000_000_000, 1_700_000_000_000, 1_600_000_000_000, 1_700_000_000_001] {
            for _ in 0..5_000 {
                let id = flake.next(now_ms);
                assert!(id > last);
                last = id;
            }
        }
    }

    #[test]
    fn nodes_never_give_the_same() {
        let (one, other) = (Flake::new(1), Flake::new(2));
        assert_ne!(one.next(1_700_000_000_000), other.next(1_700_000_000_000));
    }
}
