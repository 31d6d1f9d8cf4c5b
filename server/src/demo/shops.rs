//! Shops of the demo, and who works there.

use super::cast::{Person, Shop};
use super::{DemoError, number, signing_up};
use app::web::Services;
use domain::business_number::BusinessNumber;
use domain::finding::Place;
use domain::merchant::{Role, Standing};
use domain::{PersonId, Timestamp};
use store::NewMerchant;

pub async fn open(services: &Services, shop: &Shop, owner: PersonId, person: &Person) -> Result<(), DemoError> {
    let (store, number) = (&services.store, number(shop)?);
    let merchant = match store.merchant_by_number(number).await? {
        Some(there) => there,
        None => {
            // "A shop gets no QR without a verified payout account."
            let payout_account = match shop.standing {
                Standing::Pending => None,
                Standing::Open | Standing::Closed => Some(signing_up::account(services, person).await?.account),
            };
            let business_number = BusinessNumber::from_first_nine(120_810_000 + shop.serial).ok_or(DemoError::Odd("no business number"))?;
            let new = NewMerchant {
                number: Some(number),
                business_number,
                name: shop.name.to_owned(),
                district: shop.district(),
                address: shop.address.to_owned(),
                category: shop.category.to_owned(),
                payout_account,
            };
            store.create_merchant(&new, owner, Timestamp::now()).await?
        }
    };
    if store.place_of(merchant.id).await?.is_none() {
        let proof = store.staff(owner, merchant.id, Role::Owner).await?.ok_or(DemoError::Odd("a shop has another owner"))?;
        let place = Place::from_degrees(shop.place.0, shop.place.1).ok_or(DemoError::Odd("a shop is nowhere"))?;
        store.set_place(&proof, place, Timestamp::now()).await?;
    }
    // Only what a broken-off start left: a shop that somebody closed since stays closed.
    if merchant.standing == Standing::Pending && shop.standing != Standing::Pending {
        store.set_standing(merchant.id, shop.standing).await?;
    }
    Ok(())
}

pub async fn hire(services: &Services, shop: &Shop, owner: PersonId, cashier: PersonId) -> Result<(), DemoError> {
    let store = &services.store;
    let merchant = store.merchant_by_number(number(shop)?).await?.ok_or(DemoError::Odd("the café is missing"))?;
    if store.role(cashier, merchant.id).await?.is_none() {
        let proof = store.staff(owner, merchant.id, Role::Owner).await?.ok_or(DemoError::Odd("the café has another owner"))?;
        store.add_staff(&proof, cashier, Role::Cashier, Timestamp::now()).await?;
    }
    Ok(())
}

/// The other shops of the city, to be found and paid: open, without anybody who works there.
pub async fn crowd(services: &Services, count: u32, person: &Person) -> Result<(), DemoError> {
    let payout_account = signing_up::account(services, person).await?.account;
    let made = services.store.seed_shops(count, &payout_account, Timestamp::now()).await?;
    if made > 0 {
        tracing::info!(made, "shops of the demo");
    }
    Ok(())
}
