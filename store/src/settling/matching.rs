//! Every won matched: what the bank says that it moved, our purchases and payouts, and the ledger, laid beside each other. The bank's
//! lines are read into a table of their own and never changed; each look over all of them is written down with what it found.

use crate::db::{Engine, Store};
use crate::error::{Error, Result};
use crate::row;
use domain::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};
use uuid::Uuid;

/// Lines written by one statement.
const AT_ONCE: usize = 500;
/// Differences that are named; the others are counted.
const NAMED: usize = 100;
/// What was decided so shortly before the bank was read may not be in what was read.
const FRESH_MS: i64 = 60_000;

/// Money that the bank moved.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct BankLine {
    /// From 1, without gaps.
    pub seq: i64,
    pub is_debit: bool,
    /// What it was asked under.
    pub order: Uuid,
    pub amount: i64,
    pub moved_at: Timestamp,
}

/// What does not fit.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    /// The bank debited for no purchase of ours.
    DebitOfNothing,
    /// The bank debited for a purchase that we gave up.
    DebitOfVoided,
    /// A purchase is posted that the bank never debited.
    NotDebited,
    /// The bank credited what is neither a payout nor a refund of ours.
    CreditOfNothing,
    /// The bank credited a refund that we gave up.
    CreditOfVoided,
    /// The bank paid a try that we hold as rejected.
    PaidThoughRejected,
    /// We hold a payout as paid that the bank never credited.
    NotCredited,
    /// We hold a purchase or a lot as refunded that the bank never credited.
    NotRefunded,
    /// The bank moved another amount than it was asked.
    OtherAmount,
    /// The ledger's bank clearing is not what the bank moved, even with all of the above.
    BankClearing,
    /// The ledger's payout clearing is not what is still to be paid.
    PayoutClearing,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    pub what: What,
    /// The bank's key of it; empty for the ledger.
    pub order: String,
    pub amount: i64,
}

/// A look over everything. All amounts in won.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matched {
    pub checked_ms: i64,
    /// By the bank.
    pub debited: i64,
    pub credited: i64,
    /// By the ledger: bank clearing.
    pub ledger_bank: i64,
    /// Moved by the bank and not yet posted, or the other way round: counted, and no difference.
    pub on_the_way: i64,
    /// Single won that proved the accounts of shops that signed up; the ledger knows nothing of them.
    #[serde(default)]
    pub account_checks: i64,
    /// Of payouts: what the bank has paid, and what is still to be paid.
    pub payouts_paid: i64,
    pub payouts_open: i64,
    /// By the ledger.
    pub ledger_payouts: i64,
    pub ledger_fees: i64,
    pub ledger_payable: i64,
    pub differences: Vec<Difference>,
    /// With those that are not named.
    pub found: i64,
}

/// While the rows are gone through.
#[derive(Default)]
struct Found {
    matched: Matched,
    /// What bank and ledger may differ by.
    explained: i64,
}

impl Found {
    fn name(&mut self, what: What, order: &[u8], amount: i64) {
        self.matched.found += 1;
        if self.matched.differences.len() < NAMED {
            let order = Uuid::from_slice(order).map(|id| id.to_string()).unwrap_or_default();
            self.matched.differences.push(Difference { what, order, amount });
        }
    }
}

const DEBITS: &str = "SELECT b.order_id, b.amount, p.state, COALESCE(p.paid, 0) AS asked FROM bank_line b \
     LEFT JOIN purchase p ON p.id = b.order_id WHERE b.kind = 'debit' \
     AND (p.id IS NULL OR p.state NOT IN ('posted', 'refunding', 'refunded') OR p.paid <> b.amount) ORDER BY b.seq";
const NOT_DEBITED: &str = "SELECT p.id AS order_id, p.paid AS amount, p.decided_at FROM purchase p \
     LEFT JOIN bank_line b ON b.order_id = p.id AND b.kind = 'debit' \
     WHERE p.state IN ('posted', 'refunding', 'refunded') AND p.paid > 0 AND b.seq IS NULL ORDER BY p.id";
