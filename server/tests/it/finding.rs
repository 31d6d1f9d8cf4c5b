//! Finding shops: by strangers and by members, with and without a script, on the list and on the map; what is refused, and when it pauses.

use crate::browser::{Answer, Browser};
use crate::world::{World, eventually, on_both_engines, on_sqlite};
use app::Error;
use app::finding::FindingRefused;
use app::words::Lang;
use domain::calendar::Span;
use domain::district::District;
use domain::finding::Place;
use domain::kind::Scope;
use domain::merchant::{Merchant, Role, Standing};
use domain::plan::Feature;
use domain::{PersonId, Timestamp};
use jiff::SignedDuration;

/// A shop in Mapo that says where it is.
async fn placed(world: &World, owner: PersonId, (lat, lon): (f64, f64)) -> Merchant {
    let shop = world.shop(owner, District::MAPO).await;
    let proof = world.store().staff(owner, shop.id, Role::Owner).await.unwrap().unwrap();
    assert!(world.store().set_place(&proof, Place::from_degrees(lat, lon).unwrap(), Timestamp::now()).await.unwrap());
    shop
}

/// A server that knows all shops that are there.
async fn with_index(world: &mut World) {
    world.stop().await;
    world.start().await;
    eventually("the index", async || (find(&world.browser(), &[]).await.status.as_u16() == 200).then_some(())).await;
}

async fn find(browser: &Browser, fields: &[(&str, &str)]) -> Answer {
    browser.post("/api/shops/find", fields).await
}

