//! Gift: out of the sender's lots into escrow; then, accepted, into lots of the receiver, or back into the lots that it came from.

use super::books::{AllowanceRow, Books, GiftRow, LotRow, PartRow, TransferRow};
use super::{Answer, expire};
use crate::flake::Flake;
use domain::calendar::Month;
use domain::gifting::{self, Back, Part, Receiver, Room, State, Wish};
use domain::ledger::{Transfer, Unbalanced};
use domain::phone::Phone;
use domain::spending::{Draw, Lot};
use domain::{EscrowId, GiftId, LotId, Refused, Timestamp, TransferId};

pub(super) fn send(books: &mut Books, wish: &Wish, own: Phone, now: Timestamp, flake: &Flake) -> Answer {
    answer(reserve(books, wish, own, now, flake))
}

pub(super) fn accept(books: &mut Books, id: GiftId, receiver: &Receiver, now: Timestamp, flake: &Flake) -> Answer {
    answer(hand_over(books, id, receiver, now, flake))
}

pub(super) fn back(books: &mut Books, id: GiftId, how: Back, now: Timestamp, flake: &Flake) -> Answer {
    answer(give_back(books, id, how, now, flake))
}

fn answer(outcome: Result<State, Refused>) -> Answer {
    match outcome {
        Ok(state) => Answer::Gift(state),
        Err(refused) => Answer::Refused(refused),
    }
}

fn reserve(books: &mut Books, wish: &Wish, own: Phone, now: Timestamp, flake: &Flake) -> Result<State, Refused> {
    if let Some(gift) = books.gifts.get(&wish.id) {
        return if gift.answers(wish) { Ok(gift.state) } else { Err(Refused::IdReused) };
    }
    if books.is_used(wish.id.uuid()) {
        return Err(Refused::IdReused);
    }
    let theirs = wish.parts.iter().filter_map(|part| books.lots.get(&part.lot)).filter(|row| row.person == wish.sender);
    let lots: Vec<Lot> = theirs.map(|row| row.lot).collect();
    let agreed = gifting::decide(&lots, wish, own, now)?;

    // Everything new is made first; nothing is changed before all of it adds up.
    let now_ms = crate::millis(now);
    let holder = (wish.sender, wish.kind);
    let AllowanceRow { allowance, lots: mut listed } = books.allowances.get(&holder).cloned().ok_or(Refused::NoSuchLot)?;
    let mut emptier = Vec::new();
    for draw in &agreed.draws {
        let row = books.lots.get(&draw.lot).ok_or(Refused::NoSuchLot)?;
        let short = Refused::GiftAmount { left: row.lot.left };
        let (left, given) = (row.lot.left.minus(draw.amount), row.lot.given.plus(draw.amount));
        let (Some(left), Some(given)) = (left, given) else { return Err(short) };
        if left.is_zero() {
            listed.remove(draw.lot);
        }
        emptier.push(LotRow { lot: Lot { left, given, ..row.lot }, ..row.clone() });
    }
    let escrow = EscrowId(flake.next(now_ms));
    book(books, wish.id, now_ms, flake, Transfer::gift(escrow, agreed.amount, &agreed.draws))
        .ok_or(Refused::GiftAmount { left: domain::Won::ZERO })?;
    for row in emptier {
        books.lots.set(row.lot.id, row);
    }
    books.allowances.set(holder, AllowanceRow { allowance, lots: listed });
    let gift = GiftRow {
        escrow,
        sender: wish.sender,
        kind: wish.kind,
        amount: agreed.amount,
        parts: wish.parts.iter().map(|part| PartRow { part: *part, to: None }).collect(),
        to: wish.to,
        card: wish.card,
        message: wish.message.clone(),
        wished_ms: wish.deliver_at.map(crate::millis),
        state: State::Waiting,
        receiver: None,
        month: None,
        created_ms: now_ms,
        delivers_ms: crate::millis(agreed.delivers_at),
        ends_ms: crate::millis(agreed.ends_at),
        decided_ms: None,
    };
    books.gifts.set(wish.id, gift);
    Ok(State::Waiting)
}

