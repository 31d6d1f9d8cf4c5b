//! `bindgen IN.wasm OUT_DIR`: writes `payplus.js`, `payplus_bg.wasm` and the snippets of JavaScript that crates bring.
//!
//! Why not `wasm-bindgen-cli`: its install costs 5.0 CPU minutes, this crate 0.7, or 1.2 optimised (all measured on the same
//! 2-core machine with rustc 1.95), and its version has to be kept equal to Cargo.lock by hand, while here Cargo does it. Unoptimised
//! it takes 8.5 s for a debug build's 55 MB instead of 3.0 s, and a second for a release's.

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut paths = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(input), Some(out_dir), None) = (paths.next(), paths.next(), paths.next()) else {
        eprintln!("usage: bindgen IN.wasm OUT_DIR");
        return ExitCode::from(2);
    };
    let mut bindgen = wasm_bindgen_cli_support::Bindgen::new();
    let written = bindgen.input_path(&input).out_name("payplus").typescript(false).web(true).and_then(|b| b.generate(&out_dir));
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("bindgen: {}: {why:#}", input.display());
            ExitCode::FAILURE
        }
    }
}
