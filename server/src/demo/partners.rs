//! The partner apps of the demo, each with a key that works against this server. Their names are those of real apps; nobody of them has
//! anything to do with it, and the sandbox plays their bank.

use super::DemoError;
use crate::partner::manage::{self, RATE_PER_S};
use app::web::Services;
use domain::partner::{KeyScopes, PartnerName};
use domain::{PartnerId, Timestamp};
use std::fmt::Write;
use store::By;

/// Name, and account at the sandbox's bank.
const PARTNERS: [(&str, &str); 3] = [("T-money Pay", "110-900-000001"), ("Shinhan SOL", "110-900-000002"), ("MoneyTree", "110-900-000003")];
const BANK: &str = "088";

pub struct DemoPartner {
    pub id: PartnerId,
    name: &'static str,
    key: String,
}

/// Those that there are keep the keys that `demo.txt` told of, as long as they are good.
pub async fn make(services: &Services, told_before: &str) -> Result<Vec<DemoPartner>, DemoError> {
    let (store, now) = (&services.store, Timestamp::now());
    let mut known = Vec::new();
    for text in told_before.split_whitespace().filter(|word| word.starts_with("pp_")) {
        if let Ok(proof) = store.partner_key(text, now).await? {
            known.push((proof.partner(), text.to_owned()));
        }
    }
    let mut partners = Vec::new();
    for (name, number) in PARTNERS {
        let parsed = PartnerName::parse(name).ok_or(DemoError::Odd("no name"))?;
        let id = match store.partner_by_name(&parsed).await? {
            Some(id) => id,
            None => manage::make(store, services.bank.as_ref(), &parsed, BANK, number).await?,
        };
        let key = match known.iter().find(|(partner, _)| *partner == id) {
            Some((_, text)) => text.clone(),
            None => store.make_key(By::CommandLine, id, KeyScopes::EVERY, RATE_PER_S, now).await?.map_err(manage::NotDone::from)?.expose(),
        };
        partners.push(DemoPartner { id, name, key });
    }
    Ok(partners)
}

pub fn told(partners: &[DemoPartner]) -> String {
    let mut text = "\n파트너 앱 /partner/docs\n  Authorization: Bearer 뒤에 붙이는 키예요. Keys for the partner API.\n".to_owned();
    for DemoPartner { name, key, .. } in partners {
        // Writing to a string can't fail.
        let _ = writeln!(text, "  {name}  {key}");
    }
    text
}
