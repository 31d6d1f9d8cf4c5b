//! The shop's side: signing up ([`BeginPage`] and those after it), which shop, its day with the payments as they come (seen and heard), and its QR to show or print.

mod alerts;
mod application;
mod ask;
mod choose;
mod codes;
mod counter_page;
// Lives in the browser; the server renders its beginning.
#[cfg_attr(not(feature = "hydrate"), allow(dead_code))]
mod counter;
#[cfg(feature = "hydrate")]
mod live;
mod my_role;
mod payment;
mod push_here;
mod qr;
mod settlement;
mod settlements;
mod staff;
mod take;
#[cfg(feature = "hydrate")]
mod telling;
mod today;
mod tries;
#[cfg(feature = "hydrate")]
mod voice;

pub use alerts::AlertsPage;
pub use application::{
    AboutPage, AboutShopPage, AccountPage, BeginPage, CheckPage, PHOTO_MAX_MB, PhotoPage, StatePage, after_photo, photo_page, photo_path,
};
pub use ask::{AskPage, AskedPage};
pub use choose::ChoosePage;
pub(crate) use choose::standing_word;
pub use counter_page::CounterPage;
pub use payment::ShopPaymentPage;
pub use qr::QrPage;
pub use settlement::StatementPage;
pub use settlements::SettlementsPage;
pub(crate) use settlements::{day_words, reason, when};
pub use staff::{DevicesPage, InvitationPage, StaffPage};
pub use take::{TakePage, TakenPage};
pub use today::TodayPage;

use crate::Error;
use domain::listening::Claim;
use domain::merchant::{Merchant, Role};
use domain::notice::Notice;
use domain::{DeviceId, PaymentId, Timestamp, Won};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// How many notices the page begins with; those before are in the books.
#[cfg(feature = "ssr")]
const SHOWN: i64 = 50;

/// A shop's day so far, and its newest notices, newest first.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ShopToday {
    pub merchant: Merchant,
    pub role: Role,
    pub paid_count: i64,
    pub paid: Won,
    pub cancelled: Won,
    pub notices: Vec<Notice>,
    /// The newest notice's number; 0 when there was none.
    pub last_number: i64,
    /// A name for this device, if it has none yet.
    pub device: DeviceId,
    pub now: Timestamp,
}

/// A shop and what is in its code; none while it may not be paid.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ShopQr {
    pub merchant: Merchant,
    pub role: Role,
    pub code: Option<String>,
}

/// A shop that is about to ask for an amount.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ShopAmount {
    pub merchant: Merchant,
    pub role: Role,
    /// For a code that is scanned here; made by the server, so that a page rendered there and one alive in the browser are the same.
    pub payment: PaymentId,
}

/// The shops that I work for.
#[server(prefix = "/api", endpoint = "merchant/mine")]
pub async fn my_shops() -> Result<Vec<(Merchant, Role)>, Error> {
    use crate::web::{answer, services, signed_in};
    answer(async { Ok(services().store.shops_of(signed_in().await?.person).await?) }).await
}

/// The day of a shop that I work for.
#[server(prefix = "/api", endpoint = "merchant/today")]
pub async fn load_today(number: String) -> Result<ShopToday, Error> {
    use crate::web::{answer, new_id, now, services};
    use domain::calendar::Day;
    answer(async {
        let (merchant, proof) = my_shop(&number).await?;
        let store = services().store;
        let today = store.today(merchant.id, now()).await?;
        let notices = store.latest_notices(merchant.id, SHOWN).await?;
        let last_number = notices.first().map_or(0, |notice| notice.number);
        // The page says times, not dates: what came before today stands among the payments.
        let notices = notices.into_iter().filter(|notice| Day::of(notice.at) == Day::of(now())).collect();
        let (ms, random) = new_id();
        Ok(ShopToday {
            merchant,
            role: proof.role(),
            paid_count: today.paid_count,
            paid: today.paid,
            cancelled: today.cancelled,
            notices,
            last_number,
            device: DeviceId::from_parts(ms, random),
            now: now(),
        })
    })
    .await
}

/// What a device that listens is told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hearing {
    pub speaks: bool,
    /// Who speaks, by name.
    pub speaker: Option<String>,
    /// The shop has heard everything up to this number.
    pub heard: i64,
    /// What this device says itself.
    pub claim: Claim,
}

