//! One listener at the till for all open pages: it hands each notice to the pages of its shop, so that thousands of open pages
//! cost a payment nothing but a look into a map.

use super::nodes::Gathered;
use domain::notice::Notice;
use domain::{DeviceId, MerchantId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use store::till::Told;
use store::{Ear, Engine, Speaks, Store};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

/// Pages in all; each costs some twenty kilobytes, nearly all of it buffers of its line.
const OPEN_MOST: usize = 20_000;
/// Pages of one shop: every counter, every phone of the staff.
const OPEN_PER_SHOP_MOST: usize = 100;
/// News that a page may be behind before it reads from the table. Each place of it costs each shop 40 bytes.
const BEHIND: usize = 16;

/// What a page hears.
#[derive(Clone, Debug)]
pub enum News {
    One {
        notice: Arc<Notice>,
        committed: Instant,
    },
    /// There are notices up to this number, to be read from the table.
    UpTo(i64),
    /// This device of the shop speaks from now on; nobody does until one asks.
    Speaker(Option<DeviceId>),
}

/// Who listens, by shop.
pub struct Hub {
    open: Mutex<Open>,
    /// Cancelled when pages are to go to another node.
    leaving: CancellationToken,
    /// For the other nodes; `None` where there are none.
    pub(super) gathered: Option<Gathered>,
}

#[derive(Default)]
struct Open {
    shops: HashMap<MerchantId, Shop>,
    pages: HashMap<u64, Page>,
    /// Pages that have been opened.
    opened: u64,
}

struct Shop {
    news: broadcast::Sender<News>,
    /// The newest number that was told or read here.
    known: i64,
}

/// One open page, as the guard sees it.
struct Page {
    ear: Ear,
    over: CancellationToken,
}

/// The place of one page. Given back when it is dropped.
pub struct Listening {
    pub news: broadcast::Receiver<News>,
    /// Cancelled when it may hear no more, or is to go to another node.
    pub over: CancellationToken,
    pub ear: Ear,
    number: u64,
    hub: Arc<Hub>,
}

impl Listening {
    /// The page is to go to another node.
    pub fn is_leaving(&self) -> bool {
        self.hub.leaving.is_cancelled()
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let mut open = self.hub.open();
        open.pages.remove(&self.number);
        // This page's own receiver is still counted.
        if open.shops.get(&self.ear.shop).is_some_and(|shop| shop.news.receiver_count() <= 1) {
            open.shops.remove(&self.ear.shop);
        }
    }
}

impl Hub {
    pub fn new(store: &Store, leaving: CancellationToken) -> Arc<Hub> {
        let gathered = (store.engine() == Engine::Postgres).then(Gathered::default);
        Arc::new(Hub { open: Mutex::default(), leaving, gathered })
    }

    /// A place for one more page of a shop; `None` when there are too many.
    pub fn listen(self: &Arc<Hub>, ear: Ear) -> Option<Listening> {
        let mut open = self.open();
        let Open { shops, pages, opened } = &mut *open;
        if pages.len() >= OPEN_MOST {
            return None;
        }
        let shop = shops.entry(ear.shop).or_insert_with(|| Shop { news: broadcast::channel(BEHIND).0, known: 0 });
        if shop.news.receiver_count() >= OPEN_PER_SHOP_MOST {
            return None;
        }
        *opened += 1;
        let over = self.leaving.child_token();
        pages.insert(*opened, Page { ear, over: over.clone() });
        Some(Listening { news: shop.news.subscribe(), over, ear, number: *opened, hub: Arc::clone(self) })
    }

    /// Pages that listen.
    pub fn count(&self) -> usize {
        self.open().pages.len()
    }

    /// All pages that listen now, each with its number here.
    pub(super) fn pages(&self) -> Vec<(u64, Ear)> {
        self.open().pages.iter().map(|(number, page)| (*number, page.ear)).collect()
    }

    /// They may hear no more.
    pub(super) fn end(&self, pages: impl IntoIterator<Item = u64>) {
        let open = self.open();
        pages.into_iter().filter_map(|number| open.pages.get(&number)).for_each(|page| page.over.cancel());
    }

    /// Listens to the till until the server stops, and then to what is left.
    pub async fn run(self: Arc<Hub>, store: Store, stop: CancellationToken) {
        let (mut told, mut speakers) = (store.till().listen(), store.hear_of_speakers());
        loop {
            let heard = tokio::select! {
                biased;
                // First: whoever hears of a notice knows then whether to say it.
                changed = speakers.recv() => {
                    // What was missed here is asked by each device within seconds (`domain::listening::SAYS_EVERY`).
                    changed.into_iter().for_each(|speaks| self.made_to_speak(speaks));
                    continue;
                }
                heard = told.recv() => heard,
                () = stop.cancelled() => break,
            };
            match heard {
                Ok(told) => self.tell(told),
                // Nobody knows whose news was missed.
                Err(RecvError::Lagged(_)) => {
                    self.gathered.iter().for_each(Gathered::lost_count);
                    self.look(&store).await;
                }
                Err(RecvError::Closed) => break,
            }
        }
        self.gathered.iter().for_each(Gathered::close);
    }

    fn tell(&self, told: Told) {
        if let Some(gathered) = &self.gathered {
            gathered.add(told.merchant, told.notice.number);
        }
        if let Some(shop) = self.open().shops.get_mut(&told.merchant) {
            shop.known = shop.known.max(told.notice.number);
            // The last page may just have gone.
            let _ = shop.news.send(News::One { notice: told.notice, committed: told.committed });
        }
    }

    /// Somebody's press or word at this node.
    fn made_to_speak(&self, speaks: Speaks) {
        self.gathered.iter().for_each(|gathered| gathered.speaks(speaks));
        self.speaks(speaks);
    }

    pub(super) fn speaks(&self, speaks: Speaks) {
        if let Some(shop) = self.open().shops.get(&speaks.merchant) {
            // The last page may just have gone.
            let _ = shop.news.send(News::Speaker(speaks.device));
        }
    }

    /// Another node says that these shops have notices up to these numbers.
    pub(super) fn up_to(&self, numbers: impl IntoIterator<Item = (MerchantId, i64)>) {
        let mut open = self.open();
        for (merchant, number) in numbers {
            if let Some(shop) = open.shops.get_mut(&merchant).filter(|shop| shop.known < number) {
                shop.known = number;
                let _ = shop.news.send(News::UpTo(number));
            }
        }
    }

    /// Asks the table what is new for the shops that somebody listens to.
    pub(super) async fn look(&self, store: &Store) {
        let listened_to: Vec<MerchantId> = self.open().shops.keys().copied().collect();
        match store.last_numbers(&listened_to).await {
            Ok(numbers) => self.up_to(numbers),
            Err(error) => tracing::error!(%error, "the numbers of notices can't be read"),
        }
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
