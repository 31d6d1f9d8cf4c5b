use domain::pin::{Pin, PinRefused as No};
use proptest::prelude::*;

const BIRTH: (i16, u8, u8) = (1990, 3, 7);
const PHONE: &str = "010-2847-5916";

fn choose(typed: &str) -> Result<(), No> {
    Pin::choose(typed, BIRTH, PHONE).map(|_| ())
}

#[test]
fn six_digits_and_nothing_else() {
    for typed in ["", "12345", "1234567", "12345a", "12 345", "-12345", "١٢٣٤٥٦", "12345\u{0}", "＋12345"] {
        assert_eq!(Pin::parse(typed).map(|_| ()), Err(No::NotSixDigits), "{typed}");
    }
    assert_eq!(Pin::parse(&"1".repeat(100_000)).map(|_| ()), Err(No::NotSixDigits));
    assert_eq!(Pin::parse("123456").unwrap().expose_for_hashing(), b"123456");
    assert_eq!(Pin::parse("０４７１８３").unwrap().expose_for_hashing(), b"047183");
}

#[test]
fn obvious_ones_are_refused_with_the_reason() {
    for (typed, reason) in [
        ("000000", No::AllEqual),
        ("777777", No::AllEqual),
        ("123456", No::Run),
        ("987654", No::Run),
        ("890123", No::Run),
        ("210987", No::Run),
        ("567890", No::Run),
        ("121212", No::Repeated),
        ("909090", No::Repeated),
        ("123123", No::Repeated),
        ("550550", No::Repeated),
        ("112233", No::Repeated),
        ("111222", No::Repeated),
        ("900307", No::BirthDate),
        ("070390", No::BirthDate),
        ("199042", No::BirthDate),
        ("419902", No::BirthDate),
        ("421990", No::BirthDate),
        ("030742", No::BirthDate),
        ("403072", No::BirthDate),
        ("420307", No::BirthDate),
        ("591642", No::PhoneNumber),
        ("459162", No::PhoneNumber),
        ("425916", No::PhoneNumber),
        ("475916", No::PhoneNumber),
        ("284759", No::PhoneNumber),
        ("12345", No::NotSixDigits),
    ] {
        assert_eq!(choose(typed), Err(reason), "{typed}");
    }
}

#[test]
fn others_are_fine() {
    for typed in ["135792", "402951", "900407", "591742", "123457", "121213", "100001"] {
        assert_eq!(choose(typed), Ok(()), "{typed}");
    }
}

#[test]
fn a_missing_phone_or_an_odd_date_is_no_reason() {
    assert!(Pin::choose("402951", BIRTH, "").is_ok());
    assert!(Pin::choose("402951", BIRTH, "951").is_ok());
    assert!(Pin::choose("402951", (i16::MIN, 255, 255), "+82 10").is_ok());
}

#[test]
fn nothing_shows_it() {
    let pin = Pin::parse("402951").unwrap();
    assert_eq!(format!("{pin:?} {:#?}", Some(&pin)), "Pin(hidden) Some(\n    Pin(hidden),\n)");
}

#[test]
fn about_one_pin_in_a_hundred_is_refused() {
    let refused = (0..1_000_000).filter(|pin| choose(&format!("{pin:06}")).is_err()).count();
    assert!((2_000..12_000).contains(&refused), "{refused} of a million");
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC*", pin in "[0-9]{6}", year: i16, month: u8, day: u8, phone in "\\PC*") {
        let _ = Pin::choose(&text, (year, month, day), &phone);
        let _ = Pin::choose(&pin, (year, month, day), &phone);
    }
}
