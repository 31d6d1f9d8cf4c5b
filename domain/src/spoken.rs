//! Amounts and payments as a shop hears them and sees them: "Pay+, 삼만 이천 원 결제되었습니다."

mod clips;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use clips::{CLIP_COUNT_MAX, clips};

/// The largest amount that can be said, in won: everything below ten 억.
pub const SPOKEN_MAX_WON: i64 = 999_999_999;

/// Why an amount has no words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[error("only 0 to {SPOKEN_MAX_WON} won can be said")]
pub struct Unspeakable;

/// What a shop is told ("Telling the shop"). Amounts in won.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Announcement {
    Paid {
        amount_won: i64,
    },
    Cancelled {
        amount_won: i64,
    },
    /// What happened while the connection was lost: `count` payments and cancels, and the sum of each.
    Gap {
        count: u32,
        paid_won: i64,
        cancelled_won: i64,
    },
}

impl Announcement {
    /// To be heard: "Pay+, 삼만 이천 원 결제되었습니다."
    pub fn spoken_korean(self) -> Result<String, Unspeakable> {
        Ok(match self {
            Self::Paid { amount_won } => format!("Pay+, {} 결제되었습니다.", korean(amount_won)?),
            Self::Cancelled { amount_won } => format!("Pay+, {} 결제가 취소되었습니다.", korean(amount_won)?),
            Self::Gap { count, paid_won, cancelled_won: 0 } => {
                format!("끊긴 동안 {}, {} 결제되었습니다.", korean_count(count), korean(paid_won)?)
            }
            Self::Gap { count, paid_won: 0, cancelled_won } => {
                format!("끊긴 동안 {}, {} 결제가 취소되었습니다.", korean_count(count), korean(cancelled_won)?)
            }
            Self::Gap { count, paid_won, cancelled_won } => {
                format!("끊긴 동안 {}, 결제 {}, 취소 {}입니다.", korean_count(count), korean(paid_won)?, korean(cancelled_won)?)
            }
        })
    }

    /// To be read: "3만 2,000 원 결제", "끊긴 동안 2건, 4만 원".
    pub fn shown_korean(self) -> Result<String, Unspeakable> {
        Ok(match self {
            Self::Paid { amount_won } => format!("{} 결제", korean_shown(amount_won)?),
            Self::Cancelled { amount_won } => format!("{} 결제 취소", korean_shown(amount_won)?),
            Self::Gap { count, paid_won, cancelled_won: 0 } => format!("끊긴 동안 {count}건, {}", korean_shown(paid_won)?),
            Self::Gap { count, paid_won: 0, cancelled_won } => format!("끊긴 동안 {count}건, {} 취소", korean_shown(cancelled_won)?),
            Self::Gap { count, paid_won, cancelled_won } => {
                format!("끊긴 동안 {count}건, 결제 {}, 취소 {}", korean_shown(paid_won)?, korean_shown(cancelled_won)?)
            }
        })
    }

    /// To be heard: "Pay+, 32,000 won paid."
    pub fn spoken_english(self) -> Result<String, Unspeakable> {
        Ok(match self {
            Self::Paid { .. } | Self::Cancelled { .. } => format!("Pay+, {}.", self.shown_english()?),
            Self::Gap { .. } => format!("{}.", self.shown_english()?),
        })
    }

    /// To be read: "32,000 won paid", "While disconnected: 2 payments, 40,000 won".
    pub fn shown_english(self) -> Result<String, Unspeakable> {
        let counted = |count: u32, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
        Ok(match self {
            Self::Paid { amount_won } => format!("{} paid", english(amount_won)?),
            Self::Cancelled { amount_won } => format!("{} cancelled", english(amount_won)?),
            Self::Gap { count, paid_won, cancelled_won: 0 } => {
                format!("While disconnected: {}, {}", counted(count, "payment"), english(paid_won)?)
            }
            Self::Gap { count, paid_won: 0, cancelled_won } => {
                format!("While disconnected: {}, {}", counted(count, "cancellation"), english(cancelled_won)?)
            }
            Self::Gap { count, paid_won, cancelled_won } => {
                let events = counted(count, "event");
                format!("While disconnected: {events}, {} paid, {} cancelled", english(paid_won)?, english(cancelled_won)?)
            }
        })
    }
}

