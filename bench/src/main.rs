//! `bench till`, `bench sale`: the measurements, each beside its baseline in the same run, interleaved; medians, spread and ratio
//! are printed, and with `--json FILE` written one object a line. Start it as `cargo xtask bench NAME`, which brings PostgreSQL.

mod baseline;
mod city;
mod machine;
mod report;
mod sale;
mod till;

use clap::{Args, Parser};
use std::path::PathBuf;

#[derive(Parser)]
#[command(about = "Measures Pay+ beside what is usually written first")]
enum Bench {
    /// Purchases through the till, on SQLite and PostgreSQL, beside one transaction a purchase
    Till(Options),
    /// A sale day over real HTTP: the release server, the sandbox bank, a crowd that waits and people who buy
    Sale(sale::Options),
    /// The baseline's server, started by `sale`
    #[command(hide = true)]
    Typical(sale::typical::Options),
}

#[derive(Args, Clone)]
pub struct Options {
    /// Under a minute: fewer members, shorter and fewer rounds. For a look, not for the record
    #[arg(long)]
    quick: bool,
    /// Also write the figures here, one JSON object a line
    #[arg(long)]
    json: Option<PathBuf>,
    /// PostgreSQL as superuser; databases of the bench are made and dropped there
    #[arg(long, env = "PAYPLUS_TEST_POSTGRES", hide_env_values = true)]
    postgres: Option<String>,
}

pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    match Bench::parse() {
        Bench::Till(options) => till::run(&options).await,
        Bench::Sale(options) => sale::run(&options).await,
        Bench::Typical(options) => sale::typical::serve(options).await,
    }
}
