//! The till's books in PostgreSQL: one connection, set-based statements over `unnest` arrays, four round trips a batch ([`line`]).
//!
//! The tills of several lanes and nodes run at once. A shop's count of notices is locked, in key order, when it is loaded: numbers
//! have no gaps. All other rows are only read. Each UPDATE names the figures it was decided on; a pool, which everybody wants,
//! is written last and by how much it changes, never below zero. When another till was quicker the batch is decided anew on
//! what that till wrote, with its allowances and then its pools locked: in the order in which every batch writes them, so that two
//! batches don't wait for each other, and nobody overtakes it again. CHECKs are the last line of defence.

mod channels;
mod gifts;
mod line;
mod refunds;
mod rows;
mod save;
mod screens;

use super::batch::Ledger;
use super::books::{Books, DayRow, Named, Touched};
use crate::error::{Error, Result};
use domain::calendar::Day;
use domain::partner::Cap;
use domain::{KindId, MerchantId, PartnerId, PersonId, WindowId};
use line::{Line, asked};
use std::time::{Duration, Instant};
use tokio_postgres::Config;

/// How long statements keep their plans.
const PLANS_LAST: Duration = Duration::from_secs(1);
/// A plan is kept for a second: planning each statement anew costs more than a small batch, and a plan kept for ever may be
/// from when the tables were empty, and walks through them. Every access is by key.
const PLANS: &str = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c plan_cache_mode=force_generic_plan";

pub(super) struct Postgres {
    config: Config,
    /// `None` after a failure: the next batch connects anew.
    line: Option<Line>,
    /// This batch was overtaken: its allowances and pools stay as they are loaded.
    locks: bool,
    planned_at: Instant,
}

impl Postgres {
    pub(super) async fn open(url: &str) -> Result<Postgres> {
        let mut config: Config = url.parse()?;
        let options = config.get_options().map_or_else(|| PLANS.to_owned(), |options| format!("{options} {PLANS}"));
        config.application_name("payplus till").options(options);
        let line = Some(Line::open(&config).await?);
        Ok(Postgres { config, line, locks: false, planned_at: Instant::now() })
    }

    fn line(&mut self) -> Result<&mut Line> {
        self.line.as_mut().ok_or_else(|| Error::TillFailed("no connection".into()))
    }
}

impl Ledger for Postgres {
    async fn begin(&mut self, is_again: bool, named: &Named, books: &mut Books) -> Result<()> {
        self.locks = is_again;
        if self.line.is_none() {
            self.line = Some(Line::open(&self.config).await?);
        }
        let begin = if self.planned_at.elapsed() < PLANS_LAST { "BEGIN" } else { "DISCARD PLANS; BEGIN" };
        if begin != "BEGIN" {
            self.planned_at = Instant::now();
        }
        let purchases: Vec<Vec<u8>> = named.purchases.iter().map(|id| id.uuid().as_bytes().to_vec()).collect();
        let payments: Vec<Vec<u8>> = named.payments.iter().map(|id| id.uuid().as_bytes().to_vec()).collect();
        let (windows, places): (Vec<i64>, Vec<i64>) = named.places.iter().map(|(window, place)| (window.0, i64::from(place.get()))).unzip();
        let [of_gifts, of_parts] = gifts::named(named);
        let questions = [
            (!purchases.is_empty()).then(|| asked(PURCHASES).bind(purchases)),
            (!places.is_empty()).then(|| asked(PLACES).bind(windows).bind(places)),
            (!payments.is_empty()).then(|| asked(PAYMENTS).bind(payments)),
            screens::onces(named),
            screens::cancels(named.cancels.iter()),
            refunds::named(named),
            of_gifts,
            of_parts,
            named.days.then(|| asked(HOLD_THE_DOOR)),
            named.days.then(|| asked(DOOR)),
        ];
        let [purchases, places, payments, onces, cancels, refunds, gifts, parts, _, door] = self.line()?.ask(begin, questions).await?;
        screens::named_loaded(&onces, &cancels, books)?;
        refunds::named_loaded(&refunds, books)?;
        gifts::named_loaded(&gifts, &parts, books)?;
        if let Some(row) = door.first() {
            books.open_since_ms = row.try_get(0)?;
        }
        for row in &purchases {
            let (id, purchase) = rows::purchase(row)?;
            books.purchases.loaded(id, purchase);
        }
        for row in &places {
            books.places.insert((WindowId(row.try_get(0)?), rows::place(row.try_get(1)?)?));
        }
        for row in &payments {
            let (id, payment) = rows::payment(row)?;
            books.payments.loaded(id, payment);
        }
        Ok(())
    }

