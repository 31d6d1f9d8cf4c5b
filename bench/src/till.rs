//! Purchases through the till: each is reserved and posted (two commands, two answers), by 1, 10, 100 and 1,000 waiting
//! callers over a million members. The bank in between is left out: it is not ours to measure. The baseline does in one
//! transaction what ours does in two commands.

use crate::baseline::Typical;
use crate::report::{self, Line, Round};
use crate::{Options, Outcome, city, machine};
use domain::buying::{BankSays, State, Wish};
use domain::{PersonId, PurchaseId, Timestamp, WindowId, Won};
use hdrhistogram::Histogram;
use rand::Rng;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use store::till::Buyer;
use store::{Keys, Store};

const CALLERS: [usize; 4] = [1, 10, 100, 1_000];

struct Plan {
    members: u32,
    rounds: usize,
    seconds: u64,
}

struct Contender {
    engine: &'static str,
    store: Store,
    url: String,
    /// Of PostgreSQL.
    postmaster: Option<u32>,
}

pub async fn run(options: &Options) -> Outcome<()> {
    let plan = match options.quick {
        true => Plan { members: 100_000, rounds: 3, seconds: 1 },
        false => Plan { members: 1_000_000, rounds: 5, seconds: 5 },
    };
    let Some(postgres) = options.postgres.clone() else {
        return Err("PAYPLUS_TEST_POSTGRES is not set: `cargo xtask bench till` starts a PostgreSQL and sets it".into());
    };
    let folder = tempfile::tempdir()?;
    println!("loading {} members into SQLite, PostgreSQL and the baseline ...", plan.members);
    let typical_url = city::fresh_database(&postgres, "payplus_bench_typical").await?;
    let typical = Typical::prepare(typical_url, plan.members).await?;
    let sqlite = open_sqlite(&format!("sqlite://{}?mode=rwc", folder.path().join("bench.sqlite").display()), &plan).await?;
    let ours = open_postgres(city::fresh_database(&postgres, "payplus_bench_till").await?, &plan).await?;
    let contenders = [sqlite, ours];

    let mut rounds: Vec<Vec<Round>> = vec![Vec::new(); contenders.len() * CALLERS.len()];
    let mut baseline = Vec::new();
    for number in 1..=plan.rounds {
        println!("round {number} of {}", plan.rounds);
        baseline.push(typical.round(plan.seconds)?);
        for (at, callers) in CALLERS.into_iter().enumerate() {
            for (which, contender) in contenders.iter().enumerate() {
                let round = measure(contender, callers, &plan).await?;
                rounds[which * CALLERS.len() + at].push(round);
            }
        }
    }

    let typical_per_s = report::median(baseline.clone());
    let lines = contenders.iter().enumerate().flat_map(|(which, contender)| {
        let rounds = &rounds;
        CALLERS
            .into_iter()
            .enumerate()
            .map(move |(at, callers)| Line::of("purchases", contender.engine, callers, &rounds[which * CALLERS.len() + at], typical_per_s))
    });
    let lines: Vec<Line> = lines.collect();
    let spread = baseline.iter().fold((f64::INFINITY, 0.0f64), |(least, most), rate| (least.min(*rate), most.max(*rate)));
    println!(
        "\nbaseline: one transaction a purchase, pgbench, {} clients, PostgreSQL: {typical_per_s:.0}/s ({:.0}-{:.0})",
        crate::baseline::CLIENTS,
        spread.0,
        spread.1
    );
    report::print(&lines);
    println!("cpu us: of this process and of PostgreSQL, per purchase, callers included; rss: of this process");
    if let Some(path) = &options.json {
        report::write_lines(path, &lines)?;
    }
    for contender in &contenders {
        contender.store.close().await;
        let audit = auditor::audit(&contender.url).await?;
        println!("auditor on {}: {}", contender.engine, if audit.is_clean() { "clean" } else { "VIOLATIONS" });
        if !audit.is_clean() {
            return Err(audit.to_string().into());
        }
    }
    Ok(())
}

