//! Who may act for a shop. "Cashiers see and hear; only managers and owners refund."

use crate::codes::SMS;
use crate::db::{Store, Write};
use crate::error::Result;
use crate::merchants::{merchant, merchant_columns};
use crate::people::Language;
use crate::row;
use domain::merchant::{Merchant, Role};
use domain::staff::StaffRefused;
use domain::{MerchantId, PersonId, Timestamp};
use serde_json::json;

/// Proof that a person acts for a shop, in this role, as of a moment ago. Made by [`Store::staff`] only.
#[derive(Debug)]
pub struct StaffProof {
    person: PersonId,
    merchant: MerchantId,
    role: Role,
}

impl StaffProof {
    pub fn person(&self) -> PersonId {
        self.person
    }

    pub fn merchant(&self) -> MerchantId {
        self.merchant
    }

    pub fn role(&self) -> Role {
        self.role
    }
}

/// Somebody of a shop's staff, as the others see it. Personal: it does not debug.
#[derive(Clone, PartialEq, Eq)]
pub struct StaffRow {
    pub person: PersonId,
    pub name: String,
    pub role: Role,
    pub since: Timestamp,
}

impl Store {
    pub async fn role(&self, person: PersonId, merchant: MerchantId) -> Result<Option<Role>> {
        let select = sqlx::query("SELECT role FROM staff WHERE merchant_id = $1 AND person_id = $2");
        let row = select.bind(merchant.0).bind(person.0).fetch_optional(self.reads()).await?;
        row.map(|row| row::parsed(&row, "role", Role::parse)).transpose()
    }

    /// `None`: the person is no staff of this shop, or not of this rank. (Also when there is no such shop: strangers learn nothing.)
    pub async fn staff(&self, person: PersonId, merchant: MerchantId, at_least: Role) -> Result<Option<StaffProof>> {
        let role = self.role(person, merchant).await?.filter(|role| *role >= at_least);
        Ok(role.map(|role| StaffProof { person, merchant, role }))
    }

    /// The shops of a person, in the order of joining.
    pub async fn shops_of(&self, person: PersonId) -> Result<Vec<(Merchant, Role)>> {
        let select = concat!(
            "SELECT staff.role, ",
            merchant_columns!(),
            " FROM staff JOIN merchant ON merchant.id = staff.merchant_id \
             WHERE staff.person_id = $1 ORDER BY staff.created_at, merchant.id"
        );
        let rows = sqlx::query(select).bind(person.0).fetch_all(self.reads()).await?;
        rows.iter().map(|row| Ok((merchant(row)?, row::parsed(row, "role", Role::parse)?))).collect()
    }

    /// Gives a person a role in the shop, or another one instead. `false`: not in the power of whoever asks (a manager makes
    /// cashiers and changes nobody above; owners stay owners).
    pub async fn add_staff(&self, by: &StaffProof, person: PersonId, role: Role, now: Timestamp) -> Result<bool> {
        if !by.role.may_give(role) {
            return Ok(false);
        }
        let mut write = self.write().await?;
        let upsert = "INSERT INTO staff (merchant_id, person_id, role, created_at) VALUES ($1, $2, $3, $4) \
                      ON CONFLICT (merchant_id, person_id) DO UPDATE SET role = excluded.role \
                      WHERE staff.role = 'cashier' OR (staff.role = 'manager' AND $5 = 'owner')";
        let upsert = sqlx::query(upsert).bind(by.merchant.0).bind(person.0).bind(role.as_str()).bind(crate::millis(now));
        let upserted = upsert.bind(by.role.as_str()).execute(write.tx()).await?.rows_affected();
        write.commit().await?;
        Ok(upserted > 0)
    }

    /// Takes a person out of the shop. `false`: there is no such staff, or not in the power of whoever asks (see
    /// [`Store::add_staff`]).
    pub async fn remove_staff(&self, by: &StaffProof, person: PersonId) -> Result<bool> {
        if by.role < Role::Manager {
            return Ok(false);
        }
        let mut write = self.write().await?;
        let delete = "DELETE FROM staff WHERE merchant_id = $1 AND person_id = $2 \
                      AND (role = 'cashier' OR (role = 'manager' AND $3 = 'owner'))";
        let delete = sqlx::query(delete).bind(by.merchant.0).bind(person.0).bind(by.role.as_str());
        let deleted = delete.execute(write.tx()).await?.rows_affected();
        write.ends_something_of(person);
        write.commit().await?;
        Ok(deleted > 0)
    }

    /// Who works here: owners first, then by how long.
    pub async fn staff_of(&self, by: &StaffProof) -> Result<Vec<StaffRow>> {
        let select = "SELECT person_id, person.name, role, staff.created_at FROM staff JOIN person ON person.id = staff.person_id \
                      WHERE merchant_id = $1 ORDER BY CASE role WHEN 'owner' THEN 0 WHEN 'manager' THEN 1 ELSE 2 END, \
                      staff.created_at, person_id";
        let rows = sqlx::query(select).bind(by.merchant.0).fetch_all(self.reads()).await?;
        let staff = |row: &sqlx::any::AnyRow| {
            Ok(StaffRow {
                person: PersonId(row::int(row, "person_id")?),
                name: row::text(row, "name")?,
                role: row::parsed(row, "role", Role::parse)?,
                since: row::time(row, "created_at")?,
            })
        };
        rows.iter().map(staff).collect()
    }

