//! `sandbox --addr 127.0.0.1:8090 --data FILE`: reads the options, serves until Ctrl-C or SIGTERM.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{ArgAction, Parser};
use sandbox::{Sandbox, Settings};
use tracing_subscriber::EnvFilter;

/// Plays bank, identity provider and SMS gateway over HTTP, with faults on demand. Loopback only.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Loopback address and port.
    #[arg(long, env = "SANDBOX_ADDR", default_value = "127.0.0.1:8090")]
    addr: SocketAddr,
    /// JSON-lines file in which the bank remembers over a restart.
    #[arg(long, env = "SANDBOX_DATA", value_name = "FILE")]
    data: Option<PathBuf>,
    /// What callers send as `Authorization: Bearer <key>`.
    #[arg(long, env = "SANDBOX_KEY", default_value = sandbox::DEFAULT_KEY, hide_env_values = true)]
    key: String,
    /// Whether magic amounts and phone numbers misbehave: true or false.
    #[arg(long, env = "SANDBOX_MAGIC", default_value_t = true, action = ArgAction::Set, num_args = 0..=1, default_missing_value = "true")]
    magic: bool,
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).init();
    let Options { addr, data: journal, key, magic } = Options::parse();
    let listener = sandbox::bind(addr).await?;
    let sandbox = Sandbox::open(Settings { key, magic, journal })?;
    tracing::info!("sandbox on http://{}", listener.local_addr()?);
    sandbox::serve(listener, sandbox, told_to_stop()?).await
}

#[cfg(unix)]
fn told_to_stop() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn told_to_stop() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
