//! Buying through a partner: its customer has paid the partner, and the partner's own account is debited here, in the same way as
//! everybody's.

use super::caller::Caller;
use super::problem::ProblemShape;
use super::{Body, Here, Partners, Problem};
use app::buying::bank;
use app::error::Input;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::buying::{BankReason, State as Bought};
use domain::partner::KeyScope;
use domain::room::Pass;
use domain::{PersonId, PurchaseId, Refused, Timestamp, WindowId, Won};
use http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, Serialize};
use store::{KeyProof, Order, ThroughPartner};
use utoipa::ToSchema;

/// When to ask again for a purchase that the bank has not answered.
const ASK_AGAIN_S: u64 = 2;

#[derive(Deserialize, ToSchema)]
pub(super) struct NewPurchase {
    /// A UUID of version 7, made by the caller: the key of idempotency. The same purchase sent again gets the same answer.
    #[schema(example = "0193d6a0-0000-7000-8000-000000000001")]
    id: String,
    #[schema(example = "per_0123456789abcdef0123456789abcdef")]
    person: String,
    window: String,
    /// Of face, in whole units of the kind.
    #[schema(example = 100_000)]
    amount_won: i64,
    /// Of a window that people wait for.
    pass: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Purchase {
    id: String,
    person: String,
    window: String,
    amount_won: i64,
    /// Debited from the partner's account.
    paid_won: i64,
    /// `posted`: the voucher is there. `unknown`: the bank has not answered; limits are held until it has. `refused`: by the bank; nothing
    /// was bought.
    status: &'static str,
    /// Why it was refused: `insufficient_funds`, `account_closed`, `limit`, `not_reached` or `other`.
    reason: Option<&'static str>,
    /// A debit that came after the refusal is paid back: `on_its_way` or `done`.
    paid_back: Option<&'static str>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    decided_at: Option<Timestamp>,
    /// Of the voucher.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

impl From<&ThroughPartner> for Purchase {
    fn from(bought: &ThroughPartner) -> Purchase {
        let (status, paid_back) = match bought.state {
            Bought::Posted => ("posted", None),
            Bought::Reserved | Bought::Unknown => ("unknown", None),
            Bought::Voided => ("refused", None),
            Bought::Refunding => ("refused", Some("on_its_way")),
            Bought::Refunded => ("refused", Some("done")),
        };
        Purchase {
            id: bought.id.to_string(),
            person: bought.customer.to_string(),
            window: bought.window.to_string(),
            amount_won: bought.face.get(),
            paid_won: bought.paid.get(),
            status,
            reason: bought.reason.map(BankReason::as_str),
            paid_back,
            created_at: bought.created_at,
            decided_at: bought.decided_at,
            expires_at: bought.expires_at,
        }
    }
}

/// 구매
///
/// Holds quota and limits, debits the partner's account, and posts the voucher to the person. 201 when it is posted; 202 when the bank has
/// not answered yet: ask again, or wait for the webhook; 402 when the bank said no; 409 when a rule says no, with its code. An
/// `Idempotency-Key` header, where there is one, must be the purchase's id. Scope `buy`.
#[utoipa::path(post, path = "/purchases", tag = "purchases", request_body = NewPurchase,
    params(("Idempotency-Key" = Option<String>, Header, description = "The purchase's id, if it is sent at all.")),
    responses((status = 201, body = Purchase), (status = 202, body = Purchase), (status = 400, body = ProblemShape),
    (status = 401, body = ProblemShape), (status = 402, body = ProblemShape), (status = 404, body = ProblemShape),
    (status = 409, body = ProblemShape), (status = 422, body = ProblemShape), (status = 503, body = ProblemShape)))]
