//! What a shop is told, and the total of its day. The till writes both; here they are read.

use crate::db::Store;
use crate::error::Result;
use crate::row;
use domain::calendar::Day;
use domain::notice::{Event, Notice};
use domain::paying::Code;
use domain::{MerchantId, PaymentId, Timestamp, Won};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

/// Shops that one statement asks about.
const AT_ONCE: usize = 100;

/// A shop's day in Seoul so far.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct DayTotal {
    pub paid_count: i64,
    pub paid: Won,
    pub cancelled_count: i64,
    pub cancelled: Won,
}

impl Store {
    /// The notices after `number`, in order: what a page missed. At most `limit`, the oldest of them.
    pub async fn notices_after(&self, merchant: MerchantId, number: i64, limit: i64) -> Result<Vec<Notice>> {
        let select = "SELECT number, payment_id, event, amount, code, at FROM notice \
                      WHERE merchant_id = $1 AND number > $2 ORDER BY number LIMIT $3";
        let rows = sqlx::query(select).bind(merchant.0).bind(number).bind(limit).fetch_all(self.reads()).await?;
        rows.iter().map(notice).collect()
    }

    /// Newest first.
    pub async fn latest_notices(&self, merchant: MerchantId, limit: i64) -> Result<Vec<Notice>> {
        let select = "SELECT number, payment_id, event, amount, code, at FROM notice \
                      WHERE merchant_id = $1 ORDER BY number DESC LIMIT $2";
        let rows = sqlx::query(select).bind(merchant.0).bind(limit).fetch_all(self.reads()).await?;
        rows.iter().map(notice).collect()
    }

    /// The number of the newest notice; 0 when there was none.
    pub async fn last_number(&self, merchant: MerchantId) -> Result<i64> {
        let select = sqlx::query("SELECT count FROM notice_count WHERE merchant_id = $1").bind(merchant.0);
        select.fetch_optional(self.reads()).await?.map_or(Ok(0), |row| row::int(&row, "count"))
    }

    /// The numbers of the newest notices of many shops; those that have none are left out. For listeners on one node who would
    /// hear of what another node wrote.
    pub async fn last_numbers(&self, merchants: &[MerchantId]) -> Result<Vec<(MerchantId, i64)>> {
        let places = (1..=AT_ONCE).map(|place| format!("${place}")).collect::<Vec<_>>().join(", ");
        let select = format!("SELECT merchant_id, count FROM notice_count WHERE merchant_id IN ({places})");
        let mut numbers = Vec::with_capacity(merchants.len());
        for some in merchants.chunks(AT_ONCE) {
            // One statement for any number of shops: nobody is shop -1.
            let padded = some.iter().map(|merchant| merchant.0).chain(std::iter::repeat(-1)).take(AT_ONCE);
            let query = padded.fold(sqlx::query(AssertSqlSafe(select.as_str())), |query, merchant| query.bind(merchant));
            for row in query.fetch_all(self.reads()).await? {
                numbers.push((MerchantId(row::int(&row, "merchant_id")?), row::int(&row, "count")?));
            }
        }
        Ok(numbers)
    }

    pub async fn today(&self, merchant: MerchantId, now: Timestamp) -> Result<DayTotal> {
        let select = "SELECT paid_count, paid, cancelled_count, cancelled FROM merchant_day WHERE merchant_id = $1 AND day = $2";
        let row = sqlx::query(select).bind(merchant.0).bind(i64::from(Day::of(now).0)).fetch_optional(self.reads()).await?;
        let Some(row) = row else { return Ok(DayTotal::default()) };
        Ok(DayTotal {
            paid_count: row::int(&row, "paid_count")?,
            paid: row::won(&row, "paid")?,
            cancelled_count: row::int(&row, "cancelled_count")?,
            cancelled: row::won(&row, "cancelled")?,
        })
    }
}

fn notice(row: &AnyRow) -> Result<Notice> {
    Ok(Notice {
        number: row::int(row, "number")?,
        payment: PaymentId::from_bytes(&row::bytes(row, "payment_id")?).map_err(|_| row::damaged("payment_id"))?,
        event: row::parsed(row, "event", Event::parse)?,
        amount: row::won(row, "amount")?,
        code: Code::new(row::int(row, "code")?).ok_or_else(|| row::damaged("code"))?,
        at: row::time(row, "at")?,
    })
}
