//! A year of somebody who pays with vouchers every day.

use super::{FULL, LOTS, ROWS};
use crate::Outcome;
use crate::city;
use crate::town::Town;
use domain::buying::{self, BankSays};
use domain::{MerchantId, PaymentId, PersonId, PurchaseId, Timestamp, WindowId, Won, paying};
use jiff::SignedDuration;
use sqlx::{AnyConnection, Connection, Row};
use store::Store;
use store::till::Buyer;

const FACE: Won = Won::of(100_000);
const PRICE: Won = Won::of(100);
const YEAR: SignedDuration = SignedDuration::from_hours(365 * 24);

/// The first of the town's people have bought all their lots a year ago, one with another, and have paid since; the others have one lot.
pub async fn live(town: &Town) -> Outcome<()> {
    let store = town.store().await?;
    let shops = shops(&town.url).await?;
    let tasks: Vec<_> = town.people[..FULL].iter().map(|person| tokio::spawn(year(store.clone(), person.id, shops.clone()))).collect();
    for task in tasks {
        task.await??;
    }
    store.close().await;
    Ok(())
}

/// All shops.
pub async fn shops(url: &str) -> Outcome<Vec<MerchantId>> {
    let mut connection = AnyConnection::connect(url).await?;
    let rows = sqlx::query("SELECT id FROM merchant ORDER BY id").fetch_all(&mut connection).await?;
    rows.iter().map(|row| Ok(MerchantId(row.try_get(0)?))).collect()
}

async fn year(store: Store, person: PersonId, shops: Vec<MerchantId>) -> Outcome<()> {
    let now = Timestamp::now();
    let payments = ROWS - LOTS;
    // What the payments use up is bought beside.
    let used_up = usize::try_from(PRICE.get())? * payments / usize::try_from(FACE.get())? + 1;
    for lot in 0..LOTS + used_up {
        // In order: nobody's month goes back.
        let at = now - YEAR - SignedDuration::from_mins(i64::try_from(LOTS + used_up - lot)?);
        let id = PurchaseId::from_parts(u64::try_from(at.as_millisecond())?, rand::random());
        let wish = buying::Wish { id, person, window: WindowId(city::WINDOW), face: FACE, place: None, partner: None };
        store.till().reserve(wish, Buyer { birth_year: 1990, account: "acc_bench".into() }, at).await??;
        store.till().settle(id, BankSays::Done, at).await?;
    }
    for payment in 0..payments {
        let at = now - YEAR + SignedDuration::from_secs(YEAR.as_secs() * i64::try_from(payment)? / i64::try_from(payments)?);
        let id = PaymentId::from_parts(u64::try_from(at.as_millisecond())?, rand::random());
        let merchant = shops[payment % shops.len()];
        store.till().pay(paying::Wish { id, payer: person, merchant, amount: PRICE, kind: None, once: None }, at).await??;
    }
    Ok(())
}
