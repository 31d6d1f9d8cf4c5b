//! Devices of a shop's staff that are pushed to. What a browser gave us (where to send, and its keys) is kept encrypted: whoever has it
//! could write to the device. A subscription ends with its session and with the job in the shop; both are asked about again each time
//! somebody is to be told.

use crate::db::Store;
use crate::error::{Error, Result};
use crate::keys::Purpose;
use crate::people::Language;
use crate::plain;
use crate::row;
use crate::sealed;
use crate::staff::StaffProof;
use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use domain::merchant::Role;
use domain::merchant_number::MerchantNumber;
use domain::partner::{Endpoint, Loopback};
use domain::push::{DEVICES_MOST, ENDPOINT_CHARS_MAX, FAILING_MOST_MS, FAILURES_MOST};
use domain::{MerchantId, PersonId, SessionId, Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

const DEVICE_CHARS: usize = 80;
/// Shops that one statement asks about.
const AT_ONCE: usize = 100;
/// Browsers leave the padding out; nobody is refused for writing it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent).with_encode_padding(false),
);

/// What a browser says of itself when it agrees to be pushed to (RFC 8030, 8291). Personal: it does not debug.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    pub endpoint: Endpoint,
    /// A point on P-256, uncompressed: 65 bytes.
    pub p256dh: Vec<u8>,
    /// 16 bytes.
    pub auth: Vec<u8>,
}

impl Subscription {
    /// As browsers give it, keys in base64url. `None`: nothing that could be pushed to, or an address that nobody may send us to.
    pub fn parse(endpoint: &str, p256dh: &str, auth: &str, loopback: Loopback) -> Option<Subscription> {
        let endpoint = Endpoint::parse_within(ENDPOINT_CHARS_MAX, endpoint, loopback)?;
        let decode = |text: &str| BASE64.decode(text.trim()).ok();
        let p256dh = decode(p256dh).filter(|key| key.len() == 65 && key[0] == 4)?;
        let auth = decode(auth).filter(|auth| auth.len() == 16)?;
        Some(Subscription { endpoint, p256dh, auth })
    }
}

impl std::fmt::Debug for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Subscription")
    }
}

/// A device of the staff, as the shop's list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushDevice {
    pub id: i64,
    pub person: PersonId,
    /// Of the person.
    pub name: String,
    /// "Chrome · Android"
    pub device: String,
    pub session: SessionId,
    /// Its push service has not taken the last messages.
    pub is_failing: bool,
    pub created_at: Timestamp,
}

/// Where and how to push to one device of a shop.
#[derive(Clone, Debug)]
pub struct PushTarget {
    pub id: i64,
    pub merchant: MerchantId,
    pub number: MerchantNumber,
    pub shop: String,
    /// "김서울 · Chrome · Android": as the shop's tries name it.
    pub device: String,
    pub language: Language,
    pub subscription: Subscription,
    pub is_failing: bool,
}

impl Store {
    /// The secret of the key that push services know us by (VAPID): the same on each node. Nearly every 32 bytes are one; for those that
    /// are none there is the next round.
    pub fn vapid_secret(&self, round: u8) -> [u8; 32] {
        self.keys().hash(Purpose::Vapid, &[&[round]])
    }

    /// The topic of a shop's messages (RFC 8030): tells a push service which replaces which, and not whose they are. 32 characters.
    pub fn push_topic(&self, merchant: MerchantId) -> String {
        BASE64.encode(&self.keys().hash(Purpose::PushTopic, &[&merchant.0.to_be_bytes()])[..24])
    }

