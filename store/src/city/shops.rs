//! Shops as the city sees them: who waits to be let in, what it decides, and why. A controller decides; an auditor may look; planners
//! have no business with owners' names.

use super::audit_log::{Action, log, subject};
use super::operators::OperatorProof;
use crate::applications::{Application, application, application_columns, has_another_shop};
use crate::db::{Store, Write};
use crate::error::{Error, Result};
use crate::merchants::{merchant, merchant_columns};
use crate::people::Language;
use crate::row;
use domain::application::{Decision, Reason, ShopRefused, Stage};
use domain::business_number::BusinessNumber;
use domain::merchant::{Merchant, Standing};
use domain::merchant_number::MerchantNumber;
use domain::operator::Role;
use domain::{MerchantId, Timestamp};
use serde_json::json;

/// One thing that the city did to a shop.
#[derive(Clone, PartialEq, Eq)]
pub struct DecisionRow {
    pub decision: Decision,
    /// Empty for good news.
    pub reason: String,
    /// Name of whoever decided. The city's own: shops don't see it.
    pub operator: String,
    pub at: Timestamp,
}

/// A shop as it lies before the city. Personal: it does not debug.
pub struct ShopFile {
    pub shop: Merchant,
    pub business_number: BusinessNumber,
    pub has_payout_account: bool,
    /// Names of its owners.
    pub owners: Vec<String>,
    /// `None`: the shop was not made by one.
    pub application: Option<Application>,
    /// The newest first.
    pub decisions: Vec<DecisionRow>,
}

/// A shop in a list.
#[derive(Clone, PartialEq, Eq)]
pub struct ShopLine {
    pub shop: Merchant,
    pub business_number: BusinessNumber,
    pub submitted_at: Option<Timestamp>,
}

fn may_look(by: &OperatorProof) -> Result<(), ShopRefused> {
    let roles = by.roles();
    if roles.has(Role::Controller) || roles.has(Role::Auditor) { Ok(()) } else { Err(ShopRefused::NotYourRole(Role::Controller)) }
}

impl Store {
    /// Who waits for the city, longest first.
    pub async fn shop_queue(&self, by: &OperatorProof, limit: i64) -> Result<Result<Vec<ShopLine>, ShopRefused>> {
        if let Err(refused) = may_look(by) {
            return Ok(Err(refused));
        }
        let select = concat!(
            "SELECT ",
            merchant_columns!(),
            ", merchant.business_number, submitted_at FROM application JOIN merchant ON merchant.id = application.merchant_id \
             WHERE stage = 'submitted' ORDER BY submitted_at, application.id LIMIT $1"
        );
        let rows = sqlx::query(select).bind(limit).fetch_all(self.reads()).await?;
        Ok(Ok(rows.iter().map(line).collect::<Result<_>>()?))
    }

    /// Shops by their number, their business number, or how their name begins.
    pub async fn find_shops(&self, by: &OperatorProof, asked: &str, limit: i64) -> Result<Result<Vec<ShopLine>, ShopRefused>> {
        if let Err(refused) = may_look(by) {
            return Ok(Err(refused));
        }
        let number = MerchantNumber::parse_typed(asked).map(|number| number.to_string()).unwrap_or_default();
        let business = BusinessNumber::parse(asked).map(BusinessNumber::digits).unwrap_or_default();
        let begins: String =
            asked.trim().chars().take(60).flat_map(|c| ['\\'].into_iter().filter(move |_| "\\%_".contains(c)).chain([c])).collect();
        let select = concat!(
            "SELECT ",
            merchant_columns!(),
            ", merchant.business_number, submitted_at FROM merchant LEFT JOIN application ON application.merchant_id = merchant.id \
             WHERE merchant.number = $1 OR merchant.business_number = $2 OR merchant.name LIKE $3 ESCAPE '\\' ORDER BY merchant.name, merchant.id LIMIT $4"
        );
        let like = if begins.is_empty() { String::new() } else { format!("{begins}%") };
        let select = sqlx::query(select).bind(number).bind(business).bind(like).bind(limit);
        let rows = select.fetch_all(self.reads()).await?;
        Ok(Ok(rows.iter().map(line).collect::<Result<_>>()?))
    }

