//! A sale day over real HTTP against the release server: people come in by their turn, confirm by PIN, and the sandbox's bank is
//! debited. Load generator, servers, bank and database share the machine. In turns with the baseline, which makes one transaction a
//! purchase; afterwards the auditor counts everything again, and the witness compares each answer with what became of it.

mod buying;
mod crowd;

use crate::aftermath::{self, Of};
use crate::load::{self, Done, ms};
use crate::report::{median, write_lines};
use crate::site::{Cpu, Site};
use crate::town::{Crowd, Size, Town};
use crate::typical::Typical;
use crate::witness::Witness;
use crate::{Outcome, city};
use buying::{Buyers, Latencies};
use clap::ValueEnum;
use crowd::Waiting;
use serde::Serialize;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Who buys at once.
const BUYERS: usize = 1_000;
/// The seed's capacity, purchases a second.
const OFFERED: u32 = 1_000;
/// Between a crowd's coming and the first purchase: everybody has renewed once, and the advice has adapted.
const SETTLES: Duration = Duration::from_secs(20);

#[derive(clap::Args, Clone)]
pub struct Options {
    #[command(flatten)]
    common: crate::Options,
    /// Only these parts
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// Only this engine
    #[arg(long)]
    engine: Option<String>,
    /// In the database [default: 1,000,000]
    #[arg(long)]
    members: Option<u32>,
    /// In the waiting room [default: 200,000]
    #[arg(long)]
    waiting: Option<usize>,
    /// Who buy in a round, each once [default: 50,000]
    #[arg(long)]
    people: Option<usize>,
    /// Entries in the ledger before it begins [default: none]
    #[arg(long)]
    ledger: Option<u64>,
    /// At most so long a round [default: 5]
    #[arg(long)]
    seconds: Option<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
enum Part {
    /// 1,000 people buy at once
    Buying,
    /// 1,000 purchases a second are asked for
    Offered,
    /// 200,000 people wait, and 1,000 buy beside them
    Crowd,
    /// As `buying`, on three nodes
    Nodes,
}

struct Plan {
    size: Size,
    rounds: usize,
    seconds: u64,
}

/// One measured round.
#[derive(Serialize, Clone)]
struct Round {
    part: String,
    engine: &'static str,
    per_s: f64,
    joins_per_s: f64,
    pass_p99_ms: f64,
    purchase_p99_ms: f64,
    whole_p50_ms: f64,
    whole_p99_ms: f64,
    /// A purchase, in microseconds.
    server_us: f64,
    bank_us: f64,
    database_us: f64,
    bench_us: f64,
    rss_mb: f64,
}

pub async fn run(options: &Options) -> Outcome<()> {
    let quick = options.common.quick;
    let wanted = |part| options.only.is_empty() || options.only.contains(&part);
    let plan = Plan {
        size: Size {
            members: options.members.unwrap_or(if quick { 100_000 } else { 1_000_000 }),
            people: options.people.unwrap_or(if quick { 20_000 } else { 50_000 }),
            waiting: if wanted(Part::Crowd) { options.waiting.unwrap_or(if quick { 20_000 } else { 200_000 }) } else { 0 },
            ledger: options.ledger.unwrap_or(0),
            shops: 0,
            empty: 0,
        },
        rounds: if quick { 1 } else { 3 },
        seconds: options.seconds.unwrap_or(if quick { 2 } else { 5 }),
    };
    let Some(postgres) = options.common.postgres.clone() else {
        return Err("PAYPLUS_TEST_POSTGRES is not set: `cargo xtask bench sale` starts a PostgreSQL and sets it".into());
    };
    sqlx::any::install_default_drivers();
    let folder = tempfile::tempdir_in("/var/tmp")?;
    let engines = ["sqlite", "postgres"].into_iter().filter(|engine| options.engine.as_ref().is_none_or(|only| only == engine));
    let typical = Typical::start(&postgres, plan.size.members, 0).await?;
    let mut report = Report::default();
    for engine in engines {
        let url = city::fresh(engine, folder.path(), &postgres, "payplus_bench_sale").await?;
        let Size { members, people, waiting, ledger, .. } = plan.size;
        println!(
            "{engine}: a city of {members} members, {people} of them signed in, {waiting} in a waiting room, {ledger} entries in its ledger ..."
        );
        let mut town = Town::build(engine, url, &plan.size).await?;
        let witness = Arc::new(Witness::default());
        let mut site = Site::start(&town, 1).await?;
        if wanted(Part::Crowd) {
            // Memory is compared with a server that knows of nobody. Whoever waits is lost to one that is not there.
            tokio::time::sleep(SETTLES / 10).await;
            let rss_before = site.rss_mb();
            site.stop_servers()?;
            let crowd = town.bring_crowd(&plan.size).await?;
            site.serve(&town, 1).await?;
            report.crowd(&crowd, rss_before, &mut town, &site, &plan, &witness).await?;
        }
        for round in 1..=plan.rounds {
            println!("{engine}: round {round} of {}", plan.rounds);
            if wanted(Part::Buying) {
                report.typical(&typical, plan.seconds).await?;
                report.buying("buying", &mut town, &site, &plan, &witness).await?;
            }
            if wanted(Part::Offered) {
                report.offered(&mut town, &site, &plan, &witness).await?;
            }
        }
        aftermath::judge(&mut town, &mut site, &witness, Of::Purchases).await?;
        if wanted(Part::Nodes) && engine == "postgres" {
            site.serve(&town, 3).await?;
            for _ in 0..plan.rounds {
                report.buying("3 nodes", &mut town, &site, &plan, &witness).await?;
            }
            aftermath::judge(&mut town, &mut site, &witness, Of::Purchases).await?;
        }
    }
    report.print();
    if let Some(path) = &options.common.json {
        write_lines(path, &report.rounds)?;
    }
    Ok(())
}

#[derive(Default)]
struct Report {
    rounds: Vec<Round>,
    typical: Vec<(f64, f64, f64)>,
    notes: Vec<String>,
}

impl Report {
    async fn typical(&mut self, typical: &Typical, seconds: u64) -> Outcome<()> {
        let done = typical.purchases(BUYERS, seconds).await?;
        self.typical.push((done.per_s(), done.whole_ms(0.5), done.whole_ms(0.99)));
        Ok(())
    }

