//! Devices on which a shop's pages are open: which sessions of its staff, seen when, and ended from afar. Ending one shuts the shop there
//! (its streams and pushes too) until somebody signs in anew; the person's own wallet is not the shop's to end.

use crate::db::Store;
use crate::error::Result;
use crate::row;
use crate::staff::StaffProof;
use domain::merchant::Role;
use domain::staff::StaffRefused;
use domain::{MerchantId, PersonId, SessionId, Timestamp};

/// Being seen is written at most this often.
const SEEN_EVERY_MS: i64 = 600_000;

/// A device of somebody of the staff. Personal: it does not debug.
#[derive(Clone, PartialEq, Eq)]
pub struct ShopDevice {
    pub session: SessionId,
    pub person: PersonId,
    pub name: String,
    pub role: Role,
    /// "Chrome · Android"
    pub device: String,
    pub first_at: Timestamp,
    /// To ten minutes.
    pub seen_at: Timestamp,
}

/// Whether a session may see a shop.
#[derive(Debug)]
pub enum OnDevice {
    Open(StaffProof),
    /// Staff, but on a device that was ended.
    Ended,
    /// No staff, or not of this rank.
    Stranger,
}

impl Store {
    /// As [`Store::staff`], on this device; and the device stands in the shop's list from now on.
    pub async fn staff_on(
        &self,
        person: PersonId,
        session: SessionId,
        shop: MerchantId,
        at_least: Role,
        now: Timestamp,
    ) -> Result<OnDevice> {
        let Some(proof) = self.staff(person, shop, at_least).await? else { return Ok(OnDevice::Stranger) };
        let now_ms = crate::millis(now);
        let select = sqlx::query("SELECT seen_at, ended_at FROM shop_device WHERE merchant_id = $1 AND session_id = $2").bind(shop.0);
        match select.bind(session.0).fetch_optional(self.reads()).await? {
            Some(row) if row::time_if_any(&row, "ended_at")?.is_some() => return Ok(OnDevice::Ended),
            Some(row) if now_ms - row::int(&row, "seen_at")? < SEEN_EVERY_MS => return Ok(OnDevice::Open(proof)),
            _ => {}
        }
        let mut write = self.write().await?;
        let upsert = "INSERT INTO shop_device (merchant_id, session_id, first_at, seen_at) VALUES ($1, $2, $3, $3) \
                      ON CONFLICT (merchant_id, session_id) DO UPDATE SET seen_at = excluded.seen_at";
        sqlx::query(upsert).bind(shop.0).bind(session.0).bind(now_ms).execute(write.tx()).await?;
        write.commit().await?;
        Ok(OnDevice::Open(proof))
    }

    /// Whether the shop was shut on this device, whoever holds it.
    pub async fn is_ended_on(&self, session: SessionId, shop: MerchantId) -> Result<bool> {
        let select = "SELECT 1 AS there FROM shop_device WHERE merchant_id = $1 AND session_id = $2 AND ended_at IS NOT NULL";
        Ok(sqlx::query(select).bind(shop.0).bind(session.0).fetch_optional(self.reads()).await?.is_some())
    }

    /// Devices that are open, last seen first; only those that whoever asks may end: an owner sees all, a cashier the own ones.
    pub async fn shop_devices(&self, by: &StaffProof, now: Timestamp) -> Result<Vec<ShopDevice>> {
        let select = "SELECT session.id, session.person_id, person.name, role, device, first_at, shop_device.seen_at FROM shop_device \
                      JOIN session ON session.id = shop_device.session_id JOIN person ON person.id = session.person_id \
                      JOIN staff ON staff.merchant_id = shop_device.merchant_id AND staff.person_id = session.person_id \
                      WHERE shop_device.merchant_id = $1 AND ended_at IS NULL AND session.expires_at > $2 \
                      ORDER BY shop_device.seen_at DESC, session.id DESC";
        let rows = sqlx::query(select).bind(by.merchant().0).bind(crate::millis(now)).fetch_all(self.reads()).await?;
        let device = |row: &sqlx::any::AnyRow| {
            Ok(ShopDevice {
                session: SessionId(row::int(row, "id")?),
                person: PersonId(row::int(row, "person_id")?),
                name: row::text(row, "name")?,
                role: row::parsed(row, "role", Role::parse)?,
                device: row::text(row, "device")?,
                first_at: row::time(row, "first_at")?,
                seen_at: row::time(row, "seen_at")?,
            })
        };
        let devices: Vec<ShopDevice> = rows.iter().map(device).collect::<Result<_>>()?;
        Ok(devices.into_iter().filter(|device| may_end(by, device.person, device.role)).collect())
    }

    /// Shuts the shop on one device.
    pub async fn end_shop_device(&self, by: &StaffProof, session: SessionId, now: Timestamp) -> Result<Result<(), StaffRefused>> {
        let select = "SELECT session.person_id, role FROM shop_device JOIN session ON session.id = shop_device.session_id \
                      JOIN staff ON staff.merchant_id = shop_device.merchant_id AND staff.person_id = session.person_id \
                      WHERE shop_device.merchant_id = $1 AND shop_device.session_id = $2";
        let mut write = self.write().await?;
        let found = sqlx::query(select).bind(by.merchant().0).bind(session.0).fetch_optional(write.tx()).await?;
        let refused = match found {
            None => Some(StaffRefused::NoSuchStaff),
            Some(row) => {
                let (person, role) = (PersonId(row::int(&row, "person_id")?), row::parsed(&row, "role", Role::parse)?);
                write.ends_something_of(person);
                (!may_end(by, person, role)).then_some(StaffRefused::NotYours)
            }
        };
        if let Some(refused) = refused {
            write.undo().await?;
            return Ok(Err(refused));
        }
        let update = "UPDATE shop_device SET ended_at = $3 WHERE merchant_id = $1 AND session_id = $2 AND ended_at IS NULL";
        sqlx::query(update).bind(by.merchant().0).bind(session.0).bind(crate::millis(now)).execute(write.tx()).await?;
        // Nothing is pushed there either.
        let pushed = sqlx::query("DELETE FROM push_subscription WHERE merchant_id = $1 AND session_id = $2");
        pushed.bind(by.merchant().0).bind(session.0).execute(write.tx()).await?;
        write.commit().await?;
        Ok(Ok(()))
    }
}

/// The own ones, and those of whoever is below; an owner's also by another owner: a lost tablet may be anybody's.
fn may_end(by: &StaffProof, person: PersonId, role: Role) -> bool {
    by.person() == person || by.role() == Role::Owner || by.role().may_change(role)
}
