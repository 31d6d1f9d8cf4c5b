//! Paying a shop, and the shop hearing it.

use crate::listening::Listening;
use crate::world::{PIN, new_id, on_both_engines};
use app::Error;
use app::error::Input;
use domain::district::District;
use domain::merchant::Standing;
use domain::{Refused, Won, paying};
use futures::future::join_all;

#[tokio::test]
async fn from_sign_up_to_a_payment_that_the_shop_hears() {
    on_both_engines(async |world| {
        let window = world.sale(1_000_000).await;
        let (citizen, owner) = (world.citizen().await, world.citizen().await);
        let shop = world.shop(owner.person, District::MAPO).await;
        let mut listening = Listening::after(&owner.browser, &shop, 0).await;
        citizen.buys(window, 100_000).await;
        let desk = citizen.browser.open(&format!("/pay/{}", shop.number)).await;
        desk.is_ok().says("모퉁이커피").says("마포구");
        let payment = citizen.pays(&shop, 32_000).await;
        let notice = listening.next().await.unwrap();
        assert_eq!((notice.number, notice.amount, notice.payment.to_string()), (1, Won::of(32_000), payment.clone()));
        let page = citizen.browser.open(&format!("/payments/{payment}")).await;
        page.is_ok().says("32,000").says(&notice.code.to_string());
        let today = owner.browser.open(&format!("/merchant/{}", shop.number)).await;
        today.is_ok().says("32,000").says(&notice.code.to_string());
        citizen.browser.open("/").await.says("68,000");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_payment_fifty_times_is_one() {
    on_both_engines(async |world| {
        let window = world.sale(1_000_000).await;
        let (citizen, owner) = (world.citizen().await, world.citizen().await);
        let shop = world.shop(owner.person, District::MAPO).await;
        citizen.buys(window, 100_000).await;
        let id = new_id();
        for answer in join_all((0..50).map(|_| citizen.bill(&id, &shop, 30_000))).await {
            answer.goes_to(&format!("/payments/{id}"));
        }
        citizen.bill(&id, &shop, 40_000).await.refuses(&Refused::IdReused.into());
        assert_eq!(world.store().last_number(shop.id).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_paid_is_refused_in_words() {
    on_both_engines(async |world| {
        let window = world.sale(1_000_000).await;
        let (citizen, owner) = (world.citizen().await, world.citizen().await);
        let shop = world.shop(owner.person, District::MAPO).await;
        citizen.buys(window, 50_000).await;
        citizen.bill(&new_id(), &shop, 60_000).await.refuses(&Refused::NotEnough { usable: Won::of(50_000) }.into());
        let most = Error::Refused(Refused::PaymentAmount { most: paying::MOST });
        citizen.bill(&new_id(), &shop, 2_000_001).await.refuses(&most);
        let number = shop.number.to_string();
        for amount in ["", "0", "-1", "1.5", "abc", "9223372036854775808", "<script>"] {
            let fields = [("payment", &*new_id()), ("number", &number), ("amount", amount), ("pin", PIN)]
                .map(|(name, value)| (name, value.to_owned()));
            let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
            let error = citizen.browser.post("/api/pay", &fields).await.error();
            assert!(matches!(error, Error::Input(Input::Amount(_)) | Error::Refused(Refused::PaymentAmount { .. })), "{amount}: {error:?}");
        }
        assert!(world.store().set_standing(shop.id, Standing::Closed).await.unwrap());
        citizen.bill(&new_id(), &shop, 1_000).await.refuses(&Refused::ShopClosed.into());
        citizen.browser.post("/api/pay/desk", &[("number", &number)]).await.refuses(&Refused::ShopClosed.into());
        assert!(world.store().set_standing(shop.id, Standing::Pending).await.unwrap());
        citizen.bill(&new_id(), &shop, 1_000).await.refuses(&Refused::ShopNotReady.into());
        assert_eq!(world.store().last_number(shop.id).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_code_that_is_not_ours_leads_nowhere() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let long = "0".repeat(60_000);
        for code in ["", "00020101021163041D3A", "000201", "https://evil.example/", "javascript:alert(1)", "가나다😀", &long] {
            let answer = citizen.browser.post("/api/pay/find", &[("code", code)]).await;
            assert!(matches!(answer.error(), Error::Input(Input::Qr(_) | Input::ShopNumber(_))), "{}", answer.text);
            assert!(!answer.headers.contains_key("location"));
        }
        // Well-formed, and nobody's.
        let nobody = domain::merchant_number::MerchantNumber::from_serial(9_999_999).unwrap().to_string();
        citizen.browser.post("/api/pay/desk", &[("number", &nobody)]).await.refuses(&Refused::NoSuchShop.into());
        citizen.browser.open(&format!("/pay/{nobody}")).await.is(404);
        citizen.browser.post("/api/pay/find", &[("code", "00010018")]).await.is(422);
    })
    .await;
}

#[tokio::test]
async fn somebody_elses_payment_is_not_there() {
    on_both_engines(async |world| {
        let window = world.sale(1_000_000).await;
        let (citizen, stranger) = (world.citizen().await, world.citizen().await);
        let shop = world.shop(citizen.person, District::MAPO).await;
        citizen.buys(window, 50_000).await;
        let id = citizen.pays(&shop, 7_777).await;
        stranger.browser.post("/api/pay/payment", &[("id", &id)]).await.refuses(&Error::NotFound);
        let page = stranger.browser.open(&format!("/payments/{id}")).await;
        page.is(404);
        assert!(!page.words().contains("7,777"));
        stranger.bill(&id, &shop, 7_777).await.refuses(&Refused::IdReused.into());
        stranger.browser.post("/api/merchant/today", &[("number", &shop.number.to_string())]).await.refuses(&Error::NotFound);
        for page in [format!("/merchant/{}", shop.number), format!("/merchant/{}/qr", shop.number)] {
            stranger.browser.open(&page).await.is(404);
        }
    })
    .await;
}
