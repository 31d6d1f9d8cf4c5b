use super::{app, app_with};
use crate::world::{on_both_engines, on_sqlite};
use domain::partner::KeyScopes;
use http::Method;
use serde_json::{Value, json};
use store::By;

use domain::Timestamp;

#[tokio::test]
async fn only_a_good_key_with_the_scope_opens() {
    on_both_engines(async |world| {
        let partner = app(world, "T-money Pay").await;
        partner.get("/windows").await.is(200);
        let with = async |authorization: &str| partner.ask_with(authorization, Method::GET, "/windows", None, &[]).await;
        for (authorization, code) in [
            ("", "key_missing"),
            ("Basic abc", "key_missing"),
            ("Bearer ", "key_missing"),
            ("Bearer pp_000000000000_00", "key_unknown"),
            (&format!("Bearer {}0", partner.key), "key_unknown"),
            (&format!("Bearer {}", partner.key.to_uppercase()), "key_unknown"),
        ] {
            let said = with(authorization).await.refuses(401, code);
            assert_eq!(said.headers["www-authenticate"], "Bearer");
        }
        let (store, now) = (world.store(), Timestamp::now());
        let id = store.partners().await.unwrap()[0].keys[0].id;
        let new = store.rotate_key(By::CommandLine, id, now).await.unwrap().unwrap();
        partner.get("/windows").await.is(200);
        let rotated = format!("Bearer {}", new.expose());
        with(&rotated).await.is(200);
        world.minutes_pass(24 * 60).await;
        partner.get("/windows").await.refuses(401, "key_expired");
        with(&rotated).await.is(200);
        store.revoke_key(By::CommandLine, new.id, now).await.unwrap().unwrap();
        with(&rotated).await.refuses(401, "key_revoked");

        let reads = app_with(world, "MoneyTree", KeyScopes::parse("read").unwrap(), 100).await;
        reads.get("/windows").await.is(200);
        let buys = app_with(world, "Shinhan SOL", KeyScopes::parse("buy").unwrap(), 100).await;
        buys.get("/windows").await.refuses(403, "scope_missing");
        let person = json!({ "name": "김하늘", "birth_date": "1990-05-14", "phone": "01066601234" });
        reads.post("/people", person).await.refuses(403, "scope_missing");
        reads.post("/purchases", reads.order("per_", domain::WindowId(1), 1)).await.refuses(403, "scope_missing");
        reads.ask(Method::POST, "/webhooks/test", None).await.refuses(403, "scope_missing");
    })
    .await;
}

#[tokio::test]
async fn a_key_that_asks_too_often_is_told_when_to_come_again() {
    on_sqlite(async |world| {
        let (slow, other) = (app_with(world, "MoneyTree", KeyScopes::EVERY, 1).await, app(world, "T-money Pay").await);
        let answers = futures::future::join_all((0..20).map(|_| slow.get("/windows"))).await;
        let refused: Vec<_> = answers.into_iter().filter(|said| said.status == 429).collect();
        assert!(refused.len() >= 10, "{}", refused.len());
        for said in refused {
            let said = said.refuses(429, "too_often");
            assert!(said.headers["retry-after"].to_str().unwrap().parse::<u64>().unwrap() >= 1);
        }
        other.get("/windows").await.is(200);
    })
    .await;
}

#[tokio::test]
async fn every_no_is_a_problem_in_words() {
    on_sqlite(async |world| {
        let partner = app(world, "T-money Pay").await;
        partner.get("/nothing").await.refuses(404, "not_found");
        partner.ask(Method::DELETE, "/windows", None).await.refuses(405, "method_not_allowed");
        partner.post("/people", json!({ "name": 1 })).await.refuses(400, "bad_body");
        partner.post("/people", json!("x".repeat(70_000))).await.refuses(413, "too_large");
        let korean = partner.get("/people/per_x/allowance").await.refuses(404, "no_such_person");
        let key = format!("Bearer {}", partner.key);
        let english = partner.ask_with(&key, Method::GET, "/people/per_x/allowance", None, &[("accept-language", "en")]).await;
        let english = english.refuses(404, "no_such_person");
        assert_ne!(korean.body["title"], english.body["title"]);
        assert_eq!(
            (&korean.headers["content-language"], &english.headers["content-language"]),
            (&"ko".parse().unwrap(), &"en".parse().unwrap())
        );
        for (body, code) in [
            (json!({ "name": "거부", "birth_date": "1990-05-14", "phone": "01066601234" }), "identity_failed"),
            (json!({ "name": "김하늘", "birth_date": "1990-15-14", "phone": "01066601234" }), "birth_date"),
            (json!({ "name": "김하늘", "birth_date": "1990-05-14", "phone": "12" }), "phone"),
            (json!({ "name": " ", "birth_date": "1990-05-14", "phone": "01066601234" }), "name"),
        ] {
            let said = partner.post("/people", body).await.refuses(422, code);
            assert!(!said.body.to_string().contains("김하늘"), "{}", said.body);
        }
        let order = json!({ "id": "0193d6a0-0000-4000-8000-000000000001", "person": "per_x", "window": "1", "amount_won": 1 });
        partner.post("/purchases", order).await.refuses(400, "bad_id");
    })
    .await;
}

#[tokio::test]
async fn the_document_and_the_page_are_of_this_code() {
    on_sqlite(async |world| {
        let partner = app(world, "T-money Pay").await;
        let document = partner.ask_with("", Method::GET, "/openapi.json", None, &[]).await.is(200).body;
        let paths: Vec<&str> = document["paths"].as_object().unwrap().keys().map(String::as_str).collect();
        for path in ["/windows", "/people", "/people/{person}/allowance", "/windows/{window}/tickets", "/windows/{window}/renewals"] {
            assert!(paths.contains(&path), "{path} of {paths:?}");
        }
        assert_eq!(document["servers"][0]["url"], "/partner/v1");
        // Each address is one of ours: without a key it says so.
        for (path, methods) in document["paths"].as_object().unwrap() {
            for method in methods.as_object().unwrap().keys() {
                let method = method.to_uppercase().parse().unwrap();
                let path = path.replace("{window}", "1").replace("{person}", "x").replace("{id}", "x");
                partner.ask_with("", method, &path, Some(Value::Null), &[]).await.refuses(401, "key_missing");
            }
        }
        let page = world.browser().open("/partner/docs").await;
        page.is_ok();
        for shown in ["파트너 API", "POST /purchases", "id=\"month_limit\"", "webhook-signature"] {
            assert!(page.text.contains(shown), "{shown}");
        }
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        let nonce = page.text.split("<style nonce=\"").nth(1).unwrap().split('"').next().unwrap();
        assert!(policy.contains(&format!("'nonce-{nonce}'")), "{policy}");
        assert!(!page.text.contains("<script") && !page.text.contains("src="), "nothing from elsewhere");
    })
    .await;
}
