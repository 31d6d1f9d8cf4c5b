//! "No", as RFC 9457 has it: `application/problem+json` with a code for programs and a sentence for people, Korean or English by
//! `Accept-Language`. What our own pages would say is said here too, by the same words.

use app::Error;
use app::error::Input;
use app::words::{self, Lang};
use axum::Json;
use axum::response::{IntoResponse, Response};
use domain::buying::BankReason;
use domain::{Refused, Timestamp};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};
use utoipa::ToSchema;

/// A problem that waits for the language.
#[derive(Clone)]
pub struct Problem(Box<Parts>);

#[derive(Clone)]
struct Parts {
    status: StatusCode,
    code: String,
    says: Says,
    figures: Value,
    /// What it is about, where there is something.
    about: Option<(&'static str, Value)>,
    retry_after_s: Option<u64>,
}

#[derive(Clone)]
enum Says {
    Ours(Error),
    Bank(BankReason),
    Words { ko: &'static str, en: &'static str },
}

/// As documented.
#[derive(ToSchema)]
#[schema(as = Problem)]
#[allow(dead_code, reason = "only its schema is used")]
pub(super) struct ProblemShape {
    /// Where the code is explained.
    #[schema(example = "/partner/docs#month_limit")]
    r#type: String,
    /// For programs; stays as it is.
    #[schema(example = "month_limit")]
    code: String,
    status: u16,
    /// A sentence for people, Korean or English by `Accept-Language`.
    title: String,
    /// The figures that it is about, in won or milliseconds.
    figures: Option<Value>,
}

impl Problem {
    fn of(status: StatusCode, code: String, says: Says) -> Problem {
        Problem(Box::new(Parts { status, code, says, figures: Value::Null, about: None, retry_after_s: None }))
    }

    pub(super) fn new(status: StatusCode, code: &str, ko: &'static str, en: &'static str) -> Problem {
        Problem::of(status, code.to_owned(), Says::Words { ko, en })
    }

    pub(super) fn bank(reason: BankReason, purchase: Value) -> Problem {
        let mut problem = Problem::of(StatusCode::PAYMENT_REQUIRED, format!("bank_{}", reason.as_str()), Says::Bank(reason));
        problem.0.about = Some(("purchase", purchase));
        problem
    }

    pub(super) fn retry_after(mut self, seconds: u64) -> Problem {
        self.0.retry_after_s = Some(seconds);
        self
    }

    pub(super) fn with_figures(mut self, figures: Value) -> Problem {
        self.0.figures = figures;
        self
    }

    pub fn with_status(mut self, status: StatusCode) -> Problem {
        self.0.status = status;
        self
    }

    pub(super) fn code(&self) -> &str {
        &self.0.code
    }

    #[cfg(test)]
    pub(super) fn status(&self) -> u16 {
        self.0.status.as_u16()
    }

    pub fn say(&self, lang: Lang) -> Response {
        let Parts { status, code, says, figures, about, retry_after_s } = self.0.as_ref();
        let title = match says {
            Says::Ours(error) => error.say(lang, Timestamp::now()),
            Says::Bank(reason) => words::bank_reason(lang, *reason).to_owned(),
            Says::Words { ko, en } => (if lang == Lang::Ko { *ko } else { *en }).to_owned(),
        };
        let mut body = json!({ "type": format!("/partner/docs#{code}"), "code": code, "status": status.as_u16(), "title": title });
        if !figures.is_null() {
            body["figures"] = figures.clone();
        }
        if let Some((name, value)) = about {
            body[*name] = value.clone();
        }
        let mut response = (*status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang.code()));
        if let Some(seconds) = retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
        }
        if *status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        // What reuses an id is well formed and can't be processed (draft-ietf-httpapi-idempotency-key-header).
        let status = match &error {
            Error::Refused(Refused::IdReused) => 422,
            other => other.status(),
        };
        let (code, figures) = named(&serde_json::to_value(&error).unwrap_or(Value::Null));
        let retry_after_s = error.retry_after_s(Timestamp::now());
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut problem = Problem::of(status, code, Says::Ours(error)).with_figures(figures);
        problem.0.retry_after_s = retry_after_s;
        problem
    }
}

impl From<store::Error> for Problem {
    fn from(error: store::Error) -> Problem {
        Error::from(error).into()
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Problem {
        Error::Refused(refused).into()
    }
}

impl From<Input> for Problem {
    fn from(input: Input) -> Problem {
        Error::Input(input).into()
    }
}

impl From<app::outside::NoAnswer> for Problem {
    fn from(no_answer: app::outside::NoAnswer) -> Problem {
        Error::from(no_answer).into()
    }
}

/// For [`super::in_words`], which has the language.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut bare = self.0.status.into_response();
        bare.extensions_mut().insert(self);
        bare
    }
}

/// The name of the innermost variant in snake case, and its fields: `{"Refused":{"MonthLimit":{"left":1}}}` is `month_limit`.
fn named(error: &Value) -> (String, Value) {
    match error {
        Value::String(name) => (snake(name), Value::Null),
        Value::Object(fields) if fields.len() == 1 => match fields.iter().next() {
            Some((name, inner)) if ["Refused", "Input", "Plan"].contains(&name.as_str()) => named(inner),
            Some((name, inner)) => (snake(name), inner.clone()),
            None => ("error".to_owned(), Value::Null),
        },
        _ => ("error".to_owned(), Value::Null),
    }
}

fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Won;

    #[test]
    fn a_refusal_has_its_name_its_figures_and_its_status() {
        let month = Refused::MonthLimit { left: Won::of(10_000), limit: Won::of(400_000) };
        for (problem, status, code, figures) in [
            (Problem::from(month), 409, "month_limit", json!({ "left": 10_000, "limit": 400_000 })),
            (Problem::from(Refused::IdReused), 422, "id_reused", Value::Null),
            (Problem::from(Refused::NoSuchWindow), 404, "no_such_window", Value::Null),
            (Problem::from(Error::NotFound), 404, "not_found", Value::Null),
            (Problem::from(Input::BirthDate), 422, "birth_date", Value::Null),
            (Problem::from(Error::OutsideDown), 503, "outside_down", Value::Null),
        ] {
            assert_eq!((problem.0.status.as_u16(), problem.code(), problem.0.figures.clone()), (status, code, figures));
        }
        assert_eq!(Problem::from(Error::OutsideDown).0.retry_after_s, Some(1));
    }
}
