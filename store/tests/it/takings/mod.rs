//! A shop's takings: sums, the job that makes them, and the list of payments.

mod list;
mod sums;
mod tally;

use crate::world::{Citizen, Shop, World, unique_bytes};
use domain::cancelling::Wish;
use domain::takings::DayRange;
use domain::{CancelId, PaymentId, Timestamp, Won};

/// A citizen with 400,000 citywide, and an open shop.
async fn cast(world: &World) -> (Citizen, Shop) {
    let payer = rich(world, world.citywide().await).await;
    (payer, world.shop().await)
}

async fn rich(world: &World, kind: domain::KindId) -> Citizen {
    let payer = world.citizen().await;
    let window = world.window(kind, 400_000).await;
    world.buy(&payer, window, 400_000).await;
    payer
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Of July 2026.
fn july(day: i8, hour: i8, minute: i8) -> Timestamp {
    at(&format!("2026-07-{day:02}T{hour:02}:{minute:02}:00+09:00"))
}

fn days(from: &str, to: &str) -> DayRange {
    DayRange::parse(from, to).unwrap()
}

async fn cancel(world: &World, shop: &Shop, payment: PaymentId, amount: i64, now: Timestamp) {
    let id = CancelId::from_parts(now.as_millisecond().unsigned_abs(), unique_bytes());
    let wish = Wish { id, payment, merchant: shop.merchant.id, amount: Won::of(amount), by: shop.owner.id };
    world.store.till().cancel(wish, now).await.unwrap().unwrap();
}