fn hand_over(books: &mut Books, id: GiftId, receiver: &Receiver, now: Timestamp, flake: &Flake) -> Result<State, Refused> {
    let gift = books.gifts.get(&id).cloned().ok_or(Refused::NoSuchGift)?;
    let month = Month::of(now);
    let counted = (receiver.person, gift.kind, month);
    // Not loaded: it was given in this very batch, and nobody but its sender can know of it.
    let terms = *books.gift_terms.get(&gift.kind).ok_or(Refused::NoSuchGift)?;
    let received = *books.received.get(&counted).ok_or(Refused::NoSuchGift)?;
    let (from, to) = ((gift.sender, gift.kind), (receiver.person, gift.kind));
    let AllowanceRow { mut allowance, lots: mut listed } = books.allowances.get(&to).cloned().unwrap_or_default();
    let room = Room { held: allowance.held, holding_cap: terms.holding_cap, received, month_cap: terms.month_cap };
    if !gifting::accept(&gift.held(), receiver, &room, now)? {
        return Ok(gift.state);
    }

    let now_ms = crate::millis(now);
    let mut parts = Vec::new();
    let mut lots = Vec::new();
    for PartRow { part, .. } in &gift.parts {
        // One whose time is over meanwhile goes back as a whole.
        let origin = books.lots.get(&part.lot).filter(|row| now < row.lot.expires_at).ok_or(Refused::GiftOver)?;
        let new = LotId(flake.next(now_ms));
        let lot = gifting::lot_of(gift.escrow, part, &origin.lot, new, terms.keeps_refund).ok_or(Refused::GiftOver)?;
        lots.push(LotRow { purchase: origin.purchase, person: receiver.person, lot });
        parts.push(PartRow { part: *part, to: Some(new) });
        listed.push(new);
    }
    let draws: Vec<Draw> = lots.iter().map(|row| Draw { lot: row.lot.id, kind: gift.kind, amount: row.lot.face }).collect();
    let AllowanceRow { allowance: mut sent, lots: senders } = books.allowances.get(&from).cloned().ok_or(Refused::GiftOver)?;
    sent.held = sent.held.minus(gift.amount).ok_or(Refused::GiftOver)?;
    allowance.held = allowance.held.plus(gift.amount).ok_or(Refused::GiftOver)?;
    let received = received.plus(gift.amount).ok_or(Refused::GiftOver)?;
    book(books, id, now_ms, flake, Transfer::gift_accepted(gift.escrow, gift.amount, &draws)).ok_or(Refused::GiftOver)?;
    for row in lots {
        // A payment that comes later in this batch may draw on it.
        books.lots_of.entry(receiver.person).or_default().push(row.lot.id);
        books.lots.set(row.lot.id, row);
    }
    books.allowances.set(from, AllowanceRow { allowance: sent, lots: senders });
    books.allowances.set(to, AllowanceRow { allowance, lots: listed });
    books.received.insert(counted, received);
    let receiver = Some(receiver.person);
    let accepted = GiftRow { parts, state: State::Accepted, receiver, month: Some(month), decided_ms: Some(now_ms), ..gift };
    books.gifts.set(id, accepted);
    Ok(State::Accepted)
}

fn give_back(books: &mut Books, id: GiftId, how: Back, now: Timestamp, flake: &Flake) -> Result<State, Refused> {
    let gift = books.gifts.get(&id).cloned().ok_or(Refused::NoSuchGift)?;
    let Some(state) = gifting::back(&gift.held(), how, now)? else { return Ok(gift.state) };
    let now_ms = crate::millis(now);
    if restore(books, id, &gift, now_ms, flake).is_none() {
        // It stays in escrow, for the auditor to name; its neighbours go on.
        tracing::error!(gift = %id, "a gift's figures do not add up; left as it is");
        return Ok(gift.state);
    }
    // What comes back to a lot whose time is over is over too.
    for PartRow { part, .. } in &gift.parts {
        expire::book(books, part.lot, now, flake);
    }
    books.gifts.set(id, GiftRow { state, decided_ms: Some(now_ms), ..gift });
    Ok(state)
}

fn restore(books: &mut Books, id: GiftId, gift: &GiftRow, now_ms: i64, flake: &Flake) -> Option<()> {
    let holder = (gift.sender, gift.kind);
    let AllowanceRow { allowance, lots: mut listed } = books.allowances.get(&holder)?.clone();
    let mut fuller = Vec::new();
    for PartRow { part: Part { lot, amount }, .. } in &gift.parts {
        let row = books.lots.get(lot)?;
        let (left, given) = (row.lot.left.plus(*amount)?, row.lot.given.minus(*amount)?);
        if row.lot.left.is_zero() {
            listed.push(*lot);
        }
        fuller.push(LotRow { lot: Lot { left, given, ..row.lot }, ..row.clone() });
    }
    let draws: Vec<Draw> = gift.parts.iter().map(|row| Draw { lot: row.part.lot, kind: gift.kind, amount: row.part.amount }).collect();
    book(books, id, now_ms, flake, Transfer::gift_back(gift.escrow, gift.amount, &draws))?;
    for row in fuller {
        books.lots.set(row.lot.id, row);
    }
    books.allowances.set(holder, AllowanceRow { allowance, lots: listed });
    Some(())
}

fn book(books: &mut Books, id: GiftId, now_ms: i64, flake: &Flake, transfer: Result<Transfer, Unbalanced>) -> Option<()> {
    let transfer = transfer.ok()?;
    books.transfers.push(TransferRow { id: TransferId(flake.next(now_ms)), subject: id.uuid(), created_ms: now_ms, transfer });
    Some(())
}
