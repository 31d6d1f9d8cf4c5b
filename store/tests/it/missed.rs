//! What no device acknowledged is told by SMS: once, together, and not more often than a phone bears.

use crate::world::{Citizen, Shop, World, on_both_engines};
use domain::Timestamp;
use domain::merchant::Role;
use domain::missed::Quiet;
use jiff::SignedDuration;
use store::{AlertSetting, Looked, Outcome, Store, Stretch, Try, Way};

async fn cast(world: &World) -> (Citizen, Shop) {
    let (payer, shop) = (world.citizen().await, world.shop().await);
    world.buy(&payer, world.window(world.citywide().await, 1_000_000).await, 300_000).await;
    (payer, shop)
}

fn all(shop: &Shop) -> Stretch {
    Stretch { merchant: shop.merchant.id, first: 1, last: 100 }
}

async fn look(store: &Store, shop: &Shop, now: Timestamp) -> Looked {
    store.tell_missed(&[all(shop)], now).await.unwrap()[0].1
}

async fn acknowledge(world: &World, shop: &Shop, number: i64) {
    let (merchant, at) = (shop.merchant.id, world.now);
    let one =
        Try { merchant, number, way: Way::Spoken, device: "카운터 태블릿".to_owned(), outcome: Outcome::Done, at, after_ms: 200 };
    world.store.record_tries(&[one]).await.unwrap();
}

async fn messages(world: &World) -> i64 {
    world.number("SELECT COUNT(*) FROM outbox WHERE topic = 'sms' AND body LIKE '%[Pay+] 망원분식%'").await
}

#[tokio::test]
async fn after_ten_seconds_and_only_once() {
    on_both_engines(async |world| {
        let (payer, shop) = cast(world).await;
        world.pay(&payer, &shop, 32_000).await;
        assert_eq!(look(&world.store, &shop, world.later(9)).await, Looked::Again { at: world.later(10) });
        assert_eq!(messages(world).await, 0);
        assert_eq!(look(&world.store, &shop, world.later(10)).await, Looked::Told { count: 1 });
        let name: String = shop.merchant.name.clone();
        assert_eq!(world.message_to(shop.owner.phone).await, format!("[Pay+] {name} 32,000원 결제. 가게 화면이 꺼져 있어요."));
        for seconds in [10, 11, 80, 500] {
            assert_eq!(look(&world.store, &shop, world.later(seconds)).await, Looked::Settled);
        }
        assert_eq!(messages(world).await, 1);
        let tries = world.store.tries_of(shop.merchant.id, 1).await.unwrap();
        let told: Vec<_> = tries.iter().map(|one| (one.way, one.outcome, one.device.as_str(), one.after_ms)).collect();
        assert_eq!(told, [(Way::Sms, Outcome::Sent, shop.owner.name.as_str(), 10_000)]);
    })
    .await;
}

#[tokio::test]
async fn what_a_device_acknowledged_needs_no_message() {
    on_both_engines(async |world| {
        let (payer, shop) = cast(world).await;
        world.pay(&payer, &shop, 1_000).await;
        world.pay(&payer, &shop, 2_000).await;
        acknowledge(world, &shop, 1).await;
        acknowledge(world, &shop, 2).await;
        assert_eq!(look(&world.store, &shop, world.later(10)).await, Looked::Settled);
        world.pay_at(&payer, &shop, 4_000, world.later(20)).await;
        assert_eq!(look(&world.store, &shop, world.later(30)).await, Looked::Told { count: 1 });
        assert!(world.message_to(shop.owner.phone).await.contains("4,000원"), "only of what nobody heard");
        // A push that was sent is no device that says so.
        let elsewhere = world.shop().await;
        world.pay(&payer, &elsewhere, 500).await;
        let (merchant, at) = (elsewhere.merchant.id, world.now);
        let push = Try { merchant, number: 1, way: Way::Push, device: "x".to_owned(), outcome: Outcome::Sent, at, after_ms: 600 };
        world.store.record_tries(&[push]).await.unwrap();
        assert_eq!(look(&world.store, &elsewhere, world.later(10)).await, Looked::Told { count: 1 });
    })
    .await;
}

