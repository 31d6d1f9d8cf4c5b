//! A partner's endpoint over HTTP, told by the rules of Standard Webhooks. Its address was chosen by somebody else, so it is looked at
//! when the connection is made: a name that leads into our own network is not followed, nor is a redirect, and of the answer only the
//! status is read.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::Timestamp;
use domain::partner::{Loopback, is_public};
use hmac::{Hmac, Mac};
use http::header;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use serde_json::json;
use sha2::Sha256;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use store::{Webhook, WebhookSecret};

const PATIENCE: Duration = Duration::from_secs(5);
const CONNECT_PATIENCE: Duration = Duration::from_secs(2);

#[derive(Clone)]
pub struct Webhooks {
    client: reqwest::Client,
    pub loopback: Loopback,
}

/// How a try went: the status of the answer, and why it counts as failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub status: Option<u16>,
    pub error: Option<String>,
}

/// As in the header: the same at every try, so that a receiver knows what it has seen.
pub fn webhook_id(id: i64) -> String {
    format!("msg_{id}")
}

impl Webhooks {
    pub fn new(loopback: Loopback) -> reqwest::Result<Webhooks> {
        Ok(Webhooks { client: guarded(loopback, "Pay+ webhooks")?, loopback })
    }

    pub async fn send(&self, webhook: &Webhook, now: Timestamp) -> Sent {
        let (id, body) = (webhook_id(webhook.id), body(webhook));
        let signed = signature(&webhook.secrets, &id, now.as_second(), &body);
        let request = self.client.post(webhook.endpoint.as_str()).header(header::CONTENT_TYPE, "application/json");
        let request = request.header("webhook-id", id).header("webhook-timestamp", now.as_second()).header("webhook-signature", signed);
        match request.body(body).send().await {
            Ok(answer) if answer.status().is_success() => Sent { status: Some(answer.status().as_u16()), error: None },
            Ok(answer) => Sent { status: Some(answer.status().as_u16()), error: Some(format!("answered {}", answer.status().as_u16())) },
            Err(error) => Sent { status: None, error: Some(why(&error)) },
        }
    }
}

/// For addresses that somebody else has chosen.
pub(super) fn guarded(loopback: Loopback, name: &'static str) -> reqwest::Result<reqwest::Client> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let patient = reqwest::Client::builder().timeout(PATIENCE).connect_timeout(CONNECT_PATIENCE).no_proxy();
    let guarded = patient.redirect(reqwest::redirect::Policy::none()).dns_resolver(Arc::new(Guarded { loopback }));
    guarded.user_agent(name).build()
}

/// Without the URL.
pub(super) fn why(error: &reqwest::Error) -> String {
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        if inner.is::<NotPublic>() {
            return NotPublic.to_string();
        }
        cause = inner.source();
    }
    let what = match error {
        error if error.is_timeout() => "time-out",
        error if error.is_connect() => "no connection",
        _ => "the line was cut",
    };
    what.to_owned()
}

fn body(webhook: &Webhook) -> String {
    let data = match &webhook.told {
        None => json!({}),
        Some(told) => json!({
            "purchase": told.purchase.to_string(),
            "window": told.window.to_string(),
            "amount_won": told.face.get(),
            "reason": told.reason.map(domain::buying::BankReason::as_str),
        }),
    };
    json!({ "type": webhook.event.as_str(), "timestamp": webhook.created_at.to_string(), "data": data }).to_string()
}

/// `v1,BASE64 v1,BASE64`: one for each secret, the newest first.
fn signature(secrets: &[WebhookSecret], id: &str, timestamp: i64, body: &str) -> String {
    let sign = |secret: &WebhookSecret| {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.bytes()).expect("HMAC takes keys of any length");
        mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    };
    secrets.iter().map(sign).collect::<Vec<_>>().join(" ")
}

/// Finds the addresses of a name; those that are not of the internet at large are none. What is found is what is connected to: nothing
/// is looked up twice.
struct Guarded {
    loopback: Loopback,
}

#[derive(Debug, thiserror::Error)]
#[error("not an address of the public internet")]
struct NotPublic;

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let loopback = self.loopback;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let is_fine = |address: &SocketAddr| is_public(address.ip()) || (loopback == Loopback::Allowed && address.ip().is_loopback());
            // One hidden address among public ones is a trick too.
            if found.is_empty() || !found.iter().all(is_fine) {
                return Err(NotPublic.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::PartnerId;
    use domain::partner::{Endpoint, Event};

    #[tokio::test]
    async fn a_name_that_leads_to_this_machine_is_not_followed() {
        let resolve = async |loopback| Guarded { loopback }.resolve("localhost".parse().unwrap()).await.map(Iterator::count);
        let refused = resolve(Loopback::Refused).await.unwrap_err();
        assert!(refused.is::<NotPublic>(), "{refused}");
        assert!(resolve(Loopback::Allowed).await.unwrap() > 0);
    }

    #[tokio::test]
    async fn an_endpoint_of_this_machine_is_told_nothing() {
        let receiver = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = receiver.local_addr().unwrap().port();
        let webhooks = Webhooks::new(Loopback::Refused).unwrap();
        let refused = webhooks.client.post(format!("http://localhost:{port}/")).send().await.unwrap_err();
        assert_eq!(why(&refused), "not an address of the public internet");
        // Written as numbers it never gets so far.
        assert_eq!(Endpoint::parse(&format!("http://127.0.0.1:{port}/"), Loopback::Refused), None);
    }

    #[test]
    fn a_message_holds_nothing_personal_and_names_its_time() {
        let endpoint = Endpoint::parse("https://a.example.com/", Loopback::Refused).unwrap();
        let created_at = "2026-07-14T01:30:00Z".parse().unwrap();
        let webhook =
            Webhook { id: 7, partner: PartnerId(1), event: Event::Test, told: None, created_at, tries: 1, endpoint, secrets: vec![] };
        assert_eq!(body(&webhook), r#"{"data":{},"timestamp":"2026-07-14T01:30:00Z","type":"test"}"#);
    }
}
