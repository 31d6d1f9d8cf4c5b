//! Settling a day: each shop of the city was paid once, midnight has passed, and the books of all shops are closed while people go on
//! paying. Beside what is usually written first, a nightly job that goes from shop to shop, in the same run. The auditor looks at the end.

mod usual;

use crate::report::median;
use crate::till::buy_before;
use crate::{Options, Outcome, city};
use domain::calendar::Day;
use domain::paying::Wish;
use domain::{MerchantId, PaymentId, PersonId, Timestamp, Won};
use hdrhistogram::Histogram;
use jiff::SignedDuration;
use serde::Serialize;
use sqlx::{AnyConnection, Connection, Row};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use store::{Keys, Store};

const PAYERS: u32 = 2_000;
const FACE: Won = Won::of(200_000);
const AMOUNT: Won = Won::of(100);
/// Who go on paying while books are closed, each one payment after the other with a breath between them.
const BESIDE: usize = 20;
const BREATH: Duration = Duration::from_millis(20);
/// Payments of a day are made by so many at once.
const CALLERS: usize = 1_000;

struct Plan {
    shops: u32,
    rounds: usize,
    /// Shops of the usual way: its rate does not need all of them.
    sample: usize,
}

#[derive(Serialize)]
struct Line {
    engine: &'static str,
    shops: usize,
    seconds: f64,
    per_s: f64,
    per_s_least: f64,
    per_s_most: f64,
    usual_per_s: f64,
    ratio: f64,
    pay_p50_ms: f64,
    pay_p99_ms: f64,
    /// While books are closed.
    beside_p50_ms: f64,
    beside_p99_ms: f64,
}

pub async fn run(options: &Options) -> Outcome<()> {
    let plan = match options.quick {
        true => Plan { shops: 20_000, rounds: 2, sample: 1_000 },
        false => Plan { shops: 280_000, rounds: 3, sample: 5_000 },
    };
    let Some(postgres) = options.postgres.clone() else {
        return Err("PAYPLUS_TEST_POSTGRES is not set: `cargo xtask bench settle` starts a PostgreSQL and sets it".into());
    };
    let folder = tempfile::tempdir()?;
    let usual = usual::Usual::prepare(&city::fresh_database(&postgres, "payplus_bench_usual").await?, plan.shops).await?;
    let mut lines = Vec::new();
    for engine in ["sqlite", "postgres"] {
        let url = city::fresh(engine, folder.path(), &postgres, "payplus_bench_settle").await?;
        lines.push(of_engine(engine, &url, &plan, &usual).await?);
    }
    println!(
        "\n{:<9} {:>8} {:>9} {:>9} {:>17} {:>9} {:>7} {:>19} {:>19}",
        "engine", "shops", "seconds", "shops/s", "least-most", "usual/s", "ratio", "pay p50/p99 ms", "beside p50/p99 ms"
    );
    for line in &lines {
        println!(
            "{:<9} {:>8} {:>9.1} {:>9.0} {:>17} {:>9.0} {:>6.1}x {:>19} {:>19}",
            line.engine,
            line.shops,
            line.seconds,
            line.per_s,
            format!("{:.0}-{:.0}", line.per_s_least, line.per_s_most),
            line.usual_per_s,
            line.ratio,
            format!("{:.1} / {:.1}", line.pay_p50_ms, line.pay_p99_ms),
            format!("{:.1} / {:.1}", line.beside_p50_ms, line.beside_p99_ms)
        );
    }
    if let Some(path) = &options.json {
        crate::report::write_lines(path, &lines)?;
    }
    Ok(())
}

