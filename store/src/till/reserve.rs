//! Reserve: pool, month limit and holding cap are held together, before the bank is asked.

use super::books::{AllowanceRow, Books, PurchaseRow};
use super::{Answer, Buyer};
use crate::buying::Debit;
use crate::flake::Flake;
use domain::buying::{self, Facts, State, Wish};
use domain::{LotId, Refused, Timestamp};

pub(super) fn apply(books: &mut Books, wish: &Wish, buyer: &Buyer, now: Timestamp, flake: &Flake) -> Answer {
    match decide(books, wish, buyer, now, flake) {
        Ok(debit) => Answer::Reserved(debit),
        Err(refused) => Answer::Refused(refused),
    }
}

fn decide(books: &mut Books, wish: &Wish, buyer: &Buyer, now: Timestamp, flake: &Flake) -> Result<Debit, Refused> {
    if let Some(purchase) = books.purchases.get(&wish.id) {
        return if purchase.answers(wish) { Ok(debit(wish, purchase)) } else { Err(Refused::IdReused) };
    }
    if books.is_used(wish.id.uuid()) {
        return Err(Refused::IdReused);
    }
    let (window, kind) = books.windows.get(&wish.window).ok_or(Refused::NoSuchWindow)?;
    let pool = books.pools.get(&wish.window).ok_or(Refused::NoSuchWindow)?;
    let kind_version = *books.versions.get(&kind.id).ok_or(Refused::NoSuchWindow)?;
    if books.rooms.contains(&wish.window) {
        let place = wish.place.ok_or(Refused::NeedsPass)?;
        if books.places.contains(&(wish.window, place)) {
            return Err(Refused::PassUsed);
        }
    }
    let holder = (wish.person, kind.id);
    let AllowanceRow { allowance, mut lots } = books.allowances.get(&holder).cloned().unwrap_or_default();
    let channel = wish.partner.map(|partner| (wish.window, partner));
    let cap = channel.and_then(|channel| books.caps.get(&channel));
    let facts = Facts { kind, window, pool, allowance: &allowance, cap, birth_year: buyer.birth_year };
    let reservation = buying::decide(&facts, wish, now)?;

    let created_ms = crate::millis(now);
    let lot = LotId(flake.next(created_ms));
    lots.push(lot);
    let purchase = PurchaseRow {
        person: wish.person,
        window: wish.window,
        kind: kind.id,
        kind_version,
        price: reservation.price,
        discount: kind.discount,
        lot,
        month: reservation.month,
        state: State::Reserved,
        reason: None,
        account: buyer.account.clone(),
        created_ms,
        decided_ms: None,
        check_ms: Some(created_ms + buying::FIRST_CHECK_MS),
        checks: 0,
        place: wish.place,
        partner: wish.partner,
    };
    books.places.extend(wish.place.map(|place| (wish.window, place)));
    books.pools.set(wish.window, reservation.pool);
    if let (Some(channel), Some(cap)) = (channel, reservation.cap) {
        books.caps.set(channel, cap);
    }
    books.allowances.set(holder, AllowanceRow { allowance: reservation.allowance, lots });
    let debit = debit(wish, &purchase);
    books.purchases.set(wish.id, purchase);
    Ok(debit)
}

fn debit(wish: &Wish, purchase: &PurchaseRow) -> Debit {
    Debit { id: wish.id, state: purchase.state, account: purchase.account.clone(), paid: purchase.price.paid }
}
