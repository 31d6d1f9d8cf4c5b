//! A shop's payments, found: its notices are walked by their numbers, which is their primary key, between the numbers that the hours of the
//! days remember. No payer is told.

use super::look::tally;
use crate::db::Store;
use crate::error::Result;
use crate::row;
use crate::staff::StaffProof;
use domain::ledger::Account;
use domain::paying::Code;
use domain::takings::ShopPayment;
use domain::takings::filter::{Kept, PaymentFilter, Wanted};
use domain::{KindId, LotId, MerchantId, PaymentId};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

/// Notices that one page looks through for what fits a filter; whoever looks for a needle goes on.
const LOOKED_THROUGH: i64 = 20_000;

/// Where a page begins.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// Newest first, those before this notice.
    Before(i64),
    /// Oldest first, those after this notice.
    After(i64),
}

impl Page {
    pub const NEWEST: Page = Page::Before(i64::MAX);
    pub const OLDEST: Page = Page::After(0);
}

/// Some of the payments that were asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShopPayments {
    pub rows: Vec<ShopPayment>,
    /// Where the next page begins; `None`: there is none. A page may be short, even empty, and there is more all the same.
    pub next: Option<Page>,
}

impl Store {
    /// The payments of a shop that fit the filter, at most `limit`.
    pub async fn shop_payments(&self, proof: &StaffProof, filter: &PaymentFilter, page: Page, limit: i64) -> Result<ShopPayments> {
        let shop = proof.merchant();
        let mut snapshot = self.snapshot().await?;
        let (first, last) = numbers(&mut snapshot, shop, filter).await?;
        let (low, high) = match page {
            Page::Before(number) => {
                let high = last.min(number.saturating_sub(1));
                (first.max(high.saturating_sub(LOOKED_THROUGH - 1)), high)
            }
            Page::After(number) => {
                let low = first.max(number.saturating_add(1));
                (low, last.min(low.saturating_add(LOOKED_THROUGH - 1)))
            }
        };
        if low > high {
            snapshot.commit().await?;
            return Ok(ShopPayments { rows: Vec::new(), next: None });
        }
        let rows = find(&mut snapshot, shop, filter, page, (low, high), limit).await?;
        snapshot.commit().await?;
        let is_full = i64::try_from(rows.len()).unwrap_or(i64::MAX) >= limit;
        let next = match (page, rows.last()) {
            (Page::Before(_), Some(row)) if is_full => Some(Page::Before(row.number)),
            (Page::After(_), Some(row)) if is_full => Some(Page::After(row.number)),
            (Page::Before(_), _) if low > first => Some(Page::Before(low)),
            (Page::After(_), _) if high < last => Some(Page::After(high)),
            _ => None,
        };
        Ok(ShopPayments { rows, next })
    }
}

/// The first and the last notice that may be of these days. What is not counted yet is newer than everything that is.
async fn numbers(connection: &mut AnyConnection, shop: MerchantId, filter: &PaymentFilter) -> Result<(i64, i64)> {
    let counted = tally(connection, shop).await?;
    let newest = sqlx::query("SELECT count FROM notice_count WHERE merchant_id = $1").bind(shop.0).fetch_optional(&mut *connection).await?;
    let newest = newest.map_or(Ok(0), |row| row::int(&row, "count"))?;
    let select = "SELECT COALESCE(MIN(first_number), 0) AS first, COALESCE(MAX(last_number), 0) AS last, \
                    (SELECT COALESCE(MAX(day), 0) FROM shop_hour WHERE merchant_id = $1) AS day \
                  FROM shop_hour WHERE merchant_id = $1 AND day >= $2 AND day <= $3";
    let select = sqlx::query(select).bind(shop.0).bind(i64::from(filter.days.from().0)).bind(i64::from(filter.days.to().0));
    let row = select.fetch_one(connection).await?;
    let (first, last, day) = (row::int(&row, "first")?, row::int(&row, "last")?, row::int(&row, "day")?);
    let is_open = i64::from(filter.days.to().0) >= day;
    Ok(match (first, is_open) {
        (0, true) => (counted + 1, newest),
        (0, false) => (1, 0),
        (first, true) => (first, newest),
        (first, false) => (first, last),
    })
}

