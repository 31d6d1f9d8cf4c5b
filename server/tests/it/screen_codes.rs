//! Codes on screens: the shop's with an amount (MPM dynamic), and the payer's own (CPM).

use crate::browser::Answer;
use crate::world::{Citizen, PIN, World, new_id, on_both_engines};
use domain::Refused;
use domain::district::District;
use domain::kind::Scope;
use domain::merchant::{Merchant, Standing};
use domain::payer_code::PayerCode;

async fn payer_and_shop(world: &mut World) -> (Citizen, Citizen, Merchant) {
    let window = world.sale(1_000_000).await;
    let (citizen, owner) = (world.citizen().await, world.citizen().await);
    let shop = world.shop(owner.person, District::MAPO).await;
    citizen.buys(window, 200_000).await;
    (citizen, owner, shop)
}

/// What stands in the code on the shop's screen.
async fn on_screen(owner: &Citizen, shop: &Merchant, asked: &Answer) -> String {
    let id = asked.path.rsplit('/').next().unwrap();
    let answer = owner.browser.post("/api/merchant/asked", &[("number", &shop.number.to_string()), ("id", id)]).await;
    answer.is_ok().json()["state"]["Good"]["code"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_cashier_types_the_amount_and_the_payer_only_the_pin() {
    on_both_engines(async |world| {
        let (citizen, owner, shop) = payer_and_shop(world).await;
        let base = format!("/merchant/{}", shop.number);
        let ask = owner.browser.open(&format!("{base}/ask")).await;
        let asked = owner.browser.submit(&ask, "/api/merchant/ask", &[("amount", "32,000")]).await;
        assert!(asked.is_ok().path.starts_with(&format!("{base}/ask/")), "{}", asked.path);
        asked.says("32,000").says("남은 시간");
        let code = on_screen(&owner, &shop, &asked).await;

        let scanned = citizen.browser.open("/pay").await;
        let desk = citizen.browser.submit(&scanned, "/api/pay/find", &[("code", &code)]).await;
        assert_eq!(desk.is_ok().path, shop.number.pay_path());
        desk.says("모퉁이커피").says("32,000");
        // The amount is the shop's.
        let less = citizen.browser.submit(&desk, "/api/pay", &[("amount", "1000"), ("pin", PIN)]).await;
        assert!(!less.path.starts_with("/payments/"), "{}", less.path);
        let paid = citizen.browser.submit(&desk, "/api/pay", &[("pin", PIN)]).await;
        assert!(paid.is_ok().path.starts_with("/payments/"), "{}", paid.path);
        let payment = paid.path.rsplit('/').next().unwrap().to_owned();
        let shown = owner.browser.open(&asked.path).await;
        shown.is_ok().says("결제되었어요").says("32,000");

        // Once.
        citizen.browser.submit(&desk, "/api/pay", &[("pin", PIN)]).await.is_ok();
        let again = citizen.browser.submit(&scanned, "/api/pay/find", &[("code", &code)]).await;
        again.says("이미 결제에 쓴 코드예요");
        assert_eq!(world.store().last_number(shop.id).await.unwrap(), 1);
        citizen.browser.open(&format!("/payments/{payment}")).await.is_ok();
    })
    .await;
}

#[tokio::test]
async fn a_code_of_a_closed_shop_is_neither_made_nor_paid() {
    on_both_engines(async |world| {
        let (citizen, owner, shop) = payer_and_shop(world).await;
        let ask = owner.browser.open(&format!("/merchant/{}/ask", shop.number)).await;
        let asked = owner.browser.submit(&ask, "/api/merchant/ask", &[("amount", "5000")]).await;
        let code = on_screen(&owner, &shop, &asked).await;
        assert!(world.store().set_standing(shop.id, Standing::Closed).await.unwrap());
        let number = shop.number.to_string();
        owner.browser.post("/api/merchant/ask", &[("number", &number), ("amount", "5000")]).await.refuses(&Refused::ShopClosed.into());
        let scanned = citizen.browser.open("/pay").await;
        citizen.browser.submit(&scanned, "/api/pay/find", &[("code", &code)]).await.says("문을 닫은 가게");
        for amount in ["", "0", "-5", "abc", "2000001"] {
            let status = owner.browser.post("/api/merchant/ask", &[("number", &number), ("amount", amount)]).await.status.as_u16();
            assert!(matches!(status, 409 | 422), "{amount}: {status}");
        }
    })
    .await;
}

/// Shows a code: its page and its digits.
async fn shows_code(citizen: &Citizen) -> (Answer, String) {
    let ask = citizen.browser.open("/pay/my-code").await;
    let shown = citizen.browser.submit(&ask, "/api/pay/code", &[("pin", PIN)]).await;
    assert!(shown.is_ok().path.starts_with("/pay/my-code/"), "{}", shown.path);
    let id = shown.path.rsplit('/').next().unwrap();
    let state = citizen.browser.post("/api/pay/code/state", &[("id", id)]).await;
    let code = state.is_ok().json()["state"]["Good"]["code"].as_str().unwrap().to_owned();
    shown.says(&PayerCode::parse(&code).unwrap().to_string());
    (shown, code)
}

#[tokio::test]
async fn the_shop_scans_a_small_amount() {
    on_both_engines(async |world| {
        let (citizen, owner, shop) = payer_and_shop(world).await;
        let wrong = citizen.browser.open("/pay/my-code").await;
        let wrong = citizen.browser.submit(&wrong, "/api/pay/code", &[("pin", "135791")]).await;
        assert_eq!(wrong.path, "/pay/my-code");
        let (shown, code) = shows_code(&citizen).await;
        let take = owner.browser.open(&format!("/merchant/{}/take", shop.number)).await;
        let taken = owner.browser.submit(&take, "/api/merchant/take", &[("amount", "50000"), ("code", &code)]).await;
        assert!(taken.is_ok().path.contains("/take/"), "{}", taken.path);
        taken.says("결제되었어요").says("50,000");
        owner.browser.submit(&take, "/api/merchant/take", &[("amount", "50000"), ("code", &code)]).await.says("결제되었어요");
        citizen.browser.open(&shown.path).await.is_ok().says("결제되었어요");
        let other = owner.browser.open(&format!("/merchant/{}/take", shop.number)).await;
        owner.browser.submit(&other, "/api/merchant/take", &[("amount", "1000"), ("code", &code)]).await.says("이미 결제에 쓴 코드예요");
        owner
            .browser
            .submit(&other, "/api/merchant/take", &[("amount", "1000"), ("code", "1234")])
            .await
            .says("Pay+의 결제 코드가 아니에요");
        assert_eq!(world.store().last_number(shop.id).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn above_the_threshold_the_payer_says_yes_or_no() {
    on_both_engines(async |world| {
        let (citizen, owner, shop) = payer_and_shop(world).await;
        let take = format!("/merchant/{}/take", shop.number);
        for (answer, says) in [("/api/pay/code/decline", "결제되지 않았어요"), ("/api/pay/code/confirm", "결제되었어요")] {
            let (shown, code) = shows_code(&citizen).await;
            let page = owner.browser.open(&take).await;
            let taken = owner.browser.submit(&page, "/api/merchant/take", &[("amount", "60000"), ("code", &code)]).await;
            taken.says("확인하고 있어요");
            let asked = citizen.browser.open(&shown.path).await;
            asked.is_ok().says("모퉁이커피").says("60,000");
            let stranger = world.citizen().await;
            stranger.browser.open(&shown.path).await.is(404);
            let id = shown.path.rsplit('/').next().unwrap();
            stranger.browser.post("/api/pay/code/confirm", &[("id", id)]).await.refuses(&Refused::NoSuchCode.into());
            citizen.browser.submit(&asked, answer, &[]).await.is_ok();
            owner.browser.open(&taken.path).await.is_ok().says(says);
        }
        assert_eq!(world.store().last_number(shop.id).await.unwrap(), 1);
        citizen.browser.open("/").await.says("140,000");
        let number = shop.number.to_string();
        let fields = [("number", &*number), ("payment", &*new_id()), ("code", "770000000000001234567895"), ("amount", "1000")];
        owner.browser.post("/api/merchant/take", &fields).await.refuses(&Refused::NoSuchCode.into());
        let most = Refused::PaymentAmount { most: domain::paying::MOST };
        let (_, code) = shows_code(&citizen).await;
        let fields = [("number", &*number), ("payment", &*new_id()), ("code", &*code), ("amount", "2000001")];
        owner.browser.post("/api/merchant/take", &fields).await.refuses(&most.into());
    })
    .await;
}

#[tokio::test]
async fn a_voucher_of_another_district_is_named_to_the_payer_and_not_to_the_shop() {
    on_both_engines(async |world| {
        let window = world.sale_of(Scope::District(District::GANGNAM), 1_000_000).await;
        let (citizen, owner) = (world.citizen().await, world.citizen().await);
        let shop = world.shop(owner.person, District::MAPO).await;
        citizen.buys(window, 50_000).await;
        let why = "이 가게는 마포구에 있어서 강남구 상품권은 쓸 수 없어요";
        citizen.browser.open(&shop.number.pay_path()).await.is_ok().says(why);

        let base = format!("/merchant/{}", shop.number);
        let ask = owner.browser.open(&format!("{base}/ask")).await;
        let asked = owner.browser.submit(&ask, "/api/merchant/ask", &[("amount", "5000")]).await;
        let code = on_screen(&owner, &shop, &asked).await;
        let scanned = citizen.browser.open("/pay").await;
        citizen.browser.submit(&scanned, "/api/pay/find", &[("code", &code)]).await.is_ok().says(why);

        let (_, code) = shows_code(&citizen).await;
        let take = owner.browser.open(&format!("{base}/take")).await;
        let refused = owner.browser.submit(&take, "/api/merchant/take", &[("amount", "5000"), ("code", &code)]).await;
        refused.says("손님의 상품권으로는 이 금액을 결제할 수 없어요");
        // The next code is another payment.
        assert_ne!(refused.hidden_fields("/api/merchant/take"), take.hidden_fields("/api/merchant/take"));
    })
    .await;
}

#[tokio::test]
async fn the_printed_code_is_a_file_for_staff() {
    on_both_engines(async |world| {
        let (citizen, owner, shop) = payer_and_shop(world).await;
        let page = format!("/merchant/{}/qr", shop.number);
        owner.browser.open(&format!("{page}?paper=a6&lang=en")).await.is_ok().says("Pay here with Pay+");
        let svg = owner.browser.look(&format!("{page}.svg")).await;
        assert!(svg.is_ok().text.starts_with("<svg xmlns=") && svg.text.contains("<path d="));
        let png = owner.browser.look(&format!("{page}.png")).await;
        png.is_ok();
        assert_eq!(png.headers["content-type"], "image/png");
        let named = png.headers["content-disposition"].to_str().unwrap().to_owned();
        assert!(named.contains(&format!("payplus-{}.png", shop.number)), "{named}");
        for ending in ["svg", "png"] {
            citizen.browser.look(&format!("{page}.{ending}")).await.is(404);
            world.browser().look(&format!("{page}.{ending}")).await.is(401);
        }
        assert!(world.store().set_standing(shop.id, Standing::Closed).await.unwrap());
        owner.browser.look(&format!("{page}.svg")).await.is(404);
    })
    .await;
}
