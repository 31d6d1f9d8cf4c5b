//! The wallet of somebody who uses it every day, 200 lots and 5,000 rows of history: what its pages cost the server over HTTP, beside the page of
//! somebody with one lot and beside what is usually written first (all rows read, added up in code); and refunds and gifts through the till beside
//! payments, in turns. First with an empty ledger, then the same on top of a full one. Afterwards the auditor counts everything again.

mod pages;
mod past;
mod rates;
mod usual;

use crate::report::{median, write_lines};
use crate::site::Site;
use crate::town::{Size, Town};
use crate::{Outcome, city};
use pages::PAGES;
use rates::Rates;
use serde::Serialize;

/// With a full wallet.
const FULL: usize = 20;
const LOTS: usize = 200;
const ROWS: usize = 5_000;
/// Page views a second.
const OFFERED: u32 = 200;
/// Bank, fund and lot of a purchase.
const ENTRIES_A_PURCHASE: u64 = 3;

#[derive(clap::Args, Clone)]
pub struct Options {
    #[command(flatten)]
    common: crate::Options,
    /// Only this engine
    #[arg(long)]
    engine: Option<String>,
    /// Entries of the full ledger [default: 10,000,000]
    #[arg(long)]
    ledger: Option<u64>,
    /// So long a round [default: 5]
    #[arg(long)]
    seconds: Option<u64>,
}

/// Medians of the rounds with one ledger.
#[derive(Serialize, Clone)]
struct Line {
    engine: &'static str,
    /// Entries, about.
    ledger: u64,
    what: &'static str,
    /// Page views, payments, refunds or gifts.
    per_s: f64,
    p50_ms: f64,
    p99_ms: f64,
    p99_least_ms: f64,
    p99_most_ms: f64,
    /// Of the server, a view.
    cpu_us: f64,
    /// Of a page, in bytes.
    size: f64,
}

pub async fn run(options: &Options) -> Outcome<()> {
    let quick = options.common.quick;
    let (rounds, seconds) = (if quick { 1 } else { 3 }, options.seconds.unwrap_or(if quick { 2 } else { 5 }));
    let ledger = options.ledger.unwrap_or(if quick { 300_000 } else { 10_000_000 });
    let size =
        Size { members: if quick { 100_000 } else { 1_000_000 }, people: 2 * FULL, waiting: 0, ledger: 0, shops: 1_000, empty: FULL };
    let Some(postgres) = options.common.postgres.clone() else {
        return Err("PAYPLUS_TEST_POSTGRES is not set: `cargo xtask bench wallet` starts a PostgreSQL and sets it".into());
    };
    sqlx::any::install_default_drivers();
    let folder = tempfile::tempdir_in("/var/tmp")?;
    let mut lines: Vec<Line> = Vec::new();
    for engine in ["sqlite", "postgres"].into_iter().filter(|engine| options.engine.as_ref().is_none_or(|only| only == engine)) {
        println!("{engine}: a city of {} members, {FULL} with {LOTS} lots and {ROWS} rows of history ...", size.members);
        let url = city::fresh(engine, folder.path(), &postgres, "payplus_bench_wallet").await?;
        let town = Town::build(engine, url, &size).await?;
        past::live(&town).await?;
        lines.extend(measure(&town, 0, rounds, seconds).await?);
        println!("{engine}: {ledger} entries more in the ledger ...");
        let store = town.store().await?;
        let (members, before) = (size.members, usize::try_from(ledger / ENTRIES_A_PURCHASE)?);
        crate::till::buy_before(&store, std::iter::repeat_with(move || crate::till::anybody(members)).take(before)).await?;
        store.close().await;
        if engine == "postgres" {
            city::settle_postgres(&town.url).await?;
        }
        lines.extend(measure(&town, ledger, rounds, seconds).await?);
        print(&lines.iter().filter(|line| line.engine == engine).cloned().collect::<Vec<_>>());
        let audit = auditor::audit(&town.url).await?;
        println!("auditor on {engine}: {}", if audit.is_clean() { "clean" } else { "VIOLATIONS" });
        if !audit.is_clean() {
            return Err(audit.to_string().into());
        }
    }
    if let Some(path) = &options.common.json {
        write_lines(path, &lines)?;
    }
    Ok(())
}

