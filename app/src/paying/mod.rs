//! Paying a shop: scan or type its number, see who it is, type the amount, confirm with the PIN, show the code.
//!
//! Each question has its own address, so back, reload and a browser without JavaScript all work: `/pay` finds the shop,
//! `/pay/:number` asks for the amount, `/pay/:number?amount=32000` for the PIN, `/payments/:id` confirms.

#[cfg(feature = "hydrate")]
mod camera;
mod confirmation;
mod my_code;
mod scan;
mod shop;

pub use confirmation::PaymentPage;
pub use my_code::{MyCodePage, ShownCodePage};
pub use scan::{PayPage, PayerCodeScanner};
pub use shop::PayShopPage;

use crate::Error;
use domain::kind::Kind;
use domain::merchant::Merchant;
use domain::paying::Payment;
use domain::spending::Lot;
use domain::{PaymentId, PhotoId, Timestamp, Won};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the payer's page needs of a shop and of the own wallet.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct PayDesk {
    /// Made by the server, so that a page rendered there and one alive in the browser are the same; used once.
    pub payment: PaymentId,
    pub merchant: Merchant,
    pub photo: Option<PhotoId>,
    pub lots: Vec<Lot>,
    pub kinds: Vec<Kind>,
    /// What the code on the shop's screen asks for.
    pub asked: Option<Asked>,
    pub now: Timestamp,
}

/// An amount that a shop asks for, by a code that is good for one payment.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    pub nonce: String,
    pub amount: Won,
    pub until: Timestamp,
}

/// A payment with the names of the kinds that it drew on.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Paid {
    pub payment: Payment,
    /// The shop's, for the receipt.
    pub business_number: Option<String>,
    pub kinds: Vec<Kind>,
    pub now: Timestamp,
}

/// The shop with this number, and what I could pay with. Closed or unapproved shops are refused here, at the scan.
#[server(prefix = "/api", endpoint = "pay/desk")]
pub async fn load_pay_desk(number: String, once: Option<String>) -> Result<PayDesk, Error> {
    use crate::error::Input;
    use crate::web::{answer, new_id, now, services, signed_in};
    use domain::Refused;
    use domain::merchant::Standing;
    use domain::qr::MerchantNumber;
    answer(async {
        let who = signed_in().await?;
        let number = MerchantNumber::parse_typed(&number).map_err(Input::ShopNumber)?;
        let store = services().store;
        let merchant = store.merchant_by_number(number).await?.ok_or(Refused::NoSuchShop)?;
        match merchant.standing {
            Standing::Open => {}
            Standing::Pending => return Err(Refused::ShopNotReady.into()),
            Standing::Closed => return Err(Refused::ShopClosed.into()),
        }
        let asked = match once {
            Some(nonce) => Some(serve::asked(&store, &merchant, nonce).await?),
            None => None,
        };
        let wallet = store.wallet(who.person, now()).await?;
        let photo = store.photo_of(merchant.id).await?;
        let (ms, random) = new_id();
        let payment = PaymentId::from_parts(ms, random);
        Ok(PayDesk { payment, merchant, photo, lots: wallet.lots, kinds: wallet.kinds, asked, now: now() })
    })
    .await
}

/// Finds a shop by what was scanned or typed (a code of ours, its link, or the number) and goes on to it.
#[server(prefix = "/api", endpoint = "pay/find")]
pub async fn find_shop(code: String) -> Result<(), Error> {
    use crate::web::{answer, go};
    answer(async {
        go(&shop_in(&code)?);
        Ok(())
    })
    .await
}

