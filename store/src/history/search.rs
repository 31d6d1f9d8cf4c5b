//! Looking something up in one's own history. A name is looked for in a bounded stretch of time: first the shops that somebody paid in it,
//! which are few, are read and compared (`domain::history`); then rows are asked for by those shops, in the order of the person's index.
//! Whoever looks for a needle goes on from where that ended.

use super::{HistoryRow, Mark, page_size};
use crate::db::Store;
use crate::error::Result;
use crate::row;
use domain::PersonId;
use domain::Won;
use domain::history::{Search, Sought, What};
use sqlx::Any;
use sqlx::any::AnyArguments;
use sqlx::query::Query;

/// Payments among which one page looks for a name.
const LOOKED_THROUGH: i64 = 5_000;

/// From a mark on, and before another.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    from: Mark,
    before: Mark,
}

impl Stretch {
    pub(crate) fn up_to(before: Option<Mark>) -> Stretch {
        Stretch { from: Mark::OLDEST, before: before.unwrap_or(Mark::NEWEST) }
    }

    /// Four values: time and id of the end, time and id of the beginning.
    pub(crate) fn bind<'q>(&self, query: Statement<'q>) -> Statement<'q> {
        let query = query.bind(self.before.at_ms()).bind(self.before.id().to_vec());
        query.bind(self.from.at_ms()).bind(self.from.id().to_vec())
    }
}

type Statement<'q> = Query<'q, Any, AnyArguments>;

/// What was typed, as rows know it: shops or kinds whose name has it, and the amount that it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fits {
    ids: Vec<i64>,
    amount: Option<Won>,
}

impl Fits {
    /// ` AND (OF IN (...) OR AMOUNT = ...)` with places from `first` on; empty when everything fits. `None`: nothing does.
    pub(crate) fn condition(fits: Option<&Fits>, first: usize, of: &str, amounts: &[&str]) -> Option<String> {
        let Some(Fits { ids, amount }) = fits else { return Some(String::new()) };
        let is_one_of = (!ids.is_empty()).then(|| format!("{of} IN {}", row::list(first, ids.len())));
        let place = first + ids.len();
        let costs = amount.iter().flat_map(|_| amounts.iter().map(move |column| format!("{column} = ${place}")));
        let all: Vec<String> = is_one_of.into_iter().chain(costs).collect();
        (!all.is_empty()).then(|| format!(" AND ({})", all.join(" OR ")))
    }

    /// What [`Fits::condition`] has places for.
    pub(crate) fn bind<'q>(fits: Option<&Fits>, query: Statement<'q>) -> Statement<'q> {
        let Some(Fits { ids, amount }) = fits else { return query };
        let query = ids.iter().fold(query, |query, id| query.bind(*id));
        amount.iter().fold(query, |query, amount| query.bind(amount.get()))
    }
}

/// A page of what was looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryFound {
    /// Newest first. Payments are without their draws, which no list shows.
    pub rows: Vec<HistoryRow>,
    /// Where the next page begins; `None`: there is none. A page may be short, even empty, and there is more all the same.
    pub earlier: Option<Mark>,
}

