//! The bank's journal beside the purchases: every won that left a citizen's account is accounted for.

use crate::Error;
use crate::report::{Check, Note, Report, Violation};
use crate::rule::id_text;
use futures::TryStreamExt;
use jiff::Timestamp;
use serde::Deserialize;
use sqlx::{AnyConnection, Row};
use std::collections::HashMap;
use std::time::Duration;

/// A transaction of `GET /bank/v1/transactions?after=SEQ`: money that moved. The bank names a debit, and the credit that
/// undoes it, by the purchase's id.
#[derive(Deserialize)]
struct Moved {
    seq: u64,
    kind: Direction,
    id: String,
    account: String,
    amount_won: i64,
    at: Timestamp,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Direction {
    Debit,
    Credit,
}

/// What the bank did under one id.
#[derive(Default)]
struct Movements {
    debits: i64,
    /// Of the last debit.
    debited_from: String,
    debited: i64,
    credits: i64,
    /// Of the last credit.
    credited_to: String,
    credited: i64,
    /// Of the last movement, in ms.
    last_at: i64,
    /// Some of it moved only after the database's snapshot was taken, which may not know of it yet.
    is_newer: bool,
}

/// The journal, as read so far.
pub(crate) struct Bank {
    client: reqwest::Client,
    url: String,
    key: String,
    last_seq: u64,
    movements: HashMap<Vec<u8>, Movements>,
    snapshot_taken: bool,
}

impl Bank {
    /// Reads the journal to its end; the snapshot is taken after that.
    pub(crate) async fn read_before(url: &str, key: &str) -> Result<Bank, Error> {
        // Fails when the process has chosen a provider already: then that one is used.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().timeout(Duration::from_secs(30)).build()?;
        let (url, key) = (format!("{}/bank/v1/transactions", url.trim_end_matches('/')), key.to_owned());
        let mut bank = Bank { client, url, key, last_seq: 0, movements: HashMap::new(), snapshot_taken: false };
        bank.read_on().await?;
        Ok(bank)
    }

    /// Reads what has been added since the snapshot was taken.
    pub(crate) async fn read_after(&mut self) -> Result<(), Error> {
        self.snapshot_taken = true;
        self.read_on().await
    }

    async fn read_on(&mut self) -> Result<(), Error> {
        loop {
            let url = format!("{}?after={}", self.url, self.last_seq);
            let answer = self.client.get(url).bearer_auth(&self.key).send().await?.error_for_status()?;
            let page: Vec<Moved> = answer.json().await?;
            if page.is_empty() {
                return Ok(());
            }
            for moved in page {
                self.remember(&moved)?;
            }
        }
    }

    fn remember(&mut self, moved: &Moved) -> Result<(), Error> {
        if moved.seq <= self.last_seq {
            return Err(Error::BankJournal(format!("number {} after {}", moved.seq, self.last_seq)));
        }
        self.last_seq = moved.seq;
        let id = id_bytes(&moved.id).ok_or_else(|| Error::BankJournal(format!("number {} has an id that is no UUID", moved.seq)))?;
        let movements = self.movements.entry(id).or_default();
        match moved.kind {
            Direction::Debit => {
                movements.debits += 1;
                movements.debited_from.clone_from(&moved.account);
                movements.debited += moved.amount_won;
            }
            Direction::Credit => {
                movements.credits += 1;
                movements.credited_to.clone_from(&moved.account);
                movements.credited += moved.amount_won;
            }
        }
        movements.last_at = moved.at.as_millisecond();
        movements.is_newer |= self.snapshot_taken;
        Ok(())
    }

