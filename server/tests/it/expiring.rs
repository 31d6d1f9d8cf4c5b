//! The end of vouchers, in the demo whose oldest citizen bought five years ago: told beforehand, booked on the day, a share of it claimed, and
//! more time from the city. By plain forms, as a browser without JavaScript sends them.

use crate::browser::Browser;
use crate::city::signed_in;
use crate::world::{PIN, World, before_start_on_both_engines, eventually, new_id};
use app::Error;
use app::words::{self, Lang};
use domain::calendar::{in_seoul, seoul_at};
use domain::measures::MeasureRefused;
use domain::operator::Role;
use domain::phone::Phone;
use domain::{PersonId, Timestamp, Won};
use jiff::{SignedDuration, ToSpan};

const LONG_AGO: &str = "010-2345-6707";

async fn signs_in(world: &World) -> (Browser, PersonId) {
    let (browser, phone) = (world.browser(), Phone::parse(LONG_AGO).unwrap());
    let before = world.sandbox.sandbox.messages(Some(&phone.digits())).len();
    world.minutes_pass(1).await;
    browser.post("/api/start/phone", &[("phone", &phone.digits())]).await.goes_to("/start/code");
    let code = world.code_after(phone, before).await;
    browser.post("/api/start/code", &[("code", &code)]).await.goes_to("/start/confirm");
    browser.post("/api/start/confirm", &[("pin", PIN)]).await.is_ok();
    (browser, world.store().member_by_phone(phone).await.unwrap().unwrap())
}

/// The end of what was bought so many days after this day of five years ago.
fn end(days: i64) -> Timestamp {
    let date = in_seoul(Timestamp::now()).date().checked_sub(5.years()).unwrap().checked_add(days.days()).unwrap();
    domain::calendar::expiry(seoul_at(date, 10, 0).unwrap(), 5)
}

