use sandbox::{Fault, Operation, Rule, Service};
use serde_json::json;

use crate::ask::{fresh, post};

#[tokio::test]
async fn the_state_of_a_business_is_in_its_number() {
    let numbers = ["1234567891", "9970000001", "9980000001", "9990000001"];
    let answer = post(&fresh(), "/tax/v1/status", json!({ "b_no": numbers })).await;
    let body = answer.json();
    assert_eq!((answer.status.as_u16(), &body["status_code"], &body["request_cnt"]), (200, &json!("OK"), &json!(4)));
    let told: Vec<(&str, &str)> =
        body["data"].as_array().unwrap().iter().map(|one| (one["b_no"].as_str().unwrap(), one["b_stt_cd"].as_str().unwrap())).collect();
    assert_eq!(told, [(numbers[0], "01"), (numbers[1], "02"), (numbers[2], "03"), (numbers[3], "")]);
    assert_eq!(body["data"][0]["b_stt"], "계속사업자");
    assert!(body["data"][3]["tax_type"].as_str().unwrap().contains("등록되지 않은"));
}

#[tokio::test]
async fn malformed_look_ups_are_bad_requests() {
    for bad in [
        json!({ "b_no": [] }),
        json!({ "b_no": ["123-45-67891"] }),
        json!({ "b_no": ["12345"] }),
        json!({ "b_no": "1234567891" }),
        json!({}),
    ] {
        assert_eq!(post(&fresh(), "/tax/v1/status", bad.clone()).await.status, 400, "{bad}");
    }
    assert_eq!(post(&fresh(), "/tax/v1/status", json!({ "b_no": vec!["1234567891"; 101] })).await.status, 400);
}

#[tokio::test]
async fn it_misbehaves_like_its_siblings() {
    let sandbox = fresh();
    let asked = json!({ "b_no": ["1234567891"] });
    for (fault, status) in [(Fault::Down, 503), (Fault::Reject, 422), (Fault::DropBefore, 500)] {
        sandbox.set_fault(Rule::new(Service::Tax, Operation::Status, fault).times(1)).unwrap();
        assert_eq!(post(&sandbox, "/tax/v1/status", asked.clone()).await.status, status, "{fault:?}");
    }
    sandbox.set_fault(Rule::new(Service::Tax, Operation::Any, Fault::Garbage).times(1)).unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(&post(&sandbox, "/tax/v1/status", asked.clone()).await.text).is_err());
    assert_eq!(post(&sandbox, "/tax/v1/status", asked).await.status, 200, "used up");
    assert!(sandbox.set_fault(Rule::new(Service::Tax, Operation::Any, Fault::Late)).is_err());
    assert!(sandbox.set_fault(Rule::new(Service::Tax, Operation::Debit, Fault::Down)).is_err());
    assert!(sandbox.set_fault(Rule::new(Service::Sms, Operation::Status, Fault::Down)).is_err());
}