async fn measure(contender: &Contender, callers: usize, plan: &Plan) -> Outcome<Round> {
    let cpu = || machine::own_cpu() + contender.postmaster.map_or(Duration::ZERO, machine::cluster_cpu);
    let (cpu_before, started) = (cpu(), Instant::now());
    let end = started + Duration::from_secs(plan.seconds);
    let members = plan.members;
    let next = move || (Instant::now() < end).then(|| anybody(members));
    let tasks: Vec<_> = (0..callers).map(|_| tokio::spawn(caller(contender.store.clone(), next))).collect();
    let mut latencies = Latencies::new()?;
    for task in tasks {
        let of_caller = task.await??;
        latencies.purchases.add(of_caller.purchases)?;
        latencies.answers.add(of_caller.answers)?;
    }
    let (elapsed, purchases) = (started.elapsed().as_secs_f64(), latencies.purchases.len() as f64);
    let ms = |latencies: &Histogram<u64>, quantile| latencies.value_at_quantile(quantile) as f64 / 1_000.0;
    Ok(Round {
        per_s: purchases / elapsed,
        p50_ms: ms(&latencies.purchases, 0.5),
        p99_ms: ms(&latencies.purchases, 0.99),
        answer_p99_ms: ms(&latencies.answers, 0.99),
        cpu_us: cpu().saturating_sub(cpu_before).as_secs_f64() * 1e6 / purchases.max(1.0),
        rss_mb: machine::own_rss_mb(),
    })
}

/// In microseconds, to a hundredth of themselves: each caller has its own.
struct Latencies {
    purchases: Histogram<u64>,
    /// Of each of the two commands of a purchase.
    answers: Histogram<u64>,
}

impl Latencies {
    fn new() -> Outcome<Latencies> {
        let histogram = || Histogram::new_with_max(60_000_000, 2);
        Ok(Latencies { purchases: histogram()?, answers: histogram()? })
    }
}

/// Purchases that are made before anything is measured. The bank hears of none.
pub async fn buy_before(store: &Store, purchases: impl Iterator<Item = (PersonId, Won)> + Send + 'static) -> Outcome<()> {
    const CALLERS: usize = 1_000;
    let left = Arc::new(Mutex::new(purchases));
    let next = move || left.lock().unwrap_or_else(PoisonError::into_inner).next();
    let tasks: Vec<_> = (0..CALLERS).map(|_| tokio::spawn(caller(store.clone(), next.clone()))).collect();
    for task in tasks {
        task.await??;
    }
    Ok(())
}

/// A random member who buys a random amount.
pub fn anybody(members: u32) -> (PersonId, Won) {
    let mut rng = rand::rng();
    (PersonId(rng.random_range(1..=i64::from(members))), Won::of(rng.random_range(1..=40) * 10_000))
}

/// Buys for one after another.
async fn caller(store: Store, next: impl Fn() -> Option<(PersonId, Won)>) -> Outcome<Latencies> {
    let store = Arc::new(store);
    let mut latencies = Latencies::new()?;
    while let Some((person, face)) = next() {
        let now = Timestamp::now();
        let id = PurchaseId::from_parts(u64::try_from(now.as_millisecond())?, rand::random());
        let wish = Wish { id, person, window: WindowId(city::WINDOW), face, place: None, partner: None };
        let started = Instant::now();
        store.till().reserve(wish, Buyer { birth_year: 1990, account: "acc_bench".into() }, now).await??;
        let reserved = started.elapsed();
        let state = store.till().settle(id, BankSays::Done, now).await?;
        if state != Some(State::Posted) {
            return Err(format!("a purchase ended as {state:?}").into());
        }
        let posted = started.elapsed();
        latencies.purchases.record(u64::try_from(posted.as_micros())?)?;
        for answer in [reserved, posted - reserved] {
            latencies.answers.record(u64::try_from(answer.as_micros())?)?;
        }
    }
    Ok(latencies)
}

async fn open_sqlite(url: &str, plan: &Plan) -> Outcome<Contender> {
    let store = Store::open(url, Keys::new([1; 32])).await?;
    city::fill_sqlite(url, plan.members).await?;
    Ok(Contender { engine: "sqlite", store, url: url.to_owned(), postmaster: None })
}

async fn open_postgres(url: String, plan: &Plan) -> Outcome<Contender> {
    let store = Store::open(&url, Keys::new([1; 32])).await?;
    let postmaster = city::fill_postgres(&url, plan.members).await?;
    city::settle_postgres(&url).await?;
    Ok(Contender { engine: "postgres", store, url, postmaster })
}
