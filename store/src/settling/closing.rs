//! Settling the shops of a closed day. The day's row is held while some of its shops are settled, and says how far that has come: a
//! second node waits and goes on from there, and so does whoever comes after a crash.

use super::door::day;
use super::{Posting, post};
use crate::db::{Store, Write};
use crate::error::{Error, Result};
use crate::pace::Pace;
use crate::row;
use crate::tokens::random;
use domain::calendar::Day;
use domain::kind::BasisPoints;
use domain::ledger::Transfer;
use domain::settling::{self, DayFigures, Settled};
use domain::{MerchantId, PayoutId, Timestamp, Won};
use sqlx::any::AnyRow;
use std::time::Duration;
use tokio::time::Instant;

/// Shops in one transaction: enough to be quick, few enough that nobody at the till waits long for it.
const SHOPS: usize = 100;
/// Between transactions the till has its turn: paying comes before settling.
const PACE: Pace = Pace::at_least(Duration::from_millis(1));
/// Payments and cancels in one transaction, if it has more than one shop.
const RECEIPTS: i64 = 10_000;

/// What one transaction has settled.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct SomeSettled {
    pub day: Day,
    pub shops: usize,
    /// That was the last of the day.
    pub is_done: bool,
}

/// A shop's day before it is settled.
struct Open {
    merchant: MerchantId,
    figures: DayFigures,
    debt: Won,
    revenue: Won,
    declaration: Option<i64>,
    year_net: i64,
    first_notice: i64,
    last_notice: i64,
    next_notice: i64,
}

/// The shop's last settlement before this day is looked up by its key: it has the debt, where the notices go on, and the year so far.
const OPEN: &str = "SELECT d.merchant_id, d.paid_count, d.paid, d.cancelled_count, d.cancelled, last.debt_after AS debt, \
     last.next_notice AS first_notice, last.year_net, last.day AS last_day, before.year_net AS before_net, \
     said.id AS declaration_id, said.revenue AS declared, \
     (SELECT number FROM notice WHERE merchant_id = d.merchant_id AND number >= COALESCE(last.next_notice, 1) AND at < $4 \
      ORDER BY number DESC LIMIT 1) AS last_notice, \
     (SELECT number FROM notice WHERE merchant_id = d.merchant_id AND number >= COALESCE(last.next_notice, 1) AND at >= $4 \
      ORDER BY number LIMIT 1) AS next_notice \
     FROM merchant_day d \
     LEFT JOIN settlement last ON last.merchant_id = d.merchant_id AND last.day = \
       (SELECT MAX(day) FROM settlement WHERE merchant_id = d.merchant_id AND day < $1) \
     LEFT JOIN settlement before ON before.merchant_id = d.merchant_id AND before.day = \
       (SELECT MAX(day) FROM settlement WHERE merchant_id = d.merchant_id AND day >= $5 AND day < $6) \
     LEFT JOIN revenue_declaration said ON said.id = \
       (SELECT MAX(id) FROM revenue_declaration WHERE merchant_id = d.merchant_id AND year = $7) \
     WHERE d.day = $1 AND d.merchant_id > $2 ORDER BY d.merchant_id LIMIT $3";

