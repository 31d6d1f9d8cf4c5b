//! The chain of what the city's operators did, counted again. Here and not among the rules: no engine's SQL knows SHA-256 in words
//! that the other understands.

use crate::Error;
use crate::report::{Check, Report, Violation};
use futures::TryStreamExt;
use sha2::{Digest, Sha256};
use sqlx::{AnyConnection, Row};

/// Entries and, at the end, the head, which tells of entries that were cut off.
const ROWS: &str = "SELECT number, at, operator_id, action, subject, detail, hash FROM audit_log ORDER BY number";
const HEAD: &str = "SELECT number, hash FROM audit_head";
const BEFORE_THE_FIRST: [u8; 32] = [0; 32];

/// Adds the check to the report.
pub(crate) async fn follow(connection: &mut AnyConnection, report: &mut Report) -> Result<(), Error> {
    let mut check = Check::new(
        "audit_log_is_unbroken",
        "what operators did is numbered from 1 without a gap, and each hash is that of the entry and of the hash before it",
        0,
    );
    let read = read(connection, &mut check).await;
    read.map_err(|source| Error::Check { check: check.name, source })?;
    report.checks.push(check);
    Ok(())
}

async fn read(connection: &mut AnyConnection, check: &mut Check) -> Result<(), sqlx::Error> {
    let (mut last, mut previous) = (0, BEFORE_THE_FIRST.to_vec());
    let mut rows = sqlx::query(ROWS).fetch(&mut *connection);
    while let Some(row) = rows.try_next().await? {
        check.counted += 1;
        let number: i64 = row.try_get("number")?;
        if number != last + 1 {
            found(check, number, format!("it follows number {last}"));
        }
        let mut hash = Sha256::new();
        hash.update(&previous);
        for figure in [number, row.try_get("at")?, row.try_get("operator_id")?] {
            hash.update(figure.to_be_bytes());
        }
        for text in ["action", "subject", "detail"] {
            let text: String = row.try_get(text)?;
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text);
        }
        let written: Vec<u8> = row.try_get("hash")?;
        if hash.finalize().as_slice() != written {
            found(check, number, "its hash is not that of its words and of the hash before it".to_owned());
        }
        (last, previous) = (number, written);
    }
    drop(rows);
    let head = sqlx::query(HEAD).fetch_one(connection).await?;
    if head.try_get::<i64, _>("number")? != last || head.try_get::<Vec<u8>, _>("hash")? != previous {
        found(check, last, "the head of the log names another last entry".to_owned());
    }
    Ok(())
}

fn found(check: &mut Check, number: i64, words: String) {
    check.violation(|| Violation { row: format!("audit log {number}"), amount: 0, words });
}
