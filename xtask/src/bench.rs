//! `cargo xtask bench`: the measurements, on a PostgreSQL of their own with production's durability.

use crate::cluster::{Cluster, Durability};
use crate::failure::Result;
use crate::place::Place;
use crate::process::run;
use crate::step::step;
use std::process::Command;

pub const HELP: &str = "\
cargo xtask bench NAME [--quick] [--json FILE] [..]
    Builds the measurements in release and runs one. Names: till (purchases through the till), sale (a sale day over HTTP),
    pay (payments over HTTP), notice (from a payment's commit to the shop's open pages), find (finding shops), settle (closing a day of all shops),
    wallet (a full wallet's pages, refunds beside payments).
    `cargo xtask bench sale --help` says what it takes.";

pub fn bench(place: &Place, args: &[String]) -> Result<()> {
    // Over HTTP the server and the bank are needed as they are released. Built apart: together their features would unify into others.
    let over_http = args.first().is_some_and(|name| ["sale", "pay", "notice", "wallet"].contains(&name.as_str()));
    let of_the_day: &[&str] = if over_http { &["server", "sandbox", "auditor"] } else { &[] };
    for packages in [of_the_day, &["bench"]].into_iter().filter(|packages| !packages.is_empty()) {
        step(&format!("release build: {}", packages.join(", ")), "5 minutes the first time on 2 cores, then seconds", || {
            run(place.cargo().args(["build", "--release", "--bins"]).args(packages.iter().flat_map(|package| ["-p", package])))
        })?;
    }
    let cluster = Cluster::start(Durability::Full)?;
    run(Command::new(place.release("bench")).args(args).env("PAYPLUS_TEST_POSTGRES", &cluster.url))
}
