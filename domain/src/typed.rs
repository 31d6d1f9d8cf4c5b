//! What fingers and clipboards do to numbers, undone in one place.
//!
//! Korean and Japanese keyboards type full-width digits and dashes, contact apps wrap numbers in invisible direction
//! marks, word processors turn `-` into a dash. All of that means the same to a person, so it is the same to us. Digits
//! of other scripts (Arabic-Indic, Devanagari) are left alone: nobody types them here by accident.

/// Longer than any number a person types. Every parser of typed text looks at its length before it copies it.
pub(crate) const TYPED_MAX_CHARS: usize = 64;

/// The typed text with full-width ASCII, dashes and spaces made plain, invisible marks dropped and both ends trimmed.
/// `None`: longer than [`TYPED_MAX_CHARS`].
pub(crate) fn plain(typed: &str) -> Option<String> {
    if typed.chars().nth(TYPED_MAX_CHARS).is_some() {
        return None;
    }
    let plain: String = typed.chars().filter(|c| !is_invisible(*c)).map(plain_char).collect();
    Some(plain.trim().to_owned())
}

/// Characters without a glyph that steer how the text around them is laid out. They hide in pasted numbers, and in a
/// name they could make one shop look like another. The joiner of emoji (U+200D) is not among them.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

fn plain_char(c: char) -> char {
    match c {
        // The full-width block is ASCII moved by a constant: https://www.unicode.org/charts/PDF/UFF00.pdf
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{FFE6}' => '₩',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE63}' => '-',
        c if c.is_whitespace() => ' ',
        c => c,
    }
}
