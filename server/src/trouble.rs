//! Troubles that no page of ours tells of: a request from another site, one that is too large or too slow, a panic. Each gets
//! its status and a sentence in the person's language: as a page for people, as [`app::Error`] for our own code.

use crate::partner::Problem;
use app::Error;
use app::web;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use domain::Timestamp;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use leptos::server_fn::error::FromServerFnError;
use tower_http::csrf::ProtectionError;

/// Marks a bare response with what [`tell`] says in its place.
#[derive(Clone)]
pub struct Trouble {
    pub status: StatusCode,
    pub error: Error,
}

impl Trouble {
    pub fn new(error: Error) -> Trouble {
        Trouble { status: StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), error }
    }

    /// Ours to mend: logged under a number, which is all that the person sees.
    pub fn incident(status: StatusCode, why: &dyn std::error::Error) -> Trouble {
        Trouble { status, error: web::incident(why) }
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let mut bare = self.status.into_response();
        bare.extensions_mut().insert(self);
        bare
    }
}

/// Puts words in the place of bare troubles.
pub async fn tell(request: Request, next: impl AsyncFnOnce(Request) -> Response) -> Response {
    let headers = request.headers().clone();
    let is_partners = request.uri().path().starts_with(crate::partner::BASE);
    let response = next(request).await;
    match trouble_of(&response) {
        Some(trouble) if is_partners => Problem::from(trouble.error).with_status(trouble.status).say(web::language(&headers)),
        Some(trouble) => say(&headers, &trouble),
        None => response,
    }
}

fn trouble_of(response: &Response) -> Option<Trouble> {
    if let Some(trouble) = response.extensions().get::<Trouble>() {
        return Some(trouble.clone());
    }
    if response.extensions().get::<ProtectionError>().is_some() {
        return Some(Trouble::new(Error::CrossSite));
    }
    (response.status() == StatusCode::PAYLOAD_TOO_LARGE).then(|| Trouble::new(Error::TooLarge))
}

fn say(headers: &HeaderMap, trouble: &Trouble) -> Response {
    let (content_type, body) = if web::accepts_html(headers) {
        ("text/html; charset=utf-8", page(headers, &trouble.error))
    } else {
        ("application/json", String::from_utf8_lossy(&trouble.error.ser()).into_owned())
    };
    let mut response = (trouble.status, body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Some(seconds) = trouble.error.retry_after_s(Timestamp::now()) {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// No script, no style of its own, nothing that could fail as well.
fn page(headers: &HeaderMap, error: &Error) -> String {
    let lang = web::language(headers);
    let (code, words) = (lang.code(), lang.words());
    let (title, home) = (words.trouble.gone_wrong_title, words.common.go_home);
    let sentence = error.say(lang, Timestamp::now());
    format!(
        "<!DOCTYPE html><html lang=\"{code}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\"><title>{title} · Pay+</title></head>\
         <body><main><h1>{title}</h1><p role=\"alert\">{sentence}</p><p><a href=\"/\">{home}</a></p></main></body></html>"
    )
}
