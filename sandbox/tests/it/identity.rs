use jiff::{ToSpan, Zoned};
use serde_json::{Value, json};

use crate::ask::{Answer, fresh, post};

fn person(name: &str, birth_date: &str, phone: &str) -> Value {
    json!({ "name": name, "birth_date": birth_date, "phone": phone, "carrier": "SKT" })
}

async fn verify(person: Value) -> Answer {
    post(&fresh(), "/identity/v1/verifications", person).await
}

#[tokio::test]
async fn a_person_is_verified_with_a_ci_of_88_characters() {
    let answer = verify(person("김하늘", "1991-03-02", "01012345678")).await;
    let body = answer.json();
    assert_eq!(answer.status, 200);
    assert_eq!((&body["verified"], &body["name"], &body["birth_date"]), (&json!(true), &json!("김하늘"), &json!("1991-03-02")));
    let ci = body["ci"].as_str().unwrap();
    assert_eq!(ci.len(), 88);
    assert!(ci.ends_with("=="));
    assert!(ci.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte)));
}

#[tokio::test]
async fn the_ci_follows_the_person_and_not_the_phone() {
    let ci = async |name: &str, birth_date: &str, phone: &str| verify(person(name, birth_date, phone)).await.json()["ci"].clone();
    let hers = ci("김하늘", "1991-03-02", "01012345678").await;
    assert_eq!(hers, ci(" 김하늘 ", "1991-03-02", "0161234567").await);
    assert_ne!(hers, ci("김하늘", "1991-03-03", "01012345678").await);
    assert_ne!(hers, ci("김하눌", "1991-03-02", "01012345678").await);
}

#[tokio::test]
async fn some_names_never_match() {
    for name in ["불일치", "거부", "거부자"] {
        let answer = verify(person(name, "1991-03-02", "01012345678")).await;
        assert_eq!(answer.both(), (422, json!({ "verified": false, "reason": "mismatch" })), "{name}");
    }
}

#[tokio::test]
async fn impossible_and_future_birth_dates_are_refused() {
    let tomorrow = Zoned::now().date().checked_add(2.days()).unwrap().to_string();
    for birth_date in ["1991-02-29", "1991-13-01", "1991-3-2", "19910302", "1899-12-31", "", "2999-01-01", &tomorrow] {
        let answer = verify(person("김하늘", birth_date, "01012345678")).await;
        assert_eq!(answer.both(), (422, json!({ "verified": false, "reason": "bad_birth_date" })), "{birth_date}");
    }
}

#[tokio::test]
async fn malformed_claims_are_bad_requests() {
    let long = "가".repeat(51);
    for bad in [
        person("", "1991-03-02", "01012345678"),
        person(&long, "1991-03-02", "01012345678"),
        person("김하늘", "1991-03-02", "010-1234-5678"),
    ] {
        assert_eq!(verify(bad.clone()).await.status, 400, "{bad}");
    }
}
