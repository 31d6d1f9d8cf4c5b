//! What every request passes first: the key, and the parsing of its body.

use axum::Json;
use axum::extract::{FromRequest, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::Sandbox;

/// Lets through who brings `Authorization: Bearer <key>`; 401 `{"error":"unauthorized"}` otherwise.
pub(crate) async fn ask_for_key(State(sandbox): State<Sandbox>, request: Request, next: Next) -> Response {
    let shown = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let fits = shown.and_then(|value| value.strip_prefix("Bearer ")).is_some_and(|key| key == sandbox.key());
    if !fits {
        return refuse(StatusCode::UNAUTHORIZED, "unauthorized");
    }
    next.run(request).await
}

/// A JSON body, parsed into what the rest may trust; 400 `{"error":"bad_request","detail"}` (413 when too large) otherwise.
pub(crate) struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(why) if why.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(refuse(StatusCode::PAYLOAD_TOO_LARGE, "too_large")),
            Err(why) => {
                let body = json!({ "error": "bad_request", "detail": why.body_text() });
                Err((StatusCode::BAD_REQUEST, Json(body)).into_response())
            }
        }
    }
}

/// An answer that carries only its error's name.
pub(crate) fn refuse(status: StatusCode, error: &str) -> Response {
    (status, Json(json!({ "error": error }))).into_response()
}

/// A Korean mobile number in digits only: 01 and eight or nine more.
pub(crate) fn is_mobile_number(phone: &str) -> bool {
    matches!(phone.len(), 10 | 11) && phone.starts_with("01") && phone.bytes().all(|byte| byte.is_ascii_digit())
}
