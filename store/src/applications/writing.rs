//! Beginning an application, and what it tells of the shop.

use super::{Written, has_another_shop, is_kept_up, why_not};
use crate::db::Store;
use crate::error::Result;
use crate::limits::Limits;
use crate::row;
use domain::application::{About, ApplicationRefused, Stage};
use domain::business_number::BusinessNumber;
use domain::{ApplicationId, MerchantId, PersonId, PhotoId, Timestamp};

/// Unfinished applications of one person.
const DRAFTS_MOST: i64 = 5;

impl Store {
    /// A new application, or the unfinished one that this person has for the same business. That the business goes on is asked before.
    pub async fn begin_application(
        &self,
        person: PersonId,
        business: BusinessNumber,
        now: Timestamp,
    ) -> Result<Result<ApplicationId, ApplicationRefused>> {
        let mut write = self.write().await?;
        let own = "SELECT id, stage FROM application WHERE person_id = $1 AND stage IN ('draft', 'submitted', 'sent_back') \
                   AND business_number = $2 ORDER BY id DESC LIMIT 1";
        let own = sqlx::query(own).bind(person.0).bind(business.digits()).fetch_optional(write.tx()).await?;
        if let Some(row) = own {
            write.undo().await?;
            return Ok(Ok(ApplicationId(row::int(&row, "id")?)));
        }
        if has_another_shop(&mut write, business, None).await? {
            write.undo().await?;
            return Ok(Err(ApplicationRefused::NumberTaken));
        }
        let count = sqlx::query("SELECT COUNT(*) AS count FROM application WHERE person_id = $1 AND stage = 'draft'").bind(person.0);
        if row::int(&count.fetch_one(write.tx()).await?, "count")? >= DRAFTS_MOST {
            write.undo().await?;
            return Ok(Err(ApplicationRefused::TooMany));
        }
        let id = self.next_id(now);
        let insert = "INSERT INTO application (id, person_id, business_number, created_at, changed_at) VALUES ($1, $2, $3, $4, $4)";
        let insert = sqlx::query(insert).bind(id).bind(person.0).bind(business.digits()).bind(crate::millis(now));
        insert.execute(write.tx()).await?;
        write.commit().await?;
        Ok(Ok(ApplicationId(id)))
    }

    /// Name, category and place, as the city will see them.
    pub async fn set_about(&self, person: PersonId, id: ApplicationId, about: &About, now: Timestamp) -> Result<Written<()>> {
        let mut write = self.write().await?;
        let update = "UPDATE application SET name = $3, category = $4, district = $5, address = $6, changed_at = $7 \
                      WHERE id = $1 AND person_id = $2 AND stage IN ('draft', 'sent_back')";
        let update = sqlx::query(update).bind(id.0).bind(person.0).bind(about.name.clone()).bind(about.category.code());
        let update = update.bind(i64::from(about.district.number())).bind(about.address.clone()).bind(crate::millis(now));
        if update.execute(write.tx()).await?.rows_affected() == 0 {
            let why = why_not(&mut write, person, id).await?;
            write.undo().await?;
            return Ok(why.map(Err));
        }
        write.commit().await?;
        Ok(Some(Ok(())))
    }

    /// Counts a picture that is about to be made. `Err`: enough for now.
    pub async fn count_photo(&self, person: PersonId, now: Timestamp) -> Result<Result<(), Timestamp>> {
        let bucket = self.bucket("photo:person", &person.to_string());
        let mut write = self.write().await?;
        let counted = Limits::PHOTOS_PER_PERSON.count(write.tx(), &bucket, now).await?;
        write.commit().await?;
        Ok(counted)
    }

    /// The shop's picture, in place of the one before.
    pub async fn set_photo(&self, person: PersonId, id: ApplicationId, jpeg: &[u8], now: Timestamp) -> Result<Written<PhotoId>> {
        let photo = PhotoId(self.next_id(now));
        let mut write = self.write().await?;
        let update = concat!("UPDATE application SET photo_id = $3, changed_at = $4 WHERE id = $1 AND ", is_kept_up!());
        let update = sqlx::query(update).bind(id.0).bind(person.0).bind(photo.0).bind(crate::millis(now));
        if update.execute(write.tx()).await?.rows_affected() == 0 {
            let why = why_not(&mut write, person, id).await?;
            write.undo().await?;
            return Ok(why.map(Err));
        }
        sqlx::query("DELETE FROM photo WHERE application_id = $1").bind(id.0).execute(write.tx()).await?;
        let insert = sqlx::query("INSERT INTO photo (id, application_id, jpeg, created_at) VALUES ($1, $2, $3, $4)");
        insert.bind(photo.0).bind(id.0).bind(jpeg.to_vec()).bind(crate::millis(now)).execute(write.tx()).await?;
        write.commit().await?;
        Ok(Some(Ok(photo)))
    }

    /// A picture, and whose it is. Which is shown to whom is the caller's to say.
    pub async fn photo(&self, id: PhotoId) -> Result<Option<Photo>> {
        let select = "SELECT jpeg, person_id, merchant_id, stage FROM photo JOIN application ON application.photo_id = photo.id \
                      WHERE photo.id = $1";
        let Some(row) = sqlx::query(select).bind(id.0).fetch_optional(self.reads()).await? else { return Ok(None) };
        Ok(Some(Photo {
            jpeg: row::bytes(&row, "jpeg")?,
            applicant: PersonId(row::int(&row, "person_id")?),
            shop: row::int_if_any(&row, "merchant_id")?.map(MerchantId),
            is_public: row::parsed(&row, "stage", Stage::parse)? == Stage::Approved,
        }))
    }

    /// The picture that payers see of a shop.
    pub async fn photo_of(&self, shop: MerchantId) -> Result<Option<PhotoId>> {
        let select = sqlx::query("SELECT photo_id FROM application WHERE merchant_id = $1 AND stage = 'approved'").bind(shop.0);
        let Some(row) = select.fetch_optional(self.reads()).await? else { return Ok(None) };
        Ok(row::int_if_any(&row, "photo_id")?.map(PhotoId))
    }
}

/// A shop's picture.
pub struct Photo {
    pub jpeg: Vec<u8>,
    pub applicant: PersonId,
    pub shop: Option<MerchantId>,
    /// Its shop may be paid.
    pub is_public: bool,
}
