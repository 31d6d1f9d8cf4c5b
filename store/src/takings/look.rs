//! Looking: the sums of a span of days, and today beside the same weekday of the weeks before. All of it is read in one snapshot, and
//! what the job has not counted yet is added.

use super::growth::{Growth, Whose, day, told};
use crate::db::Store;
use crate::error::{Error, Result};
use crate::row;
use crate::staff::StaffProof;
use domain::calendar::Day;
use domain::takings::{DayBefore, DayRange, Hour, HourOfDay, KindShare, Sums, Takings, Today, WEEKS, hour_of, same_time_on, weeks_before};
use domain::{KindId, MerchantId, Timestamp, Won};
use sqlx::AnyConnection;
use sqlx::any::AnyRow;
use std::collections::BTreeMap;

/// So many notices are added while reading; more (a new table, a job that stood still) are counted first.
const ADDED_MOST: usize = 2_000;

/// An hour with the numbers of its notices.
#[derive(Copy, Clone)]
struct Counted {
    first: i64,
    last: i64,
    of: Hour,
}

type Hours = BTreeMap<(Day, u8), Counted>;

impl Store {
    /// What the days of the range brought in, and how today stands.
    pub async fn takings(&self, proof: &StaffProof, range: DayRange, now: Timestamp) -> Result<(Takings, Today)> {
        let (shop, today) = (proof.merchant(), Day::of(now));
        let before: Vec<Day> = (1..=WEEKS).filter_map(|weeks| weeks_before(today, weeks)).collect();
        let (mut snapshot, growth) = self.with_growth(shop).await?;
        let mut hours = hours_of_range(&mut snapshot, shop, range).await?;
        let mut compared = Hours::new();
        for day in before.iter().copied().chain([today]) {
            let one = DayRange::of_day(day).map_err(Error::damaged)?;
            compared.extend(hours_of_range(&mut snapshot, shop, one).await?);
        }
        for ((_, day, hour), row) in &growth.hours {
            let added = Counted { first: row.first, last: row.last, of: row.of };
            if range.contains(*day) {
                add(&mut hours, (*day, *hour), added);
            }
            if *day == today || before.contains(day) {
                add(&mut compared, (*day, *hour), added);
            }
        }
        let mut kinds = kinds_of_range(&mut snapshot, shop, range).await?;
        for ((_, day, kind), row) in &growth.kinds {
            if range.contains(*day) {
                let (payments, paid) = kinds.entry(*kind).or_default();
                (*payments, *paid) = (*payments + row.payments, paid.plus(row.paid).unwrap_or(Won::MAX));
            }
        }
        let mut earlier = Vec::new();
        for day in before {
            earlier.push(day_before(&mut snapshot, shop, day, &compared, now).await?);
        }
        let counted = growth.counted.get(&shop).copied();
        let last_number = match counted {
            Some(number) => number,
            None => tally(&mut snapshot, shop).await?,
        };
        snapshot.commit().await?;
        let so_far = Sums::of(of_day(&compared, today));
        let today = Today { day: today, so_far, hours: of_day(&compared, today), last_number, before: earlier };
        Ok((
            Takings {
                hours: hours.into_iter().map(|((day, hour), row)| HourOfDay { day, hour, of: row.of }).collect(),
                kinds: self.shares(kinds).await?,
            },
            today,
        ))
    }

    /// A snapshot, and what is to be added to the sums that are read in it.
    async fn with_growth(&self, shop: MerchantId) -> Result<(sqlx::Transaction<'static, sqlx::Any>, Growth)> {
        loop {
            let mut snapshot = self.snapshot().await?;
            let counted = tally(&mut snapshot, shop).await?;
            let most = i64::try_from(ADDED_MOST).unwrap_or(i64::MAX);
            let news = told(&mut snapshot, Whose::After(shop, counted), most).await?;
            if news.len() < ADDED_MOST {
                return Ok((snapshot, Growth::of(&news)));
            }
            snapshot.rollback().await?;
            self.tally_takings(&[shop]).await?;
        }
    }

    async fn shares(&self, sums: BTreeMap<KindId, (i64, Won)>) -> Result<Vec<KindShare>> {
        let share =
            |kind: domain::kind::Kind| sums.get(&kind.id).map(|(payments, paid)| KindShare { kind, payments: *payments, paid: *paid });
        let mut shares: Vec<KindShare> = self.kinds().await?.into_iter().filter_map(share).collect();
        shares.sort_by_key(|share| (std::cmp::Reverse(share.paid), share.kind.id));
        Ok(shares)
    }
}

