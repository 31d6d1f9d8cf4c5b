use std::collections::BTreeMap;

use domain::spoken::{Announcement, CLIP_COUNT_MAX, SPOKEN_MAX_WON, Unspeakable, clips, english, korean, korean_shown};
use proptest::prelude::*;

#[test]
fn amounts_as_koreans_say_them() {
    for (won, said) in [
        (0, "영 원"),
        (1, "일 원"),
        (5, "오 원"),
        (10, "십 원"),
        (11, "십일 원"),
        (16, "십육 원"),
        (20, "이십 원"),
        (99, "구십구 원"),
        (100, "백 원"),
        (101, "백일 원"),
        (110, "백십 원"),
        (111, "백십일 원"),
        (500, "오백 원"),
        (999, "구백구십구 원"),
        (1_000, "천 원"),
        (1_001, "천일 원"),
        (1_100, "천백 원"),
        (1_111, "천백십일 원"),
        (2_000, "이천 원"),
        (3_050, "삼천오십 원"),
        (6_600, "육천육백 원"),
        (9_999, "구천구백구십구 원"),
        (10_000, "만 원"),
        (10_001, "만 일 원"),
        (10_010, "만 십 원"),
        (11_000, "만 천 원"),
        (11_111, "만 천백십일 원"),
        (12_345, "만 이천삼백사십오 원"),
        (20_000, "이만 원"),
        (32_000, "삼만 이천 원"),
        (40_000, "사만 원"),
        (50_500, "오만 오백 원"),
        (100_000, "십만 원"),
        (110_000, "십일만 원"),
        (111_111, "십일만 천백십일 원"),
        (210_000, "이십일만 원"),
        (1_000_000, "백만 원"),
        (1_010_000, "백일만 원"),
        (10_000_000, "천만 원"),
        (11_110_000, "천백십일만 원"),
        (12_345_678, "천이백삼십사만 오천육백칠십팔 원"),
        (100_000_000, "일억 원"),
        (100_000_001, "일억 일 원"),
        (100_010_000, "일억 일만 원"),
        (110_000_000, "일억 천만 원"),
        (200_000_000, "이억 원"),
        (200_030_000, "이억 삼만 원"),
        (123_456_789, "일억 이천삼백사십오만 육천칠백팔십구 원"),
        (999_999_999, "구억 구천구백구십구만 구천구백구십구 원"),
    ] {
        assert_eq!(korean(won).as_deref(), Ok(said), "{won}");
    }
}

#[test]
fn amounts_as_they_are_shown() {
    for (won, shown, in_english) in [
        (0, "0 원", "0 won"),
        (900, "900 원", "900 won"),
        (9_500, "9,500 원", "9,500 won"),
        (10_000, "1만 원", "10,000 won"),
        (32_000, "3만 2,000 원", "32,000 won"),
        (40_000, "4만 원", "40,000 won"),
        (1_000_000, "100만 원", "1,000,000 won"),
        (100_000_000, "1억 원", "100,000,000 won"),
        (123_456_789, "1억 2,345만 6,789 원", "123,456,789 won"),
    ] {
        assert_eq!((korean_shown(won).as_deref(), english(won).as_deref()), (Ok(shown), Ok(in_english)));
    }
}

#[test]
fn what_has_no_words_is_refused() {
    for won in [-1, i64::MIN, SPOKEN_MAX_WON + 1, 1 << 32, i64::MAX] {
        assert_eq!(korean(won), Err(Unspeakable));
        assert_eq!(korean_shown(won), Err(Unspeakable));
        assert_eq!(english(won), Err(Unspeakable));
    }
}