const CREDITS: &str = "SELECT b.order_id, b.amount, COALESCE(t.state, r.state, CASE WHEN p.state IN ('refunding', 'refunded') THEN p.state END) AS state, COALESCE(o.amount, r.paid, p.paid, 0) AS asked, \
     CASE WHEN c.id IS NOT NULL AND b.amount = 1 THEN 1 ELSE 0 END AS is_check \
     FROM bank_line b LEFT JOIN payout_check c ON c.id = b.order_id LEFT JOIN payout_try t ON t.id = b.order_id LEFT JOIN payout o ON o.id = t.payout_id \
     LEFT JOIN refund r ON r.id = b.order_id LEFT JOIN purchase p ON p.id = b.order_id WHERE b.kind = 'credit' \
     AND (NOT (COALESCE(t.state, '') = 'done' OR COALESCE(r.state, '') = 'posted' OR COALESCE(p.state, '') = 'refunded') \
       OR COALESCE(o.amount, r.paid, p.paid, 0) <> b.amount) ORDER BY b.seq";
const NOT_CREDITED: &str = "SELECT t.id AS order_id, o.amount, t.decided_at, 'payout' AS kind FROM payout_try t \
     JOIN payout o ON o.id = t.payout_id LEFT JOIN bank_line b ON b.order_id = t.id AND b.kind = 'credit' \
     WHERE t.state = 'done' AND b.seq IS NULL \
     UNION ALL SELECT p.id, p.paid, p.decided_at, 'refund' FROM purchase p \
     LEFT JOIN bank_line b ON b.order_id = p.id AND b.kind = 'credit' WHERE p.state = 'refunded' AND b.seq IS NULL \
     UNION ALL SELECT r.id, r.paid, r.decided_at, 'refund' FROM refund r \
     LEFT JOIN bank_line b ON b.order_id = r.id AND b.kind = 'credit' WHERE r.state = 'posted' AND b.seq IS NULL";
const TOTALS: &str = "SELECT \
     (SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM bank_line WHERE kind = 'debit') AS debited, \
     (SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM bank_line WHERE kind = 'credit') AS credited, \
     (SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM payout WHERE state = 'paid') AS paid, \
     (SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM payout WHERE state <> 'paid') AS open, \
     CAST(COALESCE(SUM(CASE WHEN account = 1010 THEN amount ELSE 0 END), 0) AS BIGINT) AS bank, \
     CAST(COALESCE(-SUM(CASE WHEN account = 2020 THEN amount ELSE 0 END), 0) AS BIGINT) AS payable, \
     CAST(COALESCE(-SUM(CASE WHEN account = 2040 THEN amount ELSE 0 END), 0) AS BIGINT) AS payouts, \
     CAST(COALESCE(-SUM(CASE WHEN account = 4010 THEN amount ELSE 0 END), 0) AS BIGINT) AS fees \
     FROM entry WHERE account IN (1010, 2020, 2040, 4010)";

impl Store {
    /// Up to which of its lines the bank has been read.
    pub async fn last_bank_line(&self) -> Result<i64> {
        row::int(&sqlx::query("SELECT COALESCE(MAX(seq), 0) AS seq FROM bank_line").fetch_one(self.reads()).await?, "seq")
    }

    /// Keeps what was read; lines that another node has read already stay as they are.
    pub async fn keep_bank_lines(&self, lines: &[BankLine]) -> Result<()> {
        for some in lines.chunks(AT_ONCE) {
            let sql = format!(
                "INSERT INTO bank_line (seq, kind, order_id, amount, moved_at) VALUES {} ON CONFLICT (seq) DO NOTHING",
                row::lists(1, some.len(), 5)
            );
            let insert = some.iter().fold(sqlx::query(sqlx::AssertSqlSafe(sql)), |query, line| {
                let query = query.bind(line.seq).bind(if line.is_debit { "debit" } else { "credit" });
                query.bind(line.order.as_bytes().to_vec()).bind(line.amount).bind(crate::millis(line.moved_at))
            });
            let mut write = self.write().await?;
            insert.execute(write.tx()).await?;
            write.commit().await?;
        }
        Ok(())
    }

