//! Partner apps: other doors to the same sale. A request of theirs is proven by a key ([`KeyProof`]); whom they brought is proven by the
//! name that they were given for that person ([`Customer`]). Their purchases go through the same till as everybody's.
//!
//! - `keys`: the keys, kept as keyed hashes; `making`: partners, and what an operator or the command line does to keys.
//! - `customers`: people that a partner introduces; `buying`: what it buys for them.
//! - `caps`: what one partner may sell of a window.
//! - `endpoints`: where it wants to be told, and the secrets that sign it; `webhooks`: what it is told, and each try.
//! - `list`: all of it as the console shows it.

mod buying;
mod caps;
mod customers;
mod endpoints;
mod keys;
mod list;
mod making;
mod webhooks;

pub use buying::ThroughPartner;
pub use customers::{Customer, CustomerRef};
pub use endpoints::WebhookSecret;
pub use keys::{KeyProof, KeyRefused, NewKey};
pub use list::{CapRow, KeyRow, PartnerRow};
pub use making::{By, NewPartner};
pub use webhooks::{AfterTry, Told, Tried, Webhook};
