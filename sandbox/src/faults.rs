//! Faults on demand: which operation misbehaves, how, and how many times.
//!
//! A rule is set over `PUT /admin/faults` (or [`crate::Sandbox::set_fault`]) and is looked up after a request has passed the key and was
//! parsed, so that a malformed request never uses a fault up. A rule for one operation goes before a rule for `any`; both go
//! before magic amounts.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::put;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::Sandbox;
use crate::door::{self, Body};
use crate::ledger::Reason;
use crate::line;

/// Longest delay a rule may ask for: ten minutes.
pub(crate) const DELAY_MAX_MS: u64 = 600_000;
/// Delay of a rule that doesn't say: three seconds.
pub(crate) const DELAY_DEFAULT_MS: u64 = 3_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    Bank,
    Identity,
    Sms,
    Tax,
    /// The push service behind the browsers.
    Push,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// `POST /bank/v1/debits`
    Debit,
    /// `POST /bank/v1/credits`
    Credit,
    /// `GET /bank/v1/debits/{id}` and `GET /bank/v1/credits/{id}`
    Inquiry,
    /// `POST /bank/v1/accounts/verify`, `POST /identity/v1/verifications`
    Verify,
    /// `POST /sms/v1/messages`, `POST /push/v1/send/{id}`
    Send,
    /// `POST /tax/v1/status`
    Status,
    /// Whatever the service offers.
    #[default]
    Any,
}

impl Operation {
    pub(crate) const ALL: [Self; 7] = [Self::Any, Self::Debit, Self::Credit, Self::Inquiry, Self::Verify, Self::Send, Self::Status];

    fn is_offered_by(self, service: Service) -> bool {
        match self {
            Self::Any => true,
            Self::Debit | Self::Credit | Self::Inquiry => service == Service::Bank,
            Self::Verify => service == Service::Bank || service == Service::Identity,
            Self::Status => service == Service::Tax,
            Self::Send => service == Service::Sms || service == Service::Push,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Takes the rule away.
    None,
    /// Does it at once, answers after `delay_ms`.
    Slow,
    /// Does it, then closes the connection without a byte.
    DropAfter,
    /// Closes the connection without a byte, does nothing.
    DropBefore,
    /// As if the network delivered the request twice, at the same time.
    Twice,
    /// Answers 202 at once, does it `delay_ms` later. For debits, credits and messages only.
    Late,
    /// Answers 422.
    Reject,
    /// Answers 503 with Retry-After, does nothing.
    Down,
    /// Does it, answers 200 with something that is not JSON.
    Garbage,
}

impl Fault {
    pub(crate) const ALL: [Self; 9] =
        [Self::None, Self::Slow, Self::DropAfter, Self::DropBefore, Self::Twice, Self::Late, Self::Reject, Self::Down, Self::Garbage];

    fn has_meaning_for(self, operation: Operation) -> bool {
        self != Self::Late || matches!(operation, Operation::Debit | Operation::Credit | Operation::Send | Operation::Any)
    }
}

/// One line of the table of faults, and the body of `PUT /admin/faults`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    pub service: Service,
    #[serde(default)]
    pub operation: Operation,
    pub fault: Fault,
    /// For `slow` and `late`; at most 600,000.
    #[serde(default = "delay_default_ms")]
    pub delay_ms: u64,
    /// How many more requests meet this fault; `null`: until changed.
    #[serde(default)]
    pub times: Option<u32>,
    /// What the bank says to a debit or credit met by `reject`.
    #[serde(default)]
    pub reason: Reason,
}

fn delay_default_ms() -> u64 {
    DELAY_DEFAULT_MS
}

impl Rule {
    /// A rule until changed, with a delay of three seconds and `insufficient_funds` as the reason.
    pub fn new(service: Service, operation: Operation, fault: Fault) -> Self {
        Self { service, operation, fault, delay_ms: DELAY_DEFAULT_MS, times: None, reason: Reason::default() }
    }

    /// The same for so many requests only.
    pub fn times(self, times: u32) -> Self {
        Self { times: Some(times), ..self }
    }

    /// The same with another delay, in milliseconds.
    pub fn delay_ms(self, delay_ms: u64) -> Self {
        Self { delay_ms, ..self }
    }

    /// The same with another reason to reject.
    pub fn reason(self, reason: Reason) -> Self {
        Self { reason, ..self }
    }
}

/// Why a rule was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadRule {
    /// The service has no such operation.
    NotOffered,
    /// `late` means nothing for an inquiry, a verification or a look-up.
    NoMeaning,
    /// More than ten minutes.
    DelayTooLong,
    /// A rule for no request at all.
    ZeroTimes,
}

impl BadRule {
    /// The name as the HTTP answer carries it.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotOffered => "operation_not_offered",
            Self::NoMeaning => "fault_without_meaning",
            Self::DelayTooLong => "delay_too_long",
            Self::ZeroTimes => "zero_times",
        }
    }
}

