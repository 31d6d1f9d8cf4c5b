//! `cargo xtask bench`: the measurements, on a PostgreSQL of their own with production's durability.

use crate::cluster::{Cluster, Durability};
use crate::failure::Result;
use crate::place::Place;
use crate::process::run;
use crate::step::step;
use std::process::Command;

pub const HELP: &str = "\
cargo xtask bench NAME [--quick] [--json FILE] [..]
    Builds the measurements in release and runs one. Names: till. `cargo xtask bench till --help` says what it takes.";

pub fn bench(place: &Place, args: &[String]) -> Result<()> {
    step("release build: bench", "3 minutes the first time on 2 cores, then seconds", || {
        run(place.cargo().args(["build", "--release", "-p", "bench", "--bins"]))
    })?;
    let cluster = Cluster::start(Durability::Full)?;
    run(Command::new(place.release("bench")).args(args).env("PAYPLUS_TEST_POSTGRES", &cluster.url))
}