    /// Another role for somebody who works here. What is in whose power is asked of the table once more: a proof may be a moment old.
    pub async fn change_role(&self, by: &StaffProof, person: PersonId, role: Role) -> Result<Result<(), StaffRefused>> {
        let mut write = self.write().await?;
        let refused = match in_power(&mut write, by, person).await? {
            Ok(own) if own.may_give(role) => None,
            Ok(_) => Some(StaffRefused::NotYours),
            Err(refused) => Some(refused),
        };
        if let Some(refused) = refused {
            write.undo().await?;
            return Ok(Err(refused));
        }
        let update = sqlx::query("UPDATE staff SET role = $3 WHERE merchant_id = $1 AND person_id = $2").bind(by.merchant.0);
        update.bind(person.0).bind(role.as_str()).execute(write.tx()).await?;
        write.commit().await?;
        Ok(Ok(()))
    }

    /// Takes somebody out of the shop.
    pub async fn dismiss(&self, by: &StaffProof, person: PersonId) -> Result<Result<(), StaffRefused>> {
        let mut write = self.write().await?;
        if let Err(refused) = in_power(&mut write, by, person).await? {
            write.undo().await?;
            return Ok(Err(refused));
        }
        delete(&mut write, by.merchant, person).await?;
        write.commit().await?;
        Ok(Ok(()))
    }

    /// Whoever works here may go, but the last owner.
    pub async fn leave_shop(&self, by: &StaffProof) -> Result<Result<(), StaffRefused>> {
        let mut write = self.write().await?;
        lock_staff(&mut write, by.merchant).await?;
        let count = "SELECT COUNT(*) AS count FROM staff WHERE merchant_id = $1 AND role = 'owner' AND person_id <> $2";
        let others = sqlx::query(count).bind(by.merchant.0).bind(by.person.0).fetch_one(write.tx()).await?;
        let own = role_in(&mut write, by.merchant, by.person).await?;
        let refused = match own {
            None => Some(StaffRefused::NoSuchStaff),
            Some(Role::Owner) if row::int(&others, "count")? == 0 => Some(StaffRefused::LastOwner),
            Some(_) => None,
        };
        if let Some(refused) = refused {
            write.undo().await?;
            return Ok(Err(refused));
        }
        delete(&mut write, by.merchant, by.person).await?;
        write.commit().await?;
        Ok(Ok(()))
    }
}

/// Changes of one shop's staff come one after the other, so that two owners who leave at once don't leave it without one.
pub(crate) async fn lock_staff(write: &mut Write, shop: MerchantId) -> Result<()> {
    sqlx::query("UPDATE merchant SET standing = standing WHERE id = $1").bind(shop.0).execute(write.tx()).await?;
    Ok(())
}

pub(crate) async fn role_in(write: &mut Write, shop: MerchantId, person: PersonId) -> Result<Option<Role>> {
    let select = sqlx::query("SELECT role FROM staff WHERE merchant_id = $1 AND person_id = $2").bind(shop.0).bind(person.0);
    select.fetch_optional(write.tx()).await?.map(|row| row::parsed(&row, "role", Role::parse)).transpose()
}

/// The role of whoever asks, when it may change this person's job. The staff is locked from here on.
async fn in_power(write: &mut Write, by: &StaffProof, person: PersonId) -> Result<Result<Role, StaffRefused>> {
    lock_staff(write, by.merchant).await?;
    let (own, theirs) = (role_in(write, by.merchant, by.person).await?, role_in(write, by.merchant, person).await?);
    Ok(match (own, theirs) {
        (Some(own), Some(theirs)) if own.may_change(theirs) => Ok(own),
        (Some(Role::Owner | Role::Manager), None) => Err(StaffRefused::NoSuchStaff),
        _ => Err(StaffRefused::NotYours),
    })
}

async fn delete(write: &mut Write, shop: MerchantId, person: PersonId) -> Result<()> {
    let delete = sqlx::query("DELETE FROM staff WHERE merchant_id = $1 AND person_id = $2").bind(shop.0).bind(person.0);
    delete.execute(write.tx()).await?;
    write.ends_something_of(person);
    Ok(())
}

impl Store {
    /// An SMS to each owner, in the language of each.
    pub(crate) async fn tell_owners(
        &self,
        write: &mut Write,
        shop: MerchantId,
        say: impl Fn(Language) -> String,
        now: Timestamp,
    ) -> Result<()> {
        let select = "SELECT phone, language FROM staff JOIN member ON member.person_id = staff.person_id \
                      WHERE merchant_id = $1 AND role = 'owner' AND phone IS NOT NULL";
        for owner in sqlx::query(select).bind(shop.0).fetch_all(write.tx()).await? {
            let language = row::parsed(&owner, "language", Language::parse)?;
            let phone = row::text(&owner, "phone")?;
            // Whoever has left keeps a row without a number.
            if phone.bytes().all(|byte| byte.is_ascii_digit()) {
                write.put_effect(SMS, &json!({ "to": phone, "text": say(language) }), self.next_id(now), now).await?;
            }
        }
        Ok(())
    }
}
