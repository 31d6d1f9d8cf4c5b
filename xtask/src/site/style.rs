//! One stylesheet out of several: `@import "x.css";` lines are replaced by the file, once each. Plain CSS otherwise: no dialect,
//! no minifier; brotli takes what a minifier would.

use crate::failure::{Failure, Result, While};
use std::fs;
use std::path::{Path, PathBuf};

/// The text of `main` with every relative import in its place. Imports of addresses (`/fonts/x.css`) move to the top, where CSS wants them.
pub fn bundle(main: &Path) -> Result<String> {
    let mut bundle = Bundle::default();
    bundle.add(main)?;
    Ok(bundle.addresses + &bundle.rules)
}

#[derive(Default)]
struct Bundle {
    addresses: String,
    rules: String,
    seen: Vec<PathBuf>,
}

impl Bundle {
    fn add(&mut self, file: &Path) -> Result<()> {
        let file = file.canonicalize().while_doing(format_args!("looking for {}", file.display()))?;
        if self.seen.contains(&file) {
            return Ok(());
        }
        self.seen.push(file.clone());
        let text = fs::read_to_string(&file).while_doing(format_args!("reading {}", file.display()))?;
        for line in text.lines() {
            match import(line) {
                None if line.trim_start().starts_with("@import") => {
                    let why = "only `@import \"file.css\";` alone on a line is understood";
                    return Err(Failure::because(format!("{}: {line}: {why}", file.display())));
                }
                None => self.rules.extend([line, "\n"]),
                Some(address) if address.starts_with('/') || address.contains(':') => self.addresses.extend([line, "\n"]),
                Some(name) => self.add(&file.with_file_name(name))?,
            }
        }
        Ok(())
    }
}

/// What the line imports, if that is all it does.
fn import(line: &str) -> Option<&str> {
    let rest = line.trim().strip_prefix("@import")?.trim_start();
    let quoted = rest.strip_suffix(';')?.trim_end();
    let quoted = quoted.strip_prefix("url(").and_then(|inner| inner.strip_suffix(')')).unwrap_or(quoted);
    let inside = |quote: char| quoted.strip_prefix(quote)?.strip_suffix(quote);
    inside('"').or_else(|| inside('\''))
}

#[cfg(test)]
mod tests {
    use super::import;

    #[test]
    fn only_plain_imports_are_understood() {
        for (line, imported) in [
            ("@import \"tokens.css\";", Some("tokens.css")),
            ("  @import 'a/b.css' ;", Some("a/b.css")),
            ("@import url(\"/fonts/pretendard.css\");", Some("/fonts/pretendard.css")),
            ("@import \"print.css\" print;", None),
            (".import { color: red }", None),
        ] {
            assert_eq!(import(line), imported, "{line}");
        }
    }
}
