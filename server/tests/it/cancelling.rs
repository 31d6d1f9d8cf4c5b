//! Giving a payment back, from the shop's own page.

use crate::world::{World, new_id, on_both_engines};
use domain::district::District;
use domain::merchant::{Merchant, Role};
use domain::{Refused, Won};
use futures::future::join_all;

async fn cancel(who: &crate::browser::Browser, shop: &Merchant, payment: &str, id: &str, amount: &str) -> crate::browser::Answer {
    let number = shop.number.to_string();
    who.post("/api/merchant/cancel", &[("number", &number), ("payment", payment), ("id", id), ("amount", amount)]).await
}

async fn paid(world: &mut World) -> (crate::world::Citizen, crate::world::Citizen, Merchant, String) {
    let window = world.sale(1_000_000).await;
    let (citizen, owner) = (world.citizen().await, world.citizen().await);
    let shop = world.shop(owner.person, District::MAPO).await;
    citizen.buys(window, 100_000).await;
    let payment = citizen.pays(&shop, 30_000).await;
    (citizen, owner, shop, payment)
}

#[tokio::test]
async fn a_part_and_then_the_rest_without_javascript() {
    on_both_engines(async |world| {
        let (citizen, owner, shop, payment) = paid(world).await;
        let path = format!("/merchant/{}/payments/{payment}", shop.number);
        owner.browser.open(&path).await.is_ok().says("30,000").says("얼마를 취소할까요?");
        owner.browser.open(&format!("{path}?amount=30001")).await.is_ok().says("30,000원까지 취소할 수 있어요");
        let confirm = owner.browser.open(&format!("{path}?amount=10000")).await;
        confirm.is_ok().says("10,000원 결제 취소하기");
        let done = owner.browser.submit(&confirm, "/api/merchant/cancel", &[]).await;
        assert_eq!(done.is_ok().path, path);
        done.says("결제를 취소했어요").says("10,000원 취소됨").says("20,000");
        // The same form sent again (back, and pressed once more) is the same cancellation.
        owner.browser.submit(&confirm, "/api/merchant/cancel", &[]).await.is_ok().says("10,000원 취소됨");
        citizen.browser.open("/").await.says("80,000");
        citizen.browser.open(&format!("/payments/{payment}")).await.says("10,000");

        cancel(&owner.browser, &shop, &payment, &new_id(), "20000").await.goes_to(&path);
        owner.browser.open(&path).await.is_ok().says("모두 취소됨");
        citizen.browser.open("/").await.says("100,000");
        cancel(&owner.browser, &shop, &payment, &new_id(), "1").await.refuses(&Refused::AlreadyCancelled.into());
    })
    .await;
}

#[tokio::test]
async fn managers_and_owners_only_and_of_the_own_shop() {
    on_both_engines(async |world| {
        let (citizen, owner, shop, payment) = paid(world).await;
        let (cashier, manager, other) = (world.citizen().await, world.citizen().await, world.citizen().await);
        let proof = world.store().staff(owner.person, shop.id, Role::Owner).await.unwrap().unwrap();
        for (person, role) in [(cashier.person, Role::Cashier), (manager.person, Role::Manager)] {
            assert!(world.store().add_staff(&proof, person, role, domain::Timestamp::now()).await.unwrap());
        }
        let elsewhere = world.shop(other.person, District::MAPO).await;
        let page = format!("/merchant/{}/payments/{payment}", shop.number);
        cashier.browser.open(&page).await.is_ok().says("매니저나 주인");
        cancel(&cashier.browser, &shop, &payment, &new_id(), "1000").await.refuses(&Refused::ManagersOnly.into());
        for stranger in [&other, &citizen] {
            cancel(&stranger.browser, &shop, &payment, &new_id(), "1000").await.refuses(&app::Error::NotFound);
            stranger.browser.open(&page).await.is(404);
        }
        cancel(&other.browser, &elsewhere, &payment, &new_id(), "1000").await.refuses(&Refused::NoSuchPayment.into());
        for amount in ["", "0", "-1", "1.5", "abc", "9223372036854775808"] {
            let status = cancel(&manager.browser, &shop, &payment, &new_id(), amount).await.status.as_u16();
            assert!(matches!(status, 409 | 422), "{amount}: {status}");
        }
        cancel(&manager.browser, &shop, &payment, "x", "1000").await.is(400);
        cancel(&manager.browser, &shop, &payment, &new_id(), "1000").await.is_ok();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_at_once_never_pass_the_payment() {
    on_both_engines(async |world| {
        let (_, owner, shop, payment) = paid(world).await;
        let ids: Vec<String> = (0..20).map(|_| new_id()).collect();
        let answers = join_all(ids.iter().map(|id| cancel(&owner.browser, &shop, &payment, id, "4000"))).await;
        let done = answers.iter().filter(|answer| answer.status.is_success()).count();
        assert_eq!(done, 7);
        let left = Refused::CancelAmount { left: Won::of(2_000) };
        answers.iter().filter(|answer| !answer.status.is_success()).for_each(|answer| answer.refuses(&left.clone().into()));
    })
    .await;
}
