//! The services outside, spoken to over HTTP: one adapter each, the same for the real service and for the sandbox.
//!
//! None of them is ever believed to have done or not done what it did not say in so many words: a time-out, a dropped line,
//! an answer of another shape are "no answer", and somebody asks again.

mod bank;
mod identity;
mod push;
mod sms;
mod tax;
mod webhook;

pub use bank::HttpBank;
pub use identity::HttpIdentity;
pub use push::{HttpPush, Letter, origin};
pub use sms::HttpSms;
pub use tax::HttpTax;
pub use webhook::{Sent, Webhooks, webhook_id};

use crate::config::Outside;
use app::outside::NoAnswer;
use http::StatusCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::Duration;

/// A person waits: longer than this is no answer, unless the configuration says otherwise.
pub const PATIENCE: Duration = Duration::from_secs(5);
const CONNECT_PATIENCE: Duration = Duration::from_secs(2);
/// The longest answer has a few hundred bytes.
const ANSWER_MAX_BYTES: usize = 16 * 1024;
/// The longest list has a thousand lines.
const LIST_MAX_BYTES: usize = 2 * 1024 * 1024;

/// One service: where it is and what it is shown.
#[derive(Clone)]
struct Service {
    name: &'static str,
    client: reqwest::Client,
    base_url: String,
    key: String,
}

/// An answer in JSON with its status.
struct Said<T> {
    status: StatusCode,
    body: T,
}

impl Service {
    async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<Said<T>, NoAnswer> {
        self.ask(self.client.post(format!("{}{path}", self.base_url)).json(body), ANSWER_MAX_BYTES).await
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<Said<T>, NoAnswer> {
        self.ask(self.client.get(format!("{}{path}", self.base_url)), ANSWER_MAX_BYTES).await
    }

    /// A list.
    async fn get_list<T: DeserializeOwned>(&self, path: &str) -> Result<Said<T>, NoAnswer> {
        self.ask(self.client.get(format!("{}{path}", self.base_url)), LIST_MAX_BYTES).await
    }

    async fn ask<T: DeserializeOwned>(&self, request: reqwest::RequestBuilder, most_bytes: usize) -> Result<Said<T>, NoAnswer> {
        let mut answer = request.bearer_auth(&self.key).send().await.map_err(|error| self.silent(why(&error)))?;
        let status = answer.status();
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| self.silent(why(&error)))? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > most_bytes {
                return Err(self.silent("a longer answer than any of its".to_owned()));
            }
        }
        if status == StatusCode::UNAUTHORIZED {
            tracing::error!(service = self.name, "the key is refused: PAYPLUS_OUTSIDE_KEY is wrong");
        }
        // What was said instead may repeat personal data: only its status is told.
        let body = serde_json::from_slice(&bytes).map_err(|_| self.silent(format!("{status}, in words that we don't know")))?;
        Ok(Said { status, body })
    }

    fn silent(&self, why: String) -> NoAnswer {
        metrics::counter!("payplus_outside_silent_total", "service" => self.name).increment(1);
        NoAnswer { service: self.name, why }
    }

    fn unknown(&self, status: StatusCode) -> NoAnswer {
        self.silent(format!("{status}, in words that we don't know"))
    }
}

/// Without the URL, which names the purchase.
fn why(error: &reqwest::Error) -> String {
    let what = if error.is_timeout() {
        "time-out"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the line was cut"
    };
    what.to_owned()
}

/// All four, over one pool of connections.
pub fn connect(outside: &Outside) -> reqwest::Result<(HttpBank, HttpIdentity, HttpSms, HttpTax)> {
    let client = client(outside.patience)?;
    let service = |name, base_url: &str| Service { name, client: client.clone(), base_url: base_url.to_owned(), key: outside.key.clone() };
    Ok((
        HttpBank::new(service("bank", &outside.bank_url)),
        HttpIdentity::new(service("identity", &outside.identity_url)),
        HttpSms::new(service("sms", &outside.sms_url)),
        HttpTax::new(service("tax", &outside.tax_url)),
    ))
}

pub fn client(patience: Duration) -> reqwest::Result<reqwest::Client> {
    // Fails when the process has chosen a provider already: then that one is used.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let patient = reqwest::Client::builder().timeout(patience).connect_timeout(CONNECT_PATIENCE);
    patient.redirect(reqwest::redirect::Policy::none()).no_proxy().build()
}
