use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use crate::ask::{ID, debit, fresh, get, inquiry, magical, order, post};

/// Price, status of the answer (500 stands for a dropped line: there is no line here), inquiry right after it, inquiry ten seconds later.
const TABLE: [(i64, u16, &str, &str); 8] = [
    (9_300, 200, "done", "done"),
    (18_600, 200, "done", "done"),
    (27_900, 200, "done", "done"),
    (46_500, 500, "done", "done"),
    (65_100, 500, "not_found", "not_found"),
    (74_400, 422, "rejected", "rejected"),
    (83_700, 202, "pending", "done"),
    (93_000, 200, "done", "done"),
];

#[tokio::test(start_paused = true)]
async fn magic_amounts_misbehave_as_the_table_says() {
    for (price_won, status, at_once, in_the_end) in TABLE {
        let bank = magical();
        assert_eq!(debit(&bank, price_won).await.status, status, "{price_won}");
        assert_eq!(inquiry(&bank).await, at_once, "{price_won}");
        tokio::time::sleep(Duration::from_secs(10)).await;
        assert_eq!(inquiry(&bank).await, in_the_end, "{price_won}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_slow_amount_takes_four_seconds() {
    let asked_at = Instant::now();
    debit(&magical(), 27_900).await;
    assert_eq!(asked_at.elapsed().as_secs(), 4);
}

#[tokio::test]
async fn without_magic_every_amount_is_normal() {
    for (price_won, ..) in TABLE {
        assert_eq!(debit(&fresh(), price_won).await.status, 200, "{price_won}");
    }
}

#[tokio::test]
async fn credits_know_no_magic() {
    let bank = magical();
    assert_eq!(post(&bank, "/bank/v1/credits", order(ID, 74_400)).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn magic_phones_misbehave() {
    let gateway = magical();
    let asked_at = Instant::now();
    for (to, status, delivered) in [("01012340000", 422, 0), ("01012340001", 202, 1), ("01012340002", 500, 0), ("01012340003", 202, 1)] {
        let answer = post(&gateway, "/sms/v1/messages", json!({ "id": to, "to": to, "text": "인증번호 123456" })).await;
        assert_eq!(answer.status, status, "{to}");
        assert_eq!(get(&gateway, &format!("/sms/v1/messages?to={to}")).await.json().as_array().unwrap().len(), delivered, "{to}");
    }
    assert_eq!(asked_at.elapsed().as_secs(), 4);
}
