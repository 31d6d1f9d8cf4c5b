//! Settle: what the bank's word does to a purchase. The lot comes into being, or pool and limits are released, or the hold
//! stays until an inquiry resolves it; a debit that came after the void is booked and paid back. The partner through whose app it
//! was bought is told of each.

use super::Answer;
use super::books::{Books, LotRow, PurchaseRow, TransferRow, WebhookRow};
use crate::flake::Flake;
use domain::buying::{self, BankReason, BankSays, HoldOver, State, Step};
use domain::calendar;
use domain::ledger::{Transfer, Unbalanced};
use domain::partner::{Cap, Event};
use domain::sale::Pool;
use domain::spending::Lot;
use domain::{PartnerId, PurchaseId, Timestamp, TransferId, WindowId, Won};

pub(super) fn apply(books: &mut Books, id: PurchaseId, says: BankSays, now: Timestamp, flake: &Flake) -> Answer {
    let Some(purchase) = books.purchases.get(&id).cloned() else {
        return Answer::Settled(None);
    };
    let now_ms = crate::millis(now);
    let hold_over = if now_ms >= purchase.created_ms + buying::HOLD_MS { HoldOver::Yes } else { HoldOver::No };
    let step = buying::next_step(purchase.state, says, hold_over);
    let taken = match step {
        Step::Post => post(books, id, &purchase, now, flake),
        Step::Void(reason) => void(books, id, &purchase, reason, now_ms, flake),
        Step::Await => await_bank(books, id, &purchase, says, now_ms),
        Step::RefundLate => refund_late(books, id, &purchase, now_ms, flake),
        Step::FinishRefund => finish_refund(books, id, &purchase, now_ms, flake),
        Step::Nothing => check_later(books, id, &purchase, now_ms),
    };
    // A row that doesn't add up stays as it is, for the auditor to name; its neighbours go on.
    if taken.is_none() {
        tracing::error!(purchase = %id, ?step, "a purchase's figures do not add up; left as it is");
    }
    Answer::Settled(books.purchases.get(&id).map(|purchase| purchase.state))
}

/// `held` loses the face; `sold` gains it when it was sold.
fn release(pool: &Pool, face: Won, sold: Won) -> Option<Pool> {
    Some(Pool { total: pool.total, held: pool.held.minus(face)?, sold: pool.sold.plus(sold)? })
}

/// The same for the cap of the channel. `Some(None)`: there is none.
fn release_cap(books: &Books, purchase: &PurchaseRow, sold: Won) -> Option<Option<((WindowId, PartnerId), Cap)>> {
    let Some(channel) = purchase.partner.map(|partner| (purchase.window, partner)) else { return Some(None) };
    match books.caps.get(&channel) {
        Some(cap) => Some(Some((channel, cap.release(purchase.price.face, sold)?))),
        None => Some(None),
    }
}

fn tell(books: &mut Books, id: PurchaseId, purchase: &PurchaseRow, event: Event, now_ms: i64, flake: &Flake) {
    let row = |partner| WebhookRow { id: flake.next(now_ms), partner, purchase: id, event, created_ms: now_ms };
    books.webhooks.extend(purchase.partner.map(row));
}

fn post(books: &mut Books, id: PurchaseId, purchase: &PurchaseRow, now: Timestamp, flake: &Flake) -> Option<()> {
    let (_, kind) = books.windows.get(&purchase.window)?;
    let terms = *books.terms.get(&(purchase.kind, purchase.kind_version))?;
    let face = purchase.price.face;
    let pool = release(books.pools.get(&purchase.window)?, face, face)?;
    let cap = release_cap(books, purchase, face)?;
    let now_ms = crate::millis(now);
    let lot = Lot {
        id: purchase.lot,
        kind: purchase.kind,
        scope: kind.scope,
        face,
        paid: purchase.price.paid,
        discount: purchase.discount,
        left: face,
        refunded: Won::ZERO,
        expired: Won::ZERO,
        given: Won::ZERO,
        gift: None,
        after_expiry: kind.after_expiry.share(face),
        refund_from: purchase.partner.is_none().then_some(terms.refund_from),
        bought_at: crate::clock::at(now_ms),
        expires_at: calendar::expiry(now, terms.validity_years),
    };
    book(books, id, now_ms, flake, Transfer::buy(purchase.kind, lot.id, &purchase.price))?;
    books.pools.set(purchase.window, pool);
    if let Some((channel, cap)) = cap {
        books.caps.set(channel, cap);
    }
    tell(books, id, purchase, Event::PurchasePosted, now_ms, flake);
    books.lots.set(lot.id, LotRow { purchase: id, person: purchase.person, lot });
    // A payment that comes later in this batch may draw on it.
    books.lots_of.entry(purchase.person).or_default().push(lot.id);
    let posted = PurchaseRow { state: State::Posted, decided_ms: Some(now_ms), check_ms: None, ..purchase.clone() };
    books.purchases.set(id, posted);
    Some(())
}