    /// Lays the journal over the purchases, and adds three checks and notes to the report.
    pub(crate) async fn compare(
        &mut self,
        connection: &mut AnyConnection,
        report: &mut Report,
        late_refund_hours: i64,
        now_ms: i64,
    ) -> Result<(), Error> {
        let counted = i64::try_from(self.last_seq).unwrap_or(i64::MAX);
        let mut debits = Check::new(
            "bank_debits_match_purchases",
            "each posted purchase was debited once, for its price; every debit is of a purchase that is posted, open or on its way back",
            counted,
        );
        let mut credits = Check::new(
            "bank_credits_match_refunds",
            "each refunded purchase was credited once, for its price, each posted refund of a lot for its share, to its account, and each \
             account that a shop proved one won; nothing else was credited",
            counted,
        );
        let mut accounts = Check::new(
            "partners_are_debited_themselves",
            "each debit of a purchase through a partner was made on that partner's account",
            counted,
        );
        let mut payouts = Check::new(
            "bank_credits_match_payouts",
            "each try of a payout that is done was credited once, with its amount, to its account; none that was rejected was",
            counted,
        );
        let checks = [&mut debits, &mut credits, &mut accounts];
        let read = self.compare_purchases(connection, report, checks, late_refund_hours, now_ms);
        read.await.map_err(|source| Error::Check { check: "bank", source })?;
        let read = self.compare_payouts(connection, &mut payouts);
        read.await.map_err(|source| Error::Check { check: "bank", source })?;
        let read = self.compare_refunds(connection, report, &mut credits, now_ms);
        read.await.map_err(|source| Error::Check { check: "bank", source })?;
        let read = self.compare_one_wons(connection, &mut credits);
        read.await.map_err(|source| Error::Check { check: "bank", source })?;
        let mut strays: Vec<_> = self.movements.iter().filter(|(_, movements)| !movements.is_newer).collect();
        strays.sort_by_key(|(id, _)| *id);
        for (id, movements) in strays {
            let row = || format!("bank transaction {}", id_text(id));
            let words = |count, way| format!("{count} {way}, but there is no such purchase, payout or refund, nor an account to prove");
            if movements.debits > 0 {
                debits.violation(|| Violation { row: row(), amount: movements.debited, words: words(movements.debits, "debits") });
            }
            if movements.credits > 0 {
                credits.violation(|| Violation { row: row(), amount: movements.credited, words: words(movements.credits, "credits") });
            }
        }
        report.checks.extend([debits, credits, accounts, payouts]);
        Ok(())
    }

    /// Takes each payout's movements out of the map.
    async fn compare_payouts(&mut self, connection: &mut AnyConnection, payouts: &mut Check) -> Result<(), sqlx::Error> {
        let select = "SELECT t.id, t.state, t.account, p.amount FROM payout_try t JOIN payout p ON p.id = t.payout_id ORDER BY t.id";
        let mut rows = sqlx::query(select).fetch(connection);
        while let Some(row) = rows.try_next().await? {
            let (id, state, account): (Vec<u8>, String, String) = (row.try_get("id")?, row.try_get("state")?, row.try_get("account")?);
            let amount: i64 = row.try_get("amount")?;
            let moved = self.movements.remove(&id).unwrap_or_default();
            let due = match state.as_str() {
                "done" => Due::Must,
                "rejected" => Due::MustNot,
                _ => Due::May,
            };
            let is_elsewhere = moved.credits > 0 && moved.credited_to != account;
            if !due.fits(moved.credits, moved.credited, amount) || moved.debits > 0 || is_elsewhere {
                let words = format!(
                    "{state}: {} credits of {} won to {}; the payout is {amount} won to {account}",
                    moved.credits, moved.credited, moved.credited_to
                );
                let expected = if due == Due::Must { amount } else { 0 };
                let row = format!("payout's try {}", id_text(&id));
                payouts.violation(|| Violation { row, amount: moved.credited - expected, words });
            }
        }
        Ok(())
    }

    /// Takes each refund's movements out of the map.
    async fn compare_refunds(
        &mut self,
        connection: &mut AnyConnection,
        report: &mut Report,
        credits: &mut Check,
        now_ms: i64,
    ) -> Result<(), sqlx::Error> {
        let mut rows = sqlx::query("SELECT id, state, account, paid FROM refund ORDER BY id").fetch(connection);
        while let Some(row) = rows.try_next().await? {
            let (id, state, account): (Vec<u8>, String, String) = (row.try_get("id")?, row.try_get("state")?, row.try_get("account")?);
            let paid: i64 = row.try_get("paid")?;
            let moved = self.movements.remove(&id).unwrap_or_default();
            let due = match state.as_str() {
                "posted" => Due::Must,
                "voided" => Due::MustNot,
                _ => Due::May,
            };
            let name = || format!("refund {}", id_text(&id));
            let is_elsewhere = moved.credits > 0 && moved.credited_to != account;
            if !due.fits(moved.credits, moved.credited, paid) || moved.debits > 0 || is_elsewhere {
                let words = format!(
                    "{state}: {} credits of {} won to {}; the refund is {paid} won to {account}",
                    moved.credits, moved.credited, moved.credited_to
                );
                let expected = if due == Due::Must { paid } else { 0 };
                credits.violation(|| Violation { row: name(), amount: moved.credited - expected, words });
            } else if due == Due::May && moved.credits > 0 {
                let age_s = (now_ms - moved.last_at).max(0) / 1_000;
                report.note(Note { row: name(), amount: paid, age_s, words: format!("{state}, but credited at the bank") });
            }
        }
        Ok(())
    }

