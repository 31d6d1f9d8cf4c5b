use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use sandbox::{Fault, Operation, Rule, Sandbox, Service};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::ask::{Answer, fresh, post, send};

async fn text(gateway: &Sandbox, id: &str, to: &str, text: &str) -> Answer {
    post(gateway, "/sms/v1/messages", json!({ "id": id, "to": to, "text": text })).await
}

fn texts(gateway: &Sandbox, to: &str) -> Vec<String> {
    gateway.messages(Some(to)).into_iter().map(|message| message.text).collect()
}

#[tokio::test]
async fn messages_are_read_newest_first_by_number_without_a_key() {
    let gateway = fresh();
    assert_eq!(text(&gateway, "a", "01012345678", "첫째").await.both(), (202, json!({ "id": "a" })));
    text(&gateway, "b", "01099998888", "남의 것").await;
    text(&gateway, "c", "01012345678", "둘째").await;
    let request = Request::get("/sms/v1/messages?to=01012345678").body(Body::empty()).unwrap();
    let answer = send(&gateway, request).await;
    let list: Vec<Value> = serde_json::from_str(&answer.text).unwrap();
    assert_eq!(list.iter().map(|message| &message["text"]).collect::<Vec<_>>(), ["둘째", "첫째"]);
    assert_eq!((&list[0]["id"], &list[0]["to"]), (&json!("c"), &json!("01012345678")));
    assert!(list[0]["at"].as_str().unwrap().parse::<jiff::Timestamp>().is_ok());
    assert_eq!(gateway.messages(None).len(), 3);
}

#[tokio::test]
async fn a_message_sent_twice_arrives_once() {
    let gateway = fresh();
    for _ in 0..2 {
        assert_eq!(text(&gateway, "a", "01012345678", "한 번").await.status, 202);
    }
    assert_eq!(text(&gateway, "a", "01012345678", "다른 말").await.both(), (409, json!({ "error": "id_reused" })));
    assert_eq!(texts(&gateway, "01012345678"), ["한 번"]);
}

#[tokio::test(start_paused = true)]
async fn a_late_message_arrives_later_and_on_top() {
    let gateway = fresh();
    gateway.set_fault(Rule::new(Service::Sms, Operation::Send, Fault::Late).delay_ms(1_000).times(1)).unwrap();
    assert_eq!(text(&gateway, "a", "01012345678", "늦은 것").await.status, 202);
    text(&gateway, "b", "01012345678", "바로").await;
    assert_eq!(texts(&gateway, "01012345678"), ["바로"]);
    tokio::time::sleep(Duration::from_millis(1_001)).await;
    assert_eq!(texts(&gateway, "01012345678"), ["늦은 것", "바로"]);
}

#[tokio::test]
async fn a_message_delivered_twice_at_once_arrives_once() {
    let gateway = fresh();
    gateway.set_fault(Rule::new(Service::Sms, Operation::Any, Fault::Twice)).unwrap();
    text(&gateway, "a", "01012345678", "한 번").await;
    assert_eq!(texts(&gateway, "01012345678"), ["한 번"]);
}

#[tokio::test]
async fn the_inbox_forgets_its_oldest_messages() {
    let gateway = fresh();
    text(&gateway, "oldest", "01011112222", "처음").await;
    // One router for all: building it costs more than a message.
    let router = sandbox::router(gateway.clone());
    for n in 0..10_000 {
        let letter = json!({ "id": n.to_string(), "to": "01012345678", "text": "그다음" });
        let request = Request::post("/sms/v1/messages")
            .header("authorization", "Bearer sandbox-key")
            .header("content-type", "application/json")
            .body(Body::from(letter.to_string()));
        assert_eq!(router.clone().oneshot(request.unwrap()).await.unwrap().status(), 202);
    }
    assert_eq!(texts(&gateway, "01011112222"), Vec::<String>::new());
    assert_eq!(gateway.messages(None).len(), 100, "a page at most");
}

#[tokio::test]
async fn malformed_messages_are_bad_requests() {
    let gateway = fresh();
    let long = "가".repeat(1_334);
    for (id, to, words) in [
        ("", "01012345678", "a"),
        ("a", "010-1234-5678", "a"),
        ("a", "0212345678", "a"),
        ("a", "01012345678", ""),
        ("a", "01012345678", &*long),
    ] {
        assert_eq!(text(&gateway, id, to, words).await.status, 400, "{id} {to}");
    }
}
