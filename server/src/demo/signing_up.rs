//! Members of the demo sign up like anybody: code, identity, PIN, bank account.

use super::DemoError;
use super::cast::{PIN, Person};
use crate::outside;
use app::web::Services;
use domain::phone::Phone;
use domain::pin::Pin;
use domain::{PersonId, Timestamp};
use serde::Deserialize;
use std::time::Duration;
use store::{Bank, CodeChecked, Identity, PhoneProof};

/// Stands for the caller's address where tries are counted.
pub const ADDRESS: &str = "demo";
const LOOK_EVERY: Duration = Duration::from_millis(50);
const LOOK_MOST: u32 = 400;

/// The member with this phone, signed up when there is none.
pub async fn member(services: &Services, sandbox: &str, person: &Person) -> Result<PersonId, DemoError> {
    let store = &services.store;
    let phone = Phone::parse(person.phone).map_err(|_| DemoError::Odd("no phone"))?;
    if let Some(known) = store.member_by_phone(phone).await? {
        return Ok(known);
    }
    let step = |_| DemoError::Odd("the sign-up was refused");
    let enrolment = store.begin_enrolment(phone, Timestamp::now()).await?;
    let proof = prove(services, sandbox, phone).await?;
    store.verify_phone(&enrolment, &proof, Timestamp::now()).await?.map_err(step)?;
    let verified = services.identity.verify(person.name, person.birth_date, phone).await?;
    let verified = verified.ok_or(DemoError::Odd("the identity was not confirmed"))?;
    let identity = Identity { name: verified.name, birth_date: verified.birth_date };
    store.set_identity(&enrolment, &identity, &verified.ci, Timestamp::now()).await?.map_err(step)?;
    let born = (identity.birth_date.year(), identity.birth_date.month().unsigned_abs(), identity.birth_date.day().unsigned_abs());
    let pin = Pin::choose(PIN, born, &phone.digits()).map_err(|_| DemoError::Odd("the PIN is too easy"))?;
    store.set_enrolment_pin(&enrolment, &pin, Timestamp::now()).await?.map_err(step)?;
    let bank = account(services, person).await?;
    store.finish_enrolment(&enrolment, Some(&bank), Timestamp::now()).await?.map_err(step)
}

pub async fn account(services: &Services, person: &Person) -> Result<Bank, DemoError> {
    let (bank, number) = person.bank;
    let account = services.bank.verify(bank, number, person.name).await?.ok_or(DemoError::Odd("the account was not confirmed"))?;
    Ok(Bank { account: account.token, masked: account.masked })
}

/// Sends a code and reads it where it arrives.
async fn prove(services: &Services, sandbox: &str, phone: Phone) -> Result<PhoneProof, DemoError> {
    let asked_at = Timestamp::now();
    // Refused when a start broke off seconds ago; then that code is still good.
    let sent = services.store.send_code(phone, ADDRESS, asked_at).await?;
    let since = if sent.is_ok() { asked_at } else { Timestamp::UNIX_EPOCH };
    let client = outside::client(outside::PATIENCE)?;
    for _ in 0..LOOK_MOST {
        if let Some(code) = newest_code(&client, sandbox, phone, since).await? {
            return match services.store.check_code(phone, &code, ADDRESS, Timestamp::now()).await? {
                CodeChecked::Right(proof) => Ok(proof),
                _ => Err(DemoError::Odd("the code was not taken; start again in a minute")),
            };
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Err(DemoError::Odd("no code arrived in the sandbox's inbox"))
}

#[derive(Deserialize)]
struct Message {
    text: String,
    at: Timestamp,
}

async fn newest_code(client: &reqwest::Client, sandbox: &str, phone: Phone, since: Timestamp) -> Result<Option<String>, DemoError> {
    let url = format!("{sandbox}/sms/v1/messages?to={}", phone.digits());
    let messages: Vec<Message> = client.get(url).send().await?.error_for_status()?.json().await?;
    let newest = messages.into_iter().find(|message| message.at >= since);
    Ok(newest.and_then(|message| {
        let mut runs = message.text.split(|c: char| !c.is_ascii_digit()).map(str::to_owned);
        runs.find(|run| run.len() == 6)
    }))
}
