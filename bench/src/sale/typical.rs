//! The baseline over HTTP: an axum handler that makes one transaction a purchase on `baseline/schema.sql`, as it is usually written
//! first. It runs in a process of its own, as our server does.

use super::line::{Body, Line};
use super::site::{self, Process};
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
use sqlx::{PgPool, Row};
use std::net::SocketAddr;
use std::process::Command;
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
}

/// Serves until it is killed.
pub async fn serve(options: Options) -> Outcome<()> {
    let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE).connect(&options.database).await?;
    let router = Router::new().route("/ready", get(async || "")).route("/purchases", post(purchase)).with_state(pool);
    let listener = tokio::net::TcpListener::bind(options.addr).await?;
    Ok(axum::serve(listener, router).await?)
}

async fn purchase(State(pool): State<PgPool>, Json(order): Json<Order>) -> Result<Json<i64>, StatusCode> {
    match buy(&pool, &order).await {
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
    let insert = "INSERT INTO purchase (idem_key, member_id, quota_id, amount) VALUES ($1::text::uuid, $2, 1, $3) RETURNING id";
    let id: i64 =
        sqlx::query(insert).bind(order.key.to_string()).bind(order.member).bind(order.amount).fetch_one(&mut *tx).await?.try_get(0)?;
    let insert = "INSERT INTO ledger (purchase_id, account_id, amount) VALUES ($1, 1, -$2::bigint), ($1, 1000 + $3, $2)";
    sqlx::query(insert).bind(id).bind(order.amount).bind(order.member).execute(&mut *tx).await?;
    let update = "UPDATE member SET holding = holding + $2, month_bought = month_bought + $2 WHERE id = $1";
    sqlx::query(update).bind(order.member).bind(order.amount).execute(&mut *tx).await?;
    sqlx::query("UPDATE account SET balance = balance - $1 WHERE id = 1").bind(order.amount).execute(&mut *tx).await?;
    sqlx::query("UPDATE quota SET sold = sold + $1 WHERE id = 1").bind(order.amount).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(Some(id))
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
    pub async fn start(superuser: &str, members: u32) -> Outcome<Typical> {
        let url = city::fresh_database(superuser, "payplus_bench_typical").await?;
        crate::baseline::load(&url, members).await?;
        let (addr, folder) = (site::free()?, tempfile::tempdir()?);
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["typical", "--database", &url, "--addr", &addr.to_string()]);
        let mut process = Process::start(&mut command, &folder.path().join("typical.log"))?;
        process.answers(addr, "/ready").await?;
        Ok(Typical { _process: process, _folder: folder, addr, members: i64::from(members) })
    }

    /// Through so many lines at once. Purchases per second and how long each took, in microseconds.
    pub async fn round(&self, lines: usize, seconds: u64) -> Outcome<(f64, Histogram<u64>)> {
        let mut open = Vec::with_capacity(lines);
        for _ in 0..lines {
            open.push(Line::open(self.addr).await?);
        }
        let (began, members) = (Instant::now(), self.members);
        let end = began + Duration::from_secs(seconds);
        let tasks = open.into_iter().map(|mut line| {
            tokio::spawn(async move {
                let mut latencies = Histogram::new_with_max(120_000_000, 2)?;
                while Instant::now() < end {
                    let (key, member, amount) = {
                        let mut rng = rand::rng();
                        let key = uuid::Builder::from_random_bytes(rng.random()).into_uuid();
                        (key, rng.random_range(1..=members), rng.random_range(1..=40) * 10_000)
                    };
                    let order = serde_json::to_string(&Order { key, member, amount })?;
                    let asked = Instant::now();
                    let answer = line.post("/purchases", "", Body::Json(&order)).await?;
                    if answer.status != 200 {
                        return Err(format!("the baseline answered {}", answer.status).into());
                    }
                    latencies.record(u64::try_from(asked.elapsed().as_micros())?)?;
                }
                Outcome::Ok(latencies)
            })
        });
        let mut all = Histogram::new_with_max(120_000_000, 2)?;
        for task in tasks.collect::<Vec<_>>() {
            all.add(task.await??)?;
        }
        Ok((all.len() as f64 / began.elapsed().as_secs_f64(), all))
    }
}
