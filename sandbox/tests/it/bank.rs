use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::ask::{ID, ask, debit, fresh, get, inquiry, order, post, send};

#[tokio::test]
async fn a_debit_moves_money_and_says_when() {
    let bank = fresh();
    let answer = debit(&bank, 93_000).await;
    assert_eq!(answer.status, 200);
    assert_eq!((&answer.json()["id"], &answer.json()["status"]), (&json!(ID), &json!("done")));
    let at: jiff::Timestamp = answer.json()["at"].as_str().unwrap().parse().unwrap();
    assert!(at <= jiff::Timestamp::now());
    assert_eq!(bank.balance().debited_won, 93_000);
}

#[tokio::test]
async fn a_debit_sent_twice_moves_money_once() {
    let bank = fresh();
    let first = debit(&bank, 93_000).await;
    let second = debit(&bank, 93_000).await;
    assert_eq!(first.both(), second.both());
    assert_eq!((bank.balance().debited_won, bank.balance().replays), (93_000, 1));
}

#[tokio::test]
async fn an_id_is_the_same_in_either_case() {
    let bank = fresh();
    let id = "ABCDEFAB-0000-7000-8000-00000000000A";
    post(&bank, "/bank/v1/debits", order(id, 9_300)).await;
    post(&bank, "/bank/v1/debits", order(&id.to_lowercase(), 9_300)).await;
    assert_eq!(bank.balance().debits, 1);
}

#[tokio::test]
async fn an_id_with_another_body_is_refused() {
    let bank = fresh();
    debit(&bank, 93_000).await;
    let mut other_account = order(ID, 93_000);
    other_account["account"] = json!("acc_2");
    for body in [order(ID, 9_300), other_account] {
        assert_eq!(post(&bank, "/bank/v1/debits", body).await.both(), (409, json!({ "error": "id_reused" })));
    }
    assert_eq!(bank.balance().debited_won, 93_000);
}

#[tokio::test]
async fn a_credit_may_have_the_id_of_a_debit() {
    let bank = fresh();
    debit(&bank, 93_000).await;
    assert_eq!(get(&bank, &format!("/bank/v1/credits/{ID}")).await.json()["status"], "not_found");
    assert_eq!(post(&bank, "/bank/v1/credits", order(ID, 37_200)).await.status, 200);
    assert_eq!(get(&bank, &format!("/bank/v1/credits/{ID}")).await.json()["amount_won"], 37_200);
    let balance = get(&bank, "/bank/v1/balance").await.json();
    let expected =
        json!({ "debits": 1, "credits": 1, "debited_won": 93_000, "credited_won": 37_200, "net_won": 55_800, "last_seq": 2, "replays": 0 });
    assert_eq!(balance, expected);
}

#[tokio::test]
async fn an_unknown_order_is_not_found_with_status_200() {
    let answer = get(&fresh(), &format!("/bank/v1/debits/{ID}")).await;
    assert_eq!(answer.both(), (200, json!({ "id": ID, "status": "not_found", "amount_won": 0 })));
}

#[tokio::test]
async fn an_inquiry_says_what_the_debit_said() {
    let bank = fresh();
    let at = debit(&bank, 93_000).await.json()["at"].clone();
    let answer = get(&bank, &format!("/bank/v1/debits/{ID}")).await;
    assert_eq!(answer.both(), (200, json!({ "id": ID, "status": "done", "amount_won": 93_000, "at": at })));
}

#[tokio::test]
async fn an_amount_beyond_the_limit_stays_rejected() {
    let bank = fresh();
    for _ in 0..2 {
        assert_eq!(debit(&bank, 10_000_000_001).await.both(), (422, json!({ "id": ID, "status": "rejected", "reason": "limit" })));
    }
    assert_eq!(inquiry(&bank).await, "rejected");
    assert_eq!(bank.balance().last_seq, 0);
}

#[tokio::test]
async fn malformed_orders_are_bad_requests() {
    let bank = fresh();
    let with = |field: &str, value: Value| {
        let mut body = order(ID, 93_000);
        body[field] = value;
        body
    };
    let bad = [
        with("id", json!("1")),
        with("id", json!("0193d6a0-0000-7000-8000-00000000000g")),
        with("id", json!("0193d6a000007000800000000000000100000")),
        with("amount_won", json!(0)),
        with("amount_won", json!(-1)),
        with("amount_won", json!(1.5)),
        with("account", json!("")),
        with("account", json!("a".repeat(65))),
        with("memo", json!("가".repeat(134))),
    ];
    for body in bad {
        let answer = post(&bank, "/bank/v1/debits", body.clone()).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["error"]), (400, &json!("bad_request")), "{body}");
    }
    assert_eq!(get(&bank, "/bank/v1/debits/1").await.status, 400);
    assert_eq!(post(&bank, "/bank/v1/debits", with("memo", json!("a".repeat(20_000)))).await.status, 413);
    assert_eq!(bank.balance().last_seq, 0);
}

