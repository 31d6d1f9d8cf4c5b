//! What is usually written first: all lots and all payments of a person are read, and added up in code. Only the reading: no HTTP, no page.

use super::{FULL, OFFERED, Round};
use crate::Outcome;
use crate::load::ms;
use crate::town::Town;
use hdrhistogram::Histogram;
use rand::Rng;
use sqlx::any::AnyPoolOptions;
use sqlx::{AnyPool, Row};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

const MONTH_MS: i64 = 30 * 86_400_000;

pub async fn round(town: &Town, seconds: u64) -> Outcome<Round> {
    let pool = AnyPoolOptions::new().max_connections(16).connect(&town.url).await?;
    let times = Arc::new(Mutex::new(Histogram::<u64>::new_with_max(120_000_000, 2)?));
    let people: Vec<i64> = town.people[..FULL].iter().map(|person| person.id.0).collect();
    let began = Instant::now();
    let mut due = began;
    let mut tasks = Vec::new();
    for _ in 0..u64::from(OFFERED) * seconds {
        due += Duration::from_secs_f64(-f64::ln(1.0 - rand::rng().random::<f64>()) / f64::from(OFFERED));
        tokio::time::sleep_until(due.into()).await;
        let (pool, times, person) = (pool.clone(), Arc::clone(&times), people[rand::rng().random_range(0..people.len())]);
        tasks.push(tokio::spawn(async move {
            wallet(&pool, person).await?;
            let took = u64::try_from(due.elapsed().as_micros())?;
            times.lock().await.record(took)?;
            Outcome::Ok(())
        }));
    }
    for task in tasks {
        task.await??;
    }
    let times = times.lock().await;
    pool.close().await;
    Ok(Round {
        per_s: times.len() as f64 / began.elapsed().as_secs_f64(),
        p50_ms: ms(&times, 0.5),
        p99_ms: ms(&times, 0.99),
        cpu_us: 0.0,
        size: 0.0,
    })
}

/// What is left, and what was paid by month.
async fn wallet(pool: &AnyPool, person: i64) -> Outcome<(i64, BTreeMap<i64, i64>)> {
    let lots = sqlx::query("SELECT id, face, paid, remaining, bought_at, expires_at FROM lot WHERE person_id = $1 ORDER BY id");
    let mut left = 0;
    for row in lots.bind(person).fetch_all(pool).await? {
        left += row.try_get::<i64, _>("remaining")?;
    }
    let payments = "SELECT p.id, p.amount, p.cancelled, p.code, p.created_at, m.name FROM payment p JOIN merchant m ON m.id = p.merchant_id \
                    WHERE p.payer_id = $1 ORDER BY p.created_at DESC";
    let mut months: BTreeMap<i64, i64> = BTreeMap::new();
    for row in sqlx::query(payments).bind(person).fetch_all(pool).await? {
        let net = row.try_get::<i64, _>("amount")? - row.try_get::<i64, _>("cancelled")?;
        *months.entry(row.try_get::<i64, _>("created_at")? / MONTH_MS).or_default() += net;
    }
    Ok((left, months))
}
