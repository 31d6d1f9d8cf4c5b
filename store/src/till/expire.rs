//! The end of a lot's time: what is left of it becomes breakage; and more time, when the city gives it. Neither has an id of a client: a lot
//! that is as it should be already is left alone.

use super::Answer;
use super::books::{AllowanceRow, Books, LotRow, TransferRow};
use crate::flake::Flake;
use domain::expiring;
use domain::ledger::{Transfer, Unbalanced};
use domain::spending::Lot;
use domain::{LotId, Timestamp, TransferId, Won};

pub(super) fn apply(books: &mut Books, id: LotId, now: Timestamp, flake: &Flake) -> Answer {
    Answer::Expired(book(books, id, now, flake).unwrap_or(Won::ZERO))
}

/// What is left of a lot whose time is over becomes breakage. `None`: nothing does.
pub(super) fn book(books: &mut Books, id: LotId, now: Timestamp, flake: &Flake) -> Option<Won> {
    let row = books.lots.get(&id)?.clone();
    let left = expiring::left_over(&row.lot, now)?;
    let holder = (row.person, row.lot.kind);
    let AllowanceRow { mut allowance, mut lots } = books.allowances.get(&holder)?.clone();
    allowance.held = allowance.held.minus(left)?;
    lots.remove(id);
    let expired = row.lot.expired.plus(left)?;
    move_by(books, &row, crate::millis(now), flake, Transfer::expire(row.lot.kind, id, left))?;
    books.lots.set(id, LotRow { lot: Lot { left: Won::ZERO, expired, ..row.lot }, ..row });
    books.allowances.set(holder, AllowanceRow { allowance, lots });
    Some(left)
}

/// A lot is good until `until`; what had become breakage is its own again.
pub(super) fn extend(books: &mut Books, id: LotId, until: Timestamp, now: Timestamp, flake: &Flake) -> Answer {
    let Some(row) = books.lots.get(&id).filter(|row| row.lot.expires_at < until).cloned() else { return Answer::Extended(Won::ZERO) };
    let longer = LotRow { lot: Lot { expires_at: until, ..row.lot }, ..row };
    books.lots.set(id, longer);
    Answer::Extended(revive(books, id, now, flake).unwrap_or(Won::ZERO))
}

/// What had become breakage of a lot that has time again. `None`: nothing had.
pub(super) fn revive(books: &mut Books, id: LotId, now: Timestamp, flake: &Flake) -> Option<Won> {
    let row = books.lots.get(&id).filter(|row| now < row.lot.expires_at && !row.lot.expired.is_zero())?.clone();
    let holder = (row.person, row.lot.kind);
    let AllowanceRow { mut allowance, mut lots } = books.allowances.get(&holder)?.clone();
    let back = row.lot.expired;
    allowance.held = allowance.held.plus(back)?;
    let left = row.lot.left.plus(back)?;
    if row.lot.left.is_zero() {
        lots.push(id);
    }
    move_by(books, &row, crate::millis(now), flake, Transfer::revive(row.lot.kind, id, back))?;
    books.lots.set(id, LotRow { lot: Lot { left, expired: Won::ZERO, ..row.lot }, ..row });
    books.allowances.set(holder, AllowanceRow { allowance, lots });
    Some(back)
}

/// The purchase of the lot is what it belongs to: one look finds all that was moved for it.
fn move_by(books: &mut Books, row: &LotRow, now_ms: i64, flake: &Flake, transfer: Result<Transfer, Unbalanced>) -> Option<()> {
    let transfer = transfer.ok()?;
    books.transfers.push(TransferRow { id: TransferId(flake.next(now_ms)), subject: row.purchase.uuid(), created_ms: now_ms, transfer });
    Some(())
}
