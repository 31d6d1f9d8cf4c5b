//! The National Tax Service over HTTP: how a business is (사업자등록 상태조회).

use super::{Said, Service};
use app::outside::{Answer, NoAnswer, Tax};
use domain::application::BusinessState;
use domain::business_number::BusinessNumber;
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

pub struct HttpTax {
    service: Service,
}

#[derive(Deserialize)]
struct Told {
    #[serde(default)]
    status_code: String,
    #[serde(default)]
    data: Vec<Business>,
}

#[derive(Deserialize)]
struct Business {
    b_no: String,
    /// 01 goes on, 02 pauses, 03 was given up; empty: not registered.
    b_stt_cd: String,
}

impl HttpTax {
    pub(super) fn new(service: Service) -> HttpTax {
        HttpTax { service }
    }
}

impl Tax for HttpTax {
    fn state(&self, business: BusinessNumber) -> Answer<'_, Result<BusinessState, NoAnswer>> {
        Box::pin(async move {
            let asked = json!({ "b_no": [business.digits()] });
            let Said { status, body } = self.service.post::<Told>("/tax/v1/status", &asked).await?;
            let known = body.data.into_iter().find(|told| told.b_no == business.digits());
            let state = known.and_then(|told| BusinessState::parse(&told.b_stt_cd));
            match state {
                Some(state) if status == StatusCode::OK && body.status_code == "OK" => Ok(state),
                _ => Err(self.service.unknown(status)),
            }
        })
    }
}
