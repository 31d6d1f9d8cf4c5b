//! Finding shops: the time that a search takes of the server, by what is asked, over all shops of the city, beside what is usually
//! written first (`LIKE '%..%'` on the same table). In turns, while the index is kept fresh as it is in production.

mod questions;
mod usual;

use crate::report::median;
use crate::{Outcome, machine};
use clap::Args;
use domain::Timestamp;
use domain::calendar::Day;
use hdrhistogram::Histogram;
use questions::{KINDS, Question};
use serde::Serialize;
use sqlx::{Connection, SqliteConnection};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::{Finder, Keys, Round, Store};
use usual::Usual;

#[derive(Args, Clone)]
pub struct Options {
    /// Fewer shops and questions. For a look, not for the record
    #[arg(long)]
    quick: bool,
    /// Shops in the city
    #[arg(long, default_value_t = 280_000)]
    shops: u32,
    /// Also write the figures here, one JSON object a line
    #[arg(long)]
    json: Option<PathBuf>,
}

/// Of one kind of question.
#[derive(Serialize)]
struct Line {
    kind: &'static str,
    questions: u64,
    /// Found, on average.
    found: u64,
    index_p50_ms: f64,
    index_p99_ms: f64,
    /// With the rows of what was found.
    p50_ms: f64,
    p99_ms: f64,
    most_ms: f64,
    /// Where the usual way has an answer.
    usual_p50_ms: Option<f64>,
    usual_p99_ms: Option<f64>,
}

struct Times {
    index: Histogram<u64>,
    whole: Histogram<u64>,
    usual: Histogram<u64>,
    found: u64,
}

impl Times {
    fn new() -> Outcome<Times> {
        let histogram = || Histogram::new_with_max(60_000_000, 3);
        Ok(Times { index: histogram()?, whole: histogram()?, usual: histogram()?, found: 0 })
    }

    fn add(&mut self, other: &Times) -> Outcome<()> {
        self.index.add(&other.index)?;
        self.whole.add(&other.whole)?;
        self.usual.add(&other.usual)?;
        self.found += other.found;
        Ok(())
    }
}

pub async fn run(options: &Options) -> Outcome<()> {
    let (shops, rounds, each) = if options.quick { (options.shops.min(20_000), 2, 20) } else { (options.shops, 5, 100) };
    let folder = tempfile::tempdir()?;
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("bench.sqlite").display());
    println!("making {shops} shops ...");
    let store = Store::open(&url, Keys::new([1; 32])).await?;
    store.seed_shops(shops, "acc_bench", Timestamp::now()).await?;
    paid_lately(&url).await?;

    let finder = Arc::new(Finder::default());
    let (before_mb, started) = (machine::own_rss_mb(), Instant::now());
    finder.load(&store).await?;
    let held = finder.held().ok_or("there is no index")?;
    let loaded_s = started.elapsed().as_secs_f64();
    println!(
        "index of {} shops: {loaded_s:.1} s to read and make, {} bytes a shop, {:.1} MB (the process grew by {:.0} MB while it was made)",
        held.shops,
        held.bytes / held.shops.max(1),
        held.bytes as f64 / 1e6,
        machine::own_rss_mb() - before_mb
    );

    let freshening = tokio::spawn(keep_fresh(Arc::clone(&finder), store.clone()));
    let usual = Usual::open(&url).await?;
    let mut times: BTreeMap<&'static str, Times> = BTreeMap::new();
    let mut mixed = Vec::new();
    for round in 1..=rounds {
        println!("round {round} of {rounds}");
        let mut of_round = Histogram::<u64>::new_with_max(60_000_000, 3)?;
        for number in 0..each {
            for kind in KINDS {
                let question = Question::of(kind, round * each + number);
                let times = times.entry(kind).or_insert(Times::new()?);
                // The usual way takes so long that every tenth question has to do.
                let beside = (number % 10 == 0).then_some(&usual);
                let asked = ask(&finder, &store, beside, &question).await?;
                of_round.add(&asked.whole)?;
                times.add(&asked)?;
            }
        }
        mixed.push(ms(&of_round, 0.99));
    }
    freshening.abort();

    let lines: Vec<Line> = KINDS.iter().filter_map(|kind| Some(line(kind, times.get(kind)?))).collect();
    print(&lines);
    let mut all = Times::new()?;
    for times in times.values() {
        all.add(times)?;
    }
    println!(
        "\nall kinds together: p50 {:.2} ms, p99 {:.2} ms (of each round: {}; median {:.2}), {} questions",
        ms(&all.whole, 0.5),
        ms(&all.whole, 0.99),
        mixed.iter().map(|p99| format!("{p99:.2}")).collect::<Vec<_>>().join(", "),
        median(mixed.clone()),
        all.whole.len()
    );
    if let Some(path) = &options.json {
        let mut file = std::fs::File::create(path)?;
        for line in &lines {
            serde_json::to_writer(&mut file, line)?;
            file.write_all(b"\n")?;
        }
    }
    store.close().await;
    Ok(())
}

