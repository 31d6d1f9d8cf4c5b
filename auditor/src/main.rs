//! `auditor DATABASE_URL`: prints what was checked and what broke it. Exit code 0: clean, 1: violations, 2: could not audit.

use auditor::{Options, audit_with};
use clap::Parser;
use std::process::ExitCode;

/// Proves the invariants of a Pay+ database, read-only, and names what breaks them.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// `sqlite://PATH` or `postgres://...`; may be in use.
    #[arg(env = "DATABASE_URL", hide_env_values = true)]
    database_url: String,
    /// Compares the bank's journal too, such as the sandbox's `http://127.0.0.1:8090`.
    #[arg(long, value_name = "URL")]
    bank: Option<String>,
    #[arg(long, value_name = "KEY", env = "BANK_KEY", default_value = "sandbox-key", hide_env_values = true)]
    bank_key: String,
    /// How long a debit of a voided purchase may wait for its refund.
    #[arg(long, value_name = "HOURS", default_value_t = Options::default().late_refund_hours)]
    late_refund_hours: i64,
    /// One JSON object instead of text.
    #[arg(long)]
    json: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments { database_url, bank, bank_key, late_refund_hours, json } = Arguments::parse();
    let options = Options { bank_url: bank, bank_key, late_refund_hours, now: None };
    match audit_with(&database_url, options).await {
        Ok(report) => {
            match json {
                true => println!("{}", serde_json::json!({ "clean": report.is_clean(), "report": report })),
                false => println!("{report}"),
            }
            if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::from(1) }
        }
        Err(error) => {
            eprintln!("could not audit: {error}");
            ExitCode::from(2)
        }
    }
}
