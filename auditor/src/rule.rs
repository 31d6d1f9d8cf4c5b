//! One check: a statement that finds what breaks it, and how to say so.

use crate::report::{Check, Violation, grouped};
use crate::{Error, report::LISTED_MAX};
use futures::TryStreamExt;
use sqlx::any::{AnyRow, AnyTypeInfoKind};
use sqlx::{AnyConnection, Column, Row, ValueRef};
use std::collections::HashMap;

/// An invariant, as SQL that both engines understand.
///
/// Lists that must agree are laid over each other (`UNION ALL`, then `GROUP BY` the key) instead of joined: that finds what
/// is missing on either side and what is there twice, in one pass, and needs no index.
pub(crate) struct Rule {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    /// The table whose rows are counted for the report.
    pub(crate) counted: &'static str,
    /// Finds the rows that break the invariant. It has a column `amount` in won; `$1`, where it occurs, is the time in ms.
    pub(crate) broken: &'static str,
    /// The row in words. `{column}` is replaced by the column's value; a name of 16 bytes is written as a UUID.
    pub(crate) row: &'static str,
    /// What is wrong with it. `{column won}` is replaced by an amount.
    pub(crate) words: &'static str,
}

/// Runs the rules in order. Tables are counted once.
pub(crate) async fn run_all(
    connection: &mut AnyConnection,
    rules: impl Iterator<Item = &'static Rule>,
    now_ms: i64,
) -> Result<Vec<Check>, Error> {
    let mut counts: HashMap<&'static str, i64> = HashMap::new();
    let mut checks = Vec::new();
    for rule in rules {
        let counted = match counts.get(rule.counted) {
            Some(counted) => *counted,
            None => count(connection, rule).await.map_err(|source| Error::Check { check: rule.name, source })?,
        };
        counts.insert(rule.counted, counted);
        checks.push(run(connection, rule, counted, now_ms).await.map_err(|source| Error::Check { check: rule.name, source })?);
    }
    Ok(checks)
}

async fn count(connection: &mut AnyConnection, rule: &Rule) -> Result<i64, sqlx::Error> {
    // Not from outside: `counted` is written in this crate.
    let sql = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {}", rule.counted));
    sqlx::query(sql).fetch_one(connection).await?.try_get(0)
}

async fn run(connection: &mut AnyConnection, rule: &'static Rule, counted: i64, now_ms: i64) -> Result<Check, sqlx::Error> {
    let mut check = Check::new(rule.name, rule.what, counted);
    let mut query = sqlx::query(rule.broken);
    if rule.broken.contains("$1") {
        query = query.bind(now_ms);
    }
    let mut rows = query.fetch(connection);
    while let Some(row) = rows.try_next().await? {
        if check.violations.len() == LISTED_MAX {
            check.found += 1;
            continue;
        }
        let values = values(&row)?;
        let violation = Violation { row: fill(rule.row, &values), amount: row.try_get("amount")?, words: fill(rule.words, &values) };
        check.violation(|| violation);
    }
    Ok(check)
}

/// A column as it may be said.
enum Said {
    Number(i64),
    Text(String),
}

fn values(row: &AnyRow) -> Result<HashMap<String, Said>, sqlx::Error> {
    let said = |at: usize| -> Result<Said, sqlx::Error> {
        let value = row.try_get_raw(at)?;
        if value.is_null() {
            return Ok(Said::Text("nothing".to_owned()));
        }
        Ok(match value.type_info().kind() {
            AnyTypeInfoKind::Text => Said::Text(row.try_get(at)?),
            AnyTypeInfoKind::Blob => Said::Text(id_text(&row.try_get::<Vec<u8>, _>(at)?)),
            _ => Said::Number(row.try_get(at)?),
        })
    };
    row.columns().iter().enumerate().map(|(at, column)| Ok((column.name().to_owned(), said(at)?))).collect()
}

/// Replaces `{column}` and `{column won}`. A name that the row does not have stays as it is, for a test to find.
fn fill(template: &str, values: &HashMap<String, Said>) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{')
        && let Some((name, behind)) = after.split_once('}')
    {
        text.push_str(before);
        match (values.get(name.trim_end_matches(" won")), name.ends_with(" won")) {
            (Some(Said::Number(number)), true) => text.push_str(&format!("{} won", grouped(*number))),
            (Some(Said::Number(number)), false) => text.push_str(&number.to_string()),
            (Some(Said::Text(said)), _) => text.push_str(said),
            (None, _) => text.push_str(&format!("{{{name}}}")),
        }
        rest = behind;
    }
    text + rest
}

/// 16 bytes as a UUID, anything else as hexadecimal digits.
pub(crate) fn id_text(bytes: &[u8]) -> String {
    let mut text = String::new();
    for (at, byte) in bytes.iter().enumerate() {
        if bytes.len() == 16 && matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_filled_from_the_row() {
        let values = HashMap::from([("id".to_owned(), Said::Number(12_000)), ("why".to_owned(), Said::Text("late".to_owned()))]);
        assert_eq!(fill("lot {id}: {id won}, {why} {nobody}", &values), "lot 12000: 12,000 won, late {nobody}");
    }

    #[test]
    fn ids_are_written_as_uuids() {
        let id: Vec<u8> = (0..16).collect();
        assert_eq!(id_text(&id), "00010203-0405-0607-0809-0a0b0c0d0e0f");
        assert_eq!(id_text(&[0xab, 0xcd]), "abcd");
    }
}
