//! The till's books in PostgreSQL: one connection, set-based statements over `unnest` arrays, new rows by COPY.
//!
//! The tills of several lanes and nodes run at once. A shop's count of notices is locked, in key order, when it is loaded: numbers
//! have no gaps. All other rows are only read. Each UPDATE names the figures it was decided on; a pool, which everybody wants,
//! is written last and by how much it changes, never below zero. When another till was quicker the batch is decided anew on
//! what that till wrote, with its allowances and then its pools locked: in the order in which every batch writes them, so that two
//! batches don't wait for each other, and nobody overtakes it again. CHECKs are the last line of defence.

mod channels;
mod rows;
mod save;

use super::batch::Ledger;
use super::books::{Books, DayRow, Named, Touched};
use crate::error::Result;
use domain::calendar::Day;
use domain::partner::Cap;
use domain::{KindId, MerchantId, PartnerId, PersonId, WindowId};
use sqlx::postgres::{PgConnectOptions, PgRow};
use sqlx::{ConnectOptions, Connection, PgConnection, Row};
use std::str::FromStr;
use std::time::{Duration, Instant};

/// How long statements keep their plans.
const PLANS_LAST: Duration = Duration::from_secs(1);

pub(super) struct Postgres {
    options: PgConnectOptions,
    /// `None` after a failure: the next batch connects anew.
    connection: Option<PgConnection>,
    /// This batch was overtaken: its allowances and pools stay as they are loaded.
    locks: bool,
    planned_at: Instant,
}

impl Postgres {
    pub(super) async fn open(url: &str) -> Result<Postgres> {
        let options = PgConnectOptions::from_str(url)?.application_name("payplus till").disable_statement_logging();
        // A plan is kept for a second: planning each statement anew costs more than a small batch, and a plan kept for ever may be
        // from when the tables were empty, and walks through them. Every access is by key.
        let plans =
            [("enable_seqscan", "off"), ("enable_hashjoin", "off"), ("enable_mergejoin", "off"), ("plan_cache_mode", "force_generic_plan")];
        let options = options.options(plans);
        let connection = Some(PgConnection::connect_with(&options).await?);
        Ok(Postgres { options, connection, locks: false, planned_at: Instant::now() })
    }

    fn connection(&mut self) -> Result<&mut PgConnection> {
        self.connection.as_mut().ok_or_else(|| crate::Error::TillFailed("no connection".into()))
    }
}

impl Ledger for Postgres {
    async fn begin(&mut self, is_again: bool) -> Result<()> {
        self.locks = is_again;
        if self.connection.is_none() {
            self.connection = Some(PgConnection::connect_with(&self.options).await?);
        }
        // Both in one message.
        let begin = if self.planned_at.elapsed() < PLANS_LAST { "BEGIN" } else { "DISCARD PLANS; BEGIN" };
        if begin != "BEGIN" {
            self.planned_at = Instant::now();
        }
        sqlx::raw_sql(begin).execute(self.connection()?).await?;
        Ok(())
    }

    async fn load_named(&mut self, named: &Named, books: &mut Books) -> Result<()> {
        if !named.purchases.is_empty() {
            let ids: Vec<[u8; 16]> = named.purchases.iter().map(|id| id.uuid().into_bytes()).collect();
            let rows = sqlx::query(
                "SELECT p.id, p.person_id, p.window_id, p.kind_id, p.face, p.paid, p.fund, p.month, p.state, p.reason, p.created_at, \
                 p.decided_at, p.check_at, p.checks, p.account, p.discount_bp, p.lot_id, p.place, p.partner_id \
                 FROM unnest($1::bytea[]) AS k (id) JOIN purchase p ON p.id = k.id",
            );
            for row in rows.bind(ids).fetch_all(self.connection()?).await? {
                let (id, purchase) = rows::purchase(&row)?;
                books.purchases.loaded(id, purchase);
            }
        }
        if !named.places.is_empty() {
            let (windows, places): (Vec<i64>, Vec<i64>) =
                named.places.iter().map(|(window, place)| (window.0, i64::from(place.get()))).unzip();
            for row in sqlx::query(PLACES).bind(windows).bind(places).fetch_all(self.connection()?).await? {
                books.places.insert((WindowId(row.try_get(0)?), rows::place(row.try_get(1)?)?));
            }
        }
        if !named.payments.is_empty() {
            let ids: Vec<[u8; 16]> = named.payments.iter().map(|id| id.uuid().into_bytes()).collect();
            let rows = sqlx::query(
                "SELECT p.id, p.transfer_id, p.payer_id, p.merchant_id, p.kind_id, p.amount, p.code, p.created_at \
                 FROM unnest($1::bytea[]) AS k (id) JOIN payment p ON p.id = k.id",
            );
            for row in rows.bind(ids).fetch_all(self.connection()?).await? {
                let (id, payment) = rows::payment(&row)?;
                books.payments.loaded(id, payment);
            }
        }
        Ok(())
    }

