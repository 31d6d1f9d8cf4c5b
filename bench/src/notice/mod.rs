//! From a payment's commit to the pages of its shop, over real HTTP against the release server: how late 1,000 open pages hear of 500
//! payments a second, what an open page costs, and how long it takes to tell 10,000; beside a bare axum stream in the same run.
//! Afterwards each acknowledged payment was heard once, by its shop's page, in order; then the auditor and the witness.

pub mod bare;
mod ears;

use crate::aftermath::{self, Of};
use crate::line::{Body, Line};
use crate::load::{self, ms, us};
use crate::pay::{Payers, pay};
use crate::report::{median, write_lines};
use crate::site::{self, Process, Site};
use crate::town::{Size, Town};
use crate::witness::Witness;
use crate::{Outcome, city, machine};
use domain::notice::Notice;
use ears::{Ears, Heard, Place};
use futures::{StreamExt, TryStreamExt, stream};
use hdrhistogram::Histogram;
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// As many as one shop may have open.
const PAGES_OF_A_SHOP: usize = 100;
/// Until what was opened or closed shows in the server's memory.
const SETTLES: Duration = Duration::from_secs(2);
/// For what was acknowledged to be heard.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often all pages are told.
const TELLINGS: usize = 5;

#[derive(clap::Args, Clone)]
pub struct Options {
    #[command(flatten)]
    common: crate::Options,
    /// Only this engine
    #[arg(long)]
    engine: Option<String>,
    /// Open pages, each of another shop, while payments are offered
    #[arg(long, default_value_t = 1_000)]
    pages: usize,
    /// Open pages whose memory is measured, and who are all told
    #[arg(long, default_value_t = 10_000)]
    many: usize,
    /// Payments a second
    #[arg(long, default_value_t = 500)]
    offered: u32,
    /// So long [default: 20]
    #[arg(long)]
    seconds: Option<u64>,
}

/// Of one server.
#[derive(Serialize, Default)]
struct Figures {
    what: &'static str,
    pages: usize,
    heard: u64,
    heard_p50_ms: f64,
    heard_p99_ms: f64,
    heard_most_ms: f64,
    /// Of payments, as their payers wait for them.
    paid_p50_ms: f64,
    paid_p99_ms: f64,
    /// Of the first pages, with what is allocated once.
    kb_each: f64,
    many: usize,
    /// Of those that are opened beside the first.
    more_open_s: f64,
    more_kb_each: f64,
    /// From the first commit until the last page has heard.
    tell_many_ms: f64,
    /// Of the server's CPU, for each page that is told.
    tell_us_each: f64,
}

pub async fn run(options: &Options) -> Outcome<()> {
    let quick = options.common.quick;
    let Some(postgres) = options.common.postgres.clone() else {
        return Err("PAYPLUS_TEST_POSTGRES is not set: `cargo xtask bench notice` starts a PostgreSQL and sets it".into());
    };
    if options.many <= options.pages {
        return Err("--many are more than --pages".into());
    }
    enough_files(options.many)?;
    sqlx::any::install_default_drivers();
    let folder = tempfile::tempdir_in("/var/tmp")?;
    let seconds = options.seconds.unwrap_or(if quick { 5 } else { 20 });
    let listeners = options.many;
    let size = Size {
        members: if quick { 100_000 } else { 1_000_000 },
        // Owners, and as many again who pay.
        people: 2 * listeners,
        waiting: 0,
        ledger: 0,
        shops: if quick { 20_000 } else { 280_000 }.max(u32::try_from(listeners + 1)?),
        empty: 0,
    };
    let mut all = vec![of_bare(options, folder.path()).await?];
    for engine in ["sqlite", "postgres"].into_iter().filter(|engine| options.engine.as_ref().is_none_or(|only| only == engine)) {
        println!("{engine}: a city of {} members and {} shops; {} people are signed in ...", size.members, size.shops, size.people);
        let url = city::fresh(engine, folder.path(), &postgres, "payplus_bench_notice").await?;
        let mut town = Town::build(engine, url, &size).await?;
        let mut site = Site::start(&town, 1).await?;
        let witness = Arc::new(Witness::default());
        all.push(of_ours(options, seconds, listeners, &town, &site, &witness).await?);
        aftermath::judge(&mut town, &mut site, &witness, Of::Payments).await?;
    }
    print(&all);
    if let Some(path) = &options.common.json {
        write_lines(path, &all)?;
    }
    Ok(())
}

