//! What is stopped before it reaches a page, and what every answer carries.

use crate::world::{World, on_both_engines, on_sqlite};
use app::Error;
use app::words::Lang;
use domain::district::District;
use http::Method;

#[tokio::test]
async fn requests_of_other_sites_are_refused() {
    on_both_engines(async |world| {
        let (citizen, window) = (world.citizen().await, world.sale(1_000_000).await);
        let (window, id) = (window.to_string(), crate::world::new_id());
        let body = format!("purchase={id}&window={window}&face=10000&pin={}", crate::world::PIN);
        let post = || {
            let request = citizen.browser.request(Method::POST, "/api/purchases/buy");
            request.header("content-type", "application/x-www-form-urlencoded").body(body.clone())
        };
        // What a browser says of itself can't be changed by the page that sends.
        for (name, value) in [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site")] {
            let request = replaced(post(), name, value).header("origin", "https://evil.example");
            citizen.browser.send(request).await.refuses(&Error::CrossSite);
        }
        let old_browser = without(post(), "sec-fetch-site").header("origin", "https://evil.example");
        citizen.browser.send(old_browser).await.refuses(&Error::CrossSite);
        let sandboxed_frame = without(post(), "sec-fetch-site").header("origin", "null");
        citizen.browser.send(sandboxed_frame).await.refuses(&Error::CrossSite);
        let form = replaced(post(), "sec-fetch-site", "cross-site").header("accept", "text/html");
        let page = citizen.browser.send(form).await;
        page.is(403).says(Lang::Ko.words().trouble.cross_site);
        // GET never changes anything, so it is not asked where it comes from; and it buys nothing.
        let get = citizen.browser.request(Method::GET, &format!("/api/purchases/buy?{body}"));
        let status = citizen.browser.send(get).await.status;
        assert!([404, 405].contains(&status.as_u16()), "{status}");
        citizen.browser.post("/api/purchases/get", &[("id", &id)]).await.refuses(&Error::NotFound);
    })
    .await;
}

fn without(request: reqwest::RequestBuilder, name: &'static str) -> reqwest::RequestBuilder {
    let (client, request) = request.build_split();
    let mut request = request.unwrap();
    request.headers_mut().remove(name);
    reqwest::RequestBuilder::from_parts(client, request)
}

fn replaced(request: reqwest::RequestBuilder, name: &'static str, value: &'static str) -> reqwest::RequestBuilder {
    without(request, name).header(name, value)
}

#[tokio::test]
async fn too_large_a_body_is_refused_in_words() {
    on_sqlite(async |world| {
        let browser = world.browser();
        let large = vec![b'x'; 65 * 1024];
        browser.post_body("/api/start/phone", "application/x-www-form-urlencoded", large.clone()).await.refuses(&Error::TooLarge);
        let form = browser.request(Method::POST, "/api/start/phone").header("accept", "text/html").header("accept-language", "en-GB");
        let page = browser.send(form.body(large)).await;
        page.is(413).says(Lang::En.words().trouble.too_large);
    })
    .await;
}

#[tokio::test]
async fn what_can_not_be_read_is_a_bad_request() {
    on_sqlite(async |world| {
        let browser = world.browser();
        let form = "application/x-www-form-urlencoded";
        for (content_type, body) in [
            (form, &b""[..]),
            (form, b"phone"),
            (form, b"other=1"),
            (form, b"phone=1&phone=2"),
            (form, b"phone[a]=1"),
            (form, b"\xff\xfe\x00"),
            ("application/json", b"{}"),
            ("multipart/form-data; boundary=x", b"--x--"),
        ] {
            let answer = browser.post_body("/api/start/phone", content_type, body.to_vec()).await;
            assert!([400, 422].contains(&answer.status.as_u16()), "{content_type} {body:?}: {} {}", answer.status, answer.text);
        }
        let percent = browser.post_body("/api/start/phone", form, b"phone=%ff%fe".to_vec()).await;
        assert!(percent.status.is_client_error(), "{} {}", percent.status, percent.text);
    })
    .await;
}

#[tokio::test]
async fn odd_addresses_never_break_the_server() {
    on_sqlite(async |world| {
        let browser = world.browser();
        for path in ["/%ff", "/pay/%c3%28", "/?x=%ff", "/start?next=%80", "/%00"] {
            browser.look(path).await.is(400).says(Lang::Ko.words().trouble.form_expired);
        }
        for path in
            ["/nothing", "/buy/x/y", "/merchant/a/b/c", "/..%2f..%2fetc%2fpasswd", "/.stamp", "/api/nothing", "/pkg/nothing.js", "/가나다"]
        {
            browser.look(path).await.is(404);
        }
        for path in [
            "/?__path=x&__err=garbage",
            "/start?__path=%2Fapi%2Fstart%2Fphone&__err=%FF".replace("%FF", "AAAA").as_str(),
            "/start?next=//evil.example",
            "/start?next=https://evil.example",
            "/?a=1&a=2&a[]=3&&&==",
            &format!("/start?next=/{}", "x".repeat(4_000)),
        ] {
            let page = browser.look(path).await;
            assert!(page.status.as_u16() < 500 && page.text.contains("<h1"), "{path}: {}", page.status);
        }
        for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
            let status = browser.send(browser.request(method.clone(), "/start")).await.status;
            assert!(status.is_client_error(), "{method}: {status}");
        }
    })
    .await;
}

#[tokio::test]
async fn every_answer_carries_its_headers() {
    on_sqlite(async |world| {
        let citizen = world.citizen().await;
        let shop = world.shop(citizen.person, District::MAPO).await;
        for path in ["/", "/start", "/nothing", "/health", "/pkg/nothing.js", &format!("/merchant/{}", shop.number)] {
            let answer = citizen.browser.look(path).await;
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "same-origin"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cache-control", "no-store"),
            ] {
                assert_eq!(answer.headers[name], value, "{path}: {name}");
            }
            assert!(answer.headers["permissions-policy"].to_str().unwrap().contains("camera=(self)"));
            let policy = answer.headers["content-security-policy"].to_str().unwrap();
            assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe-inline"), "{path}: {policy}");
            assert_eq!(answer.headers["x-request-id"].len(), 32);
        }
    })
    .await;
}

#[tokio::test]
async fn scripts_of_a_page_carry_the_nonce_of_its_policy() {
    on_sqlite(async |world: &mut World| {
        let browser = world.browser();
        let mut nonces = Vec::new();
        for _ in 0..2 {
            let page = browser.look("/start").await;
            let policy = page.headers["content-security-policy"].to_str().unwrap().to_owned();
            let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
            let scripts: Vec<&str> = page.text.split("<script").skip(1).map(|script| script.split('>').next().unwrap()).collect();
            assert!(!scripts.is_empty());
            for script in scripts {
                assert!(script.contains(&format!("nonce=\"{nonce}\"")), "{script}");
            }
            for handler in [" onclick=", " onload=", " style=\"", "javascript:"] {
                assert!(!page.text.contains(handler), "{handler}");
            }
            nonces.push(nonce);
        }
        assert_ne!(nonces[0], nonces[1]);
    })
    .await;
}
