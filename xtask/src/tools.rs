//! Finding what a command needs, and installing what is missing.

use crate::failure::{Failure, Result, While};
use crate::place::Place;
use crate::process::{find, is_there, output, run};
use crate::step::step;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

const WASM: &str = "wasm32-unknown-unknown";

/// The browser's compile target.
pub fn wasm_target() -> Result<()> {
    if !is_there("rustup") {
        return Ok(()); // A distribution's Rust brings its targets as packages; cargo says which is missing.
    }
    let installed = output(Command::new("rustup").args(["target", "list", "--installed"]))?;
    if installed.lines().any(|target| target == WASM) {
        return Ok(());
    }
    step("adding the wasm32 target", "half a minute", || run(Command::new("rustup").args(["target", "add", WASM])))
}

/// Fonts, the map and what drives the browser stories: exactly what package-lock.json names.
pub fn npm_packages(place: &Place) -> Result<()> {
    let lock = fs::read(place.root.join("package-lock.json")).while_doing("reading package-lock.json")?;
    let stamp = place.npm(".installed-from");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    if !is_there("npm") {
        debian_packages(&["nodejs", "npm"])?;
    }
    step("npm ci: fonts, map, browser driver", "half a minute", || {
        run(Command::new("npm").args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(&place.root))?;
        fs::write(&stamp, &lock).while_doing("noting what npm installed")
    })
}

/// Chromium for the browser stories. No font package: the product brings Pretendard, whose subsets hold all of Hangul.
pub fn chromium() -> Result<PathBuf> {
    if let Some(chosen) = std::env::var_os("CHROMIUM") {
        return Ok(PathBuf::from(chosen));
    }
    if !is_there("chromium") {
        debian_packages(&["chromium"])?;
    }
    find("chromium").ok_or_else(|| Failure::because("chromium is not on PATH; set CHROMIUM to the browser's path"))
}

/// HAProxy, which Debian keeps where only root looks.
pub fn haproxy() -> Result<PathBuf> {
    let place = || find("haproxy").or_else(|| Some(PathBuf::from("/usr/sbin/haproxy")).filter(|file| file.is_file()));
    if let Some(program) = place() {
        return Ok(program);
    }
    debian_packages(&["haproxy"])?;
    place().ok_or_else(|| Failure::because("haproxy was not found; put its folder on PATH"))
}

/// The folder with PostgreSQL's `initdb`, `postgres` and `pgbench`.
pub fn postgres_programs() -> Result<PathBuf> {
    if let Some(dir) = postgres_folder() {
        return Ok(dir);
    }
    debian_packages(&["postgresql"])?;
    postgres_folder().ok_or_else(|| Failure::because("PostgreSQL's initdb was not found; put its folder on PATH"))
}

fn postgres_folder() -> Option<PathBuf> {
    // Some machines link a few of the programs into PATH: the folder they really lie in has them all.
    let on_path = find("initdb").and_then(|initdb| initdb.canonicalize().ok()?.parent().map(PathBuf::from));
    let configured = || output(Command::new("pg_config").arg("--bindir")).ok().map(|dir| PathBuf::from(dir.trim()));
    // Debian keeps each version apart and none on PATH; the newest comes last.
    let debian = || {
        let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
        let mut folders: Vec<_> = versions.flatten().map(|version| version.path().join("bin")).collect();
        folders.sort_by_key(|folder| version_of(folder));
        folders.pop()
    };
    let complete = |dir: &PathBuf| ["initdb", "postgres", "pg_isready", "pgbench"].iter().all(|name| dir.join(name).is_file());
    on_path.filter(complete).or_else(|| configured().filter(complete)).or_else(|| debian().filter(complete))
}

fn version_of(bin: &std::path::Path) -> u32 {
    let version = bin.parent().and_then(|dir| dir.file_name()).and_then(|name| name.to_str());
    version.and_then(|version| version.parse().ok()).unwrap_or(0)
}

/// `cargo leptos`, for `dev` only: nothing else waits for its 16 CPU minutes.
pub fn cargo_leptos(place: &Place) -> Result<()> {
    const VERSION: &str = "0.3.10"; // 0.3.11 wants a newer rustc than rust-toolchain.toml names.
    let installed = output(Command::new("cargo-leptos").arg("--version")).unwrap_or_default();
    if installed.split_whitespace().any(|word| word == VERSION) {
        return Ok(());
    }
    step("installing cargo-leptos", "about 10 minutes, once", || {
        let mut install = place.cargo();
        install.args(["install", "cargo-leptos", "--version", VERSION, "--locked", "--features", "no_downloads"]);
        install.env("CARGO_PROFILE_RELEASE_LTO", "off").env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
        run(&mut install)
    })
}

fn debian_packages(names: &[&str]) -> Result<()> {
    let wanted = names.join(" ");
    if !is_there("apt-get") {
        return Err(Failure::because(format!("please install: {wanted}")));
    }
    if output(Command::new("id").arg("-u"))?.trim() != "0" {
        return Err(Failure::because(format!("please run once, as root: apt-get install {wanted}")));
    }
    step(&format!("installing Debian's {wanted}"), "a minute or two", || {
        let apt = |args: &[&str]| {
            let mut apt = Command::new("apt-get");
            apt.args(["-y", "-q", "-o", "Dpkg::Use-Pty=0"]).args(args).env("DEBIAN_FRONTEND", "noninteractive");
            run(&mut apt)
        };
        let install = [&["install", "--no-install-recommends"], names].concat();
        // The package lists may be absent or old: fetch them only when the first try fails.
        apt(&install).or_else(|_| {
            apt(&["update"])?;
            apt(&install)
        })
    })
}
