//! Which shops have a pair of neighbouring symbols in their name.

/// Pairs, ascending; of each the shops, ascending, behind one another in one list. The last symbol of a name is paired with zero, so that
/// a single symbol is the pairs that begin with it.
#[derive(Debug, Default)]
pub(super) struct Grams {
    pairs: Vec<u32>,
    /// Where the shops of a pair end.
    ends: Vec<u32>,
    shops: Vec<u32>,
}

impl Grams {
    /// Of `(pair, shop)` in any order.
    pub(super) fn of(mut all: Vec<(u32, u32)>) -> Grams {
        all.sort_unstable();
        all.dedup();
        let mut grams = Grams { pairs: Vec::new(), ends: Vec::new(), shops: Vec::with_capacity(all.len()) };
        for (pair, shop) in all {
            if grams.pairs.last() != Some(&pair) {
                grams.pairs.push(pair);
                grams.ends.push(0);
            }
            grams.shops.push(shop);
            if let Some(end) = grams.ends.last_mut() {
                *end = u32::try_from(grams.shops.len()).unwrap_or(u32::MAX);
            }
        }
        grams.pairs.shrink_to_fit();
        grams.ends.shrink_to_fit();
        grams
    }

    /// Of a name's symbols.
    pub(super) fn pairs_in(symbols: impl Iterator<Item = u16> + Clone) -> impl Iterator<Item = u32> {
        let next = symbols.clone().skip(1).chain([0]);
        symbols.zip(next).map(|(one, other)| pair(one, other))
    }

    /// Ascending, each once.
    pub(super) fn with_pair(&self, one: u16, other: u16) -> &[u32] {
        let wanted = pair(one, other);
        let first = self.pairs.partition_point(|pair| *pair < wanted);
        if self.pairs.get(first) == Some(&wanted) { self.shops_of(first..first + 1) } else { &[] }
    }

    /// In no order, and some of them several times.
    pub(super) fn with_symbol(&self, symbol: u16) -> &[u32] {
        let first = self.pairs.partition_point(|one| *one < pair(symbol, 0));
        let last = self.pairs.partition_point(|one| *one <= pair(symbol, u16::MAX));
        self.shops_of(first..last)
    }

    pub(super) fn bytes(&self) -> usize {
        4 * (self.pairs.capacity() + self.ends.capacity() + self.shops.capacity())
    }

    fn shops_of(&self, pairs: std::ops::Range<usize>) -> &[u32] {
        let end_of = |pair: usize| usize::try_from(self.ends[pair]).unwrap_or(usize::MAX);
        if pairs.is_empty() {
            return &[];
        }
        let from = if pairs.start == 0 { 0 } else { end_of(pairs.start - 1) };
        &self.shops[from..end_of(pairs.end - 1)]
    }
}

fn pair(one: u16, other: u16) -> u32 {
    u32::from(one) << 16 | u32::from(other)
}
