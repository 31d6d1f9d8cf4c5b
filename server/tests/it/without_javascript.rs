//! The same journey in a browser without JavaScript: plain forms, redirects, errors beside the field.

use crate::browser::{Answer, Browser};
use crate::world::{PIN, World, eventually, on_both_engines};
use app::Error;
use app::words::Lang;
use domain::Timestamp;
use domain::district::District;

async fn sign_up(world: &World, browser: &Browser) -> Answer {
    let phone = world.new_phone();
    let start = browser.open("/start").await;
    let code_page = browser.submit(&start, "/api/start/phone", &[("phone", &phone.digits())]).await;
    assert_eq!(code_page.is_ok().path, "/start/code");
    let code = world.code_for(phone).await;
    let wrong = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
    let again = browser.submit(&code_page, "/api/start/code", &[("code", &wrong)]).await;
    assert_eq!(again.path, "/start/code");
    again.says(&Error::CodeWrong { tries_left: 4 }.say(Lang::Ko, Timestamp::now()));
    let identity = browser.submit(&again, "/api/start/code", &[("code", &code)]).await;
    assert_eq!(identity.is_ok().path, "/start/identity");
    let pin = browser.submit(&identity, "/api/start/identity", &[("name", "김하늘"), ("birth_date", "19900514")]).await;
    assert_eq!(pin.is_ok().path, "/start/pin");
    let bank = browser.submit(&pin, "/api/start/pin", &[("pin", PIN), ("again", PIN)]).await;
    assert_eq!(bank.is_ok().path, "/start/bank");
    browser.submit(&bank, "/api/start/bank", &[("bank", "088"), ("account", "110123456789")]).await
}

#[tokio::test]
async fn a_citizen_signs_up_buys_and_pays() {
    on_both_engines(async |world| {
        let owner = world.citizen().await;
        let shop = world.shop(owner.person, District::MAPO).await;
        let window = world.sale(1_000_000).await;
        let browser = world.browser();
        sign_up(world, &browser).await.is_ok();

        let buy = browser.open(&format!("/buy?window={window}&face=100000")).await;
        buy.is_ok();
        let fields = [("window", window.to_string()), ("face", "100000".to_owned()), ("pin", PIN.to_owned())];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        let receipt = browser.submit(&buy, "/api/purchases/buy", &fields).await;
        assert!(receipt.path.starts_with("/buy/"), "{}", receipt.path);
        let receipt = eventually("the receipt", async || {
            let page = browser.open(&receipt.path).await;
            page.words().contains("93,000").then_some(page)
        })
        .await;
        receipt.is_ok().says("100,000");

        let pay = browser.open("/pay").await;
        let desk = browser.submit(&pay, "/api/pay/find", &[("code", &shop.number.to_string())]).await;
        assert_eq!(desk.is_ok().path, shop.number.pay_path());
        let pin = browser.open(&format!("{}?amount=32000", shop.number.pay_path())).await;
        let wrong = browser.submit(&pin, "/api/pay", &[("amount", "32000"), ("pin", "135791")]).await;
        wrong.says(&Error::PinWrong { tries_left: 4 }.say(Lang::Ko, Timestamp::now()));
        let pin = browser.open(&format!("{}?amount=32000", shop.number.pay_path())).await;
        let paid = browser.submit(&pin, "/api/pay", &[("amount", "32000"), ("pin", PIN)]).await;
        assert!(paid.path.starts_with("/payments/"), "{}", paid.path);
        paid.is_ok().says("32,000").says("모퉁이커피");
        let notices = world.store().latest_notices(shop.id, 5).await.unwrap();
        assert_eq!(notices.len(), 1);
        paid.says(&notices[0].code.to_string());
    })
    .await;
}

#[tokio::test]
async fn an_error_goes_back_to_its_page_without_personal_data_in_the_address() {
    on_both_engines(async |world| {
        let browser = world.browser();
        let start = browser.open("/start").await;
        let again = browser.submit(&start, "/api/start/phone", &[("phone", "02-123-4567")]).await;
        assert_eq!(again.path, "/start");
        assert!(!again.text.contains("__err=") || !again.text.contains("02-123"), "{}", again.text);
        let error = world.browser().post("/api/start/phone", &[("phone", "02-123-4567")]).await.error();
        again.is_ok().says(&error.say(Lang::Ko, Timestamp::now()));
    })
    .await;
}

#[tokio::test]
async fn pages_of_members_lead_strangers_to_the_sign_in_and_back() {
    on_both_engines(async |world| {
        let browser = world.browser();
        for path in ["/buy", "/pay", "/history", "/me", "/me/sessions", "/merchant"] {
            let page = browser.look(path).await;
            page.is(302);
            let to = page.headers["location"].to_str().unwrap();
            assert!(to.starts_with("/start?next=%2F") || to.starts_with(&format!("/start?next={path}")), "{path}: {to}");
        }
    })
    .await;
}
