//! `bench till`, `sale`, `pay`, `notice`, `find`, `settle`, `wallet`: the measurements, each beside its baseline in the same run, interleaved; medians, spread
//! and ratio are printed, and with `--json FILE` written one object a line. Start it as `cargo xtask bench NAME`, which brings PostgreSQL.

mod aftermath;
mod baseline;
mod city;
mod find;
mod line;
mod load;
mod machine;
mod notice;
mod pay;
mod report;
mod sale;
mod settle;
mod site;
mod till;
mod town;
mod typical;
mod wallet;
mod witness;

use clap::{Args, Parser};
use std::path::PathBuf;

#[derive(Parser)]
#[command(about = "Measures Pay+ beside what is usually written first")]
enum Bench {
    /// Purchases through the till, on SQLite and PostgreSQL, beside one transaction a purchase
    Till(Options),
    /// A sale day over real HTTP: the release server, the sandbox bank, a crowd that waits and people who buy
    Sale(sale::Options),
    /// Finding shops: what a search costs with all shops of the city in memory, beside LIKE on the table
    Find(find::Options),
    /// Payments over real HTTP, spread over all shops of the city and at one hot one
    Pay(pay::Options),
    /// From a payment's commit to the pages of its shop: open streams, how late they hear, and what they cost
    Notice(notice::Options),
    /// Closing a day's books of all shops while people go on paying, beside a job that goes from shop to shop
    Settle(Options),
    /// A full wallet's pages, and refunds beside payments, with an empty ledger and a full one
    Wallet(wallet::Options),
    /// The baseline's server, started by `sale` and `pay`
    #[command(hide = true)]
    Typical(typical::Options),
    /// A bare server of streams, started by `notice`
    #[command(hide = true)]
    Bare(notice::bare::Options),
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
        Bench::Find(options) => find::run(&options).await,
        Bench::Pay(options) => pay::run(&options).await,
        Bench::Notice(options) => notice::run(&options).await,
        Bench::Settle(options) => settle::run(&options).await,
        Bench::Wallet(options) => wallet::run(&options).await,
        Bench::Typical(options) => typical::serve(options).await,
        Bench::Bare(options) => notice::bare::serve(options).await,
    }
}
