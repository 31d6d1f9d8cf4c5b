//! Many gifts: what goes round, and histories drawn at random.

use super::bill;
use super::gifting::{accept, give, holder_of_kind, wish};
use crate::world::{Citizen, on_both_engines, unique_bytes};
use domain::buying::BankSays;
use domain::calendar::Month;
use domain::gifting::{AT_ONCE_MAX, Back, Receiver, Sign};
use domain::history::{Search, Typed};
use domain::refunding::{Quote, quote};
use domain::{CancelId, GiftId, LotId, PaymentId, RefundId, Refused, Won, cancelling, refunding};
use futures::future::{FutureExt, join_all};
use jiff::ToSpan;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use store::{GiftOrder, HistoryRow};

#[tokio::test]
async fn what_goes_round_is_shown_to_the_city() {
    on_both_engines(async |world| {
        let kind = world.citywide().await;
        let (alice, _, of_alice) = holder_of_kind(world, kind, &[100_000]).await;
        let (bob, _, of_bob) = holder_of_kind(world, kind, &[100_000]).await;
        let gives = async |from: &Citizen, lot: LotId, to: &Citizen, amount| {
            let gift = wish(world, from, kind, &[(lot, amount)]);
            give(world, &gift).await.unwrap();
            accept(world, gift.id, to).await.unwrap();
        };
        let newest =
            async |person: &Citizen| world.store.wallet(person.id, world.now).await.unwrap().lots.iter().map(|lot| lot.id).max().unwrap();
        let signs = async || world.store.gift_signs(world.now).await.unwrap();
        gives(&alice, of_alice[0], &bob, 10_000).await;
        assert!(signs().await.is_empty(), "a gift is no sign");
        // Back to whoever gave, a moment later.
        world
            .sql(&format!(
                "UPDATE gift SET decided_at = decided_at - 1000, delivers_at = delivers_at - 1000, ends_at = ends_at - 1000, \
                            created_at = created_at - 1000 WHERE sender_id = {}",
                alice.id
            ))
            .await;
        gives(&bob, of_bob[0], &alice, 7_000).await;
        let found: Vec<_> = signs().await.iter().map(|sign| (sign.sign, sign.amount.get(), sign.gifts)).collect();
        assert_eq!(found, [(Sign::Ring, 7_000, 2)]);
        // What Bob was given goes on at once, to somebody who is given to by many.
        let carol = world.citizen().await;
        gives(&bob, newest(&bob).await, &carol, 10_000).await;
        for _ in 0..4 {
            let (other, _, lots) = holder_of_kind(world, kind, &[10_000]).await;
            gives(&other, lots[0], &carol, 1_000).await;
        }
        // Alice's gift is spent at her own shop.
        let shop = world.shop().await;
        world.sql(&format!("UPDATE staff SET person_id = {} WHERE merchant_id = {}", bob.id, shop.merchant.id)).await;
        world.pay(&carol, &shop, 12_000).await;
        let mut found: Vec<_> = signs().await.iter().map(|sign| (sign.sign.as_str(), sign.amount.get())).collect();
        found.sort_unstable();
        assert_eq!(found, [("many_givers", 14_000), ("own_shop", 10_000), ("passed_on", 10_000), ("ring", 7_000)]);
        // Not for ever.
        assert!(world.store.gift_signs(world.now + (31 * 24).hours()).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn nobody_floods_phones_with_gifts() {
    on_both_engines(async |world| {
        let (sender, kind, held) = holder_of_kind(world, world.citywide().await, &[100_000]).await;
        let order = async |now| {
            let gift = wish(world, &sender, kind, &[(held[0], 1)]);
            let order =
                GiftOrder { id: gift.id, kind, parts: gift.parts, to: None, card: gift.card, message: gift.message, deliver_at: None };
            let proof = world.pin_proof(&sender).await;
            (world.store.give(proof, order, now).await.unwrap(), gift.id)
        };
        for _ in 0..AT_ONCE_MAX {
            let (given, gift) = order(world.now).await;
            given.unwrap();
            // Taken back at once: the message has left all the same.
            world.store.take_gift_back(sender.id, gift, world.now).await.unwrap().unwrap();
        }
        assert_eq!(order(world.now).await.0, Err(Refused::TooManyGifts { most: AT_ONCE_MAX }));
        order(world.now + 25.hours()).await.0.unwrap();
    })
    .await;
}

#[tokio::test]
async fn both_find_it_in_their_history_and_nobody_bought_it_twice() {
    on_both_engines(async |world| {
        let (sender, kind, held) = holder_of_kind(world, world.citywide().await, &[100_000]).await;
        let friend = world.citizen().await;
        for amount in [30_000, 5_000] {
            let gift = wish(world, &sender, kind, &[(held[0], amount)]);
            give(world, &gift).await.unwrap();
            if amount == 30_000 {
                accept(world, gift.id, &friend).await.unwrap();
            }
        }
        let found = async |who: &Citizen, q: &str, what: &str| {
            let typed = Typed { q: q.to_owned(), what: what.to_owned(), month: String::new() };
            let rows = world.store.search_history(who.id, &Search::parse(&typed).unwrap(), None, 9).await.unwrap().rows;
            let mut told: Vec<String> = rows
                .iter()
                .map(|row| match row {
                    HistoryRow::Gave(sent) => format!("gave {}", sent.gift.amount),
                    HistoryRow::Got(opened) => format!("got {}", opened.gift.amount),
                    _ => "else".to_owned(),
                })
                .collect();
            told.sort();
            told
        };
        assert_eq!(found(&sender, "", "").await, ["else", "gave 30,000", "gave 5,000"]);
        assert_eq!(found(&sender, "30000", "").await, ["gave 30,000"]);
        assert_eq!(found(&sender, "", "gift").await, ["gave 30,000", "gave 5,000"]);
        assert_eq!(found(&friend, "", "").await, ["got 30,000"], "what waits is not had");
        assert_eq!(found(&friend, "", "bought").await, [""; 0]);
        let whole = world.store.history(friend.id, None, 9).await.unwrap();
        assert!(matches!(&whole[..], [HistoryRow::Got(_)]));
        let span = Month::of(world.now).span().unwrap();
        let totals = world.store.totals_by_month(friend.id, span).await.unwrap();
        assert!(totals.iter().all(|(_, totals)| totals.bought.is_zero() && totals.saved.is_zero()), "{totals:?}");
        assert_eq!(world.store.totals_by_month(sender.id, span).await.unwrap()[0].1.bought, Won::of(100_000));
    })
    .await;
}

#[derive(Clone, Debug)]
enum Act {
    Give { from: usize, lot: usize, amount: i64 },
    Accept { gift: usize, by: usize },
    Back { gift: usize, how: u8, by: usize },
    Pay { who: usize, amount: i64 },
    Cancel(usize),
    Refund { who: usize, lot: usize },
}

fn acts() -> impl Strategy<Value = Vec<Vec<Act>>> {
    let act = prop_oneof![
        4 => (0..3usize, any::<usize>(), 1..60_000i64).prop_map(|(from, lot, amount)| Act::Give { from, lot, amount }),
        4 => (any::<usize>(), 0..3usize).prop_map(|(gift, by)| Act::Accept { gift, by }),
        2 => (any::<usize>(), 0..3u8, 0..3usize).prop_map(|(gift, how, by)| Act::Back { gift, how, by }),
        3 => (0..3usize, 1..50_000i64).prop_map(|(who, amount)| Act::Pay { who, amount }),
        2 => any::<usize>().prop_map(Act::Cancel),
        1 => (0..3usize, any::<usize>()).prop_map(|(who, lot)| Act::Refund { who, lot }),
    ];
    prop::collection::vec(prop::collection::vec(act, 1..7), 40)
}

/// Three people give, accept, change their minds, pay, get payments back and refund, several things at once and on two nodes where there can be
/// two. Whatever the till makes of it, what was bought is left, spent, refunded or waiting, and the audit finds nothing.
#[tokio::test(flavor = "multi_thread")]
async fn random_histories_of_gifts_lose_no_won() {
    on_both_engines(async |world| {
        let other_node = world.second_store_if_shared().await;
        let nodes = [&world.store, other_node.as_ref().unwrap_or(&world.store)];
        for seed in [1, 2, 3] {
            let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]));
            let history = acts().new_tree(&mut runner).unwrap().current();
            let (kind, shop) = (world.citywide().await, world.shop().await);
            let mut people = Vec::new();
            for _ in 0..3 {
                people.push(holder_of_kind(world, kind, &[100_000, 60_000]).await.0);
            }
            let (mut gifts, mut payments): (Vec<GiftId>, Vec<(PaymentId, Won)>) = (Vec::new(), Vec::new());
            for batch in &history {
                let mut doing = Vec::new();
                for (at, act) in batch.iter().enumerate() {
                    let till = nodes[at % 2].till();
                    match act {
                        Act::Give { from, lot, amount } => {
                            let sender = &people[*from];
                            let held = world.store.wallet(sender.id, world.now).await.unwrap().lots;
                            if held.is_empty() {
                                continue;
                            }
                            let gift = wish(world, sender, kind, &[(held[lot % held.len()].id, *amount)]);
                            gifts.push(gift.id);
                            let own = sender.phone;
                            doing.push(async move { till.give(gift, own, world.now).await.map(|_| ()) }.boxed());
                        }
                        Act::Accept { gift, by } if !gifts.is_empty() => {
                            let (gift, by) = (gifts[gift % gifts.len()], &people[*by]);
                            let receiver = Receiver { person: by.id, phone: by.phone };
                            doing.push(async move { till.accept_gift(gift, receiver, world.now).await.map(|_| ()) }.boxed());
                        }
                        Act::Back { gift, how, by } if !gifts.is_empty() => {
                            let (gift, by) = (gifts[gift % gifts.len()], &people[*by]);
                            let how = match how {
                                0 => Back::Declined { by: Receiver { person: by.id, phone: by.phone } },
                                1 => Back::TakenBack { by: by.id },
                                _ => Back::Returned,
                            };
                            doing.push(async move { till.gift_back(gift, how, world.now).await.map(|_| ()) }.boxed());
                        }
                        Act::Pay { who, amount } => {
                            let bill = bill(world, people[*who].id, shop.merchant.id, *amount);
                            payments.push((bill.id, bill.amount));
                            doing.push(async move { till.pay(bill, world.now).await.map(|_| ()) }.boxed());
                        }
                        Act::Cancel(at) if !payments.is_empty() => {
                            let (payment, amount) = payments[at % payments.len()];
                            let id = CancelId::from_parts(world.now.as_millisecond().unsigned_abs(), unique_bytes());
                            let wish = cancelling::Wish { id, payment, merchant: shop.merchant.id, amount, by: shop.owner.id };
                            doing.push(async move { till.cancel(wish, world.now).await.map(|_| ()) }.boxed());
                        }
                        Act::Refund { who, lot } => {
                            let person = people[*who].id;
                            let held = world.store.wallet(person, world.now).await.unwrap().lots;
                            let quote = (!held.is_empty()).then(|| (held[lot % held.len()].id, quote(&held[lot % held.len()], world.now)));
                            if let Some((lot, Quote::Now(price))) = quote {
                                let id = RefundId::from_parts(world.now.as_millisecond().unsigned_abs(), unique_bytes());
                                let wish = refunding::Wish { id, person, lot, back: price.paid };
                                let pays = async move {
                                    let asked = till.refund(wish, "acc-1".to_owned(), world.now).await?;
                                    if asked.is_ok() {
                                        till.settle_refund(id, BankSays::Done, world.now).await?;
                                    }
                                    Ok(())
                                };
                                doing.push(pays.boxed());
                            }
                        }
                        Act::Accept { .. } | Act::Back { .. } | Act::Cancel(_) => {}
                    }
                }
                for done in join_all(doing).await {
                    done.unwrap();
                }
            }
            let ids: Vec<String> = people.iter().map(|person| person.id.to_string()).collect();
            let theirs = ids.join(", ");
            let sum = |what: &str, of: &str| format!("SELECT CAST(COALESCE(SUM({what}), 0) AS BIGINT) FROM {of} IN ({theirs})");
            let mut all = 0;
            for (what, of) in [
                ("amount - cancelled", "payment WHERE payer_id"),
                ("paid + fund", "refund WHERE state = 'posted' AND person_id"),
                ("remaining", "lot WHERE person_id"),
                ("amount", "gift WHERE state = 'waiting' AND sender_id"),
            ] {
                all += world.number(&sum(what, of)).await;
            }
            assert_eq!(all, 3 * 160_000, "seed {seed}");
            let accepted = world.number(&sum("amount", "gift WHERE state = 'accepted' AND sender_id")).await;
            assert!(accepted > 0, "seed {seed}");
        }
        if let Some(node) = other_node {
            node.close().await;
        }
    })
    .await;
}
