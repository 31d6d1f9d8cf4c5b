//! `payplus`: reads the settings, starts the server, waits for Ctrl-C or SIGTERM.

use server::{BadConfig, Config};
use std::backtrace::Backtrace;
use std::io::IsTerminal;
use std::process::ExitCode;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// A request allocates some hundred times; the system's allocator is a tenth of its cost.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let config = match Config::read(std::env::args_os()) {
        Ok(config) => config,
        Err(BadConfig::Options(say)) => say.exit(),
        Err(error) => return failed(&error),
    };
    tracing_subscriber::fmt().with_env_filter(EnvFilter::new(&config.log)).with_ansi(std::io::stdout().is_terminal()).init();
    log_panics();
    match run(config).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(error.as_ref()),
    }
}

async fn run(config: Config) -> Result<(), Box<dyn std::error::Error>> {
    if let Some(newcomer) = &config.operator {
        println!("{}", server::operator::make(&config, newcomer).await?);
        return Ok(());
    }
    if let Some(order) = &config.partner {
        println!("{}", server::partner::manage::obey(&config, order).await?);
        return Ok(());
    }
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let running = server::start(config).await?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping");
    tokio::select! {
        () = running.stop() => tracing::info!("stopped"),
        // Whoever asks twice can't wait.
        _ = interrupt.recv() => tracing::warn!("stopped at once"),
    }
    Ok(())
}

fn failed(error: &dyn std::error::Error) -> ExitCode {
    eprintln!("payplus: {error}");
    ExitCode::FAILURE
}

/// Where, and what when it was written in the code: a message put together while running may hold anything, so only a debug
/// build, where nobody is real, repeats it.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        let written = panic.payload().downcast_ref::<&'static str>().copied();
        let put_together = panic.payload().downcast_ref::<String>().filter(|_| cfg!(debug_assertions)).map(String::as_str);
        tracing::error!(place, message = written.or(put_together), "panic");
        tracing::debug!("{}", Backtrace::force_capture());
    }));
}
