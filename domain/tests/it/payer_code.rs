use domain::payer_code::{LIVES, PayerCode, is_good};
use domain::{Timestamp, qr};
use jiff::ToSpan;
use proptest::prelude::*;

#[test]
fn a_code_is_told_from_a_slip_of_the_hand_and_from_other_cards() {
    let code = PayerCode::from_random(123_456_789);
    assert_eq!(code.to_string(), "7700 0000 0000 0012 3456 7895");
    assert_eq!(PayerCode::parse(" 7700-0000-0000-0012-3456-7895\n"), Ok(code.clone()));
    assert!(!format!("{code:?}").contains("77"), "not in logs");
    for wrong in ["", "7700", "7700 0000 0000 0012 3456 7890", "2800 0000 0000 0012 3456 7895", "770000000000001234567895x", "00000018"] {
        assert!(PayerCode::parse(wrong).is_err(), "{wrong}");
    }
    assert!(qr::scan(code.digits()).is_err(), "no shop's code");
}

#[test]
fn three_minutes_are_half_open() {
    let made: Timestamp = "2026-07-14T10:30:00+09:00".parse().unwrap();
    assert!(is_good(made, made) && is_good(made, made + LIVES - 1.millisecond()));
    assert!(!is_good(made, made + LIVES));
}

proptest! {
    #[test]
    fn every_code_reads_back_and_no_single_slip_does(random in any::<u128>(), at in 2usize..24, by in 1u8..10) {
        let code = PayerCode::from_random(random);
        prop_assert_eq!(code.digits().len(), 24);
        prop_assert_eq!(PayerCode::parse(&code.to_string()), Ok(code.clone()));
        let mut slipped = code.digits().as_bytes().to_vec();
        slipped[at] = b'0' + (slipped[at] - b'0' + by) % 10;
        prop_assert!(PayerCode::parse(std::str::from_utf8(&slipped).unwrap()).is_err());
    }
}