#[tokio::test]
async fn several_are_one_message_and_no_two_within_a_minute() {
    on_both_engines(async |world| {
        let (payer, shop) = cast(world).await;
        for (amount, seconds) in [(32_000, 0), (30_000, 3), (34_000, 8)] {
            world.pay_at(&payer, &shop, amount, world.later(seconds)).await;
        }
        assert_eq!(look(&world.store, &shop, world.later(10)).await, Looked::Told { count: 3 });
        let name = &shop.merchant.name;
        assert_eq!(world.message_to(shop.owner.phone).await, format!("[Pay+] {name} 3건, 96,000원 결제. 가게 화면이 꺼져 있어요."));
        world.pay_at(&payer, &shop, 5_000, world.later(15)).await;
        world.pay_at(&payer, &shop, 6_000, world.later(40)).await;
        assert_eq!(look(&world.store, &shop, world.later(25)).await, Looked::Again { at: world.later(70) });
        assert_eq!(look(&world.store, &shop, world.later(69)).await, Looked::Again { at: world.later(70) });
        assert_eq!(look(&world.store, &shop, world.later(70)).await, Looked::Told { count: 2 });
        assert!(world.message_to(shop.owner.phone).await.contains("2건, 11,000원 결제"));
        assert_eq!(messages(world).await, 2);
    })
    .await;
}

#[tokio::test]
async fn two_nodes_that_look_at_once_send_one() {
    on_both_engines(async |world| {
        let (payer, shop) = cast(world).await;
        let other = world.second_store_if_shared().await.unwrap_or_else(|| world.store.clone());
        for round in 0..5 {
            let at = world.later(round * 100);
            world.pay_at(&payer, &shop, 1_000, at).await;
            let now = at + SignedDuration::from_secs(12);
            let looks = (0..8).map(|number| look(if number % 2 == 0 { &world.store } else { &other }, &shop, now));
            let looked = futures::future::join_all(looks).await;
            let told = looked.iter().filter(|looked| matches!(looked, Looked::Told { .. })).count();
            assert_eq!(told, 1, "{looked:?}");
            assert_eq!(messages(world).await, round + 1);
        }
    })
    .await;
}