#[test]
fn a_shop_hears_and_sees() {
    use Announcement::*;
    for (announcement, spoken, shown, spoken_english, shown_english) in [
        (
            Paid { amount_won: 32_000 },
            "Pay+, 삼만 이천 원 결제되었습니다.",
            "3만 2,000 원 결제",
            "Pay+, 32,000 won paid.",
            "32,000 won paid",
        ),
        (
            Cancelled { amount_won: 10_000 },
            "Pay+, 만 원 결제가 취소되었습니다.",
            "1만 원 결제 취소",
            "Pay+, 10,000 won cancelled.",
            "10,000 won cancelled",
        ),
        (
            Gap { count: 2, paid_won: 40_000, cancelled_won: 0 },
            "끊긴 동안 두 건, 사만 원 결제되었습니다.",
            "끊긴 동안 2건, 4만 원",
            "While disconnected: 2 payments, 40,000 won.",
            "While disconnected: 2 payments, 40,000 won",
        ),
        (
            Gap { count: 1, paid_won: 0, cancelled_won: 5_000 },
            "끊긴 동안 한 건, 오천 원 결제가 취소되었습니다.",
            "끊긴 동안 1건, 5,000 원 취소",
            "While disconnected: 1 cancellation, 5,000 won.",
            "While disconnected: 1 cancellation, 5,000 won",
        ),
        (
            Gap { count: 21, paid_won: 40_000, cancelled_won: 5_000 },
            "끊긴 동안 스물한 건, 결제 사만 원, 취소 오천 원입니다.",
            "끊긴 동안 21건, 결제 4만 원, 취소 5,000 원",
            "While disconnected: 21 events, 40,000 won paid, 5,000 won cancelled.",
            "While disconnected: 21 events, 40,000 won paid, 5,000 won cancelled",
        ),
    ] {
        assert_eq!(announcement.spoken_korean().as_deref(), Ok(spoken));
        assert_eq!(announcement.shown_korean().as_deref(), Ok(shown));
        assert_eq!(announcement.spoken_english().as_deref(), Ok(spoken_english));
        assert_eq!(announcement.shown_english().as_deref(), Ok(shown_english));
    }
}

#[test]
fn counts_as_koreans_count() {
    for (count, said) in [
        (0, "영 건"),
        (1, "한 건"),
        (4, "네 건"),
        (10, "열 건"),
        (11, "열한 건"),
        (20, "스무 건"),
        (22, "스물두 건"),
        (99, "아흔아홉 건"),
        (100, "백 건"),
        (102, "백이 건"),
        (9_999, "구천구백구십구 건"),
        (12_345, "12,345 건"),
    ] {
        let spoken = Announcement::Gap { count, paid_won: 1_000, cancelled_won: 0 }.spoken_korean().unwrap();
        assert_eq!(spoken, format!("끊긴 동안 {said}, 천 원 결제되었습니다."));
    }
}

#[test]
fn an_unspeakable_amount_leaves_no_half_sentence() {
    let too_much = SPOKEN_MAX_WON + 1;
    for announcement in [
        Announcement::Paid { amount_won: too_much },
        Announcement::Cancelled { amount_won: -1 },
        Announcement::Gap { count: 1, paid_won: 1, cancelled_won: too_much },
    ] {
        assert_eq!(announcement.spoken_korean(), Err(Unspeakable));
        assert_eq!(announcement.shown_korean(), Err(Unspeakable));
        assert_eq!(announcement.spoken_english(), Err(Unspeakable));
        assert_eq!(announcement.shown_english(), Err(Unspeakable));
    }
}

/// Reads Hangul as a listener does, knowing nothing of how it was made: digits wait for the unit that follows.
pub fn heard(said: &str) -> i64 {
    let (mut total, mut group, mut digit) = (0, 0, 0);
    for c in said.chars() {
        match c {
            '영' | '원' | ' ' => {}
            '십' | '백' | '천' => {
                let unit = [('십', 10), ('백', 100), ('천', 1_000)].iter().find(|(name, _)| *name == c).unwrap().1;
                group += digit.max(1) * unit;
                digit = 0;
            }
            '만' | '억' => {
                total += (group + digit).max(1) * if c == '만' { 10_000 } else { 100_000_000 };
                (group, digit) = (0, 0);
            }
            _ => digit = 1 + "일이삼사오육칠팔구".chars().position(|name| name == c).expect("a numeral") as i64,
        }
    }
    total + group + digit
}

proptest! {
    #[test]
    fn a_listener_hears_the_amount(won in 0..=SPOKEN_MAX_WON) {
        prop_assert_eq!(heard(&korean(won).unwrap()), won);
    }

    #[test]
    fn a_listener_hears_round_amounts(digit in 0..=9i64, power in 0..=8u32, rest in 0..=20_000i64) {
        let won = (digit * 10i64.pow(power) + rest).min(SPOKEN_MAX_WON);
        prop_assert_eq!(heard(&korean(won).unwrap()), won);
    }

    #[test]
    fn no_amount_panics(won: i64, count: u32) {
        let _ = (korean(won), korean_shown(won), english(won));
        let _ = Announcement::Gap { count, paid_won: won, cancelled_won: 1 }.spoken_korean();
    }
}

#[test]
fn every_small_amount_is_heard() {
    for won in 0..=200_000 {
        assert_eq!(heard(&korean(won).unwrap()), won);
        assert_eq!(clips_in_hangul(&clips(won).unwrap()), korean(won).unwrap().replace(' ', ""));
    }
}

