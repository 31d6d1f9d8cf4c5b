//! Counting: the notices that came since the last time are added to the sums of their shops, in one transaction with the tally that
//! remembers how far it got. Two nodes that count the same shop wait for each other at its tally; what one has counted the other
//! no longer sees.

use super::growth::{Growth, HourRow, KindRow, PayerRow, SHOPS, Whose, told};
use crate::db::{Engine, Store, Write};
use crate::error::Result;
use crate::row;
use domain::MerchantId;
use sqlx::AssertSqlSafe;

/// Notices that one transaction counts: on SQLite the till waits meanwhile.
const AT_ONCE: i64 = 500;
/// Rows that one statement writes; few sizes, so that few statements are kept prepared.
const SIZES: [usize; 3] = [64, 8, 1];

/// What came of a round.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Tallied {
    /// Notices that were counted.
    pub notices: usize,
    /// There may be more of these shops.
    pub has_more: bool,
}

impl Store {
    /// Counts what these shops were told since they were last counted; of many shops or much news only a part
    /// ([`Tallied::has_more`]).
    pub async fn tally_takings(&self, shops: &[MerchantId]) -> Result<Tallied> {
        let mut tallied = Tallied::default();
        for some in shops.chunks(SHOPS) {
            let counted = self.tally_some(some).await?;
            tallied = Tallied { notices: tallied.notices + counted.notices, has_more: tallied.has_more || counted.has_more };
        }
        Ok(tallied)
    }

    /// Shops that were told something that is not counted yet, at most `limit`: reads a row of every shop.
    pub async fn shops_to_tally(&self, limit: i64) -> Result<Vec<MerchantId>> {
        let select = "SELECT c.merchant_id FROM notice_count c LEFT JOIN shop_tally t ON t.merchant_id = c.merchant_id \
                      WHERE c.count > COALESCE(t.number, 0) ORDER BY c.merchant_id LIMIT $1";
        let rows = sqlx::query(select).bind(limit).fetch_all(self.reads()).await?;
        rows.iter().map(|row| Ok(MerchantId(row::int(row, "merchant_id")?))).collect()
    }

    /// Throws the sums of every shop away; the job then makes them again from the first notice.
    pub async fn forget_takings(&self) -> Result<()> {
        let mut write = self.write().await?;
        for delete in ["DELETE FROM shop_tally", "DELETE FROM shop_hour", "DELETE FROM shop_kind", "DELETE FROM shop_payer"] {
            sqlx::query(delete).execute(write.tx()).await?;
        }
        write.commit().await
    }

    async fn tally_some(&self, shops: &[MerchantId]) -> Result<Tallied> {
        let mut shops = shops.to_vec();
        // In one order at every node: whoever waits for a tally holds none that is waited for.
        shops.sort_unstable();
        shops.dedup();
        let mut write = self.write().await?;
        let begun = format!(
            "INSERT INTO shop_tally (merchant_id, number) VALUES {} ON CONFLICT (merchant_id) DO NOTHING",
            row::lists(1, shops.len(), 2)
        );
        let begun = shops.iter().fold(sqlx::query(AssertSqlSafe(begun)), |query, shop| query.bind(shop.0).bind(0));
        begun.execute(write.tx()).await?;
        if self.engine() == Engine::Postgres {
            let lock =
                format!("SELECT number FROM shop_tally WHERE merchant_id IN {} ORDER BY merchant_id FOR UPDATE", row::list(1, shops.len()));
            shops.iter().fold(sqlx::query(AssertSqlSafe(lock)), |query, shop| query.bind(shop.0)).fetch_all(write.tx()).await?;
        }
        let news = told(write.tx(), Whose::Uncounted(&shops), AT_ONCE).await?;
        if news.is_empty() {
            write.undo().await?;
            return Ok(Tallied::default());
        }
        let growth = Growth::of(&news);
        write_hours(&mut write, &growth).await?;
        write_kinds(&mut write, &growth).await?;
        write_payers(&mut write, &growth).await?;
        let tallies: Vec<[i64; 2]> = growth.counted.iter().map(|(shop, number)| [shop.0, *number]).collect();
        upsert(&mut write, "shop_tally (merchant_id, number)", "(merchant_id) DO UPDATE SET number = excluded.number", &tallies).await?;
        write.commit().await?;
        Ok(Tallied { notices: news.len(), has_more: i64::try_from(news.len()).unwrap_or(i64::MAX) >= AT_ONCE })
    }
}