    async fn load_touched(&mut self, touched: &Touched, books: &mut Books) -> Result<()> {
        if !touched.merchants.is_empty() {
            for row in self.load(MERCHANTS, touched.merchants.iter().map(|id| id.0).collect()).await? {
                let (merchant, count) = rows::merchant(&row)?;
                if let Some(count) = count {
                    books.notice_counts.loaded(merchant.id, count);
                }
                books.merchants.insert(merchant.id, merchant);
            }
        }
        if !touched.allowances_of.is_empty() {
            let sql = if self.locks { LOCKED_ALLOWANCES } else { ALLOWANCES };
            for row in self.load(sql, touched.allowances_of.iter().map(|id| id.0).collect()).await? {
                let holder = (PersonId(row.try_get(0)?), KindId(row.try_get(1)?));
                books.allowances.loaded(holder, rows::allowance(&row)?);
            }
        }
        let lots = books.lots_listed(&touched.payers);
        if !lots.is_empty() {
            for row in self.load(LOTS, lots.iter().map(|id| id.0).collect()).await? {
                books.lot_loaded(rows::lot(&row)?);
            }
        }
        if !touched.days.is_empty() {
            let (merchants, days): (Vec<i64>, Vec<i64>) = touched.days.iter().map(|key| (key.0.0, i64::from(key.1.0))).unzip();
            let query = sqlx::query(DAYS).bind(merchants).bind(days);
            for row in query.fetch_all(self.connection()?).await? {
                let day = i32::try_from(row.try_get::<i64, _>(1)?).map_err(crate::Error::damaged)?;
                let figures = DayRow { paid_count: row.try_get(2)?, paid: rows::won(&row, 3)? };
                books.days.loaded((MerchantId(row.try_get(0)?), Day(day)), figures);
            }
        }
        if !touched.caps.is_empty() {
            let sql = if self.locks { LOCKED_CAPS } else { CAPS };
            let (windows, partners): (Vec<i64>, Vec<i64>) = touched.caps.iter().map(|key| (key.0.0, key.1.0)).unzip();
            for row in sqlx::query(sql).bind(windows).bind(partners).fetch_all(self.connection()?).await? {
                let channel = (WindowId(row.try_get(0)?), PartnerId(row.try_get(1)?));
                let cap = Cap { most: rows::won(&row, 2)?, held: rows::won(&row, 3)?, sold: rows::won(&row, 4)? };
                books.caps.loaded(channel, cap);
            }
        }
        if !touched.windows.is_empty() {
            let sql = if self.locks { LOCKED_WINDOWS } else { WINDOWS };
            for row in self.load(sql, touched.windows.iter().map(|id| id.0).collect()).await? {
                let (window, kind, pool, has_room) = rows::window(&row)?;
                if has_room {
                    books.rooms.insert(window.id);
                }
                books.pools.loaded(window.id, pool);
                books.windows.insert(window.id, (window, kind));
            }
        }
        Ok(())
    }

