//! What nodes on one PostgreSQL database tell each other of their shops' notices and of which device speaks: gathered for a moment, told at once, heard over a line
//! that is opened anew when it breaks, with a look into the table for what was said meanwhile.

use super::hub::Hub;
use domain::{DeviceId, MerchantId};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use store::{Hearing, News, Speaks, Store};
use tokio::sync::Notify;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// News is told at most so often; the first after a pause at once.
const TICK: Duration = Duration::from_millis(50);
/// How often a line that says nothing is asked whether it is there.
const CHECK: Duration = Duration::from_secs(10);
/// How often the table is asked what nobody told: a node that was killed may not have come to it.
const LOOK: Duration = Duration::from_secs(10);
/// After a failure, doubled up to the longest.
const SHORTEST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// What this node has to tell the others.
#[derive(Default)]
pub(super) struct Gathered {
    news: Mutex<Fresh>,
    bell: Notify,
}

#[derive(Default)]
struct Fresh {
    speakers: BTreeMap<MerchantId, Option<DeviceId>>,
    shops: BTreeMap<MerchantId, i64>,
    /// Something was missed here, nobody knows of which shops.
    is_incomplete: bool,
    /// Nothing comes any more.
    is_closed: bool,
}

impl Gathered {
    pub(super) fn add(&self, shop: MerchantId, number: i64) {
        let mut news = self.news();
        let known = news.shops.entry(shop).or_insert(number);
        *known = number.max(*known);
        drop(news);
        self.bell.notify_one();
    }

    pub(super) fn speaks(&self, speaks: Speaks) {
        self.news().speakers.insert(speaks.merchant, speaks.device);
        self.bell.notify_one();
    }

    pub(super) fn lost_count(&self) {
        self.news().is_incomplete = true;
        self.bell.notify_one();
    }

    pub(super) fn close(&self) {
        self.news().is_closed = true;
        self.bell.notify_one();
    }

    fn take(&self) -> Option<News> {
        let mut news = self.news();
        let shops = std::mem::take(&mut news.shops);
        if std::mem::take(&mut news.is_incomplete) {
            // Who speaks stands in no list that is looked at: it is told right afterwards.
            self.bell.notify_one();
            return Some(News::Look);
        }
        let speakers = std::mem::take(&mut news.speakers);
        let speakers: Vec<Speaks> = speakers.into_iter().map(|(merchant, device)| Speaks { merchant, device }).collect();
        (!shops.is_empty() || !speakers.is_empty()).then(|| News::Of { speakers, up_to: shops.into_iter().collect() })
    }

    /// It could not be told.
    fn put_back(&self, news: News) {
        match news {
            News::Look => self.lost_count(),
            News::Of { speakers, up_to } => {
                for Speaks { merchant, device } in speakers {
                    // What was said since is newer.
                    self.news().speakers.entry(merchant).or_insert(device);
                }
                up_to.into_iter().for_each(|(shop, number)| self.add(shop, number));
                self.bell.notify_one();
            }
        }
    }

    fn is_closed(&self) -> bool {
        self.news().is_closed
    }

    fn news(&self) -> MutexGuard<'_, Fresh> {
        self.news.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Nothing where there are no other nodes.
pub fn start(hub: &Arc<Hub>, store: &Store, stop: &CancellationToken, tasks: &TaskTracker) {
    if hub.gathered.is_none() {
        return;
    }
    tasks.spawn(tell(Arc::clone(hub), store.clone()));
    let (hears, looks) = (hear(Arc::clone(hub), store.clone()), look(Arc::clone(hub), store.clone()));
    for work in [futures::future::Either::Left(hears), futures::future::Either::Right(looks)] {
        let stop = stop.clone();
        tasks.spawn(async move { stop.run_until_cancelled(work).await });
    }
}

/// Until the hub hears nothing more of the till, and that is told.
async fn tell(hub: Arc<Hub>, store: Store) {
    let (Some(gathered), Some(mut telling)) = (&hub.gathered, store.telling()) else { return };
    let mut pause = SHORTEST_PAUSE;
    loop {
        let is_last = gathered.is_closed();
        if let Some(news) = gathered.take() {
            if let Err(error) = telling.tell(&news).await {
                tracing::warn!(%error, "the other nodes could not be told of notices");
                gathered.put_back(news);
                tokio::time::sleep(pause).await;
                pause = LONGEST_PAUSE.min(2 * pause);
            } else {
                pause = SHORTEST_PAUSE;
                metrics::counter!("payplus_wire_told_total").increment(1);
                tokio::time::sleep(TICK).await;
            }
        }
        if is_last {
            return;
        }
        gathered.bell.notified().await;
    }
}

async fn hear(hub: Arc<Hub>, store: Store) {
    let mut pause = SHORTEST_PAUSE;
    loop {
        match store.hearing().await {
            Ok(Some(hearing)) => {
                // What was said while nobody listened.
                hub.look(&store).await;
                pause = SHORTEST_PAUSE;
                let error = listen(&hub, &store, hearing).await;
                tracing::warn!(%error, "the line to hear other nodes by broke; opening another");
                metrics::counter!("payplus_wire_broken_total").increment(1);
            }
            Ok(None) => return,
            Err(error) => {
                tracing::warn!(%error, "no line to hear other nodes by");
                tokio::time::sleep(pause).await;
                pause = LONGEST_PAUSE.min(2 * pause);
            }
        }
    }
}

/// Until the line breaks.
async fn listen(hub: &Hub, store: &Store, mut hearing: Hearing) -> store::Error {
    loop {
        let heard = match timeout(CHECK, hearing.next()).await {
            Ok(Ok(News::Of { speakers, up_to })) => {
                speakers.into_iter().for_each(|speaks| hub.speaks(speaks));
                hub.up_to(up_to);
                Ok(())
            }
            Ok(Ok(News::Look)) => {
                hub.look(store).await;
                Ok(())
            }
            Ok(Err(error)) => Err(error),
            Err(_) => hearing.check().await,
        };
        if let Err(error) = heard {
            return error;
        }
    }
}

async fn look(hub: Arc<Hub>, store: Store) {
    let mut every = tokio::time::interval(LOOK);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        hub.look(&store).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(gathered: &Gathered) -> Option<Vec<(i64, i64)>> {
        match gathered.take()? {
            News::Of { up_to, .. } => Some(up_to.into_iter().map(|(shop, number)| (shop.0, number)).collect()),
            News::Look => Some(Vec::new()),
        }
    }

    #[test]
    fn many_notices_of_a_shop_are_one_piece_of_news_and_what_could_not_be_told_is_kept() {
        let gathered = Gathered::default();
        assert_eq!(told(&gathered), None);
        for (shop, number) in [(1, 4), (2, 9), (1, 5), (1, 3)] {
            gathered.add(MerchantId(shop), number);
        }
        let news = gathered.take().unwrap();
        assert_eq!(told(&gathered), None);
        gathered.add(MerchantId(1), 6);
        gathered.put_back(news);
        assert_eq!(told(&gathered), Some(vec![(1, 6), (2, 9)]));
        gathered.add(MerchantId(3), 1);
        gathered.lost_count();
        assert_eq!(told(&gathered), Some(Vec::new()), "all are to be looked at");
        assert_eq!(told(&gathered), None);
    }
}
