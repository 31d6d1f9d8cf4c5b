//! Reads a database and proves that no money was made or lost in it, no limit passed, no promise forgotten; where that
//! can't be proved it names the row and the amount.
//!
//! It shares no rule with the code it checks: neither `domain` nor `store` is known here. The chart of accounts, the states
//! and the calendar are written a second time, in SQL that runs on both engines, so that one mistake can't hide itself.
//!
//! - [`audit`] reads one snapshot of a database, which may be in use. It writes nothing.
//! - [`audit_with`] also lays the bank's journal beside the purchases.
//! - `rules` are the checks, one SQL statement each that finds what breaks it; `rule` runs them; `lists`, `draw` and `audit_log` are
//!   three more, not in SQL.

mod audit_log;
mod bank;
mod draw;
mod lists;
mod notes;
mod opening;
mod report;
mod rule;
mod rules;

pub use report::{Check, Note, Report, Violation};

use jiff::Timestamp;
use sqlx::AnyConnection;

/// What the audit looks at besides the database, and as of when.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the bank answers, such as `http://127.0.0.1:8090`. Without it the bank's journal is not compared.
    pub bank_url: Option<String>,
    /// Sent as `Authorization: Bearer`.
    pub bank_key: String,
    /// A bank debit of a voided purchase that is older than this and not on its way back is a violation, before it a note.
    pub late_refund_hours: i64,
    /// The time that ages are counted to; `None`: the clock. For databases whose times were made up.
    pub now: Option<Timestamp>,
}

impl Default for Options {
    fn default() -> Options {
        Options { bank_url: None, bank_key: String::new(), late_refund_hours: 24, now: None }
    }
}

/// Why nothing can be said about the database. Never repeats the URL, which may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("an audit reads a sqlite: file or a postgres: database, not {0}")]
    UnknownEngine(String),
    #[error("the database can't be opened: {0}")]
    Open(#[source] sqlx::Error),
    /// Often a table that is missing: not our database, or of another version.
    #[error("{check} can't be checked: {source}")]
    Check { check: &'static str, source: sqlx::Error },
    #[error("the bank can't be read: {0}")]
    Bank(#[from] reqwest::Error),
    #[error("the bank's journal makes no sense: {0}")]
    BankJournal(String),
}

/// Checks the database at `url` (`sqlite://PATH` or `postgres://...`) in one read-only snapshot.
///
/// # Errors
/// When it can't be opened or read; violations are no error, they are in the report.
pub async fn audit(url: &str) -> Result<Report, Error> {
    audit_with(url, Options::default()).await
}

/// As [`audit`], with options. The bank is read up to its end before the snapshot is taken and once more after it, so that
/// what moves meanwhile is not mistaken for a fault.
///
/// # Errors
/// When the database or the bank can't be read.
pub async fn audit_with(url: &str, options: Options) -> Result<Report, Error> {
    let now_ms = options.now.unwrap_or_else(Timestamp::now).as_millisecond();
    let mut bank = match &options.bank_url {
        Some(bank_url) => Some(bank::Bank::read_before(bank_url, &options.bank_key).await?),
        None => None,
    };
    let mut connection = opening::open(url).await?;
    let report = in_snapshot(&mut connection, bank.as_mut(), &options, now_ms).await;
    // The answer is known; a connection that won't close politely changes nothing about it.
    let _ = sqlx::Connection::close(connection).await;
    report
}

async fn in_snapshot(
    connection: &mut AnyConnection,
    bank: Option<&mut bank::Bank>,
    options: &Options,
    now_ms: i64,
) -> Result<Report, Error> {
    opening::begin(connection).await?;
    let mut report = Report { checks: rule::run_all(connection, rules::all(), now_ms).await?, notes: Vec::new(), notes_found: 0 };
    lists::compare(connection, &mut report).await?;
    draw::recount(connection, &mut report).await?;
    audit_log::follow(connection, &mut report).await?;
    notes::open_purchases(connection, &mut report, now_ms).await?;
    notes::turned_away(connection, &mut report, now_ms).await?;
    if let Some(bank) = bank {
        bank.read_after().await?;
        bank.compare(connection, &mut report, options.late_refund_hours, now_ms).await?;
    }
    Ok(report)
}
