//! Reading cells. A cell that no code of ours writes is a damaged row, never a panic.

use crate::columns;
use crate::error::{Error, Result};
use domain::district::District;
use domain::kind::{AfterExpiry, BasisPoints, Kind, Percent, Scope};
use domain::{KindId, Timestamp, Won};
use jiff::civil::Date;
use sqlx::Row;
use sqlx::any::AnyRow;

pub(crate) fn int(row: &AnyRow, column: &str) -> Result<i64> {
    Ok(row.try_get(column)?)
}

pub(crate) fn int_if_any(row: &AnyRow, column: &str) -> Result<Option<i64>> {
    Ok(row.try_get(column)?)
}

pub(crate) fn text(row: &AnyRow, column: &str) -> Result<String> {
    Ok(row.try_get(column)?)
}

pub(crate) fn text_if_any(row: &AnyRow, column: &str) -> Result<Option<String>> {
    Ok(row.try_get(column)?)
}

pub(crate) fn bytes(row: &AnyRow, column: &str) -> Result<Vec<u8>> {
    Ok(row.try_get(column)?)
}

pub(crate) fn won(row: &AnyRow, column: &str) -> Result<Won> {
    Won::new(int(row, column)?).map_err(|_| damaged(column))
}

pub(crate) fn time(row: &AnyRow, column: &str) -> Result<Timestamp> {
    Ok(crate::clock::at(int(row, column)?))
}

pub(crate) fn time_if_any(row: &AnyRow, column: &str) -> Result<Option<Timestamp>> {
    Ok(row.try_get::<Option<i64>, _>(column)?.map(crate::clock::at))
}

/// A date kept as yyyymmdd.
pub(crate) fn date(row: &AnyRow, column: &str) -> Result<Date> {
    date_of(int(row, column)?).ok_or_else(|| damaged(column))
}

pub(crate) fn date_of(yyyymmdd: i64) -> Option<Date> {
    domain::calendar::Day(i32::try_from(yyyymmdd).ok()?).date()
}

/// The other way: as it is kept.
pub(crate) fn yyyymmdd(date: Date) -> i64 {
    i64::from(domain::calendar::Day::of_date(date).0)
}

/// A cell that one of the domain's parsers understands.
pub(crate) fn parsed<T>(row: &AnyRow, column: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T> {
    parse(row.try_get(column)?).ok_or_else(|| damaged(column))
}

pub(crate) fn district(row: &AnyRow, column: &str) -> Result<District> {
    u8::try_from(int(row, column)?).ok().and_then(|number| District::new(number).ok()).ok_or_else(|| damaged(column))
}

pub(crate) fn scope(row: &AnyRow, column: &str) -> Result<Scope> {
    columns::scope_of(int(row, column)?).ok_or_else(|| damaged(column))
}

pub(crate) fn basis_points(row: &AnyRow, column: &str) -> Result<BasisPoints> {
    u16::try_from(int(row, column)?).map(BasisPoints).map_err(|_| damaged(column))
}

pub(crate) fn percent(row: &AnyRow, column: &str) -> Result<Percent> {
    columns::percent_of(int(row, column)?).ok_or_else(|| damaged(column))
}

/// `($2, $3, $4)`: so many parameters, from the number `first` on.
pub(crate) fn list(first: usize, count: usize) -> String {
    let parameters: Vec<String> = (first..first + count).map(|number| format!("${number}")).collect();
    format!("({})", parameters.join(", "))
}

/// `($1, $2), ($3, $4)`: so many rows of so many columns.
pub(crate) fn lists(first: usize, rows: usize, columns: usize) -> String {
    let rows: Vec<String> = (0..rows).map(|row| list(first + row * columns, columns)).collect();
    rows.join(", ")
}

/// The columns that [`kind`] reads, of a table or alias `kind`.
macro_rules! kind_columns {
    () => {
        "kind.id AS kind_id, kind.name_ko AS kind_name_ko, kind.name_en AS kind_name_en, kind.district AS kind_district, \
         kind.discount_bp AS kind_discount_bp, kind.unit AS kind_unit, kind.month_limit AS kind_month_limit, \
         kind.holding_cap AS kind_holding_cap, kind.validity_years AS kind_validity_years, \
         kind.refund_from AS kind_refund_from, kind.expired_upto AS kind_expired_upto, kind.expired_small AS kind_expired_small, \
         kind.expired_large AS kind_expired_large"
    };
}
pub(crate) use kind_columns;

pub(crate) fn kind(row: &AnyRow) -> Result<Kind> {
    Ok(Kind {
        id: KindId(int(row, "kind_id")?),
        name_ko: text(row, "kind_name_ko")?,
        name_en: text(row, "kind_name_en")?,
        scope: scope(row, "kind_district")?,
        discount: basis_points(row, "kind_discount_bp")?,
        unit: won(row, "kind_unit")?,
        month_limit: won(row, "kind_month_limit")?,
        holding_cap: won(row, "kind_holding_cap")?,
        validity_years: u8::try_from(int(row, "kind_validity_years")?).map_err(|_| damaged("validity_years"))?,
        refund_from: percent(row, "kind_refund_from")?,
        after_expiry: AfterExpiry {
            small_upto: won(row, "kind_expired_upto")?,
            small: percent(row, "kind_expired_small")?,
            large: percent(row, "kind_expired_large")?,
        },
    })
}

/// Names the column, never what is in it.
pub(crate) fn damaged(column: &str) -> Error {
    Error::damaged(format_args!("column {column}"))
}