/// A device of a shop that I work for listens: what it wants, what it has heard (nothing said: its page is new) and had seen when its
/// sound was turned on, and what it told since.
#[server(prefix = "/api", endpoint = "merchant/listen")]
pub async fn listen_in(
    number: String,
    device: String,
    #[server(default)] name: String,
    wants: String,
    #[server(default)] heard: Option<i64>,
    #[server(default)] seen: Option<i64>,
    #[server(default)] acks: String,
) -> Result<Hearing, Error> {
    use crate::error::Input;
    use crate::web::{answer, now, services};
    use domain::listening::{Ack, Wants, Word};
    answer(async {
        let (_, proof) = my_shop(&number).await?;
        let device: DeviceId = device.parse().map_err(|_| Input::Id)?;
        let wants = Wants::parse(&wants).ok_or(Error::BadRequest)?;
        let acks = Ack::parse_list(&acks).ok_or(Error::BadRequest)?;
        let store = services().store;
        store.acknowledge(&proof, &name, &acks, now()).await?;
        let told = store.listen(&proof, &store::Listening { name, word: Word { device, wants, heard, seen } }, now()).await?;
        Ok(Hearing { speaks: told.speaks, speaker: told.speaker, heard: told.heard, claim: told.claim })
    })
    .await
}

/// For taking money at a shop that I work for.
#[server(prefix = "/api", endpoint = "merchant/till")]
pub async fn load_shop(number: String) -> Result<ShopAmount, Error> {
    use crate::web::{answer, new_id};
    answer(async {
        let (merchant, proof) = my_shop(&number).await?;
        let (ms, random) = new_id();
        Ok(ShopAmount { merchant, role: proof.role(), payment: PaymentId::from_parts(ms, random) })
    })
    .await
}

/// The code of a shop that I work for.
#[server(prefix = "/api", endpoint = "merchant/qr")]
pub async fn load_qr(number: String) -> Result<ShopQr, Error> {
    use crate::web::answer;
    answer(async {
        let (merchant, proof) = my_shop(&number).await?;
        let code = printed_code(&merchant)?;
        Ok(ShopQr { merchant, role: proof.role(), code })
    })
    .await
}

/// What stands in the printed code of a shop; `None` while it may not be paid.
#[cfg(feature = "ssr")]
pub fn printed_code(merchant: &Merchant) -> Result<Option<String>, Error> {
    use domain::merchant::Standing;
    use domain::qr::{Mcc, MerchantQr, QrError};
    let printed =
        || -> Result<String, QrError> { MerchantQr::printed(merchant.number, Mcc::parse(&merchant.category)?, &merchant.name).format() };
    match merchant.standing {
        Standing::Open => Ok(Some(printed().map_err(|error| crate::web::incident(&error))?)),
        Standing::Pending | Standing::Closed => Ok(None),
    }
}

/// The shop with this number, if I am of its staff, and it was not ended on this device. Others learn nothing, not even that it exists.
#[cfg(feature = "ssr")]
pub(crate) async fn my_shop(number: &str) -> Result<(Merchant, store::StaffProof), Error> {
    use crate::web::{now, services, signed_in};
    use store::OnDevice;
    let who = signed_in().await?;
    let number = domain::qr::MerchantNumber::parse(number).map_err(|_| Error::NotFound)?;
    let store = services().store;
    let merchant = store.merchant_by_number(number).await?.ok_or(Error::NotFound)?;
    match store.staff_on(who.person, who.session, merchant.id, Role::Cashier, now()).await? {
        OnDevice::Open(proof) => Ok((merchant, proof)),
        OnDevice::Ended => Err(Error::DeviceEnded),
        OnDevice::Stranger => Err(Error::NotFound),
    }
}

/// As [`my_shop`], for whoever has at least this role there. Others of its staff are told that they may not.
#[cfg(feature = "ssr")]
pub(crate) async fn my_shop_as(number: &str, at_least: Role) -> Result<(Merchant, store::StaffProof), Error> {
    let (merchant, proof) = my_shop(number).await?;
    if proof.role() < at_least { Err(Error::Forbidden) } else { Ok((merchant, proof)) }
}

/// Where the pages of a shop live.
pub(crate) fn base(merchant: &Merchant) -> String {
    format!("/merchant/{}", merchant.number)
}
