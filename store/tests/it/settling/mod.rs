//! Days are closed, shops settled, payouts made: each once, whatever happens in between.

mod closing;
mod histories;
mod matching;
mod payouts;

use crate::till::{bill, crowd_with};
use crate::world::{Citizen, Shop, World};
use domain::calendar::Day;
use domain::{PaymentId, Timestamp, Won};
use jiff::ToSpan;
use sqlx::Row;
use store::SettlementRow;

/// The day of the tests: Tuesday 14 July 2026, paid out on Thursday.
pub const TUESDAY: Day = Day(20260714);
/// Two minutes after the midnight that ends it.
pub const CLOSED: &str = "2026-07-15T00:02:00+09:00";

pub fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

/// A payer with money enough.
pub async fn payer(world: &World) -> Citizen {
    crowd_with(world, 1, 400_000).await.remove(0)
}

/// Closes and settles all that has ended. How many shops were settled.
pub async fn close(world: &World, now: Timestamp) -> usize {
    world.store.close_days(now).await.unwrap().unwrap();
    let mut shops = 0;
    while let Some(some) = world.store.settle_some(now).await.unwrap() {
        shops += some.shops;
    }
    shops
}

pub async fn settlement(world: &World, shop: &Shop, day: Day) -> Option<SettlementRow> {
    world.store.settlement(&world.owner_proof(shop).await, day).await.unwrap()
}

/// Paid, cancelled, fee, payout, debt after.
pub async fn figures(world: &World, shop: &Shop, day: Day) -> [i64; 5] {
    let row = settlement(world, shop, day).await.unwrap();
    [row.figures.paid, row.figures.cancelled, row.settled.fee, row.settled.payout, row.settled.debt].map(Won::get)
}

pub async fn pays(world: &World, payer: &Citizen, shop: &Shop, amount: i64, now: Timestamp) -> PaymentId {
    let wish = bill(world, payer.id, shop.merchant.id, amount);
    world.store.till().pay(wish, now).await.unwrap().unwrap();
    wish.id
}

/// The balance of an account of the ledger.
pub async fn balance(world: &World, account: i64) -> i64 {
    let select = format!("SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM entry WHERE account = {account}");
    world.rows(&select).await[0].get(0)
}

/// So many days after the world's.
pub fn days_later(world: &World, days: i32) -> Timestamp {
    world.now + (24 * days).hours()
}
