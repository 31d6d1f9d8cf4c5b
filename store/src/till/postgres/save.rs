//! The net result of a batch, a statement or two a table.
//!
//! `SELECT unnest(a), unnest(b)` hands out the rows of the arrays one by one; `FROM unnest(a, b)` would first store each array.

use super::gifts;
use super::line::{Asked, asked};
use crate::columns::district_code;
use crate::till::books::{Books, Changed, LotRow};
use domain::LotId;
use domain::buying::BankReason;
use domain::spending::Lot;

/// The rows to insert, and the rows to update with what they were.
pub(super) type Split<'a, 'b, K, T> = (Vec<&'b Changed<'a, K, T>>, Vec<Changing<'a, 'b, K, T>>);
pub(super) type Changing<'a, 'b, K, T> = (&'b Changed<'a, K, T>, &'a T);

pub(super) fn split<'a, 'b, K, T>(changed: &'b [Changed<'a, K, T>]) -> Split<'a, 'b, K, T> {
    let new = changed.iter().filter(|row| row.was.is_none()).collect();
    let old = changed.iter().filter_map(|row| row.was.map(|was| (row, was))).collect();
    (new, old)
}

pub(super) fn column<R, T>(rows: &[R], get: impl Fn(&R) -> T) -> Vec<T> {
    rows.iter().map(get).collect()
}

pub(super) fn pools<'a>(writes: &mut Vec<Asked<'a>>, books: &'a Books) {
    let changed = books.pools.changed();
    let (_, old) = split(&changed);
    if old.is_empty() {
        return;
    }
    // By how much, so that lanes and nodes that sell the same pool don't wait for each other, and never below zero.
    let update = asked(
        "UPDATE sale_window w SET held = w.held + n.held, sold = w.sold + n.sold \
         FROM (SELECT unnest($1::bigint[]) AS id, unnest($2::bigint[]) AS held, unnest($3::bigint[]) AS sold, \
         unnest($4::bigint[]) AS total) AS n \
         WHERE w.id = n.id AND w.total = n.total AND w.held + n.held >= 0 AND w.sold + n.sold >= 0 \
         AND w.held + w.sold + n.held + n.sold <= w.total",
    );
    let update = update
        .bind(column(&old, |(row, _)| row.key.0))
        .bind(column(&old, |(row, was)| row.now.held.get() - was.held.get()))
        .bind(column(&old, |(row, was)| row.now.sold.get() - was.sold.get()))
        .bind(column(&old, |(_, was)| was.total.get()));
    writes.push(update.all("pools", old.len()));
}

pub(super) fn allowances<'a>(writes: &mut Vec<Asked<'a>>, books: &'a Books) {
    let changed = books.allowances.changed();
    let (new, old) = split(&changed);
    if !new.is_empty() {
        let insert = asked(
            "INSERT INTO allowance (person_id, kind_id, month, bought, held, lots) SELECT unnest($1::bigint[]), unnest($2::bigint[]), \
             unnest($3::bigint[]), unnest($4::bigint[]), unnest($5::bigint[]), unnest($6::bytea[])",
        );
        let insert = insert
            .bind(column(&new, |row| row.key.0.0))
            .bind(column(&new, |row| row.key.1.0))
            .bind(column(&new, |row| i64::from(row.now.allowance.month.0)))
            .bind(column(&new, |row| row.now.allowance.bought.get()))
            .bind(column(&new, |row| row.now.allowance.held.get()))
            .bind(column(&new, |row| row.now.lots.as_bytes()));
        writes.push(insert.all("allowances", new.len()));
    }
    if old.is_empty() {
        return;
    }
    // The figures alone could be the same again after another till has reserved one purchase and released another: the list is not.
    let update = asked(
        "UPDATE allowance a SET month = n.month, bought = n.bought, held = n.held, lots = n.lots \
         FROM (SELECT unnest($1::bigint[]) AS person_id, unnest($2::bigint[]) AS kind_id, unnest($3::bigint[]) AS month, \
         unnest($4::bigint[]) AS bought, unnest($5::bigint[]) AS held, unnest($6::bytea[]) AS lots, \
         unnest($7::bigint[]) AS was_bought, unnest($8::bigint[]) AS was_held, unnest($9::bytea[]) AS were_lots) AS n \
         WHERE a.person_id = n.person_id AND a.kind_id = n.kind_id AND a.bought = n.was_bought AND a.held = n.was_held \
         AND a.lots = n.were_lots",
    );
    let update = update
        .bind(column(&old, |(row, _)| row.key.0.0))
        .bind(column(&old, |(row, _)| row.key.1.0))
        .bind(column(&old, |(row, _)| i64::from(row.now.allowance.month.0)))
        .bind(column(&old, |(row, _)| row.now.allowance.bought.get()))
        .bind(column(&old, |(row, _)| row.now.allowance.held.get()))
        .bind(column(&old, |(row, _)| row.now.lots.as_bytes()))
        .bind(column(&old, |(_, was)| was.allowance.bought.get()))
        .bind(column(&old, |(_, was)| was.allowance.held.get()))
        .bind(column(&old, |(_, was)| was.lots.as_bytes()));
    writes.push(update.all("allowances", old.len()));
}

