use domain::qr::{AMOUNT_MAX_WON, CODE_MAX_CHARS, Initiation, Mcc, MerchantNumber, MerchantQr, QrError as E, Scanned, Tag, crc16, scan};
use proptest::prelude::*;

fn shop() -> MerchantQr {
    MerchantQr::printed(MerchantNumber::from_serial(1_234_567).unwrap(), Mcc::parse("5812").unwrap(), "망원동 분식 🍜")
}

fn root(id: u8) -> Tag {
    Tag { template: None, id }
}

fn sub(template: u8, id: u8) -> Tag {
    Tag { template: Some(template), id }
}

/// One object, with the length that its characters have.
fn object(id: &str, value: &str) -> String {
    format!("{id}{:02}{value}", value.chars().count())
}

/// A code with a sound checksum around whatever stands inside.
fn sealed(inside: &str) -> String {
    let covered = format!("{inside}6304");
    format!("{covered}{:04X}", crc16(covered.as_bytes()))
}

/// A sound static code of ours as a list of objects, to be changed by a test.
fn parts() -> Vec<(&'static str, String)> {
    let account = object("00", "kr.payplus") + &object("01", "12345674");
    vec![
        ("00", "01".into()),
        ("01", "11".into()),
        ("26", account),
        ("52", "5812".into()),
        ("53", "410".into()),
        ("58", "KR".into()),
        ("59", "PAYPLUS 12345674".into()),
        ("60", "SEOUL".into()),
    ]
}

fn sealed_parts(parts: &[(&str, String)]) -> String {
    sealed(&parts.iter().map(|(id, value)| object(id, value)).collect::<String>())
}

fn with(id: &'static str, value: &str) -> Vec<(&'static str, String)> {
    let mut parts = parts();
    match parts.iter_mut().find(|(other, _)| *other == id) {
        Some(part) => part.1 = value.to_owned(),
        None => parts.push((id, value.to_owned())),
    }
    parts
}

fn without(id: &str) -> Vec<(&'static str, String)> {
    parts().into_iter().filter(|(other, _)| *other != id).collect()
}

#[test]
fn checksum_of_the_known_vector() {
    assert_eq!(crc16(b"123456789"), 0x29B1);
    assert_eq!(crc16(b""), 0xFFFF);
}

#[test]
fn a_printed_code_reads_so() {
    let covered = [
        "000201",
        "010211",
        "26260010kr.payplus010812345674",
        "52045812",
        "5303410",
        "5802KR",
        "5916PAYPLUS 12345674",
        "6005SEOUL",
        "64240002ko0108망원동 분식 🍜0202서울",
    ]
    .concat();
    let written = shop().format().unwrap();
    assert_eq!(written, sealed(&covered));
    assert_eq!(MerchantQr::parse(&written).unwrap(), shop());
}

#[test]
fn a_code_for_one_payment_carries_amount_and_nonce() {
    let code = MerchantQr { bill: Some("A-17".into()), purpose: Some("점심".into()), ..shop().once(32_000, "x7Qp_-09") };
    let written = code.format().unwrap();
    assert!(written.contains("010212") && written.contains("540532000") && written.contains("0208x7Qp_-09"), "{written}");
    let read = MerchantQr::parse(&written).unwrap();
    assert_eq!(read, code);
    assert_eq!((read.initiation, read.amount_won), (Initiation::Dynamic, Some(32_000)));
}

#[test]
fn the_parts_of_the_tests_are_sound() {
    let code = MerchantQr::parse(&sealed_parts(&parts())).unwrap();
    assert_eq!(code.merchant.serial(), 1_234_567);
    assert_eq!(code.local_name, None);
    assert_eq!(code.format().unwrap(), sealed_parts(&parts()));
}

#[test]
fn lengths_count_characters() {
    // Three bytes a character: counted in bytes, the name would end inside the first syllable.
    let local = object("00", "ko") + &object("01", "떡볶이 👨‍👩‍👧 ㈜") + &object("02", "서울");
    let code = MerchantQr::parse(&sealed_parts(&with("64", &local))).unwrap();
    assert_eq!(code.local_name.as_deref(), Some("떡볶이 👨‍👩‍👧 ㈜"));
    let in_bytes = "0002ko0109떡볶이";
    assert_eq!(MerchantQr::parse(&sealed_parts(&with("64", in_bytes))), Err(E::BadLength { tag: sub(64, 1) }));
}

