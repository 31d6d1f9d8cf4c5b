//! Writes to the devices of a shop's staff. What is paid within the same moment is one message; who is written to is asked for each
//! time, so whoever has left the shop or signed out is told nothing more.

use super::lanes::Lanes;
use crate::outside::{HttpPush, Letter, origin};
use app::words::{Lang, Words, clock, money};
use domain::missed::Sums;
use domain::notice::{Event, Notice};
use domain::push::{self, Next};
use domain::{MerchantId, Timestamp};
use serde_json::json;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use store::till::Told;
use store::{Language, Outcome, PushTarget, Store, Try, Way};
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// What comes within it is one message of a shop and one statement for all.
const GATHER: Duration = Duration::from_millis(100);
/// Notices that wait to be pushed. More means that the database does not answer; then the shop's page and the SMS tell.
const NOTICES_MOST: usize = 20_000;
/// Notices that one message tells of and whose tries are recorded.
const IN_ONE_MOST: usize = 100;
const RECORDS_MOST: usize = 10_000;
const RECORDED_AT_ONCE: usize = 200;

pub struct Pushing {
    store: Store,
    push: HttpPush,
    lanes: Lanes,
    heard: Mutex<Heard>,
    bell: Notify,
    stop: CancellationToken,
    tasks: TaskTracker,
}

#[derive(Default)]
struct Heard {
    shops: HashMap<MerchantId, Vec<Arc<Notice>>>,
    count: usize,
}

impl Pushing {
    pub fn new(store: Store, push: HttpPush, stop: CancellationToken, tasks: TaskTracker) -> Pushing {
        Pushing { store, push, lanes: Lanes::default(), heard: Mutex::default(), bell: Notify::new(), stop, tasks }
    }

    pub fn hear(&self, told: Told) {
        let mut heard = self.heard();
        if heard.count >= NOTICES_MOST {
            metrics::counter!("payplus_push_dropped_total").increment(1);
            return;
        }
        heard.count += 1;
        heard.shops.entry(told.merchant).or_default().push(told.notice);
        drop(heard);
        self.bell.notify_one();
    }

    pub async fn run(self: Arc<Pushing>) {
        let (records, recorder) = mpsc::channel(RECORDS_MOST);
        self.tasks.spawn(record(self.store.clone(), recorder));
        while self.stop.run_until_cancelled(self.bell.notified()).await.is_some() {
            tokio::time::sleep(GATHER).await;
            self.push_heard(&records).await;
        }
        // What was committed before the end is told too.
        self.push_heard(&records).await;
    }

    async fn push_heard(self: &Arc<Pushing>, records: &mpsc::Sender<Try>) {
        let heard = std::mem::take(&mut *self.heard());
        if heard.shops.is_empty() {
            return;
        }
        let shops: Vec<MerchantId> = heard.shops.keys().copied().collect();
        let targets = match self.store.push_targets(&shops, Timestamp::now()).await {
            Ok(targets) => targets,
            Err(error) => {
                tracing::error!(%error, "who is to be pushed to can't be read");
                return;
            }
        };
        for target in targets {
            let Some(notices) = heard.shops.get(&target.merchant) else { continue };
            let mut notices = notices.clone();
            notices.sort_by_key(|notice| notice.number);
            let (this, records) = (Arc::clone(self), records.clone());
            self.tasks.spawn(async move { this.push(target, &notices, &records).await });
        }
    }

    async fn push(&self, target: PushTarget, notices: &[Arc<Notice>], records: &mpsc::Sender<Try>) {
        let letter = Letter { text: text(&target, notices), topic: self.store.push_topic(target.merchant) };
        let outcome = self.deliver(&target, &letter).await;
        let now = Timestamp::now();
        metrics::counter!("payplus_pushes_total", "outcome" => outcome.as_str()).increment(1);
        for notice in notices.iter().rev().take(IN_ONE_MOST) {
            let after_ms = now.as_millisecond() - notice.at.as_millisecond();
            let (merchant, number, device) = (target.merchant, notice.number, target.device.clone());
            // Full only when the database stands still; a try less is known then.
            let _ = records.try_send(Try { merchant, number, way: Way::Push, device, outcome, at: now, after_ms });
        }
    }

