//! Lines of a CSV file as RFC 4180 writes them, safe to open in a spreadsheet: text that a spreadsheet would take for a formula gets an
//! apostrophe before it (OWASP, "CSV Injection"). Figures are written as figures.

use std::borrow::Cow;

/// What a spreadsheet begins with when it has to read UTF-8.
pub const BOM: &str = "\u{FEFF}";

/// One field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Of anybody: quoted and made harmless.
    Text(Cow<'a, str>),
    /// Of ours.
    Number(i64),
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Cell<'a> {
        Cell::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Cell<'_> {
    fn from(text: String) -> Self {
        Cell::Text(Cow::Owned(text))
    }
}

impl From<i64> for Cell<'_> {
    fn from(number: i64) -> Self {
        Cell::Number(number)
    }
}

/// Appends a record and its line break.
pub fn write(line: &mut String, cells: &[Cell<'_>]) {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            line.push(',');
        }
        match cell {
            Cell::Number(number) => line.push_str(&number.to_string()),
            Cell::Text(text) => write_text(line, text),
        }
    }
    line.push_str("\r\n");
}

fn write_text(line: &mut String, text: &str) {
    let safe = harmless(text);
    if safe.contains(['"', ',', '\r', '\n', '\t', ';', '\'']) || safe.starts_with(' ') || safe.ends_with(' ') {
        line.push('"');
        line.push_str(&safe.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(&safe);
    }
}

/// As text that no spreadsheet calculates.
pub fn harmless(text: &str) -> Cow<'_, str> {
    // Also as an East Asian keyboard writes them, and behind blanks, which some programs cut off.
    let is_formula = |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠');
    let first = text.trim_start_matches([' ', '\u{A0}', '\u{3000}', '\u{FEFF}', '\0']).chars().next();
    match first {
        Some(first) if is_formula(first) => Cow::Owned(format!("'{text}")),
        _ => Cow::Borrowed(text),
    }
}