/// As the server's job does: a page of the round, and new shops.
async fn keep_fresh(finder: Arc<Finder>, store: Store) {
    let mut round = Round::default();
    loop {
        tokio::time::sleep(Duration::from_millis(857)).await;
        if let Err(error) = finder.look(&store, &mut round).await {
            eprintln!("the index is not kept fresh: {error}");
        }
    }
}

/// Three shops of five were paid today.
async fn paid_lately(url: &str) -> Outcome<()> {
    let mut connection = SqliteConnection::connect(url).await?;
    let today = Day::of(Timestamp::now()).0;
    let fill =
        format!("INSERT INTO merchant_day SELECT id, {today}, 1, 1000, 0, 0 FROM merchant WHERE CAST(number AS INTEGER) % 5 < 3; ANALYZE;");
    sqlx::raw_sql(sqlx::AssertSqlSafe(fill)).execute(&mut connection).await?;
    connection.close().await?;
    Ok(())
}

async fn ask(finder: &Finder, store: &Store, usual: Option<&Usual>, question: &Question) -> Outcome<Times> {
    let mut times = Times::new()?;
    let started = Instant::now();
    let (total, ids) = question.ask(finder).ok_or("there is no index")?;
    times.index.record(micros(started))?;
    let rows = store.open_shops(&ids).await?;
    times.whole.record(micros(started))?;
    if rows.len() != ids.len() {
        return Err("an open shop of the index is not in the table".into());
    }
    times.found = total as u64;
    let started = Instant::now();
    let beside = match usual {
        Some(usual) => usual.ask(question).await?,
        None => None,
    };
    if let Some(found) = beside {
        times.usual.record(micros(started))?;
        // First consonants are not in the table's names, and blanks are: it finds less, never more.
        if found > total {
            return Err(format!("{question:?}: the table has {found}, the index {total}").into());
        }
    }
    Ok(times)
}

fn micros(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX).max(1)
}

fn ms(times: &Histogram<u64>, quantile: f64) -> f64 {
    times.value_at_quantile(quantile) as f64 / 1_000.0
}

fn line(kind: &'static str, times: &Times) -> Line {
    let usual = |quantile| (!times.usual.is_empty()).then(|| ms(&times.usual, quantile));
    Line {
        kind,
        questions: times.whole.len(),
        found: times.found / times.whole.len().max(1),
        index_p50_ms: ms(&times.index, 0.5),
        index_p99_ms: ms(&times.index, 0.99),
        p50_ms: ms(&times.whole, 0.5),
        p99_ms: ms(&times.whole, 0.99),
        most_ms: times.whole.max() as f64 / 1_000.0,
        usual_p50_ms: usual(0.5),
        usual_p99_ms: usual(0.99),
    }
}

fn print(lines: &[Line]) {
    println!(
        "\n{:<28} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>10} {:>10}",
        "what", "found", "index p50", "index p99", "p50 ms", "p99 ms", "most ms", "LIKE p50", "LIKE p99"
    );
    for line in lines {
        let usual = |ms: Option<f64>| ms.map_or("-".to_owned(), |ms| format!("{ms:.1}"));
        println!(
            "{:<28} {:>9} {:>9.2} {:>9.2} {:>9.2} {:>9.2} {:>9.2} {:>10} {:>10}",
            line.kind,
            line.found,
            line.index_p50_ms,
            line.index_p99_ms,
            line.p50_ms,
            line.p99_ms,
            line.most_ms,
            usual(line.usual_p50_ms),
            usual(line.usual_p99_ms)
        );
    }
}
