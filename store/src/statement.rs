//! A person's year: sums by month, and every payment and cancel of it in the order of time. Cancels have the time at which they happened
//! (`cancellation`), which is that of their transfer in the ledger.

use crate::db::Store;
use crate::error::Result;
use crate::history::{DAY_MS, Mark, SEOUL_MS, month_of_day};
use crate::lot_list::places;
use crate::row;
use domain::calendar::Month;
use domain::paying::Code;
use domain::statement::{Use, Year, YearOfUse};
use domain::{PaymentId, PersonId, Timestamp, Won};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

/// A payment, or something that was given back of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementLine {
    pub payment: PaymentId,
    pub is_cancel: bool,
    pub at: Timestamp,
    pub amount: Won,
    pub code: Code,
    pub shop: String,
    /// As it was registered.
    pub business_number: String,
}

/// Some of the lines of a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementPage {
    /// Oldest first.
    pub lines: Vec<StatementLine>,
    /// What comes after this one is not read yet; `None`: that was all.
    pub after: Option<Mark>,
}

impl Store {
    /// What a person paid, was given back, bought and saved in a year.
    pub async fn year_of_use(&self, person: PersonId, year: Year) -> Result<YearOfUse> {
        let live = self.live_lots(person).await?;
        let span = year.span().ok_or_else(|| row::damaged("year"))?;
        let (from, to) = (crate::millis(span.from()), crate::millis(span.to()));
        let mut snapshot = self.snapshot().await?;
        let paid = format!(
            "SELECT CAST((created_at + {SEOUL_MS}) / {DAY_MS} AS BIGINT) AS day, COUNT(*) AS count, CAST(SUM(amount) AS BIGINT) AS sum \
             FROM payment WHERE payer_id = $1 AND created_at >= $2 AND created_at < $3 GROUP BY (created_at + {SEOUL_MS}) / {DAY_MS}"
        );
        let cancelled = format!(
            "SELECT CAST((cancellation.created_at + {SEOUL_MS}) / {DAY_MS} AS BIGINT) AS day, COUNT(*) AS count, \
             CAST(SUM(cancellation.amount) AS BIGINT) AS sum \
             FROM payment JOIN cancellation ON cancellation.payment_id = payment.id \
             WHERE payment.payer_id = $1 AND payment.cancelled > 0 AND cancellation.created_at >= $2 AND cancellation.created_at < $3 \
             GROUP BY (cancellation.created_at + {SEOUL_MS}) / {DAY_MS}"
        );
        let mut happened = Vec::new();
        for (month, paid_count, paid) in counted(&mut snapshot, paid, (person, from, to)).await? {
            happened.push((month, Use { paid_count, paid, ..Use::default() }));
        }
        for (month, cancelled_count, cancelled) in counted(&mut snapshot, cancelled, (person, from, to)).await? {
            happened.push((month, Use { cancelled_count, cancelled, ..Use::default() }));
        }
        // Each lot is in one half only, whatever is spent meanwhile.
        let bought = format!(
            "SELECT CAST(day AS BIGINT) AS day, CAST(SUM(face) AS BIGINT) AS bought, CAST(SUM(saved) AS BIGINT) AS saved FROM ( \
               SELECT (bought_at + {SEOUL_MS}) / {DAY_MS} AS day, face, (face - refunded - expired) * (face - paid) / face AS saved \
               FROM lot WHERE id IN ({}) AND person_id = $1 AND remaining > 0 AND bought_at >= $2 AND bought_at < $3 \
               UNION ALL SELECT (bought_at + {SEOUL_MS}) / {DAY_MS}, face, (face - refunded - expired) * (face - paid) / face \
               FROM lot WHERE person_id = $1 AND remaining = 0 AND bought_at >= $2 AND bought_at < $3) AS theirs GROUP BY day",
            places(4, &live)
        );
        let bought = sqlx::query(AssertSqlSafe(bought)).bind(person.0).bind(from).bind(to);
        for row in &live.iter().fold(bought, |select, lot| select.bind(lot.0)).fetch_all(&mut *snapshot).await? {
            let (bought, saved) = (row::won(row, "bought")?, row::won(row, "saved")?);
            happened.push((month_of_day(row::int(row, "day")?), Use { bought, saved, ..Use::default() }));
        }
        snapshot.commit().await?;
        YearOfUse::of(year, happened).ok_or_else(|| row::damaged("amount"))
    }

