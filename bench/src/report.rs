//! Figures: medians and spread of several rounds, printed as a table and written as JSON lines.

use crate::Outcome;
use serde::Serialize;
use std::io::Write;
use std::path::Path;

/// One round of one measurement.
#[derive(Clone, Copy)]
pub struct Round {
    pub per_s: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    /// Of one command of several that make the whole.
    pub answer_p99_ms: f64,
    pub cpu_us: f64,
    pub rss_mb: f64,
}

/// One line of the report.
#[derive(Serialize)]
pub struct Line {
    pub name: String,
    pub engine: &'static str,
    pub callers: usize,
    /// Per second, median of the rounds.
    pub ours: f64,
    pub ours_least: f64,
    pub ours_most: f64,
    /// Per second, median of the rounds that were run in between.
    pub baseline: f64,
    pub ratio: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    pub answer_p99_ms: f64,
    pub cpu_us: f64,
    pub rss_mb: f64,
}

pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(0.0)
}

impl Line {
    pub fn of(name: &str, engine: &'static str, callers: usize, rounds: &[Round], baseline: f64) -> Line {
        let of = |get: fn(&Round) -> f64| median(rounds.iter().map(get).collect());
        let rates = || rounds.iter().map(|round| round.per_s);
        let ours = of(|round| round.per_s);
        Line {
            name: name.to_owned(),
            engine,
            callers,
            ours,
            ours_least: rates().fold(f64::INFINITY, f64::min),
            ours_most: rates().fold(0.0, f64::max),
            baseline,
            ratio: if baseline > 0.0 { ours / baseline } else { 0.0 },
            p50_ms: of(|round| round.p50_ms),
            p99_ms: of(|round| round.p99_ms),
            answer_p99_ms: of(|round| round.answer_p99_ms),
            cpu_us: of(|round| round.cpu_us),
            rss_mb: of(|round| round.rss_mb),
        }
    }
}

pub fn print(lines: &[Line]) {
    println!(
        "{:<10} {:<9} {:>7} {:>10} {:>19} {:>9} {:>7} {:>9} {:>9} {:>9} {:>8} {:>7}",
        "what", "engine", "callers", "per s", "least-most", "baseline", "ratio", "p50 ms", "p99 ms", "p99 each", "cpu us", "rss MB"
    );
    for line in lines {
        let spread = format!("{:.0}-{:.0}", line.ours_least, line.ours_most);
        println!(
            "{:<10} {:<9} {:>7} {:>10.0} {:>19} {:>9.0} {:>6.1}x {:>9.2} {:>9.2} {:>9.2} {:>8.1} {:>7.0}",
            line.name,
            line.engine,
            line.callers,
            line.ours,
            spread,
            line.baseline,
            line.ratio,
            line.p50_ms,
            line.p99_ms,
            line.answer_p99_ms,
            line.cpu_us,
            line.rss_mb
        );
    }
}

/// One JSON object a line.
pub fn write_lines(path: &Path, lines: &[impl Serialize]) -> Outcome<()> {
    let mut file = std::fs::File::create(path)?;
    for line in lines {
        serde_json::to_writer(&mut file, line)?;
        file.write_all(b"\n")?;
    }
    Ok(())
}
