//! A partner's endpoint, on a port of this machine: it verifies what it hears as the libraries of Standard Webhooks do.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use sha2::Sha256;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

#[derive(Clone, Default)]
pub struct Listener {
    inner: Arc<Mutex<Inner>>,
    pub url: String,
}

#[derive(Default)]
struct Inner {
    /// What it answers next; then 204.
    answers: VecDeque<StatusCode>,
    heard: Vec<Heard>,
}

#[derive(Clone)]
pub struct Heard {
    pub id: String,
    timestamp: String,
    signatures: Vec<String>,
    raw: String,
    pub body: Value,
}

impl Heard {
    pub fn is_signed_by(&self, secret: &str) -> bool {
        let secret = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&secret).unwrap();
        mac.update(format!("{}.{}.{}", self.id, self.timestamp, self.raw).as_bytes());
        let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        let age_s = domain::Timestamp::now().as_second() - self.timestamp.parse::<i64>().unwrap();
        age_s.abs() < 300 && self.signatures.contains(&expected)
    }

    pub fn signatures(&self) -> usize {
        self.signatures.len()
    }
}

impl Listener {
    pub async fn open() -> Listener {
        let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", socket.local_addr().unwrap());
        let listener = Listener { inner: Arc::default(), url };
        let router = Router::new().route("/hook", post(hear)).with_state(listener.clone());
        tokio::spawn(async move { axum::serve(socket, router).await });
        listener
    }

    pub fn will_answer(&self, answers: &[u16]) {
        self.inner.lock().unwrap().answers = answers.iter().map(|code| StatusCode::from_u16(*code).unwrap()).collect();
    }

    pub fn heard(&self) -> Vec<Heard> {
        self.inner.lock().unwrap().heard.clone()
    }

    /// Those of a type.
    pub fn of(&self, event: &str) -> Vec<Heard> {
        self.heard().into_iter().filter(|heard| heard.body["type"] == event).collect()
    }
}

async fn hear(State(listener): State<Listener>, headers: HeaderMap, body: Bytes) -> (StatusCode, [(&'static str, String); 1]) {
    let text = |name: &str| headers[name].to_str().unwrap().to_owned();
    let raw = String::from_utf8(body.to_vec()).unwrap();
    let signatures = text("webhook-signature").split(' ').map(str::to_owned).collect();
    let body = serde_json::from_str(&raw).unwrap();
    let mut inner = listener.inner.lock().unwrap();
    inner.heard.push(Heard { id: text("webhook-id"), timestamp: text("webhook-timestamp"), signatures, raw, body });
    let answer = inner.answers.pop_front().unwrap_or(StatusCode::NO_CONTENT);
    // Where a redirect would lead: to itself, where it would be counted.
    (answer, [("location", listener.url.clone())])
}
