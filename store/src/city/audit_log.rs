//! What operators did, as a chain of hashes: who could change the database unseen would have to write every later entry anew, and
//! whoever wrote a newer hash down would see it.

use super::operators::OperatorProof;
use crate::db::{Store, Write};
use crate::error::Result;
use crate::row;
use domain::operator::Role;
use domain::plan::PlanRefused;
use domain::{OperatorId, Timestamp};
use futures::TryStreamExt;
use sha2::{Digest, Sha256};
use sqlx::any::AnyRow;

/// What was done.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Action {
    OperatorMade,
    SignedIn,
    SignedOut,
    /// By wrong codes after the right password.
    OperatorLocked,
    PlanDrafted,
    PlanChanged,
    PlanReleased,
    PlanCancelled,
    RoomSteered,
    PartnerMade,
    KeyMade,
    KeyRotated,
    KeyRevoked,
    EndpointSet,
    SecretRotated,
    CapSet,
    PayoutRetried,
    RevenueDeclared,
    ShopApproved,
    ShopSentBack,
    ShopClosed,
    ShopReopened,
    LotsExtended,
    LotsWaived,
    ChangeDrafted,
    ChangeRewritten,
    ChangeReleased,
    ChangeCancelled,
}

impl Action {
    pub const ALL: [Action; 28] = [
        Action::OperatorMade,
        Action::SignedIn,
        Action::SignedOut,
        Action::OperatorLocked,
        Action::PlanDrafted,
        Action::PlanChanged,
        Action::PlanReleased,
        Action::PlanCancelled,
        Action::RoomSteered,
        Action::PartnerMade,
        Action::KeyMade,
        Action::KeyRotated,
        Action::KeyRevoked,
        Action::EndpointSet,
        Action::SecretRotated,
        Action::CapSet,
        Action::PayoutRetried,
        Action::RevenueDeclared,
        Action::ShopApproved,
        Action::ShopSentBack,
        Action::ShopClosed,
        Action::ShopReopened,
        Action::LotsExtended,
        Action::LotsWaived,
        Action::ChangeDrafted,
        Action::ChangeRewritten,
        Action::ChangeReleased,
        Action::ChangeCancelled,
    ];

    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Action::OperatorMade => "operator made",
            Action::SignedIn => "signed in",
            Action::SignedOut => "signed out",
            Action::OperatorLocked => "operator locked",
            Action::PlanDrafted => "plan drafted",
            Action::PlanChanged => "plan changed",
            Action::PlanReleased => "plan released",
            Action::PlanCancelled => "plan cancelled",
            Action::RoomSteered => "room steered",
            Action::PartnerMade => "partner made",
            Action::KeyMade => "key made",
            Action::KeyRotated => "key rotated",
            Action::KeyRevoked => "key revoked",
            Action::EndpointSet => "endpoint set",
            Action::SecretRotated => "webhook secret rotated",
            Action::CapSet => "channel cap set",
            Action::PayoutRetried => "payout retried",
            Action::RevenueDeclared => "revenue declared",
            Action::ShopApproved => "shop approved",
            Action::ShopSentBack => "shop sent back",
            Action::ShopClosed => "shop closed",
            Action::ShopReopened => "shop reopened",
            Action::LotsExtended => "lots extended",
            Action::LotsWaived => "lots waived",
            Action::ChangeDrafted => "kind change drafted",
            Action::ChangeRewritten => "kind change rewritten",
            Action::ChangeReleased => "kind change released",
            Action::ChangeCancelled => "kind change cancelled",
        }
    }

    pub fn parse(text: &str) -> Option<Action> {
        Action::ALL.into_iter().find(|action| action.as_str() == text)
    }
}

/// An entry as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    pub number: i64,
    pub at: Timestamp,
    /// The operator's name; `None`: the command line.
    pub operator: Option<String>,
    pub action: String,
    /// "plan 1234"
    pub subject: String,
    /// JSON.
    pub detail: String,
}

/// Whether the log is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chain {
    /// So many entries; the newest hash, as hexadecimal digits, is worth writing down elsewhere.
    Holds { entries: i64, head: String },
    /// The first number that is not as it was written.
    Breaks { at: i64 },
}

/// The command line's.
const NOBODY: OperatorId = OperatorId(0);

/// SHA-256 over the previous hash, number, time and operator (8 bytes each, big-endian), and each text after its length (8 bytes).
fn hash(previous: &[u8], (number, at_ms, operator): (i64, i64, i64), texts: [&str; 3]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(previous);
    for part in [number, at_ms, operator] {
        hash.update(part.to_be_bytes());
    }
    for text in texts {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    }
    hash.finalize().into()
}