async fn write_hours(write: &mut Write, growth: &Growth) -> Result<()> {
    let row = |((shop, day, hour), HourRow { first, last, of }): (&(MerchantId, _, u8), &HourRow)| {
        let (sums, day): (_, domain::calendar::Day) = (of.sums, *day);
        [
            shop.0,
            i64::from(day.0),
            i64::from(*hour),
            *first,
            *last,
            sums.paid_count,
            sums.paid.get(),
            sums.cancelled_count,
            sums.cancelled.get(),
            of.new_payers,
            of.returning_payers,
        ]
    };
    let rows: Vec<[i64; 11]> = growth.hours.iter().map(row).collect();
    let into = "shop_hour (merchant_id, day, hour, first_number, last_number, paid_count, paid, cancelled_count, cancelled, new_payers, \
                returning_payers)";
    let conflict = "(merchant_id, day, hour) DO UPDATE SET paid_count = shop_hour.paid_count + excluded.paid_count, \
                    paid = shop_hour.paid + excluded.paid, cancelled_count = shop_hour.cancelled_count + excluded.cancelled_count, \
                    cancelled = shop_hour.cancelled + excluded.cancelled, new_payers = shop_hour.new_payers + excluded.new_payers, \
                    returning_payers = shop_hour.returning_payers + excluded.returning_payers, last_number = excluded.last_number";
    upsert(write, into, conflict, &rows).await
}

async fn write_kinds(write: &mut Write, growth: &Growth) -> Result<()> {
    let row = |((shop, day, kind), KindRow { payments, paid }): (&(MerchantId, domain::calendar::Day, domain::KindId), &KindRow)| {
        [shop.0, i64::from(day.0), kind.0, *payments, paid.get()]
    };
    let rows: Vec<[i64; 5]> = growth.kinds.iter().map(row).collect();
    let conflict = "(merchant_id, day, kind_id) DO UPDATE SET payments = shop_kind.payments + excluded.payments, \
                    paid = shop_kind.paid + excluded.paid";
    upsert(write, "shop_kind (merchant_id, day, kind_id, payments, paid)", conflict, &rows).await
}

async fn write_payers(write: &mut Write, growth: &Growth) -> Result<()> {
    let row = |((shop, payer), PayerRow { first, last }): (&(MerchantId, domain::PersonId), &PayerRow)| {
        [shop.0, payer.0, i64::from(first.0), i64::from(last.0)]
    };
    let rows: Vec<[i64; 4]> = growth.payers.iter().map(row).collect();
    let conflict = "(merchant_id, payer_id) DO UPDATE SET last_day = excluded.last_day";
    upsert(write, "shop_payer (merchant_id, payer_id, first_day, last_day)", conflict, &rows).await
}

/// Each key stands in `rows` once.
async fn upsert<const N: usize>(write: &mut Write, into: &str, conflict: &str, rows: &[[i64; N]]) -> Result<()> {
    let mut rest = rows;
    for size in SIZES {
        while rest.len() >= size {
            let (some, after) = rest.split_at(size);
            let insert = format!("INSERT INTO {into} VALUES {} ON CONFLICT {conflict}", row::lists(1, size, N));
            let insert = some.iter().flatten().fold(sqlx::query(AssertSqlSafe(insert)), |query, value| query.bind(*value));
            insert.execute(write.tx()).await?;
            rest = after;
        }
    }
    Ok(())
}