async fn of_bare(options: &Options, folder: &Path) -> Outcome<Figures> {
    println!("a bare axum stream: {} pages ...", options.many);
    let addr = site::free()?;
    let mut command = Command::new(std::env::current_exe()?);
    let mut process = Process::start(command.args(["bare", "--addr", &addr.to_string()]), &folder.join("bare.log"))?;
    process.answers(addr, "/ready").await?;
    let id = process.id();
    let places = |count: usize| (0..count).map(|_| Place { path: "/stream".into(), cookie: String::new() }).collect();
    let rss = || machine::rss_mb(id);
    let (first, opened) = grow(addr, places(options.pages), rss).await?;
    let (more, many) = grow(addr, places(options.many - options.pages), rss).await?;
    drop((first, more));
    let mut ears = Ears::open(addr, places(options.many)).await?;
    let (mut took, mut cpu) = (Vec::new(), Duration::ZERO);
    let mut line = Line::open(addr).await?;
    for number in 1..=TELLINGS {
        let before = machine::cpu(id);
        line.post("/tell", "", Body::Text(&number.to_string())).await?;
        let told = all_hear(&mut ears, options.many).await?;
        took.push(first_to_last_ms(&told));
        cpu += machine::cpu(id) - before;
    }
    Ok(Figures {
        what: "bare axum",
        pages: options.pages,
        kb_each: opened.kb_each,
        many: options.many,
        more_open_s: many.seconds,
        more_kb_each: many.kb_each,
        tell_many_ms: median(took),
        tell_us_each: cpu.as_secs_f64() * 1e6 / (TELLINGS * options.many) as f64,
        ..Figures::default()
    })
}

async fn of_ours(options: &Options, seconds: u64, listeners: usize, town: &Town, site: &Site, witness: &Arc<Witness>) -> Outcome<Figures> {
    let addr = site.addrs[0];
    let payers = |shops: &[String]| {
        Arc::new(Payers { people: town.people[listeners..].to_vec(), shops: shops.to_vec(), witness: Arc::clone(witness) })
    };
    // What is allocated once by payments.
    load::offered(&payers(&town.shops[listeners..]), &site.addrs, options.offered, 2).await?;
    tokio::time::sleep(SETTLES).await;
    let mut places_of_all = places(town, options.many, 1);
    let places_of_more = places_of_all.split_off(options.pages);
    let (mut ears, opened) = grow(addr, places_of_all, || site.rss_mb()).await?;
    let done_before: HashSet<uuid::Uuid> = witness.done().into_iter().collect();
    println!("  {} pages listen; {} payments/s are offered for {seconds} s ...", options.pages, options.offered);
    let at_them = payers(&town.shops[..options.pages]);
    let (before, paying) = (site.cpu(town), load::offered(&at_them, &site.addrs, options.offered, seconds));
    let paid = paying.await?;
    let cpu = site.cpu(town).since(before);
    let acknowledged: HashSet<uuid::Uuid> = witness.done().into_iter().filter(|id| !done_before.contains(id)).collect();
    let told = all_hear(&mut ears, acknowledged.len()).await?;
    let late = judge(&told, &acknowledged)?;
    println!(
        "  {:.0} payments/s, heard after {:.1} ms (p99 {:.1} ms); CPU of a payment: server {:.0} us, database {:.0} us",
        paid.per_s(),
        ms(&late, 0.5),
        ms(&late, 0.99),
        cpu.server.as_secs_f64() * 1e6 / told.len() as f64,
        cpu.database.as_secs_f64() * 1e6 / told.len() as f64
    );
    let (more, many) = grow(addr, places_of_more, || site.rss_mb()).await?;
    drop((ears, more));
    tokio::time::sleep(SETTLES).await;
    let (took, cpu) = tell_many(options.many, town, site, witness).await?;
    Ok(Figures {
        what: town.engine,
        pages: options.pages,
        heard: late.len(),
        heard_p50_ms: ms(&late, 0.5),
        heard_p99_ms: ms(&late, 0.99),
        heard_most_ms: late.max() as f64 / 1_000.0,
        paid_p50_ms: paid.whole_ms(0.5),
        paid_p99_ms: paid.whole_ms(0.99),
        kb_each: opened.kb_each,
        many: options.many,
        more_open_s: many.seconds,
        more_kb_each: many.kb_each,
        tell_many_ms: median(took),
        tell_us_each: cpu.as_secs_f64() * 1e6 / (TELLINGS * options.many) as f64,
    })
}

