//! Gifts, and what their receivers may still accept. Asked only in batches with gifts.

use super::line::{Asked, asked};
use super::rows;
use super::save::{Changing, column, split};
use crate::error::{Error, Result};
use crate::till::books::{Books, GiftRow, GiftTerms, LotRow, Named, PartRow, Touched};
use domain::calendar::Month;
use domain::gifting::{Card, Message, Part, State};
use domain::phone::Phone;
use domain::{EscrowId, GiftId, KindId, LotId, PersonId};
use std::collections::HashMap;
use tokio_postgres::Row;

const GIFTS: &str = "SELECT g.id, g.escrow, g.sender_id, g.kind_id, g.amount, g.to_phone, g.card, g.message, g.wished_at, g.state, g.receiver_id, \
    g.created_at, g.delivers_at, g.ends_at, g.decided_at, g.month FROM unnest($1::bytea[]) AS k (id) JOIN gift g ON g.id = k.id";
const PARTS: &str = "SELECT p.escrow, p.lot_id, p.amount, p.to_lot_id FROM unnest($1::bytea[]) AS k (id) JOIN gift g ON g.id = k.id \
    JOIN gift_part p ON p.escrow = g.escrow ORDER BY p.escrow, p.line";
const TERMS: &str =
    "SELECT k.id, k.holding_cap, k.gift_month_cap, k.gift_refund FROM unnest($1::bigint[]) AS n (id) JOIN kind k ON k.id = n.id";
/// Read after the receivers' allowances, which are locked: whoever else hands something over to them has committed, or waits.
const RECEIVED: &str = "SELECT n.person_id, n.kind_id, n.month, CAST(COALESCE(SUM(g.amount), 0) AS BIGINT) \
    FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS n (person_id, kind_id, month) \
    LEFT JOIN gift g ON g.receiver_id = n.person_id AND g.kind_id = n.kind_id AND g.month = n.month \
    GROUP BY n.person_id, n.kind_id, n.month";

/// Gifts, then their parts.
pub(super) fn named(named: &Named) -> [Option<Asked<'static>>; 2] {
    let gifts: Vec<Vec<u8>> = named.gifts.iter().map(|id| id.uuid().as_bytes().to_vec()).collect();
    if gifts.is_empty() { [None, None] } else { [GIFTS, PARTS].map(|sql| Some(asked(sql).bind(gifts.clone()))) }
}

pub(super) fn named_loaded(gifts: &[Row], parts: &[Row], books: &mut Books) -> Result<()> {
    let mut of: HashMap<i64, Vec<PartRow>> = HashMap::new();
    for row in parts {
        let part = Part { lot: LotId(row.try_get(1)?), amount: rows::won(row, 2)? };
        let to = row.try_get::<_, Option<i64>>(3)?.map(LotId);
        of.entry(row.try_get(0)?).or_default().push(PartRow { part, to });
    }
    for row in gifts {
        let escrow: i64 = row.try_get(1)?;
        let gift = GiftRow {
            escrow: EscrowId(escrow),
            sender: PersonId(row.try_get(2)?),
            kind: KindId(row.try_get(3)?),
            amount: rows::won(row, 4)?,
            parts: of.remove(&escrow).unwrap_or_default(),
            to: row.try_get::<_, Option<&str>>(5)?.map(|phone| Phone::parse(phone).map_err(Error::damaged)).transpose()?,
            card: rows::text(row, 6, Card::parse)?,
            message: rows::text(row, 7, |text| Message::parse(text).ok())?,
            wished_ms: row.try_get(8)?,
            state: rows::text(row, 9, State::parse)?,
            receiver: row.try_get::<_, Option<i64>>(10)?.map(PersonId),
            created_ms: row.try_get(11)?,
            delivers_ms: row.try_get(12)?,
            ends_ms: row.try_get(13)?,
            decided_ms: row.try_get(14)?,
            month: row.try_get::<_, Option<i64>>(15)?.map(|_| rows::small(row, 15).map(Month)).transpose()?,
        };
        books.gifts.loaded(GiftId::from_bytes(row.try_get(0)?).map_err(Error::damaged)?, gift);
    }
    Ok(())
}

