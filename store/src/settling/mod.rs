//! Settling: days are closed, shops settled, payouts made, and the bank's word laid beside it. The way of a won that was paid:
//!
//! 1. `door`: a minute after midnight in Seoul the day that has ended is closed. From then on no payment and no cancel counts on it.
//! 2. `closing`: its shops are settled, some hundred in a transaction: the ledger's transfer, the payout, the cash receipts.
//! 3. `payouts`: from its day on, each payout is sent to the bank under an id written down before, until the bank has said yes.
//! 4. `matching`: what the bank says that it moved is read from it and laid beside payouts and ledger.
//!
//! `statements` is what a shop sees of it, `desk` what the city does. Any number of nodes do this at once; each step holds its row.

mod closing;
mod desk;
mod door;
mod matching;
mod payouts;
mod statements;

pub use closing::SomeSettled;
pub use desk::{DeskTotals, NotPaid};
pub use matching::{BankLine, Difference, Matched, What};
pub use payouts::{PayoutAct, PayoutOrder};
pub use statements::{PayoutRow, ReceiptEvent, ReceiptRow, SettlementRow, UnsettledDay};

/// The number of the lock that PostgreSQL's tills share and that closing a day takes alone.
macro_rules! door_lock {
    () => {
        "20222"
    };
}
pub(crate) use door_lock;

use domain::ledger::Transfer;

/// The rows of transfers made outside of the till.
pub(crate) struct Posting {
    pub id: i64,
    pub subject: Vec<u8>,
    pub transfer: Transfer,
}

/// Appends them to the ledger, in two statements.
pub(crate) async fn post(write: &mut crate::db::Write, postings: &[Posting], at_ms: i64) -> crate::Result<()> {
    if postings.is_empty() {
        return Ok(());
    }
    let sql = format!("INSERT INTO transfer (id, cause, subject, created_at) VALUES {}", crate::row::lists(1, postings.len(), 4));
    let insert = postings.iter().fold(sqlx::query(sqlx::AssertSqlSafe(sql)), |query, posting| {
        query.bind(posting.id).bind(posting.transfer.cause().as_str()).bind(posting.subject.clone()).bind(at_ms)
    });
    insert.execute(write.tx()).await?;
    let entries: Vec<_> = postings
        .iter()
        .flat_map(|posting| (1_i64..).zip(posting.transfer.entries()).map(|(line, entry)| (posting.id, line, entry)))
        .collect();
    let sql = format!("INSERT INTO entry (transfer_id, line, account, owner, amount) VALUES {}", crate::row::lists(1, entries.len(), 5));
    let insert = entries.iter().fold(sqlx::query(sqlx::AssertSqlSafe(sql)), |query, (id, line, entry)| {
        query.bind(*id).bind(*line).bind(entry.account.code()).bind(entry.account.owner()).bind(entry.signed())
    });
    insert.execute(write.tx()).await?;
    Ok(())
}
