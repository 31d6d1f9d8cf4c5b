//! The till's books in SQLite: one writer connection, used from the till's own thread.
//!
//! Statements are prepared once and stepped row by row: inside the process that is a set operation without round trips,
//! and measured quicker than `json_each` (see ARCHITECTURE.md, "The till on SQLite").

mod channels;
mod checkpoints;
mod gifts;
mod refunds;
mod rows;
mod screens;

use super::batch::Ledger;
use super::books::{AllowanceRow, Books, LotRow, Named, Touched};
use crate::columns::district_code;
use crate::db::Turn;
use crate::error::{Error, Result};
use checkpoints::Checkpoints;
use domain::buying::{Allowance, BankReason};
use domain::calendar::Month;
use domain::kind::Percent;
use domain::partner::Cap;
use domain::room::Place;
use domain::{KindId, Won};
use rows::{day_row, lot_list, lot_row, merchant_row, payment_row, purchase_row, terms_row, window_row, won};
use rusqlite::{CachedStatement, Connection, OpenFlags, OptionalExtension, params};
use std::cell::Cell;
use tokio::sync::OwnedMutexGuard;

/// Pages in the WAL (4 KiB each) from which it is checkpointed beside the till.
const WAL_LONG_PAGES: i32 = 40_000;
/// Pages from which the till waits for that, so that the WAL stays below half a gigabyte.
const WAL_MOST_PAGES: i32 = 100_000;
/// Pages from which a quiet moment is used.
const WAL_QUIET_PAGES: i32 = 1_000;

thread_local! {
    /// Pages in the WAL after the last commit of this thread's connection.
    static WAL_PAGES: Cell<i32> = const { Cell::new(0) };
}

pub(super) struct Sqlite {
    connection: Connection,
    checkpoints: Checkpoints,
    turn: Turn,
    taken: Option<OwnedMutexGuard<()>>,
}

impl Sqlite {
    pub(super) fn open(url: &str, turn: Turn) -> Result<Sqlite> {
        let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        // Each is used by one thread only.
        let open = || Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX);
        let connection = open()?;
        connection.set_prepared_statement_cache_capacity(64);
        connection.execute_batch(
            "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
             PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 0;",
        )?;
        let beside = open()?;
        beside.execute_batch("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;")?;
        Ok(Sqlite { connection, checkpoints: Checkpoints::start(beside)?, turn, taken: None })
    }

    fn statement(&self, sql: &str) -> Result<CachedStatement<'_>> {
        Ok(self.connection.prepare_cached(sql)?)
    }

    /// After a commit.
    fn keep_wal_short(&self) {
        let pages = WAL_PAGES.get();
        if pages > WAL_MOST_PAGES {
            checkpoints::whole(&self.connection);
        } else if self.checkpoints.has_ended() {
            // What has come meanwhile; then the next commit begins the WAL anew.
            checkpoints::passive(&self.connection);
        } else if pages > WAL_LONG_PAGES {
            self.checkpoints.begin();
        }
    }
}

impl Ledger for Sqlite {
    async fn begin(&mut self, _is_again: bool, named: &Named, books: &mut Books) -> Result<()> {
        self.taken = self.turn.take().await;
        // The hook is per thread, and this is the thread that commits.
        self.connection.wal_hook(Some(|_, pages| {
            WAL_PAGES.set(pages);
            Ok(())
        }));
        self.statement("BEGIN IMMEDIATE")?.execute([])?;
        if named.days {
            books.open_since_ms = self.statement("SELECT open_since FROM settlement_door")?.query_row([], |row| row.get(0))?;
        }
        let mut purchase = self.statement(
            "SELECT person_id, window_id, kind_id, face, paid, fund, month, state, reason, created_at, decided_at, check_at, checks, account, discount_bp, \
             lot_id, place, partner_id, kind_version FROM purchase WHERE id = ?1",
        )?;
        for id in &named.purchases {
            if let Some(row) = purchase.query_row([id.uuid().as_bytes()], purchase_row).optional()? {
                books.purchases.loaded(*id, row);
            }
        }
        let mut place =
            self.statement("SELECT 1 FROM purchase WHERE window_id = ?1 AND place = ?2 AND state IN ('reserved', 'unknown', 'posted')")?;
        for (window, at) in &named.places {
            if place.exists(params![window.0, at.get()])? {
                books.places.insert((*window, *at));
            }
        }
        let mut payment = self.statement(
            "SELECT transfer_id, payer_id, merchant_id, kind_id, amount, code, created_at, once, cancelled FROM payment WHERE id = ?1",
        )?;
        for id in &named.payments {
            if let Some(row) = payment.query_row([id.uuid().as_bytes()], payment_row).optional()? {
                books.payments.loaded(*id, row);
            }
        }
        screens::load_named(self, named, books)?;
        refunds::load_named(self, &named.refunds, books)?;
        gifts::load_named(self, &named.gifts, books)?;
        Ok(())
    }

