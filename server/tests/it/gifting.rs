//! Gifts from page to page: given by phone or link, opened by whoever may, accepted once, and never anybody's guess.

use crate::browser::{Answer, Browser};
use crate::city::signed_in;
use crate::world::{Citizen, PIN, World, eventually, on_both_engines};
use app::Error;
use app::error::Input;
use app::words::{self, Lang};
use domain::amount_input::AmountError;
use domain::calendar::Span;
use domain::gifting::State;
use domain::phone::{Phone, PhoneError};
use domain::plan::Feature;
use domain::{Refused, Timestamp, Won};
use futures::future::join_all;
use jiff::SignedDuration;

/// Somebody with 100,000, and the address of the form that gives some of it.
async fn giver(world: &World) -> (Citizen, String) {
    let (citizen, window) = (world.citizen().await, world.sale(2_000_000).await);
    citizen.buys(window, 100_000).await;
    let wallet = world.store().wallet(citizen.person, Timestamp::now()).await.unwrap();
    (citizen, format!("/gifts/new/{}", wallet.lots[0].kind))
}

/// Fills the form of a page in.
async fn fill(browser: &Browser, form: &str, fields: &[(&str, &str)]) -> Answer {
    let page = browser.open(form).await;
    page.is_ok();
    let mut all = vec![("typed[to]", "link"), ("typed[card]", "plain"), ("typed[parts][0][amount]", "20000"), ("pin", PIN)];
    all.retain(|(name, _)| fields.iter().all(|(field, _)| field != name));
    all.extend_from_slice(fields);
    browser.submit(&page, "/api/gifts/give", &all).await
}

/// The path of the link that the sender's page shows.
fn link_on(page: &Answer) -> String {
    let at = page.text.find("/gift/").expect("a link");
    page.text[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '/').collect()
}

async fn message_to(world: &World, phone: Phone, holds: &str) -> String {
    eventually(&format!("a message about {holds}"), async || {
        let messages = world.sandbox.sandbox.messages(Some(&phone.digits()));
        messages.into_iter().map(|message| message.text).find(|text| text.contains(holds))
    })
    .await
}

