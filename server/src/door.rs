//! What every request passes before it reaches a page: nothing from other sites, nothing too large, nothing that takes for ever,
//! nothing that is not text. A panic behind the door ends one request, not the server.
//!
//! It is one middleware: as a layer of the router each part would copy, once a request, all layers and routes behind it, which cost a
//! fifth of the server's time on a sale day.

use crate::headers;
use crate::observe::observe;
use crate::photos;
use crate::shedding::Shedding;
use crate::trouble::{Trouble, tell};
use app::Error;
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_LENGTH;
use http_body_util::Limited;
use std::any::Any;
use std::sync::Arc;
use std::time::Duration;
use tower::{ServiceBuilder, ServiceExt};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;

/// The longest form of ours has a few kilobytes; only pictures have more.
pub const BODY_MAX_BYTES: usize = 64 * 1024;
/// Until the answer begins. The slowest true one waits for the bank, which has five seconds.
const PATIENCE: Duration = Duration::from_secs(15);

/// Middleware, the only one: log and counts, headers, words for troubles, then the guards.
pub async fn enter(State(shedding): State<Arc<Shedding>>, request: Request, next: Next) -> Response {
    observe(request, async |request| {
        headers::add(request, async |request| tell(request, async |request| guard(&shedding, request, next).await).await).await
    })
    .await
}

async fn guard(shedding: &Arc<Shedding>, request: Request, next: Next) -> Response {
    let request = match limited(request) {
        Ok(request) if is_readable(&request) => request,
        Ok(_) => return Trouble::new(Error::BadRequest).into_response(),
        Err(too_large) => return too_large.into_response(),
    };
    let _answering = match shedding.admit(request.uri().path()) {
        Ok(answering) => answering,
        Err(overloaded) => return overloaded.into_response(),
    };
    let inside = ServiceBuilder::new().layer(CsrfLayer::new()).layer(CatchPanicLayer::custom(panicked)).service(next);
    in_time(async {
        match inside.oneshot(request).await {
            Ok(response) => response.map(Body::new),
            Err(never) => match never {},
        }
    })
    .await
}

/// What says that it is too large is not read; what turns out to be is cut.
fn limited(request: Request) -> Result<Request, Trouble> {
    let says =
        request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()).and_then(|length| length.parse::<usize>().ok());
    let most = if request.uri().path().starts_with(photos::PATH) { photos::BODY_MAX_BYTES } else { BODY_MAX_BYTES };
    if says.is_some_and(|length| length > most) {
        return Err(Trouble::new(Error::TooLarge));
    }
    Ok(request.map(|body| Body::new(Limited::new(body, most))))
}

/// For what a crowd asks all the time, without cookies, to be answered in plain data: no more than it takes, since it is called twenty
/// thousand times a second.
pub fn of_the_crowd(router: Router) -> Router {
    router
        .layer(DefaultBodyLimit::max(BODY_MAX_BYTES))
        .layer(from_fn(async |request, next: Next| in_time(next.run(request)).await))
        .layer(CatchPanicLayer::custom(panicked))
}

/// A path or a query that is no UTF-8 behind its percent signs is nobody's.
fn is_readable(request: &Request) -> bool {
    let uri = request.uri();
    is_text(uri.path()) && is_text(uri.query().unwrap_or_default())
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

async fn in_time(answer: impl Future<Output = Response>) -> Response {
    match tokio::time::timeout(PATIENCE, answer).await {
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
