//! Cancelled payments, and codes on screens that a payment uses up: no statement is run for batches without them.

use super::line::{Asked, asked};
use super::rows;
use super::save::{column, split};
use crate::error::{Error, Result};
use crate::till::LOT_COLUMNS;
use crate::till::books::{Books, CancelRow, Named, Touched};
use domain::ledger::Account;
use domain::spending::Draw;
use domain::{CancelId, LotId, OnceId, PaymentId, PersonId, TransferId};
use tokio_postgres::Row;

const ONCES: &str = "SELECT p.once FROM unnest($1::bigint[]) AS n (id) JOIN payment p ON p.once = n.id WHERE p.once IS NOT NULL";
const CANCELS: &str = "SELECT c.id, c.payment_id, c.transfer_id, c.by_id, c.amount, c.created_at \
    FROM unnest($1::bytea[]) AS k (id) JOIN cancellation c ON c.id = k.id";
const DRAWN: &str = concat!(
    "SELECT ",
    lot_columns!(),
    ", e.transfer_id, e.amount \
    FROM unnest($1::bigint[]) AS n (id) JOIN entry e ON e.transfer_id = n.id JOIN lot l ON l.id = e.owner \
    WHERE e.account = $2 ORDER BY e.transfer_id, e.line"
);

pub(super) fn onces(named: &Named) -> Option<Asked<'static>> {
    let onces: Vec<i64> = named.onces.iter().map(|id| id.0).collect();
    (!onces.is_empty()).then(|| asked(ONCES).bind(onces))
}

pub(super) fn cancels<'a>(ids: impl Iterator<Item = &'a CancelId>) -> Option<Asked<'static>> {
    let cancels: Vec<Vec<u8>> = ids.map(|id| id.uuid().as_bytes().to_vec()).collect();
    (!cancels.is_empty()).then(|| asked(CANCELS).bind(cancels))
}

pub(super) fn named_loaded(onces: &[Row], cancels: &[Row], books: &mut Books) -> Result<()> {
    for row in onces {
        books.onces.insert(OnceId(row.try_get(0)?));
    }
    for row in cancels {
        let cancel = CancelRow {
            payment: PaymentId::from_bytes(row.try_get(1)?).map_err(Error::damaged)?,
            transfer: TransferId(row.try_get(2)?),
            by: PersonId(row.try_get(3)?),
            amount: rows::won(row, 4)?,
            created_ms: row.try_get(5)?,
        };
        books.cancels.loaded(CancelId::from_bytes(row.try_get(0)?).map_err(Error::damaged)?, cancel);
    }
    Ok(())
}

/// What payments to cancel drew, and those lots, spent or not.
pub(super) fn drawn(touched: &Touched) -> Option<Asked<'static>> {
    let drawn: Vec<i64> = touched.drawn.iter().map(|id| id.0).collect();
    (!drawn.is_empty()).then(|| asked(DRAWN).bind(drawn).bind(Account::Lot(LotId(0)).code()))
}

pub(super) fn drawn_loaded(drawn: &[Row], touched: &Touched, books: &mut Books) -> Result<()> {
    for transfer in &touched.drawn {
        books.draws.insert(*transfer, Vec::new());
    }
    for row in drawn {
        let lot = rows::lot(row)?;
        let draw = Draw { lot: lot.lot.id, kind: lot.lot.kind, amount: rows::won(row, LOT_COLUMNS + 1)? };
        books.draws.entry(TransferId(row.try_get(LOT_COLUMNS)?)).or_default().push(draw);
        books.lot_loaded(lot);
    }
    Ok(())
}

pub(super) fn cancelled<'a>(writes: &mut Vec<Asked<'a>>, books: &'a Books) {
    let cancels = books.cancels.changed();
    if cancels.is_empty() {
        return;
    }
    let payments = books.payments.changed();
    // Of one that was paid in this very batch nothing was cancelled before.
    let was = |was: Option<&crate::till::books::PaymentRow>| was.map_or(0, |was| was.cancelled.get());
    let payments: Vec<_> = payments.iter().filter(|row| row.now.cancelled.get() != was(row.was)).collect();
    let update = asked(
        "UPDATE payment p SET cancelled = n.cancelled FROM (SELECT unnest($1::bytea[]) AS id, unnest($2::bigint[]) AS cancelled, \
         unnest($3::bigint[]) AS was) AS n WHERE p.id = n.id AND p.cancelled = n.was",
    );
    let update = update
        .bind(column(&payments, |row| row.key.uuid().as_bytes().to_vec()))
        .bind(column(&payments, |row| row.now.cancelled.get()))
        .bind(column(&payments, |row| was(row.was)));
    writes.push(update.all("payments", payments.len()));

    let (new, _) = split(&cancels);
    let insert = asked(
        "INSERT INTO cancellation (id, payment_id, transfer_id, by_id, amount, created_at) SELECT unnest($1::bytea[]), \
         unnest($2::bytea[]), unnest($3::bigint[]), unnest($4::bigint[]), unnest($5::bigint[]), unnest($6::bigint[])",
    );
    let insert = insert
        .bind(column(&new, |row| row.key.uuid().as_bytes().to_vec()))
        .bind(column(&new, |row| row.now.payment.uuid().as_bytes().to_vec()))
        .bind(column(&new, |row| row.now.transfer.0))
        .bind(column(&new, |row| row.now.by.0))
        .bind(column(&new, |row| row.now.amount.get()))
        .bind(column(&new, |row| row.now.created_ms));
    writes.push(insert);
}
