use std::path::{Path, PathBuf};

use sandbox::{Fault, Operation, Rule, Sandbox, Service, Settings};
use serde_json::json;

use crate::ask::{ID, debit, inquiry, order, post};

/// A path of this test's own, with nothing there yet.
fn path(test: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("sandbox-{test}-{}.jsonl", std::process::id()));
    let _ = std::fs::remove_file(&path);
    path
}

fn open(journal: &Path) -> std::io::Result<Sandbox> {
    Sandbox::open(Settings { journal: Some(journal.to_path_buf()), ..Settings::default() })
}

#[tokio::test]
async fn an_inquiry_after_a_restart_is_true() {
    let path = path("restart");
    let other = "0193d6a0-0000-7000-8000-000000000002";
    let before = open(&path).unwrap();
    let done = debit(&before, 93_000).await;
    post(&before, "/bank/v1/credits", order(ID, 37_200)).await;
    before.set_fault(Rule::new(Service::Bank, Operation::Debit, Fault::Reject)).unwrap();
    post(&before, "/bank/v1/debits", order(other, 9_300)).await;
    let (transactions, balance) = (before.transactions(0), before.balance());
    drop(before);

    let after = open(&path).unwrap();
    assert_eq!(after.transactions(0), transactions);
    assert_eq!(after.balance(), balance);
    assert_eq!(inquiry(&after).await, "done");
    assert_eq!(debit(&after, 93_000).await.both(), done.both(), "the first answer, to the moment");
    assert_eq!(debit(&after, 9_300).await.status, 409);
    assert_eq!(post(&after, "/bank/v1/debits", order(other, 9_300)).await.json()["reason"], "insufficient_funds");
    assert_eq!(post(&after, "/bank/v1/debits", order("0193d6a0-0000-7000-8000-000000000003", 9_300)).await.status, 200);
    assert_eq!(after.transactions(2)[0].seq, 3);
}

#[tokio::test]
async fn a_line_cut_short_by_a_crash_is_forgotten_and_overwritten() {
    let path = path("cut-short");
    let before = open(&path).unwrap();
    debit(&before, 93_000).await;
    drop(before);
    let whole = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{whole}{}", &whole[..whole.len() / 2])).unwrap();

    let after = open(&path).unwrap();
    assert_eq!(after.balance().debits, 1);
    post(&after, "/bank/v1/credits", order(ID, 9_300)).await;
    drop(after);
    assert_eq!(open(&path).unwrap().balance().last_seq, 2);
}

#[tokio::test]
async fn a_pending_order_is_not_remembered_over_a_restart_because_nothing_moved() {
    let path = path("pending");
    let before = open(&path).unwrap();
    before.set_fault(Rule::new(Service::Bank, Operation::Debit, Fault::Late).delay_ms(600_000)).unwrap();
    assert_eq!(debit(&before, 93_000).await.json()["status"], "pending");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "");
}

#[test]
fn a_journal_with_foreign_or_contradicting_lines_is_refused() {
    let record = json!({ "kind": "debit", "id": ID, "account": "a", "amount_won": 1, "memo": "", "status": "done", "seq": 1, "at": "2026-01-01T00:00:00Z" });
    let mut gap = record.clone();
    gap["seq"] = json!(2);
    let contents = ["hello\n".to_owned(), format!("{record}\n{record}\n"), format!("{gap}\n"), format!("{record}\n\n")];
    for content in contents {
        let path = path("foreign");
        std::fs::write(&path, &content).unwrap();
        assert_eq!(open(&path).unwrap_err().kind(), std::io::ErrorKind::InvalidData, "{content}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), content, "left as it was found");
    }
}

#[test]
fn two_sandboxes_never_share_a_journal() {
    let path = path("shared");
    let _first = open(&path).unwrap();
    assert_eq!(open(&path).unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
}