impl Store {
    /// Settles some shops of the oldest closed day that is not done, and rests when there are more. `None`: all is done.
    pub async fn settle_some(&self, now: Timestamp) -> Result<Option<SomeSettled>> {
        let select = "SELECT day FROM settlement_day WHERE done_at IS NULL ORDER BY day LIMIT 1";
        let Some(row) = sqlx::query(select).fetch_optional(self.reads()).await? else { return Ok(None) };
        let day = day(row::int(&row, "day")?)?;
        let mut write = self.write().await?;
        let began = Instant::now();
        // Holds the row.
        let lock = "UPDATE settlement_day SET shops = shops WHERE day = $1 AND done_at IS NULL RETURNING last_merchant, pay_on";
        let Some(row) = sqlx::query(lock).bind(i64::from(day.0)).fetch_optional(write.tx()).await? else {
            // Another node was quicker.
            write.undo().await?;
            return Ok(Some(SomeSettled { day, shops: 0, is_done: true }));
        };
        let (after, pay_on) = (row::int(&row, "last_merchant")?, super::door::day(row::int(&row, "pay_on")?)?);
        let (some, is_done) = open(&mut write, day, after).await?;
        settle(self, &mut write, day, pay_on, &some, now).await?;
        let last = some.last().map_or(after, |open| open.merchant.0);
        if !some.is_empty() {
            issue_receipts(&mut write, day, after, last).await?;
        }
        let update = "UPDATE settlement_day SET last_merchant = $2, shops = shops + $3, done_at = $4 WHERE day = $1";
        let update = sqlx::query(update).bind(i64::from(day.0)).bind(last).bind(i64::try_from(some.len()).unwrap_or(0));
        update.bind(is_done.then(|| crate::millis(now))).execute(write.tx()).await?;
        write.commit().await?;
        if !is_done {
            PACE.rest(began).await;
        }
        Ok(Some(SomeSettled { day, shops: some.len(), is_done }))
    }
}

/// The next shops after `after`, and whether they are the last ones.
async fn open(write: &mut Write, day: Day, after: i64) -> Result<(Vec<Open>, bool)> {
    let end = day.span().ok_or_else(|| row::damaged("day"))?.to();
    let year = i64::from(day.0) / 10_000;
    let rows = sqlx::query(OPEN).bind(i64::from(day.0)).bind(after).bind(SHOPS as i64).bind(crate::millis(end));
    let rows = rows.bind((year - 1) * 10_000).bind(year * 10_000).bind(year - 1).fetch_all(write.tx()).await?;
    let mut some = Vec::with_capacity(rows.len());
    let mut receipts = 0;
    for row in &rows {
        let shop = shop(row, year)?;
        receipts += shop.figures.paid_count + shop.figures.cancelled_count;
        if !some.is_empty() && receipts > RECEIPTS {
            return Ok((some, false));
        }
        some.push(shop);
    }
    let is_last = some.len() < SHOPS;
    Ok((some, is_last))
}

fn shop(row: &AnyRow, year: i64) -> Result<Open> {
    use sqlx::Row;
    let optional = |column: &str| -> Result<Option<i64>> { Ok(row.try_get::<Option<i64>, _>(column)?) };
    let figures = DayFigures {
        paid_count: row::int(row, "paid_count")?,
        paid: row::won(row, "paid")?,
        cancelled_count: row::int(row, "cancelled_count")?,
        cancelled: row::won(row, "cancelled")?,
    };
    let net = figures.paid.get() - figures.cancelled.get();
    let so_far = if optional("last_day")?.is_some_and(|last| last / 10_000 == year) { optional("year_net")?.unwrap_or(0) } else { 0 };
    // A year in which more was cancelled than paid had no revenue.
    let seen = optional("before_net")?.unwrap_or(0).max(0);
    let first_notice = optional("first_notice")?.unwrap_or(1);
    let last_notice = optional("last_notice")?.unwrap_or(first_notice - 1);
    Ok(Open {
        merchant: MerchantId(row::int(row, "merchant_id")?),
        figures,
        debt: Won::new(optional("debt")?.unwrap_or(0)).map_err(|_| row::damaged("debt_after"))?,
        revenue: Won::new(optional("declared")?.unwrap_or(seen)).map_err(|_| row::damaged("revenue"))?,
        declaration: optional("declaration_id")?,
        year_net: so_far + net,
        first_notice,
        last_notice,
        next_notice: optional("next_notice")?.unwrap_or(last_notice + 1),
    })
}

