//! `cargo xtask`: everything a newcomer or CI needs, in one word each, installing what is missing.
//!
//! `run` starts Pay+, `test` proves it (`soak` for hours), `bench` measures it, `dev` watches. The order below is the order of reading: a command,
//! then what it builds (`release`, `site`), then what it needs (`tools`, `cluster`), then the plumbing.

mod bench;
mod cluster;
mod dev;
mod failure;
mod options;
mod place;
mod process;
mod release;
mod run;
mod site;
mod step;
mod tally;
mod test;
mod tools;

use failure::{Failure, Result};
use place::Place;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match obey(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Interrupted) => ExitCode::from(130),
        Err(why) => {
            eprintln!("xtask: {why}");
            ExitCode::FAILURE
        }
    }
}

fn obey(args: &[String]) -> Result<()> {
    let commands = [
        ("run", run::HELP, run::run as fn(&Place, &[String]) -> Result<()>),
        ("test", test::HELP, test::test),
        ("soak", test::SOAK_HELP, test::soak),
        ("bench", bench::HELP, bench::bench),
        ("dev", dev::HELP, dev::dev),
        ("postgres", cluster::HELP, cluster::keep_up),
    ];
    let named = args.first().and_then(|name| commands.iter().find(|(command, ..)| command == name));
    let asks_for_help = |arg: &String| arg == "--help" || arg == "-h";
    match named {
        // `bench NAME --help` is for the bench itself.
        Some((name, help, _)) if args[1..].iter().any(asks_for_help) && !(*name == "bench" && args.len() > 2) => {
            println!("{help}");
            Ok(())
        }
        Some((_, _, command)) => {
            process::catch_interrupts()?;
            command(&Place::here(), &args[1..])
        }
        None => {
            for (_, help, _) in commands {
                println!("{help}\n");
            }
            if args.is_empty() || args.iter().any(asks_for_help) {
                Ok(())
            } else {
                Err(Failure::because(format!("no command {}", args[0])))
            }
        }
    }
}
