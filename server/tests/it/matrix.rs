//! Every server function is a public endpoint. Each stands here with what it needs; one that is missing fails the test.

use crate::world::on_both_engines;
use http::Method;
use leptos::server_fn::axum::server_fn_paths;

/// What whoever calls has to be.
#[derive(Debug, PartialEq)]
enum Needs {
    /// Nobody: for strangers too. The status that a stranger gets for the given fields.
    Nothing(u16),
    SignedIn,
    /// Staff of the shop.
    Staff,
}

use Needs::{Nothing, SignedIn, Staff};

const ENDPOINTS: &[(&str, Needs, &str)] = &[
    // The city's console has a sign-in of its own; which operator may do what is told in `city`.
    ("/api/city/day", SignedIn, ""),
    ("/api/city/log", SignedIn, ""),
    ("/api/city/partners/cap", SignedIn, "partner=1&window=1&most=10000"),
    ("/api/city/partners/endpoint", SignedIn, "partner=1&url="),
    ("/api/city/partners/key", SignedIn, "partner=1&scopes=read"),
    ("/api/city/partners/list", SignedIn, ""),
    ("/api/city/partners/revoke", SignedIn, "key=1"),
    ("/api/city/partners/rotate", SignedIn, "key=1"),
    ("/api/city/partners/secret", SignedIn, "partner=1"),
    ("/api/city/plans/cancel", SignedIn, "id=1&version=1"),
    ("/api/city/plans/get", SignedIn, "id=1"),
    ("/api/city/plans/make", SignedIn, "name_ko=a&name_en=a&kind=1&day=2030-01-01&shape=empty"),
    ("/api/city/plans/new", SignedIn, ""),
    ("/api/city/plans/release", SignedIn, "id=1&version=1"),
    ("/api/city/plans/save", SignedIn, "id=1&version=1&typed[kind]=1"),
    ("/api/city/rooms/get", SignedIn, "window=1"),
    ("/api/city/rooms/steer", SignedIn, "window=1&gate=open&rate_per_s=1&most_inside=1"),
    ("/api/city/start/code", Nothing(409), "code=000000"),
    ("/api/city/start/demo", Nothing(200), ""),
    ("/api/city/start/out", Nothing(200), ""),
    ("/api/city/start/password", Nothing(200), "login=a&password=b"),
    ("/api/home", Nothing(200), ""),
    ("/api/history/list", SignedIn, "before="),
    ("/api/me/bank", SignedIn, "bank=088&account=110123456789&pin=246810"),
    ("/api/me/language", Nothing(200), "language=en"),
    ("/api/me/profile", SignedIn, ""),
    ("/api/me/sessions", SignedIn, ""),
    ("/api/me/sessions/end", SignedIn, "id=1"),
    ("/api/me/sessions/end-others", SignedIn, ""),
    ("/api/me/text", Nothing(200), "size=large"),
    ("/api/merchant/mine", SignedIn, ""),
    ("/api/merchant/qr", Staff, "number=SHOP"),
    ("/api/merchant/today", Staff, "number=SHOP"),
    ("/api/offers/list", SignedIn, ""),
    ("/api/pay", SignedIn, "payment=0193d6a0-0000-7000-8000-000000000001&number=SHOP&amount=1000&pin=246810"),
    ("/api/pay/desk", SignedIn, "number=SHOP"),
    // Only reads what it was given, and leads to a page that asks who it is.
    ("/api/pay/find", Nothing(200), "code=SHOP"),
    ("/api/pay/payment", SignedIn, "id=0193d6a0-0000-7000-8000-000000000001"),
    ("/api/purchases/buy", SignedIn, "purchase=0193d6a0-0000-7000-8000-000000000001&window=1&face=10000&pin=246810"),
    ("/api/purchases/get", SignedIn, "id=0193d6a0-0000-7000-8000-000000000001"),
    ("/api/start/again", Nothing(409), ""),
    ("/api/start/bank", Nothing(409), "bank=088&account=110123456789"),
    ("/api/start/code", Nothing(409), "code=000000"),
    ("/api/start/confirm", Nothing(409), "pin=246810"),
    ("/api/start/identity", Nothing(409), "name=%EA%B9%80&birth_date=19900514"),
    ("/api/rooms/enter", SignedIn, "window=1"),
    ("/api/rooms/evidence", SignedIn, "window=1"),
    ("/api/rooms/join", SignedIn, "window=1"),
    ("/api/start/later", Nothing(409), ""),
    ("/api/start/forgotten", SignedIn, ""),
    ("/api/start/out", Nothing(200), ""),
    ("/api/start/phone", Nothing(200), "phone=01055509999"),
    ("/api/start/pin", Nothing(409), "pin=246810&again=246810"),
    ("/api/start/standing", Nothing(200), ""),
    ("/api/visitor", Nothing(200), ""),
];

#[tokio::test]
async fn every_server_function_asks_who_calls() {
    on_both_engines(async |world| {
        // The router must have been built: then all are registered.
        let owner = world.citizen().await;
        let shop = world.shop(owner.person, domain::district::District::MAPO).await.number.to_string();
        let mut registered: Vec<(String, Method)> = server_fn_paths().map(|(path, method)| (path.to_owned(), method)).collect();
        registered.sort_by(|one, other| one.0.cmp(&other.0));
        let listed: Vec<(String, Method)> = ENDPOINTS.iter().map(|(path, ..)| ((*path).to_owned(), Method::POST)).collect();
        let missing: Vec<_> = registered.iter().filter(|endpoint| !listed.contains(endpoint)).collect();
        assert!(missing.is_empty(), "say in ENDPOINTS what they need: {missing:?}");
        let gone: Vec<_> = listed.iter().filter(|endpoint| !registered.contains(endpoint)).collect();
        assert!(gone.is_empty(), "take them off ENDPOINTS: {gone:?}");

        let signed_in = world.citizen().await;
        for (path, needs, body) in ENDPOINTS {
            let body = body.replace("SHOP", &shop).into_bytes();
            let form = "application/x-www-form-urlencoded";
            let stranger = world.browser().post_body(path, form, body.clone()).await;
            match needs {
                Nothing(status) => assert_eq!(stranger.status.as_u16(), *status, "{path}: {}", stranger.text),
                SignedIn | Staff => assert_eq!(stranger.error(), app::Error::SignedOut, "{path}"),
            }
            if *needs == Staff {
                let other = signed_in.browser.post_body(path, form, body.clone()).await;
                assert_eq!(other.error(), app::Error::NotFound, "{path}");
                owner.browser.post_body(path, form, body).await.is_ok();
            }
        }
    })
    .await;
}
