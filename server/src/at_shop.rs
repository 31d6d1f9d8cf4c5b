//! Who asks for something of a shop that is no page: a stream, a file. The same questions as `app::merchant` puts.

use app::Error;
use app::web::{Cookie, Services, cookie_in};
use domain::Timestamp;
use domain::merchant::{Merchant, Role};
use domain::merchant_number::MerchantNumber;
use http::HeaderMap;
use store::{OnDevice, Session, StaffProof, Token};

/// Staff of a shop, on a device that was not ended.
pub struct AtShop {
    pub session: Session,
    /// What ends after this is to be asked about again (`Store::endings`).
    pub endings: u64,
    pub shop: Merchant,
    pub proof: StaffProof,
}

/// Others learn nothing of the shop, not even that it exists.
pub async fn at_shop(services: &Services, headers: &HeaderMap, number: &str, at_least: Role) -> Result<AtShop, Error> {
    let store = &services.store;
    let token = cookie_in(headers, Cookie::Session).and_then(Token::parse).ok_or(Error::SignedOut)?;
    let session = store.session(&token, Timestamp::now()).await?.ok_or(Error::SignedOut)?;
    // What ended just before is found by the guard of streams, within a second.
    let endings = store.endings(session.person);
    let number = MerchantNumber::parse(number).map_err(|_| Error::NotFound)?;
    let shop = store.merchant_by_number(number).await?.ok_or(Error::NotFound)?;
    match store.staff_on(session.person, session.id, shop.id, at_least, Timestamp::now()).await? {
        OnDevice::Open(proof) => Ok(AtShop { session, endings, shop, proof }),
        OnDevice::Ended => Err(Error::DeviceEnded),
        OnDevice::Stranger => Err(Error::NotFound),
    }
}
