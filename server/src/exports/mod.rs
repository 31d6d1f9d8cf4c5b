//! A shop's payments as a file, for its managers and owners: `GET /merchant/{number}/export/csv` and `/xlsx`, with the fields of the list
//! of payments (`from`, `to`, ...) as the query; and a person's year ([`statement`]). Rows are read a page at a time, written as they come
//! and sent as they are written: nothing waits for the last row, and never more than a few pages are in memory. When reading breaks off, so
//! does the file, and when nobody takes it any more: it is never short without being seen to be.

mod columns;
mod csv;
mod statement;
mod xlsx;

pub use statement::year;

use crate::at_shop::{AtShop, at_shop};
use crate::trouble::Trouble;
use app::Error;
use app::error::Input;
use app::web::{Services, language};
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use columns::Columns;
use domain::merchant::{Merchant, Role};
use domain::takings::ShopPayment;
use domain::takings::filter::{PaymentFilter, Typed};
use domain::{Refused, Timestamp};
use http::{HeaderMap, HeaderValue, header};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use store::{Page, StaffProof, Store};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::time::timeout;
use tokio_stream::wrappers::ReceiverStream;

/// Files that one node writes at a time.
const AT_ONCE: usize = 4;
/// For a turn; within what the door gives an answer.
const TURN_WAIT: Duration = Duration::from_secs(10);
/// Whoever takes nothing for so long has left without a word: the turn is for somebody else.
const READER_PATIENCE: Duration = Duration::from_secs(60);
/// Payments read at once.
const ROWS: i64 = 1_000;
/// Pages that wait to be written, and pieces of the file that wait to be sent.
const PAGES: usize = 2;
const PIECES: usize = 4;

#[derive(Clone)]
pub struct Exports {
    services: Services,
    turns: Arc<Semaphore>,
}

impl Exports {
    pub fn new(services: &Services) -> Exports {
        Exports { services: services.clone(), turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Busy: too many files are being written, and go on to be.
    async fn turn(&self) -> Result<OwnedSemaphorePermit, Error> {
        let turn = timeout(TURN_WAIT, Arc::clone(&self.turns).acquire_owned()).await;
        turn.ok().and_then(Result::ok).ok_or(Error::Refused(Refused::Busy))
    }
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Format {
    Csv,
    Xlsx,
}

impl Format {
    fn parse(text: &str) -> Option<Format> {
        match text {
            "csv" => Some(Format::Csv),
            "xlsx" => Some(Format::Xlsx),
            _ => None,
        }
    }

    fn ending(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Xlsx => "xlsx",
        }
    }

    fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Format::Csv => "text/csv; charset=utf-8; header=present",
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        })
    }
}

/// Some of what is written, or why there is no more.
type Read<T = ShopPayment> = Result<Vec<T>, store::Error>;

pub async fn payments(
    State(exports): State<Exports>,
    Path((number, format)): Path<(String, String)>,
    typed: Result<Query<Typed>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    match open(&exports, &number, &format, typed.ok().map(|Query(typed)| typed), &headers).await {
        Ok(file) => file,
        Err(error) => Trouble::new(error).into_response(),
    }
}

async fn open(exports: &Exports, number: &str, format: &str, typed: Option<Typed>, headers: &HeaderMap) -> Result<Response, Error> {
    let (store, now) = (&exports.services.store, Timestamp::now());
    let AtShop { shop, proof, .. } = at_shop(&exports.services, headers, number, Role::Cashier).await?;
    if proof.role() < Role::Manager {
        return Err(Error::Forbidden);
    }
    let format = Format::parse(format).ok_or(Error::NotFound)?;
    let filter = PaymentFilter::parse(&typed.ok_or(Error::BadRequest)?, proof.role(), now).map_err(Input::Filter)?;
    let turn = exports.turn().await?;
    let columns = Columns::new(language(headers), &store.kinds().await?);
    let named = disposition(&shop, &columns, &filter, format);
    let (pages, read) = mpsc::channel(PAGES);
    tokio::spawn(read_all(store.clone(), proof, filter, pages, turn));
    let pieces = match format {
        Format::Csv => csv::pieces(columns, read),
        Format::Xlsx => xlsx::pieces(columns, read),
    };
    Ok(sent(pieces, format, named))
}

/// A file that is sent as it is written, and kept nowhere on its way.
fn sent(pieces: Pieces, format: Format, named: HeaderValue) -> Response {
    let mut response = Body::from_stream(ReceiverStream::new(passed_on(pieces, READER_PATIENCE))).into_response();
    let of = response.headers_mut();
    of.insert(header::CONTENT_TYPE, format.content_type());
    of.insert(header::CONTENT_DISPOSITION, named);
    of.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    of.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

/// Reads page after page, as fast as they are taken. Ends when nobody takes them any more.
async fn read_all(store: Store, proof: StaffProof, filter: PaymentFilter, pages: mpsc::Sender<Read>, _turn: OwnedSemaphorePermit) {
    let mut next = Some(Page::OLDEST);
    while let Some(page) = next {
        let read = store.shop_payments(&proof, &filter, page, ROWS).await;
        let (rows, on) = match read {
            Ok(found) => (Ok(found.rows), found.next),
            Err(error) => {
                tracing::error!(%error, "an export broke off");
                (Err(error), None)
            }
        };
        if pages.send(rows).await.is_err() {
            return;
        }
        next = on;
    }
}

/// What a reader of the file gets in the place of what could not be read.
fn broken_off() -> io::Error {
    io::Error::other("the payments could not be read to the end")
}

type Pieces = mpsc::Receiver<io::Result<Bytes>>;

/// The same pieces, for a reader who may stand still for so long. After that there are no more: whoever writes sees that nobody reads,
/// and the reader, if it comes back, finds the file broken off and not ended.
fn passed_on(mut pieces: Pieces, patience: Duration) -> Pieces {
    // The second place is kept for the word that the file is broken off.
    let (send, passed) = mpsc::channel(2);
    tokio::spawn(async move {
        let Ok(last_word) = send.clone().reserve_owned().await else { return };
        while let Some(piece) = pieces.recv().await {
            match timeout(patience, send.send(piece)).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return,
                Err(_) => {
                    tracing::info!("nobody took an export any more");
                    last_word.send(Err(io::ErrorKind::TimedOut.into()));
                    return;
                }
            }
        }
    });
    passed
}

/// The shop's name and the days, for people; the shop's number for programs that know no Hangul (RFC 6266).
fn disposition(shop: &Merchant, columns: &Columns, filter: &PaymentFilter, format: Format) -> HeaderValue {
    let (days, ending) = (filter.days, format.ending());
    let name: String = shop.name.chars().map(|c| if c.is_alphanumeric() || c == ' ' || c == '-' { c } else { '_' }).collect();
    let pretty = encoded(&format!("{}_{}_{days}.{ending}", name.trim(), columns.sheet()));
    attachment(&format!("payplus-{}-{days}.{ending}", shop.number), &pretty)
}

/// `plain` for programs that know no Hangul, `pretty` (encoded) for all others.
fn attachment(plain: &str, pretty: &str) -> HeaderValue {
    let line = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{pretty}");
    HeaderValue::from_str(&line).unwrap_or(HeaderValue::from_static("attachment"))
}

/// As RFC 8187 writes values: letters, digits and a few signs, everything else by its bytes.
fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests;
