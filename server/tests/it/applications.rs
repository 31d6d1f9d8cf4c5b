//! A shop signs up by plain forms, as a browser without JavaScript sends them; the city lets it in; it is paid; it is closed.

use crate::browser::{Answer, Browser};
use crate::city::signed_in;
use crate::world::{Citizen, PIN, World, eventually, new_id, on_both_engines, on_sqlite};
use app::Error;
use app::error::Input;
use domain::Refused;
use domain::Timestamp;
use domain::application::{ApplicationRefused, BusinessState, Field, Part, ShopRefused, Stage};
use domain::business_number::{BusinessNumber, BusinessNumberError};
use domain::merchant::{Merchant, Standing};
use domain::merchant_number::MerchantNumber;
use domain::operator::Role as CityRole;
use image::{DynamicImage, ImageFormat, RgbImage};
use sandbox::{Fault, Operation, Rule, Service};
use std::io::Cursor;

fn business(number: u32) -> String {
    BusinessNumber::from_first_nine(220_810_000 + number).unwrap().to_string()
}

fn picture(width: u32, height: u32) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(RgbImage::from_pixel(width, height, [180, 90, 40].into())).write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

/// The name of whoever sent the newest one won.
fn sender(world: &World) -> String {
    let transactions = world.sandbox.sandbox.transactions(0);
    let newest = transactions.iter().rev().find(|moved| moved.amount_won == 1).expect("one won was sent");
    assert_eq!(newest.kind, sandbox::Kind::Credit);
    newest.memo.clone()
}

/// The number's page; the id stands at its end.
async fn begun(browser: &Browser, number: u32) -> (Answer, String) {
    let page = browser.open("/merchant/new").await;
    page.is_ok().says("사업자등록번호를 알려 주세요");
    let page = browser.submit(&page, "/api/merchant/new/begin", &[("business", &business(number))]).await;
    page.is_ok().says("어떤 가게인가요?");
    let id = page.path.rsplit('/').next().unwrap().to_owned();
    (page, id)
}

const ABOUT: [(&str, &str); 4] =
    [("name", "모퉁이 커피"), ("category", "5814"), ("district", "14"), ("address", "서울 마포구 망원동 골목길 12")];

/// All questions answered: the page that asks for a last look.
async fn answered(world: &World, owner: &Citizen, number: u32) -> (Answer, String) {
    let (page, id) = begun(&owner.browser, number).await;
    let page = owner.browser.submit(&page, "/api/merchant/new/about", &ABOUT).await;
    page.is_ok().says("가게 사진을 올려 주세요");
    let page = owner.browser.upload(&format!("/photos/{id}"), &picture(400, 300)).await;
    page.is_ok().says("정산받을 계좌를 확인해요").says("시민").says("1원 보내기");
    let page = owner.browser.submit(&page, "/api/merchant/new/account", &[("bank", "088"), ("account", "110-555-123456")]).await;
    page.is_ok().says("신한 ***3456 계좌로 1원을 보냈어요").says("코드는 샌드박스의 은행 거래 화면에서");
    let page = owner.browser.submit(&page, "/api/merchant/new/code", &[("code", &sender(world))]).await;
    page.is_ok().says("이대로 보낼까요?").says("모퉁이 커피").says("카페·간편식").says("신한 ***3456");
    (page, id)
}

async fn sent(world: &World, owner: &Citizen, number: u32) -> (String, MerchantNumber) {
    let (page, id) = answered(world, owner, number).await;
    let page = owner.browser.submit(&page, "/api/merchant/new/send", &[]).await;
    page.is_ok().says("승인을 기다려요").says("시에서 살펴보고 있어요");
    (id, MerchantNumber::parse(page.path.split('/').nth(2).unwrap()).unwrap())
}

async fn shop_of(world: &World, number: MerchantNumber) -> Merchant {
    world.store().merchant_by_number(number).await.unwrap().unwrap()
}