/// Pays. The same payment id again leads to the same confirmation.
#[server(prefix = "/api", endpoint = "pay")]
pub async fn pay(
    payment: String,
    number: String,
    amount: String,
    kind: Option<i64>,
    once: Option<String>,
    pin: String,
) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, go, now, prove_pin, services, signed_in};
    use domain::amount_input::parse_won;
    use domain::qr::MerchantNumber;
    use domain::{KindId, Refused, Won, paying};
    answer(async {
        let who = signed_in().await?;
        let id: PaymentId = payment.parse().map_err(|_| Input::Id)?;
        let number = MerchantNumber::parse_typed(&number).map_err(Input::ShopNumber)?;
        let amount = parse_won(&amount).map_err(Input::Amount)?;
        let amount = Won::new(amount).map_err(|_| Refused::PaymentAmount { most: paying::MOST })?;
        let store = services().store;
        let merchant = store.merchant_by_number(number).await?.ok_or(Refused::NoSuchShop)?;
        let proof = prove_pin(&who, &pin).await?;
        let bill = store::Bill { id, merchant: merchant.id, amount, kind: kind.map(KindId) };
        match once {
            Some(nonce) => store.pay_asked(proof, bill, &nonce, now()).await??,
            None => store.pay(proof, bill, now()).await??,
        };
        go(&format!("/payments/{id}"));
        Ok(())
    })
    .await
}

/// One of my payments.
#[server(prefix = "/api", endpoint = "pay/payment")]
pub async fn load_payment(id: String) -> Result<Paid, Error> {
    use crate::web::{answer, now, services, signed_in};
    use store::Viewer;
    answer(async {
        let who = signed_in().await?;
        let id: PaymentId = id.parse().map_err(|_| Error::NotFound)?;
        let store = services().store;
        let payment = store.payment(Viewer::Payer(who.person), id).await?.ok_or(Error::NotFound)?;
        let business_number = store.business_number_of(who.person, id).await?;
        Ok(Paid { payment, business_number, kinds: store.kinds().await?, now: now() })
    })
    .await
}

#[cfg(feature = "ssr")]
mod serve {
    use super::Asked;
    use crate::Error;
    use crate::web::now;
    use domain::Refused;
    use domain::merchant::Merchant;
    use store::{ShopCodeState, Store};

    /// What the code on this shop's screen asks for, while it is good.
    pub(super) async fn asked(store: &Store, merchant: &Merchant, nonce: String) -> Result<Asked, Error> {
        let code = store.shop_code_by_nonce(&nonce, now()).await?.filter(|code| code.merchant == merchant.id);
        let code = code.ok_or(Refused::NoSuchCode)?;
        match code.state {
            ShopCodeState::Good => Ok(Asked { nonce, amount: code.amount, until: code.until }),
            ShopCodeState::Expired => Err(Refused::CodeExpired.into()),
            ShopCodeState::Paid(_) => Err(Refused::CodeUsed.into()),
        }
    }
}

/// Where a scanned or typed text leads. A number that was typed may have gaps; anything else must be a code or a link of ours.
pub(crate) fn shop_in(text: &str) -> Result<String, Error> {
    use crate::error::Input;
    use domain::qr::{MerchantNumber, scan};
    let text = text.trim();
    let is_number = text.chars().all(|character| character.is_numeric() || character == '-' || character.is_whitespace());
    if is_number {
        return Ok(MerchantNumber::parse_typed(text).map_err(Input::ShopNumber)?.pay_path());
    }
    let scanned = scan(text).map_err(Input::Qr)?;
    let path = scanned.merchant().pay_path();
    Ok(match scanned.nonce() {
        Some(nonce) => format!("{path}?once={nonce}"),
        None => path,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Input;

    #[test]
    fn codes_links_and_numbers_lead_to_the_shop() {
        let number = domain::qr::MerchantNumber::from_serial(1).expect("a serial");
        let path = number.pay_path();
        for text in [number.to_string(), format!(" {} ", &number.to_string()), format!("https://pay.example{path}")] {
            assert_eq!(shop_in(&text), Ok(path.clone()), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused_with_its_reason() {
        assert!(matches!(shop_in("12345"), Err(Error::Input(Input::ShopNumber(_)))));
        assert!(matches!(shop_in("https://pay.example/elsewhere"), Err(Error::Input(Input::Qr(_)))));
        assert!(matches!(shop_in(""), Err(Error::Input(Input::ShopNumber(_)))));
    }
}
