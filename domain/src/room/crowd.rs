//! Who of all places is there at a moment, one bit a place: counts people in any stretch of the order without walking it.

use super::Place;

const BITS: usize = u64::BITS as usize;

/// A picture of the room, made anew every second. A million places take 188 KB; the words alone (125 KB) are what nodes tell
/// each other, and [`Crowd::merge`] counts nobody twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crowd {
    /// Place 1 is the lowest bit of the first word.
    words: Vec<u64>,
    /// How many stand before each word, and last of all how many there are.
    before: Vec<u32>,
}

impl Crowd {
    pub const EMPTY: Crowd = Crowd { words: Vec::new(), before: Vec::new() };

    pub fn from_words(words: Vec<u64>) -> Crowd {
        let mut before = Vec::with_capacity(words.len() + 1);
        before.push(0);
        let mut sum = 0;
        before.extend(words.iter().map(|word| {
            sum += word.count_ones();
            sum
        }));
        Crowd { words, before }
    }

    /// From what is known of each place, from the first on.
    pub(super) fn of(present: impl ExactSizeIterator<Item = bool>) -> Crowd {
        let mut words = vec![0; present.len().div_ceil(BITS)];
        for (at, _) in present.enumerate().filter(|(_, present)| *present) {
            words[at / BITS] |= 1 << (at % BITS);
        }
        Crowd::from_words(words)
    }

    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// Everybody whom this node or the other saw.
    pub fn merge(&self, other: &Crowd) -> Crowd {
        let longer = self.words.len().max(other.words.len());
        let word = |crowd: &Crowd, at: usize| crowd.words.get(at).copied().unwrap_or(0);
        Crowd::from_words((0..longer).map(|at| word(self, at) | word(other, at)).collect())
    }

    /// Is there somebody on this place?
    pub fn has(&self, place: Place) -> bool {
        let at = place.index();
        self.words.get(at / BITS).is_some_and(|word| word & (1 << (at % BITS)) != 0)
    }

    /// People on the first `places` places.
    pub fn within(&self, places: u32) -> u32 {
        let (at, bits) = (places as usize / BITS, places as usize % BITS);
        match self.words.get(at) {
            Some(word) => self.before[at] + (word & ((1 << bits) - 1)).count_ones(),
            None => self.count(),
        }
    }

    pub fn count(&self) -> u32 {
        self.before.last().copied().unwrap_or(0)
    }

    /// People behind the serving position and ahead of `place`.
    pub fn ahead_of(&self, place: Place, serving: u32) -> u32 {
        self.within(place.get() - 1).saturating_sub(self.within(serving))
    }

    /// The place of the `nth` person (from 1) behind the serving position; `None` when there are fewer.
    pub fn nth_behind(&self, serving: u32, nth: u32) -> Option<Place> {
        let rank = self.within(serving).checked_add(nth)?;
        let at = self.before.partition_point(|before| *before < rank).checked_sub(1)?;
        let mut word = *self.words.get(at)?;
        for _ in self.before[at] + 1..rank {
            word &= word.wrapping_sub(1);
        }
        let place = at * BITS + word.trailing_zeros() as usize + 1;
        Place::new(u32::try_from(place).ok()?).ok()
    }
}
