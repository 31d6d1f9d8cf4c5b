//! For machines that watch: `/health` (the process answers), `/ready` (it can do its work), `/metrics` (Prometheus).

use crate::shedding::{Class, Shedding};
use crate::streams::Hub;
use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use serde_json::json;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use store::Store;
use tokio_util::sync::CancellationToken;

/// What the endpoints look at.
#[derive(Clone)]
pub struct Health {
    pub store: Store,
    pub hub: Arc<Hub>,
    /// Cancelled when this node is about to stop.
    pub leaving: CancellationToken,
    pub shedding: Arc<Shedding>,
}

/// Also which classes of requests are refused just now, the least needed first.
pub async fn health(State(health): State<Health>) -> Json<serde_json::Value> {
    let refuses: Vec<&str> = health.shedding.refused().iter().copied().map(Class::as_str).collect();
    Json(json!({ "status": "ok", "refuses": refuses }))
}

/// Migrations ran before anything listened; what can be missing later is the database or the till. A node that is about to stop wants
/// nobody new.
pub async fn ready(State(health): State<Health>) -> Response {
    let database = match tokio::time::timeout(Duration::from_secs(2), health.store.ping()).await {
        Ok(Ok(())) => true,
        Ok(Err(error)) => {
            tracing::error!(%error, "the database does not answer");
            false
        }
        Err(_) => false,
    };
    let (till, leaving) = (health.store.till().is_open(), health.leaving.is_cancelled());
    let status = if database && till && !leaving { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ "database": database, "till": till, "migrations": true, "leaving": leaving }))).into_response()
}

/// For a peer on this machine that speaks for itself: behind a proxy everybody would be local.
pub async fn metrics(State(health): State<Health>, ConnectInfo(peer): ConnectInfo<SocketAddr>, headers: HeaderMap) -> Response {
    let is_forwarded = ["x-forwarded-for", "forwarded", "x-real-ip", "via"].iter().any(|name| headers.contains_key(*name));
    if !peer.ip().is_loopback() || is_forwarded {
        return StatusCode::NOT_FOUND.into_response();
    }
    gauge(&health).await;
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], recorder().render()).into_response()
}

/// What is looked up only when somebody asks.
#[allow(clippy::cast_precision_loss)]
async fn gauge(health: &Health) {
    metrics::gauge!("payplus_till_waiting_commands").set(health.store.till().waiting() as f64);
    metrics::gauge!("payplus_streams_open").set(health.hub.count() as f64);
    match health.store.outbox().depth().await {
        Ok(depth) => {
            metrics::gauge!("payplus_outbox_due").set(depth.due as f64);
            metrics::gauge!("payplus_outbox_set_aside").set(depth.poison as f64);
        }
        Err(error) => tracing::error!(%error, "the outbox can't be counted"),
    }
    match health.store.count_unsettled().await {
        Ok(open) => metrics::gauge!("payplus_purchases_open_with_bank").set(open as f64),
        Err(error) => tracing::error!(%error, "open purchases can't be counted"),
    }
}

/// The process's recorder, installed at the first call.
pub fn recorder() -> &'static PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    RECORDER.get_or_init(|| {
        let sizes: Vec<f64> = [1, 2, 4, 8, 16, 32, 64, 125, 250, 500, 1_000].map(f64::from).to_vec();
        let times = [0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 15.0];
        let builder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Full("payplus_till_batch_commands".to_owned()), &sizes)
            .and_then(|builder| builder.set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &times))
            .expect("the buckets are not empty");
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::error!("somebody else records the metrics of this process; /metrics stays empty");
        }
        describe();
        handle
    })
}

fn describe() {
    metrics::describe_histogram!("payplus_till_batch_commands", "Commands that one commit of the till carried.");
    metrics::describe_histogram!("payplus_till_batch_seconds", "From taking a batch to its commit.");
    metrics::describe_counter!("payplus_requests_total", "Answers by route and status.");
    metrics::describe_histogram!("payplus_request_seconds", "Until the answer began, by route.");
    metrics::describe_counter!("payplus_incidents_total", "Failures that are ours to mend.");
    metrics::describe_counter!("payplus_outside_silent_total", "Requests to a service outside that got no answer we know.");
    metrics::describe_gauge!("payplus_shedding_level", "Classes of requests that are refused, the least needed first.");
    metrics::describe_counter!("payplus_shed_total", "Requests that were refused because it was too much.");
    metrics::describe_counter!("payplus_wire_told_total", "Times that other nodes were told of notices.");
    metrics::describe_counter!("payplus_wire_broken_total", "Lines to hear other nodes by that broke.");
    metrics::describe_gauge!("payplus_till_waiting_commands", "Commands that wait for the till.");
    metrics::describe_histogram!("payplus_notice_seconds", "From a payment's commit to the line of a page of the shop.");
    metrics::describe_gauge!("payplus_streams_open", "Pages of shops that listen.");
    metrics::describe_gauge!("payplus_outbox_due", "Effects in the outbox, waiting or claimed.");
    metrics::describe_gauge!("payplus_outbox_set_aside", "Effects that never succeeded.");
    metrics::describe_gauge!("payplus_purchases_open_with_bank", "Purchases that the bank has not settled.");
}

/// Keeps what is recorded from growing while nobody asks for it.
pub async fn upkeep() {
    let mut every = tokio::time::interval(Duration::from_secs(10));
    loop {
        every.tick().await;
        recorder().run_upkeep();
    }
}
