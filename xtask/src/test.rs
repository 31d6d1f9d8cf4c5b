//! `cargo xtask test`: everything that has to hold, in one command, here and in CI.

use crate::cluster::{Cluster, Durability};
use crate::failure::{Failure, Result};
use crate::options::Options;
use crate::place::Place;
use crate::process::{is_there, run, run_watched};
use crate::release;
use crate::step::Clock;
use crate::tally::Tally;
use crate::tools;
use std::process::Command;

pub const HELP: &str = "\
cargo xtask test [--fast]
    Formatting, clippy, unit, property, store (SQLite and PostgreSQL) and server tests, style tests; then the release build
    and the browser stories. Starts its own PostgreSQL and sandbox, and stops them.
      --fast         without the release build and the browser";

pub const SOAK_HELP: &str = "\
cargo xtask soak [--minutes 120] [--seed 1]
    Two counters of one shop in the browser, payments all the while, lines that are cut, tablets that sleep, servers that are killed:
    afterwards every notice of the ledger was spoken, once.
      --minutes N    how long (default 120)
      --seed N       which day (default 1)";

/// Never `--workspace`: features unify, and `app` would get `ssr` and `hydrate` together. `app/ssr` comes with server.
const NATIVE: [&str; 8] = ["domain", "store", "app", "server", "sandbox", "auditor", "bench", "xtask"];
const BROWSER: [&str; 4] = ["-p", "frontend", "--target", "wasm32-unknown-unknown"];

pub fn test(place: &Place, args: &[String]) -> Result<()> {
    let fast = Options::parse(args, &[], &["--fast"])?.has("--fast");
    let clock = Clock::start();
    tools::wasm_target()?;
    let mut report = Report::default();
    report.check("formatting", || run(place.cargo().args(["fmt", "--all", "--check"])))?;
    report.check("clippy", || run(native(place, &["clippy"]).args(["--all-targets", "--", "-D", "warnings"])))?;
    report.check("clippy, browser", || run(place.cargo().arg("clippy").args(BROWSER).args(["--", "-D", "warnings"])))?;
    if report.check("building the tests", || run(native(place, &["test"]).arg("--no-run")))? {
        report.tests("tests", |tally| {
            let cluster = Cluster::start(Durability::None)?;
            run_watched(runner(place).env("PAYPLUS_TEST_POSTGRES", &cluster.url), |line| tally.see(line))
        })?;
    }
    if !fast && report.check("release build and site", || release::build(place, &["server", "sandbox", "auditor"]))? {
        report.tests("browser stories", |tally| run_watched(&mut in_browser(place, "end2end/run.mjs")?, |line| tally.see(line)))?;
    }
    report.close(&clock)
}

fn native(place: &Place, command: &[&str]) -> Command {
    let mut cargo = place.cargo();
    cargo.args(command);
    for package in NATIVE {
        cargo.args(["-p", package]);
    }
    cargo.args(["--features", "app/ssr"]);
    cargo
}

/// nextest when it is there: it names what hangs and ends it.
fn runner(place: &Place) -> Command {
    if is_there("cargo-nextest") {
        let mut nextest = native(place, &["nextest", "run"]);
        nextest.arg("--no-fail-fast");
        nextest
    } else {
        let mut test = native(place, &["test"]);
        test.arg("--no-fail-fast");
        test
    }
}

/// Hours of counter mode under faults: for a machine that has nothing else to do.
pub fn soak(place: &Place, args: &[String]) -> Result<()> {
    let options = Options::parse(args, &["--minutes", "--seed"], &[])?;
    release::build(place, &["server", "sandbox", "auditor"])?;
    let mut soak = in_browser(place, "end2end/soak.mjs")?;
    for option in ["--minutes", "--seed"] {
        soak.args(options.value(option).map(|value| [option, value]).into_iter().flatten());
    }
    run(&mut soak)
}

fn in_browser(place: &Place, script: &str) -> Result<Command> {
    let mut node = Command::new("node");
    node.arg(script).current_dir(&place.root);
    node.env("PAYPLUS_BIN", place.release(release::SERVER));
    node.env("SANDBOX_BIN", place.release(release::SANDBOX));
    node.env("AUDITOR_BIN", place.release(release::AUDITOR));
    node.env("CHROMIUM", tools::chromium()?);
    release::describe_site(place, &mut node);
    Ok(node)
}

/// What ran, how long it took, what failed. A failed check does not keep the others from running.
#[derive(Default)]
struct Report {
    lines: Vec<Line>,
    tally: Tally,
}

struct Line {
    what: String,
    time: String,
    /// `None` if it held.
    why_not: Option<String>,
}

impl Report {
    /// Answers whether it held.
    fn check(&mut self, what: &str, work: impl FnOnce() -> Result<()>) -> Result<bool> {
        println!("==> {what}");
        let clock = Clock::start();
        let why_not = match work() {
            Ok(()) => None,
            Err(Failure::Interrupted) => return Err(Failure::Interrupted),
            Err(Failure::Because(why)) => {
                eprintln!("{what}: {why}");
                Some(why)
            }
        };
        let held = why_not.is_none();
        self.lines.push(Line { what: what.to_owned(), time: clock.read(), why_not });
        Ok(held)
    }

    fn tests(&mut self, what: &str, work: impl FnOnce(&mut Tally) -> Result<()>) -> Result<()> {
        let mut tally = Tally::default();
        self.check(what, || {
            work(&mut tally)?;
            if tally.passed == 0 { Err(Failure::because("no test ran")) } else { Ok(()) }
        })?;
        if let Some(line) = self.lines.last_mut() {
            line.what.push_str(&format!(": {} passed, {} failed", tally.passed, tally.failed));
        }
        self.tally.passed += tally.passed;
        self.tally.failed += tally.failed;
        Ok(())
    }

    fn close(self, clock: &Clock) -> Result<()> {
        println!("\nWhat ran:");
        for Line { what, time, why_not } in &self.lines {
            let why_not = why_not.as_ref().and_then(|why| why.lines().next()).map(|why| format!(": FAILED: {why}"));
            println!("  {what}: {time}{}", why_not.unwrap_or_default());
        }
        println!("  in all: {}\n", clock.read());
        println!("{} passed, {} failed", self.tally.passed, self.tally.failed);
        let failed: Vec<&str> = self.lines.iter().filter(|line| line.why_not.is_some()).map(|line| line.what.as_str()).collect();
        if failed.is_empty() { Ok(()) } else { Err(Failure::because(format!("failed: {}", failed.join("; ")))) }
    }
}
