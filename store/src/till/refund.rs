//! Refund: a lot is emptied, so that nobody pays with it while the bank is asked for the credit; then what the bank's word does to it.

use super::Answer;
use super::books::{AllowanceRow, Books, LotRow, RefundRow, TransferRow};
use crate::flake::Flake;
use domain::buying::{self, Allowance, BankReason, BankSays};
use domain::ledger::Transfer;
use domain::refunding::{self, State, Step, Wish};
use domain::spending::Lot;
use domain::{RefundId, Refused, Timestamp, TransferId, Won};

pub(super) fn apply(books: &mut Books, wish: &Wish, account: &str, now: Timestamp) -> Answer {
    match reserve(books, wish, account, now) {
        Ok(()) => books.refunds.get(&wish.id).map_or(Answer::Refused(Refused::NoSuchLot), |row| Answer::Refunding(row.credit(wish.id))),
        Err(refused) => Answer::Refused(refused),
    }
}

fn reserve(books: &mut Books, wish: &Wish, account: &str, now: Timestamp) -> Result<(), Refused> {
    if let Some(done) = books.refunds.get(&wish.id) {
        return if done.answers(wish) { Ok(()) } else { Err(Refused::IdReused) };
    }
    if books.is_used(wish.id.uuid()) {
        return Err(Refused::IdReused);
    }
    let row = books.lots.get(&wish.lot).filter(|row| row.person == wish.person).ok_or(Refused::NoSuchLot)?.clone();
    let agreed = refunding::decide(&row.lot, wish, now)?;

    // Everything new is made first; nothing is changed before all of it adds up.
    let holder = (wish.person, row.lot.kind);
    let mut allowance = books.allowances.get(&holder).ok_or(Refused::NoSuchLot)?.clone();
    allowance.lots.remove(wish.lot);
    let face = agreed.price.face;
    let refunded = row.lot.refunded.plus(face).ok_or(Refused::NothingToRefund)?;
    let left = row.lot.left.minus(face).ok_or(Refused::NothingToRefund)?;
    let now_ms = crate::millis(now);
    let refund = RefundRow {
        lot: wish.lot,
        person: wish.person,
        kind: row.lot.kind,
        price: agreed.price,
        month: if agreed.is_whole { books.bought_in(&row) } else { None },
        state: State::Reserved,
        reason: None,
        account: account.to_owned(),
        created_ms: now_ms,
        decided_ms: None,
        check_ms: Some(now_ms + buying::FIRST_CHECK_MS),
        checks: 0,
    };

    books.lots.set(wish.lot, LotRow { lot: Lot { left, refunded, ..row.lot }, ..row });
    books.allowances.set(holder, allowance);
    books.refunds.set(wish.id, refund);
    Ok(())
}

pub(super) fn settle(books: &mut Books, id: RefundId, says: BankSays, now: Timestamp, flake: &Flake) -> Answer {
    let Some(refund) = books.refunds.get(&id).cloned() else { return Answer::RefundSettled(None) };
    let now_ms = crate::millis(now);
    let step = refunding::next_step(refund.state, says);
    let taken = match step {
        Step::Post => post(books, id, &refund, now_ms, flake),
        Step::Void(reason) => void(books, id, &refund, reason, now_ms),
        Step::Await => {
            let state = if says == BankSays::Unclear { State::Unknown } else { refund.state };
            let check_ms = Some(now_ms + buying::check_after_ms(refund.checks));
            books.refunds.set(id, RefundRow { state, check_ms, checks: refund.checks + 1, ..refund });
            Some(())
        }
        Step::Nothing => Some(()),
    };
    // A row that doesn't add up stays as it is, for the auditor to name; its neighbours go on.
    if taken.is_none() {
        tracing::error!(refund = %id, ?step, "a refund's figures do not add up; left as it is");
    }
    Answer::RefundSettled(books.refunds.get(&id).map(|refund| refund.state))
}

/// The money has left: it is booked, and what was held while the bank was asked is held no more.
fn post(books: &mut Books, id: RefundId, refund: &RefundRow, now_ms: i64, flake: &Flake) -> Option<()> {
    let holder = (refund.person, refund.kind);
    let face = refund.price.face;
    let AllowanceRow { allowance, lots } = books.allowances.get(&holder)?.clone();
    let held = allowance.held.minus(face)?;
    let allowance = match refund.month {
        Some(month) => allowance.release(face, month),
        None => Allowance { held, ..allowance },
    };
    let transfer = Transfer::refund(refund.kind, refund.lot, &refund.price).ok()?;
    books.transfers.push(TransferRow { id: TransferId(flake.next(now_ms)), subject: id.uuid(), created_ms: now_ms, transfer });
    books.allowances.set(holder, AllowanceRow { allowance, lots });
    books.refunds.set(id, RefundRow { state: State::Posted, decided_ms: Some(now_ms), check_ms: None, ..refund.clone() });
    Some(())
}

/// The bank said no: the lot has again what it gave up, beside what a cancel may have brought back meanwhile.
fn void(books: &mut Books, id: RefundId, refund: &RefundRow, reason: BankReason, now_ms: i64) -> Option<()> {
    let holder = (refund.person, refund.kind);
    let face = refund.price.face;
    let row = books.lots.get(&refund.lot)?.clone();
    let left = row.lot.left.plus(face).filter(|left: &Won| *left <= row.lot.face)?;
    let refunded = row.lot.refunded.minus(face)?;
    let mut allowance = books.allowances.get(&holder)?.clone();
    if row.lot.left.is_zero() {
        allowance.lots.push(refund.lot);
    }
    books.lots.set(refund.lot, LotRow { lot: Lot { left, refunded, ..row.lot }, ..row });
    books.allowances.set(holder, allowance);
    let voided = RefundRow { state: State::Voided, reason: Some(reason), decided_ms: Some(now_ms), check_ms: None, ..refund.clone() };
    books.refunds.set(id, voided);
    Some(())
}
