//! The SMS gateway over HTTP. Messages leave through the outbox; the effect's id is the message's, so one that is sent again
//! arrives once.

use super::{Said, Service};
use app::outside::NoAnswer;
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

pub struct HttpSms {
    service: Service,
}

/// As the store puts it into the outbox. Personal: it does not debug.
#[derive(Deserialize)]
struct Letter {
    to: String,
    text: String,
}

/// The message has not left, as far as we know.
#[derive(Debug, thiserror::Error)]
pub enum NotSent {
    #[error(transparent)]
    NoAnswer(#[from] NoAnswer),
    #[error("the gateway refused it: {0}")]
    Refused(StatusCode),
    #[error("not a message")]
    Malformed,
}

impl HttpSms {
    pub(super) fn new(service: Service) -> HttpSms {
        HttpSms { service }
    }

    /// Sends the body of an effect.
    pub async fn send(&self, id: i64, body: &str) -> Result<(), NotSent> {
        let letter: Letter = serde_json::from_str(body).map_err(|_| NotSent::Malformed)?;
        let message = json!({ "id": format!("payplus-{id}"), "to": letter.to, "text": letter.text });
        let Said { status, .. } = self.service.post::<serde_json::Value>("/sms/v1/messages", &message).await?;
        if status == StatusCode::ACCEPTED { Ok(()) } else { Err(NotSent::Refused(status)) }
    }
}