#[test]
fn unknown_objects_are_skipped() {
    let account = object("00", "kr.payplus") + &object("01", "12345674") + &object("77", "새것");
    let mut parts = with("26", &account);
    parts.insert(2, ("02", "4000123412341234".into()));
    parts.insert(3, ("27", object("00", "com.zeropay") + &object("01", "x")));
    parts.insert(4, ("28", "99broken".into()));
    parts.extend([("61", "04524".into()), ("65", "미래".into()), ("80", "9999".into()), ("80", "twice".into()), ("99", String::new())]);
    assert_eq!(MerchantQr::parse(&sealed_parts(&parts)).unwrap(), MerchantQr::parse(&sealed_parts(&self::parts())).unwrap());
}

#[test]
fn our_account_may_stand_beside_others() {
    let ours = object("00", "kr.payplus") + &object("01", "12345674");
    let mut parts = with("26", &object("00", "com.zeropay"));
    parts.push(("51", ours.clone()));
    assert_eq!(MerchantQr::parse(&sealed_parts(&parts)).unwrap().merchant.serial(), 1_234_567);
    parts.push(("30", ours));
    assert_eq!(MerchantQr::parse(&sealed_parts(&parts)), Err(E::Duplicate { tag: root(30) }));
}

#[test]
fn other_schemes_are_told_apart_from_rubbish() {
    let mut abroad = with("26", &object("00", "com.zeropay"));
    abroad.iter_mut().find(|(id, _)| *id == "53").unwrap().1 = "702".into();
    for parts in [abroad, with("26", "00"), with("26", "not objects"), without("26"), with("26", &object("01", "kr.payplus"))] {
        assert_eq!(MerchantQr::parse(&sealed_parts(&parts)), Err(E::NotOurs));
    }
    for text in ["", "0", "000201", "0002016304", "hello", "WIFI:S:cafe;;", "０００２０１", "000202", "\u{feff}000201"] {
        let error = MerchantQr::parse(text).unwrap_err();
        assert!(matches!(error, E::NotEmv | E::MissingCrc), "{text}: {error}");
    }
}

#[test]
fn each_broken_object_is_named() {
    let ours = object("00", "kr.payplus");
    let local = object("00", "ko");
    for (parts, error) in [
        (with("01", "13"), E::BadValue { tag: root(1) }),
        (with("26", &ours), E::Missing { tag: sub(26, 1) }),
        (with("26", &(ours.clone() + "0199123")), E::BadLength { tag: sub(26, 1) }),
        (with("26", &(ours.clone() + "01")), E::BadLength { tag: sub(26, 1) }),
        (with("26", &(ours.clone() + "0")), E::BadId { template: Some(26) }),
        (with("26", &(ours.clone() + "０１0812345674")), E::BadId { template: Some(26) }),
        (with("26", &(ours.clone() + "0１0812345674")), E::BadId { template: Some(26) }),
        (with("26", &(ours.clone() + "01０８12345674")), E::BadLength { tag: sub(26, 1) }),
        (with("26", &(ours.clone() + "0100")), E::BadLength { tag: sub(26, 1) }),
        (with("26", &(ours.clone() + "010812345674" + "010812345674")), E::Duplicate { tag: sub(26, 1) }),
        (with("26", &(ours.clone() + "010812345674" + &ours)), E::Duplicate { tag: sub(26, 0) }),
        (with("26", &(ours.clone() + "010812345674" + "0203a b")), E::BadValue { tag: sub(26, 2) }),
        (with("52", "58"), E::BadValue { tag: root(52) }),
        (with("52", "581２"), E::BadValue { tag: root(52) }),
        (with("53", "840"), E::UnsupportedCurrency),
        (with("58", "US"), E::UnsupportedCountry),
        (with("59", ""), E::BadLength { tag: root(59) }),
        (with("59", &"N".repeat(26)), E::BadLength { tag: root(59) }),
        (with("59", "망원동"), E::BadValue { tag: root(59) }),
        (with("59", "   "), E::BadValue { tag: root(59) }),
        (with("60", &"C".repeat(16)), E::BadLength { tag: root(60) }),
        (with("60", "SEO\nUL"), E::BadValue { tag: root(60) }),
        (with("62", "0126"), E::BadLength { tag: sub(62, 1) }),
        (with("62", &object("05", &"r".repeat(26))), E::BadLength { tag: sub(62, 5) }),
        (with("62", &object("08", "x\u{202E}y")), E::BadValue { tag: sub(62, 8) }),
        (with("64", &object("01", "분식")), E::Missing { tag: sub(64, 0) }),
        (with("64", &local), E::Missing { tag: sub(64, 1) }),
        (with("64", &(local.clone() + "0101\u{7}")), E::BadValue { tag: sub(64, 1) }),
        (with("64", &(local + &object("01", &"가".repeat(26)))), E::BadLength { tag: sub(64, 1) }),
        (without("52"), E::Missing { tag: root(52) }),
        (without("53"), E::Missing { tag: root(53) }),
        (without("58"), E::Missing { tag: root(58) }),
        (without("59"), E::Missing { tag: root(59) }),
        (without("60"), E::Missing { tag: root(60) }),
        (with("01", "12"), E::Missing { tag: root(54) }),
    ] {
        let code = sealed_parts(&parts);
        assert_eq!(MerchantQr::parse(&code), Err(error), "{code}");
    }
    for number in ["12345675", "1234567", "00000000", "１２３４５６７４", "1234567a"] {
        let code = sealed_parts(&with("26", &(ours.clone() + &object("01", number))));
        assert!(matches!(MerchantQr::parse(&code), Err(E::BadMerchantNumber(_))), "{code}");
    }
}

