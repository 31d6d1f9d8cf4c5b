//! What a person sees: an index with the faults, the SMS inbox, and the bank's transactions. Server-rendered, no script.

mod inbox;
mod index;
mod transactions;

use axum::Router;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use jiff::Timestamp;

use crate::Sandbox;
use crate::identity::korean_time;

pub(crate) fn routes() -> Router<Sandbox> {
    Router::new()
        .route("/", get(index::show))
        .route("/faults", post(index::set_fault))
        .route("/faults/clear", post(index::clear_faults))
        .route("/inbox", get(inbox::show))
        .route("/transactions", get(transactions::show))
}

const STYLE: &str = include_str!("style.css");

/// The frame of every page. `head` goes into the head as it is, `main` into the main landmark: both already escaped.
fn page(title: &str, head: &str, main: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"ko\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><link rel=\"icon\" href=\"data:,\">\
         <title>{title} · Pay+ 샌드박스</title>{head}<style>{STYLE}</style></head><body>\
         <p class=\"ribbon\">샌드박스 · 진짜 돈도 진짜 문자도 아니에요 <span lang=\"en\">Nothing here is real.</span></p>\
         <nav aria-label=\"샌드박스\"><a href=\"/\">안내</a><a href=\"/inbox\">문자함</a><a href=\"/transactions\">은행 거래</a></nav>\
         <main><h1>{title}</h1>{main}</main></body></html>"
    );
    let policy =
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    let headers =
        [(header::CONTENT_SECURITY_POLICY, policy), (header::CACHE_CONTROL, "no-store"), (header::REFERRER_POLICY, "no-referrer")];
    (headers, Html(html)).into_response()
}

/// Text made harmless for HTML, between tags and inside double quotes.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

/// `-1234567` as `-1,234,567원`.
fn won(amount_won: i64) -> String {
    let digits = amount_won.unsigned_abs().to_string();
    let mut text = String::from(if amount_won < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text.push('원');
    text
}

/// The time of day in Korea, with the exact moment for machines.
fn clock(at: Timestamp) -> String {
    let there = korean_time(at);
    format!(
        "<time datetime=\"{at}\">{}월 {}일 {:02}:{:02}:{:02}</time>",
        there.month(),
        there.day(),
        there.hour(),
        there.minute(),
        there.second()
    )
}
