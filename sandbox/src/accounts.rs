//! Linking a bank account: bank code, number and holder become an opaque token.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use hmac::{Hmac, Mac};
use serde::Deserialize;
use serde_json::json;
use sha2::Sha256;

use crate::Sandbox;
use crate::door::Body;
use crate::faults::{self, Operation, Service, Turn};
use crate::identity::is_refused_name;

/// Bank code, short name, full name.
pub(crate) const BANKS: [(&str, &str, &str); 7] = [
    ("004", "국민", "국민은행"),
    ("011", "농협", "농협은행"),
    ("020", "우리", "우리은행"),
    ("081", "하나", "하나은행"),
    ("088", "신한", "신한은행"),
    ("090", "카카오뱅크", "카카오뱅크"),
    ("092", "토스뱅크", "토스뱅크"),
];

/// Only makes tokens opaque and stable over restarts; guards nothing.
const TOKEN_KEY: &[u8] = b"payplus sandbox account tokens";

/// `{"bank":"088","number":"110-123-456789","holder":"김하늘"}`; dashes and spaces in the number don't count.
#[derive(Clone, Deserialize)]
pub(crate) struct Wish {
    bank: String,
    number: String,
    holder: String,
}

#[derive(Debug, PartialEq, Eq)]
struct Linked {
    token: String,
    masked: String,
    bank_name: &'static str,
}

/// 200 `{"account","masked","bank_name"}` or 422 `{"reason":"no_such_account|holder_mismatch"}`.
pub(crate) async fn verify(State(sandbox): State<Sandbox>, Body(wish): Body<Wish>) -> Response {
    let hit = sandbox.faults().meet(Service::Bank, Operation::Verify);
    let act = move |turn: Turn| {
        let linked = if let Turn::Refuse(_) = turn { Err("no_such_account") } else { link(&wish) };
        match linked {
            Ok(Linked { token, masked, bank_name }) => {
                Json(json!({ "account": token, "masked": masked, "bank_name": bank_name })).into_response()
            }
            Err(reason) => (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "reason": reason }))).into_response(),
        }
    };
    faults::play(hit, act).await
}

fn link(wish: &Wish) -> Result<Linked, &'static str> {
    let (code, short, full) = BANKS.into_iter().find(|(code, ..)| *code == wish.bank).ok_or("no_such_account")?;
    let digits: String = wish.number.chars().filter(|c| !matches!(c, '-' | ' ')).collect();
    let well_formed = (10..=14).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !well_formed || digits.ends_with("0000") {
        return Err("no_such_account");
    }
    if is_refused_name(&wish.holder) {
        return Err("holder_mismatch");
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(TOKEN_KEY).expect("HMAC takes a key of any length");
    mac.update(format!("{code}:{digits}").as_bytes());
    let token = format!("acc_{}", &hex::encode(mac.finalize().into_bytes())[..32]);
    Ok(Linked { token, masked: format!("{short} ***{}", &digits[digits.len() - 4..]), bank_name: full })
}
