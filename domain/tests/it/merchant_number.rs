use domain::merchant_number::{MerchantNumber, MerchantNumberError as E};
use proptest::prelude::*;

#[test]
fn luhn_of_a_textbook() {
    // ISO/IEC 7812's usual example: 7992739871 takes 3; ours are shorter: 1234567 takes 4.
    assert_eq!(MerchantNumber::from_serial(1_234_567).unwrap().to_string(), "12345674");
    assert_eq!(MerchantNumber::from_serial(1).unwrap().to_string(), "00000018");
    assert_eq!(MerchantNumber::from_serial(9_999_999).unwrap().to_string(), "99999997");
}

#[test]
fn serials_that_do_not_fit_are_refused() {
    for serial in [0, 10_000_000, u32::MAX] {
        assert_eq!(MerchantNumber::from_serial(serial), Err(E::SerialOutOfRange));
    }
}

#[test]
fn machines_write_exactly_eight_ascii_digits() {
    for text in ["", "1234567", "123456740", "1234 5674", "１２３４５６７４", "+1234567", "1234567४", "-2345674"] {
        assert_eq!(MerchantNumber::parse(text), Err(E::NotEightDigits), "{text}");
    }
    assert_eq!(MerchantNumber::parse("12345675"), Err(E::WrongCheckDigit));
    assert_eq!(MerchantNumber::parse("00000000"), Err(E::SerialOutOfRange));
}

#[test]
fn people_may_group_and_use_wide_digits() {
    for typed in ["12345674", " 1234 5674 ", "1234-5674", "１２３４５６７４", "1234－5674"] {
        assert_eq!(MerchantNumber::parse_typed(typed).unwrap().serial(), 1_234_567, "{typed}");
    }
    assert_eq!(MerchantNumber::parse_typed(&"1".repeat(10_000)), Err(E::NotEightDigits));
}

#[test]
fn it_travels_as_a_checked_string() {
    let number = MerchantNumber::from_serial(42).unwrap();
    let json = serde_json::to_string(&number).unwrap();
    assert_eq!(json, format!("\"{number}\""));
    assert_eq!(serde_json::from_str::<MerchantNumber>(&json).unwrap(), number);
    for json in ["\"12345675\"", "12345674", "\"\"", "null"] {
        assert!(serde_json::from_str::<MerchantNumber>(json).is_err(), "{json}");
    }
}

proptest! {
    #[test]
    fn every_serial_round_trips(serial in 1..=MerchantNumber::SERIAL_MAX) {
        let number = MerchantNumber::from_serial(serial).unwrap();
        prop_assert_eq!(MerchantNumber::parse(&number.to_string()), Ok(number));
        prop_assert_eq!(number.serial(), serial);
    }

    #[test]
    fn one_wrong_digit_is_caught(serial in 1..=MerchantNumber::SERIAL_MAX, at in 0..8usize, other in b'0'..=b'9') {
        let right = MerchantNumber::from_serial(serial).unwrap().to_string().into_bytes();
        let mut wrong = right.clone();
        wrong[at] = other;
        prop_assume!(wrong != right);
        prop_assert!(MerchantNumber::parse(std::str::from_utf8(&wrong).unwrap()).is_err());
    }

    #[test]
    fn swapped_neighbours_are_caught_except_zero_and_nine(serial in 1..=MerchantNumber::SERIAL_MAX, at in 0..7usize) {
        let right = MerchantNumber::from_serial(serial).unwrap().to_string().into_bytes();
        let mut wrong = right.clone();
        wrong.swap(at, at + 1);
        let is_blind = matches!((right[at], right[at + 1]), (b'0', b'9') | (b'9', b'0'));
        prop_assume!(wrong != right && !is_blind);
        prop_assert!(MerchantNumber::parse(std::str::from_utf8(&wrong).unwrap()).is_err());
    }

    #[test]
    fn no_text_panics(text in "\\PC*") {
        let _ = (MerchantNumber::parse(&text), MerchantNumber::parse_typed(&text));
    }
}
