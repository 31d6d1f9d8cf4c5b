//! Shops that ask to be taken in, kept between the pages that ask, and after them.
//!
//! - `writing`: beginning, and what is told of the shop; its picture.
//! - `payout`: the account that is paid out to, proven by one won with a code.
//! - `sending`: to the city, where `city::shops` decides.

mod payout;
mod sending;
mod writing;

pub use payout::OneWon;
pub(crate) use sending::has_another_shop;
pub use writing::Photo;

use crate::db::{Store, Write};
use crate::error::Result;
use crate::row;
use domain::application::{About, ApplicationRefused, Done, Stage};
use domain::business_number::BusinessNumber;
use domain::category::Category;
use domain::merchant_number::MerchantNumber;
use domain::{ApplicationId, MerchantId, PersonId, PhotoId, Timestamp};
use sqlx::any::AnyRow;

/// An application as it is kept. Personal: it does not debug.
#[derive(Clone, PartialEq)]
pub struct Application {
    pub id: ApplicationId,
    pub person: PersonId,
    /// Once it was sent.
    pub shop: Option<(MerchantId, MerchantNumber)>,
    pub stage: Stage,
    /// Whoever decides names the one that was looked at.
    pub version: i64,
    pub business_number: BusinessNumber,
    pub about: Option<About>,
    pub photo: Option<PhotoId>,
    /// The verified account, masked.
    pub payout: Option<String>,
    pub changed_at: Timestamp,
    pub submitted_at: Option<Timestamp>,
}

impl Application {
    pub fn done(&self) -> Done {
        Done { about: self.about.is_some(), photo: self.photo.is_some(), payout: self.payout.is_some() }
    }
}

/// The columns that [`application`] reads, of `application` joined with `merchant`.
macro_rules! application_columns {
    () => {
        "application.id AS application_id, application.person_id, application.merchant_id AS shop_id, merchant.number AS shop_number, \
         stage, version, application.business_number, application.name, application.category, application.district, \
         application.address, photo_id, payout_masked, changed_at, submitted_at"
    };
}
pub(crate) use application_columns;

pub(crate) fn application(row: &AnyRow) -> Result<Application> {
    let shop_number = row::text_if_any(row, "shop_number")?;
    let shop = match shop_number {
        Some(_) => {
            let number = row::parsed(row, "shop_number", |text| MerchantNumber::parse(text).ok())?;
            Some((MerchantId(row::int(row, "shop_id")?), number))
        }
        None => None,
    };
    let about = match row::text_if_any(row, "name")? {
        Some(name) => Some(About {
            name,
            category: row::parsed(row, "category", Category::parse)?,
            district: row::district(row, "district")?,
            address: row::text(row, "address")?,
        }),
        None => None,
    };
    Ok(Application {
        id: ApplicationId(row::int(row, "application_id")?),
        person: PersonId(row::int(row, "person_id")?),
        shop,
        stage: row::parsed(row, "stage", Stage::parse)?,
        version: row::int(row, "version")?,
        business_number: row::parsed(row, "business_number", |text| BusinessNumber::parse(text).ok())?,
        about,
        photo: row::int_if_any(row, "photo_id")?.map(PhotoId),
        payout: row::text_if_any(row, "payout_masked")?,
        changed_at: row::time(row, "changed_at")?,
        submitted_at: row::time_if_any(row, "submitted_at")?,
    })
}

impl Store {
    /// One of this person's applications; others are not there.
    pub async fn application(&self, person: PersonId, id: ApplicationId) -> Result<Option<Application>> {
        let select = concat!(
            "SELECT ",
            application_columns!(),
            " FROM application LEFT JOIN merchant ON merchant.id = application.merchant_id \
             WHERE application.id = $1 AND application.person_id = $2"
        );
        let row = sqlx::query(select).bind(id.0).bind(person.0).fetch_optional(self.reads()).await?;
        row.as_ref().map(application).transpose()
    }

    /// Those that this person can still write or waits for, the last changed first.
    pub async fn applications_of(&self, person: PersonId) -> Result<Vec<Application>> {
        let select = concat!(
            "SELECT ",
            application_columns!(),
            " FROM application LEFT JOIN merchant ON merchant.id = application.merchant_id \
             WHERE application.person_id = $1 AND stage IN ('draft', 'submitted', 'sent_back') ORDER BY changed_at DESC, application.id DESC"
        );
        let rows = sqlx::query(select).bind(person.0).fetch_all(self.reads()).await?;
        rows.iter().map(application).collect()
    }

    /// The application that a shop came of. `None`: it was made otherwise.
    pub async fn application_of(&self, shop: MerchantId) -> Result<Option<Application>> {
        let select = concat!(
            "SELECT ",
            application_columns!(),
            " FROM application JOIN merchant ON merchant.id = application.merchant_id WHERE application.merchant_id = $1"
        );
        let row = sqlx::query(select).bind(shop.0).fetch_optional(self.reads()).await?;
        row.as_ref().map(application).transpose()
    }
}

/// Of `application` with the person `$2`: its picture and its account may change (`Stage::may_be_kept_up`). Those of an open shop by whoever
/// is still its owner.
macro_rules! is_kept_up {
    () => {
        "person_id = $2 AND (stage IN ('draft', 'sent_back') OR stage = 'approved' AND EXISTS (SELECT 1 FROM staff \
         WHERE staff.merchant_id = application.merchant_id AND staff.person_id = application.person_id AND staff.role = 'owner'))"
    };
}
use is_kept_up;

/// Why a row of this person's could not be written.
async fn why_not(write: &mut Write, person: PersonId, id: ApplicationId) -> Result<Option<ApplicationRefused>> {
    let select = sqlx::query("SELECT stage FROM application WHERE id = $1 AND person_id = $2").bind(id.0).bind(person.0);
    let found = select.fetch_optional(write.tx()).await?;
    found.map(|row| Ok(ApplicationRefused::In(row::parsed(&row, "stage", Stage::parse)?))).transpose()
}

/// What a write to an application came to. `None`: this person has no such.
pub type Written<T> = Option<Result<T, ApplicationRefused>>;
