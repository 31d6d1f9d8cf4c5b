//! `cargo xtask dev`: the server in debug, built and started again at every change, by cargo-leptos.

use crate::failure::{Failure, Result, While};
use crate::options::Options;
use crate::place::Place;
use crate::process::run;
use crate::run::Settings;
use crate::site;
use crate::step::step;
use crate::tools;
use std::fs;

pub const HELP: &str = "\
cargo xtask dev [--port 8080] [--data DIR] [--demo none|basic]
    Builds in debug, watches the sources, builds and reloads at every change (cargo-leptos, installed when missing).
    A change below public/ needs a restart.";

pub fn dev(place: &Place, args: &[String]) -> Result<()> {
    let options = Options::parse(args, &["--port", "--data", "--demo"], &[])?;
    let settings = Settings::read(place, &options)?;
    settings.check_free()?;
    tools::wasm_target()?;
    tools::npm_packages(place)?;
    tools::cargo_leptos(place)?;
    step("release build: sandbox", "a minute the first time, then seconds", || {
        run(place.cargo().args(["build", "--release", "-p", "sandbox", "--bins"]))
    })?;
    // cargo-leptos looks for wasm-bindgen on the PATH and would only find what somebody installed by hand.
    let tools = place.target.join("dev/bin");
    step("wasm-bindgen", "a minute the first time, then seconds", || {
        run(place.cargo().args(["build", "--quiet", "--release", "-p", "bindgen"]))?;
        fs::create_dir_all(&tools).while_doing(format_args!("making {}", tools.display()))?;
        let copied = fs::copy(place.release("bindgen"), tools.join("wasm-bindgen"));
        copied.while_doing("copying wasm-bindgen").map(drop)
    })?;
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let paths = std::env::join_paths(std::iter::once(tools).chain(std::env::split_paths(&paths)));
    let paths = paths.map_err(|why| Failure::because(format!("a PATH that can't be extended: {why}")))?;
    let _sandbox = settings.start_sandbox(place)?;
    // Apart from the release's site: cargo-leptos empties the folder it serves from.
    let (assets, site) = (place.target.join("dev/assets"), place.target.join("dev/site"));
    site::gather_assets(place, &assets)?;
    let mut watch = place.cargo();
    watch.args(["leptos", "watch"]).env("LEPTOS_ASSETS_DIR", &assets).env("LEPTOS_SITE_ROOT", &site);
    watch.env("PATH", paths);
    watch.env("LEPTOS_STYLE_BUNDLE", "true").env("LEPTOS_SITE_ADDR", settings.addr.to_string()).env("PAYPLUS_SITE_DIR", &site);
    run(settings.describe(&mut watch))
}
