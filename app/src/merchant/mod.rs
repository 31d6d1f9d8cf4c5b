//! The shop's side: which shop, its day with the payments as they come (seen and heard), and its QR to show or print.

mod choose;
// Lives in the browser; the server renders its beginning.
#[cfg_attr(not(feature = "hydrate"), allow(dead_code))]
mod counter;
#[cfg(feature = "hydrate")]
mod live;
mod qr;
mod today;
#[cfg(feature = "hydrate")]
mod voice;

pub use choose::ChoosePage;
pub use qr::QrPage;
pub use today::TodayPage;

use crate::Error;
use domain::merchant::{Merchant, Role};
use domain::notice::Notice;
use domain::{Timestamp, Won};
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
    pub now: Timestamp,
}

/// A shop and what is in its code; none while it may not be paid.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ShopQr {
    pub merchant: Merchant,
    pub code: Option<String>,
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
    use crate::web::{answer, now, services};
    answer(async {
        let (merchant, proof) = my_shop(&number).await?;
        let store = services().store;
        let today = store.today(merchant.id, now()).await?;
        let notices = store.latest_notices(merchant.id, SHOWN).await?;
        let last_number = notices.first().map_or(0, |notice| notice.number);
        Ok(ShopToday {
            merchant,
            role: proof.role(),
            paid_count: today.paid_count,
            paid: today.paid,
            cancelled: today.cancelled,
            notices,
            last_number,
            now: now(),
        })
    })
    .await
}

/// The code of a shop that I work for.
#[server(prefix = "/api", endpoint = "merchant/qr")]
pub async fn load_qr(number: String) -> Result<ShopQr, Error> {
    use crate::web::{answer, incident};
    use domain::merchant::Standing;
    use domain::qr::{Mcc, MerchantQr};
    answer(async {
        let (merchant, _) = my_shop(&number).await?;
        let printed = || -> Result<String, domain::qr::QrError> {
            MerchantQr::printed(merchant.number, Mcc::parse(&merchant.category)?, &merchant.name).format()
        };
        let code = match merchant.standing {
            Standing::Open => Some(printed().map_err(|error| incident(&error))?),
            Standing::Pending | Standing::Closed => None,
        };
        Ok(ShopQr { merchant, code })
    })
    .await
}

/// The shop with this number, if I am of its staff. Others learn nothing, not even that it exists.
#[cfg(feature = "ssr")]
async fn my_shop(number: &str) -> Result<(Merchant, store::StaffProof), Error> {
    use crate::web::{services, signed_in};
    let who = signed_in().await?;
    let number = domain::qr::MerchantNumber::parse(number).map_err(|_| Error::NotFound)?;
    let store = services().store;
    let merchant = store.merchant_by_number(number).await?.ok_or(Error::NotFound)?;
    let proof = store.staff(who.person, merchant.id, Role::Cashier).await?.ok_or(Error::NotFound)?;
    Ok((merchant, proof))
}

/// Where the pages of a shop live.
fn base(merchant: &Merchant) -> String {
    format!("/merchant/{}", merchant.number)
}
