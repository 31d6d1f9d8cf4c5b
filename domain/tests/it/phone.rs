use domain::phone::{Phone, PhoneError as E};
use proptest::prelude::*;

#[test]
fn people_write_it_in_many_ways() {
    for typed in [
        "010-1234-5678",
        "01012345678",
        "010 1234 5678",
        "010.1234.5678",
        " 010-1234-5678\n",
        "+82 10 1234 5678",
        "+821012345678",
        "+82-10-1234-5678",
        "+82 (0)10-1234-5678",
        "０１０－１２３４－５６７８",
        "＋８２ １０ １２３４ ５６７８",
        "010‐1234‐5678",
        "\u{202A}010-1234-5678\u{202C}",
        "(010) 1234 5678",
    ] {
        assert_eq!(Phone::parse(typed).map(|phone| phone.to_string()).as_deref(), Ok("010-1234-5678"), "{typed}");
    }
}

#[test]
fn old_prefixes_have_ten_or_eleven_digits() {
    for (typed, shown, masked) in [
        ("0111234567", "011-123-4567", "011-***-4567"),
        ("01112345678", "011-1234-5678", "011-****-5678"),
        ("016-234-5678", "016-234-5678", "016-***-5678"),
        ("+82 17 234 5678", "017-234-5678", "017-***-5678"),
        ("018-1234-0000", "018-1234-0000", "018-****-0000"),
        ("0190000001", "019-000-0001", "019-***-0001"),
    ] {
        let phone = Phone::parse(typed).unwrap();
        assert_eq!((phone.to_string().as_str(), phone.masked().as_str()), (shown, masked));
    }
}

#[test]
fn each_refusal_says_why() {
    for (typed, error) in [
        ("", E::Empty),
        ("  ", E::Empty),
        ("-", E::NotDigits),
        ("+", E::NotDigits),
        ("010-1234-567a", E::NotDigits),
        ("٠١٠١٢٣٤٥٦٧٨", E::NotDigits),
        ("010+12345678", E::NotDigits),
        ("+1 415 555 2671", E::Foreign),
        ("+8", E::Foreign),
        ("02-123-4567", E::NotMobile),
        ("031-123-4567", E::NotMobile),
        ("070-1234-5678", E::NotMobile),
        ("012-345-6789", E::NotMobile),
        ("015-1234-5678", E::NotMobile),
        ("1588-0000", E::NotMobile),
        ("1012345678", E::NotMobile),
        ("0", E::NotMobile),
        ("+82", E::NotMobile),
        ("010-123-4567", E::WrongLength { digits: 10 }),
        ("010-1234-56789", E::WrongLength { digits: 12 }),
        ("011-12-3456", E::WrongLength { digits: 9 }),
        ("010", E::WrongLength { digits: 3 }),
    ] {
        assert_eq!(Phone::parse(typed), Err(error), "{typed}");
    }
    assert_eq!(Phone::parse(&"0".repeat(100_000)), Err(E::NotDigits));
}

#[test]
fn logs_do_not_show_it() {
    let phone = Phone::parse("010-1234-5678").unwrap();
    assert_eq!(format!("{phone:?} {:#?}", Some(phone)), "Phone(010-****-5678) Some(\n    Phone(010-****-5678),\n)");
}

#[test]
fn gateways_get_the_international_form() {
    assert_eq!(Phone::parse("010-1234-5678").unwrap().e164(), "+821012345678");
    assert_eq!(Phone::parse("011-234-5678").unwrap().e164(), "+82112345678");
}

#[test]
fn it_travels_as_a_checked_string() {
    let phone = Phone::parse("01012345678").unwrap();
    assert_eq!(serde_json::to_string(&phone).unwrap(), "\"010-1234-5678\"");
    assert_eq!(serde_json::from_str::<Phone>("\"010-1234-5678\"").unwrap(), phone);
    let refusal = serde_json::from_str::<Phone>("\"02-1234-5678\"").unwrap_err().to_string();
    assert!(!refusal.contains("1234"), "an error must not repeat the number: {refusal}");
}

proptest! {
    #[test]
    fn every_form_of_a_number_is_the_same_number(text in "01(0[0-9]{8}|[16789][0-9]{7,8})") {
        let phone = Phone::parse(&text).unwrap();
        prop_assert_eq!(phone.digits(), text);
        for form in [phone.to_string(), phone.e164(), phone.digits()] {
            prop_assert_eq!(Phone::parse(&form), Ok(phone));
        }
        prop_assert_eq!(phone.masked().matches('*').count(), phone.digits().len() - 7);
    }

    #[test]
    fn no_text_panics(text in "\\PC*", digits in "[+0-9 -]{0,20}") {
        let _ = (Phone::parse(&text), Phone::parse(&digits));
    }
}
