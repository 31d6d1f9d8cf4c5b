//! The finder's memory: an index of all open shops, made once and kept fresh by going round.
//!
//! A round reads every open shop again, a page at a time, so whatever changed (a name, a place, a payment) is known a round later at the
//! latest, and no writer has to think of it. New shops are looked for with each page. Whether a shop is open is asked of the store
//! again before it is shown ([`Store::open_shops`]): a closed one is never found, however old the index.

use crate::db::Store;
use crate::error::{Error, Result};
use domain::MerchantId;
use domain::finding::{Area, Directory, Hits, OnMap, Place, Wish};
use std::sync::{Arc, PoisonError, RwLock};

/// Empty until [`Finder::load`] is done.
#[derive(Default)]
pub struct Finder {
    directory: RwLock<Option<Directory>>,
}

/// Where a round has come to.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Round {
    after: i64,
}

impl Round {
    /// Has it just ended?
    pub fn is_over(self) -> bool {
        self == Round::default()
    }
}

/// What the index holds.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub shops: usize,
    pub bytes: usize,
}

impl Finder {
    /// Shops read at once.
    pub const PAGE: usize = 2_000;

    /// A page of what fits; `None` while the index is being made.
    pub fn search(&self, wish: &Wish, near: Option<Place>, skip: usize, most: usize) -> Option<Hits> {
        self.ask(|directory| directory.search(wish, near, skip, most))
    }

    /// What fits on a part of the map; `None` while the index is being made.
    pub fn on_map(&self, wish: &Wish, area: Area) -> Option<OnMap> {
        self.ask(|directory| directory.on_map(wish, area))
    }

    pub fn held(&self) -> Option<Held> {
        self.ask(|directory| Held { shops: directory.len(), bytes: directory.bytes() })
    }

    /// Reads all open shops and makes the index. Two seconds with 280,000 of them.
    pub async fn load(&self, store: &Store) -> Result<()> {
        let (mut entries, mut after) = (Vec::new(), MerchantId(0));
        loop {
            let page = store.shops_to_find(after, Finder::PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.id;
            entries.extend(page);
        }
        let made = apart(move || Directory::of(entries)).await?;
        *self.directory.write().unwrap_or_else(PoisonError::into_inner) = Some(made);
        Ok(())
    }

    /// Reads the next page of the round, and new shops. How many were not known as they are.
    pub async fn look(self: &Arc<Finder>, store: &Store, round: &mut Round) -> Result<usize> {
        let page = store.shops_to_find(MerchantId(round.after), Finder::PAGE).await?;
        let is_full = page.len() == Finder::PAGE;
        let upto = page.last().filter(|_| is_full).map_or(MerchantId(i64::MAX), |last| last.id);
        let mut changes = self.change(|directory| directory.refresh(MerchantId(round.after), upto, page));
        *round = if is_full { Round { after: upto.0 } } else { Round::default() };
        // A guard may not live as long as what is done with what was read under it.
        let newest = self.ask(Directory::last_id).flatten();
        if let (true, Some(newest)) = (is_full, newest) {
            let new = store.shops_to_find(newest, Finder::PAGE).await?;
            let upto = new.last().map_or(newest, |last| last.id);
            changes += self.change(|directory| directory.refresh(newest, upto, new));
        }
        if self.ask(Directory::is_worn) == Some(true) {
            let finder = Arc::clone(self);
            // Nobody else changes it meanwhile.
            let made = apart(move || finder.ask(Directory::anew)).await?;
            *self.directory.write().unwrap_or_else(PoisonError::into_inner) = made;
        }
        Ok(changes)
    }

    fn change(&self, change: impl FnOnce(&mut Directory) -> usize) -> usize {
        let mut directory = self.directory.write().unwrap_or_else(PoisonError::into_inner);
        directory.as_mut().map_or(0, change)
    }

    fn ask<T>(&self, of: impl FnOnce(&Directory) -> T) -> Option<T> {
        self.directory.read().unwrap_or_else(PoisonError::into_inner).as_ref().map(of)
    }
}

/// Work of a second, where nobody waits for it.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::Interrupted)
}
