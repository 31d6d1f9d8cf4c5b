//! The devices that listen for a shop: which one speaks, and what they say that they told.

use crate::db::Store;
use crate::error::Result;
use crate::plain;
use crate::row;
use crate::staff::StaffProof;
use crate::tries::{Outcome, Try, Way};
use domain::listening::{Ack, Claim, GONE_AFTER, Speaker, Told, Word, decide};
use domain::{DeviceId, MerchantId, Timestamp};
use sqlx::any::AnyRow;
use tokio::sync::broadcast;

const NAME_CHARS: usize = 30;
/// A device that has not been seen for so long is not listed any more.
const LISTED_MS: i64 = 120_000;
/// And after so long it is forgotten: each private window is a device of its own.
const FORGOTTEN_MS: i64 = 86_400_000;

/// What a device says of itself.
#[derive(Clone, Debug)]
pub struct Listening {
    /// As the shop calls it: "카운터 태블릿".
    pub name: String,
    pub word: Word,
}

/// The device that speaks for a shop from now on; `None`: the one that did has stopped, and whoever asks next speaks.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Speaks {
    pub merchant: MerchantId,
    pub device: Option<DeviceId>,
}

/// What it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listened {
    pub speaks: bool,
    /// Who speaks, by name; nobody when the speaker's sound is off or it is gone.
    pub speaker: Option<String>,
    /// The shop has heard everything up to this number: whoever speaks goes on after it.
    pub heard: i64,
    /// What this device has to say itself, whoever speaks now.
    pub claim: Claim,
}

impl Store {
    /// A device is there, and wants to speak or not. Who speaks is decided under the row of the shop, so that two never do.
    pub async fn listen(&self, by: &StaffProof, listening: &Listening, now: Timestamp) -> Result<Listened> {
        let (shop, device, now_ms) = (by.merchant(), listening.word.device, crate::millis(now));
        let name = plain::line(&listening.name, NAME_CHARS);
        let newest = self.last_number(shop).await?;
        let mut write = self.write().await?;
        let here = "INSERT INTO listener (merchant_id, device, name, person_id, seen_at) VALUES ($1, $2, $3, $4, $5) \
                    ON CONFLICT (merchant_id, device) DO UPDATE SET name = excluded.name, person_id = excluded.person_id, seen_at = excluded.seen_at \
                    RETURNING claim_after, claim_up_to";
        let here = sqlx::query(here).bind(shop.0).bind(device.uuid().as_bytes().to_vec()).bind(name);
        let here = here.bind(by.person().0).bind(now_ms).fetch_one(write.tx()).await?;
        let held = Claim { after: row::int(&here, "claim_after")?, up_to: row::int(&here, "claim_up_to")? };
        let old = sqlx::query("DELETE FROM listener WHERE merchant_id = $1 AND seen_at < $2");
        old.bind(shop.0).bind(now_ms - FORGOTTEN_MS).execute(write.tx()).await?;
        // The first one makes the row, so that whoever comes at the same moment waits here.
        let first = "INSERT INTO speaker (merchant_id, device, heard, seen_at) VALUES ($1, $2, $3, 0) \
                     ON CONFLICT (merchant_id) DO UPDATE SET heard = speaker.heard";
        let first = sqlx::query(first)
            .bind(shop.0)
            .bind(device.uuid().as_bytes().to_vec())
            .bind(listening.word.heard.or(listening.word.seen).unwrap_or(newest).clamp(0, newest));
        first.execute(write.tx()).await?;
        let select = sqlx::query("SELECT device, heard, seen_at FROM speaker WHERE merchant_id = $1").bind(shop.0);
        let current = speaker(&select.fetch_one(write.tx()).await?)?;
        let then = decide(Some(current), listening.word, newest, now).unwrap_or(current);
        if then != current {
            let update = "UPDATE speaker SET device = $2, heard = $3, seen_at = $4 WHERE merchant_id = $1";
            let update = sqlx::query(update).bind(shop.0).bind(then.device.uuid().as_bytes().to_vec()).bind(then.heard);
            update.bind(crate::millis(then.seen_at)).execute(write.tx()).await?;
        }
        let claim = held.then(Some(current), listening.word, newest);
        if claim != held {
            let update = "UPDATE listener SET claim_after = $3, claim_up_to = $4 WHERE merchant_id = $1 AND device = $2";
            let update = sqlx::query(update).bind(shop.0).bind(device.uuid().as_bytes().to_vec());
            update.bind(claim.after).bind(claim.up_to).execute(write.tx()).await?;
        }
        write.commit().await?;
        let speaking = |speaker: Speaker| (speaker.seen_at + GONE_AFTER > now).then_some(speaker.device);
        if speaking(then) != speaking(current) {
            // Nobody may be listening to it.
            let _ = self.speakers().send(Speaks { merchant: shop, device: speaking(then) });
        }
        let is_there = speaking(then).is_some();
        let speaks = speaking(then) == Some(device);
        let speaker = if is_there { self.listener_name(shop, then.device).await? } else { None };
        Ok(Listened { speaks, speaker, heard: then.heard, claim })
    }