impl fmt::Display for BadRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl std::error::Error for BadRule {}

/// The table of faults: at most one rule for each pair of service and operation, so it can't grow.
#[derive(Default)]
pub(crate) struct Faults(BTreeMap<(Service, Operation), Rule>);

impl Faults {
    pub(crate) fn set(&mut self, rule: Rule) -> Result<(), BadRule> {
        if !rule.operation.is_offered_by(rule.service) {
            return Err(BadRule::NotOffered);
        }
        if !rule.fault.has_meaning_for(rule.operation)
            || (rule.fault == Fault::Late && matches!(rule.service, Service::Identity | Service::Tax))
        {
            return Err(BadRule::NoMeaning);
        }
        if rule.delay_ms > DELAY_MAX_MS {
            return Err(BadRule::DelayTooLong);
        }
        if rule.times == Some(0) {
            return Err(BadRule::ZeroTimes);
        }
        let place = (rule.service, rule.operation);
        match rule.fault {
            Fault::None => self.0.remove(&place),
            _ => self.0.insert(place, rule),
        };
        Ok(())
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn rules(&self) -> Vec<Rule> {
        self.0.values().cloned().collect()
    }

    /// The fault this request meets, if any; a rule with `times` is used up by one.
    pub(crate) fn meet(&mut self, service: Service, operation: Operation) -> Option<Hit> {
        for place in [(service, operation), (service, Operation::Any)] {
            let Some(rule) = self.0.get_mut(&place) else { continue };
            if !rule.fault.has_meaning_for(operation) {
                continue;
            }
            let hit = Hit { fault: rule.fault, delay: Duration::from_millis(rule.delay_ms), reason: rule.reason };
            if let Some(times) = &mut rule.times {
                *times -= 1;
                if *times == 0 {
                    self.0.remove(&place);
                }
            }
            return Some(hit);
        }
        None
    }
}

/// A fault that meets one request.
#[derive(Clone, Copy)]
pub(crate) struct Hit {
    pub fault: Fault,
    pub delay: Duration,
    pub reason: Reason,
}

impl Hit {
    pub(crate) fn new(fault: Fault, delay_ms: u64) -> Self {
        Self { fault, delay: Duration::from_millis(delay_ms), reason: Reason::default() }
    }
}

/// What an operation is asked to do about a request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Do it.
    Now,
    /// Accept it, do nothing yet.
    Later,
    /// Do what was accepted by `Later`.
    Due,
    /// Refuse it.
    Refuse(Reason),
}

/// Performs an operation the way the fault says. `act` is short, never waits and may be called more than once.
pub(crate) async fn play<A>(hit: Option<Hit>, act: A) -> Response
where
    A: Fn(Turn) -> Response + Clone + Send + 'static,
{
    let Some(hit) = hit else { return act(Turn::Now) };
    tracing::info!(fault = ?hit.fault, delay_ms = hit.delay.as_millis(), "a request meets a fault");
    match hit.fault {
        Fault::None => act(Turn::Now),
        Fault::Slow => {
            let answer = act(Turn::Now);
            tokio::time::sleep(hit.delay).await;
            answer
        }
        Fault::DropAfter => {
            act(Turn::Now);
            line::hang_up()
        }
        Fault::DropBefore => line::hang_up(),
        Fault::Twice => {
            let again = act.clone();
            let (first, _) = tokio::join!(tokio::spawn(async move { act(Turn::Now) }), tokio::spawn(async move { again(Turn::Now) }));
            first.unwrap_or_else(|_| down())
        }
        Fault::Late => {
            let answer = act(Turn::Later);
            tokio::spawn(async move {
                tokio::time::sleep(hit.delay).await;
                act(Turn::Due);
            });
            answer
        }
        Fault::Reject => act(Turn::Refuse(hit.reason)),
        Fault::Down => down(),
        Fault::Garbage => {
            act(Turn::Now);
            (StatusCode::OK, "<html>점검 중").into_response()
        }
    }
}

fn down() -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")], Json(json!({ "error": "down" }))).into_response()
}

/// `/admin/faults`: PUT sets one rule, GET lists all, DELETE clears all. PUT and GET answer the table, with what is left of `times`.
pub(crate) fn routes() -> Router<Sandbox> {
    Router::new().route("/admin/faults", put(set).get(list).delete(clear))
}

async fn set(State(sandbox): State<Sandbox>, Body(rule): Body<Rule>) -> Response {
    match sandbox.set_fault(rule) {
        Ok(()) => list(State(sandbox)).await.into_response(),
        Err(bad) => door::refuse(StatusCode::UNPROCESSABLE_ENTITY, bad.name()),
    }
}

async fn list(State(sandbox): State<Sandbox>) -> Json<Vec<Rule>> {
    Json(sandbox.faults().rules())
}

async fn clear(State(sandbox): State<Sandbox>) -> StatusCode {
    sandbox.clear_faults();
    StatusCode::NO_CONTENT
}
