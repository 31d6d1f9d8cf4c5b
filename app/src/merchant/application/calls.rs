//! The server functions of the sign-up of a shop. Whoever is signed in writes the own applications; others' are not there.

use crate::Error;
use domain::application::{About, Decision, Done, Stage};
use domain::merchant::{Merchant, Role};
use domain::{ApplicationId, PayoutCheckId, PhotoId, Timestamp};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the first page knows.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Begun {
    /// Begun before: id, name or number, stage, and the shop's number once it was sent.
    pub open: Vec<(ApplicationId, String, Stage, Option<String>)>,
    /// A sale is on: nobody new is taken in until then.
    pub closed_until: Option<Timestamp>,
}

/// An application of the person who looks. Personal: it does not debug.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    pub id: ApplicationId,
    pub stage: Stage,
    pub business_number: String,
    pub about: Option<About>,
    pub photo: Option<PhotoId>,
    /// The verified account, masked.
    pub payout: Option<String>,
    /// Masked, and whether the bank has said that the one won left.
    pub one_won: Option<(String, bool)>,
    /// The next one won's id, made for the page.
    pub check: PayoutCheckId,
    /// Whose account it has to be.
    pub holder: String,
    /// The shop's number, once it was sent.
    pub shop: Option<String>,
    /// Why it was sent back.
    pub reason: Option<String>,
}

impl Shown {
    pub fn done(&self) -> Done {
        Done { about: self.about.is_some(), photo: self.photo.is_some(), payout: self.payout.is_some() }
    }
}

/// A shop's registration, as its owners and managers see it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Registration {
    pub merchant: Merchant,
    pub role: Role,
    /// Of the own application: only who wrote it mends it.
    pub own: Option<(ApplicationId, Stage)>,
    pub stage: Option<Stage>,
    pub decisions: Vec<(Decision, String, Timestamp)>,
    pub now: Timestamp,
}

#[server(prefix = "/api", endpoint = "merchant/new/list")]
pub async fn load_begun() -> Result<Begun, Error> {
    use crate::web::{answer, now, services, signed_in};
    use domain::plan::Feature;
    answer(async {
        let (who, store) = (signed_in().await?, services().store);
        let open = store.applications_of(who.person).await?.into_iter();
        let open = open.map(|one| {
            let name = one.about.map_or_else(|| one.business_number.to_string(), |about| about.name);
            (one.id, name, one.stage, one.shop.map(|(_, number)| number.to_string()))
        });
        Ok(Begun { open: open.collect(), closed_until: store.suspended_until(Feature::SignUp, now()).await? })
    })
    .await
}

/// Begins with a business number that the tax service calls going on. New shops pause with the sign-up of citizens: both ask others
/// for an answer, and a sale needs the machine. What was begun goes on.
#[server(prefix = "/api", endpoint = "merchant/new/begin")]
pub async fn begin(business: String) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, go, now, services, signed_in};
    use domain::business_number::BusinessNumber;
    use domain::plan::Feature;
    answer(async {
        let (who, services) = (signed_in().await?, services());
        let business = BusinessNumber::parse(&business).map_err(Input::BusinessNumber)?;
        if let Some(until) = services.store.suspended_until(Feature::SignUp, now()).await? {
            return Err(Error::Suspended { until });
        }
        serve::goes_on(business).await?;
        let id = services.store.begin_application(who.person, business, now()).await??;
        go(&format!("/merchant/new/{id}"));
        Ok(())
    })
    .await
}

#[server(prefix = "/api", endpoint = "merchant/new/get")]
pub async fn load_application(id: String) -> Result<Shown, Error> {
    use crate::web::{answer, signed_in};
    answer(async {
        let who = signed_in().await?;
        let id = id.parse().map_err(|_| Error::NotFound)?;
        serve::shown(serve::mine(&who, id).await?).await
    })
    .await
}

/// A shop that I work for, and, for whoever signed it up and owns it, what may be changed.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ShopAbout {
    pub merchant: Merchant,
    pub role: Role,
    pub photo: Option<PhotoId>,
    pub own: Option<Shown>,
}