pub(super) fn purchases<'a>(writes: &mut Vec<Asked<'a>>, books: &'a Books) {
    let changed = books.purchases.changed();
    let (new, old) = split(&changed);
    if !new.is_empty() {
        let insert = asked(
            "INSERT INTO purchase (id, person_id, window_id, kind_id, face, paid, fund, month, state, reason, created_at, decided_at, \
             check_at, checks, account, discount_bp, lot_id, place, partner_id, kind_version) SELECT unnest($1::bytea[]), unnest($2::bigint[]), unnest($3::bigint[]), \
             unnest($4::bigint[]), unnest($5::bigint[]), unnest($6::bigint[]), unnest($7::bigint[]), unnest($8::bigint[]), \
             unnest($9::text[]), unnest($10::text[]), unnest($11::bigint[]), unnest($12::bigint[]), unnest($13::bigint[]), \
             unnest($14::bigint[]), unnest($15::text[]), unnest($16::bigint[]), unnest($17::bigint[]), unnest($18::bigint[]), \
             unnest($19::bigint[]), unnest($20::bigint[])",
        );
        let insert = insert
            .bind(column(&new, |row| row.key.uuid().as_bytes().to_vec()))
            .bind(column(&new, |row| row.now.person.0))
            .bind(column(&new, |row| row.now.window.0))
            .bind(column(&new, |row| row.now.kind.0))
            .bind(column(&new, |row| row.now.price.face.get()))
            .bind(column(&new, |row| row.now.price.paid.get()))
            .bind(column(&new, |row| row.now.price.fund.get()))
            .bind(column(&new, |row| i64::from(row.now.month.0)))
            .bind(column(&new, |row| row.now.state.as_str()))
            .bind(column(&new, |row| row.now.reason.map(BankReason::as_str)))
            .bind(column(&new, |row| row.now.created_ms))
            .bind(column(&new, |row| row.now.decided_ms))
            .bind(column(&new, |row| row.now.check_ms))
            .bind(column(&new, |row| row.now.checks))
            .bind(column(&new, |row| row.now.account.as_str()))
            .bind(column(&new, |row| i64::from(row.now.discount.0)))
            .bind(column(&new, |row| row.now.lot.0))
            .bind(column(&new, |row| row.now.place.map(|place| i64::from(place.get()))))
            .bind(column(&new, |row| row.now.partner.map(|partner| partner.0)))
            .bind(column(&new, |row| row.now.kind_version));
        writes.push(insert.all("purchases", new.len()));
    }
    if old.is_empty() {
        return;
    }
    let update = asked(
        "UPDATE purchase p SET state = n.state, reason = n.reason, decided_at = n.decided_at, check_at = n.check_at, checks = n.checks \
         FROM (SELECT unnest($1::bytea[]) AS id, unnest($2::text[]) AS state, unnest($3::text[]) AS reason, \
         unnest($4::bigint[]) AS decided_at, unnest($5::bigint[]) AS check_at, unnest($6::bigint[]) AS checks, \
         unnest($7::text[]) AS was_state) AS n WHERE p.id = n.id AND p.state = n.was_state",
    );
    let update = update
        .bind(column(&old, |(row, _)| row.key.uuid().as_bytes().to_vec()))
        .bind(column(&old, |(row, _)| row.now.state.as_str()))
        .bind(column(&old, |(row, _)| row.now.reason.map(BankReason::as_str)))
        .bind(column(&old, |(row, _)| row.now.decided_ms))
        .bind(column(&old, |(row, _)| row.now.check_ms))
        .bind(column(&old, |(row, _)| row.now.checks))
        .bind(column(&old, |(_, was)| was.state.as_str()));
    writes.push(update.all("purchases", old.len()));
}

