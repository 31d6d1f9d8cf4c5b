//! A message for the partner's endpoint, to try it with.

use super::caller::Caller;
use super::problem::ProblemShape;
use super::{Here, Problem};
use axum::Json;
use axum::extract::State;
use domain::Timestamp;
use domain::partner::KeyScope;
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub(super) struct Message {
    /// As in its header `webhook-id`.
    webhook_id: String,
}

/// 웹훅 시험
///
/// Sends a message of type `test` to the partner's endpoint. Scope `webhooks`.
#[utoipa::path(post, path = "/webhooks/test", tag = "webhooks", responses(
    (status = 202, body = Message), (status = 401, body = ProblemShape), (status = 409, body = ProblemShape)))]
pub(super) async fn test(State(partners): Here, caller: Caller) -> Result<(StatusCode, Json<Message>), Problem> {
    let key = caller.needs(KeyScope::Webhooks)?;
    match partners.services.store.send_test(key, Timestamp::now()).await? {
        Ok(id) => Ok((StatusCode::ACCEPTED, Json(Message { webhook_id: crate::outside::webhook_id(id) }))),
        Err(_) => {
            let (ko, en) = ("웹훅 주소가 없어요. 시 담당자에게 등록을 부탁해 주세요.", "There is no endpoint. Ask the city to set one.");
            Err(Problem::new(StatusCode::CONFLICT, "no_endpoint", ko, en))
        }
    }
}
