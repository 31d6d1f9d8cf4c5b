//! Shops: found by their number, created, opened and closed.

use crate::db::{Store, Write};
use crate::error::{Error, Result};
use crate::gather::{self, Gather};
use crate::pace::Pace;
use crate::plain;
use crate::row;
use crate::tokens::random;
use domain::business_number::BusinessNumber;
use domain::district::District;
use domain::merchant::{Merchant, Role, Standing};
use domain::merchant_number::MerchantNumber;
use domain::{MerchantId, PersonId, Timestamp};
use sqlx::AnyPool;
use sqlx::any::AnyRow;
use std::collections::HashMap;

const NAME_CHARS: usize = 60;
const ADDRESS_CHARS: usize = 200;
const PAYOUT_CHARS: usize = 200;
/// Draws of a number that is still free. One in thirty is taken when all 280,000 shops are in.
const DRAWS: u32 = 50;

/// A shop that signs up.
#[derive(Clone)]
pub struct NewMerchant {
    /// `None`: drawn by lot.
    pub number: Option<MerchantNumber>,
    pub business_number: BusinessNumber,
    pub name: String,
    pub district: District,
    pub address: String,
    /// EMVCo merchant category code, four digits.
    pub category: String,
    /// The bank's token of the verified account that payouts go to. Without one the shop stays pending.
    pub payout_account: Option<String>,
}

/// The columns that [`merchant`] reads, of a table or alias `merchant`.
macro_rules! merchant_columns {
    () => {
        "merchant.id AS merchant_id, merchant.number AS merchant_number, merchant.name AS merchant_name, \
         merchant.district AS merchant_district, merchant.address AS merchant_address, \
         merchant.category AS merchant_category, merchant.standing AS merchant_standing"
    };
}
pub(crate) use merchant_columns;

pub(crate) fn merchant(row: &AnyRow) -> Result<Merchant> {
    Ok(Merchant {
        id: MerchantId(row::int(row, "merchant_id")?),
        number: row::parsed(row, "merchant_number", |text| MerchantNumber::parse(text).ok())?,
        name: row::text(row, "merchant_name")?,
        district: row::district(row, "merchant_district")?,
        address: row::text(row, "merchant_address")?,
        category: row::text(row, "merchant_category")?,
        standing: row::parsed(row, "merchant_standing", Standing::parse)?,
    })
}

impl Store {
    pub async fn merchant(&self, id: MerchantId) -> Result<Option<Merchant>> {
        let select = concat!("SELECT ", merchant_columns!(), " FROM merchant WHERE id = $1");
        sqlx::query(select).bind(id.0).fetch_optional(self.reads()).await?.as_ref().map(merchant).transpose()
    }

    pub async fn merchant_by_number(&self, number: MerchantNumber) -> Result<Option<Merchant>> {
        self.shops_asked().ask(number.to_string()).await
    }

    /// A pending shop with its owner, and the count of its notices at zero. A given number that is taken is an error.
    pub async fn create_merchant(&self, new: &NewMerchant, owner: PersonId, now: Timestamp) -> Result<Merchant> {
        let mut write = self.write().await?;
        let merchant = self.insert_merchant(&mut write, new, owner, now).await?;
        write.commit().await?;
        Ok(merchant)
    }

    pub(crate) async fn insert_merchant(&self, write: &mut Write, new: &NewMerchant, owner: PersonId, now: Timestamp) -> Result<Merchant> {
        let (id, now_ms) = (self.next_id(now), crate::millis(now));
        let mut draws = 0;
        let number = loop {
            draws += 1;
            let number = new.number.map_or_else(draw_number, Ok)?;
            let insert = "INSERT INTO merchant (id, number, business_number, name, district, address, category, standing, \
                          payout_account, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'pending', $8, $9) \
                          ON CONFLICT (number) DO NOTHING";
            let insert = sqlx::query(insert).bind(id).bind(number.to_string()).bind(new.business_number.digits());
            let insert = insert.bind(plain::line(&new.name, NAME_CHARS)).bind(i64::from(new.district.number()));
            let insert = insert.bind(plain::line(&new.address, ADDRESS_CHARS)).bind(plain::line(&new.category, 4));
            let insert = insert.bind(new.payout_account.as_deref().map(|account| plain::line(account, PAYOUT_CHARS)));
            if insert.bind(now_ms).execute(write.tx()).await?.rows_affected() == 1 {
                break number;
            }
            if new.number.is_some() || draws == DRAWS {
                return Err(Error::damaged("the shop's number is taken"));
            }
        };
        let count = sqlx::query("INSERT INTO notice_count (merchant_id, count) VALUES ($1, 0)");
        count.bind(id).execute(write.tx()).await?;
        let staff = sqlx::query("INSERT INTO staff (merchant_id, person_id, role, created_at) VALUES ($1, $2, $3, $4)");
        staff.bind(id).bind(owner.0).bind(Role::Owner.as_str()).bind(now_ms).execute(write.tx()).await?;
        Ok(Merchant {
            id: MerchantId(id),
            number,
            name: plain::line(&new.name, NAME_CHARS),
            district: new.district,
            address: plain::line(&new.address, ADDRESS_CHARS),
            category: plain::line(&new.category, 4),
            standing: Standing::Pending,
        })
    }

    /// Opens or closes a shop, as demo and tests do; at the console it is [`Store::decide_shop`]. `false`: there is no such shop, or it has no payout account and can't be opened ("A shop gets no QR
    /// without a verified payout account").
    pub async fn set_standing(&self, id: MerchantId, standing: Standing) -> Result<bool> {
        let mut write = self.write().await?;
        let update = "UPDATE merchant SET standing = $2 WHERE id = $1 AND ($3 = 0 OR payout_account IS NOT NULL)";
        let update = sqlx::query(update).bind(id.0).bind(standing.as_str()).bind(i64::from(standing == Standing::Open));
        let updated = update.execute(write.tx()).await?.rows_affected();
        write.commit().await?;
        Ok(updated > 0)
    }
}

/// Shops by their numbers, as payments name them.
pub(crate) type ShopsAsked = Gather<String, Option<Merchant>>;

pub(crate) fn asked(reads: &AnyPool, pace: Pace) -> ShopsAsked {
    let reads = reads.clone();
    Gather::new(pace, move |numbers| {
        let reads = reads.clone();
        Box::pin(async move {
            let padded = gather::padded(&numbers);
            let select = concat!("SELECT ", merchant_columns!(), " FROM merchant WHERE number IN ");
            let select = format!("{select}{}", row::list(1, padded.len()));
            let select = padded.into_iter().fold(sqlx::query(sqlx::AssertSqlSafe(select)), sqlx::query::Query::bind);
            let mut found = HashMap::new();
            for row in &select.fetch_all(&reads).await? {
                found.insert(row::text(row, "merchant_number")?, merchant(row)?);
            }
            // One shop may be asked for by many.
            Ok(numbers.iter().map(|number| found.get(number).cloned()).collect())
        })
    })
}

fn draw_number() -> Result<MerchantNumber> {
    let serial = u32::from_be_bytes(random()) % MerchantNumber::SERIAL_MAX + 1;
    MerchantNumber::from_serial(serial).map_err(Error::damaged)
}
