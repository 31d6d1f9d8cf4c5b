//! People that partners bring. They are the people that everybody is: found by their CI, with the limits that they have anyway; what is
//! bought for them is in their wallet from the day they sign up.

use super::keys::KeyProof;
use crate::db::Store;
use crate::enrolling::Identity;
use crate::error::{Error, Result};
use crate::keys::Purpose;
use crate::plain;
use crate::row;
use domain::partner::PartnerRefused;
use domain::{PartnerId, PersonId, Timestamp};
use jiff::civil::Date;
use std::fmt;
use std::str::FromStr;

const MARK: &str = "per_";
const NAME_CHARS: usize = 100;

/// What one partner calls a person: the same each time it brings that person, and nothing to anybody else.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct CustomerRef([u8; 16]);

impl fmt::Display for CustomerRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{MARK}{}", hex::encode(self.0))
    }
}

impl FromStr for CustomerRef {
    type Err = PartnerRefused;

    fn from_str(text: &str) -> Result<CustomerRef, PartnerRefused> {
        let mut bytes = [0; 16];
        let digits = text.strip_prefix(MARK).ok_or(PartnerRefused::NoSuchPartner)?;
        hex::decode_to_slice(digits, &mut bytes).map_err(|_| PartnerRefused::NoSuchPartner)?;
        Ok(CustomerRef(bytes))
    }
}

/// Somebody whom this partner has introduced. Made by [`Store::customer`] only.
#[derive(Copy, Clone, Debug)]
pub struct Customer {
    pub(super) partner: PartnerId,
    person: PersonId,
    birth_date: Date,
}

impl Customer {
    pub fn person(&self) -> PersonId {
        self.person
    }

    /// From the verified identity; decides the window.
    pub fn birth_year(&self) -> i16 {
        self.birth_date.year()
    }
}

impl Store {
    /// What the identity provider said of somebody whom a partner brings. The person's row is made when there is none; `ci` is kept as a
    /// keyed hash only.
    pub async fn introduce(&self, key: &KeyProof, identity: &Identity, ci: &str, now: Timestamp) -> Result<CustomerRef> {
        let person_key = self.keys().hash(Purpose::PersonKey, &[ci.as_bytes()]);
        let identity = Identity { name: plain::line(&identity.name, NAME_CHARS), birth_date: identity.birth_date };
        let mut write = self.write().await?;
        let person = self.upsert_person(&mut write, &person_key, &identity, now).await?;
        let reference = self.reference(key.partner, person);
        let insert = "INSERT INTO partner_person (partner_id, reference, person_id, created_at) VALUES ($1, $2, $3, $4) \
                      ON CONFLICT (partner_id, reference) DO NOTHING";
        let insert = sqlx::query(insert).bind(key.partner.0).bind(reference.0.to_vec()).bind(person.0);
        insert.bind(crate::millis(now)).execute(write.tx()).await?;
        write.commit().await?;
        Ok(reference)
    }

    /// `None`: this partner has introduced nobody of that name.
    pub async fn customer(&self, key: &KeyProof, reference: CustomerRef) -> Result<Option<Customer>> {
        let select = "SELECT person_id, birth_date FROM partner_person JOIN person ON person.id = partner_person.person_id \
                      WHERE partner_id = $1 AND reference = $2";
        let select = sqlx::query(select).bind(key.partner.0).bind(reference.0.to_vec());
        let Some(row) = select.fetch_optional(self.reads()).await? else { return Ok(None) };
        let person = PersonId(row::int(&row, "person_id")?);
        if self.reference(key.partner, person) != reference {
            return Err(Error::damaged("a partner's name of a person (or another server key)"));
        }
        Ok(Some(Customer { partner: key.partner, person, birth_date: row::date(&row, "birth_date")? }))
    }

    pub(super) fn reference(&self, partner: PartnerId, person: PersonId) -> CustomerRef {
        let hash = self.keys().hash(Purpose::PartnerPerson, &[&partner.0.to_be_bytes(), &person.0.to_be_bytes()]);
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash[..16]);
        CustomerRef(bytes)
    }
}