    /// All that the city knows of a shop.
    pub async fn shop_file(&self, by: &OperatorProof, number: MerchantNumber) -> Result<Result<ShopFile, ShopRefused>> {
        if let Err(refused) = may_look(by) {
            return Ok(Err(refused));
        }
        let select = concat!("SELECT ", merchant_columns!(), ", business_number, payout_account FROM merchant WHERE number = $1");
        let Some(found) = sqlx::query(select).bind(number.to_string()).fetch_optional(self.reads()).await? else {
            return Ok(Err(ShopRefused::NoSuchShop));
        };
        let shop = merchant(&found)?;
        let owners = "SELECT name FROM staff JOIN person ON person.id = staff.person_id WHERE merchant_id = $1 AND role = 'owner' \
                      ORDER BY staff.created_at";
        let owners = sqlx::query(owners).bind(shop.id.0).fetch_all(self.reads()).await?;
        Ok(Ok(ShopFile {
            business_number: row::parsed(&found, "business_number", |text| BusinessNumber::parse(text).ok())?,
            has_payout_account: row::text_if_any(&found, "payout_account")?.is_some(),
            owners: owners.iter().map(|row| row::text(row, "name")).collect::<Result<_>>()?,
            application: self.application_of(shop.id).await?,
            decisions: self.decisions(shop.id).await?,
            shop,
        }))
    }

    /// What the city did to a shop, the newest first. For the shop too.
    pub async fn decisions(&self, shop: MerchantId) -> Result<Vec<DecisionRow>> {
        let select = "SELECT decision, reason, operator.name, at FROM shop_decision \
                      JOIN operator ON operator.id = shop_decision.operator_id WHERE merchant_id = $1 ORDER BY shop_decision.id DESC LIMIT 100";
        let rows = sqlx::query(select).bind(shop.0).fetch_all(self.reads()).await?;
        let decision = |row: &sqlx::any::AnyRow| {
            Ok(DecisionRow {
                decision: row::parsed(row, "decision", Decision::parse)?,
                reason: row::text(row, "reason")?,
                operator: row::text(row, "name")?,
                at: row::time(row, "at")?,
            })
        };
        rows.iter().map(decision).collect()
    }

    /// Decides about a shop as it was looked at: `version` is that of its application, 0 when it has none. Its owners are told by text
    /// message; that it was done stands in the audit log, in the same transaction.
    pub async fn decide_shop(
        &self,
        by: &OperatorProof,
        number: MerchantNumber,
        version: i64,
        (decision, reason): (Decision, Option<&Reason>),
        now: Timestamp,
    ) -> Result<Result<(), ShopRefused>> {
        if !by.roles().has(Role::Controller) {
            return Ok(Err(ShopRefused::NotYourRole(Role::Controller)));
        }
        if decision.needs_reason() && reason.is_none() {
            return Ok(Err(ShopRefused::NoReason));
        }
        let mut write = self.write().await?;
        let shop = match self.take_shop(&mut write, number, version, decision, now).await {
            Ok(Ok(shop)) => shop,
            Ok(Err(refused)) => {
                write.undo().await?;
                return Ok(Err(refused));
            }
            Err(error) if error.is_taken() => {
                write.undo().await?;
                return Ok(Err(ShopRefused::NumberTaken));
            }
            Err(error) => return Err(error),
        };
        let id = self.next_id(now);
        let insert = "INSERT INTO shop_decision (id, merchant_id, decision, reason, operator_id, at) VALUES ($1, $2, $3, $4, $5, $6)";
        let insert = sqlx::query(insert).bind(id).bind(shop.id.0).bind(decision.as_str()).bind(reason.map_or("", Reason::as_str));
        insert.bind(by.id().0).bind(crate::millis(now)).execute(write.tx()).await?;
        self.tell_owners(&mut write, shop.id, |language| message(language, &shop.name, decision), now).await?;
        let action = match decision {
            Decision::Approved => Action::ShopApproved,
            Decision::SentBack => Action::ShopSentBack,
            Decision::Closed => Action::ShopClosed,
            Decision::Reopened => Action::ShopReopened,
        };
        // The reason may name people: the log names the row that holds it.
        let detail = json!({ "number": number.to_string(), "version": version, "decision": id.to_string() });
        log(&mut write, Some(by.id()), action, &subject("shop", shop.id.0), detail, now).await?;
        write.commit().await?;
        Ok(Ok(()))
    }

