//! The bank over HTTP. The purchase's id is the key of its debit and of its credit, so sending either again moves nothing twice.

use super::{Said, Service};
use app::outside::{Account, Answer, Bank, NoAnswer};
use domain::buying::{BankReason, BankSays};
use domain::{PurchaseId, Won};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

/// What the citizen reads in the bank's own app.
const MEMO: &str = "서울 상품권 Pay+";

pub struct HttpBank {
    service: Service,
}

/// Of a debit, a credit, or an inquiry about one.
#[derive(Deserialize)]
struct Order {
    #[serde(default)]
    status: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    error: String,
}

#[derive(Deserialize)]
struct Linked {
    #[serde(default)]
    account: String,
    #[serde(default)]
    masked: String,
    #[serde(default)]
    reason: String,
}

impl HttpBank {
    pub(super) fn new(service: Service) -> HttpBank {
        HttpBank { service }
    }

    async fn order(&self, path: &str, id: PurchaseId, account: &str, paid: Won) -> BankSays {
        let order = json!({ "id": id.to_string(), "account": account, "amount_won": paid.get(), "memo": MEMO });
        let said = self.service.post::<Order>(path, &order).await;
        understood(path, id, said)
    }

    async fn inquire(&self, path: &str, id: PurchaseId) -> BankSays {
        let said = self.service.get::<Order>(&format!("{path}/{id}")).await;
        understood(path, id, said)
    }
}

const DEBITS: &str = "/bank/v1/debits";
const CREDITS: &str = "/bank/v1/credits";

/// Only what is said in so many words counts; all else is unclear.
fn understood(path: &str, id: PurchaseId, said: Result<Said<Order>, NoAnswer>) -> BankSays {
    let Said { status, body } = match said {
        Ok(said) => said,
        Err(silent) => {
            tracing::warn!(purchase = %id, path, why = silent.why, "the bank did not answer");
            return BankSays::Unclear;
        }
    };
    match (status, body.status.as_str()) {
        (StatusCode::OK, "done") => BankSays::Done,
        (StatusCode::OK | StatusCode::UNPROCESSABLE_ENTITY, "rejected") => BankSays::Rejected(BankReason::parse(&body.reason)),
        (StatusCode::OK, "not_found") => BankSays::NotFound,
        (StatusCode::OK | StatusCode::ACCEPTED, "pending") => BankSays::Unclear,
        _ => {
            if body.error == "id_reused" {
                tracing::error!(purchase = %id, path, "the bank knows this id with another body");
            } else {
                tracing::warn!(purchase = %id, path, %status, "the bank said something that we don't know");
            }
            BankSays::Unclear
        }
    }
}

impl Bank for HttpBank {
    fn verify<'a>(&'a self, bank: &'a str, number: &'a str, holder: &'a str) -> Answer<'a, Result<Option<Account>, NoAnswer>> {
        Box::pin(async move {
            let wish = json!({ "bank": bank, "number": number, "holder": holder });
            let Said { status, body } = self.service.post::<Linked>("/bank/v1/accounts/verify", &wish).await?;
            match status {
                StatusCode::OK if !body.account.is_empty() => Ok(Some(Account { token: body.account, masked: body.masked })),
                StatusCode::UNPROCESSABLE_ENTITY if !body.reason.is_empty() => Ok(None),
                _ => Err(self.service.unknown(status)),
            }
        })
    }

    fn debit<'a>(&'a self, id: PurchaseId, account: &'a str, paid: Won) -> Answer<'a, BankSays> {
        Box::pin(self.order(DEBITS, id, account, paid))
    }

    fn credit<'a>(&'a self, id: PurchaseId, account: &'a str, paid: Won) -> Answer<'a, BankSays> {
        Box::pin(self.order(CREDITS, id, account, paid))
    }

    fn inquire_debit(&self, id: PurchaseId) -> Answer<'_, BankSays> {
        Box::pin(self.inquire(DEBITS, id))
    }

    fn inquire_credit(&self, id: PurchaseId) -> Answer<'_, BankSays> {
        Box::pin(self.inquire(CREDITS, id))
    }
}
