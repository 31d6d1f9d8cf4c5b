//! The National Tax Service's look-up of business numbers (사업자등록 상태조회), in the words of the real one: a list of numbers in, the
//! state of each out. The state is in the number, so that everybody can try each.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Sandbox;
use crate::door::{self, Body};
use crate::faults::{self, Operation, Service, Turn};

/// How a number begins, the code and the word of its state. All others go on.
pub(crate) const STATES: [(&str, &str, &str); 3] = [("997", "02", "휴업자"), ("998", "03", "폐업자"), ("999", "", "")];
/// As the real one.
const NUMBERS_MAX: usize = 100;

pub(crate) fn routes() -> Router<Sandbox> {
    Router::new().route("/tax/v1/status", post(status))
}

/// `{"b_no":["1234567891"]}`
#[derive(Clone, Deserialize)]
#[serde(try_from = "RawWish")]
struct Wish {
    b_no: Vec<String>,
}

#[derive(Deserialize)]
struct RawWish {
    b_no: Vec<String>,
}

impl TryFrom<RawWish> for Wish {
    type Error = &'static str;

    fn try_from(RawWish { b_no }: RawWish) -> Result<Self, Self::Error> {
        if b_no.is_empty() || b_no.len() > NUMBERS_MAX {
            return Err("b_no: 1 to 100 numbers are expected");
        }
        let is_number = |number: &String| number.len() == 10 && number.bytes().all(|byte| byte.is_ascii_digit());
        if !b_no.iter().all(is_number) {
            return Err("b_no: numbers of ten digits without dashes are expected");
        }
        Ok(Self { b_no })
    }
}

/// 200 `{"status_code":"OK","data":[{"b_no","b_stt","b_stt_cd","tax_type"}]}`; 422 when told to refuse.
async fn status(State(sandbox): State<Sandbox>, Body(wish): Body<Wish>) -> Response {
    let hit = sandbox.faults().meet(Service::Tax, Operation::Status);
    let act = move |turn: Turn| {
        if let Turn::Refuse(_) = turn {
            return door::refuse(StatusCode::UNPROCESSABLE_ENTITY, "rejected");
        }
        let data: Vec<Value> = wish.b_no.iter().map(|number| state_of(number)).collect();
        Json(json!({ "status_code": "OK", "request_cnt": data.len(), "data": data })).into_response()
    };
    faults::play(hit, act).await
}

fn state_of(number: &str) -> Value {
    let odd = STATES.iter().find(|(begins, ..)| number.starts_with(begins));
    let (code, word) = odd.map_or(("01", "계속사업자"), |(_, code, word)| (*code, *word));
    let tax_type = if code.is_empty() {
        "국세청에 등록되지 않은 사업자등록번호입니다."
    } else {
        "부가가치세 일반과세자"
    };
    json!({ "b_no": number, "b_stt": word, "b_stt_cd": code, "tax_type": tax_type })
}