    async fn save(&mut self, books: &Books) -> Result<()> {
        let connection = self.connection()?;
        save::allowances(connection, books).await?;
        save::purchases(connection, books).await?;
        save::lots(connection, books).await?;
        save::ledger(connection, books).await?;
        save::payments(connection, books).await?;
        save::notices(connection, books).await?;
        channels::webhooks(connection, books).await?;
        channels::caps(connection, books).await?;
        // Last: whoever sells the same pool waits from here to the commit only.
        save::pools(connection, books).await?;
        sqlx::raw_sql("COMMIT").execute(connection).await?;
        Ok(())
    }

    async fn abort(&mut self) {
        let rolled_back = match self.connection.as_mut() {
            Some(connection) => sqlx::raw_sql("ROLLBACK").execute(connection).await.is_ok(),
            None => false,
        };
        if !rolled_back {
            self.connection = None;
        }
    }

    async fn quiet(&mut self) {}
}

impl Postgres {
    /// Rows by an array of 64-bit keys.
    async fn load(&mut self, sql: &'static str, keys: Vec<i64>) -> Result<Vec<PgRow>> {
        Ok(sqlx::query(sql).bind(keys).fetch_all(self.connection()?).await?)
    }
}

/// Locks are taken in the order of the keys: `unnest` keeps the order of the sorted array, and the joins are nested loops.
macro_rules! windows {
    () => {
        "SELECT w.id, w.sale_id, w.opens_at, w.closes_at, w.who, w.total, w.held, w.sold, k.id, k.name_ko, k.name_en, \
         k.district, k.discount_bp, k.unit, k.month_limit, k.holding_cap, k.validity_years, r.window_id IS NOT NULL \
         FROM unnest($1::bigint[]) AS n (id) JOIN sale_window w ON w.id = n.id JOIN kind k ON k.id = w.kind_id \
         LEFT JOIN room r ON r.window_id = w.id"
    };
}
const WINDOWS: &str = windows!();
const LOCKED_WINDOWS: &str = concat!(windows!(), " FOR UPDATE OF w");
macro_rules! caps {
    () => {
        "SELECT c.window_id, c.partner_id, c.most, c.held, c.sold FROM unnest($1::bigint[], $2::bigint[]) AS n (window_id, partner_id) \
         JOIN channel_cap c ON c.window_id = n.window_id AND c.partner_id = n.partner_id"
    };
}
const CAPS: &str = caps!();
const LOCKED_CAPS: &str = concat!(caps!(), " FOR UPDATE OF c");
const PLACES: &str = "SELECT p.window_id, p.place FROM unnest($1::bigint[], $2::bigint[]) AS n (window_id, place) \
    JOIN purchase p ON p.window_id = n.window_id AND p.place = n.place WHERE p.state IN ('reserved', 'unknown', 'posted')";
macro_rules! allowances {
    () => {
        "SELECT a.person_id, a.kind_id, a.month, a.bought, a.held, a.lots \
         FROM unnest($1::bigint[]) AS n (id) JOIN allowance a ON a.person_id = n.id"
    };
}
const ALLOWANCES: &str = allowances!();
const LOCKED_ALLOWANCES: &str = concat!(allowances!(), " FOR UPDATE OF a");
const LOTS: &str = "SELECT l.id, l.purchase_id, l.person_id, l.kind_id, l.district, l.discount_bp, l.face, l.paid, l.remaining, \
    l.bought_at, l.expires_at \
    FROM unnest($1::bigint[]) AS n (id) JOIN lot l ON l.id = n.id WHERE l.remaining > 0";
const MERCHANTS: &str = "SELECT m.id, m.number, m.name, m.district, m.address, m.category, m.standing, c.count \
    FROM unnest($1::bigint[]) AS n (id) JOIN merchant m ON m.id = n.id JOIN notice_count c ON c.merchant_id = m.id FOR UPDATE OF c";
const DAYS: &str = "SELECT d.merchant_id, d.day, d.paid_count, d.paid \
    FROM unnest($1::bigint[], $2::bigint[]) AS n (id, day) JOIN merchant_day d ON d.merchant_id = n.id AND d.day = n.day";