/// What of the person's lots is breakage, in won, once it is `expected`.
async fn expires(world: &World, person: PersonId, expected: i64) {
    eventually("what is left is breakage", async || {
        let lots = world.store().expired_lots(person, Timestamp::now()).await.unwrap();
        let expired = Won::sum(lots.iter().map(|(lot, _)| lot.expired)).unwrap();
        (expired.get() == expected).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_is_told_and_claims_a_share_of_what_has_ended() {
    before_start_on_both_engines(async |world| {
        world.start_demo(&[]).await;
        let (browser, person) = signs_in(world).await;
        expires(world, person, 60_000).await;
        let (lang, t) = (Lang::Ko, Lang::Ko.words());
        let soon = t.expiry.ends_soon("100,000원", &words::day(lang, end(20) - SignedDuration::from_secs(1)));
        browser.open("/").await.is_ok().says(&soon).says(&t.expiry.claim("53,010원"));
        let phone = Phone::parse(LONG_AGO).unwrap().digits();
        let told = eventually("a message", async || {
            let messages = world.sandbox.sandbox.messages(Some(&phone)).into_iter();
            let told: Vec<String> = messages.map(|message| message.text).filter(|text| text.contains("까지 쓸 수 있어요")).collect();
            (!told.is_empty()).then_some(told)
        })
        .await;
        assert_eq!(told.len(), 1, "one of 30 days, none of 7: {told:?}");
        assert!(told[0].contains("100,000원"), "{told:?}");

        // 55,800 had been paid for it; 95 % of that.
        let kind = world.store().wallet(person, Timestamp::now()).await.unwrap().lots[0].kind;
        let page = browser.open(&format!("/vouchers/{kind}")).await;
        page.is_ok()
            .says(t.refund.expired_title)
            .says(&t.refund.refund_now("53,010원"))
            .says(&t.refund.expired_share("6만 원", "95", "2,790원"));
        let (lot, _) = world.store().expired_lots(person, Timestamp::now()).await.unwrap()[0].clone();
        let desk = browser.open(&format!("/refund/{}", lot.id)).await;
        desk.is_ok().says("60,000원").says("53,010원").says("4,200원").says(t.refund.kept).says("2,790원");
        let followed = browser.submit(&desk, "/api/refunds/refund", &[("pin", PIN)]).await;
        let id = followed.path.strip_prefix("/refunds/").expect("the refund's own page").to_owned();
        eventually("the money is back", async || {
            let answer = browser.post("/api/refunds/get", &[("id", &id)]).await;
            (answer.is_ok().json()["refund"]["state"] == "Posted").then_some(())
        })
        .await;
        browser.open(&followed.path).await.is_ok().says(t.refund.done_title).says("53,010").says(t.refund.kept).says("2,790");
        let moved = world.sandbox.sandbox.transactions(0).into_iter().find(|moved| moved.id.to_string() == id).unwrap();
        assert_eq!(moved.amount_won, 53_010);
        browser.open("/").await.is_ok().says(&soon).lacks(t.expiry.claim_note);
        browser.open(&format!("/refund/{}", lot.id)).await.is(409);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_city_gives_more_time_with_a_reason_and_once() {
    before_start_on_both_engines(async |world| {
        world.start_demo(&[]).await;
        let person = world.store().member_by_phone(Phone::parse(LONG_AGO).unwrap()).await.unwrap().unwrap();
        expires(world, person, 60_000).await;
        let (lang, t) = (Lang::Ko, &Lang::Ko.words().expiry);
        let planner = signed_in(world, "planner2", "planner").await;
        let controller = signed_in(world, "controller2", "controller").await;
        let auditor = signed_in(world, "auditor2", "auditor").await;
        assert!(planner.open("/city/settlement").await.is_ok().says(t.to_page).text.contains("href=\"/city/lots\""));
        planner.open("/city/lots").await.is_ok().says("60,000원").says(&words::last_day(lang, end(-9))).lacks(t.extend_lead);

        let kind = world.store().wallet(person, Timestamp::now()).await.unwrap().lots[0].kind;
        let which = format!("{kind}:{}", end(-9).as_millisecond());
        let until = in_seoul(Timestamp::now() + SignedDuration::from_hours(24 * 90)).date().to_string();
        let fields = |until: &str, reason: &str| [("which", which.clone()), ("until", until.to_owned()), ("reason", reason.to_owned())];
        async fn extend(browser: &Browser, fields: [(&'static str, String); 3]) -> crate::browser::Answer {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            browser.post("/api/city/lots/extend", &fields).await
        }
        extend(&planner, fields(&until, "수해")).await.refuses(&MeasureRefused::NotYourRole(Role::Controller).into());
        extend(&controller, fields(&until, " ")).await.refuses(&MeasureRefused::NoReason.into());
        extend(&controller, fields("2020-01-01", "수해")).await.refuses(&MeasureRefused::NotLater.into());
        extend(&controller, fields("2099-01-01", "수해")).await.refuses(&MeasureRefused::TooLong.into());
        extend(&controller, fields("soon", "수해")).await.refuses(&Error::Input(app::error::Input::Plan(domain::plan::Field::Day)));
        let other = [("which", format!("{kind}:1")), ("until", until.clone()), ("reason", "수해".to_owned())];
        extend(&controller, other).await.refuses(&MeasureRefused::Nothing.into());
        expires(world, person, 60_000).await;

        let page = controller.open("/city/lots").await;
        let form: Vec<(&str, &str)> = vec![("which", &which), ("until", &until), ("reason", "수해로 문을 닫은 가게가 많아요")];
        controller.submit(&page, "/api/city/lots/extend", &form).await.is_ok().says(t.extended);
        expires(world, person, 0).await;
        let lots = world.store().wallet(person, Timestamp::now()).await.unwrap().lots;
        assert_eq!(lots.iter().map(|lot| lot.left.get()).sum::<i64>(), 160_000, "both can be spent");
        extend(&controller, fields(&until, "수해")).await.refuses(&MeasureRefused::Nothing.into());
        eventually("it is done", async || {
            let page = controller.open("/city/lots").await;
            page.words().contains(t.taken_done).then_some(())
        })
        .await;
        auditor.open("/city/lots").await.is_ok().says("수해로 문을 닫은 가게가 많아요").lacks(t.extend_lead);
        auditor.open("/city/log").await.is_ok().says(t.did_extended);

        // Money back at once, whatever was spent.
        let lot = world.store().wallet(person, Timestamp::now()).await.unwrap().lots[0];
        let (citizen, _) = signs_in(world).await;
        let cafe =
            world.store().merchant_by_number(domain::merchant_number::MerchantNumber::from_serial(1001).unwrap()).await.unwrap().unwrap();
        let bill = [("payment", new_id()), ("number", cafe.number.to_string()), ("amount", "10000".to_owned()), ("pin", PIN.to_owned())];
        let bill: Vec<(&str, &str)> = bill.iter().map(|(name, value)| (*name, value.as_str())).collect();
        citizen.post("/api/pay", &bill).await.is_ok();
        let later = Lang::Ko.words().refund.later("50,000원", "37,200원");
        let lots_page = format!("/vouchers/{}", lot.kind);
        citizen.open(&lots_page).await.is_ok().says(&later);
        let waive = |reason: &'static str| [("kind", kind.to_string()), ("reason", reason.to_owned())];
        async fn waives(browser: &Browser, fields: [(&'static str, String); 2]) -> crate::browser::Answer {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            browser.post("/api/city/lots/waive", &fields).await
        }
        waives(&planner, waive("재개발")).await.refuses(&MeasureRefused::NotYourRole(Role::Controller).into());
        waives(&controller, waive("")).await.refuses(&MeasureRefused::NoReason.into());
        let page = controller.open("/city/lots").await;
        let form: Vec<(&str, &str)> = vec![("kind", &which[..which.find(':').unwrap()]), ("reason", "재개발로 가게들이 문을 닫아요")];
        controller.submit(&page, "/api/city/lots/waive", &form).await.is_ok().says(t.waived);
        eventually("all of it comes back at once", async || {
            let page = citizen.open(&lots_page).await;
            page.words().contains(&Lang::Ko.words().refund.refund_now("83,700원")).then_some(())
        })
        .await;
        citizen.open(&lots_page).await.lacks(&later);
        eventually("nothing is left to do", async || {
            let answer = waives(&controller, waive("재개발")).await;
            (!answer.status.is_success() && answer.error() == MeasureRefused::Nothing.into()).then_some(())
        })
        .await;
        auditor.open("/city/log").await.is_ok().says(t.did_waived);
    })
    .await;
}
