//! A database of its own for each test, made from the migrations, with nothing that would refuse a broken row.

use sqlx::{AnyConnection, Connection};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// The engines to test on.
pub fn engines() -> Vec<Engine> {
    match postgres_url() {
        Some(_) => vec![Engine::Sqlite, Engine::Postgres],
        None => vec![Engine::Sqlite],
    }
}

fn postgres_url() -> Option<String> {
    std::env::var("PAYPLUS_TEST_POSTGRES").ok().filter(|url| !url.is_empty())
}

/// Removed by [`Database::remove`]; a SQLite file also when dropped.
pub struct Database {
    pub url: String,
    engine: Engine,
    /// Of PostgreSQL.
    name: String,
    _folder: Option<tempfile::TempDir>,
}

impl Database {
    /// With the tables of the migrations, without their CHECKs and foreign keys.
    pub async fn new(engine: Engine) -> Database {
        static MADE: AtomicU32 = AtomicU32::new(0);
        sqlx::any::install_default_drivers();
        let name = format!("auditor_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        let (url, folder) = match engine {
            Engine::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                (format!("sqlite://{}", folder.path().join("pay.db").display()), Some(folder))
            }
            Engine::Postgres => {
                administer(&format!("CREATE DATABASE {name}")).await;
                (with_database(&postgres_url().unwrap(), &name), None)
            }
        };
        let database = Database { url, engine, name, _folder: folder };
        let mut connection = database.connect().await;
        for file in migrations(engine) {
            let sql = std::fs::read_to_string(&file).unwrap();
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.unwrap_or_else(|error| panic!("{file:?}: {error}"));
        }
        if engine == Engine::Postgres {
            let drop_constraints = "DO $$ DECLARE it record; BEGIN \
                FOR it IN SELECT conrelid::regclass AS home, conname FROM pg_constraint \
                  WHERE contype IN ('c', 'f') AND connamespace = 'public'::regnamespace \
                LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', it.home, it.conname); END LOOP; END $$";
            sqlx::raw_sql(drop_constraints).execute(&mut connection).await.unwrap();
        }
        connection.close().await.unwrap();
        database
    }

    /// Runs statements in which `@7` is the id number 7 of a purchase or payment, and `@[101,102]` a list of lots, as each engine
    /// writes bytes.
    pub async fn run(&self, statements: &str) {
        let mut connection = self.connect().await;
        let sql = self.with_ids(statements);
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.unwrap_or_else(|error| panic!("{statements}: {error}"));
        connection.close().await.unwrap();
    }

    pub async fn connect(&self) -> AnyConnection {
        let Engine::Sqlite = self.engine else { return AnyConnection::connect(&self.url).await.unwrap() };
        let mut connection = AnyConnection::connect(&format!("{}?mode=rwc", self.url)).await.unwrap();
        let pragmas =
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON";
        sqlx::raw_sql(pragmas).execute(&mut connection).await.unwrap();
        connection
    }

    pub async fn remove(self) {
        if self.engine == Engine::Postgres {
            administer(&format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
        }
    }

    fn with_ids(&self, statements: &str) -> String {
        let mut parts = statements.split('@');
        let mut sql = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (hex, rest) = match part.strip_prefix('[').and_then(|part| part.split_once(']')) {
                Some((lots, rest)) => (list(lots), rest),
                None => {
                    let (number, rest) = part.split_at(part.bytes().take_while(u8::is_ascii_digit).count());
                    (id(number.parse().unwrap()).replace('-', ""), rest)
                }
            };
            sql += &match self.engine {
                Engine::Sqlite => format!("X'{hex}'"),
                Engine::Postgres => format!("'\\x{hex}'::bytea"),
            };
            sql += rest;
        }
        sql
    }
}

/// The id `@number` as text.
pub fn id(number: u32) -> String {
    format!("019ca000-0000-7000-8000-{number:012}")
}

/// Ids with commas between them as hexadecimal digits.
fn list(lots: &str) -> String {
    lots.split(',').filter(|id| !id.is_empty()).map(|id| format!("{:016x}", id.parse::<i64>().unwrap())).collect()
}

async fn administer(sql: &str) {
    let mut connection = AnyConnection::connect(&postgres_url().unwrap()).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// The same server and user, another database.
fn with_database(url: &str, name: &str) -> String {
    let (address, query) = url.split_once('?').map_or((url, String::new()), |(address, query)| (address, format!("?{query}")));
    let (scheme, rest) = address.split_once("://").unwrap();
    let server = rest.split('/').next().unwrap_or(rest);
    format!("{scheme}://{server}/{name}{query}")
}

fn migrations(engine: Engine) -> Vec<PathBuf> {
    let folder = match engine {
        Engine::Sqlite => "../store/migrations/sqlite",
        Engine::Postgres => "../store/migrations/postgres",
    };
    // As of the run: a build that was kept may be of another clone.
    let here = std::env::var("CARGO_MANIFEST_DIR").unwrap();
    let folder = Path::new(&here).join(folder);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "sql"));
    files.sort();
    files
}