/// The number up to which a shop is counted.
pub(super) async fn tally(connection: &mut AnyConnection, shop: MerchantId) -> Result<i64> {
    let select = sqlx::query("SELECT number FROM shop_tally WHERE merchant_id = $1").bind(shop.0);
    select.fetch_optional(connection).await?.map_or(Ok(0), |row| row::int(&row, "number"))
}

async fn hours_of_range(connection: &mut AnyConnection, shop: MerchantId, range: DayRange) -> Result<Hours> {
    let select = "SELECT day, hour, first_number, last_number, paid_count, paid, cancelled_count, cancelled, new_payers, returning_payers \
                  FROM shop_hour WHERE merchant_id = $1 AND day >= $2 AND day <= $3";
    let select = sqlx::query(select).bind(shop.0).bind(i64::from(range.from().0)).bind(i64::from(range.to().0));
    let read = |row: &AnyRow| -> Result<((Day, u8), Counted)> {
        let hour = u8::try_from(row::int(row, "hour")?).map_err(|_| row::damaged("hour"))?;
        let of = Hour { sums: sums(row)?, new_payers: row::int(row, "new_payers")?, returning_payers: row::int(row, "returning_payers")? };
        let counted = Counted { first: row::int(row, "first_number")?, last: row::int(row, "last_number")?, of };
        Ok(((day(row::int(row, "day")?), hour), counted))
    };
    select.fetch_all(connection).await?.iter().map(read).collect()
}

fn sums(row: &AnyRow) -> Result<Sums> {
    Ok(Sums {
        paid_count: row::int(row, "paid_count")?,
        paid: row::won(row, "paid")?,
        cancelled_count: row::int(row, "cancelled_count")?,
        cancelled: row::won(row, "cancelled")?,
    })
}

async fn kinds_of_range(connection: &mut AnyConnection, shop: MerchantId, range: DayRange) -> Result<BTreeMap<KindId, (i64, Won)>> {
    let select = "SELECT kind_id, CAST(SUM(payments) AS BIGINT) AS payments, CAST(SUM(paid) AS BIGINT) AS paid FROM shop_kind \
                  WHERE merchant_id = $1 AND day >= $2 AND day <= $3 GROUP BY kind_id";
    let select = sqlx::query(select).bind(shop.0).bind(i64::from(range.from().0)).bind(i64::from(range.to().0));
    let rows = select.fetch_all(connection).await?;
    rows.iter().map(|row| Ok((KindId(row::int(row, "kind_id")?), (row::int(row, "payments")?, row::won(row, "paid")?)))).collect()
}

fn add(hours: &mut Hours, key: (Day, u8), added: Counted) {
    let row = hours.entry(key).or_insert(Counted { of: Hour::default(), ..added });
    *row = Counted { first: row.first.min(added.first), last: row.last.max(added.last), of: row.of.plus(added.of) };
}

fn of_day(hours: &Hours, day: Day) -> [Sums; 24] {
    let mut of = [Sums::default(); 24];
    for ((_, hour), row) in hours.range((day, 0)..=(day, 23)) {
        of[usize::from(*hour)] = row.of.sums;
    }
    of
}

/// The hours before this one are read as sums; the one that is going on is counted up to the same minute, among its own notices.
async fn day_before(connection: &mut AnyConnection, shop: MerchantId, day: Day, hours: &Hours, now: Timestamp) -> Result<DayBefore> {
    let of = of_day(hours, day);
    let hour = hour_of(now);
    let mut so_far = Sums::of(of[..usize::from(hour)].iter().copied());
    if let (Some(going_on), Some(until)) = (hours.get(&(day, hour)), same_time_on(day, now)) {
        let select = "SELECT CAST(COALESCE(SUM(CASE WHEN event = 'paid' THEN 1 ELSE 0 END), 0) AS BIGINT) AS paid_count, \
                        CAST(COALESCE(SUM(CASE WHEN event = 'paid' THEN amount ELSE 0 END), 0) AS BIGINT) AS paid, \
                        CAST(COALESCE(SUM(CASE WHEN event = 'cancelled' THEN 1 ELSE 0 END), 0) AS BIGINT) AS cancelled_count, \
                        CAST(COALESCE(SUM(CASE WHEN event = 'cancelled' THEN amount ELSE 0 END), 0) AS BIGINT) AS cancelled \
                      FROM notice WHERE merchant_id = $1 AND number >= $2 AND number <= $3 AND at >= $4 AND at <= $5";
        let until_ms = crate::millis(until);
        let select = sqlx::query(select).bind(shop.0).bind(going_on.first).bind(going_on.last);
        let row = select.bind(until_ms - until_ms.rem_euclid(3_600_000)).bind(until_ms).fetch_one(connection).await?;
        so_far = so_far.plus(sums(&row)?);
    }
    Ok(DayBefore { day, so_far, whole: Sums::of(of), hours: of })
}