    async fn buying(&mut self, part: &str, town: &mut Town, site: &Site, plan: &Plan, witness: &Arc<Witness>) -> Outcome<f64> {
        let (queue, joins_per_s) = buying::join(town, &site.addrs, plan.size.people, BUYERS).await?;
        let before = site.cpu(town);
        let buyers = Arc::new(Buyers { queue, witness: Arc::clone(witness) });
        let bought = load::at_once(&buyers, &site.addrs, BUYERS, plan.seconds).await?;
        self.keep(part, town, site, before, joins_per_s, &bought);
        Ok(bought.per_s())
    }

    async fn offered(&mut self, town: &mut Town, site: &Site, plan: &Plan, witness: &Arc<Witness>) -> Outcome<()> {
        let people = (OFFERED as usize * usize::try_from(plan.seconds)?).min(plan.size.people);
        let (queue, joins_per_s) = buying::join(town, &site.addrs, people, BUYERS).await?;
        let before = site.cpu(town);
        let buyers = Arc::new(Buyers { queue, witness: Arc::clone(witness) });
        let bought = load::offered(&buyers, &site.addrs, OFFERED, plan.seconds).await?;
        self.keep("offered", town, site, before, joins_per_s, &bought);
        Ok(())
    }

    /// What a crowd costs by itself, and how much is bought beside it.
    async fn crowd(
        &mut self,
        crowd: &Crowd,
        rss_before: f64,
        town: &mut Town,
        site: &Site,
        plan: &Plan,
        witness: &Arc<Witness>,
    ) -> Outcome<()> {
        let waiting = Waiting::come(crowd, &site.addrs).await?;
        tokio::time::sleep(SETTLES).await;
        let (before, renewals, began) = (site.cpu(town), waiting.renewals.load(Ordering::Relaxed), Instant::now());
        tokio::time::sleep(Duration::from_secs(plan.seconds)).await;
        let cpu = site.cpu(town).since(before);
        let (elapsed, renewals) = (began.elapsed().as_secs_f64(), waiting.renewals.load(Ordering::Relaxed) - renewals);
        let cores = std::thread::available_parallelism()?.get() as f64;
        let grown = site.rss_mb() - rss_before;
        self.notes.push(format!(
            "{}: {} people wait: {:.0} renewals/s, {:.1} us of the server's CPU each, {:.0} % of the machine ({:.0} % with the database; \
             the crowd itself takes {:.0} %), {:.0} bytes a person of the server's memory (it grew by {grown:.1} MB)",
            town.engine,
            crowd.tickets.len(),
            renewals as f64 / elapsed,
            cpu.server.as_secs_f64() * 1e6 / renewals as f64,
            cpu.server.as_secs_f64() / elapsed / cores * 100.0,
            (cpu.server + cpu.database).as_secs_f64() / elapsed / cores * 100.0,
            cpu.bench.as_secs_f64() / elapsed / cores * 100.0,
            grown * 1024.0 * 1024.0 / crowd.tickets.len() as f64,
        ));
        let beside = self.buying("beside the crowd", town, site, plan, witness).await?;
        let latencies = waiting.go_home().await?;
        let alone = self.buying("after the crowd", town, site, plan, witness).await?;
        self.notes.push(format!(
            "{}: purchases beside the crowd {:.0} % of those without; renewals p50 {:.1} ms, p99 {:.1} ms",
            town.engine,
            beside / alone * 100.0,
            ms(&latencies, 0.5),
            ms(&latencies, 0.99)
        ));
        Ok(())
    }