    /// Locks application and shop, in the order in which they are sent too, judges, and writes where it leads.
    async fn take_shop(
        &self,
        write: &mut Write,
        number: MerchantNumber,
        version: i64,
        decision: Decision,
        now: Timestamp,
    ) -> Result<Result<Merchant, ShopRefused>> {
        let lock = "UPDATE application SET changed_at = changed_at WHERE merchant_id = (SELECT id FROM merchant WHERE number = $1)";
        sqlx::query(lock).bind(number.to_string()).execute(write.tx()).await?;
        let lock = sqlx::query("UPDATE merchant SET standing = standing WHERE number = $1").bind(number.to_string());
        if lock.execute(write.tx()).await?.rows_affected() == 0 {
            return Ok(Err(ShopRefused::NoSuchShop));
        }
        let select = concat!("SELECT ", merchant_columns!(), ", business_number, payout_account FROM merchant WHERE number = $1");
        let found = sqlx::query(select).bind(number.to_string()).fetch_one(write.tx()).await?;
        let shop = merchant(&found)?;
        let select = concat!(
            "SELECT ",
            application_columns!(),
            " FROM application JOIN merchant ON merchant.id = application.merchant_id WHERE application.merchant_id = $1"
        );
        let applied = sqlx::query(select).bind(shop.id.0).fetch_optional(write.tx()).await?.as_ref().map(application).transpose()?;
        if applied.as_ref().map_or(0, |applied| applied.version) != version {
            return Ok(Err(ShopRefused::Changed));
        }
        let waits = applied.as_ref().is_some_and(|applied| applied.stage == Stage::Submitted);
        let is_about_application = decision == Decision::SentBack || (decision == Decision::Approved && applied.is_some());
        let Some(standing) = decision.from(shop.standing) else { return Ok(Err(ShopRefused::In(shop.standing))) };
        if is_about_application && !waits {
            return Ok(Err(ShopRefused::Changed));
        }
        if standing == Standing::Open {
            if row::text_if_any(&found, "payout_account")?.is_none() {
                return Ok(Err(ShopRefused::NotVerified));
            }
            let business = row::parsed(&found, "business_number", |text| BusinessNumber::parse(text).ok())?;
            if has_another_shop(write, business, Some(shop.id)).await? {
                return Ok(Err(ShopRefused::NumberTaken));
            }
        }
        let stage = match decision {
            Decision::Approved | Decision::Reopened => Stage::Approved,
            Decision::SentBack => Stage::SentBack,
            Decision::Closed => Stage::Closed,
        };
        let update = sqlx::query("UPDATE application SET stage = $2, changed_at = $3 WHERE merchant_id = $1").bind(shop.id.0);
        update.bind(stage.as_str()).bind(crate::millis(now)).execute(write.tx()).await?;
        let update = sqlx::query("UPDATE merchant SET standing = $2 WHERE id = $1").bind(shop.id.0).bind(standing.as_str());
        update.execute(write.tx()).await?;
        Ok(Ok(Merchant { standing, ..shop }))
    }
}

fn line(row: &sqlx::any::AnyRow) -> Result<ShopLine, Error> {
    Ok(ShopLine {
        shop: merchant(row)?,
        business_number: row::parsed(row, "business_number", |text| BusinessNumber::parse(text).ok())?,
        submitted_at: row::time_if_any(row, "submitted_at")?,
    })
}

fn message(language: Language, shop: &str, decision: Decision) -> String {
    match (language, decision) {
        (Language::Ko, Decision::Approved) => format!("[Pay+] {shop} 가게가 승인됐어요. 이제 QR로 결제를 받을 수 있어요."),
        (Language::Ko, Decision::SentBack) => format!("[Pay+] {shop} 가게 신청에 고칠 것이 있어요. 가게 화면에서 확인해 주세요."),
        (Language::Ko, Decision::Closed) => format!("[Pay+] {shop} 가게의 결제가 멈췄어요. 가게 화면에서 이유를 확인해 주세요."),
        (Language::Ko, Decision::Reopened) => format!("[Pay+] {shop} 가게가 다시 열렸어요. 결제를 받을 수 있어요."),
        (Language::En, Decision::Approved) => format!("[Pay+] {shop} is approved and can be paid by QR now."),
        (Language::En, Decision::SentBack) => {
            format!("[Pay+] Something needs to be changed in the application of {shop}. See the shop's page.")
        }
        (Language::En, Decision::Closed) => format!("[Pay+] {shop} can't be paid any more. The shop's page says why."),
        (Language::En, Decision::Reopened) => format!("[Pay+] {shop} is open again and can be paid."),
    }
}
