//! Told while nobody looks: push to the devices of a shop's staff, and an SMS for what no device acknowledged.

use crate::world::{Citizen, World, eventually, on_both_engines};
use domain::district::District;
use domain::merchant::{Merchant, Role};
use domain::push::TTL_S;
use sandbox::{Fault, Operation, PushSubscription, Rule, Service};
use serde_json::Value;
use std::time::{Duration, Instant};

struct Cast {
    payer: Citizen,
    owner: Citizen,
    shop: Merchant,
}

async fn cast(world: &World) -> Cast {
    let window = world.sale(1_000_000).await;
    let (payer, owner) = (world.citizen().await, world.citizen().await);
    let shop = world.shop(owner.person, District::MAPO).await;
    payer.buys(window, 200_000).await;
    Cast { payer, owner, shop }
}

/// What the page's switch does: the browser agrees with the key of the page, and tells the server.
async fn subscribes(world: &World, who: &Citizen, shop: &Merchant) -> PushSubscription {
    let number = shop.number.to_string();
    let key = who.browser.post("/api/merchant/push/list", &[("number", &number)]).await.is_ok().json()["push_key"].clone();
    let agreed = world.sandbox.sandbox.subscribe(&world.sandbox.base_url, key.as_str().unwrap());
    let fields = [("number", number.as_str()), ("endpoint", &agreed.endpoint), ("p256dh", &agreed.p256dh), ("auth", &agreed.auth)];
    who.browser.post("/api/merchant/push/subscribe", &fields).await.is_ok();
    agreed
}

/// The messages of a device once there are so many, decrypted.
async fn pushed(world: &World, device: &PushSubscription, count: usize) -> Vec<(sandbox::Push, Value)> {
    let pushes = eventually("a push", async || {
        let pushes = world.sandbox.sandbox.pushes(&device.endpoint);
        (pushes.len() >= count).then_some(pushes)
    });
    pushes.await.into_iter().map(|push| (push.clone(), serde_json::from_str(&push.text).unwrap())).collect()
}

/// The sentences of the payment's page say so.
async fn says(who: &Citizen, shop: &Merchant, payment: &str, sentence: &str) {
    let path = format!("/merchant/{}/payments/{payment}", shop.number);
    eventually(sentence, async || who.browser.open(&path).await.is_ok().words().contains(sentence).then_some(())).await;
}