#[test]
fn every_known_object_may_appear_once() {
    for id in ["00", "01", "52", "53", "58", "59", "60"] {
        let mut twice = parts();
        let value = twice.iter().find(|(other, _)| *other == id).unwrap().1.clone();
        twice.push((id, value));
        assert_eq!(MerchantQr::parse(&sealed_parts(&twice)), Err(E::Duplicate { tag: root(id.parse().unwrap()) }));
    }
    let mut two_checksums = parts();
    two_checksums.insert(3, ("63", "ABCD".into()));
    assert_eq!(MerchantQr::parse(&sealed_parts(&two_checksums)), Err(E::Duplicate { tag: root(63) }));
}

#[test]
fn amounts_are_whole_won() {
    for (text, won) in [("1", 1), ("30000", 30_000), ("9999999999999", AMOUNT_MAX_WON)] {
        assert_eq!(MerchantQr::parse(&sealed_parts(&with("54", text))).unwrap().amount_won, Some(won));
    }
    for text in ["0", "-1", "+1", "1.0", "1,000", "030000", "３００００", "٣", "1e3", " 1", "99999999999999", "abc"] {
        assert_eq!(MerchantQr::parse(&sealed_parts(&with("54", text))), Err(E::BadAmount), "{text}");
    }
    for won in [0, -1, i64::MIN, i64::MAX, AMOUNT_MAX_WON + 1] {
        assert_eq!(shop().once(won, "n").format(), Err(E::BadAmount));
    }
}

#[test]
fn the_checksum_is_last_and_right() {
    let code = sealed_parts(&parts());
    assert_eq!(MerchantQr::parse(&code[..code.len() - 8]), Err(E::MissingCrc));
    assert_eq!(MerchantQr::parse(&format!("{code} ")), Err(E::MissingCrc));
    let other = if code.ends_with('0') { "1" } else { "0" };
    assert_eq!(MerchantQr::parse(&format!("{}{other}", &code[..code.len() - 1])), Err(E::WrongCrc));
    assert_eq!(MerchantQr::parse(&code.replace("SEOUL", "BUSAN")), Err(E::WrongCrc));
    // 6304 at the very end, but inside the value of another object.
    assert_eq!(MerchantQr::parse(&sealed("0002018008")), Err(E::MissingCrc));
    // Signs are no hexadecimal digits.
    assert_eq!(MerchantQr::parse(&format!("{}+123", &code[..code.len() - 4])), Err(E::MissingCrc));
}

#[test]
fn a_long_text_is_not_looked_at() {
    let long = "000201".to_owned() + &"가".repeat(CODE_MAX_CHARS);
    assert_eq!(MerchantQr::parse(&long), Err(E::TooLong));
    assert_eq!(scan(&long), Err(E::TooLong));
    assert_eq!(scan(&format!("https://pay.plus/pay/12345674?{long}")), Err(E::TooLong));
}

