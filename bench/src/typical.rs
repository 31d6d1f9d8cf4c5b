//! The baseline over HTTP: axum handlers that make one transaction a purchase, or a payment, on `baseline/schema.sql`, as it is usually
//! written first. They run in a process of their own, as our server does.

use crate::line::{Body, Line};
use crate::load::{self, Done, Work, us};
use crate::site::{self, Process};
use crate::{Outcome, city};
use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use clap::Args;
use hdrhistogram::Histogram;
use http::StatusCode;
use rand::Rng;
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgPoolOptions;
use sqlx::{Connection, PgConnection, PgPool, Row};
use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// More make it slower: the quota's row is locked over round trips.
const CONNECTIONS: u32 = 16;
const PATIENCE: Duration = Duration::from_secs(120);

#[derive(Args)]
pub struct Options {
    #[arg(long)]
    database: String,
    #[arg(long)]
    addr: SocketAddr,
}

#[derive(Serialize, Deserialize)]
struct Order {
    key: Uuid,
    member: i64,
    amount: i64,
    /// Of a payment: where.
    shop: i64,
}

/// The account of the first shop; members' accounts have other numbers.
const SHOPS_FROM: i64 = 1_000_000_000;

/// Serves until it is killed.
pub async fn serve(options: Options) -> Outcome<()> {
    let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE).connect(&options.database).await?;
    let router = Router::new().route("/ready", get(async || "")).route("/purchases", post(purchase)).route("/payments", post(payment));
    let router = router.with_state(pool);
    let listener = tokio::net::TcpListener::bind(options.addr).await?;
    Ok(axum::serve(listener, router).await?)
}

async fn purchase(State(pool): State<PgPool>, Json(order): Json<Order>) -> Result<Json<i64>, StatusCode> {
    answer(buy(&pool, &order).await)
}

async fn payment(State(pool): State<PgPool>, Json(order): Json<Order>) -> Result<Json<i64>, StatusCode> {
    answer(pay(&pool, &order).await)
}

