//! A push service and the browser behind it: subscriptions, messages with what RFC 8030 asks of them, the sender's signature (RFC 8292),
//! and the decryption that a browser does (`webpush`).
//!
//! `POST /push/v1/subscriptions` plays the browser that agrees; its endpoint is where messages go. `DELETE` on it plays the person who
//! takes the app off the phone: from then on the endpoint is gone (410).

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use p256::SecretKey;
use p256::elliptic_curve::rand_core::{OsRng, RngCore};
use p256::elliptic_curve::sec1::ToEncodedPoint;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Sandbox;
use crate::door::{self, Body};
use crate::faults::{self, Operation, Service, Turn};
use crate::vapid;
use crate::webpush;

const SUBSCRIPTIONS_MAX: usize = 10_000;
/// Of one subscription; the oldest make way.
const PUSHES_MAX: usize = 1_000;
/// RFC 8030 asks every service to take as much.
const BODY_MAX_BYTES: usize = 4_096;
const TOPIC_MAX_CHARS: usize = 32;
const URGENCIES: [&str; 4] = ["very-low", "low", "normal", "high"];

/// A message as the device got it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Push {
    /// Decrypted.
    pub text: String,
    pub ttl_s: u32,
    pub urgency: String,
    pub topic: Option<String>,
    /// Whom to write to about the sender, as its signature says.
    pub contact: String,
    pub at: Timestamp,
}

/// What the browser hands to the site.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PushSubscription {
    pub endpoint: String,
    pub p256dh: String,
    pub auth: String,
}

#[derive(Default)]
pub(crate) struct Devices {
    devices: BTreeMap<u64, Device>,
    last: u64,
}

struct Device {
    secret: SecretKey,
    auth: [u8; 16],
    /// The key of the only sender (base64url).
    sender: String,
    is_over: bool,
    pushes: Vec<Push>,
}

impl Sandbox {
    /// A browser agrees to be pushed to by whoever signs with this key (as in `applicationServerKey`). `base_url`: of this sandbox.
    pub fn subscribe(&self, base_url: &str, sender: &str) -> PushSubscription {
        let mut auth = [0; 16];
        OsRng.fill_bytes(&mut auth);
        let secret = SecretKey::random(&mut OsRng);
        let p256dh = URL_SAFE_NO_PAD.encode(secret.public_key().to_encoded_point(false).as_bytes());
        let mut devices = self.devices();
        devices.last += 1;
        let id = devices.last;
        devices.devices.insert(id, Device { secret, auth, sender: sender.to_owned(), is_over: false, pushes: Vec::new() });
        if devices.devices.len() > SUBSCRIPTIONS_MAX {
            devices.devices.pop_first();
        }
        PushSubscription { endpoint: format!("{base_url}/push/v1/send/{id}"), p256dh, auth: URL_SAFE_NO_PAD.encode(auth) }
    }

    /// The messages that came to an endpoint, oldest first.
    pub fn pushes(&self, endpoint: &str) -> Vec<Push> {
        id_of(endpoint).and_then(|id| self.devices().devices.get(&id).map(|device| device.pushes.clone())).unwrap_or_default()
    }

    /// The person takes it back. False when there is no such subscription.
    pub fn end_subscription(&self, endpoint: &str) -> bool {
        let mut devices = self.devices();
        let device = id_of(endpoint).and_then(|id| devices.devices.get_mut(&id));
        device.map(|device| device.is_over = true).is_some()
    }
}

fn id_of(endpoint: &str) -> Option<u64> {
    endpoint.rsplit('/').next()?.parse().ok()
}

pub(crate) fn routes() -> Router<Sandbox> {
    Router::new()
        .route("/push/v1/subscriptions", post(subscribe))
        .route("/push/v1/subscriptions/{id}", delete(end).get(list))
        .route("/push/v1/send/{id}", post(send))
}

#[derive(Deserialize)]
struct Agreed {
    sender: String,
}

