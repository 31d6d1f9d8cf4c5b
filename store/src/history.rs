//! What a person bought, paid, got back, gave and was given, in one line of time, page by page; looked up in [`search`].

mod search;

pub use search::HistoryFound;
pub(crate) use search::{Fits, Stretch};

use crate::db::Store;
use crate::error::Result;
use crate::gifts::{OpenedGift, SentGift};
use crate::lot_list::places;
use crate::row;
use domain::buying::Purchase;
use domain::calendar::{Month, Span};
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

    /// Before everything.
    pub(crate) const OLDEST: Mark = Mark { at_ms: i64::MIN, id: [0; 16] };

    /// Before everything of this millisecond and after everything earlier.
    pub(crate) fn at(at: Timestamp) -> Mark {
        Mark { at_ms: crate::millis(at), id: [0; 16] }
    }

    pub(crate) fn new(at_ms: i64, id: [u8; 16]) -> Mark {
        Mark { at_ms, id }
    }

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
    Gave(SentGift),
    /// When it was accepted.
    Got(OpenedGift),
}

impl HistoryRow {
    /// As of the server's clock.
    pub fn at(&self) -> Timestamp {
        match self {
            HistoryRow::Bought(purchase) => purchase.created_at,
            HistoryRow::Paid(payment) => payment.created_at,
            HistoryRow::Refunded(refund) => refund.created_at,
            HistoryRow::Gave(sent) => sent.gift.created_at,
            HistoryRow::Got(opened) => opened.accepted_at(),
        }
    }

    /// Continue after this row with `before: Some(row.mark())`.
    pub fn mark(&self) -> Mark {
        match self {
            HistoryRow::Bought(purchase) => Mark::of_purchase(purchase),
            HistoryRow::Paid(payment) => Mark::of_payment(payment),
            HistoryRow::Refunded(refund) => Mark::of_refund(refund),
            HistoryRow::Gave(SentGift { gift, .. }) | HistoryRow::Got(OpenedGift { gift, .. }) => {
                Mark { at_ms: crate::millis(self.at()), id: gift.id.uuid().into_bytes() }
            }
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
        rows.extend(self.gifts_in(person, Stretch::up_to(before), None, limit).await?);
        rows.sort_by_key(|row| std::cmp::Reverse(row.mark()));
        rows.truncate(usize::try_from(page_size(limit)).unwrap_or(0));
        Ok(rows)
    }
}

/// What a person did in a month in Seoul.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct MonthTotals {
    /// Face of the purchases that became vouchers; what was given to them they did not buy.
    pub bought: Won,
    /// How much less than its face that cost, but for what was refunded or expired.
    pub saved: Won,
    /// Payments, less what was cancelled of them.
    pub paid: Won,
}

impl Store {
    /// Of each month of the span in which there was something, the newest first: all of it, whatever page of it is shown.
    pub async fn totals_by_month(&self, person: PersonId, span: Span) -> Result<Vec<(Month, MonthTotals)>> {
        let live = self.live_lots(person).await?;
        // Each lot is in one half only, whatever is spent meanwhile. A lot's saving is rounded as it always was: each for itself.
        let select = format!(
            "SELECT CAST(day AS BIGINT) AS day, CAST(SUM(bought) AS BIGINT) AS bought, CAST(SUM(saved) AS BIGINT) AS saved, \
               CAST(SUM(paid) AS BIGINT) AS paid FROM ( \
               SELECT (bought_at + {SEOUL_MS}) / {DAY_MS} AS day, face AS bought, \
               (face - refunded - expired) * (face - paid) / face AS saved, 0 AS paid FROM lot WHERE id IN ({}) AND person_id = $1 AND remaining > 0 AND gift IS NULL AND bought_at >= $2 AND bought_at < $3 \
               UNION ALL \
               SELECT (bought_at + {SEOUL_MS}) / {DAY_MS}, face, (face - refunded - expired) * (face - paid) / face, 0 \
               FROM lot WHERE person_id = $1 AND remaining = 0 AND gift IS NULL AND bought_at >= $2 AND bought_at < $3 \
               UNION ALL \
               SELECT (created_at + {SEOUL_MS}) / {DAY_MS}, 0, 0, amount - cancelled \
               FROM payment WHERE payer_id = $1 AND created_at >= $2 AND created_at < $3) AS theirs \
             GROUP BY day ORDER BY day DESC",
            places(4, &live)
        );
        let select = sqlx::query(AssertSqlSafe(select)).bind(person.0).bind(crate::millis(span.from())).bind(crate::millis(span.to()));
        let mut months: Vec<(Month, MonthTotals)> = Vec::new();
        for row in &live.iter().fold(select, |select, lot| select.bind(lot.0)).fetch_all(self.reads()).await? {
            let month = month_of_day(row::int(row, "day")?);
            let day = MonthTotals { bought: row::won(row, "bought")?, saved: row::won(row, "saved")?, paid: row::won(row, "paid")? };
            match months.last_mut() {
                Some((last, totals)) if *last == month => *totals = totals.plus(&day).ok_or_else(|| row::damaged("amount"))?,
                _ => months.push((month, day)),
            }
        }
        Ok(months)
    }
}

impl MonthTotals {
    /// `None` above [`Won::MAX`].
    fn plus(&self, other: &MonthTotals) -> Option<MonthTotals> {
        Some(MonthTotals {
            bought: self.bought.plus(other.bought)?,
            saved: self.saved.plus(other.saved)?,
            paid: self.paid.plus(other.paid)?,
        })
    }
}

/// Seoul is nine hours ahead, winter and summer.
pub(crate) const SEOUL_MS: i64 = 32_400_000;
pub(crate) const DAY_MS: i64 = 86_400_000;

/// The month of a day that a statement counted: `(time + SEOUL_MS) / DAY_MS`.
pub(crate) fn month_of_day(day: i64) -> Month {
    Month::of(crate::clock::at(day.saturating_mul(DAY_MS).saturating_sub(SEOUL_MS)))
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
