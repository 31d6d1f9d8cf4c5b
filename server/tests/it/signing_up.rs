//! Signing up and in, sessions.

use crate::world::{PIN, new_id, on_both_engines};
use app::Error;
use app::error::Input;

#[tokio::test]
async fn a_new_citizen_signs_up_page_by_page() {
    on_both_engines(async |world| {
        let phone = world.new_phone();
        let browser = world.browser();
        world.sign_up(&browser, phone, "김하늘").await;
        let visitor = browser.post("/api/visitor", &[]).await;
        assert_eq!(visitor.is_ok().json()["name"], "김하늘");
        browser.open("/").await.is_ok().says("김하늘");
        for cookie in ["payplus_session", "payplus_device"] {
            assert!(browser.cookie(cookie).is_some(), "{cookie}");
        }
    })
    .await;
}

#[tokio::test]
async fn whoever_locked_the_pin_comes_back_by_phone_and_identity() {
    on_both_engines(async |world| {
        let (citizen, window) = (world.citizen().await, world.sale(1_000_000).await);
        citizen.buys(window, 10_000).await;
        let shop = world.shop(citizen.person, domain::district::District::MAPO).await;
        let bill = |pin: &str| {
            let fields = [("payment", new_id()), ("number", shop.number.to_string()), ("amount", "1000".into()), ("pin", pin.into())];
            let browser = &citizen.browser;
            async move { browser.post("/api/pay", &fields.each_ref().map(|(name, value)| (*name, value.as_str()))).await }
        };
        for _ in 0..5 {
            bill("135791").await.is(403);
        }
        assert!(matches!(bill(PIN).await.error(), Error::PinLocked { .. }));
        world.minutes_pass(1).await;
        let device = citizen.browser.cookie("payplus_device");
        let messages = world.sandbox.sandbox.messages(Some(&citizen.phone.digits())).len();
        citizen.browser.post("/api/start/forgotten", &[]).await.goes_to("/start/code");
        assert!(citizen.browser.post("/api/visitor", &[]).await.is_ok().json().is_null(), "signed out here");
        assert!(device.is_some() && citizen.browser.cookie("payplus_device") != device, "the phone alone lets nobody in");
        let code = world.code_after(citizen.phone, messages).await;
        citizen.browser.post("/api/start/code", &[("code", &code)]).await.goes_to("/start/confirm");
        let name = format!("시민{}", citizen.phone.digits());
        citizen.browser.post("/api/start/identity", &[("name", &name), ("birth_date", "19900514")]).await.goes_to("/start/pin");
        citizen.browser.post("/api/start/pin", &[("pin", "864213"), ("again", "864213")]).await.goes_to("/start/bank");
        citizen.browser.post("/api/start/bank", &[("bank", "088"), ("account", "110123456789")]).await.is_ok();
        bill(PIN).await.refuses(&Error::PinWrong { tries_left: 4 });
        bill("864213").await.is_ok();
        // Nothing of what was there is gone.
        let wallet = world.store().wallet(citizen.person, domain::Timestamp::now()).await.unwrap();
        assert_eq!(wallet.lots.iter().map(|lot| lot.left.get()).collect::<Vec<_>>(), [9_000]);
    })
    .await;
}

#[tokio::test]
async fn cookies_are_out_of_reach_of_scripts_and_other_sites() {
    on_both_engines(async |world| {
        let browser = world.browser();
        let answer = browser.post("/api/start/phone", &[("phone", &world.new_phone().digits())]).await;
        let line = answer.headers["set-cookie"].to_str().unwrap();
        assert!(line.contains("HttpOnly") && line.contains("SameSite=Lax") && line.contains("Path=/"), "{line}");
    })
    .await;
}

#[tokio::test]
async fn nothing_tells_whether_a_phone_is_registered() {
    on_both_engines(async |world| {
        let member = world.citizen().await;
        let mut answers = Vec::new();
        for phone in [world.new_phone(), world.new_phone()] {
            let answer = world.browser().post("/api/start/phone", &[("phone", &phone.digits())]).await;
            answers.push((answer.status, answer.text, answer.headers["location"].clone()));
        }
        let other = world.browser();
        let known = other.post("/api/start/phone", &[("phone", &member.phone.digits())]).await;
        // The code of the sign-up is seconds old, so none is sent; a stranger's second code isn't either.
        let again = world.browser();
        let phone = world.new_phone();
        again.post("/api/start/phone", &[("phone", &phone.digits())]).await;
        let unknown = world.browser().post("/api/start/phone", &[("phone", &phone.digits())]).await;
        assert_eq!(answers[0], answers[1]);
        assert_eq!(known.status, unknown.status);
        assert_eq!(known.headers.get("location"), unknown.headers.get("location"));
    })
    .await;
}

