//! Invitations to the staff of a shop: a link (or a QR of it) that is good once, for a day, as long as whoever made it could still
//! give the role. Only a hash of its token is kept.

use crate::db::{Store, Write};
use crate::error::Result;
use crate::merchants::{merchant, merchant_columns};
use crate::row;
use crate::staff::{StaffProof, lock_staff, role_in};
use crate::tokens::{Token, TokenOf};
use domain::merchant::{Merchant, Role, Standing};
use domain::staff::{INVITATION_LIFE_MS, INVITATIONS_MOST, STAFF_MOST, StaffRefused};
use domain::{InvitationId, MerchantId, PersonId, Timestamp};

/// What an invited person sees before accepting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    pub shop: Merchant,
    pub role: Role,
    pub expires_at: Timestamp,
    /// Still good, as of now.
    pub is_open: bool,
}

/// An open invitation in the list of the shop. Personal: it does not debug.
#[derive(Clone, PartialEq, Eq)]
pub struct InvitationRow {
    pub id: InvitationId,
    pub role: Role,
    /// Name of whoever made it.
    pub invited_by: String,
    pub expires_at: Timestamp,
}

impl Store {
    /// A new invitation. Its token is shown to whoever made it, once.
    pub async fn invite(&self, by: &StaffProof, role: Role, now: Timestamp) -> Result<Result<(InvitationId, Token), StaffRefused>> {
        let (token, id, now_ms) = (Token::random(), InvitationId(self.next_id(now)), crate::millis(now));
        let mut write = self.write().await?;
        lock_staff(&mut write, by.merchant()).await?;
        let refused = match role_in(&mut write, by.merchant(), by.person()).await? {
            Some(own) if own.may_give(role) => None,
            _ => Some(StaffRefused::NotYours),
        };
        let count = "SELECT COUNT(*) AS count FROM invitation WHERE merchant_id = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $2";
        let open = sqlx::query(count).bind(by.merchant().0).bind(now_ms).fetch_one(write.tx()).await?;
        let refused = refused.or((row::int(&open, "count")? >= INVITATIONS_MOST).then_some(StaffRefused::Full));
        let refused = refused.or(is_closed(&mut write, by.merchant()).await?.then_some(StaffRefused::ShopClosed));
        if let Some(refused) = refused {
            write.undo().await?;
            return Ok(Err(refused));
        }
        let insert = "INSERT INTO invitation (id, token_hash, merchant_id, role, invited_by, created_at, expires_at) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let insert = sqlx::query(insert).bind(id.0).bind(token.hash(self.keys(), TokenOf::Invitation)).bind(by.merchant().0);
        let insert = insert.bind(role.as_str()).bind(by.person().0).bind(now_ms).bind(now_ms + INVITATION_LIFE_MS);
        insert.execute(write.tx()).await?;
        write.commit().await?;
        Ok(Ok((id, token)))
    }

    /// Open invitations of a shop, the newest first.
    pub async fn invitations(&self, by: &StaffProof, now: Timestamp) -> Result<Vec<InvitationRow>> {
        let select = "SELECT invitation.id, role, person.name, expires_at FROM invitation JOIN person ON person.id = invited_by \
                      WHERE merchant_id = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $2 ORDER BY invitation.id DESC";
        let rows = sqlx::query(select).bind(by.merchant().0).bind(crate::millis(now)).fetch_all(self.reads()).await?;
        let row = |row: &sqlx::any::AnyRow| {
            Ok(InvitationRow {
                id: InvitationId(row::int(row, "id")?),
                role: row::parsed(row, "role", Role::parse)?,
                invited_by: row::text(row, "name")?,
                expires_at: row::time(row, "expires_at")?,
            })
        };
        rows.iter().map(row).collect()
    }

    /// Takes an invitation back. `NoSuchStaff`: there is no such open one in this shop.
    pub async fn revoke_invitation(&self, by: &StaffProof, id: InvitationId, now: Timestamp) -> Result<Result<(), StaffRefused>> {
        let mut write = self.write().await?;
        let own = role_in(&mut write, by.merchant(), by.person()).await?;
        let update = "UPDATE invitation SET revoked_at = $3 WHERE id = $1 AND merchant_id = $2 AND used_at IS NULL AND revoked_at IS NULL \
                      RETURNING role";
        let update = sqlx::query(update).bind(id.0).bind(by.merchant().0).bind(crate::millis(now)).fetch_optional(write.tx()).await?;
        let role = update.map(|row| row::parsed(&row, "role", Role::parse)).transpose()?;
        let refused = match (own, role) {
            (Some(own), Some(role)) if own.may_give(role) => None,
            (Some(Role::Owner | Role::Manager), None) => Some(StaffRefused::InvitationOver),
            _ => Some(StaffRefused::NotYours),
        };
        if let Some(refused) = refused {
            write.undo().await?;
            return Ok(Err(refused));
        }
        write.commit().await?;
        Ok(Ok(()))
    }