/// One round of one thing.
#[derive(Clone, Copy)]
struct Round {
    per_s: f64,
    p50_ms: f64,
    p99_ms: f64,
    cpu_us: f64,
    size: f64,
}

/// All of it, in turns.
async fn measure(town: &Town, ledger: u64, rounds: usize, seconds: u64) -> Outcome<Vec<Line>> {
    let mut all: Vec<(&'static str, Vec<Round>)> = Vec::new();
    let mut keep = |what: &'static str, round: Round| match all.iter_mut().find(|(name, _)| *name == what) {
        Some((_, rounds)) => rounds.push(round),
        None => all.push((what, vec![round])),
    };
    for number in 1..=rounds {
        println!("{}: round {number} of {rounds}", town.engine);
        let mut site = Site::start(town, 1).await?;
        for page in PAGES {
            let round = pages::round(town, &site, page, seconds).await?;
            println!(
                "  {}: {:.0}/s, p50 {:.2} ms, p99 {:.2} ms, {:.0} us of CPU",
                page.name, round.per_s, round.p50_ms, round.p99_ms, round.cpu_us
            );
            keep(page.name, round);
        }
        site.stop_servers()?;
        keep("as usual", usual::round(town, seconds).await?);
        let Rates { payments, refunds, gifts } = rates::round(town, seconds).await?;
        keep("payments", payments);
        keep("refunds", refunds);
        keep("gifts", gifts);
    }
    Ok(all.into_iter().map(|(what, rounds)| Line::of(town.engine, ledger, what, &rounds)).collect())
}

impl Line {
    fn of(engine: &'static str, ledger: u64, what: &'static str, rounds: &[Round]) -> Line {
        let of = |get: fn(&Round) -> f64| median(rounds.iter().map(get).collect());
        let p99s = || rounds.iter().map(|round| round.p99_ms);
        Line {
            engine,
            ledger,
            what,
            per_s: of(|round| round.per_s),
            p50_ms: of(|round| round.p50_ms),
            p99_ms: of(|round| round.p99_ms),
            p99_least_ms: p99s().fold(f64::INFINITY, f64::min),
            p99_most_ms: p99s().fold(0.0, f64::max),
            cpu_us: of(|round| round.cpu_us),
            size: of(|round| round.size),
        }
    }
}

fn print(lines: &[Line]) {
    println!(
        "\n{:<22} {:<9} {:>10} {:>9} {:>8} {:>8} {:>15} {:>8} {:>9} {:>10}",
        "what", "engine", "ledger", "per s", "p50 ms", "p99 ms", "p99 least-most", "cpu us", "bytes", "to empty"
    );
    for line in lines {
        let empty = lines.iter().find(|other| other.engine == line.engine && other.what == line.what && other.ledger == 0);
        // A rate that halves is twice as slow; a page is offered at one rate, and its time tells.
        let slower = empty.map_or(1.0, |empty| match line.what {
            "payments" | "refunds" | "gifts" => empty.per_s / line.per_s,
            _ => line.p50_ms / empty.p50_ms,
        });
        println!(
            "{:<22} {:<9} {:>10} {:>9.0} {:>8.2} {:>8.2} {:>15} {:>8.0} {:>9.0} {:>9.2}x",
            line.what,
            line.engine,
            line.ledger,
            line.per_s,
            line.p50_ms,
            line.p99_ms,
            format!("{:.2}-{:.2}", line.p99_least_ms, line.p99_most_ms),
            line.cpu_us,
            line.size,
            slower
        );
    }
    for refunds in lines.iter().filter(|line| matches!(line.what, "refunds" | "gifts")) {
        let payments = lines.iter().find(|line| line.what == "payments" && line.engine == refunds.engine && line.ledger == refunds.ledger);
        if let Some(payments) = payments {
            println!(
                "{}, {} entries: {} at {:.2} of the rate of payments (wanted: 0.5)",
                refunds.engine,
                refunds.ledger,
                refunds.what,
                refunds.per_s / payments.per_s
            );
        }
    }
}
