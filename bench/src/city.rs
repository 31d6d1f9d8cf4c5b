//! A city to measure in: a million members, one kind, one sale, on either engine; made by SQL, in seconds.

use crate::{Outcome, machine};
use domain::PersonId;
use sqlx::{AnyConnection, Connection, PgConnection, Row, SqliteConnection};
use std::path::Path;

/// Of the window that is open to anyone.
pub const WINDOW: i64 = 1;

/// Limits that no member reaches, and an amount that no run sells out: every purchase is one.
const KIND: &str = "INSERT INTO kind (id, name_ko, name_en, district, discount_bp, unit, month_limit, holding_cap, validity_years) \
    VALUES (1, '서울 전역', 'Citywide', 0, 700, 10000, 100000000000, 100000000000, 5); \
    INSERT INTO kind_version (kind_id, version, from_at, discount_bp, unit, month_limit, holding_cap, validity_years, refund_from, \
    nation_bp, city_bp, district_bp) VALUES (1, 1, 0, 700, 10000, 100000000000, 100000000000, 5, 60, 0, 700, 0)";
const SALE: &str = "INSERT INTO sale (id, kind_id, name_ko, name_en, created_at) VALUES (1, 1, '측정', 'Bench', 0)";
const POOL: &str = "INSERT INTO sale_window (id, sale_id, kind_id, opens_at, closes_at, who, total, planned) \
    VALUES (1, 1, 1, 0, 4102444800000, 'anyone', 900000000000000, 900000000000000)";

/// Into a database with its tables.
pub async fn fill_sqlite(url: &str, members: u32) -> Outcome<()> {
    let mut connection = SqliteConnection::connect(url).await?;
    let series = format!("WITH RECURSIVE n (g) AS (SELECT 1 UNION ALL SELECT g + 1 FROM n WHERE g < {members})");
    let fill = format!(
        "PRAGMA journal_mode = WAL; BEGIN IMMEDIATE; {KIND}; {SALE}; {POOL}; \
         {series} INSERT INTO person SELECT g, unhex(printf('%032x', g)), '회원 ' || g, 19900101, 0 FROM n; \
         {series} INSERT INTO member (person_id, phone, pin_salt, pin_hash, created_at) SELECT g, printf('010%08d', g), x'00', x'00', 0 FROM n; \
         {series} INSERT INTO allowance (person_id, kind_id, month, bought, held) SELECT g, 1, 0, 0, 0 FROM n; COMMIT; PRAGMA wal_checkpoint(TRUNCATE);"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(fill)).execute(&mut connection).await?;
    connection.close().await?;
    Ok(())
}

/// The same, to be settled when all is in it. The process id of its postmaster, when it runs on this machine.
pub async fn fill_postgres(url: &str, members: u32) -> Outcome<Option<u32>> {
    let mut connection = PgConnection::connect(url).await?;
    let series = format!("FROM generate_series(1, {members}) g");
    let fill = format!(
        "{KIND}; {SALE}; {POOL}; INSERT INTO person SELECT g, decode(lpad(to_hex(g), 32, '0'), 'hex'), '회원 ' || g, 19900101, 0 {series}; \
         INSERT INTO member (person_id, phone, pin_salt, pin_hash, created_at) SELECT g, '010' || lpad(g::text, 8, '0'), '\\x00', '\\x00', 0 {series}; \
         INSERT INTO allowance (person_id, kind_id, month, bought, held) SELECT g, 1, 0, 0, 0 {series};"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(fill)).execute(&mut connection).await?;
    let backend: i32 = sqlx::query("SELECT pg_backend_pid()").fetch_one(&mut connection).await?.try_get(0)?;
    Ok(machine::parent_of(u32::try_from(backend)?))
}

/// Gives each shop an owner; they take turns. The numbers of the shops.
pub async fn give_owners(connection: &mut AnyConnection, owners: &[PersonId]) -> Outcome<Vec<String>> {
    const AT_ONCE: usize = 1_000;
    let rows = sqlx::query("SELECT id, number FROM merchant ORDER BY number").fetch_all(&mut *connection).await?;
    let mut transaction = connection.begin().await?;
    let shops: Vec<(i64, String)> = rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Outcome<_>>()?;
    let owned: Vec<String> =
        shops.iter().zip(owners.iter().cycle()).map(|((shop, _), owner)| format!("({shop}, {owner}, 'owner', 0)")).collect();
    for some in owned.chunks(AT_ONCE) {
        let insert = format!("INSERT INTO staff (merchant_id, person_id, role, created_at) VALUES {}", some.join(", "));
        sqlx::raw_sql(sqlx::AssertSqlSafe(insert)).execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    Ok(shops.into_iter().map(|(_, number)| number).collect())
}

/// Vacuumed, counted and on disk: what the database would else do by itself beside the first minutes of a measurement.
pub async fn settle_postgres(url: &str) -> Outcome<()> {
    let mut connection = PgConnection::connect(url).await?;
    for statement in ["VACUUM ANALYZE", "CHECKPOINT"] {
        sqlx::raw_sql(statement).execute(&mut connection).await?;
    }
    Ok(())
}

/// An empty database of this engine. Its URL.
pub async fn fresh(engine: &str, folder: &Path, superuser: &str, name: &str) -> Outcome<String> {
    match engine {
        "sqlite" => Ok(format!("sqlite://{}?mode=rwc", folder.join(name).with_extension("sqlite").display())),
        _ => fresh_database(superuser, name).await,
    }
}

/// An empty database under this name; whatever had it is dropped. Its URL.
pub async fn fresh_database(superuser: &str, name: &str) -> Outcome<String> {
    let mut connection = PgConnection::connect(superuser).await?;
    for statement in [format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), format!("CREATE DATABASE {name}")] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut connection).await?;
    }
    connection.close().await?;
    let (server, query) = superuser.split_once('?').map_or((superuser, None), |(server, query)| (server, Some(query)));
    let server = server.rsplit_once('/').ok_or("PAYPLUS_TEST_POSTGRES names no database")?.0;
    Ok(query.map_or(format!("{server}/{name}"), |query| format!("{server}/{name}?{query}")))
}