    /// From now on this browser is pushed to when something is paid in the shop. Again is the same. The oldest of many devices of
    /// one person makes way.
    pub async fn subscribe_push(
        &self,
        by: &StaffProof,
        session: SessionId,
        device: &str,
        subscription: &Subscription,
        now: Timestamp,
    ) -> Result<i64> {
        let sealed = self.sealed_subscription(by.merchant().0, subscription)?;
        let hash = self.subscription_hash(subscription);
        let mut write = self.write().await?;
        let upsert = "INSERT INTO push_subscription (id, merchant_id, person_id, session_id, device, endpoint_hash, sealed, created_at) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (merchant_id, endpoint_hash) DO UPDATE \
                      SET person_id = excluded.person_id, session_id = excluded.session_id, device = excluded.device, \
                          sealed = excluded.sealed, failed_count = 0, failing_since = NULL RETURNING id";
        let upsert = sqlx::query(upsert).bind(self.next_id(now)).bind(by.merchant().0).bind(by.person().0).bind(session.0);
        let upsert = upsert.bind(plain::line(device, DEVICE_CHARS)).bind(hash).bind(sealed).bind(crate::millis(now));
        let id = row::int(&upsert.fetch_one(write.tx()).await?, "id")?;
        let tidy = "DELETE FROM push_subscription WHERE merchant_id = $1 AND person_id = $2 AND id <> $3 AND id NOT IN \
                    (SELECT id FROM push_subscription WHERE merchant_id = $1 AND person_id = $2 ORDER BY id DESC LIMIT $4)";
        let tidy = sqlx::query(tidy).bind(by.merchant().0).bind(by.person().0).bind(id).bind(DEVICES_MOST);
        tidy.execute(write.tx()).await?;
        write.commit().await?;
        Ok(id)
    }

    /// A browser's push service has given it another address: every shop that was told the old one in this session is told the new one. How
    /// many shops.
    pub async fn renew_push(&self, session: SessionId, subscription: &Subscription) -> Result<usize> {
        let hash = self.subscription_hash(subscription);
        let mut write = self.write().await?;
        let select = sqlx::query("SELECT id, merchant_id FROM push_subscription WHERE session_id = $1 ORDER BY id").bind(session.0);
        let mine = select.fetch_all(write.tx()).await?;
        for row in &mine {
            let (id, merchant) = (row::int(row, "id")?, row::int(row, "merchant_id")?);
            // One row a shop and address: another one of this browser makes way.
            let same = sqlx::query("DELETE FROM push_subscription WHERE merchant_id = $1 AND endpoint_hash = $2 AND id <> $3");
            same.bind(merchant).bind(hash.clone()).bind(id).execute(write.tx()).await?;
            let update =
                "UPDATE push_subscription SET endpoint_hash = $2, sealed = $3, failed_count = 0, failing_since = NULL WHERE id = $1";
            let update = sqlx::query(update).bind(id).bind(hash.clone()).bind(self.sealed_subscription(merchant, subscription)?);
            update.execute(write.tx()).await?;
        }
        write.commit().await?;
        Ok(mine.len())
    }

    fn sealed_subscription(&self, merchant: i64, subscription: &Subscription) -> Result<Vec<u8>> {
        let text = serde_json::to_vec(subscription).map_err(Error::damaged)?;
        sealed::seal(self.keys(), Purpose::PushSubscription, merchant, &text)
    }

    fn subscription_hash(&self, subscription: &Subscription) -> Vec<u8> {
        self.keys().hash(Purpose::PushSubscription, &[subscription.endpoint.as_str().as_bytes()]).to_vec()
    }

    /// Each ends the own devices; managers and owners anybody's. `false`: there is no such device, or it is not in their power.
    pub async fn unsubscribe_push(&self, by: &StaffProof, id: i64) -> Result<bool> {
        let mut write = self.write().await?;
        let delete = "DELETE FROM push_subscription WHERE id = $1 AND merchant_id = $2 AND (person_id = $3 OR $4 = 1)";
        let delete = sqlx::query(delete).bind(id).bind(by.merchant().0).bind(by.person().0);
        let deleted = delete.bind(i64::from(by.role() >= Role::Manager)).execute(write.tx()).await?.rows_affected();
        write.commit().await?;
        Ok(deleted > 0)
    }

    /// The devices of a shop that are pushed to, the newest first: all of them for managers and owners, else the own.
    pub async fn push_devices(&self, by: &StaffProof, now: Timestamp) -> Result<Vec<PushDevice>> {
        let select = "SELECT u.id, u.person_id, u.session_id, u.device, u.failed_count, u.created_at, p.name FROM push_subscription u \
                      JOIN person p ON p.id = u.person_id JOIN session s ON s.id = u.session_id \
                      WHERE u.merchant_id = $1 AND (u.person_id = $2 OR $3 = 1) AND s.expires_at > $4 ORDER BY u.id DESC";
        let select = sqlx::query(select).bind(by.merchant().0).bind(by.person().0).bind(i64::from(by.role() >= Role::Manager));
        let rows = select.bind(crate::millis(now)).fetch_all(self.reads()).await?;
        let device = |row: &AnyRow| -> Result<PushDevice> {
            Ok(PushDevice {
                id: row::int(row, "id")?,
                person: PersonId(row::int(row, "person_id")?),
                name: row::text(row, "name")?,
                device: row::text(row, "device")?,
                session: SessionId(row::int(row, "session_id")?),
                is_failing: row::int(row, "failed_count")? > 0,
                created_at: row::time(row, "created_at")?,
            })
        };
        rows.iter().map(device).collect()
    }