/// What a clip says, from its name as `xtask/voice` gives them.
fn hangul_of_clip(name: &str) -> String {
    match name {
        "man" => return "만".into(),
        "manw" => return "만원".into(),
        "d0w" => return "영원".into(),
        "won" => return "원".into(),
        "geon" => return "건".into(),
        _ => {}
    }
    let mut chars = name.chars();
    let (place, digit) = (chars.next().unwrap(), chars.next().unwrap().to_digit(10).unwrap());
    let place_name = match place {
        'e' => "억",
        't' => "천",
        'h' => "백",
        's' => "십",
        'd' => "",
        _ => panic!("{name}"),
    };
    let ending = match chars.as_str() {
        "" => "",
        "w" => "원",
        "m" => "만",
        "mw" => "만원",
        "g" => "건",
        _ => panic!("{name}"),
    };
    let digit_name = "일이삼사오육칠팔구".chars().nth(digit as usize - 1).unwrap().to_string();
    let is_said = digit > 1 || matches!(place, 'e' | 'd');
    format!("{}{place_name}{ending}", if is_said { &digit_name } else { "" })
}

fn clips_in_hangul(names: &[&str]) -> String {
    names.iter().map(|name| hangul_of_clip(name)).collect()
}

/// The clips that exist, from the index of the tape that browsers load.
fn recorded() -> BTreeMap<String, serde_json::Value> {
    // As of the run: a build that was kept may be of another clone.
    let index = format!("{}/../public/voice/voice-ko.json", std::env::var("CARGO_MANIFEST_DIR").unwrap());
    serde_json::from_str(&std::fs::read_to_string(index).unwrap()).unwrap()
}

#[test]
fn announcements_as_clips() {
    use Announcement::*;
    for (announcement, names) in [
        (Paid { amount_won: 32_000 }, "chime payplus d3m t2w paid"),
        (Paid { amount_won: 10_000 }, "chime payplus manw paid"),
        (Paid { amount_won: 12_345 }, "chime payplus man t2 h3 s4 d5w paid"),
        (Cancelled { amount_won: 100_010_000 }, "chime payplus e1 d1mw cancelled"),
        (Gap { count: 2, paid_won: 40_000, cancelled_won: 0 }, "chime missed d2g d4mw paid"),
        (Gap { count: 101, paid_won: 0, cancelled_won: 500 }, "chime missed h1 d1g h5w cancelled"),
        (Gap { count: 20, paid_won: 100_000_000, cancelled_won: 15_000 }, "chime missed s2g e1 won paid man t5w cancelled"),
        (Gap { count: CLIP_COUNT_MAX + 1, paid_won: 1, cancelled_won: 0 }, "chime missed d1w paid"),
        (Gap { count: 0, paid_won: 0, cancelled_won: 0 }, "chime missed d0w paid"),
    ] {
        assert_eq!(announcement.clips().unwrap().join(" "), names);
    }
    assert_eq!(clips(-1), Err(Unspeakable));
    assert_eq!(Announcement::Paid { amount_won: SPOKEN_MAX_WON + 1 }.clips(), Err(Unspeakable));
}

#[test]
fn every_clip_that_is_named_was_recorded() {
    let recorded = recorded();
    // Each digit in each place, alone, before others and after others.
    let amounts =
        (0..=9).flat_map(|digit| (0..=8).flat_map(move |power| [0, 1, 11_110, 100_010_000].map(|rest| digit * 10i64.pow(power) + rest)));
    let counts = (0..=CLIP_COUNT_MAX).map(|count| Announcement::Gap { count, paid_won: 1, cancelled_won: 1 });
    let paid = amounts.filter(|won| *won <= SPOKEN_MAX_WON).map(|amount_won| Announcement::Paid { amount_won });
    for announcement in paid.chain(counts) {
        for name in announcement.clips().unwrap() {
            assert!(recorded.contains_key(name), "{name}, for {announcement:?}");
        }
    }
}

proptest! {
    #[test]
    fn clips_say_the_same_words(won in 0..=SPOKEN_MAX_WON, round in 0..=7u32) {
        let round = won / 10i64.pow(round) * 10i64.pow(round);
        for won in [won, round] {
            prop_assert_eq!(clips_in_hangul(&clips(won).unwrap()), korean(won).unwrap().replace(' ', ""));
        }
    }
}

#[test]
fn a_code_is_said_digit_by_digit() {
    assert_eq!(domain::spoken::digits_korean(4821), "사, 팔, 이, 일");
    assert_eq!(domain::spoken::digits_korean(7), "공, 공, 공, 칠");
    assert_eq!(domain::spoken::digits(407), "0, 4, 0, 7");
}