/// The amount as a Korean says it, "삼만 이천 원": Sino-Korean, the groups of 억, 만 and the rest apart, no 일 before 천, 백, 십
/// nor before a leading 만 ("만 원", but "일억 일만 원"). Zero is "영 원".
pub fn korean(amount_won: i64) -> Result<String, Unspeakable> {
    let groups = [(100_000_000, "억"), (10_000, "만"), (1, "")];
    let amount_won = speakable(amount_won)?;
    let mut said = Vec::new();
    for (unit, name) in groups {
        let group = amount_won / unit % 10_000;
        let is_lone_man = name == "만" && group == 1 && said.is_empty();
        match group {
            0 => {}
            _ if is_lone_man => said.push(name.to_owned()),
            _ => said.push(sino_group(group) + name),
        }
    }
    if said.is_empty() {
        said.push("영".to_owned());
    }
    said.push("원".to_owned());
    Ok(said.join(" "))
}

/// A payment's code, digit by digit: "사, 팔, 이, 일"; zero is "공", as in telephone numbers.
pub fn digits_korean(code: u16) -> String {
    const NAMES: [&str; 10] = ["공", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구"];
    let digits = format!("{code:04}");
    let names = digits.chars().filter_map(|digit| NAMES.get(digit.to_digit(10)? as usize).copied());
    names.collect::<Vec<_>>().join(", ")
}

/// "4, 8, 2, 1".
pub fn digits(code: u16) -> String {
    format!("{code:04}").chars().map(String::from).collect::<Vec<_>>().join(", ")
}

/// The amount to be read at a glance, "3만 2,000 원".
pub fn korean_shown(amount_won: i64) -> Result<String, Unspeakable> {
    let amount_won = speakable(amount_won)?;
    let groups = [(amount_won / 100_000_000, "억"), (amount_won / 10_000 % 10_000, "만"), (amount_won % 10_000, "")];
    let mut shown: Vec<String> = groups.iter().filter(|(group, _)| *group > 0).map(|(group, name)| thousands(*group) + name).collect();
    if shown.is_empty() {
        shown.push("0".to_owned());
    }
    shown.push("원".to_owned());
    Ok(shown.join(" "))
}

/// "32,000 won": left to the voice to say, because voices read such figures well in English.
pub fn english(amount_won: i64) -> Result<String, Unspeakable> {
    Ok(format!("{} won", thousands(speakable(amount_won)?)))
}

fn speakable(amount_won: i64) -> Result<u32, Unspeakable> {
    u32::try_from(amount_won).ok().filter(|_| amount_won <= SPOKEN_MAX_WON).ok_or(Unspeakable)
}

/// 1 to 9,999 in Sino-Korean numerals, "이천이십삼".
fn sino_group(group: u32) -> String {
    const DIGITS: [&str; 10] = ["", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구"];
    let mut said = String::new();
    for (unit, name) in [(1_000, "천"), (100, "백"), (10, "십"), (1, "")] {
        match group / unit % 10 {
            0 => {}
            1 if unit > 1 => said.push_str(name),
            digit => {
                said.push_str(DIGITS.get(digit as usize).copied().unwrap_or_default());
                said.push_str(name);
            }
        }
    }
    said
}

/// Things are counted in native numerals up to 99, "두 건"; beyond that in Sino-Korean ones, as people do.
fn korean_count(count: u32) -> String {
    const ONES: [&str; 10] = ["", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉"];
    const TENS: [&str; 10] = ["", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔"];
    let pick = |names: [&'static str; 10], digit: u32| names.get(digit as usize).copied().unwrap_or_default();
    match count {
        0 => "영 건".to_owned(),
        20 => "스무 건".to_owned(),
        1..=99 => format!("{}{} 건", pick(TENS, count / 10), pick(ONES, count % 10)),
        100..=9_999 => format!("{} 건", sino_group(count)),
        _ => format!("{} 건", thousands(count)),
    }
}

fn thousands(number: u32) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
