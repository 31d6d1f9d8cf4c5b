//! What notices add to a shop's sums: the same when the job writes it down and when a page adds what the job has not seen yet.

use crate::error::Result;
use crate::row;
use domain::calendar::Day;
use domain::ledger::Account;
use domain::notice::Event;
use domain::takings::{Hour, hour_of};
use domain::{KindId, LotId, MerchantId, PersonId, Timestamp, Won};
use sqlx::{AnyConnection, AssertSqlSafe};
use std::collections::{BTreeMap, HashMap};

/// Shops that one statement asks about.
pub(super) const SHOPS: usize = 100;

/// Whose notices.
pub(super) enum Whose<'a> {
    /// Of one shop, after this number.
    After(MerchantId, i64),
    /// Of these (at most [`SHOPS`]), after what their tallies have counted; a shop without a tally is left out.
    Uncounted(&'a [MerchantId]),
}

/// A notice, and what the payment that it tells of says.
pub(super) struct Told {
    pub merchant: MerchantId,
    pub number: i64,
    event: Event,
    at: Timestamp,
    amount: Won,
    payer: PersonId,
    /// The last day on which the payer was counted here.
    last_day: Option<Day>,
    draws: Vec<(KindId, Won)>,
}

/// At most `limit`, by shop and number.
pub(super) async fn told(connection: &mut AnyConnection, whose: Whose<'_>, limit: i64) -> Result<Vec<Told>> {
    let (from, binds) = match whose {
        Whose::After(merchant, number) => ("notice n".to_owned(), vec![merchant.0, number]),
        Whose::Uncounted(shops) => {
            // One statement for any number of shops: nobody is shop -1.
            let padded: Vec<i64> = shops.iter().map(|shop| shop.0).chain(std::iter::repeat(-1)).take(SHOPS).collect();
            ("shop_tally t JOIN notice n ON n.merchant_id = t.merchant_id AND n.number > t.number".to_owned(), padded)
        }
    };
    let condition = match whose {
        Whose::After(..) => "n.merchant_id = $1 AND n.number > $2".to_owned(),
        Whose::Uncounted(_) => format!("t.merchant_id IN {}", row::list(1, SHOPS)),
    };
    let (most, account) = (binds.len() + 1, binds.len() + 2);
    let select = format!(
        "SELECT x.merchant_id, x.number, x.event, x.at, x.amount, x.payer_id, seen.last_day, lot.kind_id, entry.amount AS drawn FROM \
           (SELECT n.merchant_id, n.number, n.event, n.at, n.amount, p.payer_id, p.transfer_id FROM {from} \
            JOIN payment p ON p.id = n.payment_id WHERE {condition} ORDER BY n.merchant_id, n.number LIMIT ${most}) x \
         LEFT JOIN shop_payer seen ON seen.merchant_id = x.merchant_id AND seen.payer_id = x.payer_id \
         LEFT JOIN entry ON entry.transfer_id = x.transfer_id AND entry.account = ${account} AND x.event = 'paid' \
         LEFT JOIN lot ON lot.id = entry.owner ORDER BY x.merchant_id, x.number, entry.line"
    );
    let query = binds.into_iter().fold(sqlx::query(AssertSqlSafe(select)), |query, bind| query.bind(bind));
    let rows = query.bind(limit).bind(Account::Lot(LotId(0)).code()).fetch_all(connection).await?;
    let mut all: Vec<Told> = Vec::new();
    for row in &rows {
        let (merchant, number) = (MerchantId(row::int(row, "merchant_id")?), row::int(row, "number")?);
        if !all.last().is_some_and(|last| last.merchant == merchant && last.number == number) {
            all.push(Told {
                merchant,
                number,
                event: row::parsed(row, "event", Event::parse)?,
                at: row::time(row, "at")?,
                amount: row::won(row, "amount")?,
                payer: PersonId(row::int(row, "payer_id")?),
                last_day: int_if_any(row, "last_day")?.map(day),
                draws: Vec::new(),
            });
        }
        if let (Some(kind), Some(last)) = (int_if_any(row, "kind_id")?, all.last_mut()) {
            last.draws.push((KindId(kind), row::won(row, "drawn")?));
        }
    }
    Ok(all)
}

fn int_if_any(row: &sqlx::any::AnyRow, column: &str) -> Result<Option<i64>> {
    Ok(sqlx::Row::try_get(row, column)?)
}

pub(super) fn day(yyyymmdd: i64) -> Day {
    Day(i32::try_from(yyyymmdd).unwrap_or(0))
}

/// Where the notices of an hour are, and their sums.
#[derive(Copy, Clone)]
pub(super) struct HourRow {
    pub first: i64,
    pub last: i64,
    pub of: Hour,
}

/// What was paid out of a kind on a day.
#[derive(Copy, Clone, Default)]
pub(super) struct KindRow {
    pub payments: i64,
    pub paid: Won,
}

/// Days on which a payer came.
#[derive(Copy, Clone)]
pub(super) struct PayerRow {
    /// Only for whoever is new: the first day that is known stays.
    pub first: Day,
    pub last: Day,
}

/// What is to be added to what stands in the tables.
#[derive(Default)]
pub(super) struct Growth {
    pub hours: BTreeMap<(MerchantId, Day, u8), HourRow>,
    pub kinds: BTreeMap<(MerchantId, Day, KindId), KindRow>,
    pub payers: BTreeMap<(MerchantId, PersonId), PayerRow>,
    /// The last notice of each shop that is in it.
    pub counted: BTreeMap<MerchantId, i64>,
}

impl Growth {
    /// Of notices in the order of their numbers: that order, and not the clock, says who was here first.
    pub(super) fn of(told: &[Told]) -> Growth {
        let mut growth = Growth::default();
        let mut last_days: HashMap<(MerchantId, PersonId), Day> = HashMap::new();
        for one in told {
            let (day, key) = (Day::of(one.at), (one.merchant, one.payer));
            let hour = growth.hours.entry((one.merchant, day, hour_of(one.at)));
            let hour = hour.or_insert(HourRow { first: one.number, last: one.number, of: Hour::default() });
            hour.last = one.number;
            growth.counted.insert(one.merchant, one.number);
            let sums = &mut hour.of.sums;
            match one.event {
                Event::Cancelled => {
                    sums.cancelled_count += 1;
                    sums.cancelled = sums.cancelled.plus(one.amount).unwrap_or(Won::MAX);
                }
                Event::Paid => {
                    sums.paid_count += 1;
                    sums.paid = sums.paid.plus(one.amount).unwrap_or(Won::MAX);
                    let seen = last_days.get(&key).copied().or(one.last_day);
                    match seen {
                        None => hour.of.new_payers += 1,
                        Some(last) if day > last => hour.of.returning_payers += 1,
                        Some(_) => {}
                    }
                    if seen.is_none_or(|last| day > last) {
                        last_days.insert(key, day);
                        growth.payers.entry(key).and_modify(|row| row.last = day).or_insert(PayerRow { first: day, last: day });
                    }
                    growth.add_kinds(one, day);
                }
            }
        }
        growth
    }

    fn add_kinds(&mut self, one: &Told, day: Day) {
        let mut counted: Vec<KindId> = Vec::new();
        for (kind, drawn) in &one.draws {
            let row = self.kinds.entry((one.merchant, day, *kind)).or_default();
            row.paid = row.paid.plus(*drawn).unwrap_or(Won::MAX);
            if !counted.contains(kind) {
                counted.push(*kind);
                row.payments += 1;
            }
        }
    }
}
