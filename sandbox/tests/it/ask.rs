//! Requests without a socket, and the bodies most tests send.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use sandbox::{Sandbox, Settings, router};
use serde_json::{Value, json};
use tower::ServiceExt;

pub const ID: &str = "0193d6a0-0000-7000-8000-000000000001";

pub struct Answer {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    /// Status and body, for comparing both at once.
    pub fn both(&self) -> (u16, Value) {
        (self.status.as_u16(), self.json())
    }
}

pub fn fresh() -> Sandbox {
    Sandbox::open(Settings::default()).unwrap()
}

pub fn magical() -> Sandbox {
    Sandbox::open(Settings { magic: true, ..Settings::default() }).unwrap()
}

pub async fn send(sandbox: &Sandbox, request: Request<Body>) -> Answer {
    let response = router(sandbox.clone()).oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Answer { status: parts.status, headers: parts.headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
}

pub async fn ask(sandbox: &Sandbox, method: &str, path: &str, body: Option<Value>) -> Answer {
    let request = Request::builder().method(method).uri(path).header(header::AUTHORIZATION, "Bearer sandbox-key");
    let request = match body {
        Some(body) => request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string())),
        None => request.body(Body::empty()),
    };
    send(sandbox, request.unwrap()).await
}

pub async fn get(sandbox: &Sandbox, path: &str) -> Answer {
    ask(sandbox, "GET", path, None).await
}

pub async fn post(sandbox: &Sandbox, path: &str, body: Value) -> Answer {
    ask(sandbox, "POST", path, Some(body)).await
}

pub fn order(id: &str, amount_won: i64) -> Value {
    json!({ "id": id, "account": "acc_1", "amount_won": amount_won, "memo": "서울사랑상품권" })
}

pub async fn debit(sandbox: &Sandbox, amount_won: i64) -> Answer {
    post(sandbox, "/bank/v1/debits", order(ID, amount_won)).await
}

/// What an inquiry about the debit [`ID`] says: its status.
pub async fn inquiry(sandbox: &Sandbox) -> String {
    let answer = get(sandbox, &format!("/bank/v1/debits/{ID}")).await;
    assert_eq!(answer.status, 200);
    answer.json()["status"].as_str().unwrap().to_owned()
}