#[tokio::test]
async fn a_gift_to_a_phone_is_heard_of_opened_accepted_and_thanked_for_without_a_script() {
    on_both_engines(async |world| {
        let t = &Lang::Ko.words().gift;
        let (sender, form) = giver(world).await;
        let friend = world.citizen().await;
        let to = friend.phone.to_string();
        let words = "생일 축하해 <script>alert(1)</script>\r\n맛있는 거 먹어";
        let fields = [("typed[to]", "phone"), ("typed[phone]", to.as_str()), ("typed[card]", "birthday"), ("typed[message]", words)];
        let sent = fill(&sender.browser, &form, &fields).await;
        sent.is_ok().says(t.sent_phone).says("20,000").says(&to).lacks(t.link_title);
        assert!(!sent.text.contains("<script>alert"), "it is text");
        sender.browser.open("/").await.is_ok().says("80,000");

        let text = message_to(world, friend.phone, "선물").await;
        let link = text[text.find("/gift/").unwrap()..].to_owned();
        let stranger = world.browser();
        stranger.open(&link).await.is_ok().says(t.stranger).says("alert(1)").says("20,000").lacks(t.accept);
        world.citizen().await.browser.open(&link).await.is(404);
        sender.browser.open(&link).await.is_ok().says(t.own);

        // Also without the message: it waits on home.
        let home = friend.browser.open("/").await;
        assert!(home.is_ok().text.contains(&link), "home leads to it");
        let page = friend.browser.open(&link).await;
        page.is_ok().says(t.terms);
        let accepted = friend.browser.submit(&page, "/api/gift/accept", &[]).await;
        accepted.is_ok().says(t.to_vouchers);
        friend.browser.open("/").await.says("20,000");
        let thanked = friend.browser.submit(&accepted, "/api/gift/thank", &[("thanks", "고마워! 잘 먹을게")]).await;
        thanked.is_ok().says(t.thanked_title).says("잘 먹을게");
        sender.browser.open(&sent.path).await.is_ok().says(t.sent_accepted).says("잘 먹을게").lacks(t.take_back);
        message_to(world, sender.phone, "고맙다는 인사").await;
        message_to(world, sender.phone, "받으셨어요").await;
        friend.browser.open("/gifts").await.is_ok().says(t.received_title);
        sender.browser.open("/gifts").await.is_ok().says(t.sent_title).says(t.state_accepted);
        // Theirs to spend, in shops only.
        let lot = world.store().wallet(friend.person, Timestamp::now()).await.unwrap().lots[0];
        friend.browser.open(&format!("/refund/{}", lot.id)).await.says(Lang::Ko.words().refund.cant_title);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_good_for_one_and_for_nobody_who_guesses() {
    on_both_engines(async |world| {
        let t = &Lang::Ko.words().gift;
        let (sender, form) = giver(world).await;
        let sent = fill(&sender.browser, &form, &[]).await;
        let link = link_on(sent.is_ok().says(t.link_title));
        let token = link.strip_prefix("/gift/").unwrap().to_owned();
        let people = [world.citizen().await, world.citizen().await, world.citizen().await];
        let accepts = people.iter().map(|person| async { person.browser.post("/api/gift/accept", &[("link", &token)]).await });
        let answers = join_all(accepts).await;
        assert_eq!(answers.iter().filter(|answer| answer.status.is_success()).count(), 1);
        for answer in answers.iter().filter(|answer| !answer.status.is_success()) {
            answer.refuses(&Refused::GiftOver.into());
        }
        let late = people.iter().zip(&answers).find(|(_, answer)| !answer.status.is_success()).unwrap().0;
        late.browser.open(&link).await.is_ok().says(t.over).lacks(t.accept);

        let other = if token.ends_with('0') { '1' } else { '0' };
        for wrong in [format!("{}{other}", &token[..63]), token[..32].to_owned(), "0".repeat(64), "링크".to_owned()] {
            late.browser.open(&format!("/gift/{}", wrong.replace("링크", "x"))).await.is(404);
            for endpoint in ["/api/gift/accept", "/api/gift/decline", "/api/gift/open"] {
                late.browser.post(endpoint, &[("link", &wrong)]).await.refuses(&Error::NotFound);
            }
            late.browser.post("/api/gift/thank", &[("link", &wrong), ("thanks", "고마워")]).await.refuses(&Error::NotFound);
        }
        late.browser.post("/api/gift/thank", &[("link", &token), ("thanks", "고마워")]).await.refuses(&Error::NotFound);

        // Declined: the sender has it again, and hears it.
        let sent = fill(&sender.browser, &form, &[]).await;
        let link = link_on(&sent);
        let page = late.browser.open(&link).await;
        late.browser.submit(&page, "/api/gift/decline", &[]).await.is_ok().says(t.over);
        sender.browser.open(&sent.path).await.says(t.sent_declined);
        message_to(world, sender.phone, "받지 않으셔서").await;
        // Taken back: the link leads nowhere any more.
        let sent = fill(&sender.browser, &form, &[]).await;
        let page = sender.browser.submit(&sent, "/api/gifts/take-back", &[]).await;
        page.is_ok().says(t.sent_taken_back);
        late.browser.open(&link_on(&sent)).await.is_ok().says(t.over);
        late.browser.open(&sent.path).await.is(404);
        let mine = late.browser.post("/api/gifts/take-back", &[("gift", sent.path.strip_prefix("/gifts/").unwrap())]).await;
        mine.refuses(&Refused::NoSuchGift.into());
    })
    .await;
}

#[tokio::test]
async fn what_is_typed_wrong_is_said_and_nothing_is_given() {
    on_both_engines(async |world| {
        let (sender, form) = giver(world).await;
        let (own, long) = (sender.phone.to_string(), "가".repeat(201));
        let now = Timestamp::now();
        for (fields, error) in [
            (vec![("typed[parts][0][amount]", "")], Input::Amount(AmountError::Empty).into()),
            (vec![("typed[parts][0][amount]", "100001")], Refused::GiftAmount { left: Won::of(100_000) }.into()),
            (vec![("typed[to]", "phone"), ("typed[phone]", "")], Input::Phone(PhoneError::Empty).into()),
            (vec![("typed[to]", "phone"), ("typed[phone]", own.as_str())], Error::from(Refused::GiftToYourself)),
            (vec![("typed[message]", long.as_str())], Input::Message.into()),
            (vec![("typed[day]", "2999-01-01")], Refused::GiftTooFarAhead.into()),
            (vec![("typed[day]", "tomorrow")], Error::BadRequest),
            (vec![("pin", "135791")], Error::PinWrong { tries_left: 4 }),
        ] {
            let page = fill(&sender.browser, &form, &fields).await;
            assert_eq!(page.path, form, "{error:?}");
            page.says(&error.say(Lang::Ko, now));
        }
        assert!(world.store().gifts_sent(sender.person).await.unwrap().is_empty());
        sender.browser.open("/").await.says("100,000");
        // A planned one is nobody's before its day.
        let day = words_day(now + SignedDuration::from_hours(48));
        let sent = fill(&sender.browser, &form, &[("typed[day]", &day)]).await;
        sent.is_ok().says(Lang::Ko.words().gift.state_ahead);
        let id = sent.path.strip_prefix("/gifts/").unwrap().parse().unwrap();
        let link = world.store().gift_link(id);
        world.browser().open(&format!("/gift/{link}")).await.is(404);
        world.citizen().await.browser.post("/api/gift/accept", &[("link", &link)]).await.refuses(&Refused::NoSuchGift.into());
        assert_eq!(words::gift_state(Lang::En, State::Waiting), "Waiting");
    })
    .await;
}

/// As a browser's field of a date gives it.
fn words_day(at: Timestamp) -> String {
    domain::calendar::in_seoul(at).date().to_string()
}

#[tokio::test]
async fn gifts_rest_while_a_sale_is_on_and_can_still_be_taken_back() {
    on_both_engines(async |world| {
        let (sender, form) = giver(world).await;
        let sent = fill(&sender.browser, &form, &[]).await;
        let link = link_on(&sent);
        let now = Timestamp::now();
        let span = Span::new(now - SignedDuration::from_mins(5), now + SignedDuration::from_mins(30)).unwrap();
        world.store().suspend(Feature::Gifts, span, now).await.unwrap();
        let friend = world.citizen().await;
        let token = link.strip_prefix("/gift/").unwrap();
        let refused = friend.browser.post("/api/gift/accept", &[("link", token)]).await;
        assert!(matches!(refused.error(), Error::Suspended { .. }));
        assert!(refused.headers.contains_key("retry-after"));
        sender.browser.open(&form).await.is(503).says(&refused.error().say(Lang::Ko, now));
        let page = sender.browser.open(&sent.path).await;
        sender.browser.submit(page.is_ok(), "/api/gifts/take-back", &[]).await.says(Lang::Ko.words().gift.sent_taken_back);
    })
    .await;
}

#[tokio::test]
async fn the_city_looks_at_what_goes_round_and_not_everybody_of_it() {
    on_both_engines(async |world| {
        let t = &Lang::Ko.words().gift;
        let (sender, form) = giver(world).await;
        let friend = world.citizen().await;
        let accepts = async |by: &Citizen, page: &Answer| {
            let link = link_on(page);
            by.browser.post("/api/gift/accept", &[("link", link.strip_prefix("/gift/").unwrap())]).await.is_ok();
        };
        accepts(&friend, &fill(&sender.browser, &form, &[]).await).await;
        accepts(&sender, &fill(&friend.browser, &form, &[("typed[parts][0][amount]", "15000")]).await).await;
        let planner = signed_in(world, "planner3", "planner").await;
        let auditor = signed_in(world, "auditor3", "auditor").await;
        planner.open("/city/gifts").await.lacks("15,000");
        planner.post("/api/city/gifts/get", &[]).await.refuses(&Error::Forbidden);
        assert!(auditor.open("/city/settlement").await.is_ok().text.contains("href=\"/city/gifts\""));
        auditor.open("/city/gifts").await.is_ok().says(t.sign_ring).says(t.sign_passed_on).says("15,000");
    })
    .await;
}
