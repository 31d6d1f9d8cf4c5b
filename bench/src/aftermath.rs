//! After a measurement: the auditor counts database and bank again, and the witness compares each answer with what became of it.

use crate::Outcome;
use crate::site::Site;
use crate::town::Town;
use crate::witness::Witness;

/// The sandbox's own.
const BANK_KEY: &str = "sandbox-key";

/// What the witness has kept answers of.
#[derive(Clone, Copy)]
pub enum Of {
    Purchases,
    Payments,
}

/// Stops the servers before it, so that all they know is in the database.
pub async fn judge(town: &mut Town, site: &mut Site, witness: &Witness, of: Of) -> Outcome<()> {
    site.stop_servers()?;
    // Of purchases from before it knows nothing.
    let bank_url = (town.before == 0).then(|| site.bank_url.clone());
    let bank = auditor::Options { bank_url, bank_key: BANK_KEY.to_owned(), ..auditor::Options::default() };
    let audit = auditor::audit_with(&town.url, bank).await?;
    println!("auditor on {}: {}", town.engine, if audit.is_clean() { "clean" } else { "VIOLATIONS" });
    if !audit.is_clean() {
        return Err(audit.to_string().into());
    }
    let (states, before) = match of {
        Of::Purchases => (town.purchases().await?, town.before),
        Of::Payments => (town.payments().await?, 0),
    };
    println!("witness on {}: {}", town.engine, witness.compare(&states, before)?);
    Ok(())
}
