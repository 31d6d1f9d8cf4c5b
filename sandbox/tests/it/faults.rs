use std::time::Duration;

use sandbox::{Fault, Operation, Reason, Rule, Service};
use serde_json::json;
use tokio::time::Instant;

use crate::ask::{ID, ask, debit, fresh, get, inquiry, order, post};
use crate::wire::exchange;

fn on_debit(fault: Fault) -> Rule {
    Rule::new(Service::Bank, Operation::Debit, fault)
}

#[tokio::test]
async fn a_dropped_debit_is_found_by_inquiry() {
    let running = sandbox::start().await.unwrap();
    running.sandbox.set_fault(on_debit(Fault::DropAfter).times(1)).unwrap();
    let answer = exchange(&running.base_url, "POST", "/bank/v1/debits", &order(ID, 93_000).to_string()).await;
    assert_eq!(answer, b"", "not a single byte of an answer");
    assert_eq!(inquiry(&running.sandbox).await, "done");
    let retried = exchange(&running.base_url, "POST", "/bank/v1/debits", &order(ID, 93_000).to_string()).await;
    assert!(retried.starts_with(b"HTTP/1.1 200 OK"));
    assert_eq!(running.sandbox.balance().debited_won, 93_000);
    running.stop().await;
}

#[tokio::test]
async fn a_debit_dropped_before_is_not_found_by_inquiry() {
    let running = sandbox::start().await.unwrap();
    running.sandbox.set_fault(on_debit(Fault::DropBefore)).unwrap();
    let answer = exchange(&running.base_url, "POST", "/bank/v1/debits", &order(ID, 93_000).to_string()).await;
    assert_eq!(answer, b"");
    assert_eq!(inquiry(&running.sandbox).await, "not_found");
    running.stop().await;
}

