use domain::application::{About, BusinessState, Decision, Done, Field, Part, Reason, Stage, WonCode};
use domain::merchant::Standing;

#[test]
fn stages_decisions_and_states_read_back_as_they_are_kept() {
    for stage in Stage::ALL {
        assert_eq!(Stage::parse(stage.as_str()), Some(stage));
        assert_eq!(stage.may_be_written(), [Stage::Draft, Stage::SentBack].contains(&stage));
    }
    for decision in Decision::ALL {
        assert_eq!(Decision::parse(decision.as_str()), Some(decision));
    }
    assert_eq!(["01", "02", "03", ""].map(BusinessState::parse), BusinessState::ALL.map(Some));
    assert_eq!(["1", "04", "00", "계속사업자"].map(BusinessState::parse), [None; 4]);
}

#[test]
fn what_the_city_may_decide_depends_on_where_the_shop_stands() {
    let allowed: Vec<(Decision, Standing, Standing)> = Decision::ALL
        .into_iter()
        .flat_map(|decision| Standing::ALL.map(|standing| (decision, standing)))
        .filter_map(|(decision, standing)| Some((decision, standing, decision.from(standing)?)))
        .collect();
    let table = [
        (Decision::Approved, Standing::Pending, Standing::Open),
        (Decision::SentBack, Standing::Pending, Standing::Pending),
        (Decision::Closed, Standing::Pending, Standing::Closed),
        (Decision::Closed, Standing::Open, Standing::Closed),
        (Decision::Reopened, Standing::Closed, Standing::Open),
    ];
    assert_eq!(allowed, table);
}

#[test]
fn what_a_shop_tells_is_made_plain_or_refused_by_its_field() {
    let about = About::parse("  모퉁이\u{202E} 커피\n ", "5814", "14", "서울 마포구  망원동 골목길 12").unwrap();
    assert_eq!((about.name.as_str(), about.address.as_str()), ("모퉁이 커피", "서울 마포구 망원동 골목길 12"));
    let long = "가".repeat(41);
    let endless = "가".repeat(100_000);
    let fine = ("모퉁이커피", "5814", "14", "서울 마포구 망원동 골목길 12");
    for (name, category, district, address, field) in [
        ("", fine.1, fine.2, fine.3, Field::Name),
        (" \u{200B} ", fine.1, fine.2, fine.3, Field::Name),
        ("---", fine.1, fine.2, fine.3, Field::Name),
        ("a\0b", fine.1, fine.2, fine.3, Field::Name),
        (&long, fine.1, fine.2, fine.3, Field::Name),
        (&endless, fine.1, fine.2, fine.3, Field::Name),
        (fine.0, "7995", fine.2, fine.3, Field::Category),
        (fine.0, fine.1, "26", fine.3, Field::District),
        (fine.0, fine.1, "0", fine.3, Field::District),
        (fine.0, fine.1, "마포구", fine.3, Field::District),
        (fine.0, fine.1, fine.2, "서울", Field::Address),
        (fine.0, fine.1, fine.2, &endless, Field::Address),
    ] {
        assert_eq!(About::parse(name, category, district, address), Err(field), "{name:.10} {category} {district} {address:.10}");
    }
}

#[test]
fn what_is_missing_is_told_in_order() {
    assert_eq!(Done { about: true, photo: true, payout: true }.missing(), []);
    assert_eq!(Done { about: false, photo: true, payout: false }.missing(), [Part::About, Part::Payout]);
    assert_eq!(Done { about: false, photo: false, payout: false }.missing(), [Part::About, Part::Photo, Part::Payout]);
}

#[test]
fn a_code_is_read_as_people_copy_it_and_hides_itself() {
    let mut hash = [0; 32];
    hash[7] = 42;
    let code = WonCode::from_hash(&hash);
    assert_eq!(code.sender(), "Pay+ 0042");
    for typed in ["0042", " 0042 ", "Pay+ 0042", "Pay+0042", "００４２", "00 42"] {
        assert_eq!(WonCode::parse(typed), Some(code), "{typed}");
    }
    for typed in ["", "42", "00042", "abcd", "+042", "-042", "Pay+", &"0".repeat(10_000)] {
        assert_eq!(WonCode::parse(typed), None, "{typed:.20}");
    }
    assert!(!format!("{code:?}").contains("42"));
    assert!(WonCode::from_hash(&[255; 32]).sender().len() == 9);
}

#[test]
fn a_reason_says_something() {
    assert_eq!(Reason::parse(" 사진이 흐려요.\n다시 올려 주세요. ").unwrap().as_str(), "사진이 흐려요. 다시 올려 주세요.");
    for nothing in ["", " ", "?", "\u{200B}\u{200B}", &"가".repeat(301)] {
        assert_eq!(Reason::parse(nothing), None);
    }
    let needs: Vec<_> = Decision::ALL.into_iter().filter(|decision| decision.needs_reason()).collect();
    assert_eq!(needs, [Decision::SentBack, Decision::Closed]);
}