/// 201 `{"endpoint","p256dh","auth"}` for `{"sender": KEY}`.
async fn subscribe(State(sandbox): State<Sandbox>, headers: HeaderMap, Body(agreed): Body<Agreed>) -> Response {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
    (StatusCode::CREATED, Json(sandbox.subscribe(&format!("http://{host}"), &agreed.sender))).into_response()
}

async fn end(State(sandbox): State<Sandbox>, Path(id): Path<String>) -> StatusCode {
    if sandbox.end_subscription(&id) { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }
}

/// What the device got, decrypted; oldest first.
async fn list(State(sandbox): State<Sandbox>, Path(id): Path<String>) -> Json<Vec<Push>> {
    Json(sandbox.pushes(&id))
}

/// 201; 400 without a time to live, with an urgency or a topic that is none, or when it can't be decrypted; 401 and 403 for the signature;
/// 404 for an endpoint that never was, 410 for one that is over; 413.
async fn send(State(sandbox): State<Sandbox>, Path(id): Path<u64>, headers: HeaderMap, body: Bytes) -> Response {
    let now = Timestamp::now();
    let (secret, auth, sender, is_over) = match sandbox.devices().devices.get(&id) {
        Some(device) => (device.secret.clone(), device.auth, device.sender.clone(), device.is_over),
        None => return door::refuse(StatusCode::NOT_FOUND, "no_such_subscription"),
    };
    let push = match read(&headers, &body, &secret, &auth, &sender, now) {
        Ok(push) => push,
        Err((status, error)) => return door::refuse(status, error),
    };
    let hit = sandbox.faults().meet(Service::Push, Operation::Send);
    let act = move |turn: Turn| {
        if is_over {
            return door::refuse(StatusCode::GONE, "gone");
        }
        match turn {
            Turn::Refuse(_) => return door::refuse(StatusCode::BAD_REQUEST, "rejected"),
            Turn::Later => {}
            Turn::Now | Turn::Due => keep(&sandbox, id, &push),
        }
        (StatusCode::CREATED, [(header::LOCATION, format!("/push/v1/messages/{id}"))], Json(Value::Null)).into_response()
    };
    faults::play(hit, act).await
}

fn keep(sandbox: &Sandbox, id: u64, push: &Push) {
    if let Some(device) = sandbox.devices().devices.get_mut(&id) {
        device.pushes.push(push.clone());
        if device.pushes.len() > PUSHES_MAX {
            device.pushes.remove(0);
        }
    }
}

fn read(
    headers: &HeaderMap,
    body: &[u8],
    secret: &SecretKey,
    auth: &[u8; 16],
    sender: &str,
    now: Timestamp,
) -> Result<Push, (StatusCode, &'static str)> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let origin = format!("http://{}", text("host").unwrap_or("127.0.0.1"));
    let signed = vapid::verify(text("authorization").unwrap_or_default(), &origin, now).ok_or((StatusCode::UNAUTHORIZED, "signature"))?;
    if signed.key != sender {
        return Err((StatusCode::FORBIDDEN, "another_sender"));
    }
    let bad = |error| (StatusCode::BAD_REQUEST, error);
    let ttl_s = text("ttl").and_then(|ttl| ttl.parse().ok()).ok_or(bad("ttl"))?;
    let urgency = text("urgency").unwrap_or("normal").to_owned();
    if !URGENCIES.contains(&urgency.as_str()) {
        return Err(bad("urgency"));
    }
    let topic = text("topic").map(str::to_owned);
    let is_topic = |topic: &String| {
        (1..=TOPIC_MAX_CHARS).contains(&topic.len()) && topic.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    if topic.as_ref().is_some_and(|topic| !is_topic(topic)) {
        return Err(bad("topic"));
    }
    if body.len() > BODY_MAX_BYTES {
        return Err((StatusCode::PAYLOAD_TOO_LARGE, "too_large"));
    }
    if text("content-encoding") != Some("aes128gcm") {
        return Err(bad("encoding"));
    }
    let clear = webpush::decrypt(secret, auth, body).ok_or(bad("encryption"))?;
    let text = String::from_utf8(clear).map_err(|_| bad("encryption"))?;
    Ok(Push { text, ttl_s, urgency, topic, contact: signed.contact, at: now })
}
