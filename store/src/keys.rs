//! What is hashed before it is stored, and with which key. All keys are derived from one server key that lives outside of
//! the database, so a stolen database alone opens nothing.

use hmac::{Hmac, Mac};
use sha2::Sha256;

/// Purposes, so that a hash made for one can't serve another.
#[derive(Copy, Clone, Debug)]
pub(crate) enum Purpose {
    /// CI of a person.
    PersonKey,
    Pin,
    /// Session, device and enrolment tokens.
    Token,
    PhoneCode,
    /// Phones and addresses in the names of rate limits.
    Bucket,
    /// Tickets and passes of waiting rooms.
    Room,
    /// Codes on screens that are good for one payment.
    Once,
    /// The pepper of operators' passwords.
    OperatorPassword,
    /// Encrypts the secrets of operators' second factor.
    Totp,
    /// Keys of partners.
    PartnerKey,
    /// What a partner calls a person.
    PartnerPerson,
    /// Encrypts the secrets that sign webhooks.
    WebhookSecret,
    /// Codes of one wons.
    OneWon,
    /// Signs what is sent to push services (VAPID).
    Vapid,
    /// Encrypts where and how a device is pushed to, and names it.
    PushSubscription,
    /// What push services know a shop by.
    PushTopic,
    /// Links to gifts.
    GiftLink,
}

#[derive(Clone)]
pub struct Keys {
    server_key: [u8; 32],
}

impl Keys {
    pub fn new(server_key: [u8; 32]) -> Keys {
        Keys { server_key }
    }

    /// HMAC-SHA-256 over the length-prefixed parts.
    pub(crate) fn hash(&self, purpose: Purpose, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.server_key).expect("HMAC takes keys of any length");
        mac.update(format!("payplus {purpose:?}").as_bytes());
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys")
    }
}