#[tokio::test]
async fn a_wrong_code_is_counted_and_changes_nothing() {
    on_both_engines(async |world| {
        let (browser, phone) = (world.browser(), world.new_phone());
        browser.post("/api/start/phone", &[("phone", &phone.digits())]).await.is_ok();
        let code = world.code_for(phone).await;
        let wrong = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
        browser.post("/api/start/code", &[("code", &wrong)]).await.refuses(&Error::CodeWrong { tries_left: 4 });
        browser.post("/api/start/identity", &[("name", "김하늘"), ("birth_date", "19900514")]).await.refuses(&Error::FormExpired);
        browser.post("/api/start/code", &[("code", &code)]).await.goes_to("/start/identity");
    })
    .await;
}

#[tokio::test]
async fn an_obvious_pin_is_refused() {
    on_both_engines(async |world| {
        let (browser, phone) = (world.browser(), world.new_phone());
        browser.post("/api/start/phone", &[("phone", &phone.digits())]).await.is_ok();
        let code = world.code_for(phone).await;
        browser.post("/api/start/code", &[("code", &code)]).await.is_ok();
        browser.post("/api/start/identity", &[("name", "김하늘"), ("birth_date", "19900514")]).await.is_ok();
        for pin in ["111111", "123456", "900514", "19905", "abcdef", ""] {
            let answer = browser.post("/api/start/pin", &[("pin", pin), ("again", pin)]).await;
            answer.is(422);
        }
        let differ = browser.post("/api/start/pin", &[("pin", PIN), ("again", "135790")]).await;
        differ.refuses(&Error::Input(Input::PinsDiffer));
    })
    .await;
}

#[tokio::test]
async fn an_identity_that_is_not_confirmed_goes_no_further() {
    on_both_engines(async |world| {
        let (browser, phone) = (world.browser(), world.new_phone());
        browser.post("/api/start/phone", &[("phone", &phone.digits())]).await.is_ok();
        let code = world.code_for(phone).await;
        browser.post("/api/start/code", &[("code", &code)]).await.is_ok();
        let refused = browser.post("/api/start/identity", &[("name", "거부합니다"), ("birth_date", "19900514")]).await;
        refused.refuses(&Error::IdentityFailed);
        use sandbox::{Fault, Operation, Rule, Service};
        for fault in [Fault::Down, Fault::DropBefore, Fault::DropAfter, Fault::Garbage] {
            world.sandbox.sandbox.set_fault(Rule::new(Service::Identity, Operation::Verify, fault).times(1)).unwrap();
            let answer = browser.post("/api/start/identity", &[("name", "김하늘"), ("birth_date", "19900514")]).await;
            answer.refuses(&Error::OutsideDown);
        }
        browser.post("/api/start/pin", &[("pin", PIN), ("again", PIN)]).await.refuses(&Error::FormExpired);
    })
    .await;
}

#[tokio::test]
async fn a_session_that_was_ended_elsewhere_is_over() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let stolen = world.browser();
        stolen.set_cookie("payplus_session", &citizen.browser.cookie("payplus_session").unwrap());
        assert_eq!(stolen.post("/api/me/profile", &[]).await.status, 200);
        citizen.browser.post("/api/start/out", &[]).await.is_ok();
        assert_eq!(citizen.browser.cookie("payplus_session"), None);
        stolen.post("/api/me/profile", &[]).await.refuses(&Error::SignedOut);
        let page = stolen.look("/history").await;
        page.is(302);
        assert!(page.headers["location"].to_str().unwrap().starts_with("/start?next="), "{:?}", page.headers["location"]);
    })
    .await;
}

#[tokio::test]
async fn other_sessions_end_and_this_one_stays() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let (token, other) = world.store().sign_in(citizen.person, "Firefox", domain::Timestamp::now()).await.unwrap();
        let elsewhere = world.browser();
        elsewhere.set_cookie("payplus_session", &token.expose());
        assert_eq!(elsewhere.post("/api/me/sessions", &[]).await.is_ok().json()[0].as_array().unwrap().len(), 2);
        // Somebody else's session is not there for us.
        let stranger = world.citizen().await;
        stranger.browser.post("/api/me/sessions/end", &[("id", &other.to_string())]).await.refuses(&Error::NotFound);
        citizen.browser.post("/api/me/sessions/end-others", &[]).await.is_ok();
        elsewhere.post("/api/me/profile", &[]).await.refuses(&Error::SignedOut);
        citizen.browser.post("/api/me/profile", &[]).await.is_ok();
    })
    .await;
}
