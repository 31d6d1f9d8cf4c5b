//! Who may work at the console. Operators are made on the command line of the server: whoever may run it with the server's key may
//! read the database anyway.

use super::audit_log::{Action, log, subject};
use super::sealing::{hash_password, seal};
use crate::db::Store;
use crate::error::Result;
use crate::plain;
use crate::row;
use crate::tokens::{Token, TokenOf};
use domain::operator::{Login, Role, Roles};
use domain::plan::PlanRefused;
use domain::totp::TotpSecret;
use domain::{OperatorId, Timestamp};

const NAME_CHARS: usize = 40;

/// Proof that an operator is signed in, with these roles, as of a moment ago. Made by [`Store::operator`] only.
#[derive(Clone, Debug)]
pub struct OperatorProof {
    id: OperatorId,
    name: String,
    roles: Roles,
}

impl OperatorProof {
    pub fn id(&self) -> OperatorId {
        self.id
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn roles(&self) -> Roles {
        self.roles
    }

    pub(crate) fn needs(&self, role: Role) -> Result<(), PlanRefused> {
        if self.roles.has(role) { Ok(()) } else { Err(PlanRefused::NotYourRole(role)) }
    }
}

/// An operator to be made, with both secrets in clear: they are shown to whoever makes it, once.
pub struct NewOperator<'a> {
    pub login: &'a Login,
    pub name: &'a str,
    pub password: &'a str,
    pub totp: &'a TotpSecret,
    pub roles: Roles,
}

impl Store {
    /// Makes an operator. One of this login that is there already gets the new secrets and roles, and is signed out everywhere.
    pub async fn make_operator(&self, new: &NewOperator<'_>, now: Timestamp) -> Result<OperatorId> {
        let password_hash = hash_password(self.keys(), new.password).await?;
        let mut write = self.write().await?;
        let found = sqlx::query("SELECT id FROM operator WHERE login = $1").bind(new.login.as_str());
        let id = match found.fetch_optional(write.tx()).await? {
            Some(row) => OperatorId(row::int(&row, "id")?),
            None => OperatorId(self.next_id(now)),
        };
        let upsert = "INSERT INTO operator (id, login, name, password_hash, totp_secret, roles, created_at) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7) \
                      ON CONFLICT (login) DO UPDATE SET name = excluded.name, password_hash = excluded.password_hash, \
                      totp_secret = excluded.totp_secret, roles = excluded.roles, last_totp_step = 0, tries = 0, locked_until = 0";
        let upsert = sqlx::query(upsert).bind(id.0).bind(new.login.as_str()).bind(plain::line(new.name, NAME_CHARS)).bind(password_hash);
        let upsert = upsert.bind(seal(self.keys(), id, new.totp)?).bind(new.roles.to_string()).bind(crate::millis(now));
        upsert.execute(write.tx()).await?;
        sqlx::query("DELETE FROM operator_session WHERE operator_id = $1").bind(id.0).execute(write.tx()).await?;
        sqlx::query("DELETE FROM operator_entry WHERE operator_id = $1").bind(id.0).execute(write.tx()).await?;
        let detail = serde_json::json!({ "roles": new.roles.to_string() });
        log(&mut write, None, Action::OperatorMade, &subject("operator", id.0), detail, now).await?;
        write.commit().await?;
        Ok(id)
    }

    pub async fn has_operator(&self, login: &Login) -> Result<bool> {
        let select = sqlx::query("SELECT id FROM operator WHERE login = $1").bind(login.as_str());
        Ok(select.fetch_optional(self.reads()).await?.is_some())
    }

    /// Whose session this is, if it is one and is not over.
    pub async fn operator(&self, token: &Token, now: Timestamp) -> Result<Option<OperatorProof>> {
        let select = "SELECT id, name, roles FROM operator_session JOIN operator ON operator.id = operator_session.operator_id \
                      WHERE token_hash = $1 AND expires_at > $2";
        let select = sqlx::query(select).bind(token.hash(self.keys(), TokenOf::OperatorSession)).bind(crate::millis(now));
        let Some(row) = select.fetch_optional(self.reads()).await? else { return Ok(None) };
        let proof = OperatorProof {
            id: OperatorId(row::int(&row, "id")?),
            name: row::text(&row, "name")?,
            roles: row::parsed(&row, "roles", Roles::parse)?,
        };
        Ok(Some(proof))
    }

    /// Ends a session, if it is one.
    pub async fn sign_operator_out(&self, token: &Token, now: Timestamp) -> Result<()> {
        let mut write = self.write().await?;
        let delete = sqlx::query("DELETE FROM operator_session WHERE token_hash = $1 RETURNING operator_id");
        let delete = delete.bind(token.hash(self.keys(), TokenOf::OperatorSession));
        let Some(row) = delete.fetch_optional(write.tx()).await? else { return write.undo().await };
        let id = OperatorId(row::int(&row, "operator_id")?);
        log(&mut write, Some(id), Action::SignedOut, &subject("operator", id.0), serde_json::json!({}), now).await?;
        write.commit().await
    }
}