    async fn load_touched(&mut self, touched: &Touched, books: &mut Books) -> Result<()> {
        let merchants: Vec<i64> = touched.merchants.iter().map(|id| id.0).collect();
        let people: Vec<i64> = touched.allowances_of.iter().map(|id| id.0).collect();
        let (shops, days): (Vec<i64>, Vec<i64>) = touched.days.iter().map(|key| (key.0.0, i64::from(key.1.0))).unzip();
        let (of, partners): (Vec<i64>, Vec<i64>) = touched.caps.iter().map(|key| (key.0.0, key.1.0)).unzip();
        let cancelled: Vec<Vec<u8>> = touched.cancelled.iter().map(|id| id.uuid().as_bytes().to_vec()).collect();
        let used: Vec<Vec<u8>> =
            touched.paying.iter().filter(|id| books.payments.get(id).is_none()).map(|id| id.uuid().as_bytes().to_vec()).collect();
        let windows: Vec<i64> = touched.windows.iter().map(|id| id.0).collect();
        let (kinds, versions): (Vec<i64>, Vec<i64>) = touched.versions.iter().map(|key| (key.0.0, key.1)).unzip();
        let (caps, pools) = if self.locks { (LOCKED_CAPS, LOCKED_WINDOWS) } else { (CAPS, WINDOWS) };
        // A refund or a gift changes nothing of an allowance but its list, and nothing at all when the lot was not listed when it was read: the lots,
        // which are read after it, must be of the same moment.
        let allowances = if self.locks || !touched.refunded.is_empty() { LOCKED_ALLOWANCES } else { ALLOWANCES };
        let questions = [
            (!merchants.is_empty()).then(|| asked(MERCHANTS).bind(merchants)),
            // After the shop's count is held: whoever else cancels there waits for it, so these stay as they are.
            (!cancelled.is_empty()).then(|| asked(PAYMENTS).bind(cancelled)),
            (!used.is_empty()).then(|| asked(PAYMENTS).bind(used)),
            screens::cancels(touched.cancelling.iter().filter(|id| books.cancels.get(id).is_none())),
            (!people.is_empty()).then(|| asked(allowances).bind(people)),
            (!days.is_empty()).then(|| asked(DAYS).bind(shops).bind(days)),
            (!partners.is_empty()).then(|| asked(caps).bind(of).bind(partners)),
            (!windows.is_empty()).then(|| asked(pools).bind(windows)),
            (!kinds.is_empty()).then(|| asked(VERSIONS).bind(kinds).bind(versions)),
        ];
        let [merchants, cancelled, used, cancels, allowances, days, caps, windows, versions] = self.line()?.ask("", questions).await?;
        // Sent to two nodes at once: what the other has done is the answer, and whatever follows from it is loaded anew.
        if !used.is_empty() || !cancels.is_empty() {
            return Err(Error::Overtaken("the same command"));
        }
        for row in &cancelled {
            let (id, payment) = rows::payment(row)?;
            books.payments.loaded(id, payment);
        }
        for row in &merchants {
            let (merchant, count) = rows::merchant(row)?;
            if let Some(count) = count {
                books.notice_counts.loaded(merchant.id, count);
            }
            books.merchants.insert(merchant.id, merchant);
        }
        for row in &allowances {
            let holder = (PersonId(row.try_get(0)?), KindId(row.try_get(1)?));
            books.allowances.loaded(holder, rows::allowance(row)?);
        }
        for row in &days {
            let day = i32::try_from(row.try_get::<_, i64>(1)?).map_err(Error::damaged)?;
            let (paid, cancelled) = (rows::won(row, 3)?, rows::won(row, 5)?);
            let figures = DayRow { paid_count: row.try_get(2)?, paid, cancelled_count: row.try_get(4)?, cancelled };
            books.days.loaded((MerchantId(row.try_get(0)?), Day(day)), figures);
        }
        for row in &caps {
            let channel = (WindowId(row.try_get(0)?), PartnerId(row.try_get(1)?));
            let cap = Cap { most: rows::won(row, 2)?, held: rows::won(row, 3)?, sold: rows::won(row, 4)? };
            books.caps.loaded(channel, cap);
        }
        for row in &windows {
            let (window, kind, version, pool, has_room) = rows::window(row)?;
            if has_room {
                books.rooms.insert(window.id);
            }
            books.pools.loaded(window.id, pool);
            books.window_loaded(window, kind, version);
        }
        for row in &versions {
            books.terms.insert((KindId(row.try_get(0)?), row.try_get(1)?), rows::terms(row)?);
        }
        // Which lots those are stands in the allowances.
        let lots: Vec<i64> = books.lots_listed(&touched.payers).iter().map(|id| id.0).collect();
        let [terms, received] = gifts::touched(touched);
        let lots = (!lots.is_empty()).then(|| asked(LOTS).bind(lots));
        let questions = [lots, screens::drawn(touched), refunds::lots(touched), terms, received];
        let [lots, drawn, refunded, terms, received] = self.line()?.ask("", questions).await?;
        refunds::lots_loaded(&refunded, books)?;
        gifts::touched_loaded(&terms, &received, books)?;
        screens::drawn_loaded(&drawn, touched, books)?;
        for row in &lots {
            books.lot_loaded(rows::lot(row)?);
        }
        Ok(())
    }