    /// One won that was sent to prove an account: credited once where the bank said so or the code was right, never where it refused.
    async fn compare_one_wons(&mut self, connection: &mut AnyConnection, credits: &mut Check) -> Result<(), sqlx::Error> {
        let mut rows = sqlx::query("SELECT id, state FROM payout_check ORDER BY id").fetch(connection);
        while let Some(row) = rows.try_next().await? {
            let (id, state): (Vec<u8>, String) = (row.try_get("id")?, row.try_get("state")?);
            let Movements { credits: count, credited, debits, is_newer, .. } = self.movements.remove(&id).unwrap_or_default();
            let due = match state.as_str() {
                "sent" | "verified" => Due::Must,
                "rejected" if !is_newer => Due::MustNot,
                _ => Due::May,
            };
            if debits > 0 || !due.fits(count, credited, 1) {
                let words = format!("{state}: {count} credits of {credited} won at the bank");
                credits.violation(|| Violation { row: format!("one won {}", id_text(&id)), amount: credited - 1, words });
            }
        }
        Ok(())
    }

    /// Takes each purchase's movements out of the map; what is left in it belongs to none.
    async fn compare_purchases(
        &mut self,
        connection: &mut AnyConnection,
        report: &mut Report,
        [debits, credits, accounts]: [&mut Check; 3],
        late_refund_hours: i64,
        now_ms: i64,
    ) -> Result<(), sqlx::Error> {
        let mut rows = sqlx::query("SELECT purchase.id, state, paid, partner.account FROM purchase LEFT JOIN partner ON partner.id = purchase.partner_id ORDER BY purchase.id").fetch(connection);
        while let Some(row) = rows.try_next().await? {
            let (id, state, paid): (Vec<u8>, String, i64) = (row.try_get("id")?, row.try_get("state")?, row.try_get("paid")?);
            let moved = self.movements.remove(&id).unwrap_or_default();
            let partners: Option<String> = row.try_get("account")?;
            let name = || format!("purchase {}", id_text(&id));
            if let Some(account) = partners.filter(|account| moved.debits > 0 && *account != moved.debited_from) {
                let words = format!("debited from {}, the partner's account is {account}", moved.debited_from);
                accounts.violation(|| Violation { row: name(), amount: moved.debited, words });
            }
            let age_s = (now_ms - moved.last_at).max(0) / 1_000;
            let Movements { debits: debit_count, debited, credits: credit_count, credited, is_newer, .. } = moved;
            let (debit_due, credit_due) = match state.as_str() {
                "posted" => (Due::Must, Due::MustNot),
                "refunding" => (Due::Must, Due::May),
                "refunded" => (Due::Must, Due::Must),
                "voided" if is_newer || age_s <= late_refund_hours.saturating_mul(3_600) => (Due::May, Due::MustNot),
                "voided" => (Due::MustNot, Due::MustNot),
                _ => (Due::May, Due::MustNot),
            };
            if !debit_due.fits(debit_count, debited, paid) {
                let words = format!("{state}: {debit_count} debits of {debited} won at the bank, the price is {paid} won");
                let expected = if debit_due == Due::Must { paid } else { 0 };
                debits.violation(|| Violation { row: name(), amount: debited - expected, words });
            } else if debit_due == Due::May && debit_count > 0 {
                report.note(Note { row: name(), amount: paid, age_s, words: format!("{state}, but debited at the bank") });
            }
            // A credit that is newer than the snapshot may be of a state that the snapshot does not know yet.
            let credit_due = if is_newer && credit_due == Due::MustNot { Due::May } else { credit_due };
            if !credit_due.fits(credit_count, credited, paid) {
                let words = format!("{state}: {credit_count} credits of {credited} won at the bank, the price is {paid} won");
                let expected = if credit_due == Due::Must { paid } else { 0 };
                credits.violation(|| Violation { row: name(), amount: credited - expected, words });
            }
        }
        Ok(())
    }
}

/// Whether the bank has moved the price once.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Due {
    Must,
    May,
    MustNot,
}

impl Due {
    fn fits(self, count: i64, amount: i64, price: i64) -> bool {
        let never = count == 0;
        let once = count == 1 && amount == price;
        match self {
            // Nothing is debited for what costs nothing.
            Due::Must => once || (never && price == 0),
            Due::May => once || never,
            Due::MustNot => never,
        }
    }
}

/// The 16 bytes of a UUID in its usual writing.
fn id_bytes(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b'-').collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Option<Vec<u8>> = digits.chunks(2).map(byte).collect();
    bytes.filter(|bytes| bytes.len() == 16)
}
