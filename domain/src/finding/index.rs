//! The open shops of one moment, in the order of their names, some 170 bytes each.

use super::folding::{Folded, INITIALS, fits, initial, is_initial};
use super::grams::Grams;
use super::place::{NEAR_M, Place};
use super::sieve::{Facts, Sieve, Where};
use super::{Entry, Needle, Wish};
use crate::calendar::Day;
use crate::district::District;
use crate::ids::MerchantId;
use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};
use std::collections::BinaryHeap;

/// How well a name fits, the best first.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// It is the name.
    Exact,
    /// The name begins with it.
    Prefix,
    /// A word of the name begins with it.
    WordStart,
    Inside,
}

impl Rank {
    const ALL: [Rank; 4] = [Rank::Exact, Rank::Prefix, Rank::WordStart, Rank::Inside];

    /// Of what was typed in a name; `None` when it is not in it.
    pub fn of(typed: &Folded, name: &Folded) -> Option<Rank> {
        rank(typed.symbols(), name.symbols(), |at| name.starts()[at])
    }
}

fn rank(typed: &[u16], name: &[u16], is_start: impl Fn(usize) -> bool) -> Option<Rank> {
    if typed.is_empty() {
        return None;
    }
    let mut best = None;
    for (at, there) in name.windows(typed.len()).enumerate() {
        if !typed.iter().zip(there).all(|(typed, there)| fits(*typed, *there)) {
            continue;
        }
        match at {
            0 if name.len() == typed.len() => return Some(Rank::Exact),
            0 => return Some(Rank::Prefix),
            at if is_start(at) => return Some(Rank::WordStart),
            _ => best = Some(Rank::Inside),
        }
    }
    best
}

/// Metres to the east and the north, and the shop.
type Pin = GeomWithData<[f32; 2], u32>;

/// Ascending: what comes first. Rank, then metres, then the shop, which stands in the order of names.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Found(u64);

impl Found {
    fn new(rank: Rank, distance_m: f32, shop: u32) -> Found {
        // Both have more room than they need: two bits, and thirty.
        Found((rank as u64) << 62 | (distance_m as u64) << 32 | u64::from(shop))
    }

    pub(super) fn rank(self) -> Rank {
        Rank::ALL[(self.0 >> 62) as usize]
    }

    pub(super) fn distance_m(self) -> u32 {
        (self.0 >> 32) as u32 & (u32::MAX >> 2)
    }

    pub(super) fn shop(self) -> usize {
        (self.0 & u64::from(u32::MAX)) as usize
    }
}

/// Open shops by name and by place.
pub struct Index {
    ids: Vec<i64>,
    /// Shops in the order of their ids.
    by_id: Vec<u32>,
    /// Where each name ends in `symbols`.
    ends: Vec<u32>,
    symbols: Vec<u16>,
    /// A bit for each symbol: does a word begin with it?
    starts: Vec<u64>,
    facts: Vec<Facts>,
    /// By what stands in names, and by first consonants only.
    written: Grams,
    initials: Grams,
    /// Of each single first consonant, by rank: half of all shops have one, too many to read their names at each question.
    ranked: [[Vec<u32>; 4]; INITIALS.len()],
    tree: RTree<Pin>,
}

impl Index {
    pub fn of(mut entries: Vec<Entry>) -> Index {
        entries.sort_unstable_by(|one, other| (one.name.symbols(), one.id).cmp(&(other.name.symbols(), other.id)));
        let count = entries.len();
        let letters = entries.iter().map(|entry| entry.name.symbols().len()).sum();
        let mut index = Index {
            ids: Vec::with_capacity(count),
            by_id: (0..as_u32(count)).collect(),
            ends: Vec::with_capacity(count),
            symbols: Vec::with_capacity(letters),
            starts: vec![0; letters.div_ceil(64)],
            facts: Vec::with_capacity(count),
            written: Grams::default(),
            initials: Grams::default(),
            ranked: Default::default(),
            tree: RTree::new(),
        };
        for entry in entries {
            index.push(&entry);
        }
        let ids = &index.ids;
        index.by_id.sort_unstable_by_key(|shop| ids[*shop as usize]);
        index.written = index.grams(|symbol| symbol);
        index.initials = index.grams(initial);
        index.ranked = INITIALS.map(|initial| index.ranked(initial));
        let placed = |(shop, facts): (usize, &Facts)| facts.metres[0].is_finite().then(|| Pin::new(facts.metres, as_u32(shop)));
        index.tree = RTree::bulk_load(index.facts.iter().enumerate().filter_map(placed).collect());
        index
    }

