//! Pay: out of the payer's lots to the shop, with the shop's numbered notice in the same transaction.

use super::Answer;
use super::books::{AllowanceRow, Books, DayRow, LotRow, PaymentRow, TransferRow};
use crate::flake::Flake;
use domain::calendar::Day;
use domain::ledger::Transfer;
use domain::notice::{Event, Notice};
use domain::paying::{self, Code, Wish};
use domain::spending::{Draw, Lot};
use domain::{KindId, PersonId, Refused, Timestamp, TransferId};
use std::collections::BTreeMap;

pub(super) fn apply(books: &mut Books, wish: &Wish, now: Timestamp, flake: &Flake, random: u32) -> Answer {
    match decide(books, wish, now, flake, random) {
        Ok(code) => Answer::Paid(code),
        Err(refused) => Answer::Refused(refused),
    }
}

fn decide(books: &mut Books, wish: &Wish, now: Timestamp, flake: &Flake, random: u32) -> Result<Code, Refused> {
    if let Some(payment) = books.payments.get(&wish.id) {
        return if payment.answers(wish) { Ok(payment.code) } else { Err(Refused::IdReused) };
    }
    if books.is_used(wish.id.uuid()) {
        return Err(Refused::IdReused);
    }
    if wish.once.is_some_and(|once| books.onces.contains(&once)) {
        return Err(Refused::CodeUsed);
    }
    let merchant = books.merchants.get(&wish.merchant).ok_or(Refused::NoSuchShop)?;
    let lots = lots_of(books, wish.payer);
    let agreed = paying::decide(merchant, &lots, wish, now)?;

    // Everything new is made first; nothing is changed before all of it adds up.
    let now_ms = crate::millis(now);
    let short = Refused::NotEnough { usable: domain::Won::ZERO };
    let transfer = Transfer::pay(wish.merchant, wish.amount, &agreed.draws).map_err(|_| short.clone())?;
    let spent = after_draws(books, wish.payer, &agreed.draws).ok_or_else(|| short.clone())?;
    let day_key = (wish.merchant, Day::of(now));
    let day = books.days.get(&day_key).cloned().unwrap_or_default();
    let day = DayRow { paid_count: day.paid_count + 1, paid: day.paid.plus(wish.amount).ok_or(short)?, ..day };
    let number = books.notice_counts.get(&wish.merchant).copied().unwrap_or(0) + 1;
    let code = Code::from_random(random);
    let id = TransferId(flake.next(now_ms));

    for (key, lot) in spent.lots {
        books.lots.set(key, lot);
    }
    for (kind, allowance) in spent.allowances {
        books.allowances.set((wish.payer, kind), allowance);
    }
    books.transfers.push(TransferRow { id, subject: wish.id.uuid(), created_ms: now_ms, transfer });
    let payment = PaymentRow {
        transfer: id,
        payer: wish.payer,
        merchant: wish.merchant,
        kind: wish.kind,
        amount: wish.amount,
        code,
        created_ms: now_ms,
        once: wish.once,
        cancelled: domain::Won::ZERO,
    };
    books.onces.extend(wish.once);
    books.payments.set(wish.id, payment);
    books.days.set(day_key, day);
    books.notice_counts.set(wish.merchant, number);
    let at = crate::clock::at(now_ms);
    books.notices.push((wish.merchant, Notice { number, payment: wish.id, event: Event::Paid, amount: wish.amount, code, at }));
    Ok(code)
}

fn lots_of(books: &Books, payer: PersonId) -> Vec<Lot> {
    let ids = books.lots_of.get(&payer).map(Vec::as_slice).unwrap_or_default();
    ids.iter().filter_map(|id| books.lots.get(id)).map(|row| row.lot).collect()
}

struct Spent {
    lots: Vec<(domain::LotId, LotRow)>,
    allowances: BTreeMap<KindId, AllowanceRow>,
}

/// The lots with less left, and the allowances with less held, which no longer list what is spent. `None` when a draw is more
/// than its lot has.
fn after_draws(books: &Books, payer: PersonId, draws: &[Draw]) -> Option<Spent> {
    let mut spent = Spent { lots: Vec::new(), allowances: BTreeMap::new() };
    for draw in draws {
        let row = books.lots.get(&draw.lot)?;
        let lot = Lot { left: row.lot.left.minus(draw.amount)?, ..row.lot };
        spent.lots.push((draw.lot, LotRow { lot, ..row.clone() }));
        let before = spent.allowances.get(&draw.kind).or_else(|| books.allowances.get(&(payer, draw.kind)))?;
        let mut after = before.clone();
        after.allowance.held = before.allowance.held.minus(draw.amount)?;
        if lot.left.is_zero() {
            after.lots.remove(lot.id);
        }
        spent.allowances.insert(draw.kind, after);
    }
    Some(spent)
}
