//! The draw: the order of those who came before the opening, by lot and for everyone to check (Waiting room, points 1 and 2).
//!
//! SHA-256 of a secret [`Seed`] is published before the pre-queue opens. At the opening the seed and the list of all
//! [`Pseudonym`]s follow. The order is that of SHA-256(seed, pseudonym): who knew the list could not choose the seed any
//! more, and who knew the seed could not choose a pseudonym.

use super::hexed::{self, NotHex, hexed};
use super::{MOST_PLACES, Place, Pseudonym};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// Decides the order; secret until the opening, then published ([`Seed::reveal`]).
#[derive(Clone, PartialEq, Eq)]
pub struct Seed(pub [u8; 32]);

/// SHA-256 of the seed; 64 hexadecimal digits in text and JSON.
#[derive(Copy, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Commitment(pub [u8; 32]);

hexed!(Commitment);

impl Seed {
    pub fn commitment(&self) -> Commitment {
        Commitment(Sha256::digest(self.0).into())
    }

    /// 64 hexadecimal digits.
    pub fn reveal(&self) -> String {
        hex::encode(self.0)
    }

    /// The rank of a ticket is that of its key.
    fn key(&self, pseudonym: &[u8; 16]) -> [u8; 32] {
        Sha256::new_with_prefix(self.0).chain_update(pseudonym).finalize().into()
    }
}

/// Whether `seed` is the one that was committed to.
pub fn verify(commitment: &Commitment, seed: &Seed) -> bool {
    seed.commitment() == *commitment
}

/// The rank of each of a list, from 1, in the list's order. Of equal pseudonyms the earlier comes first. A million take 16 MB
/// beside the answer: an entry is sorted by the first eight bytes of its key, and hashed again only to break a tie.
pub fn order(seed: &Seed, list: &[Pseudonym]) -> Vec<u32> {
    let key_start = |pseudonym: &Pseudonym| {
        let [a, b, c, d, e, f, g, h, ..] = seed.key(&pseudonym.0);
        u64::from_be_bytes([a, b, c, d, e, f, g, h])
    };
    let mut entries: Vec<(u64, u32)> = list.iter().map(key_start).zip(0..).collect();
    entries.sort_unstable_by(|(key, at), (other_key, other_at)| {
        let rest = || tie(seed, &list[*at as usize].0, &list[*other_at as usize].0).then(at.cmp(other_at));
        key.cmp(other_key).then_with(rest)
    });
    let mut ranks = vec![0; list.len()];
    for ((_, at), rank) in entries.into_iter().zip(1..) {
        ranks[at as usize] = rank;
    }
    ranks
}

fn tie(seed: &Seed, one: &[u8; 16], other: &[u8; 16]) -> Ordering {
    (seed.key(one), one).cmp(&(seed.key(other), other))
}

/// A draw that took place: the list as it is published and each one's place. 20 bytes a ticket.
pub struct Drawn {
    /// Ascending, each once: the list says nothing about who came when.
    list: Box<[Pseudonym]>,
    ranks: Box<[u32]>,
}

impl Drawn {
    /// Of all tickets of the pre-queue, in any order; at most [`MOST_PLACES`].
    pub fn new(seed: &Seed, mut list: Vec<Pseudonym>) -> Drawn {
        list.sort_unstable();
        list.dedup();
        list.truncate(MOST_PLACES as usize);
        let ranks = order(seed, &list).into_boxed_slice();
        Drawn { list: list.into_boxed_slice(), ranks }
    }

    /// `None` for somebody who was not in the pre-queue.
    pub fn place_of(&self, pseudonym: Pseudonym) -> Option<Place> {
        let at = self.list.binary_search(&pseudonym).ok()?;
        Place::new(*self.ranks.get(at)?).ok()
    }

    /// How many places were drawn; the next who joins gets the one after.
    pub fn count(&self) -> u32 {
        u32::try_from(self.list.len()).expect("at most MOST_PLACES")
    }

    /// What is published: 16 bytes a ticket.
    pub fn list_bytes(&self) -> Vec<u8> {
        self.list.iter().flat_map(|pseudonym| pseudonym.0).collect()
    }

    pub fn bytes(&self) -> usize {
        size_of_val(&*self.list) + size_of_val(&*self.ranks)
    }
}

/// The own place, counted again from the published list. A long list can be read in pieces, so that a page stays awake.
pub struct Recount<'a> {
    seed: &'a Seed,
    own: Pseudonym,
    own_key: [u8; 32],
    smaller: u32,
    found: bool,
}

impl<'a> Recount<'a> {
    pub fn new(seed: &'a Seed, own: Pseudonym) -> Recount<'a> {
        Recount { seed, own, own_key: seed.key(&own.0), smaller: 0, found: false }
    }

    /// Whole tickets, 16 bytes each; `None` when the last one is cut off.
    pub fn read(&mut self, list_bytes: &[u8]) -> Option<()> {
        let (tickets, []) = list_bytes.as_chunks::<16>() else { return None };
        for ticket in tickets {
            self.found |= *ticket == self.own.0;
            self.smaller += u32::from((self.seed.key(ticket), ticket) < (self.own_key, &self.own.0));
        }
        Some(())
    }

    /// `None` when the own ticket was not in the list.
    pub fn place(&self) -> Option<Place> {
        if self.found { Place::new(self.smaller.checked_add(1)?).ok() } else { None }
    }
}

/// The place of `own` in the order of a published list, 16 bytes a ticket. `None` when the list is damaged or lacks it.
pub fn rank_of(seed: &Seed, list_bytes: &[u8], own: Pseudonym) -> Option<Place> {
    let mut recount = Recount::new(seed, own);
    recount.read(list_bytes)?;
    recount.place()
}

impl FromStr for Seed {
    type Err = NotHex;
    fn from_str(text: &str) -> Result<Seed, NotHex> {
        hexed::bytes(text).map(Seed)
    }
}

/// Silent, as long as it is a secret and after.
impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(hidden)")
    }
}
