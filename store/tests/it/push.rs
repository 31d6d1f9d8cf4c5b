//! Who is pushed to: people who work in the shop now, on devices where they are signed in.

use crate::world::{Citizen, Shop, World, on_both_engines};
use domain::merchant::Role;
use domain::partner::Loopback;
use domain::push::{DEVICES_MOST, FAILING_MOST_MS, FAILURES_MOST};
use domain::{MerchantId, SessionId};
use jiff::SignedDuration;
use store::{StaffProof, Subscription};

/// 65 bytes that begin like a point, and 16.
const P256DH: &str = "BAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE";
const AUTH: &str = "AQEBAQEBAQEBAQEBAQEBAQ";

fn subscription(name: &str) -> Subscription {
    Subscription::parse(&format!("https://push.example.net/{name}"), P256DH, AUTH, Loopback::Refused).unwrap()
}

async fn hired(world: &World, shop: &Shop, role: Role) -> (Citizen, StaffProof, SessionId) {
    let person = world.citizen().await;
    assert!(world.store.add_staff(&world.owner_proof(shop).await, person.id, role, world.now).await.unwrap());
    let proof = world.store.staff(person.id, shop.merchant.id, Role::Cashier).await.unwrap().unwrap();
    let (_, session) = world.store.sign_in(person.id, "Chrome · Android", world.now).await.unwrap();
    (person, proof, session)
}

/// Whom the shop's devices belong to, as tries name them.
async fn targets(world: &World, shops: &[MerchantId]) -> Vec<String> {
    world.store.push_targets(shops, world.now).await.unwrap().into_iter().map(|target| target.device).collect()
}

#[test]
fn an_address_that_nobody_may_send_us_to_is_none() {
    for (endpoint, loopback, is_fine) in [
        ("https://fcm.googleapis.com/fcm/send/a:b", Loopback::Refused, true),
        ("http://fcm.googleapis.com/fcm/send/a:b", Loopback::Refused, false),
        ("https://10.0.0.1/", Loopback::Allowed, false),
        ("https://169.254.169.254/latest", Loopback::Allowed, false),
        ("https://localhost/", Loopback::Refused, false),
        ("http://127.0.0.1:4000/push/v1/send/1", Loopback::Refused, false),
        ("http://127.0.0.1:4000/push/v1/send/1", Loopback::Allowed, true),
    ] {
        assert_eq!(Subscription::parse(endpoint, P256DH, AUTH, loopback).is_some(), is_fine, "{endpoint}");
    }
    let long = |chars| format!("https://a.example.com/{}", "x".repeat(chars));
    assert!(Subscription::parse(&long(900), P256DH, AUTH, Loopback::Refused).is_some());
    assert!(Subscription::parse(&long(1_000), P256DH, AUTH, Loopback::Refused).is_none());
    for (p256dh, auth) in [("", AUTH), (P256DH, ""), (AUTH, AUTH), (P256DH, P256DH), (&P256DH.replace("BAE", "AgE"), AUTH), ("!", "!")] {
        assert!(Subscription::parse("https://a.example.com/", p256dh, auth, Loopback::Refused).is_none(), "{p256dh} {auth}");
    }
    assert!(Subscription::parse("https://a.example.com/", P256DH, &format!("{AUTH}=="), Loopback::Refused).is_some(), "padded");
}

