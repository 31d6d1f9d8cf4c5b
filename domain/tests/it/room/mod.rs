//! The waiting room, a file for each of its nouns.

mod admission;
mod crowd;
mod draw;
mod interval;
mod outlook;
mod pass;
mod presence;
mod seats;
mod settings;
mod ticket;

use domain::Timestamp;
use domain::calendar::Span;
use domain::room::{Place, RoomKey};

/// 10:00 on the sale day.
const OPENS_MS: i64 = 1_783_990_800_000;
const FOUR_HOURS_MS: i64 = 4 * 3_600_000;

/// So many milliseconds after the opening.
fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(OPENS_MS + ms).unwrap()
}

fn window() -> Span {
    Span::new(at(0), at(FOUR_HOURS_MS)).unwrap()
}

fn place(place: u32) -> Place {
    Place::new(place).unwrap()
}

fn key() -> RoomKey {
    RoomKey::new([7; 32])
}

/// Texts that are nearly `token`: a character less, a character more, padded, cut in half, twice.
fn mangled(token: &str) -> Vec<String> {
    let (half, _) = token.split_at(token.len() / 2);
    let less = token.strip_suffix(|_: char| true).unwrap();
    vec![
        String::new(),
        less.to_owned(),
        half.to_owned(),
        format!("{token}A"),
        format!("{token}="),
        format!(" {token}"),
        format!("{token}{token}"),
        format!("{less}="),
        format!("{less}가"),
        token.to_lowercase(),
        "A".repeat(token.len()),
        "A".repeat(1_000_000),
    ]
}

/// `token` with one bit of its text flipped.
fn flipped(token: &str, bit: usize) -> String {
    let mut bytes = token.as_bytes().to_vec();
    let at = bit / 8 % bytes.len();
    bytes[at] ^= 1 << (bit % 8);
    String::from_utf8_lossy(&bytes).into_owned()
}
