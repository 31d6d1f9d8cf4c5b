//! Refunds, and the lots that they empty.

use super::rows::{lot_row, won};
use super::{Sqlite, one};
use crate::error::Result;
use crate::till::LOT_COLUMNS;
use crate::till::books::{Books, RefundRow};
use domain::buying::BankReason;
use domain::calendar::Month;
use domain::kind::Price;
use domain::refunding::State;
use domain::{KindId, LotId, PersonId, RefundId, Won};
use rusqlite::types::Type;
use rusqlite::{OptionalExtension, Row, params};

pub(super) fn load_named(sqlite: &Sqlite, refunds: &[RefundId], books: &mut Books) -> Result<()> {
    if refunds.is_empty() {
        return Ok(());
    }
    let mut refund = sqlite.statement(
        "SELECT lot_id, person_id, kind_id, face, paid, fund, month, state, reason, account, created_at, decided_at, check_at, checks, \
         kept FROM refund WHERE id = ?1",
    )?;
    for id in refunds {
        if let Some(row) = refund.query_row([id.uuid().as_bytes()], refund_row).optional()? {
            books.refunds.loaded(*id, row);
        }
    }
    Ok(())
}

fn refund_row(row: &Row<'_>) -> rusqlite::Result<RefundRow> {
    let state = State::parse(row.get_ref(7)?.as_str()?);
    Ok(RefundRow {
        lot: LotId(row.get(0)?),
        person: PersonId(row.get(1)?),
        kind: KindId(row.get(2)?),
        price: Price { face: won(row, 3)?, paid: won(row, 4)?, fund: won(row, 5)? },
        month: row.get::<_, Option<i32>>(6)?.map(Month),
        state: state.ok_or_else(|| rusqlite::Error::InvalidColumnType(7, "state".into(), Type::Text))?,
        reason: row.get::<_, Option<String>>(8)?.map(|reason| BankReason::parse(&reason)),
        account: row.get(9)?,
        created_ms: row.get(10)?,
        decided_ms: row.get(11)?,
        check_ms: row.get(12)?,
        checks: row.get(13)?,
        kept: row.get::<_, Option<i64>>(14)?.map(|_| won(row, 14)).transpose()?,
    })
}

/// Lots to refund, spent or not, and in which months they were bought.
pub(super) fn load_lots(sqlite: &Sqlite, lots: &[LotId], books: &mut Books) -> Result<()> {
    if lots.is_empty() {
        return Ok(());
    }
    let mut lot = sqlite.statement(concat!(
        "SELECT ",
        lot_columns!(),
        ", p.month FROM lot l JOIN purchase p ON p.id = l.purchase_id WHERE l.id = ?1"
    ))?;
    for id in lots {
        if let Some((row, month)) = lot.query_row([id.0], |row| Ok((lot_row(row)?, Month(row.get(LOT_COLUMNS)?)))).optional()? {
            books.months.insert(*id, month);
            books.lot_loaded(row);
        }
    }
    Ok(())
}

pub(super) fn save(sqlite: &Sqlite, books: &Books) -> Result<()> {
    let refunds = books.refunds.changed();
    if refunds.is_empty() {
        return Ok(());
    }
    let mut insert = sqlite.statement(
        "INSERT INTO refund (id, lot_id, person_id, kind_id, face, paid, fund, month, state, reason, account, created_at, decided_at, \
         check_at, checks, kept) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
    )?;
    let mut update = sqlite
        .statement("UPDATE refund SET state = ?2, reason = ?3, decided_at = ?4, check_at = ?5, checks = ?6 WHERE id = ?1 AND state = ?7")?;
    for row in refunds {
        let (id, now) = (row.key.uuid(), row.now);
        let (state, reason) = (now.state.as_str(), now.reason.map(BankReason::as_str));
        let written = match row.was {
            None => insert.execute(params![
                id.as_bytes(),
                now.lot.0,
                now.person.0,
                now.kind.0,
                now.price.face.get(),
                now.price.paid.get(),
                now.price.fund.get(),
                now.month.map(|month| month.0),
                state,
                reason,
                now.account,
                now.created_ms,
                now.decided_ms,
                now.check_ms,
                now.checks,
                now.kept.map(Won::get)
            ])?,
            Some(was) => {
                let was = was.state.as_str();
                update.execute(params![id.as_bytes(), state, reason, now.decided_ms, now.check_ms, now.checks, was])?
            }
        };
        one("a refund", written)?;
    }
    Ok(())
}