    /// Each change of who speaks that is made at this node, after its commit.
    pub fn hear_of_speakers(&self) -> broadcast::Receiver<Speaks> {
        self.speakers().subscribe()
    }

    /// What a device says that it told. Numbers that are no notices of the shop are left out.
    pub async fn acknowledge(&self, by: &StaffProof, device: &str, acks: &[Ack], now: Timestamp) -> Result<()> {
        let (Some(first), Some(last)) = (acks.iter().map(|ack| ack.number).min(), acks.iter().map(|ack| ack.number).max()) else {
            return Ok(());
        };
        let select = "SELECT number, at FROM notice WHERE merchant_id = $1 AND number BETWEEN $2 AND $3 ORDER BY number DESC LIMIT $4";
        let select = sqlx::query(select).bind(by.merchant().0).bind(first).bind(last);
        let most = i64::try_from(domain::listening::ACKS_MOST).unwrap_or(i64::MAX);
        let mut tries = Vec::new();
        for row in &select.bind(most).fetch_all(self.reads()).await? {
            let (number, at) = (row::int(row, "number")?, row::time(row, "at")?);
            for ack in acks.iter().filter(|ack| ack.number == number) {
                let way = match ack.told {
                    Told::Spoken => Way::Spoken,
                    Told::Shown => Way::Shown,
                };
                let after_ms = crate::millis(now) - crate::millis(at) - ack.waited_ms;
                let device = plain::line(device, NAME_CHARS);
                tries.push(Try { merchant: by.merchant(), number, way, device, outcome: Outcome::Done, at: now, after_ms });
            }
        }
        self.record_tries(&tries).await
    }

    /// The devices that listen, the ones seen last first: their names, when they were seen, and whether they speak.
    pub async fn listeners(&self, by: &StaffProof, now: Timestamp) -> Result<Vec<(String, Timestamp, bool)>> {
        let select = "SELECT listener.name, listener.seen_at, CASE WHEN speaker.device = listener.device AND speaker.seen_at > $3 THEN 1 ELSE 0 END AS speaks \
                      FROM listener LEFT JOIN speaker ON speaker.merchant_id = listener.merchant_id \
                      WHERE listener.merchant_id = $1 AND listener.seen_at > $2 ORDER BY listener.seen_at DESC, listener.device LIMIT 20";
        let select = sqlx::query(select).bind(by.merchant().0).bind(crate::millis(now) - LISTED_MS);
        let gone = crate::millis(now - GONE_AFTER);
        let rows = select.bind(gone).fetch_all(self.reads()).await?;
        rows.iter().map(|row| Ok((row::text(row, "name")?, row::time(row, "seen_at")?, row::int(row, "speaks")? == 1))).collect()
    }

    async fn listener_name(&self, shop: MerchantId, device: DeviceId) -> Result<Option<String>> {
        let select = sqlx::query("SELECT name FROM listener WHERE merchant_id = $1 AND device = $2");
        let row = select.bind(shop.0).bind(device.uuid().as_bytes().to_vec()).fetch_optional(self.reads()).await?;
        row.as_ref().map(|row| row::text(row, "name")).transpose()
    }
}

fn speaker(row: &AnyRow) -> Result<Speaker> {
    let device = DeviceId::from_bytes(&row::bytes(row, "device")?).map_err(|_| row::damaged("speaker.device"))?;
    Ok(Speaker { device, heard: row::int(row, "heard")?, seen_at: row::time(row, "seen_at")? })
}
