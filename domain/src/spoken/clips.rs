//! Amounts and announcements as names of recorded clips, to be played one after the other.
//!
//! The clips and their names are made in `xtask/voice`; `public/voice/voice-ko.json` says where each lies on the tape. A
//! name is a place (`e` 억, `t` 천, `h` 백, `s` 십, `d` ones), a digit, and what the clip ends in: `w` 원, `m` 만, `mw` 만
//! 원, `g` 건, or nothing when more of the group follows. Endings are recorded with the digit because they change its sound.

use super::{Announcement, Unspeakable, speakable};

/// The largest number of events that has clips: "구백구십구 건".
pub const CLIP_COUNT_MAX: u32 = 999;

/// Names for the digits 1 to 9 in one place.
type Row = [&'static str; 9];

macro_rules! nine {
    ($place:literal, $ending:literal) => {
        [
            concat!($place, 1, $ending),
            concat!($place, 2, $ending),
            concat!($place, 3, $ending),
            concat!($place, 4, $ending),
            concat!($place, 5, $ending),
            concat!($place, 6, $ending),
            concat!($place, 7, $ending),
            concat!($place, 8, $ending),
            concat!($place, 9, $ending),
        ]
    };
}

/// The last digit of a group, from the ones up. Round hundreds and thousands of 만 and of 건 were recorded without the unit,
/// which then has a clip of its own.
const WON: [Row; 4] = [nine!("d", "w"), nine!("s", "w"), nine!("h", "w"), nine!("t", "w")];
const MAN: [Row; 4] = [nine!("d", "m"), nine!("s", "m"), nine!("h", "m"), nine!("t", "m")];
const MAN_WON: [Row; 4] = [nine!("d", "mw"), nine!("s", "mw"), nine!("h", "m"), nine!("t", "m")];
const COUNT: [Row; 3] = [nine!("d", "g"), nine!("s", "g"), nine!("h", "")];
/// A digit that more of its group follows, from the tens up: after the ones nothing can follow.
const MIDDLE: [Row; 3] = [nine!("s", ""), nine!("h", ""), nine!("t", "")];
const EOK: Row = nine!("e", "");

/// The clips that say `amount_won` (0 to [`SPOKEN_MAX_WON`](super::SPOKEN_MAX_WON)), the same words as [`korean`](super::korean).
pub fn clips(amount_won: i64) -> Result<Vec<&'static str>, Unspeakable> {
    let amount_won = speakable(amount_won)?;
    let (eok, man, rest) = (amount_won / 100_000_000, amount_won / 10_000 % 10_000, amount_won % 10_000);
    let mut names = Vec::new();
    if amount_won == 0 {
        names.push("d0w");
    }
    names.extend(of_digit(&EOK, eok));
    match (eok, man, rest) {
        (0, 1, 0) => names.push("manw"),
        (0, 1, _) => names.push("man"),
        (_, _, 0) => push_group(&mut names, man, &MAN_WON),
        _ => push_group(&mut names, man, &MAN),
    }
    push_group(&mut names, rest, &WON);
    if amount_won > 0 && !names.last().is_some_and(|name| name.ends_with('w')) {
        names.push("won");
    }
    Ok(names)
}

impl Announcement {
    /// The clips that tell the shop, after a chime. A count above [`CLIP_COUNT_MAX`] has none and is left out: the sum says enough.
    pub fn clips(self) -> Result<Vec<&'static str>, Unspeakable> {
        let mut names = vec!["chime"];
        match self {
            Self::Paid { amount_won } => {
                names.push("payplus");
                names.extend(clips(amount_won)?);
                names.push("paid");
            }
            Self::Cancelled { amount_won } => {
                names.push("payplus");
                names.extend(clips(amount_won)?);
                names.push("cancelled");
            }
            Self::Gap { count, paid_won, cancelled_won } => {
                names.push("missed");
                if (1..=CLIP_COUNT_MAX).contains(&count) {
                    push_group(&mut names, count, &COUNT);
                    if count.is_multiple_of(100) {
                        names.push("geon");
                    }
                }
                if cancelled_won == 0 || paid_won != 0 {
                    names.extend(clips(paid_won)?);
                    names.push("paid");
                }
                if cancelled_won != 0 {
                    names.extend(clips(cancelled_won)?);
                    names.push("cancelled");
                }
            }
        }
        Ok(names)
    }
}

/// Names for up to four digits; `endings` are the rows for the last that is not zero, from the ones up.
fn push_group(names: &mut Vec<&'static str>, group: u32, endings: &[Row]) {
    let places = [(3, group / 1_000 % 10), (2, group / 100 % 10), (1, group / 10 % 10), (0, group % 10)];
    let last = places.iter().rev().find(|(_, digit)| *digit > 0).map(|(place, _)| *place);
    for (place, digit) in places {
        let row = if Some(place) == last { endings.get(place) } else { place.checked_sub(1).and_then(|at| MIDDLE.get(at)) };
        names.extend(row.and_then(|row| of_digit(row, digit)));
    }
}

/// `None` for zero, which has no clip of its own.
fn of_digit(row: &Row, digit: u32) -> Option<&'static str> {
    row.get((digit as usize).checked_sub(1)?).copied()
}