#[tokio::test]
async fn transactions_are_numbered_without_gaps_and_read_in_pages() {
    let bank = fresh();
    for n in 1..=1_001 {
        let path = if n % 2 == 0 { "/bank/v1/credits" } else { "/bank/v1/debits" };
        post(&bank, path, order(&format!("0193d6a0-0000-7000-8000-{n:012}"), n)).await;
    }
    let first = get(&bank, "/bank/v1/transactions").await.json();
    assert_eq!(first.as_array().unwrap().len(), 1_000);
    let rest = get(&bank, "/bank/v1/transactions?after=1000").await.json();
    let newest = &rest[0];
    assert_eq!(rest.as_array().unwrap().len(), 1);
    assert_eq!((&newest["seq"], &newest["kind"], &newest["amount_won"]), (&json!(1_001), &json!("debit"), &json!(1_001)));
    assert_eq!((&newest["account"], &newest["id"]), (&json!("acc_1"), &json!("0193d6a0-0000-7000-8000-000000001001")));
    assert_eq!(get(&bank, "/bank/v1/transactions?after=1001").await.json(), json!([]));
}

#[tokio::test]
async fn keyed_routes_refuse_a_missing_or_wrong_key() {
    let bank = fresh();
    let keyed = [
        ("POST", "/bank/v1/debits"),
        ("POST", "/bank/v1/credits"),
        ("GET", "/bank/v1/debits/x"),
        ("GET", "/bank/v1/credits/x"),
        ("POST", "/bank/v1/accounts/verify"),
        ("GET", "/bank/v1/transactions"),
        ("GET", "/bank/v1/balance"),
        ("POST", "/identity/v1/verifications"),
        ("POST", "/sms/v1/messages"),
    ];
    for (method, path) in keyed {
        for key in [None, Some("Bearer other"), Some("sandbox-key"), Some("Bearer ")] {
            let mut request = Request::builder().method(method).uri(path);
            if let Some(key) = key {
                request = request.header("authorization", key);
            }
            let answer = send(&bank, request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.both(), (401, json!({ "error": "unauthorized" })), "{method} {path} {key:?}");
        }
    }
}

fn account(bank: &str, number: &str, holder: &str) -> Value {
    json!({ "bank": bank, "number": number, "holder": holder })
}

#[tokio::test]
async fn an_account_becomes_a_token_that_stays_the_same() {
    let path = "/bank/v1/accounts/verify";
    let first = post(&fresh(), path, account("088", "110-123-456789", "김하늘")).await;
    let again = post(&fresh(), path, account("088", "110123456789", "김하늘")).await;
    let elsewhere = post(&fresh(), path, account("004", "110123456789", "김하늘")).await;
    assert_eq!(first.status, 200);
    assert_eq!((&first.json()["masked"], &first.json()["bank_name"]), (&json!("신한 ***6789"), &json!("신한은행")));
    assert_eq!(first.json(), again.json());
    assert_ne!(first.json()["account"], elsewhere.json()["account"]);
    assert!(!first.json()["account"].as_str().unwrap().contains("456789"));
}

#[tokio::test]
async fn accounts_that_cannot_be_linked_say_why() {
    let bank = fresh();
    let table = [
        (account("088", "110-123-450000", "김하늘"), "no_such_account"),
        (account("999", "110-123-456789", "김하늘"), "no_such_account"),
        (account("088", "123456789", "김하늘"), "no_such_account"),
        (account("088", "123456789012345", "김하늘"), "no_such_account"),
        (account("088", "11012345678가", "김하늘"), "no_such_account"),
        (account("088", "110-123-456789", "불일치"), "holder_mismatch"),
        (account("088", "110-123-456789", "거부자"), "holder_mismatch"),
    ];
    for (body, reason) in table {
        assert_eq!(post(&bank, "/bank/v1/accounts/verify", body.clone()).await.both(), (422, json!({ "reason": reason })), "{body}");
    }
}

#[tokio::test]
async fn the_linked_token_can_be_debited() {
    let bank = fresh();
    let linked = post(&bank, "/bank/v1/accounts/verify", account("092", "1000-1234-5678", "김하늘")).await.json();
    let body = json!({ "id": ID, "account": linked["account"], "amount_won": 93_000 });
    assert_eq!(ask(&bank, "POST", "/bank/v1/debits", Some(body)).await.status, 200);
    assert_eq!(json!(bank.transactions(0)[0].account), linked["account"]);
}