#[tokio::test]
async fn the_shop_chooses_whether_to_whom_and_when() {
    on_both_engines(async |world| {
        let (payer, shop) = cast(world).await;
        let (owner, manager) = (world.owner_proof(&shop).await, world.citizen().await);
        assert!(world.store.add_staff(&owner, manager.id, Role::Manager, world.now).await.unwrap());
        let usual = AlertSetting::USUAL;
        assert_eq!(world.store.alert_setting(shop.merchant.id).await.unwrap(), usual);
        let set = async |setting: AlertSetting| world.store.set_alert(&owner, setting, world.now).await.unwrap();

        assert!(set(AlertSetting { sms: false, ..usual }).await);
        world.pay_at(&payer, &shop, 1_000, world.later(0)).await;
        assert_eq!(look(&world.store, &shop, world.later(10)).await, Looked::Settled);

        // 10:30 now. What is paid while it is quiet is not told later either.
        assert!(set(AlertSetting { quiet: Quiet::parse("10:00", "10:32").unwrap(), ..usual }).await);
        assert_eq!(look(&world.store, &shop, world.later(60)).await, Looked::Settled);
        assert_eq!(look(&world.store, &shop, world.later(125)).await, Looked::Settled);
        assert_eq!(messages(world).await, 0);

        assert!(set(AlertSetting { person: Some(manager.id), ..usual }).await);
        assert_eq!(world.store.alert_setting(shop.merchant.id).await.unwrap().person, Some(manager.id));
        world.pay_at(&payer, &shop, 2_000, world.later(200)).await;
        assert!(matches!(look(&world.store, &shop, world.later(210)).await, Looked::Told { .. }));
        assert!(world.message_to(manager.phone).await.contains("원 결제"));
        // Whoever has left gets none: it is the owner's again.
        assert!(world.store.remove_staff(&owner, manager.id).await.unwrap());
        world.pay_at(&payer, &shop, 7_000, world.later(300)).await;
        assert!(matches!(look(&world.store, &shop, world.later(310)).await, Looked::Told { count: 1 }));
        assert!(world.message_to(shop.owner.phone).await.contains("7,000원"));
        // Nor does whoever's number is somebody else's by now.
        assert!(world.store.add_staff(&owner, manager.id, Role::Manager, world.now).await.unwrap());
        assert!(set(AlertSetting { person: Some(manager.id), ..usual }).await);
        world.sql(&format!("UPDATE member SET phone = 'gone:{0}' WHERE person_id = {0}", manager.id.0)).await;
        world.pay_at(&payer, &shop, 8_000, world.later(400)).await;
        assert!(matches!(look(&world.store, &shop, world.later(410)).await, Looked::Told { count: 1 }));
        assert!(world.message_to(shop.owner.phone).await.contains("8,000원"));
        assert!(world.store.remove_staff(&owner, manager.id).await.unwrap());

        let stranger = world.citizen().await;
        assert!(!set(AlertSetting { person: Some(stranger.id), ..usual }).await);
        let cashier = world.citizen().await;
        assert!(world.store.add_staff(&owner, cashier.id, Role::Cashier, world.now).await.unwrap());
        let cashier = world.store.staff(cashier.id, shop.merchant.id, Role::Cashier).await.unwrap().unwrap();
        assert!(!world.store.set_alert(&cashier, usual, world.now).await.unwrap());
        assert_eq!(world.store.alert_people(&owner).await.unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn many_shops_are_told_in_one_go_and_the_ledger_says_which() {
    on_both_engines(async |world| {
        let (payer, first) = cast(world).await;
        let mut shops = vec![first];
        for _ in 0..60 {
            shops.push(world.shop().await);
        }
        for shop in &shops {
            world.pay(&payer, shop, 1_000).await;
        }
        // Old news, and a shop where nothing was paid.
        let quiet = world.shop().await;
        let (stretches, next) = world.store.stretches_since(None, world.later(-600), world.later(5)).await.unwrap();
        assert_eq!((stretches.len(), next), (61, None));
        assert!(stretches.iter().all(|stretch| (stretch.first, stretch.last) == (1, 1) && stretch.merchant != quiet.merchant.id));
        assert!(world.store.stretches_since(None, world.later(1), world.later(60)).await.unwrap().0.is_empty());
        let looked = world.store.tell_missed(&stretches, world.later(20)).await.unwrap();
        assert!(looked.iter().all(|(_, looked)| *looked == Looked::Told { count: 1 }), "{looked:?}");
        assert_eq!(messages(world).await, 61);
        let late = world.store.tell_missed(&stretches, world.later(700)).await.unwrap();
        assert!(late.iter().all(|(_, looked)| *looked == Looked::Settled));
    })
    .await;
}

#[tokio::test]
async fn a_payment_says_how_the_shop_heard_of_it() {
    on_both_engines(async |world| {
        let (payer, shop) = cast(world).await;
        let (payment, _) = world.pay(&payer, &shop, 1_000).await;
        let (other, _) = world.pay(&payer, &shop, 2_000).await;
        acknowledge(world, &shop, 1).await;
        assert!(matches!(look(&world.store, &shop, world.later(10)).await, Looked::Told { count: 1 }));
        let ways = async |payment| -> Vec<Way> {
            let tries = world.store.tries_of_payment(shop.merchant.id, payment, &[world.now]).await.unwrap();
            tries.into_iter().map(|(_, one)| one.way).collect()
        };
        assert_eq!((ways(payment).await, ways(other).await), (vec![Way::Spoken], vec![Way::Sms]));
        // Once the hour is counted they are found there.
        world.store.tally_takings(&[shop.merchant.id]).await.unwrap();
        assert_eq!((ways(payment).await, ways(other).await), (vec![Way::Spoken], vec![Way::Sms]));
    })
    .await;
}
