//! Rows of SQLite as the till's books hold them.

use crate::columns::{percent_of, scope_of, who_of};
use crate::lot_list::LotList;
use crate::till::books::{DayRow, LotRow, LotTerms, PaymentRow, PurchaseRow};
use domain::buying::{BankReason, State};
use domain::calendar::{Month, Span};
use domain::kind::{AfterExpiry, BasisPoints, Kind, Percent, Price};
use domain::merchant::{Merchant, Standing};
use domain::paying::Code;
use domain::room::Place;
use domain::sale::{Pool, Window};
use domain::spending::Lot;
use domain::{EscrowId, KindId, LotId, MerchantId, OnceId, PartnerId, PersonId, PurchaseId, SaleId, TransferId, WindowId, Won};
use rusqlite::Row;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};

/// A column that must parse into a type of ours; anything else is a damaged row.
struct Column<T>(T);

macro_rules! column {
    ($type:ty, $value:ident => $parse:expr) => {
        impl FromSql for Column<$type> {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                let $value = value;
                $parse.map(Column).ok_or(FromSqlError::InvalidType)
            }
        }
    };
}

column!(Won, value => value.as_i64()?.try_into().ok());
column!(State, value => State::parse(value.as_str()?));
column!(Standing, value => Standing::parse(value.as_str()?));
column!(domain::sale::Who, value => who_of(value.as_str()?));
column!(domain::kind::Scope, value => scope_of(value.as_i64()?));
column!(PurchaseId, value => PurchaseId::from_bytes(value.as_blob()?).ok());
column!(domain::qr::MerchantNumber, value => value.as_str()?.parse().ok());
column!(domain::district::District, value => u8::try_from(value.as_i64()?).ok().and_then(|number| number.try_into().ok()));
column!(LotList, value => LotList::parse(value.as_blob()?));
column!(Place, value => Place::new(u32::try_from(value.as_i64()?).unwrap_or(0)).ok());
column!(Percent, value => percent_of(value.as_i64()?));
column!(Code, value => Code::new(value.as_i64()?));

fn get<T>(row: &Row<'_>, at: usize) -> rusqlite::Result<T>
where
    Column<T>: FromSql,
{
    row.get::<_, Column<T>>(at).map(|column| column.0)
}

pub(super) fn won(row: &Row<'_>, at: usize) -> rusqlite::Result<Won> {
    get(row, at)
}

pub(super) fn lot_list(row: &Row<'_>, at: usize) -> rusqlite::Result<LotList> {
    get(row, at)
}

pub(super) fn purchase_row(row: &Row<'_>) -> rusqlite::Result<PurchaseRow> {
    Ok(PurchaseRow {
        person: PersonId(row.get(0)?),
        window: WindowId(row.get(1)?),
        kind: KindId(row.get(2)?),
        price: Price { face: won(row, 3)?, paid: won(row, 4)?, fund: won(row, 5)? },
        month: Month(row.get(6)?),
        state: get(row, 7)?,
        reason: row.get::<_, Option<String>>(8)?.map(|reason| BankReason::parse(&reason)),
        created_ms: row.get(9)?,
        decided_ms: row.get(10)?,
        check_ms: row.get(11)?,
        checks: row.get(12)?,
        account: row.get(13)?,
        discount: BasisPoints(row.get(14)?),
        lot: LotId(row.get(15)?),
        place: row.get::<_, Option<Column<Place>>>(16)?.map(|place| place.0),
        partner: row.get::<_, Option<i64>>(17)?.map(PartnerId),
        kind_version: row.get(18)?,
    })
}

pub(super) fn payment_row(row: &Row<'_>) -> rusqlite::Result<PaymentRow> {
    Ok(PaymentRow {
        transfer: TransferId(row.get(0)?),
        payer: PersonId(row.get(1)?),
        merchant: MerchantId(row.get(2)?),
        kind: row.get::<_, Option<i64>>(3)?.map(KindId),
        amount: won(row, 4)?,
        code: get(row, 5)?,
        created_ms: row.get(6)?,
        once: row.get::<_, Option<i64>>(7)?.map(OnceId),
        cancelled: won(row, 8)?,
    })
}

pub(super) fn day_row(row: &Row<'_>) -> rusqlite::Result<DayRow> {
    Ok(DayRow { paid_count: row.get(0)?, paid: won(row, 1)?, cancelled_count: row.get(2)?, cancelled: won(row, 3)? })
}

pub(super) fn terms_row(row: &Row<'_>) -> rusqlite::Result<LotTerms> {
    Ok(LotTerms { validity_years: row.get(0)?, refund_from: get(row, 1)? })
}

/// With the version of its kind; also whether people wait for it in a room.
pub(super) fn window_row(id: WindowId, row: &Row<'_>) -> rusqlite::Result<(Window, Kind, i64, Pool, bool)> {
    let kind = Kind {
        id: KindId(row.get(7)?),
        name_ko: row.get(8)?,
        name_en: row.get(9)?,
        scope: get(row, 10)?,
        discount: BasisPoints(row.get(11)?),
        unit: won(row, 12)?,
        month_limit: won(row, 13)?,
        holding_cap: won(row, 14)?,
        validity_years: row.get(15)?,
        refund_from: get(row, 16)?,
        after_expiry: AfterExpiry { small_upto: won(row, 17)?, small: get(row, 18)?, large: get(row, 19)? },
    };
    let (from, to) = (crate::clock::at(row.get(1)?), crate::clock::at(row.get(2)?));
    let span = Span::new(from, to).ok_or(rusqlite::Error::IntegralValueOutOfRange(2, 0))?;
    let window = Window { id, sale: SaleId(row.get(0)?), kind: kind.id, span, who: get(row, 3)? };
    let pool = Pool { total: won(row, 4)?, held: won(row, 5)?, sold: won(row, 6)? };
    Ok((window, kind, row.get(21)?, pool, row.get(20)?))
}

pub(super) fn lot_row(row: &Row<'_>) -> rusqlite::Result<LotRow> {
    let lot = Lot {
        id: LotId(row.get(0)?),
        kind: KindId(row.get(3)?),
        scope: get(row, 4)?,
        discount: BasisPoints(row.get(5)?),
        face: won(row, 6)?,
        paid: won(row, 7)?,
        left: won(row, 8)?,
        bought_at: crate::clock::at(row.get(9)?),
        expires_at: crate::clock::at(row.get(10)?),
        refunded: won(row, 11)?,
        refund_from: row.get::<_, Option<Column<Percent>>>(12)?.map(|from| from.0),
        expired: won(row, 13)?,
        after_expiry: get(row, 14)?,
        given: won(row, 15)?,
        gift: row.get::<_, Option<i64>>(16)?.map(EscrowId),
    };
    Ok(LotRow { purchase: get(row, 1)?, person: PersonId(row.get(2)?), lot })
}

pub(super) fn merchant_row(id: MerchantId, row: &Row<'_>) -> rusqlite::Result<(Merchant, Option<i64>)> {
    let merchant = Merchant {
        id,
        number: get(row, 0)?,
        name: row.get(1)?,
        district: get(row, 2)?,
        address: row.get(3)?,
        category: row.get(4)?,
        standing: get(row, 5)?,
    };
    Ok((merchant, row.get(6)?))
}