fn void(books: &mut Books, id: PurchaseId, purchase: &PurchaseRow, reason: BankReason, now_ms: i64, flake: &Flake) -> Option<()> {
    let holder = (purchase.person, purchase.kind);
    let face = purchase.price.face;
    let pool = release(books.pools.get(&purchase.window)?, face, Won::ZERO)?;
    let cap = release_cap(books, purchase, Won::ZERO)?;
    let mut row = books.allowances.get(&holder)?.clone();
    row.allowance = row.allowance.release(face, purchase.month);
    row.lots.remove(purchase.lot);
    books.pools.set(purchase.window, pool);
    if let Some((channel, cap)) = cap {
        books.caps.set(channel, cap);
    }
    tell(books, id, purchase, Event::PurchaseVoided, now_ms, flake);
    books.allowances.set(holder, row);
    // A debit that the bank had not heard of may still arrive: keep asking for a while.
    let check_ms = (reason == BankReason::NotReached).then(|| now_ms + buying::check_after_ms(purchase.checks));
    let voided = PurchaseRow { state: State::Voided, reason: Some(reason), decided_ms: Some(now_ms), check_ms, ..purchase.clone() };
    books.purchases.set(id, voided);
    // Nothing was bought: the pass is good for another try.
    if let Some(place) = purchase.place {
        books.places.remove(&(purchase.window, place));
    }
    Some(())
}

/// The hold (or the refund) stays; ask again later, less and less often.
fn await_bank(books: &mut Books, id: PurchaseId, purchase: &PurchaseRow, says: BankSays, now_ms: i64) -> Option<()> {
    let state = match (purchase.state, says) {
        (State::Reserved, BankSays::Unclear) => State::Unknown,
        (state, _) => state,
    };
    let check_ms = Some(now_ms + buying::check_after_ms(purchase.checks));
    let waiting = PurchaseRow { state, check_ms, checks: purchase.checks + 1, ..purchase.clone() };
    books.purchases.set(id, waiting);
    Some(())
}

fn refund_late(books: &mut Books, id: PurchaseId, purchase: &PurchaseRow, now_ms: i64, flake: &Flake) -> Option<()> {
    book(books, id, now_ms, flake, Transfer::late_debit(purchase.price.paid))?;
    let refunding = PurchaseRow { state: State::Refunding, check_ms: Some(now_ms), checks: 0, ..purchase.clone() };
    books.purchases.set(id, refunding);
    Some(())
}

fn finish_refund(books: &mut Books, id: PurchaseId, purchase: &PurchaseRow, now_ms: i64, flake: &Flake) -> Option<()> {
    book(books, id, now_ms, flake, Transfer::late_refund(purchase.price.paid))?;
    tell(books, id, purchase, Event::PurchaseRefunded, now_ms, flake);
    let refunded = PurchaseRow { state: State::Refunded, decided_ms: Some(now_ms), check_ms: None, ..purchase.clone() };
    books.purchases.set(id, refunded);
    Some(())
}

/// Nothing is open; a void that the bank may not have heard of yet is looked at again until it is old.
fn check_later(books: &mut Books, id: PurchaseId, purchase: &PurchaseRow, now_ms: i64) -> Option<()> {
    let Some(_) = purchase.check_ms else { return Some(()) };
    let old = now_ms >= purchase.created_ms + buying::LATE_MS;
    let check_ms = (!old).then(|| now_ms + buying::check_after_ms(purchase.checks));
    books.purchases.set(id, PurchaseRow { check_ms, checks: purchase.checks + 1, ..purchase.clone() });
    Some(())
}

fn book(books: &mut Books, id: PurchaseId, now_ms: i64, flake: &Flake, transfer: Result<Transfer, Unbalanced>) -> Option<()> {
    let transfer = transfer.ok()?;
    books.transfers.push(TransferRow { id: TransferId(flake.next(now_ms)), subject: id.uuid(), created_ms: now_ms, transfer });
    Some(())
}