/// All of them are told by one payment at each of their shops. What the payments themselves cost is measured before anybody listens.
async fn tell_many(many: usize, town: &Town, site: &Site, witness: &Witness) -> Outcome<(Vec<f64>, Duration)> {
    let shops = many.div_ceil(PAGES_OF_A_SHOP);
    let mut alone = Duration::ZERO;
    for _ in 0..TELLINGS {
        let before = site.cpu(town).server;
        pay_each(shops, town, site, witness).await?;
        tokio::time::sleep(SETTLES / 4).await;
        alone += site.cpu(town).server - before;
    }
    let mut ears = Ears::open(site.addrs[0], places(town, many, PAGES_OF_A_SHOP)).await?;
    let (mut took, mut cpu) = (Vec::new(), Duration::ZERO);
    for _ in 0..TELLINGS {
        tokio::time::sleep(SETTLES / 4).await;
        let (before, began) = (site.cpu(town).server, Instant::now());
        pay_each(shops, town, site, witness).await?;
        took.push(first_to_last_ms(&all_hear(&mut ears, many).await?));
        // As long as without them, so that what goes on anyhow weighs the same.
        tokio::time::sleep((SETTLES / 4).saturating_sub(began.elapsed())).await;
        cpu += site.cpu(town).server - before;
    }
    Ok((took, cpu.saturating_sub(alone)))
}

/// One payment at each of the first so many shops, at once.
async fn pay_each(shops: usize, town: &Town, site: &Site, witness: &Witness) -> Outcome<()> {
    let payments = town
        .people
        .iter()
        .rev()
        .zip(&town.shops)
        .take(shops)
        .map(async |(person, shop)| pay(&mut Line::open(site.addrs[0]).await?, person, shop, 1_000, rand::random(), witness).await);
    stream::iter(payments).buffer_unordered(PAGES_OF_A_SHOP).try_collect::<Vec<_>>().await?;
    Ok(())
}

/// So many pages at each shop, by its owner.
fn places(town: &Town, count: usize, of_a_shop: usize) -> Vec<Place> {
    let owned = town.shops.iter().zip(&town.people);
    let pages = owned.flat_map(|owned| std::iter::repeat_n(owned, of_a_shop)).take(count);
    pages.map(|(shop, owner)| Place { path: format!("/merchant/{shop}/notices"), cookie: owner.cookie.clone() }).collect()
}

struct Opened {
    seconds: f64,
    kb_each: f64,
}

/// Opens pages, and says how much the server's memory has grown by each.
async fn grow(addr: SocketAddr, places: Vec<Place>, rss_mb: impl Fn() -> f64) -> Outcome<(Ears, Opened)> {
    let (before, began) = (rss_mb(), Instant::now());
    let ears = Ears::open(addr, places).await?;
    let seconds = began.elapsed().as_secs_f64();
    tokio::time::sleep(SETTLES).await;
    let opened = Opened { seconds, kb_each: (rss_mb() - before) * 1_024.0 * 1.024 / ears.count as f64 };
    println!("  {} pages opened in {seconds:.2} s, {:.1} kB each", ears.count, opened.kb_each);
    Ok((ears, opened))
}

