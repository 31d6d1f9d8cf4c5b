//! What the city sees and does: totals, payouts that don't get through, and the yearly revenue of a shop as the tax office knows it.

use super::door::day;
use crate::city::{Action, OperatorProof, log, subject};
use crate::db::Store;
use crate::error::Result;
use crate::merchants::{merchant, merchant_columns};
use crate::row;
use domain::calendar::Day;
use domain::merchant::Merchant;
use domain::operator::Role;
use domain::plan::PlanRefused;
use domain::settling::payout::PayoutState;
use domain::{MerchantId, Timestamp, Won};
use serde_json::json;

/// A settled day over all shops.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct DeskTotals {
    pub day: Day,
    pub pay_on: Day,
    pub is_done: bool,
    pub shops: i64,
    pub paid: Won,
    pub cancelled: Won,
    pub fee: Won,
    pub payout: Won,
    /// Of the payouts.
    pub arrived: Won,
}

/// A payout that was rejected, has no answer, or is stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotPaid {
    pub merchant: Merchant,
    pub day: Day,
    pub amount: Won,
    pub state: PayoutState,
    pub reason: Option<String>,
    pub tries: i64,
    pub due_at: Option<Timestamp>,
}

/// Stopped, or tried again or asked about.
macro_rules! not_paid {
    () => {
        "(SELECT * FROM payout WHERE state = 'stopped' \
         UNION ALL SELECT * FROM payout WHERE due_at IS NOT NULL AND (state = 'unknown' OR rejections > 0)) p"
    };
}

impl Store {
    /// The last days that were closed, newest first.
    pub async fn settled_days(&self, most: i64) -> Result<Vec<DeskTotals>> {
        let select = "SELECT d.day, d.pay_on, CAST(CASE WHEN d.done_at IS NULL THEN 0 ELSE 1 END AS BIGINT) AS is_done, d.shops, \
                      CAST(COALESCE(SUM(s.paid), 0) AS BIGINT) AS paid, CAST(COALESCE(SUM(s.cancelled), 0) AS BIGINT) AS cancelled, \
                      CAST(COALESCE(SUM(s.fee), 0) AS BIGINT) AS fee, CAST(COALESCE(SUM(s.payout), 0) AS BIGINT) AS payout, \
                      CAST(COALESCE(SUM(CASE WHEN p.state = 'paid' THEN p.amount ELSE 0 END), 0) AS BIGINT) AS arrived \
                      FROM (SELECT * FROM settlement_day ORDER BY day DESC LIMIT $1) d \
                      LEFT JOIN merchant_day m ON m.day = d.day \
                      LEFT JOIN settlement s ON s.merchant_id = m.merchant_id AND s.day = m.day \
                      LEFT JOIN payout p ON p.merchant_id = s.merchant_id AND p.day = s.day \
                      GROUP BY d.day, d.pay_on, d.done_at, d.shops ORDER BY d.day DESC";
        let rows = sqlx::query(select).bind(most).fetch_all(self.reads()).await?;
        let total = |row: &sqlx::any::AnyRow| -> Result<DeskTotals> {
            Ok(DeskTotals {
                day: day(row::int(row, "day")?)?,
                pay_on: day(row::int(row, "pay_on")?)?,
                is_done: row::int(row, "is_done")? != 0,
                shops: row::int(row, "shops")?,
                paid: row::won(row, "paid")?,
                cancelled: row::won(row, "cancelled")?,
                fee: row::won(row, "fee")?,
                payout: row::won(row, "payout")?,
                arrived: row::won(row, "arrived")?,
            })
        };
        rows.iter().map(total).collect()
    }

    /// Payouts that somebody should look at: stopped ones first, then those that are tried again or asked about.
    pub async fn payouts_not_paid(&self, most: i64) -> Result<Vec<NotPaid>> {
        let select = concat!(
            "SELECT p.day, p.amount, p.state, p.reason, p.due_at, (SELECT COUNT(*) FROM payout_try WHERE payout_id = p.id) AS tries, ",
            merchant_columns!(),
            " FROM ",
            not_paid!(),
            " JOIN merchant ON merchant.id = p.merchant_id ORDER BY CASE WHEN p.state = 'stopped' THEN 0 ELSE 1 END, p.day, merchant.id LIMIT $1"
        );
        let rows = sqlx::query(select).bind(most).fetch_all(self.reads()).await?;
        let not_paid = |row: &sqlx::any::AnyRow| -> Result<NotPaid> {
            Ok(NotPaid {
                merchant: merchant(row)?,
                day: day(row::int(row, "day")?)?,
                amount: row::won(row, "amount")?,
                state: row::parsed(row, "state", PayoutState::parse)?,
                reason: row::text_if_any(row, "reason")?,
                tries: row::int(row, "tries")?,
                due_at: row::time_if_any(row, "due_at")?,
            })
        };
        rows.iter().map(not_paid).collect()
    }

    /// How many those are in all.
    pub async fn count_payouts_not_paid(&self) -> Result<i64> {
        let row = sqlx::query(concat!("SELECT COUNT(*) AS count FROM ", not_paid!())).fetch_one(self.reads()).await?;
        row::int(&row, "count")
    }

    /// The city declares what a shop earned in a year, by the tax office's figure. It counts from the next close on.
    pub async fn declare_revenue(
        &self,
        by: &OperatorProof,
        merchant: MerchantId,
        year: i16,
        revenue: Won,
        now: Timestamp,
    ) -> Result<Result<(), PlanRefused>> {
        if let Err(refused) = by.needs(Role::Controller) {
            return Ok(Err(refused));
        }
        let mut write = self.write().await?;
        let insert = "INSERT INTO revenue_declaration (id, merchant_id, year, revenue, operator_id, declared_at) \
                      VALUES ($1, $2, $3, $4, $5, $6)";
        let insert = sqlx::query(insert).bind(self.next_id(now)).bind(merchant.0).bind(i64::from(year)).bind(revenue.get());
        insert.bind(by.id().0).bind(crate::millis(now)).execute(write.tx()).await?;
        let detail = json!({ "year": year, "revenue": revenue.get() });
        log(&mut write, Some(by.id()), Action::RevenueDeclared, &subject("shop", merchant.0), detail, now).await?;
        write.commit().await?;
        Ok(Ok(()))
    }
}