    fn push(&mut self, entry: &Entry) {
        let from = self.symbols.len();
        self.symbols.extend_from_slice(entry.name.symbols());
        for (at, _) in entry.name.starts().iter().enumerate().filter(|(_, starts)| **starts) {
            self.starts[(from + at) / 64] |= 1 << ((from + at) % 64);
        }
        self.ids.push(entry.id.0);
        self.ends.push(as_u32(self.symbols.len()));
        self.facts.push(Facts::of(entry));
    }

    fn grams(&self, of: impl Fn(u16) -> u16 + Copy) -> Grams {
        let mut all = Vec::with_capacity(self.symbols.len());
        for shop in 0..self.len() {
            let symbols = self.name(shop).iter().map(|symbol| of(*symbol));
            all.extend(Grams::pairs_in(symbols).map(|pair| (pair, as_u32(shop))));
        }
        Grams::of(all)
    }

    /// The shops with such a first consonant.
    fn ranked(&self, initial: u16) -> [Vec<u32>; 4] {
        let mut shops: [Vec<u32>; 4] = Default::default();
        for shop in 0..self.len() {
            if let Some(rank) = self.rank(&[initial], shop) {
                shops[rank as usize].push(as_u32(shop));
            }
        }
        shops.iter_mut().for_each(Vec::shrink_to_fit);
        shops
    }

    fn rank(&self, typed: &[u16], shop: usize) -> Option<Rank> {
        let letters = self.letters(shop);
        rank(typed, &self.symbols[letters.clone()], |at| self.is_start(letters.start + at))
    }

    /// Closed ones too.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// What it takes in memory.
    pub fn bytes(&self) -> usize {
        // Of the tree: each pin is a node, and about every fifth node of a level has a parent.
        let nodes = self.tree.size() * size_of::<rstar::RTreeNode<Pin>>() * 6 / 5;
        8 * self.ids.capacity()
            + 4 * (self.by_id.capacity() + self.ends.capacity())
            + 2 * self.symbols.capacity()
            + 8 * self.starts.capacity()
            + size_of::<Facts>() * self.facts.capacity()
            + self.written.bytes()
            + self.initials.bytes()
            + 4 * self.ranked.iter().flatten().map(Vec::capacity).sum::<usize>()
            + nodes
    }

    fn letters(&self, shop: usize) -> std::ops::Range<usize> {
        let from = if shop == 0 { 0 } else { self.ends[shop - 1] as usize };
        from..self.ends[shop] as usize
    }

    pub(super) fn name(&self, shop: usize) -> &[u16] {
        &self.symbols[self.letters(shop)]
    }

    fn is_start(&self, letter: usize) -> bool {
        self.starts[letter / 64] & 1 << (letter % 64) != 0
    }

    pub(super) fn id(&self, shop: usize) -> MerchantId {
        MerchantId(self.ids[shop])
    }

    pub(super) fn metres(&self, shop: usize) -> [f32; 2] {
        self.facts[shop].metres
    }

    pub(super) fn last_id(&self) -> Option<MerchantId> {
        self.by_id.last().map(|shop| self.id(*shop as usize))
    }

    /// Where the shop with an id stands.
    pub(super) fn find(&self, id: MerchantId) -> Option<usize> {
        let at = self.by_id.binary_search_by_key(&id.0, |shop| self.ids[*shop as usize]).ok()?;
        Some(self.by_id[at] as usize)
    }

    /// Open ones with an id above `after` and not above `upto`.
    pub(super) fn open_between(&self, after: MerchantId, upto: MerchantId) -> impl Iterator<Item = usize> {
        let id = |shop: &u32| self.ids[*shop as usize];
        let from = self.by_id.partition_point(|shop| id(shop) <= after.0);
        let to = self.by_id.partition_point(|shop| id(shop) <= upto.0);
        let range = self.by_id.get(from..to).unwrap_or_default();
        range.iter().map(|shop| *shop as usize).filter(|shop| self.facts[*shop].is_open)
    }

    /// Is it the same but for the day of the last payment?
    pub(super) fn holds(&self, shop: usize, entry: &Entry) -> bool {
        self.facts[shop].are_of(entry)
            && self.name(shop) == entry.name.symbols()
            && self.letters(shop).map(|letter| self.is_start(letter)).eq(entry.name.starts().iter().copied())
    }

    /// Opens or closes one, with the day of its last payment.
    pub(super) fn set(&mut self, shop: usize, is_open: bool, paid_on: Option<Day>) {
        self.facts[shop].is_open = is_open;
        self.facts[shop].paid_on = paid_on.map_or(0, |day| day.0);
    }

    pub(super) fn is_open(&self, shop: usize) -> bool {
        self.facts[shop].is_open
    }

