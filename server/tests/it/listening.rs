//! A page of a shop that listens: reads server-sent events.

use crate::browser::Browser;
use domain::merchant::Merchant;
use domain::notice::Notice;
use http::{Method, StatusCode};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(15);

pub struct Listening {
    response: reqwest::Response,
    read: String,
    /// What `hello` said.
    pub newest: i64,
    retry_ms: Option<u64>,
}

/// One event, as the specification of server-sent events parses it.
#[derive(Debug, Default, PartialEq)]
struct Event {
    kind: String,
    id: String,
    data: String,
}

impl Listening {
    pub async fn after(browser: &Browser, shop: &Merchant, number: i64) -> Listening {
        let path = format!("/merchant/{}/notices?after={number}", shop.number);
        Listening::open(browser.request(Method::GET, &path)).await
    }

    /// As a browser comes back by itself: the same address, and the last id that it saw.
    pub async fn again(browser: &Browser, shop: &Merchant, first: i64, last_id: i64) -> Listening {
        let path = format!("/merchant/{}/notices?after={first}", shop.number);
        Listening::open(browser.request(Method::GET, &path).header("last-event-id", last_id.to_string())).await
    }

    pub async fn open(request: reqwest::RequestBuilder) -> Listening {
        let response = request.header("accept", "text/event-stream").send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["x-accel-buffering"], "no");
        let mut listening = Listening { response, read: String::new(), newest: 0, retry_ms: None };
        let hello = listening.event().await.expect("hello");
        assert_eq!(hello.kind, "hello");
        listening.newest = serde_json::from_str::<serde_json::Value>(&hello.data).unwrap()["last"].as_i64().unwrap();
        listening
    }

    /// After how long a browser would come back: what was said of it last.
    pub fn retry_ms(&self) -> Option<u64> {
        self.retry_ms
    }

    /// The next notice; `None` when the server ended the stream.
    pub async fn next(&mut self) -> Option<Notice> {
        let event = self.event().await?;
        let notice: Notice = serde_json::from_str(&event.data).unwrap();
        assert_eq!((event.kind.as_str(), event.id), ("", notice.number.to_string()));
        Some(notice)
    }

    /// Number and amount of the next so many.
    pub async fn hears(&mut self, count: usize) -> Vec<(i64, i64)> {
        let mut heard = Vec::new();
        for _ in 0..count {
            let notice = self.next().await.expect("the stream goes on");
            heard.push((notice.number, notice.amount.get()));
        }
        heard
    }

    /// Which device of the shop speaks from now on, as an event says.
    pub async fn speaker(&mut self) -> Option<String> {
        let event = self.event().await.expect("the stream goes on");
        assert_eq!(event.kind, "speaker", "{event:?}");
        serde_json::from_str::<serde_json::Value>(&event.data).unwrap()["device"].as_str().map(str::to_owned)
    }

    async fn event(&mut self) -> Option<Event> {
        tokio::time::timeout(PATIENCE, self.read_event()).await.expect("an event, or the end")
    }

    async fn read_event(&mut self) -> Option<Event> {
        loop {
            if let Some((block, rest)) = self.read.split_once("\n\n") {
                let event = parsed(block);
                let retry = block.lines().find_map(|line| line.strip_prefix("retry:"));
                self.retry_ms = retry.map(|ms| ms.trim().parse().unwrap()).or(self.retry_ms);
                self.read = rest.to_owned();
                // A block of comments only keeps the line alive.
                if event != Event::default() {
                    return Some(event);
                }
                continue;
            }
            let chunk = self.response.chunk().await.ok()??;
            self.read.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
}

fn parsed(block: &str) -> Event {
    let mut event = Event::default();
    for line in block.lines() {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value).to_owned();
        match field {
            "event" => event.kind = value,
            "id" => event.id = value,
            "data" => event.data = value,
            _ => {}
        }
    }
    event
}
