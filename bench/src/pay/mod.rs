//! Payments over real HTTP against the release server: session, PIN and the payment in one request, spread over all shops of the city,
//! and all at one of them. In turns with the baseline, which makes one transaction a payment on the baseline's tables. Afterwards the
//! auditor counts everything again, and the witness compares each answer with what became of it.

mod payers;

pub use payers::{Payers, pay};

use crate::aftermath::{self, Of};
use crate::load::{self, Done};
use crate::report::{self, Line, Round, median};
use crate::site::Site;
use crate::town::{Size, Town};
use crate::typical::Typical;
use crate::witness::Witness;
use crate::{Outcome, city};
use hdrhistogram::Histogram;
use std::sync::Arc;

/// Who pays at once.
const PAYERS: usize = 1_000;
/// Payments a second of a busy evening.
const OFFERED: u32 = 500;
const PARTS: [&str; 3] = ["spread", "one shop", "offered"];

#[derive(clap::Args, Clone)]
pub struct Options {
    #[command(flatten)]
    common: crate::Options,
    /// Only this engine
    #[arg(long)]
    engine: Option<String>,
    /// In the city [default: 280,000]
    #[arg(long)]
    shops: Option<u32>,
    /// In the database [default: 1,000,000]
    #[arg(long)]
    members: Option<u32>,
    /// So long a round [default: 5]
    #[arg(long)]
    seconds: Option<u64>,
}

struct Plan {
    size: Size,
    rounds: usize,
    seconds: u64,
}

impl Plan {
    fn of(options: &Options) -> Plan {
        let quick = options.common.quick;
        let size = Size {
            members: options.members.unwrap_or(if quick { 100_000 } else { 1_000_000 }),
            people: if quick { 10_000 } else { 50_000 },
            waiting: 0,
            ledger: 0,
            shops: options.shops.unwrap_or(if quick { 20_000 } else { 280_000 }),
            empty: 0,
        };
        Plan { size, rounds: if quick { 1 } else { 3 }, seconds: options.seconds.unwrap_or(if quick { 2 } else { 5 }) }
    }
}

/// What the baseline did beside ours, payments a second.
#[derive(Default)]
struct Beside {
    spread: Vec<f64>,
    hot: Vec<f64>,
    purchases: Vec<f64>,
}

pub async fn run(options: &Options) -> Outcome<()> {
    let plan = Plan::of(options);
    let Some(postgres) = options.common.postgres.clone() else {
        return Err("PAYPLUS_TEST_POSTGRES is not set: `cargo xtask bench pay` starts a PostgreSQL and sets it".into());
    };
    sqlx::any::install_default_drivers();
    let folder = tempfile::tempdir_in("/var/tmp")?;
    let Size { members, people, shops, .. } = plan.size;
    let typical = Typical::start(&postgres, members, shops).await?;
    let mut lines = Vec::new();
    let mut beside = Beside::default();
    for engine in ["sqlite", "postgres"].into_iter().filter(|engine| options.engine.as_ref().is_none_or(|only| only == engine)) {
        println!("{engine}: a city of {members} members and {shops} shops; {people} pay ...");
        let url = city::fresh(engine, folder.path(), &postgres, "payplus_bench_pay").await?;
        let mut town = Town::build(engine, url, &plan.size).await?;
        let mut site = Site::start(&town, 1).await?;
        let witness = Arc::new(Witness::default());
        let mut rounds: [Vec<Round>; 3] = Default::default();
        let mut here = Beside::default();
        for round in 1..=plan.rounds {
            println!("{engine}: round {round} of {}", plan.rounds);
            here.purchases.push(typical.purchases(PAYERS, plan.seconds).await?.per_s());
            here.spread.push(typical.payments(shops, PAYERS, plan.seconds).await?.per_s());
            rounds[0].push(measure(&town, &site, &plan, &town.shops, &witness, None).await?);
            here.hot.push(typical.payments(1, PAYERS, plan.seconds).await?.per_s());
            rounds[1].push(measure(&town, &site, &plan, &town.shops[..1], &witness, None).await?);
            rounds[2].push(measure(&town, &site, &plan, &town.shops, &witness, Some(OFFERED)).await?);
        }
        aftermath::judge(&mut town, &mut site, &witness, Of::Payments).await?;
        let baselines = [median(here.spread.clone()), median(here.hot.clone()), 0.0];
        let callers = [PAYERS, PAYERS, OFFERED as usize];
        let of_engine = rounds.iter().zip(PARTS).zip(callers.into_iter().zip(baselines));
        lines.extend(of_engine.map(|((rounds, part), (callers, baseline))| Line::of(part, engine, callers, rounds, baseline)));
        beside.spread.extend(here.spread);
        beside.hot.extend(here.hot);
        beside.purchases.extend(here.purchases);
    }
    println!(
        "\nbaseline: one transaction a payment behind an axum handler, PostgreSQL, {PAYERS} clients: spread {}, one shop {}; its purchases {}",
        spread(&beside.spread),
        spread(&beside.hot),
        spread(&beside.purchases)
    );
    report::print(&lines);
    println!("cpu us: of server and database, per payment; rss: of the server; callers of `offered`: payments a second that are asked for");
    if let Some(path) = &options.common.json {
        report::write_lines(path, &lines)?;
    }
    Ok(())
}

fn spread(rates: &[f64]) -> String {
    let (least, most) = rates.iter().fold((f64::INFINITY, 0.0f64), |(least, most), rate| (least.min(*rate), most.max(*rate)));
    format!("{:.0}/s ({least:.0}-{most:.0})", median(rates.to_vec()))
}

async fn measure(town: &Town, site: &Site, plan: &Plan, shops: &[String], witness: &Arc<Witness>, per_s: Option<u32>) -> Outcome<Round> {
    let payers = Arc::new(Payers { people: town.people.clone(), shops: shops.to_vec(), witness: Arc::clone(witness) });
    let before = site.cpu(town);
    let done: Done<Histogram<u64>> = match per_s {
        Some(per_s) => load::offered(&payers, &site.addrs, per_s, plan.seconds).await?,
        None => load::at_once(&payers, &site.addrs, PAYERS, plan.seconds).await?,
    };
    let cpu = site.cpu(town).since(before);
    let paid = done.spans.len().max(1) as f64;
    println!("  {:.0} payments/s, p50 {:.1} ms, p99 {:.1} ms", done.per_s(), done.whole_ms(0.5), done.whole_ms(0.99));
    Ok(Round {
        per_s: done.per_s(),
        p50_ms: done.whole_ms(0.5),
        p99_ms: done.whole_ms(0.99),
        answer_p99_ms: done.whole_ms(0.99),
        cpu_us: (cpu.server + cpu.database).as_secs_f64() * 1e6 / paid,
        rss_mb: site.rss_mb(),
    })
}
