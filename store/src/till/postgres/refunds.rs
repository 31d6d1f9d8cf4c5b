//! Refunds, and the lots that they empty. Whether an id is a refund's is asked in every batch: nobody buys or pays with one that was used;
//! everything else only in batches with refunds.

use super::line::{Asked, asked};
use super::rows;
use super::save::{column, split};
use crate::error::{Error, Result};
use crate::till::LOT_COLUMNS;
use crate::till::books::{Books, Named, RefundRow, Touched};
use domain::buying::BankReason;
use domain::calendar::Month;
use domain::kind::Price;
use domain::refunding::State;
use domain::{KindId, LotId, PersonId, RefundId, Won};
use tokio_postgres::Row;

const REFUNDS: &str = "SELECT r.id, r.lot_id, r.person_id, r.kind_id, r.face, r.paid, r.fund, r.month, r.state, r.reason, r.account, \
    r.created_at, r.decided_at, r.check_at, r.checks, r.kept FROM unnest($1::bytea[]) AS k (id) JOIN refund r ON r.id = k.id";
const LOTS: &str = concat!(
    "SELECT ",
    lot_columns!(),
    ", p.month \
    FROM unnest($1::bigint[]) AS n (id) JOIN lot l ON l.id = n.id JOIN purchase p ON p.id = l.purchase_id"
);

pub(super) fn named(named: &Named) -> Option<Asked<'static>> {
    let refunds: Vec<Vec<u8>> = named.refunds.iter().map(|id| id.uuid().as_bytes().to_vec()).collect();
    (!refunds.is_empty()).then(|| asked(REFUNDS).bind(refunds))
}

pub(super) fn named_loaded(refunds: &[Row], books: &mut Books) -> Result<()> {
    for row in refunds {
        let refund = RefundRow {
            lot: LotId(row.try_get(1)?),
            person: PersonId(row.try_get(2)?),
            kind: KindId(row.try_get(3)?),
            price: Price { face: rows::won(row, 4)?, paid: rows::won(row, 5)?, fund: rows::won(row, 6)? },
            month: row.try_get::<_, Option<i64>>(7)?.map(|_| rows::small(row, 7).map(Month)).transpose()?,
            state: rows::text(row, 8, State::parse)?,
            reason: row.try_get::<_, Option<&str>>(9)?.map(BankReason::parse),
            account: row.try_get(10)?,
            created_ms: row.try_get(11)?,
            decided_ms: row.try_get(12)?,
            check_ms: row.try_get(13)?,
            checks: row.try_get(14)?,
            kept: row.try_get::<_, Option<i64>>(15)?.map(|_| rows::won(row, 15)).transpose()?,
        };
        books.refunds.loaded(RefundId::from_bytes(row.try_get(0)?).map_err(Error::damaged)?, refund);
    }
    Ok(())
}

/// Lots to refund, spent or not, and in which months they were bought.
pub(super) fn lots(touched: &Touched) -> Option<Asked<'static>> {
    let lots: Vec<i64> = touched.refunded.iter().map(|id| id.0).collect();
    (!lots.is_empty()).then(|| asked(LOTS).bind(lots))
}

pub(super) fn lots_loaded(lots: &[Row], books: &mut Books) -> Result<()> {
    for row in lots {
        let lot = rows::lot(row)?;
        books.months.insert(lot.lot.id, Month(rows::small(row, LOT_COLUMNS)?));
        books.lot_loaded(lot);
    }
    Ok(())
}

pub(super) fn save<'a>(writes: &mut Vec<Asked<'a>>, books: &'a Books) {
    let changed = books.refunds.changed();
    let (new, old) = split(&changed);
    if !new.is_empty() {
        let insert = asked(
            "INSERT INTO refund (id, lot_id, person_id, kind_id, face, paid, fund, month, state, reason, account, created_at, decided_at, \
             check_at, checks, kept) SELECT unnest($1::bytea[]), unnest($2::bigint[]), unnest($3::bigint[]), unnest($4::bigint[]), \
             unnest($5::bigint[]), unnest($6::bigint[]), unnest($7::bigint[]), unnest($8::bigint[]), unnest($9::text[]), \
             unnest($10::text[]), unnest($11::text[]), unnest($12::bigint[]), unnest($13::bigint[]), unnest($14::bigint[]), \
             unnest($15::bigint[]), unnest($16::bigint[])",
        );
        let insert = insert
            .bind(column(&new, |row| row.key.uuid().as_bytes().to_vec()))
            .bind(column(&new, |row| row.now.lot.0))
            .bind(column(&new, |row| row.now.person.0))
            .bind(column(&new, |row| row.now.kind.0))
            .bind(column(&new, |row| row.now.price.face.get()))
            .bind(column(&new, |row| row.now.price.paid.get()))
            .bind(column(&new, |row| row.now.price.fund.get()))
            .bind(column(&new, |row| row.now.month.map(|month| i64::from(month.0))))
            .bind(column(&new, |row| row.now.state.as_str()))
            .bind(column(&new, |row| row.now.reason.map(BankReason::as_str)))
            .bind(column(&new, |row| row.now.account.as_str()))
            .bind(column(&new, |row| row.now.created_ms))
            .bind(column(&new, |row| row.now.decided_ms))
            .bind(column(&new, |row| row.now.check_ms))
            .bind(column(&new, |row| row.now.checks))
            .bind(column(&new, |row| row.now.kept.map(Won::get)));
        writes.push(insert.all("refunds", new.len()));
    }
    if old.is_empty() {
        return;
    }
    let update = asked(
        "UPDATE refund r SET state = n.state, reason = n.reason, decided_at = n.decided_at, check_at = n.check_at, checks = n.checks \
         FROM (SELECT unnest($1::bytea[]) AS id, unnest($2::text[]) AS state, unnest($3::text[]) AS reason, \
         unnest($4::bigint[]) AS decided_at, unnest($5::bigint[]) AS check_at, unnest($6::bigint[]) AS checks, \
         unnest($7::text[]) AS was_state) AS n WHERE r.id = n.id AND r.state = n.was_state",
    );
    let update = update
        .bind(column(&old, |(row, _)| row.key.uuid().as_bytes().to_vec()))
        .bind(column(&old, |(row, _)| row.now.state.as_str()))
        .bind(column(&old, |(row, _)| row.now.reason.map(BankReason::as_str)))
        .bind(column(&old, |(row, _)| row.now.decided_ms))
        .bind(column(&old, |(row, _)| row.now.check_ms))
        .bind(column(&old, |(row, _)| row.now.checks))
        .bind(column(&old, |(_, was)| was.state.as_str()));
    writes.push(update.all("refunds", old.len()));
}
