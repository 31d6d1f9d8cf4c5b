//! What a crowd asks of a room, without cookies and without the database.

use super::Rooms;
use app::waiting::Rooms as _;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::{Timestamp, WindowId};
use http::{StatusCode, header};
use std::sync::Arc;

/// Renews a ticket: the body is the ticket, the answer an [`app::waiting::Heard`] in JSON with the next one.
pub async fn renew(State(rooms): State<Arc<Rooms>>, Path(window): Path<i64>, ticket: String) -> Response {
    metrics::counter!("payplus_room_renewals_total").increment(1);
    match rooms.renew(WindowId(window), &ticket, Timestamp::now()) {
        Some(heard) => Json(heard).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The pseudonyms that took part in the draw, 16 bytes each, ascending. 404 before the draw.
pub async fn list(State(rooms): State<Arc<Rooms>>, Path(window): Path<i64>) -> Response {
    match rooms.room(WindowId(window)).and_then(|room| room.list()) {
        Some(list) => {
            ([(header::CONTENT_TYPE, "application/octet-stream"), (header::CACHE_CONTROL, "public, max-age=86400, immutable")], list)
                .into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
