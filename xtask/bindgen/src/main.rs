//! `bindgen --out-name=NAME --out-dir=DIR IN.wasm`: writes `NAME.js`, `NAME_bg.wasm` and the snippets of JavaScript that crates
//! bring. Of the real program's options those that cargo-leptos and we give, so that cargo-leptos takes it for that.
//!
//! Why not `wasm-bindgen-cli`: its install costs 5.0 CPU minutes, this crate 0.7, or 1.2 optimised (all measured on the same
//! 2-core machine with rustc 1.95), and its version has to be kept equal to Cargo.lock by hand, while here Cargo does it. Unoptimised
//! it takes 8.5 s for a debug build's 55 MB instead of 3.0 s, and a second for a release's.

use std::path::PathBuf;
use std::process::ExitCode;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    match bindgen(std::env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("wasm-bindgen: {why}");
            ExitCode::FAILURE
        }
    }
}

fn bindgen(options: impl Iterator<Item = String>) -> Result<(), String> {
    let mut bindgen = Bindgen::new();
    let (mut input, mut out_dir) = (None, None);
    for option in options {
        match option.split_once('=').unwrap_or((&option, "")) {
            ("--target", "web") => {}
            ("--debug", "") => _ = bindgen.debug(true),
            ("--keep-debug", "") => _ = bindgen.keep_debug(true),
            ("--remove-name-section", "") => _ = bindgen.remove_name_section(true),
            ("--remove-producers-section", "") => _ = bindgen.remove_producers_section(true),
            ("--out-name", name) => _ = bindgen.out_name(name),
            ("--out-dir", dir) => out_dir = Some(PathBuf::from(dir)),
            (path, "") if !path.starts_with('-') && input.is_none() => input = Some(PathBuf::from(path)),
            _ => return Err(format!("unknown option {option}")),
        }
    }
    let (Some(input), Some(out_dir)) = (input, out_dir) else { return Err("which file, and --out-dir=where?".into()) };
    let said = |why| format!("{}: {why:#}", input.display());
    bindgen.input_path(&input).typescript(false).web(true).map_err(said)?;
    bindgen.generate(&out_dir).map_err(said)
}
