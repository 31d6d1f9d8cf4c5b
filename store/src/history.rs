//! What a person bought, paid and got back, in one line of time, page by page.

use crate::db::Store;
use crate::error::Result;
use crate::lot_list::places;
use crate::row;
use domain::buying::Purchase;
use domain::calendar::Span;
use domain::paying::Payment;
use domain::refunding::Refund;
use domain::{PersonId, Timestamp, Won};
use sqlx::AssertSqlSafe;
use std::fmt;
use std::str::FromStr;

const MOST_ROWS: i64 = 200;

pub(crate) fn page_size(limit: i64) -> i64 {
    limit.clamp(0, MOST_ROWS)
}

/// Where a page ended: the time of its last row, and its id since several rows may share a millisecond. Its text may stand
/// in a URL.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    at_ms: i64,
    id: [u8; 16],
}

impl Mark {
    /// After everything.
    pub(crate) const NEWEST: Mark = Mark { at_ms: i64::MAX, id: [0xFF; 16] };

    pub fn of_purchase(purchase: &Purchase) -> Mark {
        Mark { at_ms: crate::millis(purchase.created_at), id: purchase.id.uuid().into_bytes() }
    }

    pub fn of_payment(payment: &Payment) -> Mark {
        Mark { at_ms: crate::millis(payment.created_at), id: payment.id.uuid().into_bytes() }
    }

    pub fn of_refund(refund: &Refund) -> Mark {
        Mark { at_ms: crate::millis(refund.created_at), id: refund.id.uuid().into_bytes() }
    }

    pub(crate) fn at_ms(&self) -> i64 {
        self.at_ms
    }

    pub(crate) fn id(&self) -> &[u8; 16] {
        &self.id
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.at_ms, hex::encode(self.id))
    }
}

/// The text is no mark.
#[derive(Copy, Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a mark")]
pub struct NotAMark;

impl FromStr for Mark {
    type Err = NotAMark;

    fn from_str(text: &str) -> Result<Mark, NotAMark> {
        let (at_ms, id) = text.rsplit_once('-').ok_or(NotAMark)?;
        let mut mark = Mark { at_ms: at_ms.parse().map_err(|_| NotAMark)?, id: [0; 16] };
        hex::decode_to_slice(id, &mut mark.id).map_err(|_| NotAMark)?;
        Ok(mark)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HistoryRow {
    Bought(Purchase),
    Paid(Payment),
    Refunded(Refund),
}

impl HistoryRow {
    /// As of the server's clock.
    pub fn at(&self) -> Timestamp {
        match self {
            HistoryRow::Bought(purchase) => purchase.created_at,
            HistoryRow::Paid(payment) => payment.created_at,
            HistoryRow::Refunded(refund) => refund.created_at,
        }
    }

    /// Continue after this row with `before: Some(row.mark())`.
    pub fn mark(&self) -> Mark {
        match self {
            HistoryRow::Bought(purchase) => Mark::of_purchase(purchase),
            HistoryRow::Paid(payment) => Mark::of_payment(payment),
            HistoryRow::Refunded(refund) => Mark::of_refund(refund),
        }
    }
}

impl Store {
    /// Newest first, what came before `before`; at most `limit` (and 200). Fewer than that: there is no more.
    pub async fn history(&self, person: PersonId, before: Option<Mark>, limit: i64) -> Result<Vec<HistoryRow>> {
        let bought = self.purchases(person, before, limit).await?;
        let paid = self.payments(person, before, limit).await?;
        let refunded = self.refunds(person, before, limit).await?.into_iter().map(HistoryRow::Refunded);
        let bought = bought.into_iter().map(HistoryRow::Bought);
        let mut rows: Vec<HistoryRow> = bought.chain(paid.into_iter().map(HistoryRow::Paid)).chain(refunded).collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.mark()));
        rows.truncate(usize::try_from(page_size(limit)).unwrap_or(0));
        Ok(rows)
    }
}

/// What a person did in a month in Seoul.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct MonthTotals {
    /// Face of the purchases that became vouchers.
    pub bought: Won,
    /// How much less than its face that cost, but for what was refunded.
    pub saved: Won,
    /// Payments, less what was cancelled of them.
    pub paid: Won,
}

impl Store {
    /// All of the month, whatever page of it is shown.
    pub async fn month_totals(&self, person: PersonId, month: Span) -> Result<MonthTotals> {
        let live = self.live_lots(person).await?;
        // Each lot is in one half only, whatever is spent meanwhile.
        let select = format!(
            "SELECT CAST(COALESCE(SUM(face), 0) AS BIGINT) AS bought, CAST(COALESCE(SUM((face - refunded) * (face - paid) / face), 0) AS BIGINT) AS saved, \
               (SELECT CAST(COALESCE(SUM(amount - cancelled), 0) AS BIGINT) FROM payment \
                WHERE payer_id = $1 AND created_at >= $2 AND created_at < $3) AS paid \
             FROM (SELECT face, paid, refunded, bought_at FROM lot WHERE id IN ({}) AND person_id = $1 AND remaining > 0 \
               UNION ALL SELECT face, paid, refunded, bought_at FROM lot WHERE person_id = $1 AND remaining = 0) AS theirs \
             WHERE bought_at >= $2 AND bought_at < $3",
            places(4, &live)
        );
        let select = sqlx::query(AssertSqlSafe(select)).bind(person.0).bind(crate::millis(month.from())).bind(crate::millis(month.to()));
        let row = live.iter().fold(select, |select, lot| select.bind(lot.0)).fetch_one(self.reads()).await?;
        Ok(MonthTotals { bought: row::won(&row, "bought")?, saved: row::won(&row, "saved")?, paid: row::won(&row, "paid")? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_reads_back_from_its_text_only() {
        for mark in [Mark::NEWEST, Mark { at_ms: 0, id: [7; 16] }, Mark { at_ms: -5, id: [0; 16] }] {
            assert_eq!(mark.to_string().parse(), Ok(mark));
        }
        for wrong in ["", "-", "5", "5-", "5-77", "x-07070707070707070707070707070707", "가-나"] {
            assert_eq!(wrong.parse::<Mark>(), Err(NotAMark), "{wrong}");
        }
    }
}
