//! Opens a database so that nothing can be written to it, and keeps one view of it until the end.

use crate::Error;
use sqlx::{AnyConnection, Connection};

/// Opens `url` read-only.
pub(crate) async fn open(url: &str) -> Result<AnyConnection, Error> {
    sqlx::any::install_default_drivers();
    let (scheme, _) = url.split_once(':').unwrap_or(("no scheme", ""));
    let url = match scheme {
        "sqlite" if url.contains(":memory:") => return Err(Error::UnknownEngine("sqlite in memory".to_owned())),
        // Whatever mode the server opens it with, here the file is only read, and not made when it is missing.
        "sqlite" => format!("{}?mode=ro", url.split('?').next().unwrap_or(url)),
        "postgres" | "postgresql" => url.to_owned(),
        other => return Err(Error::UnknownEngine(other.to_owned())),
    };
    AnyConnection::connect(&url).await.map_err(Error::Open)
}

/// Begins the one transaction in which everything is read. It is never committed: closing the connection ends it.
pub(crate) async fn begin(connection: &mut AnyConnection) -> Result<(), Error> {
    let begin = match connection.backend_name() {
        "SQLite" => "PRAGMA query_only = ON; PRAGMA busy_timeout = 10000; PRAGMA cache_size = -65536; BEGIN",
        // Everything is read whole, so hashing and sorting are always right; a planner without statistics (tables that were
        // just filled) would take loops within loops, and hours.
        _ => {
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL enable_nestloop = off; SET LOCAL work_mem = '64MB'; \
             SET LOCAL jit = off"
        }
    };
    sqlx::raw_sql(begin).execute(connection).await.map_err(Error::Open)?;
    Ok(())
}
