//! The database: opened by URL, migrated, read through a pool, written one transaction at a time.

use crate::ears::Endings;
use crate::error::{Error, Result};
use crate::flake::Flake;
use crate::gather;
use crate::keys::Keys;
use crate::listening::Speaks;
use crate::merchants::{self, ShopsAsked};
use crate::pace::Pace;
use crate::pins::{self, PinTurns, PinsAsked};
use crate::sessions::{self, SessionsAsked};
use crate::till::{self, Till};
use crate::wire;
use domain::{PersonId, Timestamp};
use sqlx::any::{AnyPoolOptions, AnyRow};
use sqlx::migrate::Migrator;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Any, AnyPool, Connection, Row, Transaction};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, Notify, OwnedMutexGuard, broadcast};

static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// Older ones can corrupt a database while the WAL is reset.
const LEAST_SQLITE: &str = "3.51.3";
/// Readers beside the writer.
const READERS: u32 = 8;
/// Changes of speakers that whoever hears of them may be behind.
const SPEAKERS: usize = 1_024;

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub fn of(url: &str) -> Result<Engine> {
        match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => Ok(Engine::Sqlite),
            Some("postgres" | "postgresql") => Ok(Engine::Postgres),
            // The URL may hold a password: only its scheme is repeated.
            scheme => Err(Error::UnknownEngine(scheme.unwrap_or("no scheme").to_owned())),
        }
    }

    /// A statement to PostgreSQL costs more than its rows. Inside the process there is nothing to gain.
    pub(crate) fn pace(self) -> Pace {
        match self {
            Engine::Sqlite => Pace::NONE,
            Engine::Postgres => Pace::at_least(Duration::from_millis(3)),
        }
    }
}

/// An open database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    reads: AnyPool,
    writes: AnyPool,
    turn: Turn,
    keys: Keys,
    node: i64,
    flake: Arc<Flake>,
    till: Till,
    pin_turns: PinTurns,
    pins_asked: PinsAsked,
    sessions_asked: SessionsAsked,
    shops_asked: ShopsAsked,
    outbox_bell: Arc<Notify>,
    endings: Arc<Endings>,
    /// Which device of a shop speaks, after each change at this node.
    speakers: broadcast::Sender<Speaks>,
    /// How to reach PostgreSQL, for what needs a connection of its own.
    postgres: Option<PgConnectOptions>,
}

/// SQLite has one writer at a time and its own waiting is unfair: whoever writes (an ordinary transaction or a batch of the
/// till) takes this turn first, in order of arrival, so nobody starves and nothing is ever "busy". PostgreSQL needs none.
#[derive(Clone)]
pub(crate) struct Turn(Option<Arc<Mutex<()>>>);

impl Turn {
    pub(crate) async fn take(&self) -> Option<OwnedMutexGuard<()>> {
        match &self.0 {
            Some(turn) => Some(Arc::clone(turn).lock_owned().await),
            None => None,
        }
    }
}

/// An ordinary write transaction. Dropped without [`Write::commit`] it changes nothing.
pub(crate) struct Write {
    tx: Transaction<'static, Any>,
    /// Rung after the commit when something was put into the outbox.
    bell: Arc<Notify>,
    rings: bool,
    /// Told after the commit whose session or job it ended.
    endings: Arc<Endings>,
    ends: Option<PersonId>,
    _turn: Option<OwnedMutexGuard<()>>,
}

impl Write {
    pub(crate) fn tx(&mut self) -> &mut sqlx::AnyConnection {
        &mut self.tx
    }

    /// Wakes the outbox's worker once this is committed.
    pub(crate) fn wakes_outbox(&mut self) {
        self.rings = true;
    }

    /// Once this is committed, pages of this person that listen ask whether they still may.
    pub(crate) fn ends_something_of(&mut self, person: PersonId) {
        self.ends = Some(person);
    }

    /// Ends it with nothing changed, before the next one's turn. (When dropped it ends a little later, and the till may find the
    /// database busy for a moment.)
    pub(crate) async fn undo(self) -> Result<()> {
        Ok(self.tx.rollback().await?)
    }

