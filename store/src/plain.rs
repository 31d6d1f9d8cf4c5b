//! Text that people or other systems wrote, made fit to keep. PostgreSQL refuses NUL in text and SQLite keeps it: neither
//! ever sees it, so both behave alike.

/// One line of at most `most_chars` characters: control characters become spaces, both ends are trimmed, the rest is cut.
pub(crate) fn line(text: &str, most_chars: usize) -> String {
    let plain: String = text.trim().chars().take(most_chars).map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn a_line_has_no_control_characters_and_an_end() {
        for (written, kept) in [
            ("  김서울 ", "김서울"),
            ("a\0b\nc", "a b c"),
            ("\u{1F600}\u{1F600}\u{1F600}\u{1F600}\u{1F600}\u{1F600}", "\u{1F600}\u{1F600}\u{1F600}\u{1F600}\u{1F600}"),
            ("\n\n", ""),
        ] {
            assert_eq!(line(written, 5), kept);
        }
    }
}
