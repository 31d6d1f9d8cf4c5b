//! Who may act for a shop. "Cashiers see and hear; only managers and owners refund."

use crate::db::Store;
use crate::error::Result;
use crate::merchants::{merchant, merchant_columns};
use crate::row;
use domain::merchant::{Merchant, Role};
use domain::{MerchantId, PersonId, Timestamp};

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

    /// An owner gives every role; a manager makes cashiers.
    fn may_give(&self, role: Role) -> bool {
        self.role == Role::Owner || (self.role == Role::Manager && role == Role::Cashier)
    }
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
        if !by.may_give(role) {
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
        write.commit().await?;
        Ok(deleted > 0)
    }
}
