//! How databases are opened: read-only, in use, missing, not ours.

use crate::database::{Database, Engine, engines};
use crate::history::{audit, database, options};
use auditor::{Error, audit_with};
use std::process::Command;

#[tokio::test]
async fn a_database_in_use_is_audited_without_waiting_for_its_writer() {
    for engine in engines() {
        let database = database(engine).await;
        let mut writer = database.connect().await;
        sqlx::raw_sql("BEGIN; UPDATE sale_window SET held = 1").execute(&mut writer).await.unwrap();
        let report = audit(&database).await;
        assert!(report.is_clean(), "what is not committed does not count\n{report}");
        sqlx::Connection::close(writer).await.unwrap();
        database.remove().await;
    }
}

#[tokio::test]
async fn what_a_crash_left_in_the_write_ahead_log_counts() {
    let database = Database::new(Engine::Sqlite).await;
    let mut writer = database.connect().await;
    sqlx::raw_sql("INSERT INTO merchant_day VALUES (501, 20260302, 1, 7, 0, 0)").execute(&mut writer).await.unwrap();
    let crashed = tempfile::tempdir().unwrap();
    let file = database.url.trim_start_matches("sqlite://");
    for ending in ["", "-wal"] {
        std::fs::copy(format!("{file}{ending}"), crashed.path().join(format!("pay.db{ending}"))).unwrap();
    }
    let url = format!("sqlite://{}/pay.db", crashed.path().display());
    let report = audit_with(&url, options()).await.unwrap();
    assert_eq!(report.broken(), ["shop_days_match_payments", "settled_accounts_add_up"], "{report}");
    sqlx::Connection::close(writer).await.unwrap();
}

#[tokio::test]
async fn the_write_mode_of_the_servers_url_is_not_taken_over() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("missing.db");
    let opened = audit_with(&format!("sqlite://{}?mode=rwc", file.display()), options()).await;
    assert!(matches!(opened, Err(Error::Open(_))), "{opened:?}");
    assert!(!file.exists());
}

#[tokio::test]
async fn a_database_that_is_not_ours_can_not_be_audited() {
    let database = Database::new(Engine::Sqlite).await;
    database.run("DROP TABLE payment").await;
    let read = audit_with(&database.url, options()).await;
    assert!(matches!(read, Err(Error::Check { .. })), "{read:?}");
    let other = audit_with("mysql://user:secret@host/db", options()).await;
    assert!(other.is_err_and(|error| !error.to_string().contains("secret")));
}

#[tokio::test]
async fn an_empty_database_is_clean() {
    for engine in engines() {
        let database = Database::new(engine).await;
        let report = audit(&database).await;
        database.remove().await;
        assert!(report.is_clean(), "{engine:?}\n{report}");
    }
}

#[tokio::test]
async fn the_exit_code_says_clean_broken_or_not_audited() {
    let database = database(Engine::Sqlite).await;
    // The binary reads the real clock; nothing may be due for long.
    database.run("UPDATE outbox SET state = 'sent'; UPDATE webhook SET state = 'given_up' WHERE state = 'due'").await;
    let run = |url: &str, flags: &[&str]| {
        let done = Command::new(env!("CARGO_BIN_EXE_auditor")).arg(url).args(flags).output().unwrap();
        (done.status.code(), String::from_utf8(done.stdout).unwrap())
    };
    let (code, said) = run(&database.url, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.ends_with("checks hold\n"), "{said}");
    database.run("UPDATE lot SET discount_bp = 1000 WHERE id = 101").await;
    let (code, said) = run(&database.url, &[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("lot 101: 3,000 won: 100,000 won cost 93,000 won at 1000 basis points"), "{said}");
    let (code, said) = run(&database.url, &["--json"]);
    assert_eq!(code, Some(1));
    let report: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(report["clean"], false);
    let (code, said) = run("sqlite:///nowhere/at/all.db", &[]);
    assert_eq!((code, said.as_str()), (Some(2), ""));
}
