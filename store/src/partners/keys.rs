//! Keys of partners: `pp_PREFIX_SECRET`. The prefix is public, the secret has 256 random bits and is kept as a keyed hash.

use crate::db::{Store, Write};
use crate::error::{Error, Result};
use crate::keys::{Keys, Purpose};
use crate::row;
use crate::tokens::random;
use domain::partner::{KeyScope, KeyScopes};
use domain::{PartnerId, PartnerKeyId, Timestamp};
use subtle::ConstantTimeEq;

const MARK: &str = "pp";
const PREFIX_BYTES: usize = 6;
const SECRET_BYTES: usize = 32;
/// When a key was used last is written down to the minute: a busy partner costs one write a minute.
const USED_EVERY_MS: i64 = 60_000;

/// A key that was just made. Shown once, so it neither displays nor debugs; [`NewKey::expose`] gives the text.
#[derive(Clone, PartialEq, Eq)]
pub struct NewKey {
    pub id: PartnerKeyId,
    pub prefix: String,
    secret: [u8; SECRET_BYTES],
}

impl NewKey {
    pub fn expose(&self) -> String {
        format!("{MARK}_{}_{}", self.prefix, hex::encode(self.secret))
    }
}

impl std::fmt::Debug for NewKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewKey({})", self.prefix)
    }
}

/// Proof that a request is a partner's, with these scopes, as of a moment ago. Made by [`Store::partner_key`] only.
#[derive(Clone, Debug)]
pub struct KeyProof {
    pub(super) partner: PartnerId,
    pub(super) account: String,
    key: PartnerKeyId,
    scopes: KeyScopes,
    rate_per_s: u32,
}

impl KeyProof {
    pub fn partner(&self) -> PartnerId {
        self.partner
    }

    pub fn key(&self) -> PartnerKeyId {
        self.key
    }

    pub fn may(&self, scope: KeyScope) -> bool {
        self.scopes.has(scope)
    }

    /// Requests a second.
    pub fn rate_per_s(&self) -> u32 {
        self.rate_per_s
    }
}

/// Why a key opens nothing.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum KeyRefused {
    /// Not one of ours, or its secret is wrong: not told which.
    Unknown,
    /// Rotated, and its time is up.
    Expired,
    Revoked,
}

impl Store {
    /// Whose key this is.
    pub async fn partner_key(&self, text: &str, now: Timestamp) -> Result<Result<KeyProof, KeyRefused>> {
        let Some((prefix, secret)) = parse(text) else { return Ok(Err(KeyRefused::Unknown)) };
        let select = "SELECT partner_key.id, partner_id, secret_hash, scopes, rate_per_s, expires_at, revoked_at, used_at, account \
                      FROM partner_key JOIN partner ON partner.id = partner_key.partner_id WHERE prefix = $1";
        let Some(row) = sqlx::query(select).bind(prefix).fetch_optional(self.reads()).await? else {
            return Ok(Err(KeyRefused::Unknown));
        };
        let is_right: bool = hash(self.keys(), prefix, &secret).ct_eq(&row::bytes(&row, "secret_hash")?).into();
        if !is_right {
            return Ok(Err(KeyRefused::Unknown));
        }
        if row::time_if_any(&row, "revoked_at")?.is_some() {
            return Ok(Err(KeyRefused::Revoked));
        }
        if row::time_if_any(&row, "expires_at")?.is_some_and(|at| at <= now) {
            return Ok(Err(KeyRefused::Expired));
        }
        let proof = KeyProof {
            partner: PartnerId(row::int(&row, "partner_id")?),
            account: row::text(&row, "account")?,
            key: PartnerKeyId(row::int(&row, "id")?),
            scopes: row::parsed(&row, "scopes", KeyScopes::parse)?,
            rate_per_s: u32::try_from(row::int(&row, "rate_per_s")?).map_err(|_| Error::damaged("rate_per_s"))?,
        };
        let used_ms = row::time_if_any(&row, "used_at")?.map_or(i64::MIN, crate::millis);
        if used_ms < crate::millis(now) - USED_EVERY_MS {
            self.key_is_used(proof.key, now).await?;
        }
        Ok(Ok(proof))
    }

    async fn key_is_used(&self, key: PartnerKeyId, now: Timestamp) -> Result<()> {
        let now_ms = crate::millis(now);
        let mut write = self.write().await?;
        let update = sqlx::query("UPDATE partner_key SET used_at = $2 WHERE id = $1 AND (used_at IS NULL OR used_at < $3)");
        update.bind(key.0).bind(now_ms).bind(now_ms - USED_EVERY_MS).execute(write.tx()).await?;
        write.commit().await
    }

    /// A new key within a transaction.
    pub(super) async fn insert_key(
        &self,
        write: &mut Write,
        partner: PartnerId,
        scopes: KeyScopes,
        rate_per_s: u32,
        now: Timestamp,
    ) -> Result<NewKey> {
        let prefix = hex::encode(random::<PREFIX_BYTES>());
        let new = NewKey { id: PartnerKeyId(self.next_id(now)), prefix, secret: random() };
        let insert = "INSERT INTO partner_key (id, partner_id, prefix, secret_hash, scopes, rate_per_s, created_at) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let insert = sqlx::query(insert).bind(new.id.0).bind(partner.0).bind(new.prefix.as_str());
        let insert = insert.bind(hash(self.keys(), &new.prefix, &new.secret)).bind(scopes.to_string());
        insert.bind(i64::from(rate_per_s.max(1))).bind(crate::millis(now)).execute(write.tx()).await?;
        Ok(new)
    }
}

fn hash(keys: &Keys, prefix: &str, secret: &[u8]) -> Vec<u8> {
    keys.hash(Purpose::PartnerKey, &[prefix.as_bytes(), secret]).to_vec()
}

fn parse(text: &str) -> Option<(&str, [u8; SECRET_BYTES])> {
    let (mark, rest) = text.split_once('_')?;
    let (prefix, digits) = rest.split_once('_')?;
    let mut secret = [0; SECRET_BYTES];
    hex::decode_to_slice(digits, &mut secret).ok()?;
    let is_prefix = prefix.len() == 2 * PREFIX_BYTES && prefix.bytes().all(|byte| byte.is_ascii_hexdigit());
    (mark == MARK && is_prefix).then_some((prefix, secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_from_its_text_only_and_hides_itself() {
        let new = NewKey { id: PartnerKeyId(1), prefix: "0123456789ab".to_owned(), secret: [7; 32] };
        let text = new.expose();
        assert_eq!(parse(&text), Some(("0123456789ab", [7; 32])));
        assert!(!format!("{new:?}").contains("0707"));
        for wrong in
            ["", "pp", "pp__", "pp_0123456789ab_", &text[1..], &text[..text.len() - 1], &format!("{text}0"), &text.replace("ab_", "a%_")]
        {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
