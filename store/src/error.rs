//! What can go wrong in the store. Never leaves the server: `app::Error` turns it into a numbered incident.

use std::fmt;

/// A failure of the store, as opposed to a refusal ([`domain::Refused`]), which is an answer.
#[derive(thiserror::Error)]
pub enum Error {
    #[error("database: {0}")]
    Sqlx(#[from] sqlx::Error),
    /// Of the till's own line. `code`: SQLSTATE.
    #[error("database: {said}")]
    Postgres { code: Option<String>, said: String },
    #[error("migration: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    #[error("sqlite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("SQLite {found} is older than {least}: its WAL can corrupt a database")]
    SqliteTooOld { found: String, least: &'static str },
    #[error("not a database that Pay+ knows: {0}")]
    UnknownEngine(String),
    /// A row holds what no code of ours writes.
    #[error("damaged row: {0}")]
    Damaged(String),
    /// The till has stopped; nothing of the command was done.
    #[error("the till is closed")]
    TillClosed,
    /// The commit failed; whether anything was done is found out by sending the same id again.
    #[error("the till could not commit: {0}")]
    TillFailed(String),
    /// Another till, of a lane or of a node, has written rows of this batch since they were loaded; nothing was done.
    #[error("{0} are not as they were loaded")]
    Overtaken(&'static str),
    /// What nodes tell each other did not get through; it stands in the tables all the same.
    #[error("the wire between nodes: {0}")]
    Wire(&'static str),
    /// The process is stopping, or the work panicked.
    #[error("interrupted")]
    Interrupted,
}

/// As displayed. What a database says in detail may name the values of a row ("Key (phone)=(...) already exists").
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl From<tokio_postgres::Error> for Error {
    /// Without the detail, which may name the values of a row.
    fn from(error: tokio_postgres::Error) -> Error {
        match error.as_db_error() {
            Some(said) => Error::Postgres { code: Some(said.code().code().to_owned()), said: said.message().to_owned() },
            None => Error::Postgres { code: None, said: error.to_string() },
        }
    }
}

impl Error {
    /// Did another transaction get in the way (a deadlock, a row that both write)? Then trying again may help.
    pub(crate) fn is_race(&self) -> bool {
        match self {
            Error::Overtaken(_) => true,
            Error::Sqlx(sqlx::Error::Database(error)) => {
                error.is_unique_violation() || matches!(error.code().as_deref(), Some("40001" | "40P01"))
            }
            Error::Postgres { code, .. } => matches!(code.as_deref(), Some("23505" | "40001" | "40P01")),
            _ => false,
        }
    }

    /// Does another row hold already what may be there once?
    pub(crate) fn is_taken(&self) -> bool {
        matches!(self, Error::Sqlx(sqlx::Error::Database(error)) if error.is_unique_violation())
    }

    pub(crate) fn damaged(what: impl std::fmt::Display) -> Error {
        Error::Damaged(what.to_string())
    }
}
