use domain::Timestamp;
use domain::totp::{TotpSecret, step_at};

/// The secret of the examples in RFC 6238.
fn secret() -> TotpSecret {
    TotpSecret::new(*b"12345678901234567890")
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

#[test]
fn codes_are_those_of_the_rfc() {
    // Appendix B, the last six of its eight digits.
    for (second, code) in [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ] {
        assert_eq!(secret().code(step_at(at(second))), code, "{second}");
    }
}

#[test]
fn a_code_is_good_in_its_step_and_beside_it() {
    let (now, step) = (at(1_234_567_890), step_at(at(1_234_567_890)));
    for (of, found) in [(-2, None), (-1, Some(step - 1)), (0, Some(step)), (1, Some(step + 1)), (2, None)] {
        assert_eq!(secret().step_of_code(&secret().code(step + of), now), found, "{of}");
    }
    assert_eq!(secret().step_of_code(" 005 924 ", now), Some(step));
    for wrong in ["", "5924", "0059240", "005925", "가나다라마바", "-05924"] {
        assert_eq!(secret().step_of_code(wrong, now), None, "{wrong}");
    }
}

#[test]
fn the_app_reads_the_secret_from_letters() {
    assert_eq!(secret().base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    assert_eq!(secret().uri("planner"), "otpauth://totp/PayPlus:planner?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=PayPlus");
    assert!(!format!("{:?}", secret()).contains("GEZ"));
    assert_eq!(TotpSecret::from_bytes(&[0; 19]), None);
}
