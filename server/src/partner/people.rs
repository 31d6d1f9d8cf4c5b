//! The people that a partner brings, and what they may still buy.

use super::caller::Caller;
use super::problem::ProblemShape;
use super::{Body, Here, Problem};
use app::Error;
use app::error::Input;
use axum::Json;
use axum::extract::{Path, State};
use domain::birth_date;
use domain::buying::{self, Facts};
use domain::calendar::{Month, in_seoul};
use domain::partner::KeyScope;
use domain::phone::Phone;
use domain::plan::Feature;
use domain::{Timestamp, Won};
use serde::{Deserialize, Serialize};
use store::Identity;
use utoipa::ToSchema;

const NAME_CHARS_MAX: usize = 50;

/// As the identity provider knows them. Their consent to this is the partner's to obtain.
#[derive(Deserialize, ToSchema)]
pub(super) struct NewPerson {
    #[schema(example = "김하늘")]
    name: String,
    #[schema(example = "1990-05-14")]
    birth_date: String,
    #[schema(example = "01012345678")]
    phone: String,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Person {
    /// What this partner calls the person from now on: the same each time, another at every other partner.
    #[schema(example = "per_0123456789abcdef0123456789abcdef")]
    person: String,
}

/// 고객 본인 확인
///
/// Has the identity provider confirm who it is. Limits belong to that person, on all channels together. Closed while sign-up is closed on
/// a sale day (503 with `Retry-After`): introduce people before. Scope `buy`.
#[utoipa::path(post, path = "/people", tag = "people", request_body = NewPerson, responses(
    (status = 200, body = Person), (status = 401, body = ProblemShape), (status = 422, body = ProblemShape),
    (status = 429, body = ProblemShape), (status = 503, body = ProblemShape)))]
pub(super) async fn introduce(State(partners): Here, caller: Caller, Body(new): Body<NewPerson>) -> Result<Json<Person>, Problem> {
    let key = caller.needs(KeyScope::Buy)?;
    let (services, now) = (&partners.services, Timestamp::now());
    if let Some(until) = services.store.suspended_until(Feature::SignUp, now).await? {
        return Err(Error::Suspended { until }.into());
    }
    let today = in_seoul(now).date();
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX || name.chars().any(char::is_control) {
        return Err(Input::Name.into());
    }
    let born = birth_date::parse(&new.birth_date, today).ok_or(Input::BirthDate)?;
    let phone = Phone::parse(&new.phone).map_err(Input::Phone)?;
    services.store.count_identity(phone, now).await?.map_err(|until| Error::TooMany { until })?;
    let verified = services.identity.verify(name, born, phone).await?.ok_or(Error::IdentityFailed)?;
    if !birth_date::is_old_enough(verified.birth_date, today) {
        return Err(Input::TooYoung.into());
    }
    let identity = Identity { name: verified.name, birth_date: verified.birth_date };
    let person = services.store.introduce(key, &identity, &verified.ci, now).await?;
    Ok(Json(Person { person: person.to_string() }))
}

#[derive(Serialize, ToSchema)]
pub(super) struct Allowances {
    windows: Vec<Allowed>,
}

/// What the person may buy in one window that is open or to come.
#[derive(Serialize, ToSchema)]
pub(super) struct Allowed {
    window: String,
    /// The most that one purchase may be now; 0 when not even a unit.
    most_won: i64,
    /// Left of the month's limit of the kind, over all channels.
    month_left_won: i64,
    /// Left of what may be held of the kind.
    holding_left_won: i64,
    /// Why not even a unit, as a problem's code.
    refused: Option<String>,
}

/// 살 수 있는 금액
///
/// What a person may still buy, whatever channel it was bought through before. Scope `read`.
#[utoipa::path(get, path = "/people/{person}/allowance", tag = "people", params(("person" = String, Path,)), responses(
    (status = 200, body = Allowances), (status = 401, body = ProblemShape), (status = 404, body = ProblemShape)))]
pub(super) async fn allowance(State(partners): Here, caller: Caller, Path(person): Path<String>) -> Result<Json<Allowances>, Problem> {
    let key = caller.needs(KeyScope::Read)?;
    let customer = caller.customer(&partners, &person).await?;
    let (store, now) = (&partners.services.store, Timestamp::now());
    let mut windows = Vec::new();
    for sale in store.on_sale(now).await? {
        let (kind, allowance) = (&sale.kind, store.allowance(customer.person(), sale.kind.id).await?);
        let month = Month::of(now).max(allowance.month);
        for (window, pool) in sale.windows.iter().filter(|(window, _)| window.span.to() > now) {
            let cap = store.cap(window.id, key.partner()).await?;
            let facts = Facts { kind, window, pool, allowance: &allowance, cap: cap.as_ref(), birth_year: customer.birth_year() };
            let most = buying::most_now(&facts, now).map(|most| cap.map_or(most, |cap| most.min(cap.left().rounded_down_to(kind.unit))));
            windows.push(Allowed {
                window: window.id.to_string(),
                most_won: most.as_ref().map_or(Won::ZERO, |most| *most).get(),
                month_left_won: allowance.month_left(kind, month).get(),
                holding_left_won: allowance.cap_left(kind).get(),
                refused: most.err().map(|refused| Problem::from(refused).code().to_owned()),
            });
        }
    }
    Ok(Json(Allowances { windows }))
}
