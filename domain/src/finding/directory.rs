//! The index with what has changed since it was made: closed shops are struck out, new and changed ones stand in a small index beside it
//! until the whole is made anew.

use super::index::{Found, Index};
use super::map::{Gathering, OnMap};
use super::place::{Area, Place};
use super::sieve::Where;
use super::{Entry, Hit, Hits, Wish};
use crate::ids::MerchantId;
use std::collections::{BTreeMap, BTreeSet};

/// With more beside it than this, the index is made anew. The small one is made again with each change, in a few milliseconds.
const LATE_MAX: usize = 2_000;

pub struct Directory {
    base: Index,
    late: BTreeMap<MerchantId, Entry>,
    late_index: Index,
}

impl Directory {
    pub fn of(entries: Vec<Entry>) -> Directory {
        Directory { base: Index::of(entries), late: BTreeMap::new(), late_index: Index::of(Vec::new()) }
    }

    /// Shops that can be found.
    pub fn len(&self) -> usize {
        (0..self.base.len()).filter(|shop| self.base.is_open(*shop)).count() + self.late.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What it takes in memory.
    pub fn bytes(&self) -> usize {
        self.base.bytes() + self.late_index.bytes()
    }

    /// Takes note of all open shops whose ids are above `after` and not above `upto`. How many were not known as they are.
    pub fn refresh(&mut self, after: MerchantId, upto: MerchantId, open: Vec<Entry>) -> usize {
        let seen: BTreeSet<MerchantId> = open.iter().map(|entry| entry.id).collect();
        let gone: Vec<usize> = self.base.open_between(after, upto).filter(|shop| !seen.contains(&self.base.id(*shop))).collect();
        let (mut changes, mut late_changes) = (gone.len(), 0);
        for shop in gone {
            self.base.set(shop, false, None);
        }
        let known = self.late.len();
        self.late.retain(|id, _| *id <= after || *id > upto || seen.contains(id));
        late_changes += known - self.late.len();
        for entry in open {
            match self.base.find(entry.id) {
                Some(shop) if self.base.holds(shop, &entry) => {
                    changes += usize::from(!self.base.is_open(shop) || self.base.paid_on(shop) != entry.paid_on);
                    self.base.set(shop, true, entry.paid_on);
                    late_changes += usize::from(self.late.remove(&entry.id).is_some());
                }
                found => {
                    if let Some(shop) = found {
                        self.base.set(shop, false, None);
                    }
                    if self.late.get(&entry.id) != Some(&entry) {
                        self.late.insert(entry.id, entry);
                        late_changes += 1;
                    }
                }
            }
        }
        if late_changes > 0 {
            self.late_index = Index::of(self.late.values().cloned().collect());
        }
        changes + late_changes
    }

    /// Is it time to be made [anew](Self::anew)?
    pub fn is_worn(&self) -> bool {
        self.late.len() > LATE_MAX
    }

    /// The same, in one index. Takes half a second with all shops of the city.
    pub fn anew(&self) -> Directory {
        let kept = (0..self.base.len()).filter_map(|shop| self.base.entry(shop));
        Directory::of(kept.chain(self.late.values().cloned()).collect())
    }

    /// The newest id.
    pub fn last_id(&self) -> Option<MerchantId> {
        let late = self.late.last_key_value().map(|(id, _)| *id);
        late.max(self.base.last_id())
    }

    /// A page of what fits, best first: by how the name fits, then the nearest, then by name. With `near` only what is near.
    pub fn search(&self, wish: &Wish, near: Option<Place>, skip: usize, most: usize) -> Hits {
        let (total, base) = self.base.search(wish, Where::near(near), skip + most);
        let (late_total, late) = self.late_index.search(wish, Where::near(near), skip + most);
        let key =
            |index: &Index, found: Found| (found.rank(), found.distance_m(), index.name(found.shop()).to_vec(), index.id(found.shop()));
        let mut all: Vec<(&Index, Found)> = base.into_iter().map(|found| (&self.base, found)).collect();
        if !late.is_empty() {
            all.extend(late.into_iter().map(|found| (&self.late_index, found)));
            all.sort_by_cached_key(|(index, found)| key(index, *found));
        }
        let hit =
            |(index, found): (&Index, Found)| Hit { id: index.id(found.shop()), distance_m: near.is_some().then(|| found.distance_m()) };
        Hits { total: total + late_total, hits: all.into_iter().skip(skip).take(most).map(hit).collect() }
    }

    /// What of it lies on a part of the map, gathered where it is too much to be shown one by one.
    pub fn on_map(&self, wish: &Wish, area: Area) -> OnMap {
        let Some(area) = area.in_city() else { return OnMap::default() };
        let (least, most) = area.metres();
        let mut gathering = Gathering::new(least, most);
        for index in [&self.base, &self.late_index] {
            index.each(wish, Where::Within(least, most), |found| {
                gathering.add(index.id(found.shop()), index.metres(found.shop()));
            });
        }
        gathering.done()
    }
}