fn numbers(answer: &Answer) -> Vec<String> {
    let json = answer.is_ok().json();
    json["shops"].as_array().unwrap().iter().map(|found| found["shop"]["number"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_stranger_finds_shops_by_all_that_they_are() {
    on_both_engines(async |world| {
        let owner = world.citizen().await;
        let near = placed(world, owner.person, (37.5563, 126.9036)).await;
        let far = world.shop(owner.person, District::GANGNAM).await;
        let closed = world.shop(owner.person, District::MAPO).await;
        world.store().set_standing(closed.id, Standing::Closed).await.unwrap();
        with_index(world).await;
        let stranger = world.browser();
        let (near_number, far_number) = (near.number.to_string(), far.number.to_string());
        for typed in ["모퉁이커피", "커피", "커", "ㅋㅍ", "ㅁㅌㅇ", "모ㅌ이", "모퉁이 커피"] {
            let both = numbers(&find(&stranger, &[("asked[q]", typed)]).await);
            assert!(both.len() == 2 && both.contains(&near_number) && both.contains(&far_number), "{typed}: {both:?}");
        }
        assert!(numbers(&find(&stranger, &[("asked[q]", "치킨")]).await).is_empty());
        for (fields, expected) in [
            (vec![("asked[district]", "14")], &near_number),
            (vec![("asked[district]", "23"), ("asked[q]", "ㅋ")], &far_number),
            (vec![("here[lat]", "37.556"), ("here[lon]", "126.904"), ("asked[q]", "커피")], &near_number),
            (vec![("here[lat]", "37.556"), ("here[lon]", "126.904"), ("asked[trade]", "cafes")], &near_number),
        ] {
            assert_eq!(numbers(&find(&stranger, &fields).await), std::slice::from_ref(expected), "{fields:?}");
        }
        assert!(numbers(&find(&stranger, &[("asked[trade]", "meals")]).await).is_empty());
        let found = find(&stranger, &[("here[lat]", "37.5563"), ("here[lon]", "126.9036")]).await.json();
        assert!(found["shops"][0]["distance_m"].as_u64().unwrap() < 100, "{found}");
        assert_eq!(found["shops"][0]["is_usable"], serde_json::Value::Null);

        // A shop that closes is not shown, whatever the index knows.
        world.store().set_standing(far.id, Standing::Closed).await.unwrap();
        assert_eq!(numbers(&find(&stranger, &[]).await), std::slice::from_ref(&near_number));

        let page = stranger.open("/shops?q=%E3%85%8B%E3%85%8D&district=14").await;
        page.is_ok().says("모퉁이커피").says("마포구").says(&near.address);
        assert!(page.text.contains(&format!("href=\"{}\"", near.number.pay_path())), "{}", page.text);
        stranger.open("/shops?q=%EC%B9%98%ED%82%A8").await.is_ok().says(Lang::Ko.words().finding.none_title);
        stranger.open("/shops?view=map").await.is_ok().says(Lang::Ko.words().finding.map_needs_js).says("모퉁이커피");
        assert!(!stranger.open("/shops").await.text.contains("leaflet"), "the map comes when it is opened");
    })
    .await;
}

#[tokio::test]
async fn a_member_sees_where_the_own_vouchers_are_taken() {
    on_both_engines(async |world| {
        let owner = world.citizen().await;
        let (here, there) = (world.shop(owner.person, District::MAPO).await, world.shop(owner.person, District::GANGNAM).await);
        let citizen = world.citizen().await;
        let window = world.sale_of(Scope::District(District::MAPO), 1_000_000).await;
        citizen.buys(window, 50_000).await;
        citizen.pays(&here, 5_000).await;
        with_index(world).await;
        let member = citizen.browser.at(&world.base_url());
        let found = find(&member, &[]).await.json();
        let usable = |shop: &Merchant| {
            let found = found["shops"].as_array().unwrap().iter().find(|found| found["shop"]["number"] == shop.number.to_string()).unwrap();
            found["is_usable"].as_bool().unwrap()
        };
        assert_eq!((usable(&here), usable(&there)), (true, false));
        assert_eq!(numbers(&find(&member, &[("asked[mine]", "1")]).await), [here.number.to_string()]);
        assert_eq!(numbers(&find(&member, &[("asked[lately]", "1")]).await), [here.number.to_string()]);
        find(&world.browser(), &[("asked[mine]", "1")]).await.refuses(&Error::SignedOut);
        let t = &Lang::Ko.words().finding;
        member.open("/shops").await.is_ok().says(t.usable).says(t.not_usable).says(t.mine);
        assert!(!world.browser().open("/shops").await.words().contains(t.mine));
        member.open("/").await.is_ok().says(t.title);
    })
    .await;
}

#[tokio::test]
async fn a_map_is_asked_by_its_corners() {
    on_both_engines(async |world| {
        let owner = world.citizen().await;
        let shop = placed(world, owner.person, (37.5563, 126.9036)).await;
        with_index(world).await;
        let stranger = world.browser();
        let corners = |south: &'static str, north: &'static str| {
            [("corners[south]", south), ("corners[west]", "126.8"), ("corners[north]", north), ("corners[east]", "127.0")]
        };
        let map = stranger.post("/api/shops/map", &corners("37.5", "37.6")).await.is_ok().json();
        assert_eq!((map["total"].as_u64(), map["shops"][0]["href"].as_str()), (Some(1), Some(shop.number.pay_path().as_str())));
        assert_eq!(map["shops"][0]["lat"].as_f64(), Some(37.5563));
        assert_eq!(stranger.post("/api/shops/map", &corners("37.6", "37.7")).await.is_ok().json()["total"].as_u64(), Some(0));
        world.store().seed_shops(1_000, "acc_payout", Timestamp::now()).await.unwrap();
        with_index(world).await;
        let map = world.browser().post("/api/shops/map", &corners("37.4", "37.7")).await.is_ok().json();
        let clusters = map["clusters"].as_array().unwrap();
        let in_clusters: u64 = clusters.iter().map(|cluster| cluster[2].as_u64().unwrap()).sum();
        assert_eq!(in_clusters + map["shops"].as_array().unwrap().len() as u64, map["total"].as_u64().unwrap());
        assert!((1..=400).contains(&clusters.len()), "{}", clusters.len());
        world.browser().post("/api/shops/map", &corners("37.6", "37.5")).await.refuses(&Error::BadRequest);
        world.browser().post("/api/shops/map", &corners("up", "37.5")).await.is(400);
        world.browser().post("/api/shops/map", &[]).await.is(400);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_asked_is_told_so() {
    on_sqlite(async |world| {
        with_index(world).await;
        let stranger = world.browser();
        for (name, value) in [
            ("asked[district]", "26"),
            ("asked[district]", "마포"),
            ("asked[trade]", "' OR 1=1 --"),
            ("asked[lately]", "yes"),
            ("asked[mine]", "2"),
            ("page", "0"),
            ("page", "11"),
            ("page", "-1"),
            ("page", "two"),
            ("here[lat]", "37.5"),
        ] {
            find(&stranger, &[(name, value)]).await.refuses(&Error::BadRequest);
        }
        find(&stranger, &[("here[lat]", "97.5"), ("here[lon]", "127")]).await.refuses(&Error::BadRequest);
        for typed in ["😀", "%%", "'; DROP TABLE merchant", "\u{202e}", "<b>"] {
            assert!(numbers(&find(&stranger, &[("asked[q]", typed)]).await).is_empty(), "{typed}");
        }
        let long = "가".repeat(41);
        let refused = Error::Finding(FindingRefused::TooLong);
        find(&stranger, &[("asked[q]", &long)]).await.refuses(&refused);
        let page = stranger.open(&format!("/shops?q={}", "a".repeat(41))).await;
        page.is(422).says(&refused.say(Lang::Ko, Timestamp::now()));
        stranger.open("/shops?page=abc").await.is(400);
    })
    .await;
}

#[tokio::test]
async fn nobody_asks_all_day_long() {
    on_sqlite(async |world| {
        let member = world.citizen().await;
        eventually("the index", async || (find(&member.browser, &[]).await.status.as_u16() == 200).then_some(())).await;
        // All at once: however slow the machine is, no right to ask comes back in between.
        let answers = futures::future::join_all((0..150).map(|_| find(&member.browser, &[]))).await;
        let refused = answers.iter().find(|answer| answer.status.as_u16() == 429).expect("a member may ask some forty times at once");
        assert!(matches!(refused.error(), Error::Finding(FindingRefused::TooOften { .. })));
        assert!(refused.headers.contains_key("retry-after"));
        // Others go on.
        find(&world.browser(), &[]).await.is_ok();
        find(&world.citizen().await.browser, &[]).await.is_ok();
    })
    .await;
}

#[tokio::test]
async fn the_finder_pauses_while_a_sale_is_on() {
    on_both_engines(async |world| {
        let now = Timestamp::now();
        let span = Span::new(now - SignedDuration::from_mins(5), now + SignedDuration::from_mins(30)).unwrap();
        world.store().suspend(Feature::ShopFinder, span, now).await.unwrap();
        let stranger = world.browser();
        let suspended = find(&stranger, &[]).await;
        let error = suspended.error();
        assert!(matches!(error, Error::Suspended { .. }), "{error:?}");
        let seconds: i64 = suspended.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1_700..=1_800).contains(&seconds), "{seconds}");
        stranger
            .post("/api/shops/map", &[("corners[south]", "1"), ("corners[west]", "1"), ("corners[north]", "2"), ("corners[east]", "2")])
            .await
            .is(503);
        let page = stranger.open("/shops").await;
        page.is(503).says(&error.say(Lang::Ko, now));
        assert!(page.headers.contains_key("retry-after"));
    })
    .await;
}

#[tokio::test]
async fn a_shop_says_where_it_is_and_is_found_near_there() {
    on_both_engines(async |world| {
        let owner = world.citizen().await;
        let shop = world.shop(owner.person, District::MAPO).await;
        let (browser, t) = (&owner.browser, &Lang::Ko.words().finding);
        browser.open("/shops").await.is_ok().says(t.place_title);
        let page = browser.open("/shops/place").await;
        page.is_ok().says("모퉁이커피").says(t.place_unsaid);
        let elsewhere = browser.submit(&page, "/api/shops/place", &[("lat", "37.5113"), ("lon", "127.0592")]).await;
        elsewhere.says(t.place_elsewhere);
        let number = shop.number.to_string();
        for (lat, lon) in [("here", "there"), ("", ""), ("91", "126.9"), ("NaN", "inf")] {
            let fields = [("number", number.as_str()), ("lat", lat), ("lon", lon)];
            browser.post("/api/shops/place", &fields).await.refuses(&Error::Finding(FindingRefused::NoPlace));
        }
        let placed = browser.submit(&page, "/api/shops/place", &[("lat", "37.5563"), ("lon", " 126.9036 ")]).await;
        assert_eq!(placed.is_ok().path, "/shops/place");
        placed.says(t.place_said);
        with_index(world).await;
        let near = [("here[lat]", "37.556"), ("here[lon]", "126.904")];
        assert_eq!(numbers(&find(&world.browser(), &near).await), [number]);
        let citizen = world.citizen().await;
        citizen.browser.open("/shops/place").await.is_ok().says(t.place_none_title);
    })
    .await;
}