#[test]
fn links_of_ordinary_cameras_lead_to_the_same_shop() {
    let merchant = MerchantNumber::from_serial(1_234_567).unwrap();
    for link in [
        format!("https://pay.plus{}", merchant.pay_path()),
        "https://pay.plus/pay/12345674/".into(),
        "HTTPS://PAY.PLUS/pay/12345674?utm=sticker&x=/pay/1".into(),
        "http://127.0.0.1:8080/pay/12345674#top".into(),
        "https://서울페이.한국/pay/12345674".into(),
        " https://pay.plus/pay/12345674\r\n".into(),
    ] {
        assert_eq!(scan(&link), Ok(Scanned::Link(merchant)), "{link}");
    }
    assert_eq!(scan(&(shop().format().unwrap() + "\n")).unwrap().merchant(), merchant);
}

#[test]
fn other_links_are_not_ours() {
    for link in [
        "https://pay.plus",
        "https://pay.plus/",
        "https://pay.plus/pay/",
        "https://pay.plus/pay/1234567",
        "https://pay.plus/pay/123456740",
        "https://pay.plus/pay/１２３４５６７４",
        "https://pay.plus/ko/pay/12345674",
        "https://pay.plus/pay/12345674/more",
        "https://pay.plus/pay/12345674//",
        "https://pay.plus?/pay/12345674",
        "https:///pay/12345674",
        "https://",
    ] {
        assert_eq!(scan(link), Err(E::NotOurs), "{link}");
    }
    assert!(matches!(scan("https://pay.plus/pay/12345675"), Err(E::BadMerchantNumber(_))));
    for text in ["ftp://pay.plus/pay/12345674", "/pay/12345674", "12345674", "javascript:alert(1)", "httpſ://x/pay/12345674"] {
        assert_eq!(scan(text), Err(E::NotEmv), "{text}");
    }
}

#[test]
fn what_can_not_be_written_is_refused_in_writing() {
    for (code, error) in [
        (MerchantQr { initiation: Initiation::Dynamic, ..shop() }, E::Missing { tag: root(54) }),
        (MerchantQr { nonce: None, ..shop().once(1, "n") }, E::Missing { tag: sub(26, 2) }),
        (shop().once(1, ""), E::BadLength { tag: sub(26, 2) }),
        (shop().once(1, &"n".repeat(41)), E::BadLength { tag: sub(26, 2) }),
        (MerchantQr { name: "망원동".into(), ..shop() }, E::BadValue { tag: root(59) }),
        (MerchantQr { name: String::new(), ..shop() }, E::BadLength { tag: root(59) }),
        (MerchantQr { local_name: None, ..shop() }, E::Missing { tag: sub(64, 1) }),
        (MerchantQr { local_name: Some("가".repeat(26)), ..shop() }, E::BadLength { tag: sub(64, 1) }),
    ] {
        assert_eq!(code.format(), Err(error));
    }
    // Four full fields are more than the 99 characters that their template may have.
    let full = Some("가".repeat(25));
    let crowded = MerchantQr { bill: full.clone(), reference: full.clone(), terminal: full.clone(), purpose: full, ..shop() };
    assert_eq!(crowded.format(), Err(E::BadLength { tag: root(62) }));
}

#[test]
fn codes_and_refusals_travel() {
    let code = shop().once(32_000, "n");
    assert_eq!(serde_json::from_str::<MerchantQr>(&serde_json::to_string(&code).unwrap()).unwrap(), code);
    for error in [E::NotOurs, E::BadLength { tag: sub(26, 1) }, MerchantQr::parse("x").unwrap_err()] {
        assert_eq!(serde_json::from_str::<E>(&serde_json::to_string(&error).unwrap()).unwrap(), error);
    }
    assert_eq!(E::Missing { tag: sub(26, 1) }.to_string(), "object 26-01 is missing");
    assert!(serde_json::from_str::<Mcc>("\"58\"").is_err());
}

/// Names as shops have them: Hangul, emoji, signs, no control characters.
fn local_text(max: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(prop_oneof!["[가-힣]", "[a-zA-Z0-9&.]", "[🍜☕🥟👍]", "[中文ñé]"], 1..=max).prop_map(|parts| parts.concat())
}

