//! Looking something up in the own history, and what receipts say: in a browser without JavaScript, and of nobody else.

use crate::browser::Answer;
use crate::world::{Citizen, PIN, World, eventually, new_id, on_both_engines, on_sqlite};
use app::Error;
use app::finding::FindingRefused;
use app::words::Lang;
use domain::calendar::Month;
use domain::district::District;
use domain::merchant::Merchant;
use domain::{Timestamp, Won, paying};

/// Somebody with 200,000, and a shop.
async fn cast(world: &World) -> (Citizen, Merchant, String) {
    let (citizen, window) = (world.citizen().await, world.sale(2_000_000).await);
    let shop = world.shop(world.citizen().await.person, District::MAPO).await;
    let purchase = citizen.buys(window, 200_000).await;
    (citizen, shop, purchase)
}

fn leads_to(page: &Answer, path: &str) -> bool {
    page.text.contains(&format!("href=\"{path}\""))
}

#[tokio::test]
async fn rows_are_found_by_shop_amount_what_and_month_without_a_script() {
    on_both_engines(async |world| {
        let (citizen, shop, purchase) = cast(world).await;
        let (small, large) = (citizen.pays(&shop, 7_942).await, citizen.pays(&shop, 32_000).await);
        let other = world.citizen().await;
        let (small, large, bought) = (format!("/payments/{small}"), format!("/payments/{large}"), format!("/buy/{purchase}"));
        let month = Month::of(Timestamp::now());
        let all: &[&String] = &[&small, &large, &bought];
        for (query, found) in [
            ("", all),
            // 커피, ㅁㅌㅇ ㅋㅍ, 32,000원, 20만, 한강
            ("?q=%EC%BB%A4%ED%94%BC", &[&small, &large]),
            ("?q=%E3%85%81%E3%85%8C%E3%85%87+%E3%85%8B%E3%85%8D", &[&small, &large]),
            ("?q=32%2C000%EC%9B%90", &[&large]),
            ("?q=20%EB%A7%8C", &[&bought]),
            ("?q=%ED%95%9C%EA%B0%95", &[&bought]),
            ("?what=bought", &[&bought]),
            ("?what=paid", &[&small, &large]),
            ("?what=paid&q=7942", &[&small]),
            ("?what=refunded", &[]),
            (&format!("?month={month}"), all),
            (&format!("?month={month}&what=bought&q="), &[&bought]),
            ("?month=2001-01", &[]),
            // 찻집
            ("?q=%EC%B0%BB%EC%A7%91", &[]),
        ] {
            let page = citizen.browser.open(&format!("/history{query}")).await;
            page.is_ok();
            for row in all {
                assert_eq!(leads_to(&page, row), found.contains(row), "{query}: {row}");
            }
            if found.is_empty() {
                page.says(Lang::Ko.words().lookup.none_title);
            }
            let theirs = other.browser.open(&format!("/history{query}")).await;
            theirs.is_ok();
            assert!(all.iter().all(|row| !leads_to(&theirs, row)), "{query} of somebody else");
        }
        let nothing = citizen.browser.open("/history?q=%EC%B0%BB%EC%A7%91&what=paid").await;
        nothing.says(&Lang::Ko.words().lookup.none("“찻집”, 결제"));
        assert!(nothing.text.contains("value=\"찻집\""), "the field keeps what was asked for");
        assert!(nothing.text.contains("href=\"/history?q=%EC%B0%BB%EC%A7%91&amp;what=bought\""), "and so do the chips: {}", nothing.text);
        // What one month holds is said of the whole month, also when a part of it was looked for.
        citizen.browser.open("/history?q=7942").await.says("39,942").says(Lang::Ko.words().lookup.whole_month);
    })
    .await;
}

