//! What a shop wants about being told while nobody looks: SMS or none, whose phone, and when it is quiet.

use crate::db::Store;
use crate::error::Result;
use crate::row;
use crate::staff::StaffProof;
use domain::merchant::Role;
use domain::missed::Quiet;
use domain::{MerchantId, PersonId, Timestamp};
use sqlx::Row;
use sqlx::any::AnyRow;

/// A shop that never said anything has [`AlertSetting::USUAL`].
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct AlertSetting {
    /// An SMS for what no device acknowledged.
    pub sms: bool,
    /// Whose phone; `None`: the owner's.
    pub person: Option<PersonId>,
    pub quiet: Quiet,
}

impl AlertSetting {
    pub const USUAL: AlertSetting = AlertSetting { sms: true, person: None, quiet: Quiet::USUAL };
}

/// Of one alias `alert`, joined from the left.
pub(crate) fn setting(row: &AnyRow) -> Result<AlertSetting> {
    let int = |column: &str| -> Result<Option<i64>> { Ok(row.try_get(column)?) };
    let (Some(sms), Some(from), Some(to)) = (int("sms")?, int("quiet_from")?, int("quiet_to")?) else {
        return Ok(AlertSetting::USUAL);
    };
    let quiet = u16::try_from(from).ok().zip(u16::try_from(to).ok()).and_then(|(from, to)| Quiet::new(from, to));
    Ok(AlertSetting { sms: sms != 0, person: int("sms_person_id")?.map(PersonId), quiet: quiet.ok_or_else(|| row::damaged("quiet_from"))? })
}

impl Store {
    pub async fn alert_setting(&self, merchant: MerchantId) -> Result<AlertSetting> {
        let select = "SELECT sms, sms_person_id, quiet_from, quiet_to FROM alert WHERE merchant_id = $1";
        let row = sqlx::query(select).bind(merchant.0).fetch_optional(self.reads()).await?;
        row.as_ref().map_or(Ok(AlertSetting::USUAL), setting)
    }

    /// `false`: only managers and owners choose, and only among the shop's own staff.
    pub async fn set_alert(&self, by: &StaffProof, setting: AlertSetting, now: Timestamp) -> Result<bool> {
        if by.role() < Role::Manager {
            return Ok(false);
        }
        let mut write = self.write().await?;
        if let Some(person) = setting.person {
            let select = sqlx::query("SELECT 1 FROM staff WHERE merchant_id = $1 AND person_id = $2");
            if select.bind(by.merchant().0).bind(person.0).fetch_optional(write.tx()).await?.is_none() {
                write.undo().await?;
                return Ok(false);
            }
        }
        let upsert = "INSERT INTO alert (merchant_id, sms, sms_person_id, quiet_from, quiet_to, changed_by, changed_at) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (merchant_id) DO UPDATE SET sms = excluded.sms, \
                      sms_person_id = excluded.sms_person_id, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to, \
                      changed_by = excluded.changed_by, changed_at = excluded.changed_at";
        let upsert = sqlx::query(upsert).bind(by.merchant().0).bind(i64::from(setting.sms)).bind(setting.person.map(|person| person.0));
        let upsert = upsert.bind(i64::from(setting.quiet.from())).bind(i64::from(setting.quiet.to())).bind(by.person().0);
        upsert.bind(crate::millis(now)).execute(write.tx()).await?;
        write.commit().await?;
        Ok(true)
    }

    /// Who could be sent an SMS: everybody who works in the shop, by name, owners first.
    pub async fn alert_people(&self, by: &StaffProof) -> Result<Vec<(PersonId, String, Role)>> {
        let select = "SELECT w.person_id, w.role, p.name FROM staff w JOIN person p ON p.id = w.person_id \
                      JOIN member m ON m.person_id = w.person_id WHERE w.merchant_id = $1 ORDER BY w.created_at, w.person_id";
        let rows = sqlx::query(select).bind(by.merchant().0).fetch_all(self.reads()).await?;
        let person =
            |row: &AnyRow| Ok((PersonId(row::int(row, "person_id")?), row::text(row, "name")?, row::parsed(row, "role", Role::parse)?));
        let mut people = rows.iter().map(person).collect::<Result<Vec<_>>>()?;
        people.sort_by_key(|(_, _, role)| std::cmp::Reverse(*role));
        Ok(people)
    }
}