    async fn save(&mut self, books: &Books) -> Result<()> {
        let mut writes = Vec::new();
        save::allowances(&mut writes, books);
        save::purchases(&mut writes, books);
        save::lots(&mut writes, books);
        save::ledger(&mut writes, books);
        save::payments(&mut writes, books);
        screens::cancelled(&mut writes, books);
        refunds::save(&mut writes, books);
        gifts::save(&mut writes, books);
        save::notices(&mut writes, books);
        channels::webhooks(&mut writes, books);
        channels::caps(&mut writes, books);
        // Last: whoever sells the same pool waits from here to the commit only.
        save::pools(&mut writes, books);
        let line = self.line()?;
        line.write(&writes).await?;
        line.say("COMMIT").await
    }

    async fn abort(&mut self) {
        let rolled_back = match &self.line {
            Some(line) => line.say("ROLLBACK").await.is_ok(),
            None => false,
        };
        if !rolled_back {
            self.line = None;
        }
    }

    async fn quiet(&mut self) {}
}

/// Tills hold the door of the days open together; whoever closes a day waits until those that hold it have committed. A statement of
/// its own before the door is read, so that what is read is of a moment after the lock.
const HOLD_THE_DOOR: &str = concat!("SELECT pg_advisory_xact_lock_shared(", crate::settling::door_lock!(), ")");
const DOOR: &str = "SELECT open_since FROM settlement_door";
const PURCHASES: &str = "SELECT p.id, p.person_id, p.window_id, p.kind_id, p.face, p.paid, p.fund, p.month, p.state, p.reason, \
    p.created_at, p.decided_at, p.check_at, p.checks, p.account, p.discount_bp, p.lot_id, p.place, p.partner_id, p.kind_version \
    FROM unnest($1::bytea[]) AS k (id) JOIN purchase p ON p.id = k.id";
const PAYMENTS: &str = "SELECT p.id, p.transfer_id, p.payer_id, p.merchant_id, p.kind_id, p.amount, p.code, p.created_at, p.once, p.cancelled \
    FROM unnest($1::bytea[]) AS k (id) JOIN payment p ON p.id = k.id";
/// Locks are taken in the order of the keys: `unnest` keeps the order of the sorted array, and the joins are nested loops.
macro_rules! windows {
    () => {
        "SELECT w.id, w.sale_id, w.opens_at, w.closes_at, w.who, w.total, w.held, w.sold, k.id, k.name_ko, k.name_en, \
         k.district, k.discount_bp, k.unit, k.month_limit, k.holding_cap, k.validity_years, k.refund_from, k.expired_upto, \
         k.expired_small, k.expired_large, r.window_id IS NOT NULL, k.version \
         FROM unnest($1::bigint[]) AS n (id) JOIN sale_window w ON w.id = n.id JOIN kind k ON k.id = w.kind_id \
         LEFT JOIN room r ON r.window_id = w.id"
    };
}
const WINDOWS: &str = windows!();
const VERSIONS: &str = "SELECT v.kind_id, v.version, v.validity_years, v.refund_from \
    FROM unnest($1::bigint[], $2::bigint[]) AS n (kind_id, version) JOIN kind_version v ON v.kind_id = n.kind_id AND v.version = n.version";
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
const LOTS: &str =
    concat!("SELECT ", lot_columns!(), " FROM unnest($1::bigint[]) AS n (id) JOIN lot l ON l.id = n.id WHERE l.remaining > 0");
const MERCHANTS: &str = "SELECT m.id, m.number, m.name, m.district, m.address, m.category, m.standing, c.count \
    FROM unnest($1::bigint[]) AS n (id) JOIN merchant m ON m.id = n.id JOIN notice_count c ON c.merchant_id = m.id FOR UPDATE OF c";
const DAYS: &str = "SELECT d.merchant_id, d.day, d.paid_count, d.paid, d.cancelled_count, d.cancelled \
    FROM unnest($1::bigint[], $2::bigint[]) AS n (id, day) JOIN merchant_day d ON d.merchant_id = n.id AND d.day = n.day";