    /// Whose invitation a token is. `None`: nobody's.
    pub async fn invitation(&self, token: &Token, now: Timestamp) -> Result<Option<Invitation>> {
        let select = concat!(
            "SELECT ",
            merchant_columns!(),
            ", invitation.role, invitation.expires_at, used_at, revoked_at, staff.role AS inviter_role FROM invitation \
             JOIN merchant ON merchant.id = invitation.merchant_id \
             LEFT JOIN staff ON staff.merchant_id = invitation.merchant_id AND staff.person_id = invited_by WHERE token_hash = $1"
        );
        let select = sqlx::query(select).bind(token.hash(self.keys(), TokenOf::Invitation));
        let Some(row) = select.fetch_optional(self.reads()).await? else { return Ok(None) };
        let (role, expires_at) = (row::parsed(&row, "role", Role::parse)?, row::time(&row, "expires_at")?);
        let inviter = row::text_if_any(&row, "inviter_role")?.as_deref().and_then(Role::parse);
        let is_used = row::time_if_any(&row, "used_at")?.is_some() || row::time_if_any(&row, "revoked_at")?.is_some();
        let is_open = !is_used && now < expires_at && inviter.is_some_and(|inviter| inviter.may_give(role));
        Ok(Some(Invitation { shop: merchant(&row)?, role, expires_at, is_open }))
    }

    /// Uses an invitation up: of two at once one wins. `None`: it is nobody's.
    pub async fn accept_invitation(
        &self,
        token: &Token,
        person: PersonId,
        now: Timestamp,
    ) -> Result<Option<Result<(MerchantId, Role), StaffRefused>>> {
        let hash = token.hash(self.keys(), TokenOf::Invitation);
        let mut write = self.write().await?;
        let find = sqlx::query("SELECT merchant_id, role, invited_by FROM invitation WHERE token_hash = $1").bind(hash.clone());
        let Some(row) = find.fetch_optional(write.tx()).await? else {
            write.undo().await?;
            return Ok(None);
        };
        let (shop, inviter) = (MerchantId(row::int(&row, "merchant_id")?), PersonId(row::int(&row, "invited_by")?));
        let role = row::parsed(&row, "role", Role::parse)?;
        lock_staff(&mut write, shop).await?;
        if let Err(refused) = use_up(&mut write, &hash, (shop, role, inviter), person, now).await? {
            write.undo().await?;
            return Ok(Some(Err(refused)));
        }
        let upsert = "INSERT INTO staff (merchant_id, person_id, role, created_at) VALUES ($1, $2, $3, $4) \
                      ON CONFLICT (merchant_id, person_id) DO UPDATE SET role = excluded.role";
        let upsert = sqlx::query(upsert).bind(shop.0).bind(person.0).bind(role.as_str()).bind(crate::millis(now));
        upsert.execute(write.tx()).await?;
        write.commit().await?;
        Ok(Some(Ok((shop, role))))
    }
}

async fn use_up(
    write: &mut Write,
    hash: &[u8],
    (shop, role, inviter): (MerchantId, Role, PersonId),
    person: PersonId,
    now: Timestamp,
) -> Result<Result<(), StaffRefused>> {
    let update = "UPDATE invitation SET used_at = $2, used_by = $3 WHERE token_hash = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $2";
    let update = sqlx::query(update).bind(hash.to_vec()).bind(crate::millis(now)).bind(person.0);
    if update.execute(write.tx()).await?.rows_affected() == 0 {
        return Ok(Err(StaffRefused::InvitationOver));
    }
    let still_gives = role_in(write, shop, inviter).await?.is_some_and(|inviter| inviter.may_give(role));
    if !still_gives {
        return Ok(Err(StaffRefused::InvitationOver));
    }
    if is_closed(write, shop).await? {
        return Ok(Err(StaffRefused::ShopClosed));
    }
    // Nobody loses by accepting.
    if let Some(own) = role_in(write, shop, person).await?.filter(|own| *own >= role) {
        return Ok(Err(StaffRefused::AlreadyStaff(own)));
    }
    let count = sqlx::query("SELECT COUNT(*) AS count FROM staff WHERE merchant_id = $1").bind(shop.0).fetch_one(write.tx()).await?;
    Ok(if row::int(&count, "count")? >= STAFF_MOST { Err(StaffRefused::Full) } else { Ok(()) })
}

async fn is_closed(write: &mut Write, shop: MerchantId) -> Result<bool> {
    let row = sqlx::query("SELECT standing FROM merchant WHERE id = $1").bind(shop.0).fetch_one(write.tx()).await?;
    Ok(row::parsed(&row, "standing", Standing::parse)? == Standing::Closed)
}
