//! `payplus --partner NAME=WHAT`: makes a partner with its first key, or changes something about one, shows secrets once, and ends.
//! Whoever may run this program with the server's key needs nobody's leave; it stands in the audit log.

use crate::config::Config;
use crate::outside;
use app::outside::{Bank, NoAnswer};
use domain::partner::{Endpoint, KeyScopes, Loopback, PartnerName, PartnerRefused};
use domain::{PartnerId, Timestamp};
use std::fmt::Write;
use store::{By, Keys, NewPartner, PartnerRow, Store};

/// Of a new key: far more than a phone app needs, far less than hurts.
pub const RATE_PER_S: u32 = 50;

/// What the command line asks for.
#[derive(Clone, Debug)]
pub struct PartnerOrder {
    pub name: PartnerName,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A new partner, debited from its account at a bank: code and number.
    Make { bank: String, number: String },
    /// One more key.
    Key,
    /// A new key for each that is good; the old ones run out in a day.
    Rotate,
    /// All keys, at once.
    Revoke,
    /// Where it is told. The first one comes with a secret.
    Endpoint(String),
    /// A new secret for it.
    Secret,
}

impl PartnerOrder {
    /// `T-money Pay=088:110-900-000001`, `=key`, `=rotate`, `=revoke`, `=https://...`, `=secret`.
    pub fn parse(text: &str) -> Option<PartnerOrder> {
        let (name, what) = text.split_once('=')?;
        let what = match what.trim() {
            "key" => What::Key,
            "rotate" => What::Rotate,
            "revoke" => What::Revoke,
            "secret" => What::Secret,
            url if url.contains("://") => What::Endpoint(url.to_owned()),
            account => {
                let (bank, number) = account.split_once(':')?;
                What::Make { bank: bank.to_owned(), number: number.to_owned() }
            }
        };
        Some(PartnerOrder { name: PartnerName::parse(name)?, what })
    }
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum NotDone {
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error("no connections to the outside can be made: {0}")]
    Outside(#[from] reqwest::Error),
    #[error(transparent)]
    NoAnswer(#[from] NoAnswer),
    #[error("the bank does not know this account of the partner")]
    NoAccount,
    #[error(transparent)]
    Refused(#[from] PartnerRefused),
}

/// Comes back as what is shown, once.
///
/// # Errors
/// When the database or the bank can't be asked, or what is asked for is not possible.
pub async fn obey(config: &Config, order: &PartnerOrder) -> Result<String, NotDone> {
    let store = Store::open(&config.database_url, Keys::new(config.server_key.expose())).await?;
    let done = obey_in(&store, config, order).await;
    store.close().await;
    done
}

async fn obey_in(store: &Store, config: &Config, PartnerOrder { name, what }: &PartnerOrder) -> Result<String, NotDone> {
    let (now, name_text) = (Timestamp::now(), name.as_str());
    if let What::Make { bank, number } = what {
        let (http, ..) = outside::connect(&config.outside)?;
        let partner = make(store, &http, name, bank, number).await?;
        let key = store.make_key(By::CommandLine, partner, KeyScopes::EVERY, RATE_PER_S, now).await??;
        return Ok(format!("partner {name_text}\n  key: {}\nShown once. The reference is at /partner/docs.", key.expose()));
    }
    let partner = store.partner_by_name(name).await?.ok_or(PartnerRefused::NoSuchPartner)?;
    let mut said = format!("partner {name_text}\n");
    // Writing to a string can't fail.
    match what {
        What::Make { .. } => {}
        What::Key => {
            let key = store.make_key(By::CommandLine, partner, KeyScopes::EVERY, RATE_PER_S, now).await??;
            let _ = writeln!(said, "  key: {}\nShown once.", key.expose());
        }
        What::Rotate => {
            let live = row(store, partner).await?.keys.into_iter().filter(|key| key.revoked_at.is_none() && key.expires_at.is_none());
            for key in live {
                let new = store.rotate_key(By::CommandLine, key.id, now).await??;
                let _ = writeln!(said, "  {} runs out in a day; new key: {}", key.prefix, new.expose());
            }
            said.push_str("Shown once.");
        }
        What::Revoke => {
            for key in row(store, partner).await?.keys.into_iter().filter(|key| key.revoked_at.is_none()) {
                store.revoke_key(By::CommandLine, key.id, now).await??;
                let _ = writeln!(said, "  {} revoked", key.prefix);
            }
        }
        What::Endpoint(url) => {
            let endpoint = Endpoint::parse(url, loopback(config)).ok_or(PartnerRefused::BadEndpoint)?;
            let secret = store.set_endpoint(By::CommandLine, partner, Some(&endpoint), now).await??;
            let secret = secret.map_or_else(|| "as before".to_owned(), |secret| secret.expose());
            let _ = writeln!(said, "  webhooks go to {endpoint}\n  secret: {secret}\nShown once.");
        }
        What::Secret => {
            let secret = store.rotate_webhook_secret(By::CommandLine, partner, now).await??;
            let _ = writeln!(said, "  secret: {}\nShown once. The old one signs beside it for a day.", secret.expose());
        }
    }
    Ok(said.trim_end().to_owned())
}

/// A partner whose account the bank has confirmed, in its own name.
pub(crate) async fn make(store: &Store, http: &dyn Bank, name: &PartnerName, bank: &str, number: &str) -> Result<PartnerId, NotDone> {
    let account = http.verify(bank, number, name.as_str()).await?.ok_or(NotDone::NoAccount)?;
    let new = NewPartner { name, account: &account.token, masked: &account.masked };
    Ok(store.make_partner(&new, Timestamp::now()).await??)
}

/// Partners' endpoints may be on this machine where a sandbox stands behind.
pub(crate) fn loopback(config: &Config) -> Loopback {
    if config.outside.sandbox.is_some() { Loopback::Allowed } else { Loopback::Refused }
}

async fn row(store: &Store, partner: PartnerId) -> Result<PartnerRow, NotDone> {
    let found = store.partners().await?.into_iter().find(|row| row.id == partner);
    Ok(found.ok_or(PartnerRefused::NoSuchPartner)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_says_who_and_what() {
        let what = |text: &str| PartnerOrder::parse(text).map(|order| order.what);
        let make = What::Make { bank: "088".to_owned(), number: "110-900-000001".to_owned() };
        assert_eq!(what("T-money Pay=088:110-900-000001"), Some(make));
        assert_eq!(what("신한 SOL=rotate"), Some(What::Rotate));
        assert_eq!(what("A=https://a.example.com/x?y=z"), Some(What::Endpoint("https://a.example.com/x?y=z".to_owned())));
        for wrong in ["", "A", "=key", "A=", "A=delete", "<A>=key"] {
            assert_eq!(what(wrong), None, "{wrong}");
        }
    }
}