pub(super) async fn buy(
    State(partners): Here,
    caller: Caller,
    headers: HeaderMap,
    Body(new): Body<NewPurchase>,
) -> Result<Response, Problem> {
    let key = caller.needs(KeyScope::Buy)?;
    let (services, now) = (&partners.services, Timestamp::now());
    let order = order(&new)?;
    is_its_key(&headers, order.id)?;
    let customer = caller.customer(&partners, &new.person).await?;
    let pass = partners.pass(key, &order, new.pass.as_deref(), customer.person(), now).await?;
    let order = Order { place: pass.map(|pass| pass.place), ..order };
    let debit = services.store.buy_through(key, &customer, order, now).await??;
    bank::collect(services, debit, pass).await;
    let bought = services.store.purchase_through(key, order.id).await?.ok_or(app::Error::NotFound)?;
    Ok(told(&bought))
}

/// 구매 조회
///
/// A purchase that was made through this partner. Scope `read`.
#[utoipa::path(get, path = "/purchases/{id}", tag = "purchases", params(("id" = String, Path,)), responses(
    (status = 200, body = Purchase), (status = 401, body = ProblemShape), (status = 404, body = ProblemShape)))]
pub(super) async fn look(State(partners): Here, caller: Caller, Path(id): Path<String>) -> Result<Json<Purchase>, Problem> {
    let key = caller.needs(KeyScope::Read)?;
    let id: PurchaseId = id.parse().map_err(|_| app::Error::NotFound)?;
    let bought = partners.services.store.purchase_through(key, id).await?.ok_or(app::Error::NotFound)?;
    Ok(Json(Purchase::from(&bought)))
}

fn told(bought: &ThroughPartner) -> Response {
    let purchase = Purchase::from(bought);
    let at = format!("{}/purchases/{}", super::BASE, bought.id);
    match bought.state {
        Bought::Posted => (StatusCode::CREATED, [(header::LOCATION, at)], Json(purchase)).into_response(),
        Bought::Reserved | Bought::Unknown => {
            (StatusCode::ACCEPTED, [(header::LOCATION, at), (header::RETRY_AFTER, ASK_AGAIN_S.to_string())], Json(purchase)).into_response()
        }
        Bought::Voided | Bought::Refunding | Bought::Refunded => {
            let reason = bought.reason.unwrap_or(BankReason::Other);
            Problem::bank(reason, serde_json::to_value(&purchase).unwrap_or_default()).into_response()
        }
    }
}

/// At the door.
fn order(new: &NewPurchase) -> Result<Order, Problem> {
    let id = new.id.parse().map_err(|_| {
        let (ko, en) = ("구매 번호는 UUID 버전 7이어야 해요.", "The id of a purchase is a UUID of version 7.");
        Problem::new(StatusCode::BAD_REQUEST, "bad_id", ko, en)
    })?;
    let window: WindowId = new.window.parse().map_err(|_| Refused::NoSuchWindow)?;
    let face = Won::new(new.amount_won).map_err(|_| Input::Amount(domain::amount_input::AmountError::TooLarge))?;
    Ok(Order { id, window, face, place: None })
}

/// RFC 8941 writes it in quotes; without them it is understood too.
fn is_its_key(headers: &HeaderMap, id: PurchaseId) -> Result<(), Problem> {
    let Some(shown) = headers.get("idempotency-key") else { return Ok(()) };
    let is_it = shown.to_str().is_ok_and(|shown| shown.trim().trim_matches('"').parse::<PurchaseId>().is_ok_and(|shown| shown == id));
    if is_it {
        return Ok(());
    }
    let (ko, en) = ("Idempotency-Key는 구매 번호와 같아야 해요.", "The Idempotency-Key must be the id of the purchase.");
    Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_differs", ko, en))
}

impl Partners {
    /// The pass that the order needs; none is needed to send an order again.
    async fn pass(
        &self,
        key: &KeyProof,
        order: &Order,
        text: Option<&str>,
        person: PersonId,
        now: Timestamp,
    ) -> Result<Option<Pass>, Problem> {
        let rooms = &self.services.rooms;
        if rooms.view(order.window).is_none() {
            return Ok(None);
        }
        // Forged, another's, of another window, too old: the way on is the same.
        match text.and_then(|text| rooms.pass(text, order.window, person, now).ok()) {
            None if self.services.store.purchase_through(key, order.id).await?.is_none() => Err(Refused::NeedsPass.into()),
            pass => Ok(pass),
        }
    }
}