    async fn load_touched(&mut self, touched: &Touched, books: &mut Books) -> Result<()> {
        let mut window = self.statement(
            "SELECT w.sale_id, w.opens_at, w.closes_at, w.who, w.total, w.held, w.sold, k.id, k.name_ko, k.name_en, k.district, \
             k.discount_bp, k.unit, k.month_limit, k.holding_cap, k.validity_years, k.refund_from, k.expired_upto, k.expired_small, \
             k.expired_large, r.window_id IS NOT NULL, k.version \
             FROM sale_window w JOIN kind k ON k.id = w.kind_id LEFT JOIN room r ON r.window_id = w.id WHERE w.id = ?1",
        )?;
        for id in &touched.windows {
            if let Some((window, kind, version, pool, has_room)) = window.query_row([id.0], |row| window_row(*id, row)).optional()? {
                if has_room {
                    books.rooms.insert(*id);
                }
                books.window_loaded(window, kind, version);
                books.pools.loaded(*id, pool);
            }
        }
        let mut terms = self.statement("SELECT validity_years, refund_from FROM kind_version WHERE kind_id = ?1 AND version = ?2")?;
        for key in &touched.versions {
            if let Some(row) = terms.query_row([key.0.0, key.1], terms_row).optional()? {
                books.terms.insert(*key, row);
            }
        }
        if !touched.caps.is_empty() {
            let mut cap = self.statement("SELECT most, held, sold FROM channel_cap WHERE window_id = ?1 AND partner_id = ?2")?;
            for key in &touched.caps {
                let row = cap.query_row([key.0.0, key.1.0], |row| Ok(Cap { most: won(row, 0)?, held: won(row, 1)?, sold: won(row, 2)? }));
                if let Some(row) = row.optional()? {
                    books.caps.loaded(*key, row);
                }
            }
        }
        let mut allowance = self.statement("SELECT kind_id, month, bought, held, lots FROM allowance WHERE person_id = ?1")?;
        for person in &touched.allowances_of {
            let mut rows = allowance.query([person.0])?;
            while let Some(row) = rows.next()? {
                let allowance = Allowance { month: Month(row.get(1)?), bought: won(row, 2)?, held: won(row, 3)? };
                books.allowances.loaded((*person, KindId(row.get(0)?)), AllowanceRow { allowance, lots: lot_list(row, 4)? });
            }
        }
        let mut lot = self.statement(concat!("SELECT ", lot_columns!(), " FROM lot l WHERE l.id = ?1 AND l.remaining > 0"))?;
        for id in books.lots_listed(&touched.payers) {
            if let Some(row) = lot.query_row([id.0], lot_row).optional()? {
                books.lot_loaded(row);
            }
        }
        screens::load_drawn(self, &touched.drawn, books)?;
        refunds::load_lots(self, &touched.refunded, books)?;
        gifts::load_touched(self, touched, books)?;
        let mut merchant = self.statement(
            "SELECT m.number, m.name, m.district, m.address, m.category, m.standing, c.count \
             FROM merchant m LEFT JOIN notice_count c ON c.merchant_id = m.id WHERE m.id = ?1",
        )?;
        for id in &touched.merchants {
            if let Some((merchant, count)) = merchant.query_row([id.0], |row| merchant_row(*id, row)).optional()? {
                books.merchants.insert(*id, merchant);
                if let Some(count) = count {
                    books.notice_counts.loaded(*id, count);
                }
            }
        }
        let mut day =
            self.statement("SELECT paid_count, paid, cancelled_count, cancelled FROM merchant_day WHERE merchant_id = ?1 AND day = ?2")?;
        for key in &touched.days {
            let row = day.query_row([key.0.0, i64::from(key.1.0)], day_row);
            if let Some(row) = row.optional()? {
                books.days.loaded(*key, row);
            }
        }
        Ok(())
    }

    async fn save(&mut self, books: &Books) -> Result<()> {
        save_pools(self, books)?;
        channels::save_caps(self, books)?;
        save_allowances(self, books)?;
        save_purchases(self, books)?;
        save_lots(self, books)?;
        save_ledger(self, books)?;
        save_payments(self, books)?;
        screens::save_cancels(self, books)?;
        refunds::save(self, books)?;
        gifts::save(self, books)?;
        save_notices(self, books)?;
        channels::save_webhooks(self, books)?;
        self.statement("COMMIT")?.execute([])?;
        self.keep_wal_short();
        self.taken = None;
        Ok(())
    }

