//! The repository's text files, and which of their lines are code and which are tests.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;

pub struct Source {
    /// From the root, with slashes.
    pub path: String,
    pub text: String,
}

pub fn root() -> PathBuf {
    // As of the run: a build that was kept may be of another clone.
    let here = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where xtask is");
    Path::new(&here).parent().expect("xtask lies in the root").to_path_buf()
}

/// Every text file that git has or would take.
pub fn tracked() -> impl Iterator<Item = Source> {
    let mut git = Command::new("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(root());
    let listed = git.output().expect("git lists the files").stdout;
    let paths: Vec<String> = listed.split(|&byte| byte == 0).filter_map(|path| String::from_utf8(path.to_vec()).ok()).collect();
    assert!(paths.len() > 1, "git listed no file");
    // Read as text or not at all: pictures and clips fail here, and files deleted but not yet so for git.
    paths.into_iter().filter_map(|path| Some(Source { text: std::fs::read_to_string(root().join(&path)).ok()?, path }))
}

/// Whether `word` stands in `code` by itself.
pub fn has_word(code: &str, word: &str) -> bool {
    code.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part == word)
}

impl Source {
    pub fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    pub fn crate_name(&self) -> &str {
        self.path.split('/').next().unwrap_or(&self.path)
    }

    fn ending(&self) -> &str {
        self.file_name().rsplit_once('.').map_or("", |(_, ending)| ending)
    }

    pub fn is_code(&self) -> bool {
        ["rs", "mjs", "js", "css", "sql", "sh", "py"].contains(&self.ending())
    }

    pub fn is_text(&self) -> bool {
        self.is_code() || ["toml", "md", "json", "html", "webmanifest", "yml"].contains(&self.ending()) || self.path == ".ci/run"
    }

    pub fn is_lock(&self) -> bool {
        ["Cargo.lock", "package-lock.json"].contains(&self.file_name())
    }

    pub fn lines(&self, broken: impl Fn(&str) -> bool) -> Vec<String> {
        self.where_in(self.text.lines(), |_, line| broken(line))
    }

    /// Lines whose code (not comment, not text in quotes) breaks a rule.
    pub fn lines_of_code(&self, broken: impl Fn(&str) -> bool) -> Vec<String> {
        let code = code_only(&self.text);
        self.where_in(code.lines(), |_, line| broken(line))
    }

    pub fn lines_of_tests(&self, broken: impl Fn(&str) -> bool) -> Vec<String> {
        let code = code_only(&self.text);
        let tests = self.test_lines();
        self.where_in(code.lines(), |number, line| tests.iter().any(|test| test.contains(&number)) && broken(line))
    }

    pub fn lines_outside_tests(&self, broken: impl Fn(&str) -> bool) -> Vec<String> {
        let code = code_only(&self.text);
        let tests = self.test_lines();
        self.where_in(code.lines(), |number, line| !tests.iter().any(|test| test.contains(&number)) && broken(line))
    }

    fn where_in<'a>(&self, lines: impl Iterator<Item = &'a str>, broken: impl Fn(usize, &str) -> bool) -> Vec<String> {
        let found = lines.enumerate().filter(|(number, line)| broken(*number, line));
        found.map(|(number, line)| format!("{}:{}: {}", self.path, number + 1, line.trim())).collect()
    }

    /// Files below `tests/`, `tests.rs`, and what follows `#[cfg(test)]` up to the brace that closes it (rustfmt puts it in the same column).
    fn test_lines(&self) -> Vec<Range<usize>> {
        if self.path.contains("/tests/") || self.file_name().ends_with("tests.rs") {
            return vec![Range { start: 0, end: usize::MAX }];
        }
        let lines: Vec<&str> = self.text.lines().collect();
        let starts = lines.iter().enumerate().filter(|(_, line)| line.trim_start().starts_with("#[cfg(test)]"));
        let region = |(start, line): (usize, &&str)| {
            let indent = &line[..line.len() - line.trim_start().len()];
            let closing = format!("{indent}}}");
            let end = lines[start..]
                .iter()
                .position(|line| **line == closing || line.ends_with(';') && line.starts_with(&format!("{indent}mod ")));
            start..end.map_or(lines.len(), |length| start + length + 1)
        };
        starts.map(region).collect()
    }
}

/// The text with comments, strings and characters blanked out, its lines kept.
fn code_only(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skipped = comment(rest).or_else(|| raw_string(rest, &code)).or_else(|| quoted(rest)).or_else(|| character(rest));
        let length = skipped.unwrap_or(c.len_utf8());
        let (part, after) = rest.split_at(length);
        match skipped {
            Some(_) => code.extend(part.chars().filter(|&c| c == '\n')),
            None => code.push_str(part),
        }
        rest = after;
    }
    code
}

fn comment(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    rest.starts_with("/*").then(|| rest.find("*/").map_or(rest.len(), |end| end + 2))
}

fn raw_string(rest: &str, before: &str) -> Option<usize> {
    let in_a_word = before.ends_with(|c: char| c.is_alphanumeric() && c != 'b' || c == '_');
    let hashes = rest.strip_prefix('r').filter(|_| !in_a_word)?;
    let count = hashes.len() - hashes.trim_start_matches('#').len();
    let inside = hashes[count..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(count));
    let start = rest.len() - inside.len();
    Some(inside.find(&end).map_or(rest.len(), |at| start + at + end.len()))
}

fn quoted(rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix('"')?;
    let mut escaped = false;
    for (at, c) in inside.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at + 2),
            _ => {}
        }
    }
    Some(rest.len())
}

/// A character literal, and not a lifetime.
fn character(rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix('\'')?;
    let mut chars = inside.char_indices();
    let (_, first) = chars.next()?;
    if first == '\\' {
        return inside[2..].find('\'').map(|end| end + 4);
    }
    let (at, second) = chars.next()?;
    (second == '\'').then_some(at + 2)
}

#[test]
fn comments_and_strings_are_not_code() {
    for (text, code) in [
        ("let a = 1; // .unwrap()\nb", "let a = 1; \nb"),
        ("f(\"a \\\" .unwrap()\").unwrap()", "f().unwrap()"),
        ("r#\"dbg! \"quoted\" \"#.len()", ".len()"),
        ("for<'a> f('\"', '\\'', 'x')", "for<'a> f(, , )"),
        ("a /* dbg!\n */ b", "a \n b"),
        ("attr\"x\"", "attr"),
    ] {
        assert_eq!(code_only(text), code, "{text}");
    }
}

#[test]
fn a_test_module_ends_with_its_brace() {
    let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {\n    }\n}\nfn c() {}\n".to_owned();
    let source = Source { path: "x/src/lib.rs".to_owned(), text };
    assert_eq!(source.test_lines(), vec![Range { start: 1, end: 6 }]);
}
