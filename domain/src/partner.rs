//! Partner apps (T-money Pay, Shinhan SOL, MoneyTree): other doors to the same sale. Limits belong to the person, so a partner brings
//! none of its own; a window may cap what one of them sells ("one quota with optional caps by channel" in the specification).

mod endpoint;

pub use endpoint::{Endpoint, Loopback, is_public};

use crate::operator::Role;
use crate::won::Won;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a key of a partner may do.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum KeyScope {
    /// See what is on sale, what a person may still buy, what became of a purchase.
    Read,
    /// Introduce people, wait in line for them, buy.
    Buy,
    /// Send test messages to the own endpoint.
    Webhooks,
}

impl KeyScope {
    pub const ALL: [KeyScope; 3] = [KeyScope::Read, KeyScope::Buy, KeyScope::Webhooks];

    /// As stored, and as in the documentation.
    pub fn as_str(self) -> &'static str {
        match self {
            KeyScope::Read => "read",
            KeyScope::Buy => "buy",
            KeyScope::Webhooks => "webhooks",
        }
    }

    fn bit(self) -> u8 {
        match self {
            KeyScope::Read => 1,
            KeyScope::Buy => 2,
            KeyScope::Webhooks => 4,
        }
    }
}

/// The scopes of a key: at least one.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct KeyScopes(u8);

impl KeyScopes {
    pub const EVERY: KeyScopes = KeyScopes(7);

    /// `"read,buy"`: names with commas between them. `None` for an unknown one and for none at all.
    pub fn parse(text: &str) -> Option<KeyScopes> {
        let scope = |name: &str| KeyScope::ALL.into_iter().find(|scope| scope.as_str() == name.trim());
        let bits = text.split(',').try_fold(0, |bits, name| Some(bits | scope(name)?.bit()))?;
        Some(KeyScopes(bits))
    }

    pub fn has(self, scope: KeyScope) -> bool {
        self.0 & scope.bit() != 0
    }
}

impl fmt::Display for KeyScopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = KeyScope::ALL.into_iter().filter(|scope| self.has(*scope)).map(KeyScope::as_str).collect();
        f.write_str(&names.join(","))
    }
}

/// The name of a partner, as people know it: 1 to 40 characters, none of them a control, a quote or `=`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PartnerName(String);

impl PartnerName {
    pub fn parse(text: &str) -> Option<PartnerName> {
        let text = text.trim();
        let is_fine = (1..=40).contains(&text.chars().count()) && !text.chars().any(|c| c.is_control() || "=\"'<>".contains(c));
        is_fine.then(|| PartnerName(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why an operator, or the command line, could not change something about a partner.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum PartnerRefused {
    #[error("the role {0:?} is needed")]
    NotYourRole(Role),
    #[error("there is no such partner")]
    NoSuchPartner,
    #[error("there is a partner of this name")]
    NameTaken,
    #[error("there is no such key")]
    NoSuchKey,
    /// Revoked, or its time is up.
    #[error("the key is over")]
    KeyOver,
    #[error("not an address that webhooks may be sent to")]
    BadEndpoint,
    #[error("the partner has no endpoint")]
    NoEndpoint,
    #[error("there is no such window")]
    NoSuchWindow,
    /// A window gets a cap until a minute before it opens: from then on purchases may be under way that were not counted.
    #[error("the window opens in a minute, or has")]
    HasBegun,
    #[error("more is sold or held already")]
    CapTooLow,
    #[error("not an amount")]
    BadAmount,
}

/// What one partner may sell of a window, of the window's own amount: nothing is set aside for it.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cap {
    pub most: Won,
    pub held: Won,
    pub sold: Won,
}

impl Cap {
    pub fn left(&self) -> Won {
        self.most.left_after(self.held).left_after(self.sold)
    }

    /// After a reservation of `face`; `None`: it does not fit.
    pub fn reserve(&self, face: Won) -> Option<Cap> {
        if face > self.left() {
            return None;
        }
        Some(Cap { held: self.held.plus(face)?, ..*self })
    }

    /// After a reservation of `face` has ended with `sold` of it sold. `None`: so much was not held.
    pub fn release(&self, face: Won, sold: Won) -> Option<Cap> {
        Some(Cap { most: self.most, held: self.held.minus(face)?, sold: self.sold.plus(sold)? })
    }
}

/// What a partner's endpoint is told.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    PurchasePosted,
    PurchaseVoided,
    /// A debit that came after the void has been paid back.
    PurchaseRefunded,
    /// The partner asked for it.
    Test,
}

impl Event {
    pub const ALL: [Event; 4] = [Event::PurchasePosted, Event::PurchaseVoided, Event::PurchaseRefunded, Event::Test];

    /// As stored and as sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Event::PurchasePosted => "purchase.posted",
            Event::PurchaseVoided => "purchase.voided",
            Event::PurchaseRefunded => "purchase.refunded",
            Event::Test => "test",
        }
    }

    pub fn parse(text: &str) -> Option<Event> {
        Event::ALL.into_iter().find(|event| event.as_str() == text)
    }
}

/// How long a message is tried before it is given up.
pub const TRIED_FOR_MS: i64 = 3 * 24 * 60 * 60 * 1_000;
/// Between two tries at most.
const LONGEST_PAUSE_MS: i64 = 6 * 60 * 60 * 1_000;

/// How long to wait after the `tries`-th try (from 1) has failed: 2, 4, 8, ... seconds, at most six hours, and up to a half more by
/// chance (`jitter`, 0 to 1,000), so that what failed together does not come back together.
pub fn pause_ms(tries: i64, jitter: u16) -> i64 {
    let pause_ms = (1_000 << tries.clamp(1, 20)).min(LONGEST_PAUSE_MS);
    pause_ms + pause_ms * i64::from(jitter.min(1_000)) / 2_000
}