#[tokio::test]
async fn staff_of_the_shop_and_nobody_else_is_pushed_to() {
    on_both_engines(async |world| {
        let (shop, elsewhere) = (world.shop().await, world.shop().await);
        let (cashier, by, session) = hired(world, &shop, Role::Cashier).await;
        let id = world.store.subscribe_push(&by, session, "Chrome · Android", &subscription("a"), world.now).await.unwrap();
        // The same browser again is the same row; in another shop it is another.
        assert_eq!(world.store.subscribe_push(&by, session, "Chrome · Android", &subscription("a"), world.now).await.unwrap(), id);
        let expected = vec![format!("{} · Chrome · Android", cashier.name)];
        assert_eq!(targets(world, &[shop.merchant.id, elsewhere.merchant.id]).await, expected);
        assert!(targets(world, &[elsewhere.merchant.id]).await.is_empty());
        let target = world.store.push_targets(&[shop.merchant.id], world.now).await.unwrap().remove(0);
        assert_eq!(
            (target.number, target.shop, target.subscription),
            (shop.merchant.number, shop.merchant.name.clone(), subscription("a"))
        );
        let kept = world.number("SELECT COUNT(*) FROM push_subscription WHERE device LIKE '%example%'").await;
        assert_eq!(kept, 0, "the address stands nowhere in clear");

        // Out of the shop, and back without having asked again: nothing.
        assert!(world.store.remove_staff(&world.owner_proof(&shop).await, cashier.id).await.unwrap());
        assert!(targets(world, &[shop.merchant.id]).await.is_empty());
        assert!(world.store.add_staff(&world.owner_proof(&shop).await, cashier.id, Role::Cashier, world.now).await.unwrap());
        assert!(targets(world, &[shop.merchant.id]).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn it_ends_with_the_session() {
    on_both_engines(async |world| {
        let shop = world.shop().await;
        let (cashier, by, session) = hired(world, &shop, Role::Cashier).await;
        world.store.subscribe_push(&by, session, "", &subscription("a"), world.now).await.unwrap();
        assert_eq!(targets(world, &[shop.merchant.id]).await, std::slice::from_ref(&cashier.name));
        let month = world.later(31 * 86_400);
        assert!(world.store.push_targets(&[shop.merchant.id], month).await.unwrap().is_empty(), "a session that is over");
        assert!(world.store.end_session(cashier.id, session).await.unwrap());
        assert_eq!(world.number("SELECT COUNT(*) FROM push_subscription").await, 0);
    })
    .await;
}

#[tokio::test]
async fn it_ends_with_the_device_in_this_shop() {
    on_both_engines(async |world| {
        let (shop, second) = (world.shop().await, world.shop().await);
        let (cashier, by, session) = hired(world, &shop, Role::Cashier).await;
        assert!(world.store.add_staff(&world.owner_proof(&second).await, cashier.id, Role::Cashier, world.now).await.unwrap());
        let there = world.store.staff(cashier.id, second.merchant.id, Role::Cashier).await.unwrap().unwrap();
        for (by, of) in [(&by, &shop), (&there, &second)] {
            world.store.staff_on(cashier.id, session, of.merchant.id, Role::Cashier, world.now).await.unwrap();
            world.store.subscribe_push(by, session, "", &subscription("a"), world.now).await.unwrap();
        }
        world.store.end_shop_device(&world.owner_proof(&shop).await, session, world.now).await.unwrap().unwrap();
        let told = world.store.push_targets(&[shop.merchant.id, second.merchant.id], world.now).await.unwrap();
        assert_eq!(told.iter().map(|target| target.merchant).collect::<Vec<_>>(), [second.merchant.id]);
        assert!(world.store.is_ended_on(session, shop.merchant.id).await.unwrap());
        assert!(!world.store.is_ended_on(session, second.merchant.id).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn each_ends_the_own_devices_and_a_manager_anybodys() {
    on_both_engines(async |world| {
        let shop = world.shop().await;
        let (_, cashier, session) = hired(world, &shop, Role::Cashier).await;
        let (_, manager, managers) = hired(world, &shop, Role::Manager).await;
        let elsewhere = world.shop().await;
        let (_, stranger, _) = hired(world, &elsewhere, Role::Manager).await;
        let of_cashier = world.store.subscribe_push(&cashier, session, "a", &subscription("a"), world.now).await.unwrap();
        let of_manager = world.store.subscribe_push(&manager, managers, "b", &subscription("b"), world.now).await.unwrap();
        let seen = async |by: &StaffProof| world.store.push_devices(by, world.now).await.unwrap().len();
        assert_eq!((seen(&cashier).await, seen(&manager).await, seen(&stranger).await), (1, 2, 0));
        assert!(!world.store.unsubscribe_push(&cashier, of_manager).await.unwrap());
        assert!(!world.store.unsubscribe_push(&stranger, of_manager).await.unwrap());
        assert!(world.store.unsubscribe_push(&manager, of_cashier).await.unwrap());
        assert!(!world.store.unsubscribe_push(&manager, of_cashier).await.unwrap());
        assert_eq!(seen(&manager).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_browser_whose_address_changes_is_told_at_the_new_one_in_each_of_its_shops() {
    on_both_engines(async |world| {
        let (shop, second) = (world.shop().await, world.shop().await);
        let (cashier, by, session) = hired(world, &shop, Role::Cashier).await;
        assert!(world.store.add_staff(&world.owner_proof(&second).await, cashier.id, Role::Cashier, world.now).await.unwrap());
        let there = world.store.staff(cashier.id, second.merchant.id, Role::Cashier).await.unwrap().unwrap();
        let (_, other, others) = hired(world, &shop, Role::Cashier).await;
        for (by, session, name) in
            [(&by, session, "old"), (&there, session, "old"), (&by, session, "older"), (&other, others, "of-another")]
        {
            world.store.subscribe_push(by, session, "", &subscription(name), world.now).await.unwrap();
        }
        let failing = world.store.push_targets(&[second.merchant.id], world.now).await.unwrap().remove(0);
        world.store.push_failed(failing.id, world.now).await.unwrap();
        for _ in 0..2 {
            world.store.renew_push(session, &subscription("new")).await.unwrap();
            let told = world.store.push_targets(&[shop.merchant.id, second.merchant.id], world.now).await.unwrap();
            let mut told: Vec<_> = told.iter().map(|target| (target.merchant, target.is_failing, target.subscription.clone())).collect();
            told.sort_by_key(|(merchant, _, subscription)| (*merchant, subscription.endpoint.as_str().to_owned()));
            let expected = [(&shop, "new"), (&shop, "of-another"), (&second, "new")];
            assert_eq!(told, expected.map(|(shop, name)| (shop.merchant.id, false, subscription(name))));
        }
        let (_, nobodys) = world.store.sign_in(cashier.id, "", world.now).await.unwrap();
        assert_eq!(world.store.renew_push(nobodys, &subscription("new")).await.unwrap(), 0, "a session that pushes nowhere");
    })
    .await;
}

#[tokio::test]
async fn the_oldest_of_many_devices_makes_way() {
    on_both_engines(async |world| {
        let shop = world.shop().await;
        let (_, by, session) = hired(world, &shop, Role::Cashier).await;
        for device in 0..=DEVICES_MOST {
            let name = device.to_string();
            world.store.subscribe_push(&by, session, &name, &subscription(&name), world.later(device)).await.unwrap();
        }
        let devices = world.store.push_devices(&by, world.now).await.unwrap();
        let names: Vec<String> = devices.into_iter().map(|device| device.device).collect();
        assert_eq!(names, (1..=DEVICES_MOST).rev().map(|device| device.to_string()).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn what_is_gone_is_forgotten_at_once_and_what_fails_after_days() {
    on_both_engines(async |world| {
        let shop = world.shop().await;
        let (_, by, session) = hired(world, &shop, Role::Cashier).await;
        let gone = world.store.subscribe_push(&by, session, "a", &subscription("a"), world.now).await.unwrap();
        assert!(world.store.push_gone(gone).await.unwrap());
        assert!(!world.store.push_gone(gone).await.unwrap());
        let failing = world.store.subscribe_push(&by, session, "b", &subscription("b"), world.now).await.unwrap();
        for _ in 0..2 * FAILURES_MOST {
            assert!(!world.store.push_failed(failing, world.now).await.unwrap(), "an outage of an hour ends nothing");
        }
        assert!(world.store.push_devices(&by, world.now).await.unwrap()[0].is_failing);
        world.store.push_arrived(failing).await.unwrap();
        let days = world.now + SignedDuration::from_millis(FAILING_MOST_MS);
        assert!(!world.store.push_failed(failing, days).await.unwrap(), "it has arrived in between");
        for _ in 0..FAILURES_MOST {
            world.store.push_failed(failing, days).await.unwrap();
        }
        let later = days + SignedDuration::from_millis(FAILING_MOST_MS);
        assert!(world.store.push_failed(failing, later).await.unwrap());
        assert_eq!(world.number("SELECT COUNT(*) FROM push_subscription").await, 0);
    })
    .await;
}

#[tokio::test]
async fn all_nodes_have_the_same_key_and_topics() {
    on_both_engines(async |world| {
        let other = world.second_store_if_shared().await.unwrap_or_else(|| world.store.clone());
        assert_eq!(world.store.vapid_secret(0), other.vapid_secret(0));
        assert_ne!(world.store.vapid_secret(0), world.store.vapid_secret(1));
        let topic = world.store.push_topic(MerchantId(7));
        assert_eq!((topic.len(), &topic), (32, &other.push_topic(MerchantId(7))));
        assert_ne!(topic, world.store.push_topic(MerchantId(8)));
        assert!(topic.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
    })
    .await;
}
