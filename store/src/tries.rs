//! Each try to tell a shop of a notice: spoken, shown, pushed, sent by SMS. Kept so that a shop can see how it heard of a payment, and so
//! that what nobody heard goes the next way.

use crate::db::Store;
use crate::error::Result;
use crate::plain;
use crate::row;
use domain::calendar::{Day, in_seoul};
use domain::notice::Event;
use domain::{MerchantId, PaymentId, Timestamp};
use sqlx::any::AnyRow;
use std::collections::BTreeSet;

const DEVICE_CHARS: usize = 60;

/// How a shop was told.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Way {
    Spoken,
    Shown,
    Push,
    Sms,
}

impl Way {
    pub const ALL: [Way; 4] = [Way::Spoken, Way::Shown, Way::Push, Way::Sms];

    pub fn as_str(self) -> &'static str {
        match self {
            Way::Spoken => "spoken",
            Way::Shown => "shown",
            Way::Push => "push",
            Way::Sms => "sms",
        }
    }

    pub fn parse(text: &str) -> Option<Way> {
        Way::ALL.into_iter().find(|way| way.as_str() == text)
    }
}

/// What came of a try.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A device said that it did.
    Done,
    /// Given to a service outside that delivers it.
    Sent,
    Failed,
}

impl Outcome {
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Done => "done",
            Outcome::Sent => "sent",
            Outcome::Failed => "failed",
        }
    }

    pub fn parse(text: &str) -> Option<Outcome> {
        [Outcome::Done, Outcome::Sent, Outcome::Failed].into_iter().find(|outcome| outcome.as_str() == text)
    }
}

/// A try to tell a shop of one notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Try {
    pub merchant: MerchantId,
    /// Of the notice.
    pub number: i64,
    pub way: Way,
    /// As it is named to people: "카운터 태블릿".
    pub device: String,
    pub outcome: Outcome,
    pub at: Timestamp,
    /// Since the payment.
    pub after_ms: i64,
}

impl Store {
    /// Keeps tries, all in one transaction. The first outcome of a way and device stands, but a failure gives way to what came later.
    pub async fn record_tries(&self, tries: &[Try]) -> Result<()> {
        if tries.is_empty() {
            return Ok(());
        }
        let mut write = self.write().await?;
        for one in tries {
            let upsert = "INSERT INTO notice_try (merchant_id, number, way, device, outcome, at, after_ms) VALUES ($1, $2, $3, $4, $5, $6, $7) \
                          ON CONFLICT (merchant_id, number, way, device) DO UPDATE \
                          SET outcome = excluded.outcome, at = excluded.at, after_ms = excluded.after_ms WHERE notice_try.outcome = 'failed'";
            let upsert = sqlx::query(upsert).bind(one.merchant.0).bind(one.number).bind(one.way.as_str());
            let upsert = upsert.bind(plain::line(&one.device, DEVICE_CHARS)).bind(one.outcome.as_str());
            upsert.bind(crate::millis(one.at)).bind(one.after_ms.max(0)).execute(write.tx()).await?;
        }
        write.commit().await
    }

    /// The tries to tell of one notice, in the order in which they were made.
    pub async fn tries_of(&self, merchant: MerchantId, number: i64) -> Result<Vec<Try>> {
        let select = "SELECT merchant_id, number, way, device, outcome, at, after_ms FROM notice_try \
                      WHERE merchant_id = $1 AND number = $2 ORDER BY at, way, device";
        let rows = sqlx::query(select).bind(merchant.0).bind(number).fetch_all(self.reads()).await?;
        rows.iter().map(a_try).collect()
    }

    /// The tries to tell of a payment, and of what was cancelled of it, in the order in which they were made. `moments`: when it was paid
    /// and cancelled; a shop's notices are found by the hour, not by the payment.
    pub async fn tries_of_payment(&self, merchant: MerchantId, payment: PaymentId, moments: &[Timestamp]) -> Result<Vec<(Event, Try)>> {
        let mut ranges = BTreeSet::new();
        for moment in moments {
            let select = "SELECT first_number, last_number FROM shop_hour WHERE merchant_id = $1 AND day = $2 AND hour = $3";
            let select = sqlx::query(select).bind(merchant.0).bind(i64::from(Day::of(*moment).0));
            let hour = i64::from(in_seoul(*moment).hour());
            if let Some(row) = select.bind(hour).fetch_optional(self.reads()).await? {
                ranges.insert((row::int(&row, "first_number")?, row::int(&row, "last_number")?));
            }
        }
        // What is not counted by the hour yet.
        let select = sqlx::query("SELECT COALESCE(MAX(number), 0) AS number FROM shop_tally WHERE merchant_id = $1").bind(merchant.0);
        ranges.insert((row::int(&select.fetch_one(self.reads()).await?, "number")? + 1, i64::MAX));
        let mut tries = Vec::new();
        for (first, last) in ranges {
            let select = "SELECT t.merchant_id, t.number, t.way, t.device, t.outcome, t.at, t.after_ms, n.event FROM notice n \
                          JOIN notice_try t ON t.merchant_id = n.merchant_id AND t.number = n.number \
                          WHERE n.merchant_id = $1 AND n.number >= $2 AND n.number <= $3 AND n.payment_id = $4";
            let select = sqlx::query(select).bind(merchant.0).bind(first).bind(last).bind(payment.uuid().as_bytes().to_vec());
            for row in &select.fetch_all(self.reads()).await? {
                tries.push((row::parsed(row, "event", Event::parse)?, a_try(row)?));
            }
        }
        tries.sort_by(|(_, one), (_, other)| (one.at, one.number, &one.device).cmp(&(other.at, other.number, &other.device)));
        Ok(tries)
    }

    /// Did a device say that the shop has heard or seen this notice?
    pub async fn was_acknowledged(&self, merchant: MerchantId, number: i64) -> Result<bool> {
        let select = "SELECT 1 FROM notice_try WHERE merchant_id = $1 AND number = $2 AND outcome = 'done' LIMIT 1";
        Ok(sqlx::query(select).bind(merchant.0).bind(number).fetch_optional(self.reads()).await?.is_some())
    }
}

fn a_try(row: &AnyRow) -> Result<Try> {
    Ok(Try {
        merchant: MerchantId(row::int(row, "merchant_id")?),
        number: row::int(row, "number")?,
        way: row::parsed(row, "way", Way::parse)?,
        device: row::text(row, "device")?,
        outcome: row::parsed(row, "outcome", Outcome::parse)?,
        at: row::time(row, "at")?,
        after_ms: row::int(row, "after_ms")?,
    })
}
