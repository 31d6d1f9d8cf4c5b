//! The bank's journal beside the history.

use crate::database::{Engine, id};
use crate::history::{REFUNDED, SETTLED, database, options};
use auditor::{Error, Options, Report, audit_with};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use std::collections::HashMap;

/// Kind, purchase, amount. Two at a time, so that pages are turned.
type Moved = (&'static str, u32, i64);

/// What the bank did in the history: purchase 4 is unknown and was debited, purchase 7's credit is still to come.
const TRUE: [Moved; 9] = [
    ("debit", 1, 93_000),
    ("debit", 2, 186_000),
    ("debit", 3, 18_000),
    ("debit", 4, 46_500),
    ("debit", 7, 37_200),
    ("debit", 8, 65_100),
    ("credit", 8, 65_100),
    ("debit", 9, 46_500),
    // One won to the account of a shop.
    ("credit", 71, 1),
];

async fn bank(moved: Vec<Moved>) -> String {
    let journal: Vec<Value> = (1..)
        .zip(moved)
        .map(|(seq, (kind, number, amount))| {
            json!({ "seq": seq, "kind": kind, "id": id(number), "amount_won": amount, "account": "a", "memo": "", "at": "2026-03-04T01:30:00Z" })
        })
        .collect();
    let transactions = |State(journal): State<Vec<Value>>, Query(query): Query<HashMap<String, usize>>, headers: HeaderMap| async move {
        match headers.get("authorization").is_some_and(|key| key == "Bearer secret") {
            true => Ok(Json(journal.into_iter().skip(query["after"]).take(2).collect::<Vec<_>>())),
            false => Err(StatusCode::UNAUTHORIZED),
        }
    };
    let router = Router::new().route("/bank/v1/transactions", get(transactions)).with_state(journal);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

async fn audit_beside(moved: Vec<Moved>, statements: &str, late_refund_hours: i64) -> Report {
    let database = database(Engine::Sqlite).await;
    database.run(statements).await;
    let bank_url = Some(bank(moved).await);
    audit_with(&database.url, Options { bank_url, bank_key: "secret".to_owned(), late_refund_hours, ..options() }).await.unwrap()
}

#[tokio::test]
async fn a_journal_that_fits_is_clean_and_open_debits_are_noted() {
    let report = audit_beside(TRUE.to_vec(), "", 24).await;
    assert!(report.is_clean(), "{report}");
    let note = report.notes.iter().find(|note| note.words == "unknown, but debited at the bank").unwrap();
    assert_eq!((note.row.as_str(), note.amount, note.age_s), (format!("purchase {}", id(4)).as_str(), 46_500, 7_200));
}

#[tokio::test]
async fn what_does_not_fit_is_named_with_its_amount() {
    const DEBITS: &str = "bank_debits_match_purchases";
    const CREDITS: &str = "bank_credits_match_refunds";
    let without = |at: usize| TRUE.iter().enumerate().filter(|(index, _)| *index != at).map(|(_, moved)| *moved).collect();
    let with = |more: Moved| [&TRUE[..], &[more]].concat();
    let table: [(&str, Vec<Moved>, u32, i64, &str); 11] = [
        ("posted and never debited", without(0), 1, -93_000, DEBITS),
        ("debited twice", with(("debit", 1, 93_000)), 1, 93_000, DEBITS),
        ("debited too much", [&[("debit", 1, 93_001)], &TRUE[1..]].concat(), 1, 1, DEBITS),
        ("debited for nothing", with(("debit", 99, 5_000)), 99, 5_000, DEBITS),
        ("refunded and never credited", without(6), 8, -65_100, CREDITS),
        ("credited twice", with(("credit", 8, 65_100)), 8, 65_100, CREDITS),
        ("a posted purchase credited", with(("credit", 2, 186_000)), 2, 186_000, CREDITS),
        ("credited to nobody", with(("credit", 99, 5_000)), 99, 5_000, CREDITS),
        ("one won that never left", without(8), 71, -1, CREDITS),
        ("one won that left twice", with(("credit", 71, 1)), 71, 1, CREDITS),
        ("a hundred instead of one won", [&TRUE[..8], &[("credit", 71, 100)]].concat(), 71, 99, CREDITS),
    ];
    for (what, moved, number, amount, check) in table {
        let report = audit_beside(moved, "", 24).await;
        assert_eq!(report.broken(), [check], "{what}\n{report}");
        let violations = &report.checks.iter().find(|found| found.name == check).unwrap().violations;
        assert_eq!(violations.len(), 1, "{what}\n{report}");
        assert!(violations[0].row.ends_with(&id(number)), "{what}\n{report}");
        assert_eq!(violations[0].amount, amount, "{what}\n{report}");
    }
}

#[tokio::test]
async fn a_partners_purchase_is_debited_from_the_partner() {
    // The bank says "a" of every account.
    let other = "UPDATE partner SET account = 'b'; UPDATE purchase SET account = 'b' WHERE partner_id = 61";
    let report = audit_beside(TRUE.to_vec(), other, 24).await;
    assert_eq!(report.broken(), ["partners_are_debited_themselves"], "{report}");
    let check = report.checks.iter().find(|check| check.found > 0).unwrap();
    assert_eq!((check.violations[0].row.as_str(), check.violations[0].amount), (format!("purchase {}", id(9)).as_str(), 46_500));
}

#[tokio::test]
async fn a_payout_is_credited_once_to_its_account() {
    let with = |more: &[Moved]| [&TRUE[..], more].concat();
    let table: [(&str, Vec<Moved>, Option<i64>); 6] = [
        ("paid; the open one not yet", with(&[("credit", 42, 109_670)]), None),
        ("paid; the open one too", with(&[("credit", 42, 109_670), ("credit", 43, 30_000)]), None),
        ("paid and never credited", with(&[]), Some(-109_670)),
        ("credited twice", with(&[("credit", 42, 109_670), ("credit", 42, 109_670)]), Some(109_670)),
        ("credited another amount", with(&[("credit", 42, 109_671)]), Some(1)),
        ("a rejected try was credited", with(&[("credit", 42, 109_670), ("credit", 41, 109_670)]), Some(109_670)),
    ];
    for (what, moved, amount) in table {
        let report = audit_beside(moved, SETTLED, 24).await;
        let found: Vec<_> = report.checks.iter().flat_map(|check| &check.violations).map(|violation| violation.amount).collect();
        assert_eq!(found, Vec::from_iter(amount), "{what}\n{report}");
        let broken = amount.map(|_| "bank_credits_match_payouts");
        assert_eq!(report.broken(), Vec::from_iter(broken), "{what}\n{report}");
    }
    let elsewhere = format!("{SETTLED}; UPDATE payout_try SET account = 'b' WHERE id = @42");
    let report = audit_beside(with(&[("credit", 42, 109_670)]), &elsewhere, 24).await;
    assert_eq!(report.broken(), ["bank_credits_match_payouts"], "{report}");
}

/// What the bank did in the history with refunds: it has not credited 63, 64 and 65.
const TRUE_REFUNDED: [Moved; 9] = [
    ("debit", 51, 93_000),
    ("debit", 52, 93_000),
    ("debit", 53, 93_000),
    ("debit", 54, 93_000),
    ("debit", 55, 93_000),
    ("debit", 56, 20_000),
    ("credit", 61, 93_000),
    ("credit", 62, 37_200),
    ("credit", 66, 20_000),
];

#[tokio::test]
async fn a_refund_is_credited_once_to_its_account() {
    let with = |more: &[Moved]| [&TRUE[..], &TRUE_REFUNDED[..], more].concat();
    let but = |number: u32, instead: &[Moved]| {
        with(instead).into_iter().filter(|moved| moved.1 != number || instead.contains(moved)).collect::<Vec<_>>()
    };
    /// A refund that breaks the check, and by how much.
    type Broken = Option<(u32, i64)>;
    let table: [(&str, Vec<Moved>, Broken); 11] = [
        ("posted ones only", with(&[]), None),
        ("the open ones too", with(&[("credit", 63, 27_899), ("credit", 65, 93_000)]), None),
        ("posted and never credited", but(61, &[]), Some((61, -93_000))),
        ("credited twice", with(&[("credit", 61, 93_000)]), Some((61, 93_000))),
        ("credited too much", but(62, &[("credit", 62, 37_201)]), Some((62, 1))),
        ("credited the face", but(62, &[("credit", 62, 40_000)]), Some((62, 2_800))),
        ("a voided one credited", with(&[("credit", 64, 93_000)]), Some((64, 93_000))),
        ("an open one credited twice", with(&[("credit", 63, 27_899), ("credit", 63, 27_899)]), Some((63, 55_798))),
        ("an open one credited too much", with(&[("credit", 63, 27_900)]), Some((63, 27_900))),
        ("debited again", with(&[("debit", 62, 37_200)]), Some((62, 0))),
        ("debited instead", but(62, &[("debit", 62, 37_200)]), Some((62, -37_200))),
    ];
    for (what, moved, expected) in table {
        let report = audit_beside(moved, REFUNDED, 24).await;
        assert_only_credits(&report, expected, what);
    }
    // The bank says "a" of every account.
    for (number, amount, more) in [(61, 0, &[][..]), (63, 27_899, &[("credit", 63, 27_899)]), (65, 93_000, &[("credit", 65, 93_000)])] {
        let elsewhere = format!("{REFUNDED}; UPDATE refund SET account = 'b' WHERE id = @{number}");
        let report = audit_beside(with(more), &elsewhere, 24).await;
        assert_only_credits(&report, Some((number, amount)), &format!("refund {number} credited elsewhere"));
    }
}

/// Nothing is broken but the credit of that refund, by so much.
fn assert_only_credits(report: &Report, expected: Option<(u32, i64)>, what: &str) {
    let found: Vec<_> = report.checks.iter().flat_map(|check| &check.violations).map(|found| (found.row.clone(), found.amount)).collect();
    assert_eq!(found, Vec::from_iter(expected.map(|(number, amount)| (format!("refund {}", id(number)), amount))), "{what}\n{report}");
    assert_eq!(report.broken(), Vec::from_iter(expected.map(|_| "bank_credits_match_refunds")), "{what}\n{report}");
}

#[tokio::test]
async fn an_open_refund_that_was_credited_is_only_noted() {
    let moved = [&TRUE[..], &TRUE_REFUNDED[..], &[("credit", 65, 93_000), ("credit", 63, 27_899)]].concat();
    let noted = |report: &Report| -> Vec<_> {
        let refunds = report.notes.iter().filter(|note| note.row.starts_with("refund ") && note.words.ends_with("at the bank"));
        refunds.map(|note| (note.row.clone(), note.amount, note.age_s, note.words.clone())).collect()
    };
    let report = audit_beside(moved.clone(), REFUNDED, 24).await;
    assert!(report.is_clean(), "{report}");
    let words = |state| format!("{state}, but credited at the bank");
    let open =
        [(format!("refund {}", id(63)), 27_899, 7_200, words("unknown")), (format!("refund {}", id(65)), 93_000, 7_200, words("reserved"))];
    assert_eq!(noted(&report), open);
    let without = audit_beside(moved[..moved.len() - 2].to_vec(), REFUNDED, 24).await;
    assert_eq!(noted(&without), [], "{without}");
    // Open since more than a day, credited or not; the one that was asked for less than ten minutes ago is not worth a note.
    let old: Vec<_> =
        without.notes.iter().filter(|note| note.row.starts_with("refund ")).map(|note| (note.row.clone(), note.amount)).collect();
    assert_eq!(old, [(format!("refund {}", id(63)), 29_999)]);
}

#[tokio::test]
async fn a_debit_after_the_void_is_noted_first_and_broken_when_it_is_forgotten() {
    let moved = [&TRUE[..], &[("debit", 6, 27_900)]].concat();
    let soon = audit_beside(moved.clone(), "", 2).await;
    assert!(soon.is_clean(), "{soon}");
    assert!(soon.notes.iter().any(|note| note.row.ends_with(&id(6)) && note.amount == 27_900), "{soon}");
    let forgotten = audit_beside(moved, "", 1).await;
    assert_eq!(forgotten.broken(), ["bank_debits_match_purchases"], "{forgotten}");
}

#[tokio::test]
async fn a_bank_that_can_not_be_read_is_an_error() {
    let database = database(Engine::Sqlite).await;
    let bank_url = Some(bank(TRUE.to_vec()).await);
    let wrong_key = audit_with(&database.url, Options { bank_url, bank_key: "wrong".to_owned(), ..options() }).await;
    assert!(matches!(wrong_key, Err(Error::Bank(_))), "{wrong_key:?}");
}
