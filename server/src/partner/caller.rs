//! Whose request it is: the key in `Authorization: Bearer`, what it may do, and how often it may ask.

use super::{Partners, Problem};
use axum::extract::FromRequestParts;
use domain::partner::KeyScope;
use domain::{PartnerKeyId, Timestamp};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use http::request::Parts;
use http::{StatusCode, header};
use serde_json::json;
use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use store::{Customer, CustomerRef, KeyProof, KeyRefused};

/// A partner whose key is good, and who has not asked too often.
pub(super) struct Caller(pub KeyProof);

impl Caller {
    pub(super) fn needs(&self, scope: KeyScope) -> Result<&KeyProof, Problem> {
        if self.0.may(scope) {
            return Ok(&self.0);
        }
        let (ko, en) = ("이 키로는 할 수 없는 일이에요. 권한이 있는 키를 써 주세요.", "This key may not do that. Use one with the scope.");
        Err(Problem::new(StatusCode::FORBIDDEN, "scope_missing", ko, en).with_figures(json!({ "scope": scope.as_str() })))
    }

    /// Somebody whom this partner has introduced.
    pub(super) async fn customer(&self, partners: &Partners, reference: &str) -> Result<Customer, Problem> {
        let reference: CustomerRef = reference.parse().map_err(|_| no_such_person())?;
        partners.services.store.customer(&self.0, reference).await?.ok_or_else(no_such_person)
    }
}

fn no_such_person() -> Problem {
    let (ko, en) =
        ("이 앱이 소개한 사람이 아니에요. 먼저 본인 확인을 해 주세요.", "Nobody whom this app has introduced. Introduce them first.");
    Problem::new(StatusCode::NOT_FOUND, "no_such_person", ko, en)
}

impl FromRequestParts<Partners> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, partners: &Partners) -> Result<Caller, Problem> {
        let shown = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let Some(text) = shown.and_then(|shown| shown.strip_prefix("Bearer ")) else {
            return Err(closed("key_missing", "API 키가 없어요.", "There is no API key."));
        };
        let key = partners.services.store.partner_key(text.trim(), Timestamp::now()).await?.map_err(|refused| match refused {
            KeyRefused::Unknown => closed("key_unknown", "모르는 API 키예요.", "We do not know this API key."),
            KeyRefused::Expired => closed("key_expired", "기한이 지난 API 키예요.", "This API key has expired."),
            KeyRefused::Revoked => closed("key_revoked", "폐기된 API 키예요.", "This API key was revoked."),
        })?;
        partners.rates.count(&key)?;
        Ok(Caller(key))
    }
}

fn closed(code: &str, ko: &'static str, en: &'static str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, code, ko, en)
}

/// How often each key has asked this node lately. A key may ask for two seconds' worth at once.
#[derive(Default)]
pub(super) struct Rates {
    of: Mutex<HashMap<PartnerKeyId, Arc<DefaultDirectRateLimiter>>>,
}

impl Rates {
    fn count(&self, key: &KeyProof) -> Result<(), Problem> {
        let limiter = {
            let mut of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
            let per_s = NonZeroU32::new(key.rate_per_s()).unwrap_or(NonZeroU32::MIN);
            let make = || Arc::new(RateLimiter::direct(Quota::per_second(per_s).allow_burst(per_s.saturating_mul(nonzero(2)))));
            Arc::clone(of.entry(key.key()).or_insert_with(make))
        };
        limiter.check().map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now());
            let (ko, en) = ("요청이 너무 잦아요. 잠시 뒤에 다시 해 주세요.", "Too many requests. Please try again shortly.");
            Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_often", ko, en).retry_after(wait.as_secs() + 1)
        })
    }
}

fn nonzero(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN)
}
