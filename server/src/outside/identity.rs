//! The identity provider over HTTP: a name, a birth date and a phone become a CI.

use super::{Said, Service};
use app::outside::{Answer, Identity, NoAnswer, Verified};
use domain::phone::Phone;
use http::StatusCode;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::json;

pub struct HttpIdentity {
    service: Service,
}

#[derive(Deserialize)]
struct Judgement {
    #[serde(default)]
    verified: bool,
    #[serde(default)]
    name: String,
    birth_date: Option<Date>,
    #[serde(default)]
    ci: String,
    #[serde(default)]
    reason: String,
}

impl HttpIdentity {
    pub(super) fn new(service: Service) -> HttpIdentity {
        HttpIdentity { service }
    }
}

impl Identity for HttpIdentity {
    fn verify<'a>(&'a self, name: &'a str, birth_date: Date, phone: Phone) -> Answer<'a, Result<Option<Verified>, NoAnswer>> {
        Box::pin(async move {
            // Nobody asks people for their carrier: number portability has made prefixes meaningless, the provider knows.
            let claim = json!({ "name": name, "birth_date": birth_date, "phone": phone.digits(), "carrier": "any" });
            let Said { status, body } = self.service.post::<Judgement>("/identity/v1/verifications", &claim).await?;
            match (status, body.verified, body.birth_date) {
                (StatusCode::OK, true, Some(birth_date)) if !body.ci.is_empty() && !body.name.is_empty() => {
                    Ok(Some(Verified { name: body.name, birth_date, ci: body.ci }))
                }
                (StatusCode::UNPROCESSABLE_ENTITY, false, _) if !body.reason.is_empty() => Ok(None),
                _ => Err(self.service.unknown(status)),
            }
        })
    }
}
