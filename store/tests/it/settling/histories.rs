//! Random weeks of a few shops: payments, cancels of today and of days before, closes at odd times, a bank that says anything. The audit
//! at the end of the test counts everything again.

use super::{close, payer, settlement};
use crate::till::bill;
use crate::world::{World, on_both_engines};
use domain::buying::{BankReason, BankSays};
use domain::calendar::Day;
use domain::cancelling;
use domain::{CancelId, PaymentId, Timestamp, Won};
use jiff::ToSpan;
use std::collections::BTreeMap;

/// Numbers by chance that are the same in each run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

#[tokio::test]
async fn weeks_of_shops_are_settled_to_the_won() {
    for seed in 1..=3 {
        on_both_engines(async |world| weeks(world, &mut Chance(seed)).await).await;
    }
}

async fn weeks(world: &World, chance: &mut Chance) {
    let payer = payer(world).await;
    let operator = crate::city::signed_in(world, "controller").await;
    let mut shops = Vec::new();
    for revenue in [None, Some(900_000_000), Some(5_000_000_000)] {
        let shop = world.shop().await;
        if let Some(revenue) = revenue {
            let declared = world.store.declare_revenue(&operator, shop.merchant.id, 2025, Won::of(revenue), world.now).await;
            declared.unwrap().unwrap();
        }
        shops.push(shop);
    }
    let mut payments: Vec<(PaymentId, usize, i64)> = Vec::new();
    // Net of each shop and day, counted here.
    let mut days: BTreeMap<(usize, Day), (i64, i64)> = BTreeMap::new();
    let mut now = world.now;
    for _ in 0..120 {
        now += i64::try_from(chance.below(6 * 60)).unwrap().minutes();
        match chance.below(10) {
            0..=4 => {
                let at = usize::try_from(chance.below(3)).unwrap();
                let amount = 1 + i64::try_from(chance.below(9_000)).unwrap();
                let wish = bill(world, payer.id, shops[at].merchant.id, amount);
                if world.store.till().pay(wish, now).await.unwrap().is_ok() {
                    payments.push((wish.id, at, amount));
                    days.entry((at, Day::of(now))).or_default().0 += amount;
                }
            }
            5 | 6 if !payments.is_empty() => {
                let number = usize::try_from(chance.below(payments.len() as u64)).unwrap();
                let (payment, at, left) = &mut payments[number];
                if *left == 0 {
                    continue;
                }
                let amount = 1 + i64::try_from(chance.below(u64::try_from(*left).unwrap())).unwrap();
                let id = CancelId::from_parts(now.as_millisecond().unsigned_abs(), wish_bytes(chance));
                let wish = cancelling::Wish {
                    id,
                    payment: *payment,
                    merchant: shops[*at].merchant.id,
                    amount: Won::of(amount),
                    by: shops[*at].owner.id,
                };
                world.store.till().cancel(wish, now).await.unwrap().unwrap();
                *left -= amount;
                days.entry((*at, Day::of(now))).or_default().1 += amount;
            }
            7 => {
                close(world, now).await;
            }
            _ => say_something(world, chance, now).await,
        }
    }
    now += 48.hours();
    close(world, now).await;
    for ((at, day), (paid, cancelled)) in &days {
        let row = settlement(world, &shops[*at], *day).await.unwrap();
        assert_eq!((row.figures.paid.get(), row.figures.cancelled.get()), (*paid, *cancelled), "{day:?}");
    }
    // In the end everything is paid, except what a shop owes.
    for _ in 0..200 {
        now += 6.hours();
        say_something(world, chance, now).await;
    }
    for order in world.store.claim_payouts(100, now + 400.hours()).await.unwrap() {
        world.store.payout_said(&order, BankSays::Done, now + 400.hours()).await.unwrap();
    }
}

async fn say_something(world: &World, chance: &mut Chance, now: Timestamp) {
    for order in world.store.claim_payouts(3, now).await.unwrap() {
        let says = match chance.below(6) {
            0 => BankSays::Rejected(BankReason::Other),
            1 => BankSays::NotFound,
            2 => BankSays::Unclear,
            // The process dies before it can say it.
            3 => continue,
            _ => BankSays::Done,
        };
        world.store.payout_said(&order, says, now).await.unwrap();
    }
}

fn wish_bytes(chance: &mut Chance) -> [u8; 10] {
    let mut bytes = [0; 10];
    for byte in &mut bytes {
        *byte = u8::try_from(chance.below(256)).unwrap();
    }
    bytes
}
