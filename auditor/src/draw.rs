//! The draws, counted again: who was let in stood at the place that the seed gives, or at that of the own ticket. Here and not among the
//! rules, because no SQL of both engines hashes.

use crate::Error;
use crate::report::{Check, Report, Violation};
use futures::TryStreamExt;
use sha2::{Digest, Sha256};
use sqlx::{AnyConnection, Row};
use std::collections::HashMap;

const ROOMS: &str = "SELECT window_id, seed, drawn, last_number FROM room WHERE drawn IS NOT NULL ORDER BY window_id";
const TICKETS: &str = "SELECT number, pseudonym, person_id FROM ticket WHERE window_id = $1 ORDER BY number";
const ADMISSIONS: &str = "SELECT place, person_id FROM admission WHERE window_id = $1 ORDER BY place";

/// Adds the check to the report.
pub(crate) async fn recount(connection: &mut AnyConnection, report: &mut Report) -> Result<(), Error> {
    let mut check = Check::new(
        "draws_give_the_places",
        "everybody who was let in stood at the place that the draw gave, or at that of the own ticket when it came after the draw",
        0,
    );
    let read = read(connection, &mut check).await;
    read.map_err(|source| Error::Check { check: check.name, source })?;
    report.checks.push(check);
    Ok(())
}

async fn read(connection: &mut AnyConnection, check: &mut Check) -> Result<(), sqlx::Error> {
    let rooms = sqlx::query(ROOMS).fetch_all(&mut *connection).await?;
    for room in &rooms {
        let window: i64 = room.try_get("window_id")?;
        let (seed, drawn): (Vec<u8>, i64) = (room.try_get("seed")?, room.try_get("drawn")?);
        let holders = holders(connection, window, &seed, drawn).await?;
        let mut admissions = sqlx::query(ADMISSIONS).bind(window).fetch(&mut *connection);
        while let Some(row) = admissions.try_next().await? {
            let (place, person): (i64, i64) = (row.try_get("place")?, row.try_get("person_id")?);
            check.counted += 1;
            if holders.get(&place) != Some(&person) {
                let words = format!("person {person} was let in; the place is that of {}", said(holders.get(&place)));
                check.violation(|| Violation { row: format!("window {window}, place {place}"), amount: 0, words });
            }
        }
    }
    Ok(())
}

fn said(person: Option<&i64>) -> String {
    person.map_or_else(|| "nobody".to_owned(), |person| format!("person {person}"))
}

/// The person of each place of a room.
async fn holders(connection: &mut AnyConnection, window: i64, seed: &[u8], drawn: i64) -> Result<HashMap<i64, i64>, sqlx::Error> {
    let mut holders = HashMap::new();
    let mut order: Vec<([u8; 32], Vec<u8>, i64)> = Vec::new();
    let mut tickets = sqlx::query(TICKETS).bind(window).fetch(connection);
    while let Some(row) = tickets.try_next().await? {
        let (number, person): (i64, i64) = (row.try_get("number")?, row.try_get("person_id")?);
        if number > drawn {
            holders.insert(number, person);
        } else {
            let pseudonym: Vec<u8> = row.try_get("pseudonym")?;
            order.push((Sha256::new_with_prefix(seed).chain_update(&pseudonym).finalize().into(), pseudonym, person));
        }
    }
    order.sort_unstable();
    holders.extend((1..).zip(order).map(|(place, (_, _, person))| (place, person)));
    Ok(holders)
}
