//! The bank: debits, credits, inquiries, and what an auditor reads.

use axum::extract::{Path, Query, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use crate::door::{self, Body};
use crate::faults::{self, Fault, Hit, Operation, Service, Turn};
use crate::ledger::{Balance, Kind, Order, OrderId, State, Transaction, Trouble};
use crate::{Sandbox, accounts};

/// Prices of a 7 % voucher that misbehave when magic is on: price in won, fault, delay in milliseconds, face in won.
pub(crate) const MAGIC_AMOUNTS: [(i64, Fault, u64, i64); 5] = [
    (27_900, Fault::Slow, 4_000, 30_000),
    (46_500, Fault::DropAfter, 0, 50_000),
    (65_100, Fault::DropBefore, 0, 70_000),
    (74_400, Fault::Reject, 0, 80_000),
    (83_700, Fault::Late, 6_000, 90_000),
];

pub(crate) fn routes() -> Router<Sandbox> {
    Router::new()
        .route("/bank/v1/debits", post(debit))
        .route("/bank/v1/debits/{id}", get(debit_inquiry))
        .route("/bank/v1/credits", post(credit))
        .route("/bank/v1/credits/{id}", get(credit_inquiry))
        .route("/bank/v1/accounts/verify", post(accounts::verify))
        .route("/bank/v1/transactions", get(transactions))
        .route("/bank/v1/balance", get(balance))
}

async fn debit(Shared(sandbox): Shared<Sandbox>, Body(order): Body<Order>) -> Response {
    let told = sandbox.faults().meet(Service::Bank, Operation::Debit);
    let hit = told.or_else(|| sandbox.magic().then(|| magic(order.amount_won)).flatten());
    submit(sandbox, Kind::Debit, order, hit).await
}

async fn credit(Shared(sandbox): Shared<Sandbox>, Body(order): Body<Order>) -> Response {
    let hit = sandbox.faults().meet(Service::Bank, Operation::Credit);
    submit(sandbox, Kind::Credit, order, hit).await
}

fn magic(amount_won: i64) -> Option<Hit> {
    MAGIC_AMOUNTS.iter().find(|(price_won, ..)| *price_won == amount_won).map(|&(_, fault, delay_ms, _)| Hit::new(fault, delay_ms))
}

/// 200 `done` with its time, 202 `pending`, 422 `rejected` with its reason; 409 `id_reused` for another body; 503 when we can't remember more.
async fn submit(sandbox: Sandbox, kind: Kind, order: Order, hit: Option<Hit>) -> Response {
    let act = move |turn: Turn| {
        let id = order.id;
        let submitted = sandbox.ledger().submit(kind, &order, turn, Timestamp::now());
        match submitted {
            Ok(State::Done { at, .. }) => Json(json!({ "id": id, "status": "done", "at": at })).into_response(),
            Ok(State::Pending) => (StatusCode::ACCEPTED, Json(json!({ "id": id, "status": "pending" }))).into_response(),
            Ok(State::Rejected { reason, .. }) => {
                (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "id": id, "status": "rejected", "reason": reason }))).into_response()
            }
            Err(Trouble::IdReused) => door::refuse(StatusCode::CONFLICT, "id_reused"),
            Err(Trouble::Full) => door::refuse(StatusCode::SERVICE_UNAVAILABLE, "full"),
            Err(Trouble::Journal(error)) => {
                tracing::error!(%error, "the journal can't be written; nothing was done");
                door::refuse(StatusCode::SERVICE_UNAVAILABLE, "journal")
            }
        }
    };
    faults::play(hit, act).await
}

async fn debit_inquiry(Shared(sandbox): Shared<Sandbox>, Path(id): Path<String>) -> Response {
    inquire(sandbox, Kind::Debit, &id).await
}

async fn credit_inquiry(Shared(sandbox): Shared<Sandbox>, Path(id): Path<String>) -> Response {
    inquire(sandbox, Kind::Credit, &id).await
}

/// 200 `{"id","status","amount_won"}`, with `at` when done or rejected and `reason` when rejected. Under an id the bank has never seen the status is
/// `not_found` and the amount 0: nothing moved.
async fn inquire(sandbox: Sandbox, kind: Kind, id: &str) -> Response {
    let Some(id) = OrderId::parse(id) else { return door::refuse(StatusCode::BAD_REQUEST, "bad_id") };
    let hit = sandbox.faults().meet(Service::Bank, Operation::Inquiry);
    let act = move |turn: Turn| {
        if let Turn::Refuse(_) = turn {
            return door::refuse(StatusCode::UNPROCESSABLE_ENTITY, "rejected");
        }
        let found = sandbox.ledger().find(kind, id).map(|(order, state)| (order.amount_won, *state));
        Json(match found {
            None => json!({ "id": id, "status": "not_found", "amount_won": 0 }),
            Some((amount_won, State::Pending)) => json!({ "id": id, "status": "pending", "amount_won": amount_won }),
            Some((amount_won, State::Done { at, .. })) => json!({ "id": id, "status": "done", "amount_won": amount_won, "at": at }),
            Some((amount_won, State::Rejected { reason, at })) => {
                json!({ "id": id, "status": "rejected", "amount_won": amount_won, "at": at, "reason": reason })
            }
        })
        .into_response()
    };
    faults::play(hit, act).await
}

#[derive(Deserialize)]
struct After {
    #[serde(default)]
    after: u64,
}

/// `GET /bank/v1/transactions?after=<seq>`: a list, oldest first, at most 1,000; ask again after the last `seq` until it is empty. Meets no faults.
async fn transactions(Shared(sandbox): Shared<Sandbox>, Query(After { after }): Query<After>) -> Json<Vec<Transaction>> {
    Json(sandbox.transactions(after))
}

async fn balance(Shared(sandbox): Shared<Sandbox>) -> Json<Balance> {
    Json(sandbox.balance())
}