pub(super) fn lots<'a>(writes: &mut Vec<Asked<'a>>, books: &'a Books) {
    let changed = books.lots.changed();
    let (new, old) = split(&changed);
    if !new.is_empty() {
        let insert = asked(
            "INSERT INTO lot (id, purchase_id, person_id, kind_id, district, discount_bp, face, paid, remaining, bought_at, expires_at, \
             refund_from, after_expiry, gift) SELECT unnest($1::bigint[]), unnest($2::bytea[]), unnest($3::bigint[]), unnest($4::bigint[]), \
             unnest($5::bigint[]), unnest($6::bigint[]), unnest($7::bigint[]), unnest($8::bigint[]), unnest($9::bigint[]), \
             unnest($10::bigint[]), unnest($11::bigint[]), unnest($12::bigint[]), unnest($13::bigint[]), unnest($14::bigint[])",
        );
        let insert = insert
            .bind(column(&new, |row| row.key.0))
            .bind(column(&new, |row| row.now.purchase.uuid().as_bytes().to_vec()))
            .bind(column(&new, |row| row.now.person.0))
            .bind(column(&new, |row| row.now.lot.kind.0))
            .bind(column(&new, |row| district_code(row.now.lot.scope)))
            .bind(column(&new, |row| i64::from(row.now.lot.discount.0)))
            .bind(column(&new, |row| row.now.lot.face.get()))
            .bind(column(&new, |row| row.now.lot.paid.get()))
            .bind(column(&new, |row| row.now.lot.left.get()))
            .bind(column(&new, |row| crate::millis(row.now.lot.bought_at)))
            .bind(column(&new, |row| crate::millis(row.now.lot.expires_at)))
            .bind(column(&new, |row| row.now.lot.refund_from.map(|from| i64::from(from.get()))))
            .bind(column(&new, |row| i64::from(row.now.lot.after_expiry.get())))
            .bind(column(&new, |row| row.now.lot.gift.map(|gift| gift.0)));
        writes.push(insert.all("lots", new.len()));
    }
    figures(writes, &old);
    gifts::lots(writes, &old);
    terms(writes, &old);
}

/// What is left of lots of which nothing was given, nor came back.
fn figures<'a>(writes: &mut Vec<Asked<'a>>, lots: &[Changing<'a, '_, LotId, LotRow>]) {
    let old: Vec<_> = lots.iter().filter(|(row, was)| row.now.lot.given == was.lot.given).collect();
    if old.is_empty() {
        return;
    }
    let update = asked(
        "UPDATE lot l SET remaining = n.remaining, refunded = n.refunded, expired = n.expired \
         FROM (SELECT unnest($1::bigint[]) AS id, unnest($2::bigint[]) AS remaining, unnest($3::bigint[]) AS refunded, \
         unnest($4::bigint[]) AS expired, unnest($5::bigint[]) AS was, unnest($6::bigint[]) AS was_refunded, \
         unnest($7::bigint[]) AS was_expired) AS n \
         WHERE l.id = n.id AND l.remaining = n.was AND l.refunded = n.was_refunded AND l.expired = n.was_expired",
    );
    let update = update
        .bind(column(&old, |(row, _)| row.key.0))
        .bind(column(&old, |(row, _)| row.now.lot.left.get()))
        .bind(column(&old, |(row, _)| row.now.lot.refunded.get()))
        .bind(column(&old, |(row, _)| row.now.lot.expired.get()))
        .bind(column(&old, |(_, was)| was.lot.left.get()))
        .bind(column(&old, |(_, was)| was.lot.refunded.get()))
        .bind(column(&old, |(_, was)| was.lot.expired.get()));
    writes.push(update.all("lots", old.len()));
}

