//! Shops as they are looked for: read page by page for the [`Finder`](crate::Finder)'s index, and the few that were found as they are now.

use crate::db::Store;
use crate::error::Result;
use crate::merchants::{merchant, merchant_columns};
use crate::row;
use crate::staff::StaffProof;
use domain::calendar::Day;
use domain::finding::{Entry, Place, Trade, fold, outline};
use domain::merchant::{Merchant, Role};
use domain::{MerchantId, Timestamp};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

impl Store {
    /// Open shops with ids above `after`, in the order of their ids.
    pub async fn shops_to_find(&self, after: MerchantId, most: usize) -> Result<Vec<Entry>> {
        let select = "SELECT merchant.id, merchant.name, merchant.district, merchant.category, place.lat_e6, place.lon_e6, \
                        (SELECT paid.day FROM merchant_day paid WHERE paid.merchant_id = merchant.id AND paid.paid_count > 0 \
                         ORDER BY paid.day DESC LIMIT 1) AS paid_on \
                      FROM merchant LEFT JOIN merchant_place place ON place.merchant_id = merchant.id \
                      WHERE merchant.id > $1 AND merchant.standing = 'open' ORDER BY merchant.id LIMIT $2";
        let rows = sqlx::query(select).bind(after.0).bind(i64::try_from(most).unwrap_or(i64::MAX)).fetch_all(self.reads()).await?;
        rows.iter().map(entry).collect()
    }

    /// Those of these shops that are open now, in the order of the list, with where they are.
    pub async fn open_shops(&self, ids: &[MerchantId]) -> Result<Vec<Merchant>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let select = format!(
            concat!("SELECT ", merchant_columns!(), " FROM merchant WHERE standing = 'open' AND id IN {}"),
            row::list(1, ids.len())
        );
        let rows = ids.iter().fold(sqlx::query(AssertSqlSafe(select)), |select, id| select.bind(id.0)).fetch_all(self.reads()).await?;
        let mut shops = rows.iter().map(merchant).collect::<Result<Vec<Merchant>>>()?;
        shops.sort_by_key(|shop| ids.iter().position(|id| *id == shop.id));
        Ok(shops)
    }

    /// Where a shop said that it is.
    pub async fn place_of(&self, merchant: MerchantId) -> Result<Option<Place>> {
        let select = sqlx::query("SELECT lat_e6, lon_e6 FROM merchant_place WHERE merchant_id = $1").bind(merchant.0);
        select
            .fetch_optional(self.reads())
            .await?
            .map(|row| Ok(Place { lat_e6: degrees(&row, "lat_e6")?, lon_e6: degrees(&row, "lon_e6")? }))
            .transpose()
    }

    /// The shop is there, says a manager or the owner. `false`: that is not in its district, or not theirs to say.
    pub async fn set_place(&self, by: &StaffProof, place: Place, now: Timestamp) -> Result<bool> {
        let Some(shop) = self.merchant(by.merchant()).await? else { return Ok(false) };
        if by.role() < Role::Manager || !outline::may_hold(shop.district, place) {
            return Ok(false);
        }
        let mut write = self.write().await?;
        let upsert = "INSERT INTO merchant_place (merchant_id, lat_e6, lon_e6, placed_at) VALUES ($1, $2, $3, $4) \
                      ON CONFLICT (merchant_id) DO UPDATE SET lat_e6 = excluded.lat_e6, lon_e6 = excluded.lon_e6, placed_at = excluded.placed_at";
        let upsert = sqlx::query(upsert).bind(shop.id.0).bind(i64::from(place.lat_e6)).bind(i64::from(place.lon_e6));
        upsert.bind(crate::millis(now)).execute(write.tx()).await?;
        write.commit().await?;
        Ok(true)
    }
}

fn entry(row: &AnyRow) -> Result<Entry> {
    let place = match row::int_if_any(row, "lat_e6")? {
        Some(_) => Some(Place { lat_e6: degrees(row, "lat_e6")?, lon_e6: degrees(row, "lon_e6")? }),
        None => None,
    };
    let day = |day| i32::try_from(day).map(Day).map_err(|_| row::damaged("paid_on"));
    Ok(Entry {
        id: MerchantId(row::int(row, "id")?),
        name: fold(&row::text(row, "name")?),
        district: row::district(row, "district")?,
        trade: Trade::of_code(&row::text(row, "category")?),
        place,
        paid_on: row::int_if_any(row, "paid_on")?.map(day).transpose()?,
    })
}

fn degrees(row: &AnyRow, column: &str) -> Result<i32> {
    i32::try_from(row::int(row, column)?).map_err(|_| row::damaged(column))
}