    /// The devices to push to for these shops: those of people who work there now and are still signed in on them.
    pub async fn push_targets(&self, merchants: &[MerchantId], now: Timestamp) -> Result<Vec<PushTarget>> {
        let select = format!(
            "SELECT u.id, u.merchant_id, u.device, u.sealed, u.failed_count, p.name, m.language, o.number, o.name AS shop \
             FROM push_subscription u JOIN merchant o ON o.id = u.merchant_id \
             JOIN staff w ON w.merchant_id = u.merchant_id AND w.person_id = u.person_id \
             JOIN session s ON s.id = u.session_id AND s.person_id = u.person_id AND s.expires_at > $1 \
             JOIN person p ON p.id = u.person_id JOIN member m ON m.person_id = u.person_id \
             WHERE u.merchant_id IN {} ORDER BY u.id",
            row::list(2, AT_ONCE)
        );
        let mut targets = Vec::new();
        for some in merchants.chunks(AT_ONCE) {
            // One statement for any number of shops: nobody is shop -1.
            let padded = some.iter().map(|merchant| merchant.0).chain(std::iter::repeat(-1)).take(AT_ONCE);
            let query = sqlx::query(AssertSqlSafe(select.as_str())).bind(crate::millis(now));
            let rows = padded.fold(query, |query, merchant| query.bind(merchant)).fetch_all(self.reads()).await?;
            for row in &rows {
                targets.push(self.push_target(row)?);
            }
        }
        Ok(targets)
    }

    fn push_target(&self, row: &AnyRow) -> Result<PushTarget> {
        let merchant = MerchantId(row::int(row, "merchant_id")?);
        let text = sealed::unseal(self.keys(), Purpose::PushSubscription, merchant.0, &row::bytes(row, "sealed")?)?;
        let (name, device) = (row::text(row, "name")?, row::text(row, "device")?);
        Ok(PushTarget {
            id: row::int(row, "id")?,
            merchant,
            number: row::parsed(row, "number", |text| MerchantNumber::parse(text).ok())?,
            shop: row::text(row, "shop")?,
            device: if device.is_empty() { name } else { format!("{name} · {device}") },
            language: row::parsed(row, "language", Language::parse)?,
            subscription: serde_json::from_slice(&text).map_err(|_| row::damaged("sealed"))?,
            is_failing: row::int(row, "failed_count")? > 0,
        })
    }

    /// A push service says that a subscription is over. `true` when it was forgotten just now.
    pub async fn push_gone(&self, id: i64) -> Result<bool> {
        let mut write = self.write().await?;
        let deleted = sqlx::query("DELETE FROM push_subscription WHERE id = $1").bind(id).execute(write.tx()).await?.rows_affected();
        write.commit().await?;
        Ok(deleted > 0)
    }

    /// A push service took no message for this device. `true`: it has been so for days, and the subscription was given up.
    pub async fn push_failed(&self, id: i64, now: Timestamp) -> Result<bool> {
        let now_ms = crate::millis(now);
        let mut write = self.write().await?;
        let update =
            "UPDATE push_subscription SET failed_count = failed_count + 1, failing_since = COALESCE(failing_since, $2) WHERE id = $1";
        sqlx::query(update).bind(id).bind(now_ms).execute(write.tx()).await?;
        let delete = "DELETE FROM push_subscription WHERE id = $1 AND failed_count >= $2 AND failing_since <= $3";
        let delete = sqlx::query(delete).bind(id).bind(FAILURES_MOST).bind(now_ms - FAILING_MOST_MS);
        let deleted = delete.execute(write.tx()).await?.rows_affected();
        write.commit().await?;
        Ok(deleted > 0)
    }

    /// It took one again.
    pub async fn push_arrived(&self, id: i64) -> Result<()> {
        let mut write = self.write().await?;
        let update = "UPDATE push_subscription SET failed_count = 0, failing_since = NULL WHERE id = $1";
        sqlx::query(update).bind(id).execute(write.tx()).await?;
        write.commit().await
    }
}