    /// When a person first paid or bought; `None`: never.
    pub async fn first_use(&self, person: PersonId) -> Result<Option<Timestamp>> {
        let live = self.live_lots(person).await?;
        let select = format!(
            "SELECT MIN(at) AS at FROM (SELECT MIN(created_at) AS at FROM payment WHERE payer_id = $1 \
             UNION ALL SELECT MIN(bought_at) FROM lot WHERE id IN ({}) AND person_id = $1 AND remaining > 0 \
             UNION ALL SELECT MIN(bought_at) FROM lot WHERE person_id = $1 AND remaining = 0) AS theirs",
            places(2, &live)
        );
        let select = live.iter().fold(sqlx::query(AssertSqlSafe(select)).bind(person.0), |select, lot| select.bind(lot.0));
        row::time_if_any(&select.fetch_one(self.reads()).await?, "at")
    }

    /// Every payment and every cancel of a person in a year, oldest first, those after `after`; at most `limit`.
    pub async fn statement_lines(&self, person: PersonId, year: Year, after: Option<Mark>, limit: i64) -> Result<StatementPage> {
        let span = year.span().ok_or_else(|| row::damaged("year"))?;
        let (after, to) = (after.unwrap_or(Mark::at(span.from())), crate::millis(span.to()));
        let paid = "SELECT payment.id AS id, payment.id AS payment_id, payment.created_at AS at, payment.amount AS amount, payment.code, \
                    merchant.name, merchant.business_number FROM payment JOIN merchant ON merchant.id = payment.merchant_id \
                    WHERE payment.payer_id = $1 AND (payment.created_at, payment.id) > ($2, $3) AND payment.created_at < $4 \
                    ORDER BY payment.created_at, payment.id LIMIT $5";
        let cancelled = "SELECT cancellation.id AS id, payment.id AS payment_id, cancellation.created_at AS at, \
                         cancellation.amount AS amount, payment.code, merchant.name, merchant.business_number \
                         FROM payment JOIN cancellation ON cancellation.payment_id = payment.id \
                         JOIN merchant ON merchant.id = payment.merchant_id \
                         WHERE payment.payer_id = $1 AND payment.cancelled > 0 \
                         AND (cancellation.created_at, cancellation.id) > ($2, $3) AND cancellation.created_at < $4 \
                         ORDER BY cancellation.created_at, cancellation.id LIMIT $5";
        let mut marked = Vec::new();
        for (select, is_cancel) in [(paid, false), (cancelled, true)] {
            let select = sqlx::query(select).bind(person.0).bind(after.at_ms()).bind(after.id().to_vec()).bind(to).bind(limit);
            for row in &select.fetch_all(self.reads()).await? {
                marked.push((mark(row)?, line(row, is_cancel)?));
            }
        }
        marked.sort_by_key(|(mark, _)| *mark);
        marked.truncate(usize::try_from(limit).unwrap_or(0));
        let is_full = i64::try_from(marked.len()).is_ok_and(|lines| lines >= limit);
        let after = marked.last().filter(|_| is_full).map(|(mark, _)| *mark);
        Ok(StatementPage { lines: marked.into_iter().map(|(_, line)| line).collect(), after })
    }
}

/// Days as a statement counts them: month, how many, how much.
async fn counted(
    connection: &mut AnyConnection,
    select: String,
    (person, from, to): (PersonId, i64, i64),
) -> Result<Vec<(Month, i64, Won)>> {
    let select = sqlx::query(AssertSqlSafe(select)).bind(person.0).bind(from).bind(to);
    let day = |row: &AnyRow| Ok((month_of_day(row::int(row, "day")?), row::int(row, "count")?, row::won(row, "sum")?));
    select.fetch_all(connection).await?.iter().map(day).collect()
}

fn mark(row: &AnyRow) -> Result<Mark> {
    Ok(Mark::new(row::int(row, "at")?, row::bytes(row, "id")?.try_into().map_err(|_| row::damaged("id"))?))
}

fn line(row: &AnyRow, is_cancel: bool) -> Result<StatementLine> {
    Ok(StatementLine {
        payment: PaymentId::from_bytes(&row::bytes(row, "payment_id")?).map_err(|_| row::damaged("payment_id"))?,
        is_cancel,
        at: row::time(row, "at")?,
        amount: row::won(row, "amount")?,
        code: Code::new(row::int(row, "code")?).ok_or_else(|| row::damaged("code"))?,
        shop: row::text(row, "name")?,
        business_number: row::text(row, "business_number")?,
    })
}