impl Store {
    /// The rows of somebody's history that fit, newest first, what came before `before`; at most `limit` (and 199).
    pub async fn search_history(&self, person: PersonId, search: &Search, before: Option<Mark>, limit: i64) -> Result<HistoryFound> {
        let Some(mut stretch) = stretch(search, before) else { return Ok(HistoryFound { rows: Vec::new(), earlier: None }) };
        let (mut at_shops, mut of_kinds, mut bound) = (None, None, None);
        if let Some(sought) = &search.sought {
            if search.wants(What::Paid) {
                bound = self.bound(person, stretch).await?;
                stretch.from = bound.unwrap_or(stretch.from);
                at_shops = Some(self.shops_called(person, stretch, sought).await?);
            }
            let kinds = self.kinds().await?.into_iter().filter(|kind| sought.is_in(&kind.name_ko) || sought.is_in(&kind.name_en));
            of_kinds = Some(Fits { ids: kinds.map(|kind| kind.id.0).collect(), amount: sought.amount });
        }
        // One more than is shown tells whether there is another page.
        let (most, limit) = (page_size(limit.saturating_add(1)), page_size(limit));
        let mut rows = Vec::new();
        if search.wants(What::Paid) {
            rows.extend(self.payments_in(person, stretch, at_shops.as_ref(), most).await?.into_iter().map(HistoryRow::Paid));
        }
        if search.wants(What::Bought) {
            rows.extend(self.purchases_in(person, stretch, of_kinds.as_ref(), most).await?.into_iter().map(HistoryRow::Bought));
        }
        if search.wants(What::Refunded) {
            rows.extend(self.refunds_in(person, stretch, of_kinds.as_ref(), most).await?.into_iter().map(HistoryRow::Refunded));
        }
        if search.wants(What::Gift) {
            rows.extend(self.gifts_in(person, stretch, of_kinds.as_ref(), most).await?);
        }
        rows.sort_by_key(|row| std::cmp::Reverse(row.mark()));
        let shown = usize::try_from(limit.min(most - 1)).unwrap_or(0);
        let is_full = rows.len() > shown;
        rows.truncate(shown);
        let earlier = if is_full { rows.last().map(HistoryRow::mark) } else { bound };
        Ok(HistoryFound { rows, earlier })
    }

    /// The oldest of the payments that one page looks through, when there are more before it in the stretch.
    async fn bound(&self, person: PersonId, stretch: Stretch) -> Result<Option<Mark>> {
        let select = "SELECT created_at, id FROM payment WHERE payer_id = $1 AND (created_at, id) < ($2, $3) \
                      AND (created_at, id) >= ($4, $5) ORDER BY created_at DESC, id DESC LIMIT 2 OFFSET $6";
        let rows = stretch.bind(sqlx::query(select).bind(person.0)).bind(LOOKED_THROUGH - 1).fetch_all(self.reads()).await?;
        let [oldest, _] = rows.as_slice() else { return Ok(None) };
        let id = row::bytes(oldest, "id")?.try_into().map_err(|_| row::damaged("payment.id"))?;
        Ok(Some(Mark::new(row::int(oldest, "created_at")?, id)))
    }

    /// The shops that were paid in the stretch and are called so.
    async fn shops_called(&self, person: PersonId, stretch: Stretch, sought: &Sought) -> Result<Fits> {
        let select = "SELECT merchant.id, merchant.name FROM merchant WHERE merchant.id IN (SELECT payment.merchant_id FROM payment \
                      WHERE payment.payer_id = $1 AND (payment.created_at, payment.id) < ($2, $3) \
                      AND (payment.created_at, payment.id) >= ($4, $5))";
        let mut ids = Vec::new();
        for row in &stretch.bind(sqlx::query(select).bind(person.0)).fetch_all(self.reads()).await? {
            if sought.is_in(&row::text(row, "name")?) {
                ids.push(row::int(row, "id")?);
            }
        }
        Ok(Fits { ids, amount: sought.amount })
    }
}

/// Where is looked; `None` for a month that no calendar has, or one that lies behind `before`.
fn stretch(search: &Search, before: Option<Mark>) -> Option<Stretch> {
    let mut stretch = Stretch::up_to(before);
    if let Some(month) = search.month {
        let span = month.span()?;
        stretch = Stretch { from: Mark::at(span.from()), before: stretch.before.min(Mark::at(span.to())) };
    }
    (stretch.from < stretch.before).then_some(stretch)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_has_a_place_for_each_value() {
        let fits = |ids: &[i64], won| Fits { ids: ids.to_vec(), amount: won };
        let of = |fits: Option<&Fits>| Fits::condition(fits, 7, "kind_id", &["face", "paid"]);
        assert_eq!(of(None).as_deref(), Some(""));
        assert_eq!(of(Some(&fits(&[], None))), None);
        assert_eq!(of(Some(&fits(&[1, 2], None))).as_deref(), Some(" AND (kind_id IN ($7, $8))"));
        assert_eq!(of(Some(&fits(&[], Some(Won::of(5))))).as_deref(), Some(" AND (face = $7 OR paid = $7)"));
        assert_eq!(of(Some(&fits(&[1], Some(Won::of(5))))).as_deref(), Some(" AND (kind_id IN ($7) OR face = $8 OR paid = $8)"));
    }
}
