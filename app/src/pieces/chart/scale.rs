//! How high a value stands: from a round figure below the least to one above the most, zero always in sight, in whole won.

use super::{ABOVE, PLOT};

/// From `low` (zero or below) to `high` (above it), in equal steps of 1, 2 or 5 with zeros.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Scale {
    low: i64,
    high: i64,
    step: i64,
}

impl Scale {
    /// Wide enough for all values, with about so many lines. Without any value, or all zero, there is one line: zero.
    pub(super) fn of(values: impl IntoIterator<Item = i64>, lines: i64) -> Scale {
        let (least, most) = values.into_iter().fold((0, 0), |(least, most): (i64, i64), value| (least.min(value), most.max(value)));
        // Beyond this nobody sells, and figures still fit.
        const MOST: i64 = 1_000_000_000_000_000_000;
        let (least, most) = (least.max(-MOST), most.min(MOST));
        let step = round_up((most - least) / lines.max(1));
        Scale { low: least.div_euclid(step) * step, high: -(-most).div_euclid(step) * step, step }
    }

    /// From the lowest line to the highest.
    pub(super) fn ticks(self) -> Vec<i64> {
        let steps = (self.high - self.low) / self.step;
        (0..=steps).map(|number| self.low + number * self.step).collect()
    }

    /// Tenths of a pixel from the top of the drawing; values beyond stay at the edge.
    pub(super) fn y(self, value: i64) -> i64 {
        let (top, height) = (10 * i128::from(ABOVE), 10 * i128::from(PLOT));
        let all = i128::from(self.high) - i128::from(self.low);
        let below = i128::from(self.high) - i128::from(value.clamp(self.low, self.high));
        // Nothing sold: zero is the floor.
        let y = if all == 0 { top + height } else { top + below * height / all };
        i64::try_from(y).unwrap_or(0)
    }

    /// Where a bar begins and how high it is, in tenths of a pixel. What is not nothing is seen.
    pub(super) fn bar(self, value: i64) -> (i64, i64) {
        let (zero, at) = (self.y(0), self.y(value));
        let height = (zero - at).abs();
        let seen = if value == 0 { 0 } else { height.max(20) };
        if value < 0 { (zero, seen) } else { (zero - seen, seen) }
    }
}

/// The least of 1, 2, 5, 10, 20, 50, ... that is not less.
fn round_up(step: i64) -> i64 {
    let mut unit = 1;
    loop {
        for round in [unit, 2 * unit, 5 * unit] {
            if round >= step {
                return round;
            }
        }
        unit *= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_round_whole_won_with_zero_among_them() {
        for (values, ticks) in [
            (vec![], vec![0]),
            (vec![0, 0], vec![0]),
            (vec![1], vec![0, 1]),
            (vec![7], vec![0, 1, 2, 3, 4, 5, 6, 7]),
            (vec![32_000], vec![0, 10_000, 20_000, 30_000, 40_000]),
            (vec![10_000, 99_999], vec![0, 50_000, 100_000]),
            (vec![-5_000, 12_000], vec![-5_000, 0, 5_000, 10_000, 15_000]),
            (vec![-300], vec![-300, -200, -100, 0]),
        ] {
            assert_eq!(Scale::of(values.clone(), 4).ticks(), ticks, "{values:?}");
        }
    }

    #[test]
    fn every_value_has_its_place_in_the_plot() {
        let (top, floor) = (10 * i64::from(ABOVE), 10 * i64::from(ABOVE + PLOT));
        for values in
            [vec![], vec![0], vec![5], vec![-5], vec![i64::MAX], vec![i64::MIN, i64::MAX], vec![-7, 3, 1_000_000_007], vec![i64::MIN]]
        {
            let scale = Scale::of(values.iter().copied(), 4);
            let ticks = scale.ticks();
            assert!(ticks.contains(&0) && ticks.len() <= 12, "{values:?}: {ticks:?}");
            assert!(ticks.windows(2).all(|pair| pair[0] < pair[1] && scale.y(pair[0]) > scale.y(pair[1])), "{values:?}");
            for value in values {
                assert!((top..=floor).contains(&scale.y(value)), "{value}");
                let (y, height) = scale.bar(value);
                assert!(height >= 0 && y >= top - 20 && y + height <= floor + 20, "{value}: {y} {height}");
                assert_eq!(height == 0, value == 0);
            }
        }
    }

    #[test]
    fn a_small_bar_beside_a_large_one_is_seen() {
        let scale = Scale::of([1, 10_000_000], 4);
        assert_eq!(scale.bar(1).1, 20);
        assert_eq!(scale.bar(0), (scale.y(0), 0));
        assert_eq!(scale.bar(10_000_000).0, scale.y(10_000_000));
    }
}
