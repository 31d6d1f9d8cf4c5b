//! A shop that waits for the city: signed up by the way that people take, with a picture and an account that one won proved. It is there
//! until somebody at the console decides.

use super::cast::{Person, WAITING, WAITING_BUSINESS};
use super::{DemoError, selling, signing_up};
use app::web::Services;
use domain::application::{About, BusinessState};
use domain::business_number::BusinessNumber;
use domain::buying::BankSays;
use domain::{ApplicationId, PayoutCheckId, PersonId, Timestamp};
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};

pub async fn sign_up(services: &Services, owner: PersonId, person: &Person) -> Result<(), DemoError> {
    let store = &services.store;
    let business = BusinessNumber::from_first_nine(WAITING_BUSINESS).ok_or(DemoError::Odd("no business number"))?;
    // Sent at an earlier start; whatever the city has decided since stands.
    if store.shops_of(owner).await?.iter().any(|(shop, _)| shop.name == WAITING.0) {
        return Ok(());
    }
    if services.tax.state(business).await? != BusinessState::Continuing {
        return Err(DemoError::Odd("the tax service knows the shop of the demo otherwise"));
    }
    let step = |_| DemoError::Odd("a step of the application was refused");
    let missing = || DemoError::Odd("the application is missing");
    let id = store.begin_application(owner, business, Timestamp::now()).await?.map_err(step)?;
    let there = store.application(owner, id).await?.ok_or_else(missing)?;
    let (name, category, district, address) = WAITING;
    let about = About::parse(name, category, district, address).map_err(|_| DemoError::Odd("a field of the application"))?;
    store.set_about(owner, id, &about, Timestamp::now()).await?.ok_or_else(missing)?.map_err(step)?;
    store.set_photo(owner, id, &front()?, Timestamp::now()).await?.ok_or_else(missing)?.map_err(step)?;
    if there.payout.is_none() {
        prove_account(services, owner, id, person).await?;
    }
    store.submit_application(owner, id, Timestamp::now()).await?.ok_or_else(missing)?.map_err(step)?;
    Ok(())
}

/// One won goes through the bank; its code is read where it was made instead of in the bank's app.
async fn prove_account(services: &Services, owner: PersonId, id: ApplicationId, person: &Person) -> Result<(), DemoError> {
    let (store, now) = (&services.store, Timestamp::now());
    let account = signing_up::account(services, person).await?;
    let (ms, random) = selling::fresh(now);
    let check = PayoutCheckId::from_parts(ms, random);
    let step = |_| DemoError::Odd("one won was refused");
    let missing = || DemoError::Odd("the application is missing");
    let code = store.begin_one_won(owner, id, check, &account, now).await?.ok_or_else(missing)?.map_err(step)?;
    if services.bank.send_one_won(check, &account.account, code).await != BankSays::Done {
        return Err(DemoError::Odd("the bank did not send one won"));
    }
    store.one_won_was_sent(check, true).await?;
    store.confirm_one_won(owner, id, Some(code), Timestamp::now()).await?.ok_or_else(missing)?.map_err(step)
}

/// A shop's front, drawn: wall, awning, window, door.
fn front() -> Result<Vec<u8>, DemoError> {
    const AWNING: [[u8; 3]; 2] = [[214, 92, 62], [250, 244, 232]];
    let picture = RgbImage::from_fn(640, 480, |x, y| {
        Rgb(match (x, y) {
            (_, 0..90) => [228, 214, 190],
            (_, 90..150) => AWNING[usize::try_from(x / 40 % 2).unwrap_or(0)],
            (60..360, 200..380) => [170, 206, 214],
            (420..560, 190..440) => [92, 64, 48],
            (_, 440..) => [150, 146, 140],
            _ => [238, 228, 208],
        })
    });
    let mut jpeg = Vec::new();
    let written = JpegEncoder::new_with_quality(&mut jpeg, 82).encode_image(&picture);
    written.map_err(|_| DemoError::Odd("the picture can't be written"))?;
    Ok(jpeg)
}