    pub(crate) async fn commit(self) -> Result<()> {
        self.tx.commit().await?;
        if self.rings {
            self.bell.notify_one();
        }
        self.ends.into_iter().for_each(|person| self.endings.add(person));
        Ok(())
    }
}

impl Store {
    /// Opens `url` (`sqlite://PATH?mode=rwc` or `postgres://...`), brings its tables up to date and starts the till.
    pub async fn open(url: &str, keys: Keys) -> Result<Store> {
        Store::open_with_lanes(url, keys, till::LANES).await
    }

    /// As [`Store::open`]. In one lane commands are decided in the order in which they were sent, whatever their ids.
    pub async fn open_with_lanes(url: &str, keys: Keys, lanes: usize) -> Result<Store> {
        sqlx::any::install_default_drivers();
        let engine = Engine::of(url)?;
        let (reads, writes) = match engine {
            Engine::Sqlite => (pool(url, READERS, SQLITE).await?, pool(url, 1, SQLITE).await?),
            Engine::Postgres => {
                let pool = pool(url, 2 * READERS, PLANNED_EACH_TIME).await?;
                (pool.clone(), pool)
            }
        };
        if engine == Engine::Sqlite {
            require_recent_sqlite(&writes).await?;
        }
        match engine {
            Engine::Sqlite => SQLITE_MIGRATIONS.run(&writes).await?,
            Engine::Postgres => POSTGRES_MIGRATIONS.run(&writes).await?,
        }
        let node: i64 = match engine {
            Engine::Sqlite => 0,
            Engine::Postgres => sqlx::query("SELECT nextval('node_number')").fetch_one(&writes).await?.try_get(0)?,
        };
        let postgres = if engine == Engine::Postgres { Some(wire::options(url)?) } else { None };
        let turn = Turn((engine == Engine::Sqlite).then(Arc::default));
        let flake = Arc::new(Flake::new(node));
        let till = Till::open(url, engine, lanes, turn.clone(), Arc::clone(&flake)).await?;
        let by_key = match engine {
            Engine::Sqlite => reads.clone(),
            Engine::Postgres => pool(url, 3 * gather::READERS as u32, BY_KEY).await?,
        };
        let (pins_asked, sessions_asked) = (pins::asked(&by_key, engine.pace()), sessions::asked(&by_key, engine.pace()));
        Ok(Store {
            inner: Arc::new(Inner {
                engine,
                reads,
                writes,
                turn,
                keys,
                node,
                flake,
                till,
                pin_turns: PinTurns::default(),
                pins_asked,
                sessions_asked,
                shops_asked: merchants::asked(&by_key, engine.pace()),
                outbox_bell: Arc::default(),
                endings: Arc::default(),
                speakers: broadcast::channel(SPEAKERS).0,
                postgres,
            }),
        })
    }

    pub fn engine(&self) -> Engine {
        self.inner.engine
    }

    /// Where money moves.
    pub fn till(&self) -> &Till {
        &self.inner.till
    }

    /// Answers when the database does; for `/ready`.
    pub async fn ping(&self) -> Result<()> {
        let row: AnyRow = sqlx::query("SELECT COUNT(*) FROM kind").fetch_one(self.reads()).await?;
        row.try_get::<i64, _>(0)?;
        Ok(())
    }

    /// Waits for a connection to read by, as every page does, and gives it back.
    pub async fn turn_to_read(&self) -> Result<()> {
        drop(self.reads().acquire().await?);
        Ok(())
    }

    /// Stops the till after what it has taken, and closes the database.
    pub async fn close(&self) {
        self.inner.till.close().await;
        self.inner.reads.close().await;
        self.inner.writes.close().await;
    }

    pub(crate) fn reads(&self) -> &AnyPool {
        &self.inner.reads
    }

