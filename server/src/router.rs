//! Which address is answered by whom: pages and server functions by Leptos, a shop's notices by [`crate::streams`], machines by
//! [`crate::health`], partner apps by [`crate::partner`], and everything else by a file of the site or the page that says there is nothing.

use crate::config::Site;
use crate::door;
use crate::exports;
use crate::headers;
use crate::health::{self, Health};
use crate::partner;
use crate::photos;
use crate::qr_files;
use crate::rooms::{self, Rooms};
use crate::streams;
use app::web::Services;
use app::{App, shell};
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::{Method, StatusCode, header};
use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_axum::{AxumRouteListing, LeptosRoutes, ResponseOptions, generate_route_list, render_app_async_with_context};
use std::sync::{Arc, OnceLock};
use tower::ServiceExt;
use tower_http::services::ServeDir;

pub fn build(services: &Services, health: &Health, rooms: &Arc<Rooms>, site: &Site) -> Router {
    let options = LeptosOptions::builder()
        .output_name("payplus")
        .site_root(site.dir.to_string_lossy().into_owned())
        .hash_files(site.hash_files)
        .reload_port(u32::from(site.reload_port))
        .build();
    let live_reload = std::env::var_os("LEPTOS_WATCH").is_some().then_some(site.reload_port);
    let context = {
        let services = services.clone();
        move || provide(&services, live_reload)
    };
    let document = {
        let options = options.clone();
        move || shell::document(options.clone(), || view! { <App /> })
    };
    let machines = Router::new()
        .route("/health", get(health::health))
        .route("/ready", get(health::ready))
        .route("/metrics", get(health::metrics))
        .with_state(health.clone());
    let listening = Router::new()
        .route("/merchant/{number}/notices", get(streams::notices))
        .with_state(streams::Streams { services: services.clone(), hub: Arc::clone(&health.hub) });
    let photos = Router::new().route("/photos/{id}", get(photos::show).post(photos::take)).layer(DefaultBodyLimit::disable());
    let photos = photos.with_state(photos::Photos::new(services));
    let codes = Router::new()
        .route("/merchant/{number}/qr.svg", get(qr_files::svg))
        .route("/merchant/{number}/qr.png", get(qr_files::png))
        .with_state(services.clone());
    let files_of_shops =
        Router::new().route("/merchant/{number}/export/{format}", get(exports::payments)).with_state(exports::Exports::new(services));
    // Files of persons have turns of their own: nobody's year waits for a shop's.
    let files_of_persons = Router::new().route("/statement/{file}", get(exports::year)).with_state(exports::Exports::new(services));
    let waiting = Router::new().route("/room/{window}/draw", get(rooms::list)).with_state(Arc::clone(rooms));
    let crowd = Router::new().route("/room/{window}/renew", post(rooms::renew)).with_state(Arc::clone(rooms));
    let files = ServeDir::new(&site.dir).append_index_html_on_directories(false).precompressed_br().precompressed_gzip();
    let nothing = render_app_async_with_context(context.clone(), document.clone());
    let otherwise = move |request: Request| file_or_nothing(files.clone(), nothing.clone(), request);
    let pages =
        Router::new().leptos_routes_with_context(&options, page_routes(), context, document).fallback(otherwise).with_state(options);
    let router = pages
        .merge(machines)
        .merge(listening)
        .merge(files_of_shops)
        .merge(files_of_persons)
        .merge(waiting)
        .merge(photos)
        .merge(codes)
        .merge(partner::routes(services))
        .method_not_allowed_fallback(async || StatusCode::METHOD_NOT_ALLOWED);
    router.layer(from_fn_with_state(Arc::clone(&health.shedding), door::enter)).merge(door::of_the_crowd(crowd))
}

/// Found by a dry run of the application, once: while it lasts no resource of this process loads, and a page that is being made
/// for a server beside us (in tests) would wait for ever.
fn page_routes() -> Vec<AxumRouteListing> {
    static ROUTES: OnceLock<Vec<AxumRouteListing>> = OnceLock::new();
    ROUTES.get_or_init(|| generate_route_list(App)).clone()
}

/// What pages and server functions find in their context. The policy carries the nonce of the scripts that Leptos writes.
fn provide(services: &Services, live_reload: Option<u16>) {
    provide_context(services.clone());
    if let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, headers::policy(Some(&nonce), live_reload));
    }
}

/// What pages load: nobody reads a page that says there is nothing.
const FILES: [&str; 5] = ["/pkg/", "/fonts/", "/icons/", "/voice/", "/map/"];

/// A file of the site, else a page that says there is nothing. Only reading: nobody posts to a file.
async fn file_or_nothing<H, F>(files: ServeDir, nothing: H, request: Request) -> Response
where
    H: FnOnce(Request) -> F,
    F: Future<Output = Response<Body>>,
{
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let is_of_a_page = FILES.iter().any(|folder| request.uri().path().starts_with(folder));
    let (parts, body) = request.into_parts();
    let for_files = Request::from_parts(parts.clone(), Body::empty());
    match files.oneshot(for_files).await {
        Ok(found) if found.status() != StatusCode::NOT_FOUND => found.into_response(),
        _ if is_of_a_page => StatusCode::NOT_FOUND.into_response(),
        _ => {
            let mut page = nothing(Request::from_parts(parts, body)).await;
            if page.status() == StatusCode::OK {
                *page.status_mut() = StatusCode::NOT_FOUND;
            }
            page
        }
    }
}