    async fn deliver(&self, target: &PushTarget, letter: &Letter) -> Outcome {
        let Some(place) = self.lanes.enter(origin(target.subscription.endpoint.as_str())) else { return Outcome::Failed };
        let mut tries = 0;
        loop {
            tries += 1;
            let answered = {
                let Some(_turn) = place.turn().await else { return Outcome::Failed };
                self.push.send(&target.subscription, letter, Timestamp::now()).await
            };
            match push::after_try(answered.status, answered.retry_after_ms, tries) {
                Next::Sent => {
                    if target.is_failing {
                        self.note(target, self.store.push_arrived(target.id).await);
                    }
                    return Outcome::Sent;
                }
                Next::Gone => {
                    tracing::info!(subscription = target.id, status = answered.status, "a subscription is over");
                    self.note(target, self.store.push_gone(target.id).await.map(drop));
                    return Outcome::Failed;
                }
                Next::Again { wait_ms } => {
                    // A server that stops waits for nothing.
                    if self.stop.run_until_cancelled(tokio::time::sleep(Duration::from_millis(wait_ms))).await.is_none() {
                        return Outcome::Failed;
                    }
                }
                Next::GivenUp => {
                    tracing::warn!(subscription = target.id, status = answered.status, error = answered.error, tries, "not pushed");
                    self.note(target, self.store.push_failed(target.id, Timestamp::now()).await.map(drop));
                    return Outcome::Failed;
                }
            }
        }
    }

    fn note(&self, target: &PushTarget, written: store::Result<()>) {
        if let Err(error) = written {
            tracing::error!(subscription = target.id, %error, "what became of it can't be written");
        }
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Many tries are one transaction. Ends when nobody is left who could try.
async fn record(store: Store, mut tries: mpsc::Receiver<Try>) {
    let mut some = Vec::new();
    while tries.recv_many(&mut some, RECORDED_AT_ONCE).await > 0 {
        if let Err(error) = store.record_tries(&some).await {
            tracing::error!(%error, "tries to push can't be written");
        }
        some.clear();
    }
}

/// What the service worker shows. Amounts and the shop's own name; nobody is named.
fn text(target: &PushTarget, notices: &[Arc<Notice>]) -> String {
    let lang = match target.language {
        Language::Ko => Lang::Ko,
        Language::En => Lang::En,
    };
    let words: &Words = lang.words();
    let (first, last) = (notices.first().map_or(0, |notice| notice.number), notices.last().map_or(0, |notice| notice.number));
    let at = notices.last().map_or(Timestamp::UNIX_EPOCH, |notice| notice.at);
    json!({
        "title": title(lang, words, notices),
        "body": format!("{} · {}", target.shop, clock(at)),
        "tag": format!("shop-{}", target.number),
        "url": format!("/merchant/{}", target.number),
        "shop": target.number.to_string(),
        "first": first,
        "last": last,
        "lang": lang.code(),
    })
    .to_string()
}

fn title(lang: Lang, words: &Words, notices: &[Arc<Notice>]) -> String {
    let t = &words.alerts;
    if let [one] = notices {
        let amount = money(lang, one.amount);
        return match one.event {
            Event::Paid => t.push_paid(&amount),
            Event::Cancelled => t.push_cancelled(&amount),
        };
    }
    let sums = Sums::of(notices.iter().map(|notice| &**notice));
    match (sums.paid_count, sums.cancelled_count) {
        (_, 0) => t.push_many_paid(sums.paid_count, &money(lang, sums.paid)),
        (0, _) => t.push_many_cancelled(sums.cancelled_count, &money(lang, sums.cancelled)),
        _ => t.push_mixed(sums.paid_count, &money(lang, sums.paid), sums.cancelled_count, &money(lang, sums.cancelled)),
    }
}
