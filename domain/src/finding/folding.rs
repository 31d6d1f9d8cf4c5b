//! Names as they are compared: one way to write each letter, no case, no blanks, no signs.
//!
//! A symbol is a unit of UTF-16: one syllable, one letter, one digit. A consonant that stands alone (ㅊ, in names too) is its own symbol
//! and, in what people type, fits every syllable that begins with it.

use unicode_normalization::UnicodeNormalization;

const SYLLABLES: std::ops::RangeInclusive<u16> = 0xAC00..=0xD7A3;
/// Syllables with the same first consonant stand together, so many of them.
const OF_ONE_INITIAL: u16 = 588;
/// The first consonants in the order of the syllables, as keyboards write them when they stand alone.
pub(super) const INITIALS: [u16; 19] = [
    0x3131, 0x3132, 0x3134, 0x3137, 0x3138, 0x3139, 0x3141, 0x3142, 0x3143, 0x3145, 0x3146, 0x3147, 0x3148, 0x3149, 0x314A, 0x314B, 0x314C,
    0x314D, 0x314E,
];
/// Two consonants in a row become one letter while they are typed; nobody means that letter.
const CLUSTERS: [(char, [u16; 2]); 11] = [
    ('ㄳ', [0x3131, 0x3145]),
    ('ㄵ', [0x3134, 0x3148]),
    ('ㄶ', [0x3134, 0x314E]),
    ('ㄺ', [0x3139, 0x3131]),
    ('ㄻ', [0x3139, 0x3141]),
    ('ㄼ', [0x3139, 0x3142]),
    ('ㄽ', [0x3139, 0x3145]),
    ('ㄾ', [0x3139, 0x314C]),
    ('ㄿ', [0x3139, 0x314D]),
    ('ㅀ', [0x3139, 0x314E]),
    ('ㅄ', [0x3142, 0x3145]),
];

/// A text as it is compared, and where its words begin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    symbols: Vec<u16>,
    /// Of each symbol: does a word begin with it?
    starts: Vec<bool>,
}

impl Folded {
    pub fn symbols(&self) -> &[u16] {
        &self.symbols
    }

    pub(super) fn starts(&self) -> &[bool] {
        &self.starts
    }

    /// As an index keeps it.
    pub(super) fn from_parts(symbols: Vec<u16>, starts: Vec<bool>) -> Folded {
        Folded { symbols, starts }
    }
}

/// `"Café  루나(본점)"` becomes `café루나본점`; words begin at c, 루 and 본.
pub fn fold(text: &str) -> Folded {
    let mut folded = Folded::default();
    let mut before = Script::None;
    for character in text.nfc() {
        let script = Script::of(character);
        let at = folded.symbols.len();
        push(&mut folded.symbols, character);
        let begins = script != before;
        folded.starts.extend((at..folded.symbols.len()).map(|symbol| begins && symbol == at));
        before = script;
    }
    folded
}

/// A word ends where the script changes.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Script {
    None,
    Hangul,
    Other,
}

impl Script {
    fn of(character: char) -> Script {
        match character {
            '\u{1100}'..='\u{11FF}' | '\u{3131}'..='\u{318E}' | '\u{AC00}'..='\u{D7A3}' => Script::Hangul,
            other if other.is_alphanumeric() => Script::Other,
            _ => Script::None,
        }
    }
}

fn push(symbols: &mut Vec<u16>, character: char) {
    if let Some((_, two)) = CLUSTERS.iter().find(|(cluster, _)| *cluster == character) {
        return symbols.extend(two);
    }
    // Compatibility forms (ａ, ①, ㈜) become what they stand for. Consonants that stand alone would become parts of syllables.
    let letters = std::iter::once(character).nfkc().flat_map(char::to_lowercase).filter(|letter| letter.is_alphanumeric());
    match character {
        '\u{3131}'..='\u{318E}' => symbols.extend(character.encode_utf16(&mut [0; 2]).iter()),
        _ => {
            for letter in letters {
                symbols.extend(alone(letter).encode_utf16(&mut [0; 2]).iter());
            }
        }
    }
}

/// The first part of a syllable that is not there, as keyboards write it.
fn alone(letter: char) -> char {
    let initial = u32::from(letter).checked_sub(0x1100).and_then(|at| INITIALS.get(usize::try_from(at).ok()?));
    initial.and_then(|initial| char::from_u32(u32::from(*initial))).unwrap_or(letter)
}

/// The first consonant of a syllable; every other symbol is its own.
pub(super) fn initial(symbol: u16) -> u16 {
    if SYLLABLES.contains(&symbol) { INITIALS[usize::from((symbol - SYLLABLES.start()) / OF_ONE_INITIAL)] } else { symbol }
}

pub(super) fn is_initial(symbol: u16) -> bool {
    INITIALS.contains(&symbol)
}

/// Does what was typed fit what stands there?
pub(super) fn fits(typed: u16, there: u16) -> bool {
    typed == there || is_initial(typed) && initial(there) == typed
}
