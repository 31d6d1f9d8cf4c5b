//! A shop's notices as server-sent events: `GET /merchant/{number}/notices`, for its staff.
//!
//! First comes `event: hello` with the number of the newest notice, then one message a notice: its number as the id, the notice
//! as JSON. A stream starts after `Last-Event-ID`, else after `?after=`, else with the next notice. Numbers have no gaps, so
//! whatever this node did not hear of (a slow listener, another node's till) shows as a gap and is read from the table:
//! nothing is skipped and nothing told twice. Streams end when the session or the job in the shop ends, and when the server stops;
//! browsers then come back by themselves, a moment later each, with the number they had. `nodes` is how nodes hear of each other's.

mod hub;
mod nodes;

pub use hub::Hub;
use hub::{Listening, News};
pub use nodes::start as start_nodes;

use crate::trouble::Trouble;
use app::Error;
use app::web::{Cookie, Services, cookie_in};
use axum::extract::{Path, Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use domain::merchant::Role;
use domain::merchant_number::MerchantNumber;
use domain::notice::Notice;
use domain::{MerchantId, PersonId, Timestamp};
use http::HeaderMap;
use rand::Rng;
use serde::Deserialize;
use serde_json::json;
use std::convert::Infallible;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;
use store::{Store, Token};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;

/// Comments that keep proxies and phones from closing a quiet line.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How often it is asked whether the listener may still listen.
const CHECK: Duration = Duration::from_secs(30);
/// Notices read from the table at once.
const PAGE: i64 = 100;
/// After so many old ones the browser is asked to come back, so that no one stream goes on for ever with old news.
const REPLAY_MOST: usize = 10_000;
/// Events that may wait for a slow line; then reading from the table waits too.
const LINE: usize = 32;
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
    let token = cookie_in(headers, Cookie::Session).and_then(Token::parse).ok_or(Error::SignedOut)?;
    let session = store.session(&token, Timestamp::now()).await?.ok_or(Error::SignedOut)?;
    let number = MerchantNumber::parse(number).map_err(|_| Error::NotFound)?;
    let shop = store.merchant_by_number(number).await?.ok_or(Error::NotFound)?.id;
    // As on the shop's page: others learn nothing, not even that it exists.
    store.staff(session.person, shop, Role::Cashier).await?.ok_or(Error::NotFound)?;
    let last_event_id = headers.get("last-event-id").map(|id| id.to_str().unwrap_or("?"));
    let after = last_event_id.or(from.after.as_deref()).map(start).transpose()?;
    // Listens before it reads, so that nothing falls between the two.
    let listening = streams.hub.listen(shop).ok_or(Error::Refused(domain::Refused::Busy))?;
    let newest = store.last_number(shop).await?;
    let (line, events) = mpsc::channel(LINE);
    let listener = Listener {
        store: store.clone(),
        token,
        person: session.person,
        shop,
        last: after.unwrap_or(newest).min(newest),
        line,
        leaving: listening.leaving.clone(),
    };
    tokio::spawn(listener.run(listening, newest));
    let sse = Sse::new(ReceiverStream::new(events)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    Ok(([("x-accel-buffering", "no")], sse).into_response())
}

fn start(number: &str) -> Result<i64, Error> {
    number.parse().ok().filter(|number| *number >= 0).ok_or(Error::BadRequest)
}

/// One open page.
struct Listener {
    store: Store,
    token: Token,
    person: PersonId,
    shop: MerchantId,
    /// The number of the last notice that was sent.
    last: i64,
    line: mpsc::Sender<Result<Event, Infallible>>,
    leaving: CancellationToken,
}

/// The stream is over: nobody is there, or the browser shall come again.
struct Over;

impl Listener {
    async fn run(mut self, mut listening: Listening, newest: i64) {
        // What ends it is told to the browser by ending.
        let _ = self.listen(&mut listening, newest).await;
    }

    async fn listen(&mut self, listening: &mut Listening, newest: i64) -> Result<(), Over> {
        self.send(Event::default().event("hello").retry(some(BACK_AFTER_MS)).data(json!({ "last": newest }).to_string())).await?;
        if newest > self.last {
            self.read_on().await?;
        }
        let mut check = tokio::time::interval_at(tokio::time::Instant::now() + CHECK, CHECK);
        loop {
            tokio::select! {
                () = self.leaving.cancelled() => return self.send_on(),
                () = self.line.closed() => return Err(Over),
                _ = check.tick() => self.still_allowed().await?,
                news = listening.news.recv() => self.hear(news).await?,
            }
        }
    }

    /// Whoever has signed out or left the shop a moment ago hears nothing more.
    async fn hear(&mut self, news: Result<News, RecvError>) -> Result<(), Over> {
        match &news {
            Err(RecvError::Closed) => return Err(Over),
            Ok(News::One(notice)) if notice.number <= self.last => return Ok(()),
            Ok(News::UpTo(number)) if *number <= self.last => return Ok(()),
            Ok(_) | Err(RecvError::Lagged(_)) => self.still_allowed().await?,
        }
        match news {
            Ok(News::One(notice)) if notice.number == self.last + 1 => self.tell(&notice).await,
            _ => self.read_on().await,
        }
    }

    /// Tells what stands in the table after the last one that was told.
    async fn read_on(&mut self) -> Result<(), Over> {
        let mut told = 0;
        while told < REPLAY_MOST {
            let page = self.store.notices_after(self.shop, self.last, PAGE).await.map_err(|error| {
                tracing::error!(%error, "notices can't be read");
                Over
            })?;
            for notice in &page {
                self.tell(notice).await?;
            }
            told += page.len();
            if i64::try_from(page.len()).unwrap_or(i64::MAX) < PAGE {
                return Ok(());
            }
            if self.leaving.is_cancelled() {
                return self.send_on();
            }
        }
        Err(Over)
    }

    /// To another node, since this one stops.
    fn send_on(&self) -> Result<(), Over> {
        // Nobody waits for a line that is full: its page comes back all the same.
        let _ = self.line.try_send(Ok(Event::default().retry(some(GOES_ON_AFTER_MS)).comment("this node stops")));
        Err(Over)
    }

    async fn tell(&mut self, notice: &Notice) -> Result<(), Over> {
        let data = serde_json::to_string(notice).map_err(|_| Over)?;
        self.send(Event::default().id(notice.number.to_string()).data(data)).await?;
        self.last = notice.number;
        Ok(())
    }

    /// Waits for a slow line, but not when this node stops.
    async fn send(&self, event: Event) -> Result<(), Over> {
        tokio::select! {
            biased;
            sent = self.line.send(Ok(event)) => sent.map_err(|_| Over),
            () = self.leaving.cancelled() => Err(Over),
        }
    }

    async fn still_allowed(&self) -> Result<(), Over> {
        let session = self.store.session(&self.token, Timestamp::now()).await;
        let staff = self.store.staff(self.person, self.shop, Role::Cashier).await;
        match (session, staff) {
            (Ok(Some(_)), Ok(Some(_))) => Ok(()),
            _ => Err(Over),
        }
    }
}

/// So that a thousand browsers don't come in the same moment.
fn some(range_ms: Range<u64>) -> Duration {
    Duration::from_millis(rand::rng().random_range(range_ms))
}
