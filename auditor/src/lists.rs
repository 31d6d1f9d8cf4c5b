//! The lists of live lots, laid beside the lots. Here and not among the rules: the engines' SQL has no common words for taking
//! bytes apart.

use crate::Error;
use crate::report::{Check, Report, Violation, grouped};
use futures::TryStreamExt;
use sqlx::{AnyConnection, Row};
use std::collections::BTreeMap;

/// Rows of a person and kind stand together: the list (8 bytes an id, big-endian), and what it should name.
const ROWS: &str = "SELECT person_id, kind_id, lots, 0 AS id, 0 AS amount FROM allowance \
     UNION ALL SELECT person_id, kind_id, NULL, id, remaining FROM lot WHERE remaining > 0 \
     UNION ALL SELECT person_id, kind_id, NULL, lot_id, face FROM purchase WHERE state IN ('reserved', 'unknown') \
     ORDER BY person_id, kind_id";

/// How often an id is in the list, and how often it is a lot with something left or an open purchase's.
#[derive(Default)]
struct Lot {
    listed: i64,
    live: i64,
    amount: i64,
}

type Lots = BTreeMap<i64, Lot>;

/// Adds the check to the report.
pub(crate) async fn compare(connection: &mut AnyConnection, report: &mut Report) -> Result<(), Error> {
    let mut check = Check::new(
        "live_lots_are_listed",
        "each allowance lists exactly the lots of its person and kind that have something left or are reserved, each once",
        0,
    );
    let read = read(connection, &mut check).await;
    read.map_err(|source| Error::Check { check: check.name, source })?;
    report.checks.push(check);
    Ok(())
}

async fn read(connection: &mut AnyConnection, check: &mut Check) -> Result<(), sqlx::Error> {
    let mut holder = (0, 0);
    let mut lots = Lots::new();
    let mut rows = sqlx::query(ROWS).fetch(connection);
    while let Some(row) = rows.try_next().await? {
        let next = (row.try_get("person_id")?, row.try_get("kind_id")?);
        if next != holder {
            judge(check, holder, &lots);
            lots.clear();
            holder = next;
        }
        match row.try_get::<Option<Vec<u8>>, _>("lots")? {
            Some(list) => {
                check.counted += 1;
                take(check, holder, &list, &mut lots);
            }
            None => {
                let lot = lots.entry(row.try_get("id")?).or_default();
                lot.live += 1;
                lot.amount += row.try_get::<i64, _>("amount")?;
            }
        }
    }
    judge(check, holder, &lots);
    Ok(())
}

fn take(check: &mut Check, (person, kind): (i64, i64), list: &[u8], lots: &mut Lots) {
    let (ids, rest) = list.as_chunks();
    for id in ids {
        lots.entry(i64::from_be_bytes(*id)).or_default().listed += 1;
    }
    if !rest.is_empty() {
        let words = format!("its list of {} bytes does not end with an id", list.len());
        check.violation(|| Violation { row: format!("person {person}, kind {kind}"), amount: 0, words });
    }
}

fn judge(check: &mut Check, (person, kind): (i64, i64), lots: &Lots) {
    for (id, lot) in lots.iter().filter(|(_, lot)| (lot.listed, lot.live) != (1, 1)) {
        check.violation(|| Violation {
            row: format!("person {person}, kind {kind}, lot {id}"),
            // What nobody finds.
            amount: if lot.listed == 0 { lot.amount } else { 0 },
            words: format!("listed {} times; {} lots or open purchases of {} won", lot.listed, lot.live, grouped(lot.amount)),
        });
    }
}
