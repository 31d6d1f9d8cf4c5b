use axum::body::Body;
use axum::http::Request;
use sandbox::Sandbox;
use serde_json::json;

use crate::ask::{Answer, debit, fresh, get, magical, order, post, send};

async fn press(sandbox: &Sandbox, path: &str, fields: &str, site: &str) -> Answer {
    let request = Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", site)
        .body(Body::from(fields.to_owned()));
    send(sandbox, request.unwrap()).await
}

#[tokio::test]
async fn the_inbox_shows_messages_newest_first_and_escaped() {
    let gateway = fresh();
    for (id, text) in [("a", "인증번호 123456"), ("b", "<script>alert(1)</script> & \"끝\"")] {
        post(&gateway, "/sms/v1/messages", json!({ "id": id, "to": "01012345678", "text": text })).await;
    }
    let page = get(&gateway, "/inbox?to=01012345678").await;
    assert_eq!(page.status, 200);
    assert!(page.headers["content-type"].to_str().unwrap().starts_with("text/html"));
    let newer = page.text.find("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;끝&quot;").unwrap();
    let older = page.text.find("<strong class=\"code\">123456</strong>").unwrap();
    assert!(newer < older);
    assert!(!page.text.contains("<script"));
}

#[tokio::test]
async fn the_number_in_the_address_is_escaped_too() {
    let page = get(&fresh(), "/inbox?to=%22%3E%3Cb%3E").await;
    assert!(page.text.contains("&quot;&gt;&lt;b&gt;") && !page.text.contains("\"><b>"));
}

#[tokio::test]
async fn an_empty_inbox_says_so() {
    assert!(get(&fresh(), "/inbox").await.text.contains("아직 온 문자가 없어요"));
}

#[tokio::test]
async fn the_transactions_page_shows_what_moved_and_the_totals() {
    let bank = fresh();
    debit(&bank, 93_000).await;
    post(&bank, "/bank/v1/credits", order("0193d6a0-0000-7000-8000-000000000002", 37_200)).await;
    let page = get(&bank, "/transactions").await.text;
    for part in ["93,000원", "37,200원", "55,800원", "서울사랑상품권", "acc_1"] {
        assert!(page.contains(part), "{part}");
    }
}

#[tokio::test]
async fn the_index_lists_every_magic_amount_and_whether_it_is_on() {
    let page = get(&magical(), "/").await.text;
    for part in ["27,900원", "46,500원", "65,100원", "74,400원", "83,700원", "…0002", "켜져 있어요"] {
        assert!(page.contains(part), "{part}");
    }
    assert!(get(&fresh(), "/").await.text.contains("--magic true"));
}

#[tokio::test]
async fn a_fault_can_be_set_and_cleared_by_hand() {
    let bank = fresh();
    let set = press(&bank, "/faults", "service=bank&operation=debit&fault=down&delay_ms=&times=3", "same-origin").await;
    assert_eq!((set.status.as_u16(), &set.headers["location"]), (303, &"/".parse().unwrap()));
    assert!(get(&bank, "/").await.text.contains("3번"));
    assert_eq!(debit(&bank, 93_000).await.status, 503);
    assert_eq!(press(&bank, "/faults/clear", "", "same-origin").await.status, 303);
    assert_eq!(debit(&bank, 93_000).await.status, 200);
}

#[tokio::test]
async fn a_form_that_makes_no_sense_explains_itself() {
    let bank = fresh();
    for fields in ["service=sms&operation=debit&fault=down&delay_ms=&times=", "service=bank&operation=debit&fault=down&delay_ms=x&times="] {
        let page = press(&bank, "/faults", fields, "same-origin").await;
        assert_eq!(page.status, 422);
        assert!(page.text.contains("role=\"alert\""));
    }
}

#[tokio::test]
async fn another_site_cannot_press_our_buttons() {
    let bank = fresh();
    let fields = "service=bank&operation=debit&fault=down&delay_ms=&times=";
    for site in ["cross-site", "same-site"] {
        assert_eq!(press(&bank, "/faults", fields, site).await.status, 403);
        assert_eq!(press(&bank, "/faults/clear", "", site).await.status, 403);
    }
    assert_eq!(debit(&bank, 93_000).await.status, 200);
}