/// Writes an entry into a transaction, best as its last statement: the head's row stays locked until the commit.
pub(crate) async fn log(
    write: &mut Write,
    by: Option<OperatorId>,
    action: Action,
    subject: &str,
    detail: serde_json::Value,
    now: Timestamp,
) -> Result<()> {
    let take = "UPDATE audit_head SET number = number + 1 WHERE one = 1 RETURNING number, hash";
    let head = sqlx::query(take).fetch_one(write.tx()).await?;
    let (number, previous) = (row::int(&head, "number")?, row::bytes(&head, "hash")?);
    let (operator, at_ms, detail) = (by.unwrap_or(NOBODY).0, crate::millis(now), detail.to_string());
    let hash = hash(&previous, (number, at_ms, operator), [action.as_str(), subject, &detail]).to_vec();
    let insert = "INSERT INTO audit_log (number, at, operator_id, action, subject, detail, hash) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let insert = sqlx::query(insert).bind(number).bind(at_ms).bind(operator).bind(action.as_str()).bind(subject);
    insert.bind(detail).bind(hash.clone()).execute(write.tx()).await?;
    sqlx::query("UPDATE audit_head SET hash = $1 WHERE one = 1").bind(hash).execute(write.tx()).await?;
    Ok(())
}

/// Waits for every transaction that has written an entry, and lets no other write one before this one ends: what it reads from here on
/// stays as it is, as far as operators decide it. After the row that is acted on is locked, as every action locks them.
pub(crate) async fn hold(write: &mut Write) -> Result<()> {
    sqlx::query("UPDATE audit_head SET number = number WHERE one = 1").execute(write.tx()).await?;
    Ok(())
}

impl Store {
    /// Entries with a number below `before` (all when it is `None`), newest first, at most `limit`; and whether the whole log is as it
    /// was written. For auditors.
    pub async fn audit_log(
        &self,
        by: &OperatorProof,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Result<(Vec<LogEntry>, Chain), PlanRefused>> {
        if let Err(refused) = by.needs(Role::Auditor) {
            return Ok(Err(refused));
        }
        let select = "SELECT number, at, name, action, subject, detail FROM audit_log \
                      LEFT JOIN operator ON operator.id = audit_log.operator_id WHERE number < $1 ORDER BY number DESC LIMIT $2";
        let rows = sqlx::query(select).bind(before.unwrap_or(i64::MAX)).bind(limit).fetch_all(self.reads()).await?;
        let entries = rows.iter().map(entry).collect::<Result<_>>()?;
        Ok(Ok((entries, self.chain().await?)))
    }

    async fn chain(&self) -> Result<Chain> {
        // One statement, so that head and entries are of one moment.
        let select = "SELECT number, at, operator_id, action, subject, detail, hash, \
                      (SELECT number FROM audit_head) AS last FROM audit_log ORDER BY number";
        let mut rows = sqlx::query(select).fetch(self.reads());
        let (mut previous, mut entries, mut last) = ([0; 32].to_vec(), 0, 0);
        while let Some(row) = rows.try_next().await? {
            entries += 1;
            last = row::int(&row, "last")?;
            let (number, written) = (row::int(&row, "number")?, row::bytes(&row, "hash")?);
            let texts = [row::text(&row, "action")?, row::text(&row, "subject")?, row::text(&row, "detail")?];
            let figures = (number, row::int(&row, "at")?, row::int(&row, "operator_id")?);
            let counted = hash(&previous, figures, [&texts[0], &texts[1], &texts[2]]);
            if number != entries || written != counted {
                return Ok(Chain::Breaks { at: entries });
            }
            previous = written;
        }
        Ok(if last == entries { Chain::Holds { entries, head: hex::encode(previous) } } else { Chain::Breaks { at: entries + 1 } })
    }
}

fn entry(row: &AnyRow) -> Result<LogEntry> {
    Ok(LogEntry {
        number: row::int(row, "number")?,
        at: row::time(row, "at")?,
        operator: row::text_if_any(row, "name")?,
        action: row::text(row, "action")?,
        subject: row::text(row, "subject")?,
        detail: row::text(row, "detail")?,
    })
}

/// "plan 1234": what an entry is about.
pub(crate) fn subject(what: &str, id: i64) -> String {
    format!("{what} {id}")
}
