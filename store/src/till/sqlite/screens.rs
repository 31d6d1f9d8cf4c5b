//! Cancelled payments, and codes on screens that a payment uses up.

use super::rows::{lot_row, won};
use super::{Sqlite, one};
use crate::error::Result;
use crate::till::LOT_COLUMNS;
use crate::till::books::{Books, CancelRow, Named};
use domain::ledger::Account;
use domain::spending::Draw;
use domain::{LotId, PaymentId, PersonId, TransferId};
use rusqlite::types::Type;
use rusqlite::{OptionalExtension, Row, params};

pub(super) fn load_named(sqlite: &Sqlite, named: &Named, books: &mut Books) -> Result<()> {
    if !named.onces.is_empty() {
        let mut once = sqlite.statement("SELECT 1 FROM payment WHERE once = ?1 AND once IS NOT NULL")?;
        for id in &named.onces {
            if once.exists([id.0])? {
                books.onces.insert(*id);
            }
        }
    }
    if !named.cancels.is_empty() {
        let mut cancel = sqlite.statement("SELECT payment_id, transfer_id, by_id, amount, created_at FROM cancellation WHERE id = ?1")?;
        for id in &named.cancels {
            if let Some(row) = cancel.query_row([id.uuid().as_bytes()], cancel_row).optional()? {
                books.cancels.loaded(*id, row);
            }
        }
    }
    Ok(())
}

fn cancel_row(row: &Row<'_>) -> rusqlite::Result<CancelRow> {
    let payment = PaymentId::from_bytes(row.get_ref(0)?.as_blob()?);
    Ok(CancelRow {
        payment: payment.map_err(|_| rusqlite::Error::InvalidColumnType(0, "payment_id".into(), Type::Blob))?,
        transfer: TransferId(row.get(1)?),
        by: PersonId(row.get(2)?),
        amount: won(row, 3)?,
        created_ms: row.get(4)?,
    })
}

/// What these payments drew, and those lots, spent or not.
pub(super) fn load_drawn(sqlite: &Sqlite, transfers: &[TransferId], books: &mut Books) -> Result<()> {
    if transfers.is_empty() {
        return Ok(());
    }
    let mut drawn = sqlite.statement(concat!(
        "SELECT ",
        lot_columns!(),
        ", e.amount FROM entry e JOIN lot l ON l.id = e.owner \
         WHERE e.transfer_id = ?1 AND e.account = ?2 ORDER BY e.line"
    ))?;
    for transfer in transfers {
        let mut rows = drawn.query([transfer.0, Account::Lot(LotId(0)).code()])?;
        let mut draws = Vec::new();
        while let Some(row) = rows.next()? {
            let lot = lot_row(row)?;
            draws.push(Draw { lot: lot.lot.id, kind: lot.lot.kind, amount: won(row, LOT_COLUMNS)? });
            books.lot_loaded(lot);
        }
        books.draws.insert(*transfer, draws);
    }
    Ok(())
}

pub(super) fn save_cancels(sqlite: &Sqlite, books: &Books) -> Result<()> {
    let cancels = books.cancels.changed();
    if cancels.is_empty() {
        return Ok(());
    }
    let mut update = sqlite.statement("UPDATE payment SET cancelled = ?2 WHERE id = ?1 AND cancelled = ?3")?;
    for row in books.payments.changed() {
        // Of one that was paid in this very batch nothing was cancelled before.
        let was = row.was.map_or(0, |was| was.cancelled.get());
        if row.now.cancelled.get() != was {
            one("a payment", update.execute(params![row.key.uuid().as_bytes(), row.now.cancelled.get(), was])?)?;
        }
    }
    let mut insert = sqlite
        .statement("INSERT INTO cancellation (id, payment_id, transfer_id, by_id, amount, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    for row in &cancels {
        let now = row.now;
        insert.execute(params![
            row.key.uuid().as_bytes(),
            now.payment.uuid().as_bytes(),
            now.transfer.0,
            now.by.0,
            now.amount.get(),
            now.created_ms
        ])?;
    }
    Ok(())
}
