//! Cancel: what a shop was paid goes back to the lots that it came from, with the shop's numbered notice in the same transaction.

use super::books::{AllowanceRow, Books, CancelRow, DayRow, LotRow, PaymentRow, TransferRow};
use super::{Answer, expire};
use crate::flake::Flake;
use domain::calendar::Day;
use domain::cancelling::{self, Cancellable, Wish};
use domain::ledger::Transfer;
use domain::notice::{Event, Notice};
use domain::spending::{Draw, Lot};
use domain::{KindId, LotId, PersonId, Refused, Timestamp, TransferId};
use std::collections::BTreeMap;

pub(super) fn apply(books: &mut Books, wish: &Wish, now: Timestamp, flake: &Flake) -> Answer {
    match decide(books, wish, now, flake) {
        Ok(()) => Answer::Cancelled,
        Err(refused) => Answer::Refused(refused),
    }
}

fn decide(books: &mut Books, wish: &Wish, now: Timestamp, flake: &Flake) -> Result<(), Refused> {
    if let Some(done) = books.cancels.get(&wish.id) {
        return if done.answers(wish) { Ok(()) } else { Err(Refused::IdReused) };
    }
    if books.is_used(wish.id.uuid()) {
        return Err(Refused::IdReused);
    }
    let payment = books.payments.get(&wish.payment).ok_or(Refused::NoSuchPayment)?.clone();
    let facts = Cancellable { merchant: payment.merchant, amount: payment.amount, cancelled: payment.cancelled };
    let agreed = cancelling::decide(&facts, &books.draws_of(payment.transfer), wish)?;

    // Everything new is made first; nothing is changed before all of it adds up.
    let now_ms = crate::millis(now);
    let less = Refused::CancelAmount { left: facts.left() };
    let transfer = Transfer::cancel(wish.merchant, wish.amount, &agreed.restores).map_err(|_| less.clone())?;
    let restored = after_restores(books, payment.payer, &agreed.restores).ok_or_else(|| less.clone())?;
    let day_key = (wish.merchant, Day::of(now));
    let day = books.days.get(&day_key).cloned().unwrap_or_default();
    let cancelled = day.cancelled.plus(wish.amount).ok_or_else(|| less.clone())?;
    let day = DayRow { cancelled_count: day.cancelled_count + 1, cancelled, ..day };
    let number = books.notice_counts.get(&wish.merchant).copied().unwrap_or(0) + 1;
    let id = TransferId(flake.next(now_ms));
    let payment = PaymentRow { cancelled: payment.cancelled.plus(wish.amount).ok_or(less)?, ..payment };
    let code = payment.code;

    for (key, lot) in restored.lots {
        books.lots.set(key, lot);
    }
    for (kind, allowance) in restored.allowances {
        books.allowances.set((payment.payer, kind), allowance);
    }
    // The payment is what it belongs to: one look finds all that was moved for it.
    books.transfers.push(TransferRow { id, subject: wish.payment.uuid(), created_ms: now_ms, transfer });
    books.payments.set(wish.payment, payment);
    let row = CancelRow { payment: wish.payment, transfer: id, by: wish.by, amount: wish.amount, created_ms: now_ms };
    books.cancels.set(wish.id, row);
    books.days.set(day_key, day);
    books.notice_counts.set(wish.merchant, number);
    // What goes back to a lot whose time is over has expired with it.
    for draw in &agreed.restores {
        expire::book(books, draw.lot, now, flake);
    }
    let notice = Notice { number, payment: wish.payment, event: Event::Cancelled, amount: wish.amount, code, at: crate::clock::at(now_ms) };
    books.notices.push((wish.merchant, notice));
    Ok(())
}

struct Restored {
    lots: Vec<(LotId, LotRow)>,
    allowances: BTreeMap<KindId, AllowanceRow>,
}

/// The lots with more left, and the allowances with more held, which list again what was spent. `None` when a lot would have more than
/// it ever had.
fn after_restores(books: &Books, payer: PersonId, restores: &[Draw]) -> Option<Restored> {
    let mut restored = Restored { lots: Vec::new(), allowances: BTreeMap::new() };
    for draw in restores {
        let row = books.lots.get(&draw.lot)?;
        let left = row.lot.left.plus(draw.amount).filter(|left| *left <= row.lot.face)?;
        restored.lots.push((draw.lot, LotRow { lot: Lot { left, ..row.lot }, ..row.clone() }));
        let before = restored.allowances.get(&draw.kind).or_else(|| books.allowances.get(&(payer, draw.kind)))?;
        let mut after = before.clone();
        after.allowance.held = before.allowance.held.plus(draw.amount)?;
        if row.lot.left.is_zero() {
            after.lots.push(draw.lot);
        }
        restored.allowances.insert(draw.kind, after);
    }
    Some(restored)
}