    async fn abort(&mut self) {
        if !self.connection.is_autocommit()
            && let Err(error) = self.connection.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "rollback failed");
        }
        self.taken = None;
    }

    async fn quiet(&mut self) {
        let _turn = self.turn.take().await;
        if WAL_PAGES.replace(0) > WAL_QUIET_PAGES {
            checkpoints::passive(&self.connection);
        }
    }
}

/// The row is no longer as it was loaded: something else than the till has written it.
fn one(what: &str, written: usize) -> Result<()> {
    if written == 1 { Ok(()) } else { Err(Error::TillFailed(format!("{what} is not as it was loaded"))) }
}

fn save_pools(sqlite: &Sqlite, books: &Books) -> Result<()> {
    let mut update =
        sqlite.statement("UPDATE sale_window SET held = ?2, sold = ?3 WHERE id = ?1 AND held = ?4 AND sold = ?5 AND total = ?6")?;
    for row in books.pools.changed() {
        let Some(was) = row.was else { continue };
        let figures = [row.key.0, row.now.held.get(), row.now.sold.get(), was.held.get(), was.sold.get(), was.total.get()];
        one("a pool", update.execute(figures)?)?;
    }
    Ok(())
}

fn save_allowances(sqlite: &Sqlite, books: &Books) -> Result<()> {
    let mut insert =
        sqlite.statement("INSERT INTO allowance (person_id, kind_id, month, bought, held, lots) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    let mut update = sqlite.statement(
        "UPDATE allowance SET month = ?3, bought = ?4, held = ?5, lots = ?6 \
         WHERE person_id = ?1 AND kind_id = ?2 AND bought = ?7 AND held = ?8 AND lots = ?9",
    )?;
    for row in books.allowances.changed() {
        let ((person, kind), now) = (row.key, row.now);
        let (month, bought, held) = (now.allowance.month.0, now.allowance.bought.get(), now.allowance.held.get());
        let lots = now.lots.as_bytes();
        let written = match row.was {
            None => insert.execute(params![person.0, kind.0, month, bought, held, lots])?,
            Some(AllowanceRow { allowance: was, lots: were }) => {
                let (was_bought, was_held) = (was.bought.get(), was.held.get());
                update.execute(params![person.0, kind.0, month, bought, held, lots, was_bought, was_held, were.as_bytes()])?
            }
        };
        one("an allowance", written)?;
    }
    Ok(())
}

fn save_purchases(sqlite: &Sqlite, books: &Books) -> Result<()> {
    let mut insert = sqlite.statement(
        "INSERT INTO purchase (id, person_id, window_id, kind_id, face, paid, fund, month, state, reason, created_at, decided_at, \
         check_at, checks, account, discount_bp, lot_id, place, partner_id, kind_version) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)",
    )?;
    let mut update = sqlite.statement(
        "UPDATE purchase SET state = ?2, reason = ?3, decided_at = ?4, check_at = ?5, checks = ?6 WHERE id = ?1 AND state = ?7",
    )?;
    for row in books.purchases.changed() {
        let (id, now) = (row.key.uuid(), row.now);
        let (state, reason) = (now.state.as_str(), now.reason.map(BankReason::as_str));
        let written = match row.was {
            None => insert.execute(params![
                id.as_bytes(),
                now.person.0,
                now.window.0,
                now.kind.0,
                now.price.face.get(),
                now.price.paid.get(),
                now.price.fund.get(),
                now.month.0,
                state,
                reason,
                now.created_ms,
                now.decided_ms,
                now.check_ms,
                now.checks,
                now.account,
                now.discount.0,
                now.lot.0,
                now.place.map(Place::get),
                now.partner.map(|partner| partner.0),
                now.kind_version
            ])?,
            Some(was) => {
                let was = was.state.as_str();
                update.execute(params![id.as_bytes(), state, reason, now.decided_ms, now.check_ms, now.checks, was])?
            }
        };
        one("a purchase", written)?;
    }
    Ok(())
}

