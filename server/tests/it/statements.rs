//! A year for the tax return: the page and its file say the same, of nobody else, and the file is safe to open.

use crate::browser::{Answer, Browser};
use crate::world::{Citizen, World, new_id, on_both_engines};
use app::Error;
use app::words::Lang;
use domain::Timestamp;
use domain::business_number::BusinessNumber;
use domain::district::District;
use domain::merchant::{Merchant, Standing};
use domain::statement::{Year, masked_name};
use http::Method;
use store::NewMerchant;

async fn file(browser: &Browser, year: impl std::fmt::Display) -> Answer {
    browser.send(browser.request(Method::GET, &format!("/statement/{year}.csv"))).await
}

/// A shop whose name a spreadsheet would calculate.
async fn shop_called_a_formula(world: &World, owner: &Citizen) -> Merchant {
    let new = NewMerchant {
        number: None,
        business_number: BusinessNumber::from_first_nine(120_899_999).unwrap(),
        name: "=1+1".to_owned(),
        district: District::MAPO,
        address: "서울 마포구 망원동 골목길 12".to_owned(),
        category: "5814".to_owned(),
        payout_account: Some("acc_payout".to_owned()),
    };
    let shop = world.store().create_merchant(&new, owner.person, Timestamp::now()).await.unwrap();
    assert!(world.store().set_standing(shop.id, Standing::Open).await.unwrap());
    world.store().merchant(shop.id).await.unwrap().unwrap()
}

#[tokio::test]
async fn the_page_and_the_file_add_up_to_what_was_used() {
    on_both_engines(async |world| {
        let (citizen, owner, other) = (world.citizen().await, world.citizen().await, world.citizen().await);
        let window = world.sale(2_000_000).await;
        let (cafe, formula) = (world.shop(owner.person, District::MAPO).await, shop_called_a_formula(world, &owner).await);
        citizen.buys(window, 100_000).await;
        other.buys(window, 100_000).await;
        let payment = citizen.pays(&cafe, 30_000).await;
        citizen.pays(&formula, 12_500).await;
        other.pays(&cafe, 4_444).await;
        let number = cafe.number.to_string();
        let cancel = [("number", number.as_str()), ("payment", &payment), ("id", &new_id()), ("amount", "10000")];
        owner.browser.post("/api/merchant/cancel", &cancel).await.is_ok();

        let (t, year) = (&Lang::Ko.words().statement, Year::of(Timestamp::now()));
        let page = citizen.browser.open(&format!("/statement?year={year}")).await;
        page.is_ok().says(&t.of_year(&year.to_string())).says("32,500원").says("42,500원").says("−10,000원").says(&t.counts("2", "1"));
        page.says("100,000원").says("7,000원").says(t.quiet).says(t.official);
        let name = format!("시민{}", citizen.phone.digits());
        assert!(page.words().contains(&masked_name(&name)) && !page.text.contains(&name), "the name is half hidden");
        assert!(page.text.contains(&format!("href=\"/statement/{year}.csv\"")));

        let csv = file(&citizen.browser, year).await;
        let lines: Vec<&str> = csv.is_ok().text.strip_prefix('\u{FEFF}').expect("a mark for spreadsheets").lines().collect();
        assert_eq!(lines.len(), 4, "{lines:?}");
        assert!(lines[0].starts_with("날짜,시각,구분,가게,사업자등록번호,금액,"), "{lines:?}");
        assert!(lines[1].contains(",결제,모퉁이커피,") && lines[1].contains(",30000,") && lines[1].ends_with(&payment), "{lines:?}");
        assert!(lines[2].contains(",결제,\"'=1+1\",") && lines[2].contains(",12500,"), "no spreadsheet calculates it: {lines:?}");
        assert!(lines[3].contains(",취소,모퉁이커피,") && lines[3].contains(",-10000,") && lines[3].ends_with(&payment), "{lines:?}");
        assert!(!csv.text.contains("4444") && !csv.text.contains(&name), "nobody else's, and no name");
        let named = csv.headers["content-disposition"].to_str().unwrap();
        assert!(named.starts_with(&format!("attachment; filename=\"payplus-statement-{year}.csv\"; filename*=UTF-8''%EC")), "{named}");
        assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8; header=present");
        assert_eq!(csv.headers["cache-control"], "no-store");
        assert_eq!(file(&other.browser, year).await.is_ok().text.lines().count(), 2, "the other's own payment only");
    })
    .await;
}

#[tokio::test]
async fn a_year_without_anything_says_so_and_one_that_is_none_is_not_found() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let (t, now) = (&Lang::Ko.words().statement, Timestamp::now());
        let year = Year::of(now).number();
        for path in ["/history", "/me"] {
            citizen.browser.open(path).await.is_ok();
        }
        assert!(citizen.browser.open("/me").await.text.contains("href=\"/statement\""));
        for empty in [year, year - 1] {
            citizen.browser.open(&format!("/statement?year={empty}")).await.is_ok().says(&t.none_title(&empty.to_string()));
            assert_eq!(file(&citizen.browser, empty).await.is_ok().text.lines().count(), 1, "only the names of the columns");
        }
        citizen.browser.open("/statement").await.is_ok().says(&t.none_title(&Year::asked_for(now).to_string()));
        for none in ["abc", "1970", &(year + 1).to_string(), "02026", "-1"] {
            citizen.browser.open(&format!("/statement?year={none}")).await.is(404);
            file(&citizen.browser, none).await.refuses(&Error::NotFound);
        }
        let browser = &citizen.browser;
        browser.send(browser.request(Method::GET, &format!("/statement/{year}.pdf"))).await.refuses(&Error::NotFound);
        file(&world.browser(), year).await.refuses(&Error::SignedOut);
        assert_eq!(world.browser().open(&format!("/statement?year={year}")).await.path, "/start");

        let window = world.sale(1_000_000).await;
        citizen.buys(window, 10_000).await;
        assert!(citizen.browser.open("/history").await.text.contains("href=\"/statement\""), "the history leads there");
    })
    .await;
}