/// What the city has changed of lots.
fn terms<'a>(writes: &mut Vec<Asked<'a>>, lots: &[Changing<'a, '_, LotId, LotRow>]) {
    let of_terms = |lot: &Lot| (lot.expires_at, lot.refund_from);
    let old: Vec<_> = lots.iter().filter(|(row, was)| of_terms(&row.now.lot) != of_terms(&was.lot)).collect();
    if old.is_empty() {
        return;
    }
    let update = asked(
        "UPDATE lot l SET expires_at = n.expires_at, refund_from = n.refund_from \
         FROM (SELECT unnest($1::bigint[]) AS id, unnest($2::bigint[]) AS expires_at, unnest($3::bigint[]) AS refund_from, \
         unnest($4::bigint[]) AS was_ending) AS n WHERE l.id = n.id AND l.expires_at = n.was_ending",
    );
    let update = update
        .bind(column(&old, |(row, _)| row.key.0))
        .bind(column(&old, |(row, _)| crate::millis(row.now.lot.expires_at)))
        .bind(column(&old, |(row, _)| row.now.lot.refund_from.map(|from| i64::from(from.get()))))
        .bind(column(&old, |(_, was)| crate::millis(was.lot.expires_at)));
    writes.push(update.all("lots' terms", old.len()));
}

pub(super) fn ledger<'a>(writes: &mut Vec<Asked<'a>>, books: &'a Books) {
    let transfers = &books.transfers;
    if transfers.is_empty() {
        return;
    }
    let insert = asked(
        "INSERT INTO transfer (id, cause, subject, created_at) SELECT unnest($1::bigint[]), unnest($2::text[]), \
         unnest($3::bytea[]), unnest($4::bigint[])",
    );
    let insert = insert
        .bind(column(transfers, |row| row.id.0))
        .bind(column(transfers, |row| row.transfer.cause().as_str()))
        .bind(column(transfers, |row| row.subject.as_bytes().to_vec()))
        .bind(column(transfers, |row| row.created_ms));
    writes.push(insert);

    let lines = transfers.iter().flat_map(|row| (1i64..).zip(row.transfer.entries()).map(|(line, entry)| (row.id.0, line, *entry)));
    let lines: Vec<_> = lines.collect();
    let insert = asked(
        "INSERT INTO entry (transfer_id, line, account, owner, amount) \
         SELECT unnest($1::bigint[]), unnest($2::bigint[]), unnest($3::bigint[]), unnest($4::bigint[]), unnest($5::bigint[])",
    );
    let insert = insert
        .bind(column(&lines, |line| line.0))
        .bind(column(&lines, |line| line.1))
        .bind(column(&lines, |line| line.2.account.code()))
        .bind(column(&lines, |line| line.2.account.owner()))
        .bind(column(&lines, |line| line.2.signed()));
    writes.push(insert);
}

pub(super) fn payments<'a>(writes: &mut Vec<Asked<'a>>, books: &'a Books) {
    let changed = books.payments.changed();
    // A change is a cancellation's.
    let (new, _) = split(&changed);
    if new.is_empty() {
        return;
    }
    let insert = asked(
        "INSERT INTO payment (id, transfer_id, payer_id, merchant_id, kind_id, amount, code, created_at, once) \
         SELECT unnest($1::bytea[]), unnest($2::bigint[]), unnest($3::bigint[]), unnest($4::bigint[]), unnest($5::bigint[]), \
         unnest($6::bigint[]), unnest($7::bigint[]), unnest($8::bigint[]), unnest($9::bigint[])",
    );
    let insert = insert
        .bind(column(&new, |row| row.key.uuid().as_bytes().to_vec()))
        .bind(column(&new, |row| row.now.transfer.0))
        .bind(column(&new, |row| row.now.payer.0))
        .bind(column(&new, |row| row.now.merchant.0))
        .bind(column(&new, |row| row.now.kind.map(|kind| kind.0)))
        .bind(column(&new, |row| row.now.amount.get()))
        .bind(column(&new, |row| i64::from(row.now.code.get())))
        .bind(column(&new, |row| row.now.created_ms))
        .bind(column(&new, |row| row.now.once.map(|once| once.0)));
    writes.push(insert);
}

