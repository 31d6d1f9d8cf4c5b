use domain::Won;
use domain::calendar::Month;
use domain::history::{Search, SearchError, Typed, What};

fn typed(q: &str, what: &str, month: &str) -> Typed {
    Typed { q: q.to_owned(), what: what.to_owned(), month: month.to_owned() }
}

#[test]
fn names_are_found_as_people_type_them() {
    for (q, name, fits) in [
        ("커피", "모퉁이커피", true),
        ("ㅋㅍ", "모퉁이커피", true),
        ("ㅁㅌㅇ", "모퉁이커피", true),
        ("모퉁이 커피", "모퉁이커피", true),
        ("cafe", "CAFE 루나", true),
        ("ｃａｆｅ", "Cafe 루나", true),
        ("커파", "모퉁이커피", false),
        ("차", "모퉁이커피", false),
        ("7942", "7942 떡볶이", true),
        ("?!", "모퉁이커피", false),
    ] {
        let sought = Search::parse(&typed(q, "", "")).unwrap().sought.unwrap();
        assert_eq!(sought.is_in(name), fits, "{q} in {name}");
    }
}

#[test]
fn amounts_are_read_as_in_every_field() {
    for (q, amount) in [
        ("32000", Some(32_000)),
        ("32,000원", Some(32_000)),
        ("3만 2천", Some(32_000)),
        ("7942", Some(7_942)),
        ("커피", None),
        ("0", None),
        ("3만5", None),
        ("99999999999999999999", None),
    ] {
        let sought = Search::parse(&typed(q, "", "")).unwrap().sought.unwrap();
        assert_eq!(sought.amount, amount.map(Won::of), "{q}");
    }
}

#[test]
fn what_is_not_asked_about_is_any() {
    assert!(typed(" ", "", " ").is_empty());
    let all = Search::parse(&typed("  ", "", "")).unwrap();
    assert_eq!(all, Search::default());
    assert!(What::ALL.into_iter().all(|what| all.wants(what)));
    for what in What::ALL {
        let search = Search::parse(&typed("", what.as_str(), "2026-07")).unwrap();
        assert_eq!((search.what, search.month), (Some(what), Some(Month(202_607))));
        assert_eq!(What::ALL.into_iter().filter(|other| search.wants(*other)).collect::<Vec<_>>(), [what]);
    }
}

#[test]
fn what_cannot_be_asked() {
    let long = "가".repeat(41);
    for (asked, error) in [
        (typed(&long, "", ""), SearchError::TooLong),
        (typed("", "given", ""), SearchError::What),
        (typed("", "", "2026-13"), SearchError::Month),
        (typed("", "", "2026-7"), SearchError::Month),
        (typed("", "", "202607"), SearchError::Month),
        (typed("", "", "+026-07"), SearchError::Month),
        (typed("", "", "1969-12"), SearchError::Month),
        (typed("", "", "x"), SearchError::Month),
    ] {
        assert_eq!(Search::parse(&asked), Err(error), "{asked:?}");
    }
}

#[test]
fn months_are_written_as_they_are_read_and_go_back_over_new_year() {
    for month in [Month(202_601), Month(202_612), Month(199_910)] {
        assert_eq!(Month::parse(&month.to_string()), Some(month));
    }
    assert_eq!(Month(202_601).before(), Month(202_512));
    assert_eq!(Month(202_612).before(), Month(202_611));
}
