//! To the city and back.

use super::{Application, Written, application, application_columns, why_not};
use crate::db::{Store, Write};
use crate::error::{Error, Result};
use crate::merchants::NewMerchant;
use crate::row;
use domain::application::{ApplicationRefused, Part};
use domain::business_number::BusinessNumber;
use domain::merchant_number::MerchantNumber;
use domain::{ApplicationId, MerchantId, PersonId, Timestamp};

/// Does a shop of this business, other than `own`, stand or wait here?
pub(crate) async fn has_another_shop(write: &mut Write, business: BusinessNumber, own: Option<MerchantId>) -> Result<bool> {
    let select = "SELECT COUNT(*) AS count FROM merchant WHERE business_number = $1 AND standing <> 'closed' AND id <> $2";
    let select = sqlx::query(select).bind(business.digits()).bind(own.map_or(0, |own| own.0));
    Ok(row::int(&select.fetch_one(write.tx()).await?, "count")? > 0)
}

impl Store {
    /// Sends what is complete to the city. The first time it becomes a shop, which nobody can pay yet. Comes back as the shop's number.
    pub async fn submit_application(&self, person: PersonId, id: ApplicationId, now: Timestamp) -> Result<Written<MerchantNumber>> {
        let mut write = self.write().await?;
        let update = "UPDATE application SET stage = 'submitted', version = version + 1, submitted_at = $3, changed_at = $3 \
                      WHERE id = $1 AND person_id = $2 AND stage IN ('draft', 'sent_back')";
        let update = sqlx::query(update).bind(id.0).bind(person.0).bind(crate::millis(now));
        match update.execute(write.tx()).await.map_err(Error::from) {
            Ok(done) if done.rows_affected() == 1 => {}
            Ok(_) => {
                let why = why_not(&mut write, person, id).await?;
                write.undo().await?;
                return Ok(why.map(Err));
            }
            Err(error) if error.is_taken() => {
                write.undo().await?;
                return Ok(Some(Err(ApplicationRefused::NumberTaken)));
            }
            Err(error) => return Err(error),
        }
        let sent = read(&mut write, id).await?;
        let refused = match sent.done().missing() {
            missing if !missing.is_empty() => Some(ApplicationRefused::Missing(missing)),
            _ if has_another_shop(&mut write, sent.business_number, sent.shop.map(|(shop, _)| shop)).await? => {
                Some(ApplicationRefused::NumberTaken)
            }
            _ => None,
        };
        if let Some(refused) = refused {
            write.undo().await?;
            return Ok(Some(Err(refused)));
        }
        let number = self.to_shop(&mut write, &sent, now).await?;
        write.commit().await?;
        Ok(Some(Ok(number)))
    }

    /// The shop as it was told.
    async fn to_shop(&self, write: &mut Write, sent: &Application, now: Timestamp) -> Result<MerchantNumber> {
        let about = sent.about.clone().ok_or_else(|| Error::damaged(format_args!("{:?} is missing", Part::About)))?;
        let account = sqlx::query("SELECT payout_account FROM application WHERE id = $1").bind(sent.id.0).fetch_one(write.tx()).await?;
        let account = row::text(&account, "payout_account")?;
        let Some((shop, number)) = sent.shop else {
            let new = NewMerchant {
                number: None,
                business_number: sent.business_number,
                name: about.name,
                district: about.district,
                address: about.address,
                category: about.category.code().to_owned(),
                payout_account: Some(account),
            };
            let made = self.insert_merchant(write, &new, sent.person, now).await?;
            let update = sqlx::query("UPDATE application SET merchant_id = $2 WHERE id = $1").bind(sent.id.0).bind(made.id.0);
            update.execute(write.tx()).await?;
            return Ok(made.number);
        };
        let update = "UPDATE merchant SET name = $2, district = $3, address = $4, category = $5, payout_account = $6 \
                      WHERE id = $1 AND standing = 'pending'";
        let update = sqlx::query(update).bind(shop.0).bind(about.name).bind(i64::from(about.district.number())).bind(about.address);
        if update.bind(about.category.code()).bind(account).execute(write.tx()).await?.rows_affected() == 0 {
            return Err(Error::damaged("an application that is being written is of a shop that was decided about"));
        }
        Ok(number)
    }

    /// Takes it back from the city, to change something.
    pub async fn withdraw_application(&self, person: PersonId, id: ApplicationId, now: Timestamp) -> Result<Written<()>> {
        let mut write = self.write().await?;
        let update = "UPDATE application SET stage = 'draft', changed_at = $3 WHERE id = $1 AND person_id = $2 AND stage = 'submitted'";
        let update = sqlx::query(update).bind(id.0).bind(person.0).bind(crate::millis(now));
        if update.execute(write.tx()).await?.rows_affected() == 0 {
            let why = why_not(&mut write, person, id).await?;
            write.undo().await?;
            return Ok(why.map(Err));
        }
        write.commit().await?;
        Ok(Some(Ok(())))
    }
}

async fn read(write: &mut Write, id: ApplicationId) -> Result<Application> {
    let select = concat!(
        "SELECT ",
        application_columns!(),
        " FROM application LEFT JOIN merchant ON merchant.id = application.merchant_id WHERE application.id = $1"
    );
    application(&sqlx::query(select).bind(id.0).fetch_one(write.tx()).await?)
}