    /// For several reads that must agree. Nothing is written in it.
    pub(crate) async fn snapshot(&self) -> Result<Transaction<'static, Any>> {
        let begin = match self.inner.engine {
            Engine::Sqlite => "BEGIN",
            Engine::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        Ok(self.inner.reads.begin_with(begin).await?)
    }

    pub(crate) async fn write(&self) -> Result<Write> {
        let turn = self.inner.turn.take().await;
        let begin = match self.inner.engine {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN",
        };
        let tx = self.inner.writes.begin_with(begin).await?;
        let (bell, endings) = (Arc::clone(&self.inner.outbox_bell), Arc::clone(&self.inner.endings));
        Ok(Write { tx, bell, rings: false, endings, ends: None, _turn: turn })
    }

    /// Does the work whether or not the caller stays to hear of it: hanging up must not undo the counting of a wrong guess.
    pub(crate) async fn to_the_end<T: Send + 'static>(&self, work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
        tokio::spawn(work).await.map_err(|_| Error::Interrupted)?
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.inner.keys
    }

    pub(crate) fn pin_turns(&self) -> &PinTurns {
        &self.inner.pin_turns
    }

    pub(crate) fn pins_asked(&self) -> &PinsAsked {
        &self.inner.pins_asked
    }

    pub(crate) fn sessions_asked(&self) -> &SessionsAsked {
        &self.inner.sessions_asked
    }

    pub(crate) fn shops_asked(&self) -> &ShopsAsked {
        &self.inner.shops_asked
    }

    pub(crate) fn outbox_bell(&self) -> &Notify {
        &self.inner.outbox_bell
    }

    pub(crate) fn speakers(&self) -> &broadcast::Sender<Speaks> {
        &self.inner.speakers
    }

    pub(crate) fn endings_of_all(&self) -> &Endings {
        &self.inner.endings
    }

    pub(crate) fn postgres(&self) -> Option<&PgConnectOptions> {
        self.inner.postgres.as_ref()
    }

    /// The number that this node has among those on the same database.
    pub(crate) fn node(&self) -> i64 {
        self.inner.node
    }

    /// A new id for a row made at `now`.
    pub(crate) fn next_id(&self, now: Timestamp) -> i64 {
        self.inner.flake.next(crate::millis(now))
    }
}

/// Every connection syncs each commit and leaves checkpoints to the till.
const SQLITE: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                      PRAGMA wal_autocheckpoint = 0;";
/// A plan that is kept may be from when the tables were empty, and walks through them on a sale day.
const PLANNED_EACH_TIME: &str = "SET plan_cache_mode = force_custom_plan";
/// Rows by their primary keys: whatever the tables hold, there is one good plan, and planning costs more than reading.
const BY_KEY: &str = "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_hashjoin = off; \
                      SET enable_mergejoin = off";

/// A connection that worked this long ago is not asked whether it still does: each time that would be a round trip.
const FRESH: Duration = Duration::from_secs(1);

/// `settings` are made on each connection when it is new.
async fn pool(url: &str, connections: u32, settings: &'static str) -> Result<AnyPool> {
    let pool = AnyPoolOptions::new().max_connections(connections).acquire_timeout(Duration::from_secs(5)).test_before_acquire(false);
    let pool = pool.after_connect(move |connection, _| {
        Box::pin(async move {
            sqlx::raw_sql(settings).execute(connection).await?;
            Ok(())
        })
    });
    let pool = pool.before_acquire(|connection, about| {
        Box::pin(async move {
            if about.idle_for > FRESH {
                connection.ping().await?;
            }
            Ok(true)
        })
    });
    Ok(pool.connect(url).await?)
}

async fn require_recent_sqlite(pool: &AnyPool) -> Result<()> {
    let found: String = sqlx::query("SELECT sqlite_version()").fetch_one(pool).await?.try_get(0)?;
    let number = |version: &str| -> Vec<u32> { version.split('.').filter_map(|part| part.parse().ok()).collect() };
    if number(&found) < number(LEAST_SQLITE) {
        return Err(Error::SqliteTooOld { found, least: LEAST_SQLITE });
    }
    Ok(())
}