    /// Looks over everything, as of one moment, and writes down what was found. `read_at`: when the bank began to be read.
    pub async fn match_bank(&self, read_at: Timestamp, now: Timestamp) -> Result<Matched> {
        let begin = match self.engine() {
            Engine::Sqlite => "BEGIN",
            Engine::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        let mut snapshot = self.reads().begin_with(begin).await?;
        let matched = look(&mut snapshot, crate::millis(read_at) - FRESH_MS, now).await?;
        snapshot.rollback().await?;
        let body = serde_json::to_string(&matched).map_err(Error::damaged)?;
        let mut write = self.write().await?;
        let insert = sqlx::query("INSERT INTO settlement_check (id, checked_at, body) VALUES ($1, $2, $3)");
        insert.bind(self.next_id(now)).bind(crate::millis(now)).bind(body).execute(write.tx()).await?;
        write.commit().await?;
        Ok(matched)
    }

    /// What the last look found.
    pub async fn last_match(&self) -> Result<Option<Matched>> {
        let row = sqlx::query("SELECT body FROM settlement_check ORDER BY id DESC LIMIT 1").fetch_optional(self.reads()).await?;
        row.map(|row| serde_json::from_str(&row::text(&row, "body")?).map_err(Error::damaged)).transpose()
    }
}

async fn look(snapshot: &mut AnyConnection, decided_before_ms: i64, now: Timestamp) -> Result<Matched> {
    let mut found = Found::default();
    for row in sqlx::query(DEBITS).fetch_all(&mut *snapshot).await? {
        let (order, amount, state) = line(&row)?;
        match state.as_deref() {
            None => found.name(What::DebitOfNothing, &order, amount),
            Some("voided") => found.name(What::DebitOfVoided, &order, amount),
            Some("posted" | "refunding" | "refunded") => {
                let more = amount - row::int(&row, "asked")?;
                found.name(What::OtherAmount, &order, more);
                found.explained += more;
                continue;
            }
            Some(_) => found.matched.on_the_way += amount,
        }
        found.explained += amount;
    }
    for row in sqlx::query(CREDITS).fetch_all(&mut *snapshot).await? {
        let (order, amount, state) = line(&row)?;
        if row::int(&row, "is_check")? == 1 {
            found.matched.account_checks += amount;
            found.explained -= amount;
            continue;
        }
        match state.as_deref() {
            Some("done" | "refunded" | "posted") => {
                let more = amount - row::int(&row, "asked")?;
                found.name(What::OtherAmount, &order, more);
                found.explained -= more;
                continue;
            }
            Some("rejected") => found.name(What::PaidThoughRejected, &order, amount),
            Some("voided") => found.name(What::CreditOfVoided, &order, amount),
            Some("open" | "refunding" | "reserved" | "unknown") => found.matched.on_the_way -= amount,
            _ => found.name(What::CreditOfNothing, &order, amount),
        }
        found.explained -= amount;
    }
    for row in sqlx::query(NOT_DEBITED).fetch_all(&mut *snapshot).await? {
        missing(&row, What::NotDebited, -1, decided_before_ms, &mut found)?;
    }
    for row in sqlx::query(NOT_CREDITED).fetch_all(&mut *snapshot).await? {
        let what = if row::text(&row, "kind")? == "payout" { What::NotCredited } else { What::NotRefunded };
        missing(&row, what, 1, decided_before_ms, &mut found)?;
    }
    let row = sqlx::query(TOTALS).fetch_one(&mut *snapshot).await?;
    let get = |column: &str| row::int(&row, column);
    let Found { mut matched, explained } = found;
    matched.checked_ms = crate::millis(now);
    (matched.debited, matched.credited, matched.ledger_bank) = (get("debited")?, get("credited")?, get("bank")?);
    (matched.payouts_paid, matched.payouts_open) = (get("paid")?, get("open")?);
    (matched.ledger_payouts, matched.ledger_fees, matched.ledger_payable) = (get("payouts")?, get("fees")?, get("payable")?);
    let of_ledger = [
        (What::BankClearing, matched.debited - matched.credited - matched.ledger_bank - explained),
        (What::PayoutClearing, matched.ledger_payouts - matched.payouts_open),
    ];
    for (what, amount) in of_ledger.into_iter().filter(|(_, amount)| *amount != 0) {
        matched.found += 1;
        matched.differences.push(Difference { what, order: String::new(), amount });
    }
    Ok(matched)
}

fn line(row: &AnyRow) -> Result<(Vec<u8>, i64, Option<String>)> {
    Ok((row::bytes(row, "order_id")?, row::int(row, "amount")?, row::text_if_any(row, "state")?))
}

/// We hold it as moved, and the bank has no line of it (yet). `side`: of the bank's clearing.
fn missing(row: &AnyRow, what: What, side: i64, decided_before_ms: i64, found: &mut Found) -> Result<()> {
    let (order, amount) = (row::bytes(row, "order_id")?, row::int(row, "amount")?);
    found.explained += side * amount;
    if row.try_get::<Option<i64>, _>("decided_at")?.is_some_and(|decided_ms| decided_ms >= decided_before_ms) {
        found.matched.on_the_way += side * amount;
    } else {
        found.name(what, &order, amount);
    }
    Ok(())
}