async fn of_engine(engine: &'static str, url: &str, plan: &Plan, usual: &usual::Usual) -> Outcome<Line> {
    println!("{engine}: {} shops, {PAYERS} payers ...", plan.shops);
    let store = Store::open(url, Keys::new([1; 32])).await?;
    match engine {
        "sqlite" => city::fill_sqlite(url, PAYERS).await?,
        _ => drop(city::fill_postgres(url, PAYERS).await?),
    }
    let start = Timestamp::now();
    store.seed_shops(plan.shops, "acc_bench", start).await?;
    buy_before(&store, (1..=PAYERS).map(|person| (PersonId(i64::from(person)), FACE))).await?;
    let shops = Arc::new(all_shops(url).await?);
    if engine != "sqlite" {
        city::settle_postgres(url).await?;
    }
    let (mut rates, mut usual_rates) = (Vec::new(), Vec::new());
    let (mut alone, mut beside) = (Histogram::new_with_max(60_000_000, 3)?, Histogram::new_with_max(60_000_000, 3)?);
    for round in 0..plan.rounds {
        let today = start + SignedDuration::from_hours(24 * i64::try_from(round)?);
        let paid = Instant::now();
        pay_all(&store, &shops, today).await?;
        println!("  round {}: paid in {:.1} s", round + 1, paid.elapsed().as_secs_f64());
        alone.add(paying_while(&store, &shops, today, tokio::time::sleep(Duration::from_secs(3))).await?.1)?;
        // Two minutes after the midnight that ends it.
        let midnight = Day::of(today).span().ok_or("no such day")?.to() + SignedDuration::from_mins(2);
        let (seconds, slow) = paying_while(&store, &shops, midnight, settle(&store, midnight)).await?;
        beside.add(slow)?;
        rates.push(shops.len() as f64 / seconds?);
        usual_rates.push(usual.round(plan.sample, Day::of(today)).await?);
    }
    store.close().await;
    let audit = auditor::audit(url).await?;
    println!("  auditor on {engine}: {}", if audit.is_clean() { "clean" } else { "VIOLATIONS" });
    if !audit.is_clean() {
        return Err(audit.to_string().into());
    }
    let ms = |times: &Histogram<u64>, quantile| times.value_at_quantile(quantile) as f64 / 1_000.0;
    let (per_s, usual_per_s) = (median(rates.clone()), median(usual_rates));
    Ok(Line {
        engine,
        shops: shops.len(),
        seconds: shops.len() as f64 / per_s,
        per_s,
        per_s_least: rates.iter().copied().fold(f64::INFINITY, f64::min),
        per_s_most: rates.iter().copied().fold(0.0, f64::max),
        usual_per_s,
        ratio: per_s / usual_per_s,
        pay_p50_ms: ms(&alone, 0.5),
        pay_p99_ms: ms(&alone, 0.99),
        beside_p50_ms: ms(&beside, 0.5),
        beside_p99_ms: ms(&beside, 0.99),
    })
}

async fn all_shops(url: &str) -> Outcome<Vec<MerchantId>> {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(url).await?;
    let rows = sqlx::query("SELECT id FROM merchant ORDER BY id").fetch_all(&mut connection).await?;
    rows.iter().map(|row| Ok(MerchantId(row.try_get(0)?))).collect()
}

async fn pay(store: &Store, payer: u32, merchant: MerchantId, now: Timestamp) -> Outcome<()> {
    let id = PaymentId::from_parts(u64::try_from(now.as_millisecond())?, rand::random());
    let wish = Wish { id, payer: PersonId(i64::from(payer)), merchant, amount: AMOUNT, kind: None, once: None };
    store.till().pay(wish, now).await??;
    Ok(())
}

/// One payment at each shop.
async fn pay_all(store: &Store, shops: &Arc<Vec<MerchantId>>, now: Timestamp) -> Outcome<()> {
    let next = Arc::new(AtomicUsize::new(0));
    let callers = (0..CALLERS).map(|caller| {
        let (store, shops, next) = (store.clone(), Arc::clone(shops), Arc::clone(&next));
        tokio::spawn(async move {
            // Each caller has payers of its own: they do not wait for each other's lots.
            let (own, others) = (u32::try_from(caller)?, u32::try_from(CALLERS)?);
            while let Some(shop) = shops.get(next.fetch_add(1, Ordering::Relaxed)) {
                pay(&store, 1 + own + others * rand::random_range(0..PAYERS / others), *shop, now).await?;
            }
            Outcome::Ok(())
        })
    });
    for caller in callers.collect::<Vec<_>>() {
        caller.await??;
    }
    Ok(())
}

/// Closes the day and settles every shop of it. In seconds.
async fn settle(store: &Store, now: Timestamp) -> Outcome<f64> {
    let began = Instant::now();
    store.close_days(now).await??;
    while store.settle_some(now).await?.is_some() {}
    Ok(began.elapsed().as_secs_f64())
}

/// How long payments take as long as `work` lasts, in microseconds.
async fn paying_while<T>(
    store: &Store,
    shops: &Arc<Vec<MerchantId>>,
    now: Timestamp,
    work: impl Future<Output = T>,
) -> Outcome<(T, Histogram<u64>)> {
    let is_over = Arc::new(AtomicBool::new(false));
    let payers = (0..BESIDE).map(|payer| {
        let (store, shops, is_over) = (store.clone(), Arc::clone(shops), Arc::clone(&is_over));
        tokio::spawn(async move {
            let mut times = Histogram::<u64>::new_with_max(60_000_000, 3)?;
            while !is_over.load(Ordering::Relaxed) {
                let began = Instant::now();
                pay(&store, u32::try_from(payer)? + 1, shops[rand::random_range(0..shops.len())], now).await?;
                times.record(u64::try_from(began.elapsed().as_micros())?.max(1))?;
                tokio::time::sleep(BREATH).await;
            }
            Outcome::Ok(times)
        })
    });
    let payers: Vec<_> = payers.collect();
    let done = work.await;
    is_over.store(true, Ordering::Relaxed);
    let mut all = Histogram::new_with_max(60_000_000, 3)?;
    for payer in payers {
        all.add(payer.await??)?;
    }
    Ok((done, all))
}
