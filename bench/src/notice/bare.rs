//! The least that a stream can cost: an axum handler that sends server-sent events and nothing else. It runs in a process of its own, as
//! our server does.

use crate::Outcome;
use axum::Router;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::{get, post};
use clap::Args;
use domain::Timestamp;
use futures::{Stream, stream};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::sync::broadcast;

/// As long as a notice.
const DATA: &str = r#"{"number":1,"payment":"0193d6a0-0000-7000-8000-000000000001","event":"Paid","amount":32000,"code":1234,"at":"2026-11-23T06:00:00Z"}"#;

#[derive(Args)]
pub struct Options {
    #[arg(long)]
    addr: SocketAddr,
}

type News = broadcast::Sender<(i64, Timestamp)>;

/// Serves until it is killed.
pub async fn serve(options: Options) -> Outcome<()> {
    let (news, _) = broadcast::channel(32);
    let router = Router::new().route("/ready", get(async || "")).route("/stream", get(listen)).route("/tell", post(tell));
    let listener = tokio::net::TcpListener::bind(options.addr).await?;
    Ok(axum::serve(listener, router.with_state(news)).await?)
}

async fn listen(State(news): State<News>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let hello = stream::once(async { Ok(Event::default().event("hello").data("{}")) });
    let told = stream::unfold(news.subscribe(), async |mut news| {
        let (number, at): (i64, Timestamp) = news.recv().await.ok()?;
        let event = Event::default().comment(format!("committed {}", at.as_microsecond()));
        Some((Ok(event.id(number.to_string()).data(DATA)), news))
    });
    Sse::new(futures::StreamExt::chain(hello, told)).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}

/// An event to all streams. Its body is the number.
async fn tell(State(news): State<News>, number: String) {
    // Nobody may be listening.
    let _ = news.send((number.parse().unwrap_or(0), Timestamp::now()));
}
