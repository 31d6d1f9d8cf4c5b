//! The SMS gateway: messages go into an inbox that a person or a test can read.

use std::collections::{BTreeMap, HashMap};

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::Sandbox;
use crate::door::{self, Body, is_mobile_number};
use crate::faults::{self, Fault, Hit, Operation, Service, Turn};

/// Messages kept; the oldest make way, and with them the memory of their ids.
const MESSAGES_MAX: usize = 10_000;
/// Messages in one answer.
const PAGE_MAX: usize = 100;
/// A long message (LMS) in Korea has 2,000 bytes of EUC-KR; 4,000 bytes of UTF-8 hold it.
const TEXT_MAX_BYTES: usize = 4_000;
const ID_MAX_BYTES: usize = 64;

/// Endings of phone numbers that misbehave when magic is on: ending, fault, delay in milliseconds.
pub(crate) const MAGIC_PHONES: [(&str, Fault, u64); 3] =
    [("0000", Fault::Reject, 0), ("0001", Fault::Slow, 4_000), ("0002", Fault::DropBefore, 0)];

/// A delivered message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    pub id: String,
    /// Digits only.
    pub to: String,
    pub text: String,
    /// When it was delivered.
    pub at: Timestamp,
}

/// `{"id","to":"01012345678","text"}`
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "RawLetter")]
pub(crate) struct Letter {
    id: String,
    to: String,
    text: String,
}

#[derive(Deserialize)]
struct RawLetter {
    id: String,
    to: String,
    text: String,
}

impl TryFrom<RawLetter> for Letter {
    type Error = &'static str;

    fn try_from(RawLetter { id, to, text }: RawLetter) -> Result<Self, Self::Error> {
        if id.is_empty() || id.len() > ID_MAX_BYTES || !id.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("id: 1 to 64 visible ASCII characters are expected");
        }
        if !is_mobile_number(&to) {
            return Err("to: digits of a mobile number are expected");
        }
        if text.is_empty() || text.len() > TEXT_MAX_BYTES {
            return Err("text: 1 to 4,000 bytes are expected");
        }
        Ok(Self { id, to, text })
    }
}

/// Letters by a running number, the newest last; `delivered_at` is empty while a late one is on its way.
#[derive(Default)]
pub(crate) struct Inbox {
    letters: BTreeMap<u64, (Letter, Option<Timestamp>)>,
    numbers: HashMap<String, u64>,
    last_number: u64,
}

impl Inbox {
    /// Takes a letter in, once for each id. False when the id belongs to another letter.
    fn receive(&mut self, letter: &Letter, turn: Turn, now: Timestamp) -> bool {
        if let Some(number) = self.numbers.get(&letter.id).copied()
            && let Some((known, delivered_at)) = self.letters.get(&number)
        {
            if known != letter {
                return false;
            }
            if turn != Turn::Due || delivered_at.is_some() {
                return true;
            }
            self.letters.remove(&number);
        }
        self.last_number += 1;
        self.letters.insert(self.last_number, (letter.clone(), (turn != Turn::Later).then_some(now)));
        self.numbers.insert(letter.id.clone(), self.last_number);
        if self.letters.len() > MESSAGES_MAX
            && let Some((_, (oldest, _))) = self.letters.pop_first()
        {
            self.numbers.remove(&oldest.id);
        }
        true
    }

    pub(crate) fn newest(&self, to: Option<&str>) -> Vec<Message> {
        let delivered = self.letters.values().rev().filter_map(|(letter, at)| at.map(|at| (letter, at)));
        let wanted = delivered.filter(|(letter, _)| to.is_none_or(|to| to == letter.to));
        let message = |(letter, at): (&Letter, Timestamp)| {
            let Letter { id, to, text } = letter.clone();
            Message { id, to, text, at }
        };
        wanted.take(PAGE_MAX).map(message).collect()
    }
}

pub(crate) fn keyed_routes() -> Router<Sandbox> {
    Router::new().route("/sms/v1/messages", post(send))
}

/// Reading needs no key: it is how tests and people get at their codes.
pub(crate) fn open_routes() -> Router<Sandbox> {
    Router::new().route("/sms/v1/messages", get(list))
}

/// 202 `{"id"}`; 409 `id_reused` for another message under the same id; 422 `{"id","reason":"rejected"}`.
async fn send(State(sandbox): State<Sandbox>, Body(letter): Body<Letter>) -> Response {
    let told = sandbox.faults().meet(Service::Sms, Operation::Send);
    let hit = told.or_else(|| sandbox.magic().then(|| magic(&letter.to)).flatten());
    let act = move |turn: Turn| {
        let id = &letter.id;
        if let Turn::Refuse(_) = turn {
            return (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "id": id, "reason": "rejected" }))).into_response();
        }
        if !sandbox.inbox().receive(&letter, turn, Timestamp::now()) {
            return door::refuse(StatusCode::CONFLICT, "id_reused");
        }
        (StatusCode::ACCEPTED, Json(json!({ "id": id }))).into_response()
    };
    faults::play(hit, act).await
}

fn magic(to: &str) -> Option<Hit> {
    MAGIC_PHONES.iter().find(|(ending, ..)| to.ends_with(ending)).map(|&(_, fault, delay_ms)| Hit::new(fault, delay_ms))
}

#[derive(Deserialize)]
pub(crate) struct Whose {
    pub to: Option<String>,
}

/// `GET /sms/v1/messages?to=01012345678`: a list, newest first, at most 100; of all numbers without `to`.
async fn list(State(sandbox): State<Sandbox>, Query(Whose { to }): Query<Whose>) -> Json<Vec<Message>> {
    Json(sandbox.messages(to.as_deref()))
}