fn any_code() -> impl Strategy<Value = MerchantQr> {
    let shop = (1..=MerchantNumber::SERIAL_MAX, 0..=9_999u16, "[!-~]{1,25}", "[A-Z]{1,15}");
    let payment = (any::<bool>(), prop::option::of(1..=AMOUNT_MAX_WON), "[A-Za-z0-9_-]{1,40}");
    let local = prop::option::of((local_text(25), prop::option::of(local_text(15))));
    let more = prop::array::uniform4(prop::option::of(local_text(20)));
    (shop, payment, local, more).prop_map(
        |((serial, mcc, name, city), (dynamic, amount_won, nonce), local, [bill, reference, terminal, purpose])| {
            let (local_name, local_city) = local.map_or((None, None), |(name, city)| (Some(name), city));
            let code = MerchantQr {
                merchant: MerchantNumber::from_serial(serial).unwrap(),
                initiation: Initiation::Static,
                mcc: Mcc::parse(&format!("{mcc:04}")).unwrap(),
                amount_won,
                nonce: None,
                name,
                city,
                local_name,
                local_city,
                bill,
                reference,
                terminal,
                purpose,
            };
            if dynamic { code.once(amount_won.unwrap_or(1), &nonce) } else { code }
        },
    )
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(code in any_code()) {
        let written = code.format().unwrap();
        prop_assert!(written.chars().count() <= CODE_MAX_CHARS);
        prop_assert_eq!(MerchantQr::parse(&written), Ok(code.clone()));
        prop_assert_eq!(scan(&written), Ok(Scanned::Code(Box::new(code))));
    }

    #[test]
    fn every_shop_can_print(name in "\\PC{0,60}", control in ".{0,30}") {
        for name in [name, control] {
            let code = MerchantQr::printed(MerchantNumber::from_serial(1).unwrap(), Mcc::parse("0000").unwrap(), &name);
            prop_assert_eq!(MerchantQr::parse(&code.format().unwrap()), Ok(code));
        }
    }

    #[test]
    fn one_changed_character_is_noticed(code in any_code(), at: prop::sample::Index, other in prop_oneof!["[0-9A-F]", "\\PC"]) {
        let written = code.format().unwrap();
        let mut chars: Vec<char> = written.chars().collect();
        let at = at.index(chars.len());
        chars[at] = other.chars().next().unwrap();
        let changed: String = chars.into_iter().collect();
        prop_assume!(!changed.eq_ignore_ascii_case(&written));
        prop_assert!(MerchantQr::parse(&changed).is_err(), "{}", changed);
    }

    #[test]
    fn a_cut_code_is_noticed(code in any_code(), from: prop::sample::Index, to: prop::sample::Index) {
        let written: Vec<char> = code.format().unwrap().chars().collect();
        let (from, to) = (from.index(written.len()), to.index(written.len()));
        let cut: String = written[from.min(to)..from.max(to)].iter().collect();
        prop_assert!(MerchantQr::parse(&cut).is_err());
        let head: String = written[..to].iter().collect();
        prop_assert!(MerchantQr::parse(&head).is_err());
    }

    #[test]
    fn resealed_damage_never_panics_and_stays_readable(code in any_code(), at: prop::sample::Index, other in "\\PC{0,3}") {
        // An attacker can compute checksums. What still parses must be writable again as the same thing.
        let written = code.format().unwrap();
        let inside: Vec<char> = written.chars().take(written.chars().count() - 8).collect();
        let at = at.index(inside.len());
        let changed = inside[..at].iter().collect::<String>() + &other + &inside[at + 1..].iter().collect::<String>();
        if let Ok(read) = MerchantQr::parse(&sealed(&changed)) {
            prop_assert_eq!(MerchantQr::parse(&read.format().unwrap()), Ok(read));
        }
    }

    #[test]
    fn hostile_objects_never_panic(objects in prop::collection::vec(("[0-9０-９]{2}", "[0-9]{2}", "[0-9a-z가-힣]{0,12}"), 0..20)) {
        let inside: String = objects.into_iter().map(|(id, length, value)| id + &length + &value).collect();
        for text in [sealed(&format!("000201{inside}")), sealed(&format!("0002012699{inside}")), inside] {
            let _ = scan(&text);
        }
    }

    #[test]
    fn nested_templates_never_panic(depth in 0..40usize, tail in "\\PC{0,8}") {
        let mut inside = tail;
        for _ in 0..depth {
            if inside.chars().count() > 95 { break; }
            inside = object("26", &inside);
        }
        let _ = MerchantQr::parse(&sealed(&format!("000201{inside}")));
    }

    #[test]
    fn no_text_panics(text in "\\PC*", raw in prop::collection::vec(any::<char>(), 0..600)) {
        let raw: String = raw.into_iter().collect();
        for text in [&text, &raw, &format!("000201{text}"), &sealed(&format!("000201{raw}")), &format!("https://{text}"), &format!("http{raw}")] {
            let _ = (MerchantQr::parse(text), scan(text));
        }
    }
}
