//! Counting tests from what the runners print.

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
}

impl Tally {
    /// Adds the line if it is a summary: of `cargo test` (`test result: ok. 3 passed; 0 failed; ..`), of nextest
    /// (`Summary [..] 3 tests run: 2 passed, 1 timed out, 0 skipped`) or of the browser stories (`3 passed, 0 failed`). Indented, the
    /// first and the last are what nextest repeats of a failed test.
    pub fn see(&mut self, line: &str) {
        let counts = if let Some((_, counts)) = line.strip_prefix("test result:").and_then(|rest| rest.split_once(". ")) {
            counts
        } else if let Some((_, counts)) = line.trim_start().strip_prefix("Summary [").and_then(|rest| rest.split_once("run: ")) {
            counts
        } else if line.split_once(" passed, ").is_some_and(|(before, _)| is_number(before)) {
            line
        } else {
            return;
        };
        for part in counts.split([',', ';']) {
            let mut words = part.split_whitespace();
            let (Some(Ok(number)), Some(what)) = (words.next().map(str::parse::<u64>), words.next()) else { continue };
            match what {
                "passed" => self.passed += number,
                "failed" | "timed" | "exec" => self.failed += number,
                _ => {}
            }
        }
    }
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn summaries_of_all_three_runners_are_counted_and_nothing_else() {
        for (line, passed, failed) in [
            ("test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 3 filtered out; finished in 0.01s", 12, 0),
            ("test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out", 1, 2),
            ("     Summary [   0.050s] 12 tests run: 11 passed (1 slow), 1 failed, 0 skipped", 11, 1),
            ("     Summary [   9.050s] 3/12 tests run: 2 passed, 1 timed out, 9 skipped", 2, 1),
            ("7 passed, 1 failed", 7, 1),
            ("test story::pays ... ok", 0, 0),
            ("    test result: FAILED. 0 passed; 1 failed; 0 ignored", 0, 0),
            ("the shop says 3 passed, hooray", 0, 0),
        ] {
            let mut tally = Tally::default();
            tally.see(line);
            assert_eq!(tally, Tally { passed, failed }, "{line}");
        }
    }
}