fn answer(outcome: sqlx::Result<Option<i64>>) -> Result<Json<i64>, StatusCode> {
    match outcome {
        Ok(Some(id)) => Ok(Json(id)),
        Ok(None) => Err(StatusCode::CONFLICT),
        Err(_) => Err(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

async fn buy(pool: &PgPool, order: &Order) -> sqlx::Result<Option<i64>> {
    let mut tx = pool.begin().await?;
    let quota = sqlx::query("SELECT total, sold FROM quota WHERE id = 1 FOR UPDATE").fetch_one(&mut *tx).await?;
    let (total, sold): (i64, i64) = (quota.try_get(0)?, quota.try_get(1)?);
    let select = sqlx::query("SELECT holding, month_bought FROM member WHERE id = $1 FOR UPDATE");
    select.bind(order.member).fetch_one(&mut *tx).await?;
    if sold + order.amount > total {
        return Ok(None);
    }
    let id = enter(&mut tx, order, 1, 1_000 + order.member).await?;
    let update = "UPDATE member SET holding = holding + $2, month_bought = month_bought + $2 WHERE id = $1";
    sqlx::query(update).bind(order.member).bind(order.amount).execute(&mut *tx).await?;
    sqlx::query("UPDATE account SET balance = balance - $1 WHERE id = 1").bind(order.amount).execute(&mut *tx).await?;
    sqlx::query("UPDATE quota SET sold = sold + $1 WHERE id = 1").bind(order.amount).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(Some(id))
}

/// Of the member's holding; the shop's balance grows.
async fn pay(pool: &PgPool, order: &Order) -> sqlx::Result<Option<i64>> {
    let mut tx = pool.begin().await?;
    let select = sqlx::query("SELECT holding FROM member WHERE id = $1 FOR UPDATE").bind(order.member);
    let holding: i64 = select.fetch_one(&mut *tx).await?.try_get(0)?;
    if holding < order.amount {
        return Ok(None);
    }
    let shop = SHOPS_FROM + order.shop;
    let id = enter(&mut tx, order, 1_000 + order.member, shop).await?;
    let update = sqlx::query("UPDATE member SET holding = holding - $2 WHERE id = $1").bind(order.member).bind(order.amount);
    update.execute(&mut *tx).await?;
    let update = sqlx::query("UPDATE account SET balance = balance + $2 WHERE id = $1").bind(shop).bind(order.amount);
    update.execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(Some(id))
}

/// The row under its key, and its two entries.
async fn enter(tx: &mut PgConnection, order: &Order, from: i64, to: i64) -> sqlx::Result<i64> {
    let insert = "INSERT INTO purchase (idem_key, member_id, quota_id, amount) VALUES ($1::text::uuid, $2, 1, $3) RETURNING id";
    let insert = sqlx::query(insert).bind(order.key.to_string()).bind(order.member).bind(order.amount);
    let id: i64 = insert.fetch_one(&mut *tx).await?.try_get(0)?;
    let insert = "INSERT INTO ledger (purchase_id, account_id, amount) VALUES ($1, $3, -$2::bigint), ($1, $4, $2)";
    sqlx::query(insert).bind(id).bind(order.amount).bind(from).bind(to).execute(&mut *tx).await?;
    Ok(id)
}

/// The handler at work in a child of this process.
pub struct Typical {
    /// Ends with it.
    _process: Process,
    _folder: tempfile::TempDir,
    addr: SocketAddr,
    members: i64,
}

impl Typical {
    /// With so many members and shops.
    pub async fn start(superuser: &str, members: u32, shops: u32) -> Outcome<Typical> {
        let url = city::fresh_database(superuser, "payplus_bench_typical").await?;
        crate::baseline::load(&url, members).await?;
        if shops > 0 {
            open_shops(&url, shops).await?;
        }
        let (addr, folder) = (site::free()?, tempfile::tempdir()?);
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["typical", "--database", &url, "--addr", &addr.to_string()]);
        let mut process = Process::start(&mut command, &folder.path().join("typical.log"))?;
        process.answers(addr, "/ready").await?;
        Ok(Typical { _process: process, _folder: folder, addr, members: i64::from(members) })
    }

    /// Through so many lines at once.
    pub async fn purchases(&self, lines: usize, seconds: u64) -> Outcome<Done<Histogram<u64>>> {
        self.round(Orders { path: "/purchases", members: self.members, shops: 1, unit: 10_000 }, lines, seconds).await
    }

    /// At any of so many shops.
    pub async fn payments(&self, shops: u32, lines: usize, seconds: u64) -> Outcome<Done<Histogram<u64>>> {
        self.round(Orders { path: "/payments", members: self.members, shops: i64::from(shops), unit: 100 }, lines, seconds).await
    }

    async fn round(&self, orders: Orders, lines: usize, seconds: u64) -> Outcome<Done<Histogram<u64>>> {
        load::at_once(&Arc::new(orders), &[self.addr], lines, seconds).await
    }
}

/// Everybody has something to pay with.
async fn open_shops(url: &str, shops: u32) -> Outcome<()> {
    let mut connection = PgConnection::connect(url).await?;
    let accounts = format!("INSERT INTO account SELECT {SHOPS_FROM} + g, 0 FROM generate_series(1, {shops}) g");
    for statement in ["UPDATE member SET holding = 10000000".to_owned(), accounts, "VACUUM ANALYZE".to_owned(), "CHECKPOINT".to_owned()] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut connection).await?;
    }
    Ok(connection.close().await?)
}

/// By any member.
struct Orders {
    path: &'static str,
    members: i64,
    shops: i64,
    unit: i64,
}

impl Work for Orders {
    type Spans = Histogram<u64>;

    async fn one(&self, line: &mut Line, due: Instant, latencies: &mut Histogram<u64>) -> Outcome<bool> {
        let order = {
            let mut rng = rand::rng();
            let key = uuid::Builder::from_random_bytes(rng.random()).into_uuid();
            let (member, shop) = (rng.random_range(1..=self.members), rng.random_range(1..=self.shops));
            serde_json::to_string(&Order { key, member, amount: rng.random_range(1..=40) * self.unit, shop })?
        };
        let answer = line.post(self.path, "", Body::Json(&order)).await?;
        if answer.status != 200 {
            return Err(format!("the baseline answered {}", answer.status).into());
        }
        latencies.record(us(due.elapsed())?)?;
        Ok(true)
    }
}
