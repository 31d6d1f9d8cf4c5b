//! Style that can be tested is a test. Each test lists every place that breaks its rule; there is no marker to silence one.

mod manifest;
mod source;

use manifest::{Dependency, Manifest, members};
use source::{Source, tracked};
use std::cell::Cell;

fn assert_none(rule: &str, found: Vec<String>) {
    assert!(found.is_empty(), "{rule}:\n  {}", found.join("\n  "));
}

/// Who may depend on whom: crate, its dependencies among ours, what its tests may use besides.
const DIRECTIONS: [(&str, &[&str], &[&str]); 10] = [
    ("domain", &[], &[]),
    ("store", &["domain"], &["auditor"]),
    ("app", &["domain", "store"], &[]),
    ("server", &["app", "domain", "store"], &["auditor", "sandbox"]),
    ("frontend", &["app"], &[]),
    ("sandbox", &[], &[]),
    ("auditor", &[], &[]),
    ("bench", &["auditor", "domain", "store"], &[]),
    ("xtask", &[], &[]),
    ("bindgen", &[], &[]),
];

#[test]
fn crates_depend_in_one_direction() {
    let ours: Vec<&str> = DIRECTIONS.iter().map(|(name, ..)| *name).collect();
    let mut found = Vec::new();
    for manifest in members() {
        let Some((_, allowed, in_tests)) = DIRECTIONS.iter().find(|(name, ..)| *name == manifest.name) else {
            found.push(format!("{}: say in DIRECTIONS what it may depend on", manifest.name));
            continue;
        };
        for dependency in manifest.dependencies.iter().filter(|dependency| ours.contains(&dependency.name.as_str())) {
            let name = dependency.name.as_str();
            if !(allowed.contains(&name) || dependency.in_tests_only && in_tests.contains(&name)) {
                found.push(format!("{} must not depend on {name}", manifest.name));
            }
        }
    }
    assert_none("crates depend on each other in one direction", found);
}

#[test]
fn the_browser_never_gets_the_store() {
    let app = members().into_iter().find(|manifest| manifest.name == "app").expect("app is a member");
    let store = app.dependencies.iter().find(|dependency| dependency.name == "store").expect("app uses store");
    assert!(store.text.contains("optional = true"), "app: store must be optional");
    for feature in ["default", "hydrate"] {
        let enables = app.feature(feature);
        assert!(!enables.contains("store"), "app: the feature {feature} must not bring store, but it is [{enables}]");
    }
    assert!(app.feature("ssr").contains("dep:store"), "app: the feature ssr brings store");
}

#[test]
fn every_version_stands_once_in_the_root_manifest() {
    let states_a_version = |dependency: &&Dependency| !dependency.text.contains("workspace = true") || dependency.text.contains("version");
    let places = |manifest: Manifest| {
        let wrong =
            manifest.dependencies.iter().filter(states_a_version).map(|dependency| format!("{}: {}", manifest.name, dependency.name));
        wrong.collect::<Vec<_>>()
    };
    assert_none("members say `workspace = true`", members().into_iter().flat_map(places).collect());
}

#[test]
fn only_store_auditor_and_bench_speak_sql() {
    const SQL: [&str; 2] = ["sqlx", "rusqlite"];
    const MAY: [&str; 3] = ["store", "auditor", "bench"];
    let mut found = Vec::new();
    for manifest in members().iter().filter(|manifest| !MAY.contains(&manifest.name.as_str())) {
        let uses = manifest.dependencies.iter().filter(|dependency| SQL.contains(&dependency.name.as_str()));
        found.extend(uses.map(|dependency| format!("{} depends on {}", manifest.name, dependency.name)));
    }
    for source in rust().filter(|source| !MAY.contains(&source.crate_name())) {
        found.extend(source.lines_of_code(|code| SQL.iter().any(|name| source::has_word(code, name))));
    }
    assert_none("sqlx and rusqlite stay in store, auditor and bench", found);
}

#[test]
fn no_test_is_ignored() {
    let found = rust().flat_map(|source| source.lines_of_code(|code| code.contains("#[ignore"))).collect();
    assert_none("no test is ignored", found);
}

#[test]
fn no_test_sleeps() {
    let mut found: Vec<String> = Vec::new();
    for source in rust() {
        // On tokio's paused clock a sleep costs nothing and says what it says.
        let paused = Cell::new(false);
        found.extend(source.lines_of_tests(|code| {
            if code.contains("test(") || code.contains("[test]") {
                paused.set(code.contains("start_paused = true"));
            }
            !paused.get() && (source::has_word(code, "sleep") || source::has_word(code, "sleep_until"))
        }));
    }
    // Looking again after a moment is waiting for what one wants to see; it stands in one place. The soak is no test: it plays how time
    // passes at a counter.
    let may = ["end2end/lib/until.mjs", "end2end/soak.mjs"];
    let stories = tracked().filter(|source| source.path.starts_with("end2end/") && !may.contains(&source.path.as_str()));
    let in_browser = |line: &str| ["waitForTimeout", "setTimeout(resolve", "timers/promises"].iter().any(|wait| line.contains(wait));
    found.extend(stories.flat_map(|source| source.lines(in_browser)));
    assert_none("tests wait for what they want to see, not for time to pass", found);
}

