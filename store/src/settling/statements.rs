//! What a shop sees of its settlements. For managers and owners.

use super::door::day;
use crate::db::Store;
use crate::error::Result;
use crate::row;
use crate::staff::StaffProof;
use domain::calendar::Day;
use domain::kind::BasisPoints;
use domain::merchant::Role;
use domain::settling::payout::PayoutState;
use domain::settling::{DayFigures, Settled};
use domain::{MerchantId, PaymentId, Timestamp, Won};
use sqlx::Row;
use sqlx::any::AnyRow;

/// Settlements on one page.
const MOST: i64 = 100;

/// A settled day and its payout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettlementRow {
    pub day: Day,
    pub figures: DayFigures,
    pub debt_before: Won,
    /// Of the calendar year before, which the rate goes by.
    pub revenue: Won,
    pub is_declared: bool,
    pub fee_rate: BasisPoints,
    pub settled: Settled,
    pub pay_on: Day,
    /// `None`: there was nothing to pay.
    pub payout: Option<PayoutRow>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayoutRow {
    pub state: PayoutState,
    /// Why the bank did not pay, if it did not: a name that `BankReason` knows, or "no_account".
    pub reason: Option<String>,
    pub rejections: i64,
    /// Of the next try.
    pub due_at: Option<Timestamp>,
    pub paid_at: Option<Timestamp>,
}

/// A day that is not settled yet.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct UnsettledDay {
    pub day: Day,
    pub figures: DayFigures,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ReceiptEvent {
    Issued,
    /// In full or in part, by a cancel.
    Voided,
}

impl ReceiptEvent {
    fn parse(text: &str) -> Option<ReceiptEvent> {
        match text {
            "issued" => Some(ReceiptEvent::Issued),
            "voided" => Some(ReceiptEvent::Voided),
            _ => None,
        }
    }
}

/// A line of a statement: a payment or a cancel of the day, with its cash receipt.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct ReceiptRow {
    /// Of the notice, and so of the receipt.
    pub number: i64,
    pub payment: PaymentId,
    pub event: ReceiptEvent,
    pub amount: Won,
    pub at: Timestamp,
}

macro_rules! settlement_columns {
    () => {
        "SELECT s.day, s.paid_count, s.paid, s.cancelled_count, s.cancelled, s.debt_before, s.revenue, s.declaration_id, s.fee_bp, s.fee, \
         s.payout, s.debt_after, s.pay_on, p.state, p.reason, p.rejections, p.due_at, p.paid_at FROM settlement s \
         LEFT JOIN payout p ON p.merchant_id = s.merchant_id AND p.day = s.day "
    };
}

impl Store {
    /// The settlements of a shop before a day (`None`: the newest), newest first, at most a hundred. None for cashiers.
    pub async fn settlements(&self, by: &StaffProof, before: Option<Day>, most: i64) -> Result<Vec<SettlementRow>> {
        let Some(merchant) = may_see(by) else { return Ok(Vec::new()) };
        let select = concat!(settlement_columns!(), "WHERE s.merchant_id = $1 AND s.day < $2 ORDER BY s.day DESC LIMIT $3");
        let select = sqlx::query(select).bind(merchant.0).bind(before.map_or(i64::from(i32::MAX), |day| i64::from(day.0)));
        select.bind(most.clamp(1, MOST)).fetch_all(self.reads()).await?.iter().map(settlement).collect()
    }

    /// One of them.
    pub async fn settlement(&self, by: &StaffProof, day: Day) -> Result<Option<SettlementRow>> {
        let Some(merchant) = may_see(by) else { return Ok(None) };
        let select = sqlx::query(concat!(settlement_columns!(), "WHERE s.merchant_id = $1 AND s.day = $2"));
        let row = select.bind(merchant.0).bind(i64::from(day.0)).fetch_optional(self.reads()).await?;
        row.as_ref().map(settlement).transpose()
    }

    /// Where the money of a day has gone, masked. `None`: nothing was paid out, or to an account that was known before shops proved theirs.
    pub async fn paid_to(&self, by: &StaffProof, day: Day) -> Result<Option<String>> {
        let Some(merchant) = may_see(by) else { return Ok(None) };
        let select = "SELECT c.masked FROM payout p JOIN payout_try t ON t.payout_id = p.id AND t.state = 'done' \
                      JOIN application a ON a.merchant_id = p.merchant_id \
                      JOIN payout_check c ON c.application_id = a.id AND c.account = t.account \
                      WHERE p.merchant_id = $1 AND p.day = $2 ORDER BY c.created_at DESC LIMIT 1";
        let row = sqlx::query(select).bind(merchant.0).bind(i64::from(day.0)).fetch_optional(self.reads()).await?;
        row.map(|row| row::text(&row, "masked")).transpose()
    }

