//! The release: server and sandbox for this machine, the browser's code, the site.

use crate::failure::{Failure, Result};
use crate::place::Place;
use crate::process::run;
use crate::site;
use crate::step::step;
use crate::tools;
use std::process::Command;

/// What has to run, as files.
pub const SERVER: &str = "payplus";
pub const SANDBOX: &str = "sandbox";
pub const AUDITOR: &str = "auditor";

/// Builds the named packages' programs and the site they serve. What is up to date is left alone.
pub fn build(place: &Place, packages: &[&str]) -> Result<()> {
    tools::wasm_target()?;
    tools::npm_packages(place)?;
    let names = packages.join(", ");
    step(&format!("release build: {names}"), "20 minutes the first time on 2 cores, then seconds", || {
        let mut cargo = place.cargo();
        cargo.args(["build", "--release", "--bins"]);
        for package in packages {
            cargo.args(["-p", package]);
        }
        run(&mut cargo)
    })?;
    step("release build: the browser's code", "5 minutes the first time, then seconds", || {
        let mut cargo = place.cargo();
        run(cargo.args(["build", "-p", "frontend", "--target", "wasm32-unknown-unknown", "--profile", "wasm-release"]))
    })?;
    site::build(place, &place.target.join("wasm32-unknown-unknown/wasm-release/frontend.wasm"))
}

/// For `--no-build`: says what is missing instead of failing later in odd ways.
pub fn check(place: &Place) -> Result<()> {
    for file in [place.release(SERVER), place.release(SANDBOX), place.release("hash.txt"), place.site().join("pkg")] {
        if !file.exists() {
            return Err(Failure::because(format!("{} is missing: run once without --no-build", file.display())));
        }
    }
    Ok(())
}

/// Sets what the release server needs to find its site and its hashed names.
pub fn describe_site<'a>(place: &Place, command: &'a mut Command) -> &'a mut Command {
    command.env("PAYPLUS_SITE_DIR", place.site()).env("LEPTOS_OUTPUT_NAME", "payplus").env("LEPTOS_HASH_FILES", "true")
}
