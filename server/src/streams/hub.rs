//! One listener at the till for all open pages: it hands each notice to the pages of its shop, so that thousands of open pages
//! cost a payment nothing but a look into a map.

use super::nodes::Gathered;
use domain::MerchantId;
use domain::notice::Notice;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::till::Told;
use store::{Engine, Store};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

/// Pages in all; each costs a few kilobytes.
const OPEN_MOST: usize = 20_000;
/// Pages of one shop: every counter, every phone of the staff.
const OPEN_PER_SHOP_MOST: usize = 100;
/// News that a page may be behind before it reads from the table.
const BEHIND: usize = 64;

/// What a page hears.
#[derive(Clone, Debug)]
pub enum News {
    One(Arc<Notice>),
    /// There are notices up to this number, to be read from the table.
    UpTo(i64),
}

/// Who listens, by shop.
pub struct Hub {
    shops: Mutex<HashMap<MerchantId, Shop>>,
    /// Cancelled when pages are to go to another node.
    leaving: CancellationToken,
    /// For the other nodes; `None` where there are none.
    pub(super) gathered: Option<Gathered>,
}

struct Shop {
    pages: broadcast::Sender<News>,
    /// The newest number that was told or read here.
    known: i64,
}

/// The place of one page. Given back when it is dropped.
pub struct Listening {
    pub news: broadcast::Receiver<News>,
    /// Cancelled when the page is to go to another node.
    pub leaving: CancellationToken,
    shop: MerchantId,
    hub: Arc<Hub>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        let mut shops = self.hub.shops();
        // This page's own receiver is still counted.
        if shops.get(&self.shop).is_some_and(|shop| shop.pages.receiver_count() <= 1) {
            shops.remove(&self.shop);
        }
    }
}

impl Hub {
    pub fn new(store: &Store, leaving: CancellationToken) -> Arc<Hub> {
        let gathered = (store.engine() == Engine::Postgres).then(Gathered::default);
        Arc::new(Hub { shops: Mutex::default(), leaving, gathered })
    }

    /// A place for one more page of a shop; `None` when there are too many.
    pub fn listen(self: &Arc<Hub>, shop: MerchantId) -> Option<Listening> {
        if self.open() >= OPEN_MOST {
            return None;
        }
        let mut shops = self.shops();
        let entry = shops.entry(shop).or_insert_with(|| Shop { pages: broadcast::channel(BEHIND).0, known: 0 });
        let has_room = entry.pages.receiver_count() < OPEN_PER_SHOP_MOST;
        has_room.then(|| Listening { news: entry.pages.subscribe(), leaving: self.leaving.clone(), shop, hub: Arc::clone(self) })
    }

    /// Pages that listen.
    pub fn open(&self) -> usize {
        self.shops().values().map(|shop| shop.pages.receiver_count()).sum()
    }

    /// Listens to the till until the server stops, and then to what is left.
    pub async fn run(self: Arc<Hub>, store: Store, stop: CancellationToken) {
        let mut told = store.till().listen();
        loop {
            let heard = tokio::select! {
                biased;
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
        if let Some(shop) = self.shops().get_mut(&told.merchant) {
            shop.known = shop.known.max(told.notice.number);
            // The last page may just have gone.
            let _ = shop.pages.send(News::One(told.notice));
        }
    }

    /// Another node says that these shops have notices up to these numbers.
    pub(super) fn up_to(&self, numbers: impl IntoIterator<Item = (MerchantId, i64)>) {
        let mut shops = self.shops();
        for (merchant, number) in numbers {
            if let Some(shop) = shops.get_mut(&merchant).filter(|shop| shop.known < number) {
                shop.known = number;
                let _ = shop.pages.send(News::UpTo(number));
            }
        }
    }

    /// Asks the table what is new for the shops that somebody listens to.
    pub(super) async fn look(&self, store: &Store) {
        let listened_to: Vec<MerchantId> = self.shops().keys().copied().collect();
        match store.last_numbers(&listened_to).await {
            Ok(numbers) => self.up_to(numbers),
            Err(error) => tracing::error!(%error, "the numbers of notices can't be read"),
        }
    }

    fn shops(&self) -> MutexGuard<'_, HashMap<MerchantId, Shop>> {
        self.shops.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
