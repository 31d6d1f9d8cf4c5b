//! The bank over HTTP. The purchase's id is the key of its debit and of its credit, the id of a try that of a payout, so
//! sending any of them again moves nothing twice.

use super::{Said, Service};
use app::outside::{Account, Answer, Bank, NoAnswer};
use domain::application::WonCode;
use domain::buying::{BankReason, BankSays};
use domain::calendar::Day;
use domain::{PayoutCheckId, PayoutTryId, PurchaseId, RefundId, Timestamp, Won};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use std::fmt::Display;
use store::BankLine;

/// What people read in the bank's own app.
const MEMO: &str = "서울 상품권 Pay+";
const REFUND_MEMO: &str = "서울 상품권 Pay+ 환불";

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

/// A line of the bank's own list.
#[derive(Deserialize)]
struct Moved {
    seq: i64,
    kind: String,
    id: uuid::Uuid,
    amount_won: i64,
    at: Timestamp,
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

    /// `memo`: what the account's owner reads.
    async fn order(&self, path: &str, id: impl Display, account: &str, amount: Won, memo: &str) -> BankSays {
        let order = json!({ "id": id.to_string(), "account": account, "amount_won": amount.get(), "memo": memo });
        let said = self.service.post::<Order>(path, &order).await;
        understood(path, id, said)
    }

    async fn inquire(&self, path: &str, id: impl Display) -> BankSays {
        let said = self.service.get::<Order>(&format!("{path}/{id}")).await;
        understood(path, id, said)
    }
}

const DEBITS: &str = "/bank/v1/debits";
const CREDITS: &str = "/bank/v1/credits";

/// Only what is said in so many words counts; all else is unclear.
fn understood(path: &str, id: impl Display, said: Result<Said<Order>, NoAnswer>) -> BankSays {
    let Said { status, body } = match said {
        Ok(said) => said,
        Err(silent) => {
            tracing::warn!(order = %id, path, why = silent.why, "the bank did not answer");
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
                tracing::error!(order = %id, path, "the bank knows this id with another body");
            } else {
                tracing::warn!(order = %id, path, %status, "the bank said something that we don't know");
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
        Box::pin(self.order(DEBITS, id, account, paid, MEMO))
    }

    fn credit<'a>(&'a self, id: PurchaseId, account: &'a str, paid: Won) -> Answer<'a, BankSays> {
        Box::pin(self.order(CREDITS, id, account, paid, MEMO))
    }

    fn refund<'a>(&'a self, id: RefundId, account: &'a str, back: Won) -> Answer<'a, BankSays> {
        Box::pin(self.order(CREDITS, id, account, back, REFUND_MEMO))
    }

    fn send_one_won<'a>(&'a self, id: PayoutCheckId, account: &'a str, code: WonCode) -> Answer<'a, BankSays> {
        Box::pin(async move { self.order(CREDITS, id, account, Won::of(1), &code.sender()).await })
    }

    fn inquire_debit(&self, id: PurchaseId) -> Answer<'_, BankSays> {
        Box::pin(self.inquire(DEBITS, id))
    }

    fn inquire_credit(&self, id: PurchaseId) -> Answer<'_, BankSays> {
        Box::pin(self.inquire(CREDITS, id))
    }

    fn pay_out<'a>(&'a self, id: PayoutTryId, account: &'a str, amount: Won, day: Day) -> Answer<'a, BankSays> {
        Box::pin(async move {
            // Part of what the bank compares when it is sent again: made of what never changes.
            let memo = format!("{MEMO} 정산 {}", day.0);
            self.order(CREDITS, id, account, amount, &memo).await
        })
    }

    fn inquire_payout(&self, id: PayoutTryId) -> Answer<'_, BankSays> {
        Box::pin(self.inquire(CREDITS, id))
    }

    fn lines(&self, after: i64) -> Answer<'_, Result<Vec<BankLine>, NoAnswer>> {
        Box::pin(async move {
            let Said { status, body } = self.service.get_list::<Vec<Moved>>(&format!("/bank/v1/transactions?after={after}")).await?;
            if status != StatusCode::OK {
                return Err(self.service.unknown(status));
            }
            let line = |moved: Moved| BankLine {
                seq: moved.seq,
                is_debit: moved.kind == "debit",
                order: moved.id,
                amount: moved.amount_won,
                moved_at: moved.at,
            };
            Ok(body.into_iter().map(line).collect())
        })
    }
}
