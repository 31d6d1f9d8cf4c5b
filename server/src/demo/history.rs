//! What was before today: two weeks of payments at a café and a bookshop, so that a newcomer sees a week beside another, settled days
//! and payouts; and vouchers of five years ago, whose time is nearly or wholly over. Bought and paid by the ways that people take, with the times of those days; closing them is the job's, as ever.

use super::cast::{BOOKS, CAFE, Person, REGULAR, Shop};
use super::selling::{self, fresh};
use super::signing_up;
use super::{DemoError, number};
use app::web::Services;
use domain::calendar::{in_seoul, seoul_at};
use domain::{PaymentId, PersonId, Timestamp, Won};
use jiff::{SignedDuration, ToSpan};
use store::Bill;

/// Days with payments before today.
const DAYS: i64 = 14;
/// Hour, minute, which shop, and won: of a day like any other; each day takes some of them.
const USUAL: [(i8, i8, &Shop, i64); 7] = [
    (8, 40, &CAFE, 4_800),
    (9, 15, &CAFE, 6_300),
    (12, 35, &CAFE, 11_500),
    (12, 50, &CAFE, 5_200),
    (15, 20, &BOOKS, 16_800),
    (18, 5, &CAFE, 9_700),
    (19, 30, &BOOKS, 8_900),
];

/// Into a database of which no day has been closed yet, and only once.
pub async fn make(services: &Services, sandbox: &str, now: Timestamp) -> Result<(), DemoError> {
    let store = &services.store;
    let person: &Person = &REGULAR;
    let regular = signing_up::member(services, sandbox, person).await?;
    let is_there = !store.purchases(regular, None, 1).await?.is_empty();
    if is_there || store.closed_through().await?.is_some() {
        return Ok(());
    }
    let opened = now - SignedDuration::from_hours(24 * (DAYS + 2));
    if !selling::bought_before(services, regular, Won::of(400_000), opened).await? {
        return Ok(());
    }
    for days_ago in (1..=DAYS).rev() {
        let date = in_seoul(now).date().checked_sub(days_ago.days()).map_err(|_| DemoError::Odd("no such day"))?;
        for (at, (hour, minute, shop, won)) in (0i64..).zip(USUAL) {
            // Not each day like the other: Sundays are quiet, and no day has all of them.
            let is_taken = (at + days_ago) % 3 != 0 && (date.weekday() != jiff::civil::Weekday::Sunday || at < 2);
            let Some(when) = seoul_at(date, hour, minute).filter(|_| is_taken) else { continue };
            pay(services, regular, shop, Won::of(won), when).await?;
        }
    }
    Ok(())
}

/// Two lots of five years ago: one ends in three weeks, the other ended nine days ago. Unless there is something already.
pub async fn long_ago(services: &Services, person: PersonId, now: Timestamp) -> Result<(), DemoError> {
    if !services.store.purchases(person, None, 1).await?.is_empty() {
        return Ok(());
    }
    for (days, face) in [(-9, Won::of(60_000)), (20, Won::of(100_000))] {
        let date = in_seoul(now).date().checked_sub(5.years()).and_then(|date| date.checked_add(days.days()));
        let opened = date.ok().and_then(|date| seoul_at(date, 10, 0)).ok_or(DemoError::Odd("no such day"))?;
        selling::bought_before(services, person, face, opened).await?;
    }
    // The job looks at each day once, and may have been there on that day.
    for (lot, _) in services.store.expired_lots(person, now).await? {
        services.store.till().expire(lot.id, person, lot.expires_at).await?;
    }
    Ok(())
}

async fn pay(services: &Services, payer: PersonId, shop: &Shop, amount: Won, when: Timestamp) -> Result<(), DemoError> {
    let store = &services.store;
    let merchant = store.merchant_by_number(number(shop)?).await?.ok_or(DemoError::Odd("a shop is missing"))?.id;
    let (ms, random) = fresh(when);
    let bill = Bill { id: PaymentId::from_parts(ms, random), merchant, amount, kind: None };
    let proof = selling::prove(services, payer).await?;
    // The wallet may be empty before the two weeks are over.
    let _ = store.pay(proof, bill, when).await?;
    Ok(())
}