async fn settle(store: &Store, write: &mut Write, day: Day, pay_on: Day, some: &[Open], now: Timestamp) -> Result<()> {
    let now_ms = crate::millis(now);
    let mut settled = Vec::with_capacity(some.len());
    for open in some {
        let rate = settling::fee_rate(open.revenue);
        let figures = settling::settle(&open.figures, open.debt, rate).ok_or_else(|| Error::damaged("a day beyond all money"))?;
        settled.push((open, rate, figures));
    }
    insert_settlements(write, day, pay_on, &settled, now_ms).await?;
    let (mut postings, mut payouts) = (Vec::new(), Vec::new());
    for (open, _, figures) in &settled {
        if figures.payout.is_zero() {
            continue;
        }
        let payout = PayoutId::from_parts(now_ms.unsigned_abs(), random());
        let transfer = Transfer::settle(open.merchant, figures).map_err(Error::damaged)?;
        let subject = payout.uuid().as_bytes().to_vec();
        postings.push(Posting { id: store.next_id(now), subject: subject.clone(), transfer });
        payouts.push((subject, open.merchant, figures.payout));
    }
    post(write, &postings, now_ms).await?;
    if payouts.is_empty() {
        return Ok(());
    }
    let due_ms = crate::millis(settling::pays_at(pay_on));
    let sql = format!("INSERT INTO payout (id, merchant_id, day, amount, state, due_at) VALUES {}", row::lists(1, payouts.len(), 6));
    let insert = payouts.into_iter().fold(sqlx::query(sqlx::AssertSqlSafe(sql)), |query, (id, merchant, amount)| {
        query.bind(id).bind(merchant.0).bind(i64::from(day.0)).bind(amount.get()).bind("waiting").bind(due_ms)
    });
    insert.execute(write.tx()).await?;
    Ok(())
}

async fn insert_settlements(
    write: &mut Write,
    day: Day,
    pay_on: Day,
    settled: &[(&Open, BasisPoints, Settled)],
    now_ms: i64,
) -> Result<()> {
    if settled.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "INSERT INTO settlement (merchant_id, day, paid_count, paid, cancelled_count, cancelled, debt_before, revenue, declaration_id, \
         fee_bp, fee, payout, debt_after, year_net, pay_on, first_notice, last_notice, next_notice, settled_at) VALUES {}",
        row::lists(1, settled.len(), 19)
    );
    let insert = settled.iter().fold(sqlx::query(sqlx::AssertSqlSafe(sql)), |query, (open, rate, figures)| {
        let query = query.bind(open.merchant.0).bind(i64::from(day.0)).bind(open.figures.paid_count).bind(open.figures.paid.get());
        let query = query.bind(open.figures.cancelled_count).bind(open.figures.cancelled.get()).bind(open.debt.get());
        let query = query.bind(open.revenue.get()).bind(open.declaration).bind(i64::from(rate.0)).bind(figures.fee.get());
        let query = query.bind(figures.payout.get()).bind(figures.debt.get()).bind(open.year_net).bind(i64::from(pay_on.0));
        query.bind(open.first_notice).bind(open.last_notice).bind(open.next_notice).bind(now_ms)
    });
    insert.execute(write.tx()).await?;
    Ok(())
}

/// Of the shops that were just settled.
async fn issue_receipts(write: &mut Write, day: Day, after: i64, last: i64) -> Result<()> {
    let span = day.span().ok_or_else(|| row::damaged("day"))?;
    let insert = "INSERT INTO cash_receipt (merchant_id, number, day, payment_id, event, amount, issued_at) \
                  SELECT n.merchant_id, n.number, s.day, n.payment_id, CASE WHEN n.event = 'paid' THEN 'issued' ELSE 'voided' END, \
                  n.amount, n.at FROM merchant_day d JOIN settlement s ON s.merchant_id = d.merchant_id AND s.day = d.day \
                  JOIN notice n ON n.merchant_id = s.merchant_id AND n.number >= s.first_notice AND n.number <= s.last_notice \
                  WHERE d.day = $1 AND d.merchant_id > $2 AND d.merchant_id <= $3 AND n.at >= $4 AND n.at < $5";
    let insert = sqlx::query(insert).bind(i64::from(day.0)).bind(after).bind(last);
    insert.bind(crate::millis(span.from())).bind(crate::millis(span.to())).execute(write.tx()).await?;
    Ok(())
}