async fn find(
    connection: &mut AnyConnection,
    shop: MerchantId,
    filter: &PaymentFilter,
    page: Page,
    (low, high): (i64, i64),
    limit: i64,
) -> Result<Vec<ShopPayment>> {
    let span = filter.days.span().ok_or_else(|| row::damaged("days"))?;
    let mut binds = vec![shop.0, low, high, crate::millis(span.from()), crate::millis(span.to()), limit, Account::Lot(LotId(0)).code()];
    let mut conditions = String::new();
    let mut also = |condition: &str, value: i64| {
        binds.push(value);
        conditions.push_str(" AND ");
        conditions.push_str(&condition.replace('?', &format!("${}", binds.len())));
    };
    if let Some(hour) = filter.hour {
        // Seoul is nine hours ahead, winter and summer.
        also("(n.at + 32400000) / 3600000 % 24 = ?", i64::from(hour));
    }
    if let Some(least) = filter.least {
        also("n.amount >= ?", least.get());
    }
    if let Some(most) = filter.most {
        also("n.amount <= ?", most.get());
    }
    if let Some(search) = filter.search {
        match search.code {
            Some(code) => also(&format!("(n.amount = ? OR n.code = {})", code.get()), search.amount.get()),
            None => also("n.amount = ?", search.amount.get()),
        }
    }
    if let Some(kind) = filter.kind {
        let of_kind = "EXISTS (SELECT 1 FROM entry e JOIN lot l ON l.id = e.owner \
                       WHERE e.transfer_id = p.transfer_id AND e.account = $7 AND l.kind_id = ?)";
        also(of_kind, kind.0);
    }
    conditions.push_str(match filter.wanted {
        None => "",
        Some(Wanted::Cancelled) => " AND p.cancelled > 0",
        Some(Wanted::Is(Kept::Whole)) => " AND p.cancelled = 0",
        Some(Wanted::Is(Kept::Part)) => " AND p.cancelled > 0 AND p.cancelled < p.amount",
        Some(Wanted::Is(Kept::Nothing)) => " AND p.cancelled = p.amount",
    });
    let order = match page {
        Page::Before(_) => "DESC",
        Page::After(_) => "ASC",
    };
    let select = format!(
        "SELECT x.number, x.id, x.at, x.amount, x.code, x.cancelled, lot.kind_id, entry.amount AS drawn FROM \
           (SELECT n.number, n.payment_id AS id, n.at, n.amount, n.code, p.cancelled, p.transfer_id FROM notice n \
            JOIN payment p ON p.id = n.payment_id \
            WHERE n.merchant_id = $1 AND n.number >= $2 AND n.number <= $3 AND n.event = 'paid' AND n.at >= $4 AND n.at < $5{conditions} \
            ORDER BY n.number {order} LIMIT $6) x \
         JOIN entry ON entry.transfer_id = x.transfer_id AND entry.account = $7 JOIN lot ON lot.id = entry.owner \
         ORDER BY x.number {order}, entry.line"
    );
    let query = binds.into_iter().fold(sqlx::query(AssertSqlSafe(select)), |query, bind| query.bind(bind));
    let mut payments: Vec<ShopPayment> = Vec::new();
    for row in &query.fetch_all(connection).await? {
        let number = row::int(row, "number")?;
        if payments.last().is_none_or(|last| last.number != number) {
            payments.push(payment(row, number)?);
        }
        let (kind, drawn) = (KindId(row::int(row, "kind_id")?), row::won(row, "drawn")?);
        if let Some(last) = payments.last_mut() {
            match last.kinds.iter_mut().find(|(of, _)| *of == kind) {
                Some((_, sum)) => *sum = sum.plus(drawn).ok_or_else(|| row::damaged("entry.amount"))?,
                None => last.kinds.push((kind, drawn)),
            }
        }
    }
    Ok(payments)
}

fn payment(row: &AnyRow, number: i64) -> Result<ShopPayment> {
    Ok(ShopPayment {
        number,
        id: PaymentId::from_bytes(&row::bytes(row, "id")?).map_err(|_| row::damaged("payment_id"))?,
        at: row::time(row, "at")?,
        amount: row::won(row, "amount")?,
        cancelled: row::won(row, "cancelled")?,
        code: Code::new(row::int(row, "code")?).ok_or_else(|| row::damaged("code"))?,
        kinds: Vec::new(),
    })
}