    fn keep(&mut self, part: &str, town: &Town, site: &Site, before: Cpu, joins_per_s: f64, bought: &Done<Latencies>) {
        let (cpu, purchases) = (site.cpu(town).since(before), bought.spans.whole.len().max(1) as f64);
        let us = |cpu: Duration| cpu.as_secs_f64() * 1e6 / purchases;
        let latencies = &bought.spans;
        let round = Round {
            part: part.to_owned(),
            engine: town.engine,
            per_s: bought.per_s(),
            joins_per_s,
            pass_p99_ms: ms(&latencies.pass, 0.99),
            purchase_p99_ms: ms(&latencies.purchase, 0.99),
            whole_p50_ms: ms(&latencies.whole, 0.5),
            whole_p99_ms: ms(&latencies.whole, 0.99),
            server_us: us(cpu.server),
            bank_us: us(cpu.bank),
            database_us: us(cpu.database),
            bench_us: us(cpu.bench),
            rss_mb: site.rss_mb(),
        };
        println!(
            "  {part}: {:.0} purchases/s, whole p50 {:.1} ms, p99 {:.1} ms; {joins_per_s:.0} joins/s",
            round.per_s, round.whole_p50_ms, round.whole_p99_ms
        );
        self.rounds.push(round);
    }

    fn print(&self) {
        let typical = median(self.typical.iter().map(|(per_s, ..)| *per_s).collect());
        let spread = |figures: &[f64]| {
            let (least, most) =
                figures.iter().fold((f64::INFINITY, 0.0f64), |(least, most), figure| (least.min(*figure), most.max(*figure)));
            format!("{least:.0}-{most:.0}")
        };
        println!(
            "\nbaseline: one transaction a purchase behind an axum handler, PostgreSQL, {BUYERS} clients: {typical:.0}/s ({}), p50 {:.0} ms, p99 {:.0} ms",
            spread(&self.typical.iter().map(|(per_s, ..)| *per_s).collect::<Vec<f64>>()),
            median(self.typical.iter().map(|(_, p50, _)| *p50).collect()),
            median(self.typical.iter().map(|(.., p99)| *p99).collect())
        );
        println!(
            "{:<18} {:<9} {:>8} {:>15} {:>7} {:>9} {:>9} {:>9} {:>9} {:>8} {:>8} {:>8} {:>8} {:>8} {:>7}",
            "what",
            "engine",
            "per s",
            "least-most",
            "ratio",
            "p50 ms",
            "p99 ms",
            "pass p99",
            "buy p99",
            "joins/s",
            "server",
            "database",
            "bank",
            "bench",
            "rss MB"
        );
        let mut seen: Vec<(&str, &str)> = Vec::new();
        for round in &self.rounds {
            if seen.contains(&(&round.part, round.engine)) {
                continue;
            }
            seen.push((&round.part, round.engine));
            let of: Vec<&Round> = self.rounds.iter().filter(|other| other.part == round.part && other.engine == round.engine).collect();
            let figure = |get: fn(&Round) -> f64| median(of.iter().map(|round| get(round)).collect());
            let per_s = figure(|round| round.per_s);
            println!(
                "{:<18} {:<9} {:>8.0} {:>15} {:>6.1}x {:>9.1} {:>9.1} {:>9.1} {:>9.1} {:>8.0} {:>8.0} {:>8.0} {:>8.0} {:>8.0} {:>7.0}",
                round.part,
                round.engine,
                per_s,
                spread(&of.iter().map(|round| round.per_s).collect::<Vec<f64>>()),
                if typical > 0.0 { per_s / typical } else { 0.0 },
                figure(|round| round.whole_p50_ms),
                figure(|round| round.whole_p99_ms),
                figure(|round| round.pass_p99_ms),
                figure(|round| round.purchase_p99_ms),
                figure(|round| round.joins_per_s),
                figure(|round| round.server_us),
                figure(|round| round.database_us),
                figure(|round| round.bank_us),
                figure(|round| round.bench_us),
                figure(|round| round.rss_mb)
            );
        }
        println!("server, database, bank, bench: us of CPU a purchase (SQLite is in the server)");
        self.notes.iter().for_each(|note| println!("{note}"));
    }
}