fn save_lots(sqlite: &Sqlite, books: &Books) -> Result<()> {
    let mut insert = sqlite.statement(
        "INSERT INTO lot (id, purchase_id, person_id, kind_id, district, discount_bp, face, paid, remaining, bought_at, expires_at, \
         refund_from, after_expiry, gift) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    )?;
    let mut update = sqlite.statement(
        "UPDATE lot SET remaining = ?2, refunded = ?3, expired = ?4 WHERE id = ?1 AND remaining = ?5 AND refunded = ?6 AND expired = ?7",
    )?;
    for row in books.lots.changed() {
        let lot = &row.now.lot;
        let written = match row.was {
            None => insert.execute(params![
                lot.id.0,
                row.now.purchase.uuid().as_bytes(),
                row.now.person.0,
                lot.kind.0,
                district_code(lot.scope),
                lot.discount.0,
                lot.face.get(),
                lot.paid.get(),
                lot.left.get(),
                crate::millis(lot.bought_at),
                crate::millis(lot.expires_at),
                lot.refund_from.map(Percent::get),
                lot.after_expiry.get(),
                lot.gift.map(|gift| gift.0)
            ])?,
            Some(LotRow { lot: was, .. }) => {
                if (lot.expires_at, lot.refund_from) != (was.expires_at, was.refund_from) {
                    // A statement of its own: whoever pays touches no index by expiry.
                    let mut terms =
                        sqlite.statement("UPDATE lot SET expires_at = ?2, refund_from = ?3 WHERE id = ?1 AND expires_at = ?4")?;
                    let ends = [lot, was].map(|lot| crate::millis(lot.expires_at));
                    one("a lot's terms", terms.execute(params![lot.id.0, ends[0], lot.refund_from.map(Percent::get), ends[1]])?)?;
                }
                let [now, then] = [lot, was].map(|lot| [lot.left, lot.refunded, lot.expired].map(Won::get));
                if lot.given == was.given {
                    update.execute([lot.id.0, now[0], now[1], now[2], then[0], then[1], then[2]])?
                } else {
                    gifts::save_lot(sqlite, lot, was)?
                }
            }
        };
        one("a lot", written)?;
    }
    Ok(())
}

fn save_ledger(sqlite: &Sqlite, books: &Books) -> Result<()> {
    let mut transfer = sqlite.statement("INSERT INTO transfer (id, cause, subject, created_at) VALUES (?1, ?2, ?3, ?4)")?;
    let mut entry = sqlite.statement("INSERT INTO entry (transfer_id, line, account, owner, amount) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for row in &books.transfers {
        transfer.execute(params![row.id.0, row.transfer.cause().as_str(), row.subject.as_bytes(), row.created_ms])?;
        for (line, posting) in (1..).zip(row.transfer.entries()) {
            entry.execute([row.id.0, line, posting.account.code(), posting.account.owner(), posting.signed()])?;
        }
    }
    Ok(())
}

fn save_payments(sqlite: &Sqlite, books: &Books) -> Result<()> {
    let mut insert = sqlite.statement(
        "INSERT INTO payment (id, transfer_id, payer_id, merchant_id, kind_id, amount, code, created_at, once) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    for row in books.payments.changed() {
        let now = row.now;
        // A change is a cancellation's.
        if row.was.is_some() {
            continue;
        }
        insert.execute(params![
            row.key.uuid().as_bytes(),
            now.transfer.0,
            now.payer.0,
            now.merchant.0,
            now.kind.map(|kind| kind.0),
            now.amount.get(),
            now.code.get(),
            now.created_ms,
            now.once.map(|once| once.0)
        ])?;
    }
    Ok(())
}

fn save_notices(sqlite: &Sqlite, books: &Books) -> Result<()> {
    let mut notice = sqlite
        .statement("INSERT INTO notice (merchant_id, number, payment_id, event, amount, code, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
    for (merchant, told) in &books.notices {
        notice.execute(params![
            merchant.0,
            told.number,
            told.payment.uuid().as_bytes(),
            told.event.as_str(),
            told.amount.get(),
            told.code.get(),
            crate::millis(told.at)
        ])?;
    }
    let mut insert = sqlite.statement("INSERT INTO notice_count (merchant_id, count) VALUES (?1, ?2)")?;
    let mut update = sqlite.statement("UPDATE notice_count SET count = ?2 WHERE merchant_id = ?1 AND count = ?3")?;
    for row in books.notice_counts.changed() {
        let written = match row.was {
            None => insert.execute([row.key.0, *row.now])?,
            Some(was) => update.execute([row.key.0, *row.now, *was])?,
        };
        one("a count of notices", written)?;
    }
    let mut insert = sqlite.statement(
        "INSERT INTO merchant_day (merchant_id, day, paid_count, paid, cancelled_count, cancelled) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let mut update = sqlite.statement(
        "UPDATE merchant_day SET paid_count = ?3, paid = ?4, cancelled_count = ?5, cancelled = ?6 \
         WHERE merchant_id = ?1 AND day = ?2 AND paid_count = ?7 AND cancelled_count = ?8",
    )?;
    for row in books.days.changed() {
        let ((merchant, day), now) = (row.key, row.now);
        let (merchant, day) = (merchant.0, i64::from(day.0));
        let figures = [merchant, day, now.paid_count, now.paid.get(), now.cancelled_count, now.cancelled.get()];
        let written = match row.was {
            None => insert.execute(figures)?,
            Some(was) => {
                let [merchant, day, paid_count, paid, cancelled_count, cancelled] = figures;
                update.execute([merchant, day, paid_count, paid, cancelled_count, cancelled, was.paid_count, was.cancelled_count])?
            }
        };
        one("a shop's day", written)?;
    }
    Ok(())
}
