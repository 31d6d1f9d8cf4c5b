use domain::amount_input::{AmountError as E, parse_won};
use proptest::prelude::*;

#[test]
fn people_type_amounts_in_many_ways() {
    for (typed, won) in [
        ("1", 1),
        ("30000", 30_000),
        ("30,000", 30_000),
        (" 30,000 ", 30_000),
        ("30 000", 30_000),
        ("30,000원", 30_000),
        ("30,000 원", 30_000),
        ("30000won", 30_000),
        ("30,000 KRW", 30_000),
        ("₩30,000", 30_000),
        ("￦ 30,000", 30_000),
        ("\\30000", 30_000),
        ("３０，０００", 30_000),
        ("３００００원", 30_000),
        ("\u{202A}30,000\u{202C}", 30_000),
        ("30\u{a0}000", 30_000),
        ("3만", 30_000),
        ("3만원", 30_000),
        ("3 만 원", 30_000),
        ("만원", 10_000),
        ("천원", 1_000),
        ("3만2천", 32_000),
        ("3만 2천 원", 32_000),
        ("3만2000", 32_000),
        ("3만 2,000원", 32_000),
        ("3만2,500", 32_500),
        ("3만500", 30_500),
        ("3만5백", 30_500),
        ("2천500", 2_500),
        ("2천5백원", 2_500),
        ("5천만원", 50_000_000),
        ("2천5백30만", 25_300_000),
        ("1억", 100_000_000),
        ("250억", 25_000_000_000),
        ("1억 5천만", 150_000_000),
        ("1억2345만6789", 123_456_789),
        ("1,000,000", 1_000_000),
        ("9223372036854775807", i64::MAX),
        ("9,223,372,036,854,775,807원", i64::MAX),
    ] {
        assert_eq!(parse_won(typed), Ok(won), "{typed}");
    }
}

#[test]
fn each_refusal_says_why() {
    for (typed, error) in [
        ("", E::Empty),
        ("   ", E::Empty),
        ("원", E::Empty),
        ("₩", E::Empty),
        ("0", E::Zero),
        ("0원", E::Zero),
        ("000", E::Zero),
        ("-1", E::Negative),
        ("-30,000원", E::Negative),
        ("−500", E::Negative),
        ("₩-500", E::Negative),
        ("30000.0", E::Fraction),
        ("3.5만", E::Fraction),
        ("0.5", E::Fraction),
        ("9223372036854775808", E::TooLarge),
        ("99999999999999999999999999", E::TooLarge),
        ("922337203685477580만", E::TooLarge),
        ("3,0000", E::BadGrouping),
        ("30,00", E::BadGrouping),
        ("1000,000", E::BadGrouping),
        ("30,,000", E::BadGrouping),
        (",000", E::BadGrouping),
        ("30,000,", E::BadGrouping),
        ("3 0", E::BadGrouping),
        ("01012345678", E::LeadingZero),
        ("0,030", E::LeadingZero),
        ("3만5", E::Ambiguous),
        ("3만50", E::Ambiguous),
        ("3만12345", E::Ambiguous),
        ("3만0", E::Ambiguous),
        ("1억5000", E::Ambiguous),
        ("2천5", E::Ambiguous),
        ("2천5만", E::Ambiguous),
        ("2만3억", E::Ambiguous),
        ("3만2만", E::Ambiguous),
        ("2백3천", E::Ambiguous),
        ("20천", E::Ambiguous),
        ("0만", E::Ambiguous),
        ("삼만", E::NotANumber { character: '삼' }),
        ("abc", E::NotANumber { character: 'a' }),
        ("1e5", E::NotANumber { character: 'e' }),
        ("+500", E::NotANumber { character: '+' }),
        ("30-40", E::NotANumber { character: '-' }),
        ("٣٠٠٠٠", E::NotANumber { character: '٣' }),
        ("$30", E::NotANumber { character: '$' }),
        ("😀", E::NotANumber { character: '😀' }),
    ] {
        assert_eq!(parse_won(typed), Err(error), "{typed}");
    }
    assert_eq!(parse_won(&"9".repeat(100_000)), Err(E::TooLarge));
}

#[test]
fn refusals_travel() {
    for error in [E::Ambiguous, E::NotANumber { character: '삼' }] {
        assert_eq!(serde_json::from_str::<E>(&serde_json::to_string(&error).unwrap()).unwrap(), error);
    }
}

fn with_commas(won: i64) -> String {
    let mut text = won.to_string();
    let mut at = text.len();
    while at > 3 {
        at -= 3;
        text.insert(at, ',');
    }
    text
}

proptest! {
    #[test]
    fn plain_grouped_and_wide_digits_mean_the_same(won in 1..=i64::MAX) {
        let wide: String = won.to_string().chars().map(|c| char::from_u32(c as u32 + 0xFEE0).unwrap()).collect();
        let grouped = with_commas(won);
        for typed in [won.to_string(), format!("{won}원"), grouped.replace(',', " "), format!("₩ {grouped}"), grouped, wide] {
            prop_assert_eq!(parse_won(&typed), Ok(won), "{}", typed);
        }
    }

    #[test]
    fn what_is_shown_can_be_typed(won in 1..=domain::spoken::SPOKEN_MAX_WON) {
        // "1억 50 원" shown is exact, typed it is ambiguous: the only difference between the two.
        match parse_won(&domain::spoken::korean_shown(won).unwrap()) {
            Ok(typed) => prop_assert_eq!(typed, won),
            Err(error) => prop_assert_eq!(error, E::Ambiguous),
        }
    }

    #[test]
    fn no_text_panics(text in "\\PC*", near in "[-0-9,. 십백천만억원₩]{0,30}") {
        for typed in [text, near] {
            if let Ok(won) = parse_won(&typed) {
                prop_assert!(won > 0);
            }
        }
    }
}
