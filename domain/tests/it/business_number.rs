use domain::business_number::{BusinessNumber, BusinessNumberError as E};
use proptest::prelude::*;

/// As printed at the foot of the pages of Samsung Electronics, Naver, Kakao and Coupang.
const REAL: [&str; 4] = ["124-81-00998", "220-81-62517", "120-81-47521", "120-88-00767"];

/// The checksum once more, written the other way round: from the text, digit by digit, all ten at once.
fn reference_holds(ten_digits: &str) -> bool {
    let digit: Vec<u32> = ten_digits.chars().map(|c| c.to_digit(10).unwrap()).collect();
    let weighted: u32 = digit.iter().zip([1, 3, 7, 1, 3, 7, 1, 3, 5, 1]).map(|(digit, weight)| digit * weight).sum();
    (weighted + digit[8] * 5 / 10).is_multiple_of(10)
}

#[test]
fn real_numbers_hold() {
    for text in REAL.iter().chain(&["123-45-67891"]) {
        assert_eq!(BusinessNumber::parse(text).unwrap().to_string(), *text);
    }
}

#[test]
fn people_write_it_in_many_ways() {
    for typed in ["123-45-67891", "1234567891", " 123 45 67891", "１２３－４５－６７８９１", "123–45–67891", "\u{202A}123-45-67891\u{202C}"]
    {
        assert_eq!(BusinessNumber::parse(typed).unwrap().to_string(), "123-45-67891", "{typed}");
    }
    assert_eq!(BusinessNumber::parse("123-45-67891").unwrap().digits(), "1234567891");
}

#[test]
fn each_refusal_says_why() {
    for (typed, error) in [
        ("", E::WrongLength { digits: 0 }),
        ("123-45-6789", E::WrongLength { digits: 9 }),
        ("123-45-678912", E::WrongLength { digits: 11 }),
        ("123-45-6789A", E::NotDigits),
        ("123.45.67891", E::NotDigits),
        ("١٢٣٤٥٦٧٨٩١", E::NotDigits),
        ("123-45-67890", E::WrongCheckDigit),
        ("124-45-67891", E::WrongCheckDigit),
        ("000-00-00000", E::NeverIssued),
    ] {
        assert_eq!(BusinessNumber::parse(typed), Err(error), "{typed}");
    }
    assert_eq!(BusinessNumber::parse(&"1".repeat(100_000)), Err(E::NotDigits));
}

#[test]
fn it_travels_as_a_checked_string() {
    let number = BusinessNumber::parse(REAL[0]).unwrap();
    assert_eq!(serde_json::to_string(&number).unwrap(), "\"124-81-00998\"");
    assert_eq!(serde_json::from_str::<BusinessNumber>("\"1248100998\"").unwrap(), number);
    for json in ["\"124-81-00999\"", "1248100998", "\"\""] {
        assert!(serde_json::from_str::<BusinessNumber>(json).is_err(), "{json}");
    }
    let error = E::WrongLength { digits: 9 };
    assert_eq!(serde_json::from_str::<E>(&serde_json::to_string(&error).unwrap()).unwrap(), error);
}

proptest! {
    #[test]
    fn made_numbers_hold_and_round_trip(first_nine in 1..=999_999_999u32) {
        let number = BusinessNumber::from_first_nine(first_nine).unwrap();
        prop_assert!(reference_holds(&number.digits()));
        prop_assert_eq!(BusinessNumber::parse(&number.to_string()), Ok(number));
        prop_assert_eq!(BusinessNumber::parse(&number.digits()), Ok(number));
    }

    #[test]
    fn what_parses_is_what_the_reference_accepts(text in "[0-9]{10}") {
        prop_assert_eq!(BusinessNumber::parse(&text).is_ok(), reference_holds(&text) && text != "0000000000");
    }

    #[test]
    fn no_text_panics(text in "\\PC*") {
        let _ = BusinessNumber::parse(&text);
    }
}

#[test]
fn nine_digits_have_an_end() {
    assert_eq!(BusinessNumber::from_first_nine(0), None);
    assert_eq!(BusinessNumber::from_first_nine(1_000_000_000), None);
}