#[server(prefix = "/api", endpoint = "merchant/about")]
pub async fn load_about(number: String) -> Result<ShopAbout, Error> {
    use crate::web::{answer, services};
    answer(async {
        let (merchant, proof) = crate::merchant::my_shop(&number).await?;
        let store = services().store;
        let photo = store.photo_of(merchant.id).await?;
        let found = store.application_of(merchant.id).await?;
        let is_mine = |found: &store::Application| found.person == proof.person() && found.stage == Stage::Approved;
        let own = match found.filter(|found| proof.role() == Role::Owner && is_mine(found)) {
            Some(found) => Some(serve::shown(found).await?),
            None => None,
        };
        Ok(ShopAbout { merchant, role: proof.role(), photo, own })
    })
    .await
}

#[server(prefix = "/api", endpoint = "merchant/new/about")]
pub async fn save_about(id: String, name: String, category: String, district: String, address: String) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, go, now, services, signed_in};
    use domain::application::ApplicationRefused;
    answer(async {
        let who = signed_in().await?;
        let id: ApplicationId = id.parse().map_err(|_| Input::Id)?;
        let about = About::parse(&name, &category, &district, &address).map_err(ApplicationRefused::Field)?;
        serve::written(services().store.set_about(who.person, id, &about, now()).await?)?;
        go(&serve::onward(who.person, id).await?);
        Ok(())
    })
    .await
}

/// Asks the bank whose account it is and sends one won to it. Sent again with the same `check` it is the same won.
#[server(prefix = "/api", endpoint = "merchant/new/account")]
pub async fn send_one_won(id: String, check: String, bank: String, account: String) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, go, now, services, signed_in};
    use domain::application::ApplicationRefused;
    use domain::buying::BankSays;
    answer(async {
        let (who, services) = (signed_in().await?, services());
        let id: ApplicationId = id.parse().map_err(|_| Input::Id)?;
        let check: PayoutCheckId = check.parse().map_err(|_| Input::Id)?;
        let store = &services.store;
        let found = serve::mine(&who, id).await?;
        if !found.stage.may_be_kept_up() {
            return Err(ApplicationRefused::In(found.stage).into());
        }
        let holder = store.member(who.person).await?.ok_or(Error::SignedOut)?.name;
        let account = crate::start::account_of(&bank, &account, &holder).await?;
        let code = serve::written(store.begin_one_won(who.person, id, check, &account, now()).await?)?;
        match services.bank.send_one_won(check, &account.account, code).await {
            BankSays::Done => store.one_won_was_sent(check, true).await?,
            BankSays::Rejected(_) => {
                store.one_won_was_sent(check, false).await?;
                return Err(ApplicationRefused::AccountRejects.into());
            }
            // It may have arrived: the page asks for the code and says how it is.
            BankSays::NotFound | BankSays::Unclear | BankSays::Returned => {}
        }
        go(&format!("{}?sent={check}", serve::account_page(&found)));
        Ok(())
    })
    .await
}

/// The code in the sender's name of the one won.
#[server(prefix = "/api", endpoint = "merchant/new/code")]
pub async fn confirm_code(id: String, code: String) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, go, now, services, signed_in};
    use domain::application::WonCode;
    answer(async {
        let who = signed_in().await?;
        let id: ApplicationId = id.parse().map_err(|_| Input::Id)?;
        serve::mine(&who, id).await?;
        let confirmed = services().store.confirm_one_won(who.person, id, WonCode::parse(&code), now()).await?;
        serve::written(confirmed)?;
        go(&serve::onward(who.person, id).await?);
        Ok(())
    })
    .await
}

/// Sends it to the city, after the tax service was asked once more: writing may have taken weeks.
#[server(prefix = "/api", endpoint = "merchant/new/send")]
pub async fn send_application(id: String) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, go, now, services, signed_in};
    answer(async {
        let (who, store) = (signed_in().await?, services().store);
        let id: ApplicationId = id.parse().map_err(|_| Input::Id)?;
        let found = serve::mine(&who, id).await?;
        serve::goes_on(found.business_number).await?;
        let number = serve::written(store.submit_application(who.person, id, now()).await?)?;
        go(&format!("/merchant/{number}/application"));
        Ok(())
    })
    .await
}

/// Takes it back from the city to change something.
#[server(prefix = "/api", endpoint = "merchant/new/withdraw")]
pub async fn withdraw(id: String) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, go, now, services, signed_in};
    answer(async {
        let who = signed_in().await?;
        let id: ApplicationId = id.parse().map_err(|_| Input::Id)?;
        serve::mine(&who, id).await?;
        serve::written(services().store.withdraw_application(who.person, id, now()).await?)?;
        go(&format!("/merchant/new/{id}/check"));
        Ok(())
    })
    .await
}

