//! The identity provider: a name and a birth date become a CI (connecting information).
//!
//! The CI is the same for the same person whatever the phone, so that limits follow the person. Real ones are 64 bytes in
//! base64, 88 characters; so are these.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use hmac::{Hmac, Mac};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde::Deserialize;
use serde_json::json;
use sha2::Sha512;

use crate::Sandbox;
use crate::door::{Body, is_mobile_number};
use crate::faults::{self, Operation, Service, Turn};

/// Only makes the CI look like one; guards nothing.
const CI_KEY: &[u8] = b"payplus sandbox connecting information";
const NAME_MAX_CHARS: usize = 50;
const CARRIER_MAX_CHARS: usize = 20;
const OLDEST_BIRTH_YEAR: i16 = 1900;

pub(crate) fn routes() -> Router<Sandbox> {
    Router::new().route("/identity/v1/verifications", post(verify))
}

/// `{"name":"김하늘","birth_date":"1991-03-02","phone":"01012345678","carrier":"SKT"}`
#[derive(Deserialize)]
struct Raw {
    name: String,
    birth_date: String,
    phone: String,
    carrier: String,
}

#[derive(Clone, Deserialize)]
#[serde(try_from = "Raw")]
struct Claim {
    name: String,
    birth_date: String,
}

impl TryFrom<Raw> for Claim {
    type Error = &'static str;

    fn try_from(raw: Raw) -> Result<Self, Self::Error> {
        let name = raw.name.trim();
        if name.is_empty() || name.chars().count() > NAME_MAX_CHARS {
            return Err("name: 1 to 50 characters are expected");
        }
        if !is_mobile_number(&raw.phone) {
            return Err("phone: digits of a mobile number are expected");
        }
        if raw.carrier.trim().is_empty() || raw.carrier.chars().count() > CARRIER_MAX_CHARS {
            return Err("carrier: 1 to 20 characters are expected");
        }
        Ok(Self { name: name.to_owned(), birth_date: raw.birth_date })
    }
}

/// 200 `{"verified":true,"name","birth_date","ci"}` or 422 `{"verified":false,"reason":"mismatch|bad_birth_date"}`.
async fn verify(State(sandbox): State<Sandbox>, Body(claim): Body<Claim>) -> Response {
    let hit = sandbox.faults().meet(Service::Identity, Operation::Verify);
    let act = move |turn: Turn| {
        let today = korean_time(Timestamp::now()).date();
        let born = if let Turn::Refuse(_) = turn { Err("mismatch") } else { confirm(&claim, today) };
        match born {
            Ok(born) => {
                let ci = connecting_information(&claim.name, born);
                Json(json!({ "verified": true, "name": claim.name, "birth_date": born, "ci": ci })).into_response()
            }
            Err(reason) => (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "verified": false, "reason": reason }))).into_response(),
        }
    };
    faults::play(hit, act).await
}

/// Korea has kept +09:00 since 1988; no time zone database is needed to know today's date there.
pub(crate) fn korean_time(now: Timestamp) -> Zoned {
    now.to_zoned(TimeZone::fixed(jiff::tz::offset(9)))
}

fn confirm(claim: &Claim, today: Date) -> Result<Date, &'static str> {
    let born: Date = Some(&claim.birth_date).filter(|text| text.len() == 10).and_then(|text| text.parse().ok()).ok_or("bad_birth_date")?;
    if born > today || born.year() < OLDEST_BIRTH_YEAR {
        return Err("bad_birth_date");
    }
    if is_refused_name(&claim.name) {
        return Err("mismatch");
    }
    Ok(born)
}

/// Names nobody can prove: `불일치`, and all that begin with `거부`.
pub(crate) fn is_refused_name(name: &str) -> bool {
    let name = name.trim();
    name == "불일치" || name.starts_with("거부")
}

fn connecting_information(name: &str, born: Date) -> String {
    let mut mac = Hmac::<Sha512>::new_from_slice(CI_KEY).expect("HMAC takes a key of any length");
    mac.update(format!("{name}\n{born}").as_bytes());
    base64(&mac.finalize().into_bytes())
}

/// Standard alphabet, padded. Twelve lines rather than a dependency.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let three = chunk.iter().chain([&0, &0]).take(3).fold(0_usize, |sum, byte| (sum << 8) | usize::from(*byte));
        for place in 0..4 {
            let shown = place <= chunk.len();
            text.push(if shown { char::from(ALPHABET[(three >> (18 - 6 * place)) & 63]) } else { '=' });
        }
    }
    text
}
