//! One line in the log and one count for each request, under an id that the response carries too. Neither says more of a
//! request than its route: queries and paths may hold what people typed.

use axum::extract::{MatchedPath, Request};
use axum::response::Response;
use http::{HeaderName, HeaderValue};
use std::time::Instant;
use tracing::Instrument;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Outermost.
pub async fn observe(mut request: Request, next: impl AsyncFnOnce(Request) -> Response) -> Response {
    let began = Instant::now();
    let id = uuid::Uuid::now_v7().simple().to_string();
    // What a client calls its requests is its own affair.
    request.headers_mut().remove(REQUEST_ID);
    let method = known_method(request.method().as_str());
    let route = request.extensions().get::<MatchedPath>().map_or("file or unknown", MatchedPath::as_str).to_owned();
    let span = tracing::info_span!("request", id = %id);
    let mut response = next(request).instrument(span.clone()).await;
    let (status, took) = (response.status().as_u16(), began.elapsed());
    metrics::counter!("payplus_requests_total", "method" => method, "route" => route.clone(), "status" => status.to_string()).increment(1);
    metrics::histogram!("payplus_request_seconds", "route" => route.clone()).record(took.as_secs_f64());
    let took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    span.in_scope(|| match route.as_str() {
        // Asked every second by machines.
        "/health" | "/ready" | "/metrics" => tracing::debug!(method, route, status, took_ms, "answered"),
        _ => tracing::info!(method, route, status, took_ms, "answered"),
    });
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// A client may call its method anything; metrics must not grow by that.
fn known_method(method: &str) -> &'static str {
    ["GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"].into_iter().find(|known| *known == method).unwrap_or("other")
}