/// Terms of the kinds, then what was received of them.
pub(super) fn touched(touched: &Touched) -> [Option<Asked<'static>>; 2] {
    if touched.received.is_empty() {
        return [None, None];
    }
    let kinds = column(&touched.received, |key| key.1.0);
    let received = asked(RECEIVED)
        .bind(column(&touched.received, |key| key.0.0))
        .bind(kinds.clone())
        .bind(column(&touched.received, |key| i64::from(key.2.0)));
    [Some(asked(TERMS).bind(kinds)), Some(received)]
}

pub(super) fn touched_loaded(terms: &[Row], received: &[Row], books: &mut Books) -> Result<()> {
    for row in terms {
        let keeps_refund = row.try_get::<_, i64>(3)? == 1;
        let terms = GiftTerms { holding_cap: rows::won(row, 1)?, month_cap: rows::won(row, 2)?, keeps_refund };
        books.gift_terms.insert(KindId(row.try_get(0)?), terms);
    }
    for row in received {
        let month = Month(i32::try_from(row.try_get::<_, i64>(2)?).map_err(Error::damaged)?);
        books.received.insert((PersonId(row.try_get(0)?), KindId(row.try_get(1)?), month), rows::won(row, 3)?);
    }
    Ok(())
}

pub(super) fn save<'a>(writes: &mut Vec<Asked<'a>>, books: &'a Books) {
    let changed = books.gifts.changed();
    let (new, old) = split(&changed);
    if !new.is_empty() {
        let insert = asked(
            "INSERT INTO gift (id, escrow, sender_id, kind_id, amount, to_phone, card, message, wished_at, state, created_at, delivers_at, ends_at, \
             receiver_id, month, decided_at) SELECT unnest($1::bytea[]), unnest($2::bigint[]), unnest($3::bigint[]), unnest($4::bigint[]), unnest($5::bigint[]), \
             unnest($6::text[]), unnest($7::text[]), unnest($8::text[]), unnest($9::bigint[]), unnest($10::text[]), unnest($11::bigint[]), \
             unnest($12::bigint[]), unnest($13::bigint[]), unnest($14::bigint[]), unnest($15::bigint[]), unnest($16::bigint[])",
        );
        let insert = insert
            .bind(column(&new, |row| row.key.uuid().as_bytes().to_vec()))
            .bind(column(&new, |row| row.now.escrow.0))
            .bind(column(&new, |row| row.now.sender.0))
            .bind(column(&new, |row| row.now.kind.0))
            .bind(column(&new, |row| row.now.amount.get()))
            .bind(column(&new, |row| row.now.to.map(|phone| phone.digits())))
            .bind(column(&new, |row| row.now.card.as_str()))
            .bind(column(&new, |row| row.now.message.as_str()))
            .bind(column(&new, |row| row.now.wished_ms))
            .bind(column(&new, |row| row.now.state.as_str()))
            .bind(column(&new, |row| row.now.created_ms))
            .bind(column(&new, |row| row.now.delivers_ms))
            .bind(column(&new, |row| row.now.ends_ms))
            // Answered in the very batch that it was given in.
            .bind(column(&new, |row| row.now.receiver.map(|receiver| receiver.0)))
            .bind(column(&new, |row| row.now.month.map(|month| i64::from(month.0))))
            .bind(column(&new, |row| row.now.decided_ms));
        writes.push(insert.all("gifts", new.len()));
        let parts: Vec<_> =
            new.iter().flat_map(|row| (1i64..).zip(&row.now.parts).map(|(line, part)| (row.now.escrow.0, line, *part))).collect();
        let insert = asked(
            "INSERT INTO gift_part (escrow, line, lot_id, amount, to_lot_id) \
             SELECT unnest($1::bigint[]), unnest($2::bigint[]), unnest($3::bigint[]), unnest($4::bigint[]), unnest($5::bigint[])",
        );
        let insert = insert
            .bind(column(&parts, |part| part.0))
            .bind(column(&parts, |part| part.1))
            .bind(column(&parts, |part| part.2.part.lot.0))
            .bind(column(&parts, |part| part.2.part.amount.get()))
            .bind(column(&parts, |part| part.2.to.map(|lot| lot.0)));
        writes.push(insert.all("parts of gifts", parts.len()));
    }
    if old.is_empty() {
        return;
    }
    let update = asked(
        "UPDATE gift g SET state = n.state, receiver_id = n.receiver_id, month = n.month, decided_at = n.decided_at \
         FROM (SELECT unnest($1::bytea[]) AS id, unnest($2::text[]) AS state, unnest($3::bigint[]) AS receiver_id, \
         unnest($4::bigint[]) AS month, unnest($5::bigint[]) AS decided_at, unnest($6::text[]) AS was_state) AS n WHERE g.id = n.id AND g.state = n.was_state",
    );
    let update = update
        .bind(column(&old, |(row, _)| row.key.uuid().as_bytes().to_vec()))
        .bind(column(&old, |(row, _)| row.now.state.as_str()))
        .bind(column(&old, |(row, _)| row.now.receiver.map(|receiver| receiver.0)))
        .bind(column(&old, |(row, _)| row.now.month.map(|month| i64::from(month.0))))
        .bind(column(&old, |(row, _)| row.now.decided_ms))
        .bind(column(&old, |(_, was)| was.state.as_str()));
    writes.push(update.all("gifts", old.len()));
    let handed = |(line, part): (i64, &PartRow), escrow: EscrowId| part.to.map(|lot| (escrow.0, line, lot.0));
    let parts: Vec<_> = old.iter().flat_map(|(row, _)| (1..).zip(&row.now.parts).filter_map(|part| handed(part, row.now.escrow))).collect();
    if parts.is_empty() {
        return;
    }
    let update = asked(
        "UPDATE gift_part p SET to_lot_id = n.to_lot_id \
         FROM (SELECT unnest($1::bigint[]) AS escrow, unnest($2::bigint[]) AS line, unnest($3::bigint[]) AS to_lot_id) AS n \
         WHERE p.escrow = n.escrow AND p.line = n.line AND p.to_lot_id IS NULL",
    );
    let update = update.bind(column(&parts, |part| part.0)).bind(column(&parts, |part| part.1)).bind(column(&parts, |part| part.2));
    writes.push(update.all("parts of gifts", parts.len()));
}

