//! A shop's notices as server-sent events: `GET /merchant/{number}/notices`, for its staff.
//!
//! First comes `event: hello` with the number of the newest notice, then one message a notice: its number as the id, the notice
//! as JSON. A stream starts after `Last-Event-ID`, else after `?after=`, else with the next notice. Numbers have no gaps, so
//! whatever this node did not hear of (a slow listener, another node's till) shows as a gap and is read from the table:
//! nothing is skipped and nothing told twice. `event: speaker` says which device of the shop speaks from now on (`store::Speaks`).
//! Streams end when the session or the job in the shop ends, or the device is ended from afar (`guard`), and when the server stops;
//! browsers then come back by themselves, a moment later each, with the number they had.
//! `nodes` is how nodes hear of each other's.

mod guard;
mod hub;
mod nodes;

pub use guard::watch as guard;
pub use hub::Hub;
use hub::{Listening, News};
pub use nodes::start as start_nodes;

use crate::at_shop::{AtShop, at_shop};
use crate::trouble::Trouble;
use app::Error;
use app::web::Services;
use axum::extract::{Path, Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use domain::merchant::Role;
use domain::notice::Notice;
use domain::{DeviceId, PersonId, Timestamp};
use futures::stream;
use http::HeaderMap;
use rand::Rng;
use serde::Deserialize;
use serde_json::json;
use std::convert::Infallible;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::vec::IntoIter;
use store::{Ear, Store};
use tokio::sync::broadcast::error::RecvError;

/// Comments that keep proxies and phones from closing a quiet line.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Notices read from the table at once.
const PAGE: i64 = 100;
/// After so many old ones the browser is asked to come back, so that no one stream goes on for ever with old news.
const REPLAY_MOST: usize = 10_000;
/// A browser whose line broke comes back after so many milliseconds: not all of them at once.
const BACK_AFTER_MS: Range<u64> = 1_000..3_000;
/// A browser that is sent to another node goes at once.
const GOES_ON_AFTER_MS: Range<u64> = 100..600;

#[derive(Clone)]
pub struct Streams {
    pub services: Services,
    pub hub: Arc<Hub>,
}

#[derive(Deserialize)]
pub struct From {
    after: Option<String>,
}

pub async fn notices(State(streams): State<Streams>, Path(number): Path<String>, Query(from): Query<From>, headers: HeaderMap) -> Response {
    match open(&streams, &number, &from, &headers).await {
        Ok(stream) => stream,
        Err(error) => Trouble::new(error).into_response(),
    }
}

/// Who listens, where, and after which number; then the line is theirs.
async fn open(streams: &Streams, number: &str, from: &From, headers: &HeaderMap) -> Result<Response, Error> {
    let store = &streams.services.store;
    let AtShop { session, endings, shop, .. } = at_shop(&streams.services, headers, number, Role::Cashier).await?;
    let shop = shop.id;
    let last_event_id = headers.get("last-event-id").map(|id| id.to_str().unwrap_or("?"));
    let after = last_event_id.or(from.after.as_deref()).map(start).transpose()?;
    // Listens before it reads, so that nothing falls between the two.
    let listening = streams.hub.listen(Ear { session: session.id, shop }).ok_or(Error::Refused(domain::Refused::Busy))?;
    let newest = store.last_number(shop).await?;
    let listener = Listener {
        store: store.clone(),
        person: session.person,
        endings,
        last: after.unwrap_or(newest).min(newest),
        listening,
        hello: Some(newest),
        read: Vec::new().into_iter(),
        is_behind: false,
        is_speaker_lost: false,
        replayed: 0,
        is_over: false,
    };
    let events = stream::unfold(listener, |mut listener| async move { Some((Ok::<_, Infallible>(listener.next().await?), listener)) });
    let sse = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    Ok(([("x-accel-buffering", "no")], sse).into_response())
}

fn start(number: &str) -> Result<i64, Error> {
    number.parse().ok().filter(|number| *number >= 0).ok_or(Error::BadRequest)
}

/// One open page. Its events are made when its line takes them: nothing waits in between, and no task of its own.
struct Listener {
    store: Store,
    person: PersonId,
    /// When it was last asked whether this page may hear (`Store::endings`).
    endings: u64,
    listening: Listening,
    /// The number of the last notice that was sent.
    last: i64,
    /// The number to begin with; `None` once that is said.
    hello: Option<i64>,
    /// What was read from the table and is not sent yet.
    read: IntoIter<Notice>,
    /// There is more in the table.
    is_behind: bool,
    /// The word that another device speaks may have been lost on the way to this page: it asks before it says anything more.
    is_speaker_lost: bool,
    /// Old ones since it was behind.
    replayed: usize,
    is_over: bool,
}

/// The stream is over: nobody may hear it, or the browser shall come again.
struct Over;

impl Listener {
    /// `None` ends the stream.
    async fn next(&mut self) -> Option<Event> {
        if let Some(newest) = self.hello.take() {
            self.is_behind = newest > self.last;
            return Some(Event::default().event("hello").retry(some(BACK_AFTER_MS)).data(json!({ "last": newest }).to_string()));
        }
        while !self.is_over {
            if self.listening.over.is_cancelled() {
                return self.end();
            }
            if self.is_speaker_lost && !self.has_doubts() {
                self.is_speaker_lost = false;
                return Some(speaker(None));
            }
            if let Some(notice) = self.read.next() {
                return self.tell(&notice, None);
            }
            // Rare and large: apart it costs a page nothing while it waits.
            if self.is_behind {
                Box::pin(self.read_on()).await.ok()?;
                continue;
            }
            let news = tokio::select! {
                biased;
                () = self.listening.over.cancelled() => continue,
                news = self.listening.news.recv() => news,
            };
            match news {
                Err(RecvError::Closed) => return None,
                Ok(News::One { notice, .. }) if notice.number <= self.last => {}
                Ok(News::UpTo(number)) if number <= self.last => {}
                Ok(News::Speaker(_)) if self.has_doubts() => (self.is_behind, self.is_speaker_lost) = (true, true),
                Ok(News::Speaker(device)) => return Some(speaker(device)),
                // Doubts are settled before anything more is told, and so is what lies between.
                Ok(News::One { notice, committed }) if notice.number == self.last + 1 && !self.has_doubts() => {
                    return self.tell(&notice, Some(committed));
                }
                Err(RecvError::Lagged(_)) => (self.is_behind, self.is_speaker_lost) = (true, true),
                Ok(_) => self.is_behind = true,
            }
        }
        None
    }

    /// What stands in the table after the last one that was told.
    async fn read_on(&mut self) -> Result<(), Over> {
        if self.replayed >= REPLAY_MOST {
            return Err(Over);
        }
        if self.has_doubts() {
            self.ask().await?;
        }
        let page = self.store.notices_after(self.listening.ear.shop, self.last, PAGE).await.map_err(|error| {
            tracing::error!(%error, "notices can't be read");
            Over
        })?;
        self.is_behind = i64::try_from(page.len()).is_ok_and(|read| read >= PAGE);
        self.replayed = if self.is_behind { self.replayed + page.len() } else { 0 };
        self.read = page.into_iter();
        Ok(())
    }

    /// Goes to another node when this one stops.
    fn end(&mut self) -> Option<Event> {
        self.is_over = true;
        self.listening.is_leaving().then(|| Event::default().retry(some(GOES_ON_AFTER_MS)).comment("this node stops"))
    }

    /// Of a notice that is told as it happens a comment says when it was committed, by this node's clock.
    fn tell(&mut self, notice: &Notice, committed: Option<Instant>) -> Option<Event> {
        let mut event = Event::default();
        if let Some(committed) = committed {
            let since = committed.elapsed();
            metrics::histogram!("payplus_notice_seconds").record(since.as_secs_f64());
            let at_us = Timestamp::now().as_microsecond().saturating_sub(i64::try_from(since.as_micros()).unwrap_or(0));
            event = event.comment(format!("committed {at_us}"));
        }
        self.last = notice.number;
        Some(event.id(notice.number.to_string()).data(serde_json::to_string(notice).ok()?))
    }

    /// Whoever has signed out or left the shop a moment ago at this node hears nothing more.
    fn has_doubts(&self) -> bool {
        self.store.endings(self.person) != self.endings
    }

    async fn ask(&mut self) -> Result<(), Over> {
        let endings = self.store.endings(self.person);
        let may = self.store.who_may_hear(&[self.listening.ear], Timestamp::now()).await;
        self.endings = endings;
        if may.is_ok_and(|may| may.contains(&self.listening.ear)) { Ok(()) } else { Err(Over) }
    }
}

/// Which device speaks from now on; `None`: nobody does, or it is not known: whoever wants to asks.
fn speaker(device: Option<DeviceId>) -> Event {
    Event::default().event("speaker").data(json!({ "device": device }).to_string())
}

/// So that a thousand browsers don't come in the same moment.
fn some(range_ms: Range<u64>) -> Duration {
    Duration::from_millis(rand::rng().random_range(range_ms))
}
