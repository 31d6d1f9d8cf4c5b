//! Gifts, and what their receivers may still accept.

use super::rows::won;
use super::{Sqlite, one};
use crate::error::Result;
use crate::till::books::{Books, GiftRow, GiftTerms, PartRow, Touched};
use domain::calendar::Month;
use domain::gifting::{Card, Message, Part, State};
use domain::phone::Phone;
use domain::spending::Lot;
use domain::{EscrowId, GiftId, KindId, LotId, PersonId, Won};
use rusqlite::types::Type;
use rusqlite::{OptionalExtension, Row, params};

pub(super) fn load_named(sqlite: &Sqlite, gifts: &[GiftId], books: &mut Books) -> Result<()> {
    if gifts.is_empty() {
        return Ok(());
    }
    let mut gift = sqlite.statement(
        "SELECT escrow, sender_id, kind_id, amount, to_phone, card, message, wished_at, state, receiver_id, created_at, delivers_at, ends_at, \
         decided_at, month FROM gift WHERE id = ?1",
    )?;
    let mut parts = sqlite.statement("SELECT lot_id, amount, to_lot_id FROM gift_part WHERE escrow = ?1 ORDER BY line")?;
    for id in gifts {
        let Some(row) = gift.query_row([id.uuid().as_bytes()], gift_row).optional()? else { continue };
        let part = |row: &Row<'_>| {
            let part = Part { lot: LotId(row.get(0)?), amount: won(row, 1)? };
            Ok(PartRow { part, to: row.get::<_, Option<i64>>(2)?.map(LotId) })
        };
        let parts = parts.query_map([row.escrow.0], part)?.collect::<rusqlite::Result<_>>()?;
        books.gifts.loaded(*id, GiftRow { parts, ..row });
    }
    Ok(())
}

/// But for its parts.
fn gift_row(row: &Row<'_>) -> rusqlite::Result<GiftRow> {
    let damaged = |at: usize| rusqlite::Error::InvalidColumnType(at, "gift".into(), Type::Text);
    let to = row.get::<_, Option<String>>(4)?.map(|phone| Phone::parse(&phone).map_err(|_| damaged(4))).transpose()?;
    Ok(GiftRow {
        escrow: EscrowId(row.get(0)?),
        sender: PersonId(row.get(1)?),
        kind: KindId(row.get(2)?),
        amount: won(row, 3)?,
        parts: Vec::new(),
        to,
        card: Card::parse(row.get_ref(5)?.as_str()?).ok_or_else(|| damaged(5))?,
        message: Message::parse(row.get_ref(6)?.as_str()?).map_err(|_| damaged(6))?,
        wished_ms: row.get(7)?,
        state: State::parse(row.get_ref(8)?.as_str()?).ok_or_else(|| damaged(8))?,
        receiver: row.get::<_, Option<i64>>(9)?.map(PersonId),
        created_ms: row.get(10)?,
        delivers_ms: row.get(11)?,
        ends_ms: row.get(12)?,
        decided_ms: row.get(13)?,
        month: row.get::<_, Option<i32>>(14)?.map(Month),
    })
}

/// After the allowances of the receivers.
pub(super) fn load_touched(sqlite: &Sqlite, touched: &Touched, books: &mut Books) -> Result<()> {
    if touched.received.is_empty() {
        return Ok(());
    }
    let mut terms = sqlite.statement("SELECT holding_cap, gift_month_cap, gift_refund FROM kind WHERE id = ?1")?;
    let mut received =
        sqlite.statement("SELECT COALESCE(SUM(amount), 0) FROM gift WHERE receiver_id = ?1 AND kind_id = ?2 AND month = ?3")?;
    for (person, kind, month) in &touched.received {
        let row = |row: &Row<'_>| Ok(GiftTerms { holding_cap: won(row, 0)?, month_cap: won(row, 1)?, keeps_refund: row.get(2)? });
        if let Some(terms) = terms.query_row([kind.0], row).optional()? {
            books.gift_terms.insert(*kind, terms);
        }
        let sum: Won = received.query_row([person.0, kind.0, i64::from(month.0)], |row| won(row, 0))?;
        books.received.insert((*person, *kind, *month), sum);
    }
    Ok(())
}

pub(super) fn save(sqlite: &Sqlite, books: &Books) -> Result<()> {
    let gifts = books.gifts.changed();
    if gifts.is_empty() {
        return Ok(());
    }
    let mut insert = sqlite.statement(
        "INSERT INTO gift (id, escrow, sender_id, kind_id, amount, to_phone, card, message, wished_at, state, created_at, delivers_at, ends_at, \
         receiver_id, month, decided_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
    )?;
    let mut part = sqlite.statement("INSERT INTO gift_part (escrow, line, lot_id, amount, to_lot_id) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    let mut update =
        sqlite.statement("UPDATE gift SET state = ?2, receiver_id = ?3, month = ?4, decided_at = ?5 WHERE id = ?1 AND state = ?6")?;
    let mut to = sqlite.statement("UPDATE gift_part SET to_lot_id = ?3 WHERE escrow = ?1 AND line = ?2 AND to_lot_id IS NULL")?;
    for row in gifts {
        let (id, now) = (row.key.uuid(), row.now);
        let (receiver, month) = (now.receiver.map(|receiver| receiver.0), now.month.map(|month| month.0));
        let written = match row.was {
            None => {
                for (line, row) in (1..).zip(&now.parts) {
                    part.execute(params![now.escrow.0, line, row.part.lot.0, row.part.amount.get(), row.to.map(|lot| lot.0)])?;
                }
                insert.execute(params![
                    id.as_bytes(),
                    now.escrow.0,
                    now.sender.0,
                    now.kind.0,
                    now.amount.get(),
                    now.to.map(|phone| phone.digits()),
                    now.card.as_str(),
                    now.message.as_str(),
                    now.wished_ms,
                    now.state.as_str(),
                    now.created_ms,
                    now.delivers_ms,
                    now.ends_ms,
                    // Answered in the very batch that it was given in.
                    receiver,
                    month,
                    now.decided_ms
                ])?
            }
            Some(was) => {
                for (line, row) in (1..).zip(&now.parts) {
                    if let Some(lot) = row.to {
                        one("a part of a gift", to.execute([now.escrow.0, line, lot.0])?)?;
                    }
                }
                update.execute(params![id.as_bytes(), now.state.as_str(), receiver, month, now.decided_ms, was.state.as_str()])?
            }
        };
        one("a gift", written)?;
    }
    Ok(())
}

/// A lot of which something was given or came back. Whoever pays needs none of it.
pub(super) fn save_lot(sqlite: &Sqlite, lot: &Lot, was: &Lot) -> Result<usize> {
    let mut update = sqlite.statement(
        "UPDATE lot SET remaining = ?2, refunded = ?3, expired = ?4, given = ?5 \
         WHERE id = ?1 AND remaining = ?6 AND refunded = ?7 AND expired = ?8 AND given = ?9",
    )?;
    let [[left, refunded, expired, given], then] = [lot, was].map(|lot| [lot.left, lot.refunded, lot.expired, lot.given].map(Won::get));
    Ok(update.execute([lot.id.0, left, refunded, expired, given, then[0], then[1], then[2], then[3]])?)
}
