//! The server functions of the console's pages of shops. Who may look and decide is judged in the store.

use super::Operator;
use crate::Error;
use domain::application::{About, Decision, Stage};
use domain::merchant::Merchant;
use domain::{PhotoId, Timestamp};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Rows of a list.
#[cfg(feature = "ssr")]
const ROWS: i64 = 100;

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct CityShops {
    pub who: Operator,
    pub queue: Vec<Line>,
    /// What was looked for, and what was found.
    pub found: Option<(String, Vec<Line>)>,
    pub now: Timestamp,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    pub shop: Merchant,
    pub business_number: String,
    pub submitted_at: Option<Timestamp>,
}

/// A shop as it lies before the city. Personal: it does not debug.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct File {
    pub who: Operator,
    pub shop: Merchant,
    pub business_number: String,
    pub owners: Vec<String>,
    /// As it was sent; `None`: the shop was not made by an application.
    pub about: Option<About>,
    pub stage: Option<Stage>,
    pub version: i64,
    pub photo: Option<PhotoId>,
    /// Masked, of the application.
    pub payout: Option<String>,
    pub has_payout_account: bool,
    pub decisions: Vec<(Decision, String, String, Timestamp)>,
    pub now: Timestamp,
}

#[server(prefix = "/api", endpoint = "city/shops/list")]
pub async fn load_shops(#[server(default)] find: String) -> Result<CityShops, Error> {
    use crate::web::{answer, now, operator, services};
    answer(async {
        let (who, store) = (operator().await?, services().store);
        let line = |row: store::ShopLine| Line {
            shop: row.shop,
            business_number: row.business_number.to_string(),
            submitted_at: row.submitted_at,
        };
        let queue = store.shop_queue(&who, ROWS).await??.into_iter().map(line).collect();
        let find: String = find.trim().chars().take(60).collect();
        let found = match find.is_empty() {
            true => None,
            false => Some((find.clone(), store.find_shops(&who, &find, ROWS).await??.into_iter().map(line).collect())),
        };
        Ok(CityShops { who: Operator::from(&who), queue, found, now: now() })
    })
    .await
}

#[server(prefix = "/api", endpoint = "city/shops/get")]
pub async fn load_shop_file(number: String) -> Result<File, Error> {
    use crate::web::{answer, now, operator, services};
    use domain::application::ShopRefused;
    use domain::merchant_number::MerchantNumber;
    answer(async {
        let (who, store) = (operator().await?, services().store);
        let number = MerchantNumber::parse(&number).map_err(|_| ShopRefused::NoSuchShop)?;
        let file = store.shop_file(&who, number).await??;
        let application = file.application;
        let decision = |row: store::DecisionRow| (row.decision, row.reason, row.operator, row.at);
        Ok(File {
            who: Operator::from(&who),
            business_number: file.business_number.to_string(),
            owners: file.owners,
            stage: application.as_ref().map(|one| one.stage),
            version: application.as_ref().map_or(0, |one| one.version),
            photo: application.as_ref().and_then(|one| one.photo),
            payout: application.as_ref().and_then(|one| one.payout.clone()),
            about: application.and_then(|one| one.about),
            has_payout_account: file.has_payout_account,
            decisions: file.decisions.into_iter().map(decision).collect(),
            shop: file.shop,
            now: now(),
        })
    })
    .await
}

/// For controllers. `version` is that of the application that was looked at.
#[server(prefix = "/api", endpoint = "city/shops/decide")]
pub async fn decide_shop(number: String, version: i64, decision: String, #[server(default)] reason: String) -> Result<(), Error> {
    use crate::web::{answer, go, now, operator, services};
    use domain::application::{Reason, ShopRefused};
    use domain::merchant_number::MerchantNumber;
    answer(async {
        let who = operator().await?;
        let number = MerchantNumber::parse(&number).map_err(|_| ShopRefused::NoSuchShop)?;
        let decision = Decision::parse(&decision).ok_or(Error::BadRequest)?;
        let services = services();
        let reason = Reason::parse(&reason).filter(|_| decision.needs_reason());
        services.store.decide_shop(&who, number, version, (decision, reason.as_ref()), now()).await??;
        services.outbox.notify_one();
        go(&format!("/city/shops/{number}?done={}", decision.as_str()));
        Ok(())
    })
    .await
}
