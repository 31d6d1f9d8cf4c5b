//! The partner API, version 1: what apps of others ask over HTTP to sell the same vouchers to the same people under the same limits.
//! `/partner/v1/openapi.json` is generated from this code, `/partner/docs` is made from that.
//!
//! - `caller`: whose key it is, what it may do, how often. `problem`: every "no", as RFC 9457 has it, in words.
//! - `people`, `windows`, `waiting`, `purchases`, `endpoint`: the requests, a file a noun.
//! - `docs`: the reference page.
//! - `manage`: `payplus --partner`.
//!
//! What a partner's endpoint is told is sent by `jobs/webhooks`, over `outside/webhook`.

mod caller;
mod docs;
mod endpoint;
pub mod manage;
mod people;
mod problem;
mod purchases;
mod waiting;
mod windows;

pub use problem::Problem;

use app::web::{self, Services};
use axum::extract::{FromRequest, Request, State};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use caller::Rates;
use http::{StatusCode, header};
use serde::de::DeserializeOwned;
use std::sync::Arc;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder, SecurityRequirement};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Everything below it is the API of this version; what changes so that a partner would notice begins a new one.
pub const BASE: &str = "/partner/v1";

/// What the requests work with.
#[derive(Clone)]
struct Partners {
    services: Services,
    rates: Arc<Rates>,
}

pub fn routes(services: &Services) -> Router {
    let state = Partners { services: services.clone(), rates: Arc::default() };
    let (requests, document) = requests().split_for_parts();
    let json = document.to_json().unwrap_or_default();
    let page = docs::page(&document);
    let json = move || async move { ([(header::CONTENT_TYPE, "application/json")], json) };
    let requests = requests.with_state(state).route("/openapi.json", get(json));
    let requests = requests.fallback(nothing).method_not_allowed_fallback(not_so).layer(from_fn(in_words));
    let page = move || async move { docs::answer(&page) };
    Router::new().nest(BASE, requests).route("/partner/docs", get(page))
}

fn requests() -> OpenApiRouter<Partners> {
    OpenApiRouter::with_openapi(document())
        .routes(routes!(windows::list))
        .routes(routes!(people::introduce))
        .routes(routes!(people::allowance))
        .routes(routes!(waiting::join))
        .routes(routes!(waiting::renew))
        .routes(routes!(waiting::enter))
        .routes(routes!(purchases::buy))
        .routes(routes!(purchases::look))
        .routes(routes!(endpoint::test))
}

fn document() -> OpenApi {
    let info = InfoBuilder::new().title("Pay+ Partner API").version("1.0.0").description(Some(docs::INTRODUCTION));
    let mut document = OpenApiBuilder::new().info(info.build()).build();
    let bearer = Http::builder().scheme(HttpAuthScheme::Bearer).description(Some("`pp_PREFIX_SECRET`")).build();
    document.components.get_or_insert_default().add_security_scheme("key", SecurityScheme::Http(bearer));
    document.security = Some(vec![SecurityRequirement::new("key", Vec::<String>::new())]);
    document.servers = Some(vec![utoipa::openapi::Server::new(BASE)]);
    document
}

async fn nothing() -> Problem {
    Problem::from(app::Error::NotFound)
}

async fn not_so() -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "이 주소는 다른 메서드로 불러 주세요.",
        "This address takes another method.",
    )
}

/// Middleware: problems are told in the language that was asked for.
async fn in_words(request: Request, next: Next) -> Response {
    let lang = web::language(request.headers());
    let response = next.run(request).await;
    match response.extensions().get::<Problem>() {
        Some(problem) => problem.say(lang),
        None => response,
    }
}

/// A body in JSON. What is wrong with one is not repeated: it may be personal.
struct Body<T>(T);

impl<T: DeserializeOwned> FromRequest<Partners> for Body<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &Partners) -> Result<Body<T>, Response> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(body)) => Ok(Body(body)),
            // The door says it in its own words.
            Err(refused) if refused.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(refused.into_response()),
            Err(_) => {
                let (ko, en) = (
                    "본문이 이 요청의 JSON이 아니에요. 문서의 형식을 확인해 주세요.",
                    "The body is not the JSON of this request. See the reference.",
                );
                Err(Problem::new(StatusCode::BAD_REQUEST, "bad_body", ko, en).into_response())
            }
        }
    }
}

/// The services, for the requests.
type Here = State<Partners>;
