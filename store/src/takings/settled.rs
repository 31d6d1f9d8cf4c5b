//! What settling made of a shop's takings: the fees of days that are settled, and what is paid out when.

use super::growth::day;
use crate::db::Store;
use crate::error::Result;
use crate::row;
use crate::staff::StaffProof;
use domain::takings::{Coming, DayRange, SettledTakings};

/// Days of payouts that are told ahead.
const COMING: i64 = 5;

impl Store {
    /// Fees of the settled days of the range, and the payouts that are still to come, the next first.
    pub async fn settled_takings(&self, proof: &StaffProof, range: DayRange) -> Result<SettledTakings> {
        let shop = proof.merchant();
        let select = "SELECT CAST(COALESCE(SUM(fee), 0) AS BIGINT) AS fees, COUNT(*) AS days FROM settlement \
                      WHERE merchant_id = $1 AND day >= $2 AND day <= $3";
        let select = sqlx::query(select).bind(shop.0).bind(i64::from(range.from().0)).bind(i64::from(range.to().0));
        let row = select.fetch_one(self.reads()).await?;
        let coming = "SELECT s.pay_on, CAST(SUM(s.payout) AS BIGINT) AS payout FROM settlement s \
                      JOIN payout p ON p.merchant_id = s.merchant_id AND p.day = s.day \
                      WHERE s.merchant_id = $1 AND p.state <> 'paid' GROUP BY s.pay_on ORDER BY s.pay_on LIMIT $2";
        let coming = sqlx::query(coming).bind(shop.0).bind(COMING).fetch_all(self.reads()).await?;
        let coming = coming.iter().map(|row| Ok(Coming { on: day(row::int(row, "pay_on")?), amount: row::won(row, "payout")? }));
        Ok(SettledTakings { fees: row::won(&row, "fees")?, days: row::int(&row, "days")?, coming: coming.collect::<Result<_>>()? })
    }
}
