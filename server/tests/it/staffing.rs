//! A shop's staff: invited by link, given roles, sent away; devices ended from afar.

use crate::listening::Listening;
use crate::world::{PIN, World, on_both_engines};
use app::Error;
use domain::district::District;
use domain::merchant::Role;
use domain::staff::StaffRefused;
use std::time::Duration;

/// The path of an invitation that stands on the page.
fn link_in(text: &str) -> String {
    let (_, rest) = text.split_once("/merchant/invitations/").expect("a link is shown");
    let token: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
    assert_eq!(token.len(), 64);
    format!("/merchant/invitations/{token}")
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_new_is_invited_signs_up_and_hears_payments() {
    on_both_engines(async |world: &mut World| {
        let window = world.sale(1_000_000).await;
        let (owner, payer) = (world.citizen().await, world.citizen().await);
        let shop = world.shop(owner.person, District::MAPO).await;
        payer.buys(window, 50_000).await;
        let base = format!("/merchant/{}", shop.number);
        let page = owner.browser.open(&format!("{base}/staff")).await;
        page.is_ok().says("직원 초대하기").says("주인");
        let made = owner.browser.submit(&page, "/api/merchant/invitations/make", &[("role", "cashier")]).await;
        made.is_ok().says("초대 링크를 만들었어요").says("아직 쓰지 않은 초대");
        let path = link_in(&made.text);
        assert!(made.text.contains("초대 링크 QR 코드"), "and its QR");
        let again = owner.browser.open(&format!("{base}/staff")).await;
        assert!(!again.words().contains("초대 링크를 만들었어요"), "shown once");

        // A stranger is led to the sign-up, and then back: shop and role first, then the button.
        let browser = world.browser();
        let asked = browser.look(&path).await;
        assert_eq!(asked.headers["location"], format!("/start?next={path}"));
        assert!(!asked.text.contains(&shop.name));
        let phone = world.new_phone();
        world.sign_up(&browser, phone, "새 직원").await;
        let page = browser.open(&path).await;
        page.is_ok().says("모퉁이커피").says("마포구").says("에서 일해요. 역할: 직원");
        let inside = browser.submit(&page, "/api/merchant/invitations/accept", &[]).await;
        assert_eq!(inside.path, base);
        let mut listening = Listening::after(&browser, &shop, 0).await;
        payer.pays(&shop, 3_000).await;
        assert_eq!(listening.hears(1).await, [(1, 3_000)]);

        // Played again, by anybody: over. A token of nobody's is not there.
        let token = path.rsplit('/').next().unwrap();
        for person in [&payer.browser, &browser] {
            let replayed = person.post("/api/merchant/invitations/accept", &[("token", token)]).await;
            replayed.refuses(&StaffRefused::InvitationOver.into());
            person.open(&path).await.says("이미 쓰였거나 끝난 초대예요");
        }
        for odd in ["", "x", &"0".repeat(64)] {
            payer.browser.post("/api/merchant/invitations/accept", &[("token", odd)]).await.refuses(&Error::NotFound);
            payer.browser.post("/api/merchant/invitations/get", &[("token", odd)]).await.refuses(&Error::NotFound);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_are_changed_people_sent_away_and_the_last_owner_stays() {
    on_both_engines(async |world: &mut World| {
        let (owner, cashier) = (world.citizen().await, world.citizen().await);
        let shop = world.shop(owner.person, District::MAPO).await;
        world.hire(owner.person, &shop, cashier.person).await;
        let number = shop.number.to_string();
        let staff = format!("/merchant/{number}/staff");
        let page = cashier.browser.open(&staff).await;
        assert!(!page.is_ok().says("이 가게에서 나가기").text.contains("/api/merchant/invitations/make"), "a cashier invites nobody");

        let person = cashier.person.to_string();
        let role = [("number", &*number), ("person", &*person), ("role", "manager")];
        cashier.browser.post("/api/merchant/staff/role", &role).await.refuses(&StaffRefused::NotYours.into());
        let page = owner.browser.open(&staff).await;
        owner.browser.submit(&page, "/api/merchant/staff/role", &[("role", "manager")]).await.is_ok().says("매니저");
        // A manager makes cashiers only, and does not touch the owner.
        for role in ["owner", "manager"] {
            let made = cashier.browser.post("/api/merchant/invitations/make", &[("number", &number), ("role", role)]).await;
            made.refuses(&StaffRefused::NotYours.into());
        }
        cashier.browser.post("/api/merchant/invitations/make", &[("number", &number), ("role", "cashier")]).await.is_ok();
        let owners = owner.person.to_string();
        let dismiss = [("number", &*number), ("person", &*owners)];
        cashier.browser.post("/api/merchant/staff/dismiss", &dismiss).await.refuses(&StaffRefused::NotYours.into());
        owner.browser.post("/api/merchant/staff/leave", &[("number", &number)]).await.refuses(&StaffRefused::LastOwner.into());
        let odd = [("number", &*number), ("person", &*person), ("role", "emperor")];
        owner.browser.post("/api/merchant/staff/role", &odd).await.refuses(&Error::BadRequest);

        let page = owner.browser.open(&staff).await;
        owner.browser.submit(&page, "/api/merchant/staff/dismiss", &[]).await.is_ok();
        cashier.browser.post("/api/merchant/today", &[("number", &number)]).await.refuses(&Error::NotFound);
        assert_eq!(world.store().role(cashier.person, shop.id).await.unwrap(), None);

        // One person may work for several shops; leaving one keeps the other.
        let other = world.shop(owner.person, District::GANGNAM).await;
        owner.browser.open("/merchant").await.is_ok().says("어느 가게인가요?").says("마포구").says("강남구");
        world.hire(owner.person, &other, cashier.person).await;
        let page = cashier.browser.open(&format!("/merchant/{}/staff", other.number)).await;
        cashier.browser.submit(&page, "/api/merchant/staff/leave", &[]).await.is_ok();
        assert!(world.store().shops_of(cashier.person).await.unwrap().is_empty());
        assert_eq!(world.store().role(owner.person, shop.id).await.unwrap(), Some(Role::Owner));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_expires_and_is_taken_back() {
    on_both_engines(async |world: &mut World| {
        let (owner, guest) = (world.citizen().await, world.citizen().await);
        let shop = world.shop(owner.person, District::MAPO).await;
        let staff = format!("/merchant/{}/staff", shop.number);
        let page = owner.browser.open(&staff).await;
        let made = owner.browser.submit(&page, "/api/merchant/invitations/make", &[("role", "manager")]).await;
        let taken_back = link_in(&made.text);
        owner.browser.submit(&made, "/api/merchant/invitations/revoke", &[]).await.is_ok().says("아직 쓰지 않은 초대가 없어요");
        guest.browser.open(&taken_back).await.says("이미 쓰였거나 끝난 초대예요");
        let made = owner.browser.submit(&page, "/api/merchant/invitations/make", &[("role", "manager")]).await;
        let late = link_in(&made.text);
        world.store().time_passes(Duration::from_secs(24 * 60 * 60)).await.unwrap();
        let token = late.rsplit('/').next().unwrap();
        guest.browser.post("/api/merchant/invitations/accept", &[("token", token)]).await.refuses(&StaffRefused::InvitationOver.into());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_is_ended_from_afar_loses_the_shop_and_its_stream_but_not_the_wallet() {
    on_both_engines(async |world: &mut World| {
        let window = world.sale(1_000_000).await;
        let (owner, cashier, payer) = (world.citizen().await, world.citizen().await, world.citizen().await);
        let shop = world.shop(owner.person, District::MAPO).await;
        world.hire(owner.person, &shop, cashier.person).await;
        payer.buys(window, 50_000).await;
        let (number, base) = (shop.number.to_string(), format!("/merchant/{}", shop.number));
        let mut listening = Listening::after(&cashier.browser, &shop, 0).await;
        payer.pays(&shop, 1_000).await;
        assert_eq!(listening.hears(1).await, [(1, 1_000)]);

        let page = owner.browser.open(&format!("{base}/devices")).await;
        page.is_ok().says("지금 이 기기").says("이 기기 접속 끊기");
        owner.browser.submit(&page, "/api/merchant/devices/end", &[]).await.is_ok();
        payer.pays(&shop, 2_000).await;
        assert!(listening.next().await.is_none(), "the stream ends before it tells");
        for path in ["/api/merchant/today", "/api/merchant/qr", "/api/merchant/staff/list", "/api/takings/payments"] {
            cashier.browser.post(path, &[("number", &number)]).await.refuses(&Error::DeviceEnded);
        }
        let stream = cashier.browser.look(&format!("{base}/notices")).await;
        assert_eq!(stream.status, 403);
        let page = cashier.browser.open(&base).await;
        page.says("이 기기의 접속이 끊겼어요");
        cashier.browser.open("/me").await.is_ok();

        // Signed in anew it is another session, and the job goes on.
        cashier.browser.submit(&page, "/api/start/out", &[]).await;
        let digits = cashier.phone.digits();
        let before = world.sandbox.sandbox.messages(Some(&digits)).len();
        world.store().time_passes(Duration::from_secs(60)).await.unwrap();
        cashier.browser.post("/api/start/phone", &[("phone", &digits)]).await.is_ok();
        let code = world.code_after(cashier.phone, before).await;
        let answer = cashier.browser.post("/api/start/code", &[("code", &code)]).await;
        answer.is_ok();
        if answer.headers.get("location").is_some_and(|to| to.to_str().unwrap().starts_with("/start/confirm")) {
            cashier.browser.post("/api/start/confirm", &[("pin", PIN)]).await.is_ok();
        }
        cashier.browser.post("/api/merchant/today", &[("number", &number)]).await.is_ok();
        // A cashier ends no one else's.
        let page = cashier.browser.open(&format!("{base}/devices")).await;
        assert!(!page.is_ok().text.contains("/api/merchant/devices/end"));
    })
    .await;
}
