//! Rows of PostgreSQL as the till's books hold them.

use crate::columns::{percent_of, scope_of, who_of};
use crate::error::{Error, Result};
use crate::lot_list::LotList;
use crate::till::books::{AllowanceRow, LotRow, LotTerms, PaymentRow, PurchaseRow};
use domain::buying::{Allowance, BankReason, State};
use domain::calendar::{Month, Span};
use domain::kind::{AfterExpiry, BasisPoints, Kind, Percent, Price, Scope};
use domain::merchant::{Merchant, Standing};
use domain::paying::Code;
use domain::room::Place;
use domain::sale::{Pool, Window};
use domain::spending::Lot;
use domain::{EscrowId, KindId, LotId, MerchantId, OnceId, PartnerId, PaymentId, PersonId, PurchaseId, SaleId, TransferId, WindowId, Won};
use tokio_postgres::Row;

pub(super) fn won(row: &Row, at: usize) -> Result<Won> {
    Won::new(row.try_get(at)?).map_err(Error::damaged)
}

/// A number that was stored from a smaller type.
pub(super) fn small<T: TryFrom<i64, Error: std::fmt::Display>>(row: &Row, at: usize) -> Result<T> {
    T::try_from(row.try_get::<_, i64>(at)?).map_err(Error::damaged)
}

pub(super) fn text<T>(row: &Row, at: usize, parse: impl Fn(&str) -> Option<T>) -> Result<T> {
    let text: &str = row.try_get(at)?;
    parse(text).ok_or_else(|| Error::damaged(text))
}

fn purchase_id(row: &Row, at: usize) -> Result<PurchaseId> {
    PurchaseId::from_bytes(row.try_get(at)?).map_err(Error::damaged)
}

fn scope(row: &Row, at: usize) -> Result<Scope> {
    let code: i64 = row.try_get(at)?;
    scope_of(code).ok_or_else(|| Error::damaged(code))
}

fn percent(row: &Row, at: usize) -> Result<Percent> {
    let code: i64 = row.try_get(at)?;
    percent_of(code).ok_or_else(|| Error::damaged(code))
}

pub(super) fn place(number: i64) -> Result<Place> {
    Place::new(u32::try_from(number).unwrap_or(0)).map_err(Error::damaged)
}

pub(super) fn purchase(row: &Row) -> Result<(PurchaseId, PurchaseRow)> {
    let purchase = PurchaseRow {
        person: PersonId(row.try_get(1)?),
        window: WindowId(row.try_get(2)?),
        kind: KindId(row.try_get(3)?),
        price: Price { face: won(row, 4)?, paid: won(row, 5)?, fund: won(row, 6)? },
        month: Month(small(row, 7)?),
        state: text(row, 8, State::parse)?,
        reason: row.try_get::<_, Option<&str>>(9)?.map(BankReason::parse),
        created_ms: row.try_get(10)?,
        decided_ms: row.try_get(11)?,
        check_ms: row.try_get(12)?,
        checks: row.try_get(13)?,
        account: row.try_get(14)?,
        discount: BasisPoints(small(row, 15)?),
        lot: LotId(row.try_get(16)?),
        place: row.try_get::<_, Option<i64>>(17)?.map(place).transpose()?,
        partner: row.try_get::<_, Option<i64>>(18)?.map(PartnerId),
        kind_version: row.try_get(19)?,
    };
    Ok((purchase_id(row, 0)?, purchase))
}

pub(super) fn payment(row: &Row) -> Result<(PaymentId, PaymentRow)> {
    let payment = PaymentRow {
        transfer: TransferId(row.try_get(1)?),
        payer: PersonId(row.try_get(2)?),
        merchant: MerchantId(row.try_get(3)?),
        kind: row.try_get::<_, Option<i64>>(4)?.map(KindId),
        amount: won(row, 5)?,
        code: Code::new(row.try_get(6)?).ok_or_else(|| Error::damaged("code"))?,
        created_ms: row.try_get(7)?,
        once: row.try_get::<_, Option<i64>>(8)?.map(OnceId),
        cancelled: won(row, 9)?,
    };
    Ok((PaymentId::from_bytes(row.try_get(0)?).map_err(Error::damaged)?, payment))
}

/// After kind and version.
pub(super) fn terms(row: &Row) -> Result<LotTerms> {
    Ok(LotTerms { validity_years: small(row, 2)?, refund_from: percent(row, 3)? })
}

/// With the version of its kind; also whether people wait for it in a room.
pub(super) fn window(row: &Row) -> Result<(Window, Kind, i64, Pool, bool)> {
    let kind = Kind {
        id: KindId(row.try_get(8)?),
        name_ko: row.try_get(9)?,
        name_en: row.try_get(10)?,
        scope: scope(row, 11)?,
        discount: BasisPoints(small(row, 12)?),
        unit: won(row, 13)?,
        month_limit: won(row, 14)?,
        holding_cap: won(row, 15)?,
        validity_years: small(row, 16)?,
        refund_from: percent(row, 17)?,
        after_expiry: AfterExpiry { small_upto: won(row, 18)?, small: percent(row, 19)?, large: percent(row, 20)? },
    };
    let span = Span::new(crate::clock::at(row.try_get(2)?), crate::clock::at(row.try_get(3)?));
    let window = Window {
        id: WindowId(row.try_get(0)?),
        sale: SaleId(row.try_get(1)?),
        kind: kind.id,
        span: span.ok_or_else(|| Error::damaged("an empty window"))?,
        who: text(row, 4, who_of)?,
    };
    let pool = Pool { total: won(row, 5)?, held: won(row, 6)?, sold: won(row, 7)? };
    Ok((window, kind, row.try_get(22)?, pool, row.try_get(21)?))
}

pub(super) fn allowance(row: &Row) -> Result<AllowanceRow> {
    let allowance = Allowance { month: Month(small(row, 2)?), bought: won(row, 3)?, held: won(row, 4)? };
    Ok(AllowanceRow { allowance, lots: LotList::parse(row.try_get(5)?).ok_or_else(|| Error::damaged("allowance.lots"))? })
}

pub(super) fn lot(row: &Row) -> Result<LotRow> {
    let lot = Lot {
        id: LotId(row.try_get(0)?),
        kind: KindId(row.try_get(3)?),
        scope: scope(row, 4)?,
        discount: BasisPoints(small(row, 5)?),
        face: won(row, 6)?,
        paid: won(row, 7)?,
        left: won(row, 8)?,
        bought_at: crate::clock::at(row.try_get(9)?),
        expires_at: crate::clock::at(row.try_get(10)?),
        refunded: won(row, 11)?,
        refund_from: row.try_get::<_, Option<i64>>(12)?.map(|_| percent(row, 12)).transpose()?,
        expired: won(row, 13)?,
        after_expiry: percent(row, 14)?,
        given: won(row, 15)?,
        gift: row.try_get::<_, Option<i64>>(16)?.map(EscrowId),
    };
    Ok(LotRow { purchase: purchase_id(row, 1)?, person: PersonId(row.try_get(2)?), lot })
}

pub(super) fn merchant(row: &Row) -> Result<(Merchant, Option<i64>)> {
    let merchant = Merchant {
        id: MerchantId(row.try_get(0)?),
        number: text(row, 1, |number| number.parse().ok())?,
        name: row.try_get(2)?,
        district: small::<u8>(row, 3)?.try_into().map_err(Error::damaged)?,
        address: row.try_get(4)?,
        category: row.try_get(5)?,
        standing: text(row, 6, Standing::parse)?,
    };
    Ok((merchant, row.try_get(7)?))
}
