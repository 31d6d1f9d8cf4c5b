//! What every request passes before it reaches a page: nothing from other sites, nothing too large, nothing that takes for ever,
//! nothing that is not text. A panic behind the door ends one request, not the server.

use crate::trouble::{Trouble, tell};
use app::Error;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use std::any::Any;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;

/// The longest form of ours has a few kilobytes.
pub const BODY_MAX_BYTES: usize = 64 * 1024;
/// A ticket has 104 characters.
const TICKET_MAX_BYTES: usize = 1_024;
/// Until the answer begins. The slowest true one waits for the bank, which has five seconds.
const PATIENCE: Duration = Duration::from_secs(15);

pub fn guard(router: Router) -> Router {
    // The last is the outermost.
    router
        .layer(from_fn(readable))
        .layer(RequestBodyLimitLayer::new(BODY_MAX_BYTES))
        .layer(from_fn(in_time))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(CsrfLayer::new())
        .layer(from_fn(tell))
}

/// For what a crowd asks all the time, without cookies, to be answered in plain data: no more than it takes, since it is called twenty
/// thousand times a second.
pub fn of_the_crowd(router: Router) -> Router {
    router.layer(DefaultBodyLimit::max(TICKET_MAX_BYTES)).layer(from_fn(in_time)).layer(CatchPanicLayer::custom(panicked))
}

/// A path or a query that is no UTF-8 behind its percent signs is nobody's.
async fn readable(request: Request, next: Next) -> Response {
    let uri = request.uri();
    if is_text(uri.path()) && is_text(uri.query().unwrap_or_default()) {
        next.run(request).await
    } else {
        Trouble::new(Error::BadRequest).into_response()
    }
}

fn is_text(encoded: &str) -> bool {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.bytes();
    while let Some(byte) = rest.next() {
        let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
        let decoded = match byte {
            b'%' => digit(rest.next()).zip(digit(rest.next())).and_then(|(high, low)| u8::try_from(high * 16 + low).ok()),
            byte => Some(byte),
        };
        let Some(decoded) = decoded else { return false };
        bytes.push(decoded);
    }
    !bytes.contains(&0) && std::str::from_utf8(&bytes).is_ok()
}

#[derive(Debug, thiserror::Error)]
#[error("no answer within {PATIENCE:?}")]
struct TooSlow;

async fn in_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(PATIENCE, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Trouble::incident(StatusCode::SERVICE_UNAVAILABLE, &TooSlow).into_response(),
    }
}

#[derive(Debug, thiserror::Error)]
#[error("a panic")]
struct Panicked;

/// What was said in the panic may hold anything, so it is not repeated; the panic hook has logged where it was.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    Trouble::incident(StatusCode::INTERNAL_SERVER_ERROR, &Panicked).into_response()
}

#[cfg(test)]
mod tests {
    use super::is_text;

    #[test]
    fn percent_signs_hide_text_or_nothing() {
        for fine in ["", "/", "/pay/0000-0017", "a=%EA%B0%80&b=+", "%25"] {
            assert!(is_text(fine), "{fine}");
        }
        for odd in ["%", "%f", "%ff", "%zz", "/pay/%c3%28", "a=%00", "%e0%80%80"] {
            assert!(!is_text(odd), "{odd}");
        }
    }
}