#[tokio::test]
async fn only_the_line_of_the_dropped_request_is_cut() {
    let running = sandbox::start().await.unwrap();
    running.sandbox.set_fault(on_debit(Fault::DropAfter)).unwrap();
    let (body, path) = (order(ID, 93_000).to_string(), format!("/bank/v1/debits/{ID}"));
    let (dropped, health, inquiry) = tokio::join!(
        exchange(&running.base_url, "POST", "/bank/v1/debits", &body),
        exchange(&running.base_url, "GET", "/health", ""),
        exchange(&running.base_url, "GET", &path, "")
    );
    assert_eq!(dropped, b"");
    assert!(health.starts_with(b"HTTP/1.1 200 OK") && inquiry.starts_with(b"HTTP/1.1 200 OK"));
    running.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_slow_debit_is_done_at_once_and_answered_late() {
    let bank = fresh();
    bank.set_fault(on_debit(Fault::Slow).delay_ms(4_000)).unwrap();
    let asked_at = Instant::now();
    let debiting = tokio::spawn({
        let bank = bank.clone();
        async move { debit(&bank, 93_000).await.status }
    });
    tokio::task::yield_now().await;
    assert_eq!(inquiry(&bank).await, "done");
    assert_eq!(debiting.await.unwrap(), 200);
    assert!(asked_at.elapsed() >= Duration::from_secs(4));
}

#[tokio::test(start_paused = true)]
async fn a_late_debit_is_pending_until_its_time() {
    let bank = fresh();
    bank.set_fault(on_debit(Fault::Late).delay_ms(6_000).times(1)).unwrap();
    let pending = (202, json!({ "id": ID, "status": "pending" }));
    assert_eq!(debit(&bank, 93_000).await.both(), pending);
    assert_eq!(inquiry(&bank).await, "pending");
    assert_eq!(debit(&bank, 93_000).await.both(), pending, "asking again does not hurry it");
    assert_eq!(debit(&bank, 9_300).await.status, 409);
    assert_eq!(bank.balance().debited_won, 0);
    tokio::time::sleep(Duration::from_millis(6_001)).await;
    assert_eq!(inquiry(&bank).await, "done");
    assert_eq!(debit(&bank, 93_000).await.status, 200);
    assert_eq!(bank.balance().debited_won, 93_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_delivered_twice_at_once_moves_money_once() {
    let bank = fresh();
    bank.set_fault(on_debit(Fault::Twice)).unwrap();
    for n in 0..50 {
        let id = format!("0193d6a0-0000-7000-8000-{n:012}");
        assert_eq!(post(&bank, "/bank/v1/debits", order(&id, 93_000)).await.status, 200);
    }
    let balance = bank.balance();
    assert_eq!((balance.debits, balance.replays), (50, 50), "each request arrived twice and counted once");
}

#[tokio::test]
async fn a_rejected_debit_stays_rejected_after_the_fault() {
    let bank = fresh();
    bank.set_fault(on_debit(Fault::Reject).reason(Reason::AccountClosed).times(1)).unwrap();
    let rejected = (422, json!({ "id": ID, "status": "rejected", "reason": "account_closed" }));
    assert_eq!(debit(&bank, 93_000).await.both(), rejected);
    assert_eq!(debit(&bank, 93_000).await.both(), rejected);
    assert_eq!(inquiry(&bank).await, "rejected");
    assert_eq!(bank.balance().debited_won, 0);
}

#[tokio::test]
async fn a_service_that_is_down_says_when_to_come_back_and_does_nothing() {
    let bank = fresh();
    bank.set_fault(Rule::new(Service::Bank, Operation::Any, Fault::Down)).unwrap();
    let answer = debit(&bank, 93_000).await;
    assert_eq!(answer.both(), (503, json!({ "error": "down" })));
    assert_eq!(answer.headers["retry-after"], "1");
    assert_eq!(get(&bank, &format!("/bank/v1/debits/{ID}")).await.status, 503);
    bank.clear_faults();
    assert_eq!(inquiry(&bank).await, "not_found");
}

#[tokio::test]
async fn garbage_is_not_json_yet_the_debit_is_done() {
    let bank = fresh();
    bank.set_fault(on_debit(Fault::Garbage)).unwrap();
    let answer = debit(&bank, 93_000).await;
    assert_eq!(answer.status, 200);
    assert!(serde_json::from_str::<serde_json::Value>(&answer.text).is_err());
    assert_eq!(inquiry(&bank).await, "done");
}

#[tokio::test]
async fn a_fault_with_times_is_used_up_and_its_table_shows_what_is_left() {
    let bank = fresh();
    let rule = json!({ "service": "bank", "operation": "debit", "fault": "down", "delay_ms": 0, "times": 2 });
    let set = ask(&bank, "PUT", "/admin/faults", Some(rule)).await;
    let shown = |times: u32| json!([{ "service": "bank", "operation": "debit", "fault": "down", "delay_ms": 0, "times": times, "reason": "insufficient_funds" }]);
    assert_eq!(set.both(), (200, shown(2)));
    assert_eq!(debit(&bank, 93_000).await.status, 503);
    assert_eq!(get(&bank, "/admin/faults").await.json(), shown(1));
    assert_eq!(debit(&bank, 93_000).await.status, 503);
    assert_eq!(debit(&bank, 93_000).await.status, 200);
    assert_eq!(get(&bank, "/admin/faults").await.json(), json!([]));
}

#[tokio::test]
async fn faults_end_by_none_and_by_delete() {
    let bank = fresh();
    let rule = |fault: &str| Some(json!({ "service": "bank", "operation": "debit", "fault": fault, "times": null }));
    ask(&bank, "PUT", "/admin/faults", rule("down")).await;
    assert_eq!(ask(&bank, "PUT", "/admin/faults", rule("none")).await.both(), (200, json!([])));
    ask(&bank, "PUT", "/admin/faults", rule("down")).await;
    assert_eq!(ask(&bank, "DELETE", "/admin/faults", None).await.status, 204);
    assert_eq!(debit(&bank, 93_000).await.status, 200);
}

#[tokio::test]
async fn a_fault_meets_only_its_own_operation_and_the_narrower_rule_wins() {
    let bank = fresh();
    bank.set_fault(Rule::new(Service::Bank, Operation::Any, Fault::Down)).unwrap();
    bank.set_fault(on_debit(Fault::Reject)).unwrap();
    assert_eq!(debit(&bank, 93_000).await.status, 422);
    assert_eq!(post(&bank, "/bank/v1/credits", order(ID, 93_000)).await.status, 503);
    assert_eq!(get(&bank, "/bank/v1/balance").await.status, 200, "what auditors read meets no faults");
    let person = json!({ "name": "김하늘", "birth_date": "1991-03-02", "phone": "01012345678", "carrier": "SKT" });
    assert_eq!(post(&bank, "/identity/v1/verifications", person).await.status, 200);
}

#[tokio::test]
async fn a_malformed_request_does_not_use_a_fault_up() {
    let bank = fresh();
    bank.set_fault(on_debit(Fault::Down).times(1)).unwrap();
    assert_eq!(debit(&bank, 0).await.status, 400);
    assert_eq!(debit(&bank, 93_000).await.status, 503);
}

#[tokio::test]
async fn rules_without_meaning_are_refused() {
    let bank = fresh();
    let table = [
        (json!({ "service": "sms", "operation": "debit", "fault": "down" }), 422, "operation_not_offered"),
        (json!({ "service": "bank", "operation": "inquiry", "fault": "late" }), 422, "fault_without_meaning"),
        (json!({ "service": "identity", "fault": "late" }), 422, "fault_without_meaning"),
        (json!({ "service": "bank", "fault": "slow", "delay_ms": 600_001 }), 422, "delay_too_long"),
        (json!({ "service": "bank", "fault": "slow", "times": 0 }), 422, "zero_times"),
        (json!({ "service": "post", "fault": "slow" }), 400, "bad_request"),
        (json!({ "service": "bank", "fault": "explode" }), 400, "bad_request"),
    ];
    for (rule, status, error) in table {
        let answer = ask(&bank, "PUT", "/admin/faults", Some(rule.clone())).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["error"]), (status, &json!(error)), "{rule}");
    }
    assert_eq!(get(&bank, "/admin/faults").await.json(), json!([]));
}

#[tokio::test]
async fn identity_verification_and_inquiries_can_be_refused() {
    let outside = fresh();
    outside.set_fault(Rule::new(Service::Identity, Operation::Verify, Fault::Reject)).unwrap();
    outside.set_fault(Rule::new(Service::Bank, Operation::Inquiry, Fault::Reject)).unwrap();
    let person = json!({ "name": "김하늘", "birth_date": "1991-03-02", "phone": "01012345678", "carrier": "SKT" });
    assert_eq!(
        post(&outside, "/identity/v1/verifications", person).await.both(),
        (422, json!({ "verified": false, "reason": "mismatch" }))
    );
    assert_eq!(get(&outside, &format!("/bank/v1/debits/{ID}")).await.status, 422);
}