/// Waits for so many notices.
async fn all_hear(ears: &mut Ears, count: usize) -> Outcome<Vec<Heard>> {
    let mut told = Vec::with_capacity(count);
    while told.len() < count {
        match tokio::time::timeout(PATIENCE, ears.heard.recv()).await {
            Ok(Some(heard)) => told.push(heard),
            _ => return Err(format!("{} notices were heard of {count}", told.len()).into()),
        }
    }
    Ok(told)
}

fn first_to_last_ms(told: &[Heard]) -> f64 {
    let first = told.iter().filter_map(|heard| heard.committed_us).min().unwrap_or(0);
    let last = told.iter().map(|heard| heard.at_us).max().unwrap_or(0);
    (last - first) as f64 / 1_000.0
}

/// Each of the acknowledged payments was heard once, and each page heard in order and without a gap. How late, in microseconds.
fn judge(told: &[Heard], acknowledged: &HashSet<uuid::Uuid>) -> Outcome<Histogram<u64>> {
    let (mut late, mut payments, mut last) = (<Histogram<u64> as load::Spans>::none()?, HashSet::new(), HashMap::new());
    for heard in told {
        let notice: Notice = serde_json::from_str(&heard.data)?;
        let before = last.insert(heard.page, notice.number);
        if before.is_some_and(|before| before + 1 != notice.number) || heard.number != notice.number {
            return Err(format!("page {} heard number {} after {before:?}", heard.page, notice.number).into());
        }
        if !payments.insert(notice.payment.uuid()) {
            return Err(format!("payment {} was heard twice", notice.payment).into());
        }
        let late_us = heard.late_us().map_or_else(|| us(PATIENCE), Ok)?;
        late.record(late_us)?;
    }
    match acknowledged.difference(&payments).next() {
        Some(unheard) => Err(format!("payment {unheard} was acknowledged and not heard").into()),
        None => Ok(late),
    }
}

/// Each page is a file of ours and one of the server.
fn enough_files(pages: usize) -> Outcome<()> {
    let limits = std::fs::read_to_string("/proc/self/limits")?;
    let most = limits.lines().find_map(|line| line.strip_prefix("Max open files")?.split_whitespace().next()?.parse::<usize>().ok());
    match most {
        Some(most) if most < pages + 1_000 => {
            Err(format!("{pages} pages need as many open files, and {most} are allowed: `ulimit -n`, or fewer by --many").into())
        }
        _ => Ok(()),
    }
}

fn print(all: &[Figures]) {
    println!(
        "\n{:<10} {:>7} {:>7} {:>9} {:>9} {:>9} {:>9} {:>9} {:>8} {:>7} {:>7} {:>8} {:>9} {:>8}",
        "what",
        "pages",
        "heard",
        "p50 ms",
        "p99 ms",
        "most ms",
        "paid p50",
        "paid p99",
        "kB each",
        "many",
        "open s",
        "kB each",
        "told ms",
        "us each"
    );
    for figures in all {
        println!(
            "{:<10} {:>7} {:>7} {:>9.2} {:>9.2} {:>9.2} {:>9.1} {:>9.1} {:>8.1} {:>7} {:>7.2} {:>8.1} {:>9.0} {:>8.1}",
            figures.what,
            figures.pages,
            figures.heard,
            figures.heard_p50_ms,
            figures.heard_p99_ms,
            figures.heard_most_ms,
            figures.paid_p50_ms,
            figures.paid_p99_ms,
            figures.kb_each,
            figures.many,
            figures.more_open_s,
            figures.more_kb_each,
            figures.tell_many_ms,
            figures.tell_us_each
        );
    }
    println!(
        "heard: from the commit to the page; paid: as the payer waits; the first kB: of the first pages, with what is allocated once; the \
         others: of those opened beside them, up to so many; told: all of the many, from the first commit to the last page"
    );
}
