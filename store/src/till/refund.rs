//! Refund: a lot is emptied, so that nobody pays with it while the bank is asked for the credit; then what the bank's word does to it.

use super::books::{AllowanceRow, Books, LotRow, RefundRow, TransferRow};
use super::{Answer, expire};
use crate::flake::Flake;
use domain::buying::{self, Allowance, BankReason, BankSays};
use domain::ledger::Transfer;
use domain::refunding::{self, State, Step, Wish};
use domain::spending::Lot;
use domain::{RefundId, Refused, Timestamp, TransferId, Won};

pub(super) fn apply(books: &mut Books, wish: &Wish, account: &str, now: Timestamp, flake: &Flake) -> Answer {
    match reserve(books, wish, account, now, flake) {
        Ok(()) => books.refunds.get(&wish.id).map_or(Answer::Refused(Refused::NoSuchLot), |row| Answer::Refunding(row.credit(wish.id))),
        Err(refused) => Answer::Refused(refused),
    }
}

fn reserve(books: &mut Books, wish: &Wish, account: &str, now: Timestamp, flake: &Flake) -> Result<(), Refused> {
    if let Some(done) = books.refunds.get(&wish.id) {
        return if done.answers(wish) { Ok(()) } else { Err(Refused::IdReused) };
    }
    if books.is_used(wish.id.uuid()) {
        return Err(Refused::IdReused);
    }
    let theirs = |books: &Books| books.lots.get(&wish.lot).filter(|row| row.person == wish.person).cloned().ok_or(Refused::NoSuchLot);
    let agreed = refunding::decide(&theirs(books)?.lot, wish, now)?;
    // Before anything comes back of a lot whose time is over, all of it is booked as expired; that is due whatever becomes of the refund.
    expire::book(books, wish.lot, now, flake);
    let row = theirs(books)?;

    // Everything new is made first; nothing is changed before all of it adds up.
    let holder = (wish.person, row.lot.kind);
    let mut allowance = books.allowances.get(&holder).ok_or(Refused::NoSuchLot)?.clone();
    allowance.lots.remove(wish.lot);
    let given_up = refunding::given_up(&agreed.price, agreed.kept).ok_or(Refused::NothingToRefund)?;
    let refunded = row.lot.refunded.plus(given_up).ok_or(Refused::NothingToRefund)?;
    let from = if agreed.kept.is_some() { row.lot.expired } else { row.lot.left };
    let rest = from.minus(given_up).ok_or(Refused::NothingToRefund)?;
    let (left, expired) = if agreed.kept.is_some() { (row.lot.left, rest) } else { (rest, row.lot.expired) };
    let now_ms = crate::millis(now);
    let refund = RefundRow {
        lot: wish.lot,
        person: wish.person,
        kind: row.lot.kind,
        price: agreed.price,
        kept: agreed.kept,
        // What was given does not count among what its owner bought.
        month: if agreed.is_whole && row.lot.gift.is_none() { books.bought_in(&row) } else { None },
        state: State::Reserved,
        reason: None,
        account: account.to_owned(),
        created_ms: now_ms,
        decided_ms: None,
        check_ms: Some(now_ms + buying::FIRST_CHECK_MS),
        checks: 0,
    };

    books.lots.set(wish.lot, LotRow { lot: Lot { left, refunded, expired, ..row.lot }, ..row });
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
        Step::Void(reason) => void(books, id, &refund, reason, now, flake),
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
    let transfer = match refund.kept {
        // Nobody holds what has expired.
        Some(_) => Transfer::refund_expired(refund.kind, &refund.price).ok()?,
        None => {
            let holder = (refund.person, refund.kind);
            let face = refund.price.face;
            let AllowanceRow { allowance, lots } = books.allowances.get(&holder)?.clone();
            let held = allowance.held.minus(face)?;
            let allowance = match refund.month {
                Some(month) => allowance.release(face, month),
                None => Allowance { held, ..allowance },
            };
            let transfer = Transfer::refund(refund.kind, refund.lot, &refund.price).ok()?;
            books.allowances.set(holder, AllowanceRow { allowance, lots });
            transfer
        }
    };
    books.transfers.push(TransferRow { id: TransferId(flake.next(now_ms)), subject: id.uuid(), created_ms: now_ms, transfer });
    books.refunds.set(id, RefundRow { state: State::Posted, decided_ms: Some(now_ms), check_ms: None, ..refund.clone() });
    Some(())
}

/// The bank said no: the lot has again what it gave up, beside what a cancel may have brought back meanwhile. Its time may have ended since
/// the bank was asked, or may have been made longer.
fn void(books: &mut Books, id: RefundId, refund: &RefundRow, reason: BankReason, now: Timestamp, flake: &Flake) -> Option<()> {
    let row = books.lots.get(&refund.lot)?.clone();
    let given_up = refunding::given_up(&refund.price, refund.kept)?;
    let refunded = row.lot.refunded.minus(given_up)?;
    let within_face = |part: &Won| *part <= row.lot.face;
    if refund.kept.is_some() {
        let expired = row.lot.expired.plus(given_up).filter(within_face)?;
        books.lots.set(refund.lot, LotRow { lot: Lot { expired, refunded, ..row.lot }, ..row });
        expire::revive(books, refund.lot, now, flake);
    } else {
        let holder = (refund.person, refund.kind);
        let left = row.lot.left.plus(given_up).filter(within_face)?;
        let mut allowance = books.allowances.get(&holder)?.clone();
        if row.lot.left.is_zero() {
            allowance.lots.push(refund.lot);
        }
        books.lots.set(refund.lot, LotRow { lot: Lot { left, refunded, ..row.lot }, ..row });
        books.allowances.set(holder, allowance);
        expire::book(books, refund.lot, now, flake);
    }
    let now_ms = crate::millis(now);
    let voided = RefundRow { state: State::Voided, reason: Some(reason), decided_ms: Some(now_ms), check_ms: None, ..refund.clone() };
    books.refunds.set(id, voided);
    Some(())
}