    /// The payments and cancels of a settled day with numbers above `after`, in order.
    pub async fn receipts(&self, by: &StaffProof, day: Day, after: i64, most: i64) -> Result<Vec<ReceiptRow>> {
        let Some(merchant) = may_see(by) else { return Ok(Vec::new()) };
        let select = "SELECT r.number, r.payment_id, r.event, r.amount, r.issued_at FROM settlement s JOIN cash_receipt r \
                      ON r.merchant_id = s.merchant_id AND r.number >= s.first_notice AND r.number <= s.last_notice AND r.day = s.day \
                      WHERE s.merchant_id = $1 AND s.day = $2 AND r.number > $3 ORDER BY r.number LIMIT $4";
        let select = sqlx::query(select).bind(merchant.0).bind(i64::from(day.0)).bind(after).bind(most);
        select.fetch_all(self.reads()).await?.iter().map(receipt).collect()
    }

    /// The days that are still to be settled, newest first: today, and those that were just closed.
    pub async fn unsettled_days(&self, by: &StaffProof) -> Result<Vec<UnsettledDay>> {
        let Some(merchant) = may_see(by) else { return Ok(Vec::new()) };
        let select = "SELECT day, paid_count, paid, cancelled_count, cancelled FROM merchant_day WHERE merchant_id = $1 \
                      AND day > COALESCE((SELECT MAX(day) FROM settlement WHERE merchant_id = $1), 0) ORDER BY day DESC";
        let rows = sqlx::query(select).bind(merchant.0).fetch_all(self.reads()).await?;
        rows.iter().map(|row| Ok(UnsettledDay { day: day(row::int(row, "day")?)?, figures: figures(row)? })).collect()
    }

    /// The business number of a shop, for its statement.
    pub async fn business_number(&self, by: &StaffProof) -> Result<String> {
        let select = sqlx::query("SELECT business_number FROM merchant WHERE id = $1").bind(by.merchant().0);
        row::text(&select.fetch_one(self.reads()).await?, "business_number")
    }
}

fn may_see(by: &StaffProof) -> Option<MerchantId> {
    (by.role() >= Role::Manager).then(|| by.merchant())
}

fn figures(row: &AnyRow) -> Result<DayFigures> {
    Ok(DayFigures {
        paid_count: row::int(row, "paid_count")?,
        paid: row::won(row, "paid")?,
        cancelled_count: row::int(row, "cancelled_count")?,
        cancelled: row::won(row, "cancelled")?,
    })
}

fn settlement(row: &AnyRow) -> Result<SettlementRow> {
    let payout = match row::text_if_any(row, "state")? {
        None => None,
        Some(state) => Some(PayoutRow {
            state: PayoutState::parse(&state).ok_or_else(|| row::damaged("payout.state"))?,
            reason: row::text_if_any(row, "reason")?,
            rejections: row::int(row, "rejections")?,
            due_at: row::time_if_any(row, "due_at")?,
            paid_at: row::time_if_any(row, "paid_at")?,
        }),
    };
    Ok(SettlementRow {
        day: day(row::int(row, "day")?)?,
        figures: figures(row)?,
        debt_before: row::won(row, "debt_before")?,
        revenue: row::won(row, "revenue")?,
        is_declared: row.try_get::<Option<i64>, _>("declaration_id")?.is_some(),
        fee_rate: row::basis_points(row, "fee_bp")?,
        settled: Settled { fee: row::won(row, "fee")?, payout: row::won(row, "payout")?, debt: row::won(row, "debt_after")? },
        pay_on: day(row::int(row, "pay_on")?)?,
        payout,
    })
}

fn receipt(row: &AnyRow) -> Result<ReceiptRow> {
    Ok(ReceiptRow {
        number: row::int(row, "number")?,
        payment: PaymentId::from_bytes(&row::bytes(row, "payment_id")?).map_err(|_| row::damaged("payment_id"))?,
        event: row::parsed(row, "event", ReceiptEvent::parse)?,
        amount: row::won(row, "amount")?,
        at: row::time(row, "issued_at")?,
    })
}