/// Lots of which something was given or came back. Whoever pays needs none of it.
pub(super) fn lots<'a>(writes: &mut Vec<Asked<'a>>, lots: &[Changing<'a, '_, LotId, LotRow>]) {
    let old: Vec<_> = lots.iter().filter(|(row, was)| row.now.lot.given != was.lot.given).collect();
    if old.is_empty() {
        return;
    }
    let update = asked(
        "UPDATE lot l SET remaining = n.remaining, refunded = n.refunded, expired = n.expired, given = n.given \
         FROM (SELECT unnest($1::bigint[]) AS id, unnest($2::bigint[]) AS remaining, unnest($3::bigint[]) AS refunded, \
         unnest($4::bigint[]) AS expired, unnest($5::bigint[]) AS given, unnest($6::bigint[]) AS was_remaining, \
         unnest($7::bigint[]) AS was_refunded, unnest($8::bigint[]) AS was_expired, unnest($9::bigint[]) AS was_given) AS n \
         WHERE l.id = n.id AND l.remaining = n.was_remaining AND l.refunded = n.was_refunded AND l.expired = n.was_expired \
         AND l.given = n.was_given",
    );
    let update = update
        .bind(column(&old, |(row, _)| row.key.0))
        .bind(column(&old, |(row, _)| row.now.lot.left.get()))
        .bind(column(&old, |(row, _)| row.now.lot.refunded.get()))
        .bind(column(&old, |(row, _)| row.now.lot.expired.get()))
        .bind(column(&old, |(row, _)| row.now.lot.given.get()))
        .bind(column(&old, |(_, was)| was.lot.left.get()))
        .bind(column(&old, |(_, was)| was.lot.refunded.get()))
        .bind(column(&old, |(_, was)| was.lot.expired.get()))
        .bind(column(&old, |(_, was)| was.lot.given.get()));
    writes.push(update.all("lots", old.len()));
}
