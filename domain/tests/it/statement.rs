use domain::calendar::Month;
use domain::statement::{Use, Year, YearOfUse, masked_name};
use domain::{Timestamp, Won};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn paid(won: i64) -> Use {
    Use { paid_count: 1, paid: Won::of(won), ..Use::default() }
}

fn cancelled(won: i64) -> Use {
    Use { cancelled_count: 1, cancelled: Won::of(won), ..Use::default() }
}

#[test]
fn a_year_is_asked_for_by_four_digits_and_has_begun() {
    let now = at("2026-12-31T14:59:59Z");
    for (text, year) in [
        ("2026", Some(2026)),
        ("2025", Some(2025)),
        ("1971", Some(1971)),
        ("1970", None),
        ("2027", None),
        ("26", None),
        ("02026", None),
        ("+026", None),
        ("二千", None),
        ("", None),
    ] {
        assert_eq!(Year::parse(text, now).map(Year::number), year, "{text}");
    }
    // A second later it is 2027 in Seoul.
    assert_eq!(Year::parse("2027", at("2026-12-31T15:00:00Z")).map(Year::number), Some(2027));
}

#[test]
fn in_january_and_february_the_year_that_ended_is_meant() {
    for (now, year) in [
        ("2026-01-01T00:00:00+09:00", 2025),
        ("2026-02-28T23:59:59+09:00", 2025),
        ("2026-03-01T00:00:00+09:00", 2026),
        ("2026-12-31T23:59:59+09:00", 2026),
    ] {
        assert_eq!(Year::asked_for(at(now)).number(), year, "{now}");
    }
    let years = |first: i64, most| {
        let years = Year::up_to(Year::of(Timestamp::from_second(first).unwrap()), at("2026-07-01T00:00:00Z"), most);
        years.into_iter().map(Year::number).collect::<Vec<_>>()
    };
    assert_eq!(years(1_720_000_000, 6), [2026, 2025, 2024]);
    assert_eq!(years(1_720_000_000, 2), [2026, 2025]);
    // Of somebody whose first row is from a clock ahead of ours.
    assert!(years(1_990_000_000, 6).is_empty());
}

#[test]
fn a_year_lies_between_two_midnights_in_seoul() {
    let year = Year::of(at("2026-01-01T00:00:00+09:00"));
    let span = year.span().unwrap();
    assert_eq!((span.from(), span.to()), (at("2025-12-31T15:00:00Z"), at("2026-12-31T15:00:00Z")));
    assert_eq!((year.months()[0], year.months()[11]), (Month(202_601), Month(202_612)));
}

#[test]
fn cancels_count_in_the_month_they_happen_in() {
    let year = Year::of(at("2026-06-01T00:00:00Z"));
    let happened = [
        (Month(202_601), paid(30_000)),
        (Month(202_601), paid(20_000)),
        // Of a payment of January.
        (Month(202_602), cancelled(50_000)),
        (Month(202_602), paid(10_000)),
        (Month(202_512), paid(7)),
        (Month(202_701), cancelled(7)),
        (Month(202_612), Use { bought: Won::of(100_000), saved: Won::of(7_000), ..Use::default() }),
    ];
    let of = YearOfUse::of(year, happened).unwrap();
    let used: Vec<i64> = of.months().map(|(_, used)| used.used_won()).collect();
    assert_eq!(used, [50_000, -40_000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let total = of.total();
    assert_eq!((total.paid_count, total.paid, total.cancelled_count, total.cancelled), (3, Won::of(60_000), 1, Won::of(50_000)));
    assert_eq!((total.used_won(), total.bought, total.saved), (10_000, Won::of(100_000), Won::of(7_000)));
    assert_eq!(of.months().filter(|(_, used)| used.is_nothing()).count(), 9);
    let too_much = [(Month(202_601), paid(Won::MAX.get())), (Month(202_602), paid(1))];
    assert_eq!(YearOfUse::of(year, too_much), None);
}

#[test]
fn a_name_on_paper_is_half_hidden() {
    for (name, masked) in [
        ("홍길동", "홍*동"),
        ("홍길", "홍*"),
        ("홍", "홍"),
        ("남궁길동", "남**동"),
        ("Jane Doe", "J*** **e"),
        (" 홍길동 ", "홍*동"),
        ("", ""),
    ] {
        assert_eq!(masked_name(name), masked, "{name}");
    }
}
