//! Settings: what is refused, and in which words; what is made and kept.

use crate::world::{SERVER_KEY, arguments};
use server::Config;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

const SANDBOX: &str = "http://127.0.0.1:8090";

fn settings(folder: &Path) -> Vec<String> {
    arguments("sqlite://x?mode=rwc", folder, SANDBOX)
}

fn with(folder: &Path, argument: &str) -> Vec<String> {
    let name = argument.split_once('=').unwrap().0;
    let mut arguments = settings(folder);
    arguments.retain(|given| !given.starts_with(&format!("{name}=")));
    arguments.push(argument.to_owned());
    arguments
}

fn refusal(arguments: Vec<String>) -> String {
    Config::read(arguments).err().expect("is refused").to_string()
}

#[test]
fn settings_that_make_no_sense_are_refused_in_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    for (argument, says) in [
        ("--addr=0.0.0.0:8080", "loopback only"),
        ("--addr=192.0.2.1:80", "loopback only"),
        ("--database-url=mysql://root:secret@host/x", "DATABASE_URL is sqlite"),
        ("--bank-url=http://bank.example", "no address of a service"),
        ("--sms-url=ftp://127.0.0.1", "no address of a service"),
        ("--tax-url=http://tax.example", "no address of a service"),
        ("--identity-url=nonsense", "no address of a service"),
        ("--outside-key=two words", "PAYPLUS_OUTSIDE_KEY"),
        ("--server-key=secret", "64 hexadecimal digits"),
        ("--hash-files=true", "hash.txt"),
    ] {
        let said = refusal(with(folder.path(), argument));
        assert!(said.contains(says), "{argument}: {said}");
        assert!(!said.contains("secret"), "{said}");
    }
}

#[test]
fn a_demo_needs_a_sandbox() {
    let folder = tempfile::tempdir().unwrap();
    let mut arguments = with(folder.path(), "--bank-url=https://bank.example");
    arguments.retain(|argument| !argument.starts_with("--demo="));
    arguments.push("--demo=basic".to_owned());
    assert!(refusal(arguments).contains("needs a sandbox"));
}

#[test]
fn the_server_key_is_made_once_and_only_its_owner_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut arguments = settings(folder.path());
    arguments.retain(|argument| !argument.starts_with("--server-key="));
    let first = Config::read(arguments.clone()).unwrap().server_key.expose();
    let file = folder.path().join("data/server.key");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(folder.path().join("data")).unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(Config::read(arguments.clone()).unwrap().server_key.expose(), first);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    assert!(refusal(arguments.clone()).contains("chmod 600"));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&file, "half a key").unwrap();
    assert!(refusal(arguments.clone()).contains("64 hexadecimal digits"));
    fs::write(&file, format!("{SERVER_KEY}\n")).unwrap();
    assert_eq!(Config::read(arguments).unwrap().server_key.expose(), [7; 32]);
}
