//! What an audit says.

use serde::Serialize;
use std::fmt;

/// Violations and notes listed in full; beyond it they are only counted.
pub(crate) const LISTED_MAX: usize = 100;

/// The result of an audit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Every check that was made, also those that found nothing.
    pub checks: Vec<Check>,
    /// What is allowed and still worth a look, such as a purchase whose bank has not answered. At most 100.
    pub notes: Vec<Note>,
    /// All notes, listed or not.
    pub notes_found: i64,
}

/// One invariant and what breaks it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    pub name: &'static str,
    /// The invariant in a sentence.
    pub what: &'static str,
    /// How many rows it was checked on.
    pub counted: i64,
    /// At most 100; see `found`.
    pub violations: Vec<Violation>,
    /// All violations, listed or not.
    pub found: i64,
}

/// One row that breaks an invariant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// Which row, such as `purchase 01900000-...`.
    pub row: String,
    /// The won in question.
    pub amount: i64,
    pub words: String,
}

/// Something that is allowed to be so for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    pub row: String,
    /// In won.
    pub amount: i64,
    pub age_s: i64,
    pub words: String,
}

impl Report {
    /// Did every check hold?
    pub fn is_clean(&self) -> bool {
        self.checks.iter().all(|check| check.found == 0)
    }

    /// The names of the checks that did not hold, in their order.
    pub fn broken(&self) -> Vec<&'static str> {
        self.checks.iter().filter(|check| check.found > 0).map(|check| check.name).collect()
    }

    pub(crate) fn note(&mut self, note: Note) {
        self.notes_found += 1;
        if self.notes.len() < LISTED_MAX {
            self.notes.push(note);
        }
    }
}

impl Check {
    pub(crate) fn new(name: &'static str, what: &'static str, counted: i64) -> Check {
        Check { name, what, counted, violations: Vec::new(), found: 0 }
    }

    pub(crate) fn violation(&mut self, violation: impl FnOnce() -> Violation) {
        self.found += 1;
        if self.violations.len() < LISTED_MAX {
            self.violations.push(violation());
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for check in &self.checks {
            check.fmt(f)?;
        }
        for Note { row, amount, age_s, words } in &self.notes {
            writeln!(f, "note    {row}: {} won, {}: {words}", grouped(*amount), age(*age_s))?;
        }
        more(f, self.notes_found, self.notes.len())?;
        let broken = self.broken();
        let found: i64 = self.checks.iter().map(|check| check.found).sum();
        match broken.len() {
            0 => write!(f, "clean: {} checks hold", self.checks.len()),
            count => write!(f, "NOT CLEAN: {count} of {} checks broken, {found} violations: {}", self.checks.len(), broken.join(", ")),
        }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Check { name, what, counted, violations, found } = self;
        match found {
            0 => writeln!(f, "ok      {name}: {what} ({} checked)", grouped(*counted))?,
            _ => writeln!(f, "BROKEN  {name}: {what} ({} checked, {} violations)", grouped(*counted), grouped(*found))?,
        }
        for Violation { row, amount, words } in violations {
            writeln!(f, "        {row}: {} won: {words}", grouped(*amount))?;
        }
        more(f, *found, violations.len())
    }
}

fn more(f: &mut fmt::Formatter<'_>, found: i64, listed: usize) -> fmt::Result {
    match found - i64::try_from(listed).unwrap_or(found) {
        0 => Ok(()),
        left => writeln!(f, "        and {} more", grouped(left)),
    }
}

/// With a comma every three digits.
pub(crate) fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn age(seconds: i64) -> String {
    match seconds {
        ..120 => format!("{seconds} s old"),
        120..7_200 => format!("{} min old", seconds / 60),
        7_200..172_800 => format!("{} h old", seconds / 3_600),
        _ => format!("{} days old", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_grouped_by_three() {
        let said: Vec<String> = [0, 7, 999, 1_000, -12_345, 1_234_567, i64::MIN].into_iter().map(grouped).collect();
        assert_eq!(said, ["0", "7", "999", "1,000", "-12,345", "1,234,567", "-9,223,372,036,854,775,808"]);
    }

    #[test]
    fn beyond_a_hundred_violations_are_only_counted() {
        let mut check = Check::new("name", "what", 200);
        for row in 0..101 {
            check.violation(|| Violation { row: row.to_string(), amount: 0, words: String::new() });
        }
        assert_eq!((check.violations.len(), check.found), (100, 101));
        assert!(check.to_string().ends_with("and 1 more\n"));
    }
}