pub(super) fn notices<'a>(writes: &mut Vec<Asked<'a>>, books: &'a Books) {
    let told = &books.notices;
    if told.is_empty() {
        return;
    }
    let insert = asked(
        "INSERT INTO notice (merchant_id, number, payment_id, event, amount, code, at) \
         SELECT unnest($1::bigint[]), unnest($2::bigint[]), unnest($3::bytea[]), unnest($4::text[]), unnest($5::bigint[]), \
         unnest($6::bigint[]), unnest($7::bigint[])",
    );
    let insert = insert
        .bind(column(told, |(merchant, _)| merchant.0))
        .bind(column(told, |(_, notice)| notice.number))
        .bind(column(told, |(_, notice)| notice.payment.uuid().as_bytes().to_vec()))
        .bind(column(told, |(_, notice)| notice.event.as_str()))
        .bind(column(told, |(_, notice)| notice.amount.get()))
        .bind(column(told, |(_, notice)| i64::from(notice.code.get())))
        .bind(column(told, |(_, notice)| crate::millis(notice.at)));
    writes.push(insert);

    let counts = books.notice_counts.changed();
    let (_, old) = split(&counts);
    let update = asked(
        "UPDATE notice_count c SET count = n.count FROM (SELECT unnest($1::bigint[]) AS id, unnest($2::bigint[]) AS count, \
         unnest($3::bigint[]) AS was) AS n \
         WHERE c.merchant_id = n.id AND c.count = n.was",
    );
    let update =
        update.bind(column(&old, |(row, _)| row.key.0)).bind(column(&old, |(row, _)| *row.now)).bind(column(&old, |(_, was)| **was));
    writes.push(update.all("counts of notices", counts.len()));
    days(writes, books);
}

fn days<'a>(writes: &mut Vec<Asked<'a>>, books: &'a Books) {
    let changed = books.days.changed();
    let (new, old) = split(&changed);
    if !new.is_empty() {
        let insert = asked(
            "INSERT INTO merchant_day (merchant_id, day, paid_count, paid, cancelled_count, cancelled) \
             SELECT unnest($1::bigint[]), unnest($2::bigint[]), unnest($3::bigint[]), unnest($4::bigint[]), unnest($5::bigint[]), \
             unnest($6::bigint[])",
        );
        let insert = insert
            .bind(column(&new, |row| row.key.0.0))
            .bind(column(&new, |row| i64::from(row.key.1.0)))
            .bind(column(&new, |row| row.now.paid_count))
            .bind(column(&new, |row| row.now.paid.get()))
            .bind(column(&new, |row| row.now.cancelled_count))
            .bind(column(&new, |row| row.now.cancelled.get()));
        writes.push(insert);
    }
    if old.is_empty() {
        return;
    }
    let update = asked(
        "UPDATE merchant_day d SET paid_count = n.paid_count, paid = n.paid, cancelled_count = n.cancelled_count, cancelled = n.cancelled \
         FROM (SELECT unnest($1::bigint[]) AS id, unnest($2::bigint[]) AS day, unnest($3::bigint[]) AS paid_count, \
         unnest($4::bigint[]) AS paid, unnest($5::bigint[]) AS cancelled_count, unnest($6::bigint[]) AS cancelled, \
         unnest($7::bigint[]) AS was_paid, unnest($8::bigint[]) AS was_cancelled) AS n \
         WHERE d.merchant_id = n.id AND d.day = n.day AND d.paid_count = n.was_paid AND d.cancelled_count = n.was_cancelled",
    );
    let update = update
        .bind(column(&old, |(row, _)| row.key.0.0))
        .bind(column(&old, |(row, _)| i64::from(row.key.1.0)))
        .bind(column(&old, |(row, _)| row.now.paid_count))
        .bind(column(&old, |(row, _)| row.now.paid.get()))
        .bind(column(&old, |(row, _)| row.now.cancelled_count))
        .bind(column(&old, |(row, _)| row.now.cancelled.get()))
        .bind(column(&old, |(_, was)| was.paid_count))
        .bind(column(&old, |(_, was)| was.cancelled_count));
    writes.push(update.all("shops' days", old.len()));
}