#[tokio::test]
async fn what_is_asked_wrongly_is_answered_in_words() {
    on_sqlite(async |world| {
        let citizen = world.citizen().await;
        let too_long = Error::Finding(FindingRefused::TooLong).say(Lang::Ko, Timestamp::now());
        citizen.browser.open(&format!("/history?q={}", "a".repeat(41))).await.is(422).says(&too_long);
        for query in ["what=given", "month=2026-13", "month=x", "before=x"] {
            citizen.browser.open(&format!("/history?{query}")).await.is(400);
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_found_has_pages() {
    on_both_engines(async |world| {
        let (citizen, shop, _) = cast(world).await;
        let now = Timestamp::now();
        for number in 0..45 {
            let id = new_id().parse().unwrap();
            let wish = paying::Wish { id, payer: citizen.person, merchant: shop.id, amount: Won::of(101 + number), kind: None, once: None };
            world.store().till().pay(wish, now).await.unwrap().unwrap();
        }
        let mut page = citizen.browser.open("/history?q=%EC%BB%A4%ED%94%BC").await;
        let rows = |page: &Answer| page.text.matches("href=\"/payments/").count();
        assert_eq!(rows(page.is_ok()), 40);
        let on =
            page.text.split('"').find(|text| text.starts_with("/history?q=") && text.contains("before=")).unwrap().replace("&amp;", "&");
        page = citizen.browser.open(&on).await;
        assert_eq!(rows(page.is_ok()), 5);
        assert!(!page.text.contains("before="), "and that was all");
        page.says(Lang::Ko.words().history.latest);
    })
    .await;
}

#[tokio::test]
async fn receipts_stand_on_the_page_as_they_are_printed() {
    on_both_engines(async |world| {
        let (citizen, shop, purchase) = cast(world).await;
        let payment = citizen.pays(&shop, 32_000).await;
        let t = Lang::Ko.words();
        let slip = |page: &Answer| {
            let (_, slip) = page.text.split_once("<article class=\"slip\">").unwrap_or_else(|| panic!("{} has no slip", page.path));
            slip.split("</article>").next().unwrap().to_owned()
        };
        let paid = citizen.browser.open(&format!("/payments/{payment}")).await;
        let number = world.store().business_number_of(citizen.person, payment.parse().unwrap()).await.unwrap().unwrap();
        let number = domain::business_number::BusinessNumber::parse(&number).unwrap().to_string();
        let on_paper = slip(paid.is_ok());
        for line in ["32,000원", &shop.name, &number, &shop.address, t.history.lots_used, "서울한강상품권", &payment] {
            assert!(on_paper.contains(line), "{line} stands on it: {on_paper}");
        }
        assert!(!paid.text.contains(t.slip.share) && !paid.text.contains(t.slip.print), "no buttons without a script");
        let bought = slip(citizen.browser.open(&format!("/buy/{purchase}")).await.is_ok());
        assert!(bought.contains("200,000원") && bought.contains("186,000원") && bought.contains(&purchase), "{bought}");
        let stranger = world.citizen().await;
        for path in [format!("/payments/{payment}"), format!("/buy/{purchase}")] {
            let page = stranger.browser.open(&path).await;
            page.is(404);
            assert!(!page.text.contains("class=\"slip\""), "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_purchase_that_was_refunded_says_what_came_back() {
    on_both_engines(async |world| {
        let (citizen, _, purchase) = cast(world).await;
        let t = Lang::Ko.words();
        let path = format!("/buy/{purchase}");
        citizen.browser.open(&path).await.is_ok().says(t.progress.done_title).says(t.progress.pay_now);
        let lot = world.store().wallet(citizen.person, Timestamp::now()).await.unwrap().lots.last().unwrap().id.to_string();
        let id = new_id();
        let fields = [("refund", id.as_str()), ("lot", &lot), ("back", "186000"), ("pin", PIN)];
        citizen.browser.post("/api/refunds/refund", &fields).await.is_ok();
        let page = eventually("the refund is posted", async || {
            let page = citizen.browser.open(&path).await;
            page.words().contains(t.slip.refunded_title).then_some(page)
        })
        .await;
        page.is_ok().says(&t.slip.refunded("200,000원", "186,000원")).says(t.refund.state_posted);
        assert!(leads_to(&page, &format!("/refunds/{id}")), "it leads to the refund");
        let words = page.words();
        for gone in [t.progress.done_title, t.progress.pay_now, t.progress.good_until, &t.progress.done("20만 원")] {
            assert!(!words.contains(gone), "the voucher is not there any more: {gone}");
        }
        assert!(citizen.browser.open(&format!("/refunds/{id}")).await.is_ok().text.contains("class=\"slip\""));
    })
    .await;
}