/// Presses one of the buttons of a shop's page at the console.
async fn decides(operator: &Browser, number: MerchantNumber, decision: &str, reason: &str) -> Answer {
    let page = operator.open(&format!("/city/shops/{number}")).await;
    page.is_ok();
    operator.submit(&page, "/api/city/shops/decide", &[("decision", decision), ("reason", reason)]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_signs_up_is_let_in_paid_and_closed() {
    on_both_engines(async |world| {
        let window = world.sale(1_000_000).await;
        let (owner, payer) = (world.citizen().await, world.citizen().await);
        payer.buys(window, 50_000).await;
        let controller = signed_in(world, "controller", "controller").await;
        let (id, number) = sent(world, &owner, 1).await;
        let shop = shop_of(world, number).await;
        let desk = format!("/pay/{number}");

        // Nobody pays it yet, and it has no code.
        payer.browser.post("/api/pay/desk", &[("number", &number.to_string())]).await.refuses(&Refused::ShopNotReady.into());
        payer.bill(&new_id(), &shop, 1_000).await.refuses(&Refused::ShopNotReady.into());
        owner.browser.open(&format!("/merchant/{number}/qr")).await.is_ok().says("아직 QR을 만들 수 없어요");
        owner.browser.open(&format!("/merchant/{number}")).await.is_ok().says("승인을 기다려요").says("등록 상태 보기");

        // The city sends it back; the owner is told, mends, sends again.
        let queue = controller.open("/city/shops").await;
        queue.is_ok().says("승인을 기다리는 가게").says("모퉁이 커피").says(&business(1));
        let file = controller.open(&format!("/city/shops/{number}")).await;
        file.is_ok().says("시민").says("신한 ***3456").says("승인하기");
        let photo = world.store().application(owner.person, id.parse().unwrap()).await.unwrap().unwrap().photo.unwrap();
        assert!(file.text.contains(&format!("/photos/{photo}")));
        controller.open(&format!("/photos/{photo}")).await.is(200);
        decides(&controller, number, "sent_back", "").await.says("이유를 2자에서 300자 사이로 적어 주세요.");
        let page = decides(&controller, number, "sent_back", "간판이 보이게 찍어 주세요").await;
        page.is_ok().says("고쳐 달라고 돌려보냈어요");
        let digits = owner.phone.digits();
        eventually("a text message", async || {
            let messages = world.sandbox.sandbox.messages(Some(&digits));
            messages.iter().any(|message| message.text.contains("고칠 것이 있어요")).then_some(())
        })
        .await;
        let page = owner.browser.open(&format!("/merchant/{number}/application")).await;
        page.is_ok().says("고칠 것이 있어요").says("간판이 보이게 찍어 주세요");
        owner.browser.open(&format!("/merchant/new/{id}")).await.is_ok().says("간판이 보이게 찍어 주세요");
        owner.browser.upload(&format!("/photos/{id}"), &picture(800, 600)).await.is_ok().says("이대로 보낼까요?");
        let (typed, version) = (number.to_string(), "2");
        let stale = [("number", typed.as_str()), ("version", version), ("decision", "approved")];
        let stale = controller.post("/api/city/shops/decide", &stale);
        stale.await.refuses(&ShopRefused::Changed.into());
        let page = owner.browser.open(&format!("/merchant/new/{id}/check")).await;
        owner.browser.submit(&page, "/api/merchant/new/send", &[]).await.is_ok().says("시에서 살펴보고 있어요");

        decides(&controller, number, "approved", "").await.is_ok().says("승인됨");
        owner.browser.open(&format!("/merchant/{number}/qr")).await.is_ok().says("우리 가게 QR");
        let page = payer.browser.open(&desk).await;
        page.is_ok().says("모퉁이 커피").says("마포구");
        let photo = world.store().photo_of(shop.id).await.unwrap().unwrap();
        assert!(page.text.contains(&format!("/photos/{photo}")), "the payer sees the shop");
        let seen = world.browser().open(&format!("/photos/{photo}")).await;
        assert_eq!(
            (seen.is(200).headers["content-type"].as_bytes(), seen.headers["x-content-type-options"].as_bytes()),
            (b"image/jpeg".as_slice(), b"nosniff".as_slice())
        );
        assert_eq!(seen.headers["cache-control"], "public, max-age=31536000, immutable");
        payer.pays(&shop, 10_000).await;
        owner.browser.open(&format!("/merchant/{number}")).await.is_ok().says("10,000");

        // Closed: refused at the scan, and in the middle of paying.
        let page = payer.browser.open(&format!("{desk}?amount=5000")).await;
        page.is_ok();
        decides(&controller, number, "closed", "폐업 신고").await.is_ok().says("다시 열기");
        let page = payer.browser.submit(&page, "/api/pay", &[("pin", PIN)]).await;
        page.says("문을 닫은 가게라 결제할 수 없어요");
        payer.browser.open(&desk).await.says("문을 닫은 가게라 결제할 수 없어요");
        owner.browser.open(&format!("/merchant/{number}/qr")).await.is_ok().says("아직 QR을 만들 수 없어요");
        owner.browser.open(&format!("/merchant/{number}/application")).await.is_ok().says("시에서 결제를 멈췄어요").says("폐업 신고");
        assert_eq!(world.browser().open(&format!("/photos/{photo}")).await.status, 404);
        decides(&controller, number, "reopened", "").await.is_ok();
        payer.pays(&shop, 5_000).await;
        let auditor = signed_in(world, "auditor", "auditor").await;
        let log = auditor.open("/city/log").await;
        log.is_ok().says("가게 승인").says("가게 닫음").says("가게 다시 열기").says("그대로예요");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_tax_service_says_decides_who_begins() {
    on_both_engines(async |world| {
        let owner = world.citizen().await;
        let begin = async |typed: &str| owner.browser.post("/api/merchant/new/begin", &[("business", typed)]).await;
        for (number, state) in
            [(997_810_001, BusinessState::Suspended), (998_810_001, BusinessState::Closed), (999_810_001, BusinessState::NotRegistered)]
        {
            let typed = BusinessNumber::from_first_nine(number).unwrap().to_string();
            begin(&typed).await.refuses(&ApplicationRefused::NotContinuing(state).into());
        }
        let input = |why| Error::Input(Input::BusinessNumber(why));
        begin("123-45-67890").await.refuses(&input(BusinessNumberError::WrongCheckDigit));
        begin("12345").await.refuses(&input(BusinessNumberError::WrongLength { digits: 5 }));
        begin("<script>").await.refuses(&input(BusinessNumberError::NotDigits));
        for fault in [Fault::Down, Fault::DropBefore, Fault::DropAfter, Fault::Garbage, Fault::Reject] {
            world.sandbox.sandbox.set_fault(Rule::new(Service::Tax, Operation::Status, fault).times(1)).unwrap();
            begin(&business(1)).await.refuses(&Error::OutsideDown);
        }
        begin(&business(1)).await.is_ok();
        // Written for weeks: asked once more when it is sent.
        let (page, _) = answered(world, &owner, 2).await;
        world.sandbox.sandbox.set_fault(Rule::new(Service::Tax, Operation::Any, Fault::Down).times(1)).unwrap();
        let page = owner.browser.submit(&page, "/api/merchant/new/send", &[]).await;
        page.says("아직 아무것도 바뀌지 않았어요").says("이대로 보낼까요?");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_account_is_proven_by_the_code_and_by_nothing_else() {
    on_both_engines(async |world| {
        let owner = world.citizen().await;
        let (_, id) = begun(&owner.browser, 1).await;
        let account = |check: &str, number: &str| {
            [("id", id.clone()), ("check", check.to_owned()), ("bank", "088".to_owned()), ("account", number.to_owned())]
        };
        let send = async |check: &str, number: &str| {
            let fields = account(check, number);
            owner.browser.post("/api/merchant/new/account", &fields.each_ref().map(|(name, value)| (*name, value.as_str()))).await
        };
        send(&new_id(), "1105551230000").await.refuses(&Error::AccountFailed);
        world.sandbox.sandbox.set_fault(Rule::new(Service::Bank, Operation::Credit, Fault::Reject).times(1)).unwrap();
        send(&new_id(), "110555123456").await.refuses(&ApplicationRefused::AccountRejects.into());

        // The bank did it and did not say so: the page says how it is, the same id sends no second won.
        let check = new_id();
        world.sandbox.sandbox.set_fault(Rule::new(Service::Bank, Operation::Credit, Fault::DropAfter).times(1)).unwrap();
        send(&check, "110555123456").await.goes_to(&format!("/merchant/new/{id}/account"));
        owner.browser.open(&format!("/merchant/new/{id}/account")).await.is_ok().says("은행 응답이 늦어지고 있어요");
        send(&check, "110555123456").await.is_ok();
        assert_eq!(world.moved(sandbox::Kind::Credit, &check), 1);
        send(&check, "110555999999").await.refuses(&ApplicationRefused::IdReused.into());

        let right = sender(world);
        let confirm = async |code: &str| owner.browser.post("/api/merchant/new/code", &[("id", &id), ("code", code)]).await;
        let wrong = if right.ends_with('0') { "0001" } else { "0000" };
        confirm(wrong).await.refuses(&ApplicationRefused::CodeWrong { tries_left: 4 }.into());
        confirm("abc").await.refuses(&ApplicationRefused::CodeWrong { tries_left: 3 }.into());
        let missing = ApplicationRefused::Missing(vec![Part::About, Part::Photo, Part::Payout]);
        owner.browser.post("/api/merchant/new/send", &[("id", &id)]).await.refuses(&missing.into());
        confirm(&right).await.is_ok();
        confirm(&right).await.refuses(&ApplicationRefused::NoCode.into());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_of_an_open_shop_changes_its_account_and_picture_and_nobody_else_does() {
    on_both_engines(async |world| {
        let (owner, cashier) = (world.citizen().await, world.citizen().await);
        let controller = signed_in(world, "controller", "controller").await;
        let (id, number) = sent(world, &owner, 1).await;
        let about = format!("/merchant/{number}/about");
        owner.browser.open(&about).await.is_ok().says("사진과 정산 계좌는 가게를 등록한 주인이 바꿀 수 있어요.");
        let while_looked_at = owner.browser.post("/api/merchant/new/code", &[("id", &id), ("code", "0000")]).await;
        while_looked_at.refuses(&ApplicationRefused::In(Stage::Submitted).into());
        decides(&controller, number, "approved", "").await.is_ok();
        let shop = shop_of(world, number).await;
        let before = world.store().photo_of(shop.id).await.unwrap();
        let proof = world.store().staff(owner.person, shop.id, domain::merchant::Role::Owner).await.unwrap().unwrap();
        world.hire(owner.person, &shop, cashier.person).await;

        let page = owner.browser.open(&about).await;
        page.is_ok().says("가게 정보").says("신한 ***3456").says("다른 계좌로 바꾸기").says("사진 올리기");
        cashier.browser.open(&about).await.is_ok().says("사진과 정산 계좌는 가게를 등록한 주인이 바꿀 수 있어요.");
        cashier.browser.post("/api/merchant/new/code", &[("id", &id), ("code", "0000")]).await.refuses(&Error::NotFound);
        let page = owner.browser.open(&format!("{about}?other=1")).await;
        let page = owner.browser.submit(&page, "/api/merchant/new/account", &[("bank", "088"), ("account", "110-555-777888")]).await;
        page.is_ok().says("신한 ***7888 계좌로 1원을 보냈어요");
        assert_eq!(page.path, about);
        let page = owner.browser.submit(&page, "/api/merchant/new/code", &[("code", &sender(world))]).await;
        page.is_ok().says("신한 ***7888 계좌를 확인했어요.");
        let digits = owner.phone.digits();
        eventually("a word to the owner", async || {
            let messages = world.sandbox.sandbox.messages(Some(&digits));
            messages.iter().any(|message| message.text.contains("정산 계좌가 신한 ***7888")).then_some(())
        })
        .await;
        owner.browser.upload(&format!("/photos/{id}"), &picture(640, 480)).await.is_ok().says("가게 정보");
        assert_ne!(world.store().photo_of(shop.id).await.unwrap(), before);
        owner.browser.upload(&format!("/photos/{id}"), b"no picture").await.is_ok().says("가게 정보").says("사진");

        // Whoever owns it no more changes nothing more.
        let heir = world.citizen().await;
        assert!(world.store().add_staff(&proof, heir.person, domain::merchant::Role::Owner, Timestamp::now()).await.unwrap());
        owner.browser.post("/api/merchant/staff/leave", &[("number", &number.to_string())]).await.is_ok();
        let late = owner.browser.post("/api/merchant/new/code", &[("id", &id), ("code", "0000")]).await;
        late.refuses(&ApplicationRefused::In(Stage::Approved).into());
    })
    .await;
}

#[tokio::test]
async fn strangers_learn_nothing_of_an_application() {
    on_both_engines(async |world| {
        let (owner, stranger) = (world.citizen().await, world.citizen().await);
        let (id, number) = sent(world, &owner, 1).await;
        let found = world.store().application(owner.person, id.parse().unwrap()).await.unwrap().unwrap();
        let photo = found.photo.unwrap();
        let (about, get) = ([("id", &*id), ABOUT[0], ABOUT[1], ABOUT[2], ABOUT[3]], [("id", &*id)]);
        for (path, fields) in [
            ("/api/merchant/new/get", &get[..]),
            ("/api/merchant/new/about", &about[..]),
            ("/api/merchant/new/send", &get[..]),
            ("/api/merchant/new/withdraw", &get[..]),
        ] {
            stranger.browser.post(path, fields).await.refuses(&Error::NotFound);
            world.browser().post(path, fields).await.refuses(&Error::SignedOut);
        }
        for browser in [&stranger.browser, &world.browser()] {
            assert_eq!(browser.open(&format!("/photos/{photo}")).await.status, 404);
        }
        stranger.browser.open(&format!("/merchant/{number}/application")).await.is(404);
        let led_away = world.browser().look(&format!("/merchant/{number}/application")).await;
        assert_eq!(led_away.headers["location"], format!("/start?next=/merchant/{number}/application"));
        let theirs = stranger.browser.upload(&format!("/photos/{id}"), &picture(400, 400)).await;
        assert_eq!(theirs.status, 404);
        assert_eq!(world.browser().upload(&format!("/photos/{id}"), &picture(400, 400)).await.status, 401);
        owner.browser.open(&format!("/photos/{photo}")).await.is(200);
        // With the city it does not change; somebody else's business is not begun.
        owner.browser.post("/api/merchant/new/about", &about).await.refuses(&ApplicationRefused::In(Stage::Submitted).into());
        let taken = stranger.browser.post("/api/merchant/new/begin", &[("business", &business(1))]).await;
        taken.refuses(&ApplicationRefused::NumberTaken.into());
        // The console's: planners and citizens decide nothing.
        let planner = signed_in(world, "planner", "planner").await;
        let needs = Error::Shop(ShopRefused::NotYourRole(CityRole::Controller));
        let shop = number.to_string();
        planner.post("/api/city/shops/list", &[]).await.refuses(&needs);
        planner.post("/api/city/shops/get", &[("number", &shop)]).await.refuses(&needs);
        planner.post("/api/city/shops/decide", &[("number", &shop), ("version", "2"), ("decision", "approved")]).await.refuses(&needs);
        assert!(!planner.open("/city").await.is_ok().text.contains("/city/shops"));
        assert_eq!(planner.open(&format!("/photos/{photo}")).await.status, 404);
        owner
            .browser
            .post("/api/city/shops/decide", &[("number", &shop), ("version", "2"), ("decision", "approved")])
            .await
            .refuses(&Error::SignedOut);
        assert_eq!(shop_of(world, number).await.standing, Standing::Pending);
    })
    .await;
}

#[tokio::test]
async fn files_that_are_no_pictures_are_refused_in_words() {
    on_sqlite(async |world| {
        let owner = world.citizen().await;
        let (page, id) = begun(&owner.browser, 1).await;
        owner.browser.submit(&page, "/api/merchant/new/about", &ABOUT).await.is_ok();
        let path = format!("/photos/{id}");
        for (file, says) in [
            (b"<html><script>alert(1)</script>".to_vec(), "읽을 수 없는 사진이에요"),
            (Vec::new(), "읽을 수 없는 사진이에요"),
            (picture(100, 100), "사진이 너무 작아요"),
            (vec![0xFF; 8 * 1024 * 1024 + 1], "사진이 너무 커요"),
        ] {
            owner.browser.upload(&path, &file).await.is_ok().says(says).says("가게 사진을 올려 주세요");
        }
        let field = |field| Error::Application(ApplicationRefused::Field(field));
        let mut fields = [("id", &*id), ABOUT[0], ABOUT[1], ABOUT[2], ABOUT[3]];
        fields[2].1 = "9999";
        owner.browser.post("/api/merchant/new/about", &fields).await.refuses(&field(Field::Category));
        fields[1].1 = " ";
        owner.browser.post("/api/merchant/new/about", &fields).await.refuses(&field(Field::Name));
        for odd in ["/merchant/new/x", "/merchant/new/1", "/merchant/new/1/check"] {
            owner.browser.open(odd).await.is(404);
        }
        // Whoever leaves finds it again.
        owner.browser.open("/merchant/new").await.is_ok().says("하던 신청").says("모퉁이 커피");
        world.browser().open("/merchant/new").await.is_ok().says("휴대폰");
    })
    .await;
}