#[tokio::test]
async fn a_payment_is_pushed_to_the_staff_within_a_second_and_to_nobody_else() {
    on_both_engines(async |world| {
        let Cast { payer, owner, shop } = cast(world).await;
        let (cashier, gone, out) = (world.citizen().await, world.citizen().await, world.citizen().await);
        for person in [&cashier, &gone, &out] {
            world.hire(owner.person, &shop, person.person).await;
        }
        let (of_owner, of_cashier) = (subscribes(world, &owner, &shop).await, subscribes(world, &cashier, &shop).await);
        let (of_gone, of_out) = (subscribes(world, &gone, &shop).await, subscribes(world, &out, &shop).await);
        let elsewhere = world.shop(payer.person, District::MAPO).await;
        let of_stranger = subscribes(world, &payer, &elsewhere).await;
        let proof = world.store().staff(owner.person, shop.id, Role::Owner).await.unwrap().unwrap();
        assert!(world.store().remove_staff(&proof, gone.person).await.unwrap());
        out.browser.post("/api/start/out", &[]).await.is_ok();

        let begun = Instant::now();
        let payment = payer.pays(&shop, 32_000).await;
        for device in [&of_owner, &of_cashier] {
            let (push, message) = pushed(world, device, 1).await.remove(0);
            assert_eq!(message["title"], "Pay+ 32,000원 결제되었습니다");
            assert!(message["body"].as_str().unwrap().starts_with("모퉁이커피 · "), "{message}");
            assert_eq!(message["url"], format!("/merchant/{}", shop.number));
            assert_eq!(message["first"], 1);
            assert_eq!(message["last"], 1);
            assert_eq!((push.ttl_s, push.urgency.as_str()), (TTL_S, "high"));
            assert_eq!(push.topic.as_deref(), Some(world.store().push_topic(shop.id).as_str()));
            assert!(push.contact.starts_with("mailto:"));
            let personal = [payer.phone.digits(), owner.phone.digits(), "시민".to_owned()];
            assert!(personal.iter().all(|what| !push.text.contains(what.as_str())), "{}", push.text);
        }
        println!("both devices were told {:?} after the payment was asked for", begun.elapsed());
        assert!(begun.elapsed() < Duration::from_secs(5));
        says(&owner, &shop, &payment, "푸시를 보냈어요").await;
        // Had anybody else been told, it would have been by now: all of a shop are told together.
        for device in [&of_gone, &of_out, &of_stranger] {
            assert!(world.sandbox.sandbox.pushes(&device.endpoint).is_empty());
        }
        assert_eq!(world.store().tries_of(shop.id, 1).await.unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn what_is_over_is_removed_and_what_fails_is_tried_again() {
    on_both_engines(async |world| {
        let Cast { payer, owner, shop } = cast(world).await;
        let device = subscribes(world, &owner, &shop).await;
        let fault = |fault, times| world.sandbox.sandbox.set_fault(Rule::new(Service::Push, Operation::Send, fault).times(times)).unwrap();
        // 503 with Retry-After: 1 s; then the line is cut; then well.
        fault(Fault::Down, 1);
        payer.pays(&shop, 1_000).await;
        assert_eq!(pushed(world, &device, 1).await[0].1["title"], "Pay+ 1,000원 결제되었습니다");
        fault(Fault::Reject, 1);
        let refused = payer.pays(&shop, 2_000).await;
        says(&owner, &shop, &refused, "푸시를 보내지 못했어요").await;
        let number = shop.number.to_string();
        let list = async || owner.browser.post("/api/merchant/push/list", &[("number", &number)]).await.is_ok().json()["devices"].clone();
        assert_eq!(list().await[0]["is_failing"], true);
        owner.browser.open(&format!("/merchant/{number}/alerts")).await.is_ok().says("요즘 알림이 닿지 않고 있어요");

        assert!(world.sandbox.sandbox.end_subscription(&device.endpoint));
        payer.pays(&shop, 3_000).await;
        eventually("it was removed", async || list().await.as_array().unwrap().is_empty().then_some(())).await;
        assert_eq!(world.sandbox.sandbox.pushes(&device.endpoint).len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_slow_push_service_holds_up_neither_the_till_nor_others() {
    on_both_engines(async |world| {
        let Cast { payer, owner, shop } = cast(world).await;
        let slow = sandbox::start().await.unwrap();
        slow.sandbox.set_fault(Rule::new(Service::Push, Operation::Send, Fault::Slow).delay_ms(60_000)).unwrap();
        let cashier = world.citizen().await;
        world.hire(owner.person, &shop, cashier.person).await;
        let number = shop.number.to_string();
        let key = owner.browser.post("/api/merchant/push/list", &[("number", &number)]).await.json()["push_key"].clone();
        let away = slow.sandbox.subscribe(&slow.base_url, key.as_str().unwrap());
        let fields = [("number", number.as_str()), ("endpoint", &away.endpoint), ("p256dh", &away.p256dh), ("auth", &away.auth)];
        owner.browser.post("/api/merchant/push/subscribe", &fields).await.is_ok();
        let device = subscribes(world, &cashier, &shop).await;
        let begun = Instant::now();
        for _ in 0..20 {
            payer.pays(&shop, 100).await;
        }
        let told = async || {
            let pushes = world.sandbox.sandbox.pushes(&device.endpoint);
            pushes.iter().any(|push| serde_json::from_str::<Value>(&push.text).unwrap()["last"] == 20).then_some(())
        };
        eventually("the last one", told).await;
        assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
        slow.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_device_acknowledged_is_told_by_sms_once_over_nodes_and_restarts() {
    on_both_engines(async |world| {
        let Cast { payer, owner, shop } = cast(world).await;
        // The night must not keep this test from what it is about.
        let number = shop.number.to_string();
        let by_day = [("number", number.as_str()), ("sms", "on"), ("person", ""), ("from", "00:00"), ("to", "00:00")];
        owner.browser.post("/api/merchant/push/sms", &by_day).await.goes_to(&format!("/merchant/{number}/alerts"));
        let device = subscribes(world, &owner, &shop).await;
        payer.pays(&shop, 10_000).await;
        let shown = pushed(world, &device, 1).await.remove(0).1;
        let range = [shown["first"].to_string(), shown["last"].to_string()];
        // The service worker shows it and says so.
        let said = [("number", number.as_str()), ("first", &range[0]), ("last", &range[1])];
        owner.browser.post("/api/merchant/push/shown", &said).await.is_ok();
        let missed = payer.pays(&shop, 32_000).await;
        // The node dies before the ten seconds are over; two others begin, where there can be two.
        world.stop().await;
        world.start().await;
        let second = match world.store().engine() {
            store::Engine::Postgres => Some(world.second_node().await),
            store::Engine::Sqlite => None,
        };
        let digits = owner.phone.digits();
        let told = async || {
            let messages = world.sandbox.sandbox.messages(Some(&digits));
            let told: Vec<String> = messages.into_iter().map(|message| message.text).filter(|text| text.contains("결제.")).collect();
            (!told.is_empty()).then_some(told)
        };
        let told = eventually("an SMS", told).await;
        assert_eq!(told, ["[Pay+] 모퉁이커피 32,000원 결제. 가게 화면이 꺼져 있어요."]);
        let owner = Citizen { browser: owner.browser.at(&world.base_url()), ..owner };
        says(&owner, &shop, &missed, "문자를 보냈어요").await;
        let ways = world.store().tries_of(shop.id, 1).await.unwrap().into_iter().map(|one| one.way).collect::<Vec<_>>();
        assert!(!ways.contains(&store::Way::Sms) && ways.contains(&store::Way::Shown), "{ways:?}");
        if let Some(second) = second {
            second.stop().await;
        }
    })
    .await;
}

#[tokio::test]
async fn the_page_works_without_javascript_and_asks_whose_address_it_is() {
    on_both_engines(async |world| {
        let Cast { payer, owner, shop } = cast(world).await;
        let number = shop.number.to_string();
        let path = format!("/merchant/{number}/alerts");
        subscribes(world, &owner, &shop).await;
        let page = owner.browser.open(&path).await;
        page.is_ok().says("이 기기로 알림을 받고 있어요").says("못 본 결제는 문자로");
        let set = owner
            .browser
            .submit(&page, "/api/merchant/push/sms", &[("sms", "off"), ("person", ""), ("from", "23:00"), ("to", "07:30")])
            .await;
        set.is_ok().says("저장했어요");
        let setting = world.store().alert_setting(shop.id).await.unwrap();
        assert_eq!((setting.sms, setting.quiet.to_string()), (false, "23:00-07:30".to_owned()));
        let off = owner.browser.submit(&page, "/api/merchant/push/unsubscribe", &[]).await;
        off.is_ok().says("알림을 받는 기기가 아직 없어요");

        let cashier = world.citizen().await;
        world.hire(owner.person, &shop, cashier.person).await;
        cashier.browser.open(&path).await.is_ok().says("문자 알림은 매니저나 주인이");
        payer.browser.open(&path).await.is(404);
        let bad = [("number", number.as_str()), ("sms", "on"), ("person", ""), ("from", "25:00"), ("to", "06:00")];
        owner.browser.post("/api/merchant/push/sms", &bad).await.is(400);
        let stranger = payer.person.to_string();
        let bad = [("number", number.as_str()), ("sms", "on"), ("person", &stranger), ("from", "00:00"), ("to", "06:00")];
        owner.browser.post("/api/merchant/push/sms", &bad).await.is(404);
        let agreed = world.sandbox.sandbox.subscribe("http://169.254.169.254", "KEY");
        let fields = [("number", number.as_str()), ("endpoint", &agreed.endpoint), ("p256dh", &agreed.p256dh), ("auth", &agreed.auth)];
        owner.browser.post("/api/merchant/push/subscribe", &fields).await.is(400);
    })
    .await;
}