/// What became of the application of a shop that I manage.
#[server(prefix = "/api", endpoint = "merchant/application")]
pub async fn load_registration(number: String) -> Result<Registration, Error> {
    use crate::web::{answer, now, services};
    answer(async {
        let (merchant, proof) = crate::merchant::my_shop(&number).await?;
        let store = services().store;
        let found = store.application_of(merchant.id).await?;
        let own = found.as_ref().filter(|found| found.person == proof.person()).map(|found| (found.id, found.stage));
        // Reasons may name people: they are for those who answer for the shop.
        let is_told = proof.role() >= Role::Manager;
        let decisions = store.decisions(merchant.id).await?.into_iter();
        let decisions = decisions.map(|row| (row.decision, if is_told { row.reason } else { String::new() }, row.at)).collect();
        Ok(Registration { merchant, role: proof.role(), own, stage: found.map(|found| found.stage), decisions, now: now() })
    })
    .await
}

#[cfg(feature = "ssr")]
mod serve {
    use super::Shown;
    use crate::Error;
    use crate::merchant::application::next_step;
    use crate::merchant::application::{Step, keeping};
    use crate::web::{SignedIn, new_id, now, services};
    use domain::application::{ApplicationRefused, BusinessState, Decision, Stage};
    use domain::business_number::BusinessNumber;
    use domain::merchant_number::MerchantNumber;
    use domain::{ApplicationId, PayoutCheckId, PersonId};
    use store::Application;

    pub(super) async fn goes_on(business: BusinessNumber) -> Result<(), Error> {
        match services().tax.state(business).await? {
            BusinessState::Continuing => Ok(()),
            other => Err(ApplicationRefused::NotContinuing(other).into()),
        }
    }

    /// An application of whoever asks, unless its shop was ended on this device.
    pub(super) async fn mine(who: &SignedIn, id: ApplicationId) -> Result<Application, Error> {
        let store = services().store;
        let found = store.application(who.person, id).await?.ok_or(Error::NotFound)?;
        match found.shop {
            Some((shop, _)) if store.is_ended_on(who.session, shop).await? => Err(Error::DeviceEnded),
            _ => Ok(found),
        }
    }

    pub(super) fn written<T>(written: store::Written<T>) -> Result<T, Error> {
        Ok(written.ok_or(Error::NotFound)??)
    }

    /// The page of what is still missing; of an open shop its own.
    pub(super) async fn onward(person: PersonId, id: ApplicationId) -> Result<String, Error> {
        let found = services().store.application(person, id).await?.ok_or(Error::NotFound)?;
        Ok(match open(&found) {
            Some(number) => format!("{}?done={}", keeping::path(number), new_id().0),
            None => next_step(found.done()).path(id),
        })
    }

    /// Where the account is asked for.
    pub(super) fn account_page(found: &Application) -> String {
        open(found).map_or_else(|| Step::Account.path(found.id), keeping::path)
    }

    fn open(found: &Application) -> Option<MerchantNumber> {
        found.shop.filter(|_| found.stage == Stage::Approved).map(|(_, number)| number)
    }

    pub(super) async fn shown(found: Application) -> Result<Shown, Error> {
        let store = services().store;
        let holder = store.member(found.person).await?.ok_or(Error::SignedOut)?.name;
        let one_won = store.one_won(found.id, now()).await?.map(|one| (one.masked, one.is_sent));
        let decisions = match found.shop {
            Some((shop, _)) if found.stage == Stage::SentBack => store.decisions(shop).await?,
            _ => Vec::new(),
        };
        let (ms, random) = new_id();
        Ok(Shown {
            id: found.id,
            stage: found.stage,
            business_number: found.business_number.to_string(),
            about: found.about,
            photo: found.photo,
            payout: found.payout,
            one_won,
            check: PayoutCheckId::from_parts(ms, random),
            holder,
            shop: found.shop.map(|(_, number)| number.to_string()),
            reason: decisions.into_iter().find(|row| row.decision == Decision::SentBack).map(|row| row.reason),
        })
    }
}