#[test]
fn nothing_unwraps_outside_tests() {
    let found = rust().flat_map(|source| source.lines_outside_tests(|code| code.contains(".unwrap()"))).collect();
    assert_none("expect(\"why it can't happen\") or an error instead of unwrap", found);
}

#[test]
fn nothing_is_left_to_do() {
    let open = |code: &str| ["todo!", "unimplemented!", "dbg!"].iter().any(|name| code.contains(name));
    assert_none("no todo!, unimplemented!, dbg!", rust().flat_map(|source| source.lines_of_code(open)).collect());
}

#[test]
fn libraries_and_modules_open_with_a_paragraph() {
    let opens = |source: &Source| ["lib.rs", "mod.rs"].contains(&source.file_name()) && !source.text.starts_with("//!");
    assert_none("lib.rs and mod.rs begin with `//!`", rust().filter(opens).map(|source| source.path).collect());
}

#[test]
fn names_say_what_a_thing_is() {
    const EMPTY: [&str; 5] = ["Manager", "Helper", "Helpers", "Util", "Utils"];
    let mut found = Vec::new();
    for source in rust() {
        if EMPTY.iter().any(|word| source.file_name() == format!("{}.rs", word.to_lowercase())) {
            found.push(source.path.clone());
        }
        let names = |code: &str| {
            let mut words = code.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
            words.any(|word| ["struct", "enum", "trait"].contains(&word))
                && code.split(|c: char| !c.is_alphanumeric()).any(|name| EMPTY.iter().any(|word| name.ends_with(word)))
        };
        found.extend(source.lines_of_code(names));
    }
    assert_none("no Manager, Helper or Utils", found);
}

/// Longer than the limit, with the reason why each is better whole.
const LONG: [(&str, &str); 0] = [];

#[test]
fn a_file_tells_one_story() {
    const WORTH_A_LOOK: usize = 400;
    const LIMIT: usize = 500;
    let mut found = Vec::new();
    for source in tracked().filter(|source| source.is_code()) {
        let lines = source.text.lines().count();
        if lines > LIMIT && !LONG.iter().any(|(path, _)| *path == source.path) {
            found.push(format!("{}: {lines} lines", source.path));
        } else if lines > WORTH_A_LOOK {
            println!("worth a look: {} has {lines} lines", source.path);
        }
    }
    assert_none("no file is longer than 500 lines", found);
    for (path, reason) in LONG {
        assert!(tracked().any(|source| source.path == path), "{path} ({reason}) is gone: take it off the list");
    }
}

#[test]
fn text_has_no_tabs_and_no_trailing_blanks() {
    let mut found = Vec::new();
    for source in tracked().filter(|source| source.is_text() && !source.is_lock()) {
        found.extend(source.lines(|line| line.contains('\t') || line.ends_with(' ') || line.ends_with('\r')));
        if !source.text.is_empty() && !source.text.ends_with('\n') {
            found.push(format!("{}: no newline at its end", source.path));
        }
    }
    assert_none("no tabs, no blanks at the end of a line, a newline at the end of a file", found);
}

#[test]
fn every_style_closes_its_braces() {
    // A rule that is left open takes all the rules after it along, and no browser says so.
    let open = |source: &Source| source.text.matches('{').count() as i64 - source.text.matches('}').count() as i64;
    let styles: Vec<Source> = tracked().filter(|source| source.path.starts_with("style/") && source.path.ends_with(".css")).collect();
    assert!(styles.len() > 5, "the styles are found");
    let found =
        styles.iter().filter(|style| open(style) != 0).map(|style| format!("{}: {} more opened than closed", style.path, open(style)));
    assert_none("styles close what they open", found.collect());
}

#[test]
fn the_repository_knows_no_machine() {
    // Put together here, so that this file does not break its own rule.
    let hosts = [["registry", "npmjs.org"], ["static.crates", "io"], ["index.crates", "io"], ["pypi", "org"], ["deb.debian", "org"]];
    let hosts = hosts.map(|parts| parts.join("."));
    let folders = ["root", "home", "work", "Users"].map(|name| format!("/{name}/"));
    let knows = |line: &str| {
        let is_path = |folder: &String| line.match_indices(folder.as_str()).any(|(at, _)| starts_a_path(&line[..at]));
        hosts.iter().any(|host| line.contains(host)) || folders.iter().any(is_path)
    };
    let found = tracked().filter(|source| !source.is_lock()).flat_map(|source| source.lines(knows)).collect();
    assert_none("no registry host and no path of one machine", found);
}

/// Whether a slash after this text begins an absolute path (and not a route like `/shop/home/`).
fn starts_a_path(before: &str) -> bool {
    !before.ends_with(|c: char| c.is_alphanumeric() || "._-}$~".contains(c))
}

fn rust() -> impl Iterator<Item = Source> {
    tracked().filter(|source| source.path.ends_with(".rs"))
}