    pub(super) fn paid_on(&self, shop: usize) -> Option<Day> {
        Some(self.facts[shop].paid_on).filter(|day| *day > 0).map(Day)
    }

    /// An open one as it came.
    pub(super) fn entry(&self, shop: usize) -> Option<Entry> {
        let facts = self.facts[shop];
        let starts = self.letters(shop).map(|letter| self.is_start(letter)).collect();
        let trade = super::Trade::ALL.into_iter().find(|trade| *trade as u8 == facts.trade)?;
        facts.is_open.then(|| Entry {
            id: self.id(shop),
            name: Folded::from_parts(self.name(shop).to_vec(), starts),
            district: District::new(facts.district).expect("it came out of one"),
            trade,
            place: facts.metres[0].is_finite().then(|| Place::from_metres(facts.metres)),
            paid_on: self.paid_on(shop),
        })
    }

    /// The first `most` that fit, and how many do.
    pub(super) fn search(&self, wish: &Wish, place: Where, most: usize) -> (usize, Vec<Found>) {
        let (mut total, mut best) = (0, BinaryHeap::with_capacity(most + 1));
        self.each(wish, place, |found| {
            total += 1;
            if best.len() < most {
                best.push(found);
            } else if best.peek().is_some_and(|worst| found < *worst) {
                best.pop();
                best.push(found);
            }
        });
        (total, best.into_sorted_vec())
    }

    /// Every shop that fits, in no order.
    pub(super) fn each(&self, wish: &Wish, place: Where, mut found: impl FnMut(Found)) {
        let sieve = Sieve::of(wish);
        let distance = |shop: u32| {
            let facts = &self.facts[shop as usize];
            if sieve.takes(facts) { place.reaches(facts.metres) } else { None }
        };
        let mut take = |shop: u32, rank: Rank| distance(shop).into_iter().for_each(|distance| found(Found::new(rank, distance, shop)));
        match (wish.name.as_ref().map(Needle::symbols), place) {
            (Some([one]), _) if is_initial(*one) => {
                let ranked = INITIALS.iter().zip(&self.ranked).filter(|(initial, _)| *initial == one);
                for (rank, shops) in ranked.flat_map(|(_, ranked)| Rank::ALL.into_iter().zip(ranked)) {
                    shops.iter().for_each(|shop| take(*shop, rank));
                }
            }
            (Some(typed), _) => self.candidates(typed, |shop| {
                // Names are read last.
                if let Some(distance) = distance(shop)
                    && let Some(rank) = self.rank(typed, shop as usize)
                {
                    found(Found::new(rank, distance, shop));
                }
            }),
            (None, Where::Near(middle)) => {
                let around = self.tree.locate_within_distance(middle, (NEAR_M * NEAR_M) as f32);
                around.for_each(|pin| take(pin.data, Rank::Inside));
            }
            (None, Where::Within(least, most)) if self.is_small(least, most) => {
                let inside = self.tree.locate_in_envelope(AABB::from_corners(least, most));
                inside.for_each(|pin| take(pin.data, Rank::Inside));
            }
            (None, _) => (0..as_u32(self.len())).for_each(|shop| take(shop, Rank::Inside)),
        }
    }

    /// Every shop that may have this in its name, once.
    fn candidates(&self, typed: &[u16], mut look: impl FnMut(u32)) {
        match typed {
            [] => {}
            [one] => {
                let mut seen = vec![0_u64; self.len().div_ceil(64)];
                for shop in self.written.with_symbol(*one) {
                    let (word, bit) = (*shop as usize / 64, 1 << (shop % 64));
                    if seen[word] & bit == 0 {
                        seen[word] |= bit;
                        look(*shop);
                    }
                }
            }
            several => {
                let pairs = several.windows(2).map(|pair| match [pair[0], pair[1]] {
                    [one, other] if is_initial(one) || is_initial(other) => self.initials.with_pair(initial(one), initial(other)),
                    [one, other] => self.written.with_pair(one, other),
                });
                let fewest = pairs.min_by_key(|shops| shops.len()).unwrap_or_default();
                fewest.iter().for_each(|shop| look(*shop));
            }
        }
    }

    /// Less than a twentieth of where shops are: beyond it walking through the tree takes longer than looking at all of them.
    fn is_small(&self, least: [f32; 2], most: [f32; 2]) -> bool {
        let all = self.tree.root().envelope();
        let size = |least: [f32; 2], most: [f32; 2]| (most[0] - least[0]) * (most[1] - least[1]);
        size(least, most) * 20.0 < size(all.lower(), all.upper())
    }
}

/// There are fewer shops, and letters in their names, than fit.
fn as_u32(count: usize) -> u32 {
    u32::try_from(count).expect("fewer than four thousand million")
}
