use domain::calendar::{Day, Span};
use domain::district::District;
use domain::kind::change::*;
use domain::kind::funding::{Funder, Funding};
use domain::kind::terms::Terms;
use domain::kind::{AfterExpiry, BasisPoints, Kind, Percent, Scope};
use domain::{KindId, Timestamp, Won};
use proptest::prelude::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn now() -> Timestamp {
    at("2026-07-14T10:00:00+09:00")
}

fn kind(scope: Scope) -> Kind {
    let terms = Terms::of_a_district();
    Kind {
        id: KindId(1),
        name_ko: "마포동네상품권".to_owned(),
        name_en: "Mapo voucher".to_owned(),
        scope,
        discount: terms.discount,
        unit: terms.unit,
        month_limit: terms.month_limit,
        holding_cap: terms.holding_cap,
        validity_years: terms.validity_years,
        refund_from: terms.refund_from,
        after_expiry: AfterExpiry::MODEL_TERMS,
    }
}

/// From 10 to 7 %, tomorrow.
fn good() -> Change {
    let funding = Funding { nation: BasisPoints(0), city: BasisPoints(400), district: BasisPoints(300) };
    let terms = Terms { discount: BasisPoints(700), funding, ..Terms::of_a_district() };
    Change { of: Of::Kind(KindId(1)), terms, start: Start::On(Day(20260715)) }
}

fn new(name_ko: &str) -> Of {
    Of::New { district: District::MAPO, name_ko: name_ko.to_owned(), name_en: "Mapo voucher".to_owned() }
}

/// What is found about a change of the kind of Mapo that nothing stands around.
fn found(change: &Change) -> Vec<(Field, Why)> {
    let (kind, terms) = (kind(Scope::District(District::MAPO)), Terms::of_a_district());
    let kind = matches!(change.of, Of::Kind(_)).then_some((&kind, &terms));
    let around = Around { kind, is_taken: false, waits_from: None, windows: &[] };
    change.problems(&around, now()).iter().map(|problem| (problem.at, problem.why)).collect()
}

#[test]
#[allow(clippy::type_complexity)]
fn each_problem_names_its_field() {
    let unit = Won::of(10_000);
    let table: &[(fn(&mut Change), &[(Field, Why)])] = &[
        (|_| {}, &[]),
        (|change| change.start = Start::AtOnce, &[]),
        (|change| change.terms = Terms::of_a_district(), &[(Field::Kind, Why::Same)]),
        (|change| change.of = new("마포동네상품권"), &[]),
        (|change| change.of = new("  "), &[(Field::NameKo, Why::Missing)]),
        (|change| change.of = new(&"가".repeat(61)), &[(Field::NameKo, Why::TooLong)]),
        (|change| change.of = new(&"가".repeat(60)), &[]),
        (
            |change| change.terms.discount = BasisPoints(2_001),
            &[(Field::Discount, Why::OutOfBounds), (Field::Funding, Why::NotTheDiscount { total_bp: 700, discount: BasisPoints(2_001) })],
        ),
        (|change| (change.terms.discount, change.terms.funding) = (BasisPoints(2_000), Funding::by_city(BasisPoints(2_000))), &[]),
        (|change| (change.terms.discount, change.terms.funding) = (BasisPoints(0), Funding::by_city(BasisPoints(0))), &[]),
        (
            |change| change.terms.funding.city = BasisPoints(399),
            &[(Field::Funding, Why::NotTheDiscount { total_bp: 699, discount: BasisPoints(700) })],
        ),
        (
            |change| change.terms.funding.city = BasisPoints(65_535),
            &[(Field::Funding, Why::NotTheDiscount { total_bp: 65_835, discount: BasisPoints(700) })],
        ),
        (|change| change.terms.unit = Won::ZERO, &[(Field::Unit, Why::OutOfBounds)]),
        (|change| change.terms.unit = Won::of(1_500), &[(Field::Unit, Why::OutOfBounds)]),
        (|change| change.terms.unit = Won::of(200_000), &[(Field::Unit, Why::OutOfBounds)]),
        (|change| change.terms.unit = Won::of(1_000), &[]),
        (|change| change.terms.month_limit = Won::of(305_000), &[(Field::MonthLimit, Why::NotAMultiple { unit: Won::of(10_000) })]),
        (|change| change.terms.month_limit = Won::ZERO, &[(Field::MonthLimit, Why::OutOfBounds)]),
        (|change| change.terms.month_limit = Won::of(1_010_000), &[(Field::MonthLimit, Why::AboveCap { cap: Won::of(1_000_000) })]),
        (|change| change.terms.month_limit = Won::of(1_000_000), &[]),
        (|change| change.terms.holding_cap = Won::of(2_000_000), &[]),
        (|change| change.terms.holding_cap = Won::of(2_010_000), &[(Field::HoldingCap, Why::OutOfBounds)]),
        (|change| change.terms.holding_cap = Won::of(999_999), &[(Field::HoldingCap, Why::NotAMultiple { unit: Won::of(10_000) })]),
        (|change| change.terms.validity_years = 0, &[(Field::Validity, Why::OutOfBounds)]),
        (|change| change.terms.validity_years = 11, &[(Field::Validity, Why::OutOfBounds)]),
        (|change| change.terms.validity_years = 10, &[]),
        (|change| change.terms.refund_from = Percent::new(59), &[(Field::RefundFrom, Why::OutOfBounds)]),
        (|change| change.terms.refund_from = Percent::new(81), &[(Field::RefundFrom, Why::OutOfBounds)]),
        (|change| change.terms.refund_from = Percent::new(80), &[]),
        (|change| change.start = Start::On(Day(20260714)), &[(Field::Start, Why::NotToCome)]),
        (|change| change.start = Start::On(Day(20260230)), &[(Field::Start, Why::NoSuchDay)]),
        (|change| change.start = Start::On(Day(20270901)), &[(Field::Start, Why::NoSuchDay)]),
    ];
    assert_eq!(Terms::of_a_district().unit, unit);
    for (number, (change, problems)) in table.iter().enumerate() {
        let mut wrong = good();
        change(&mut wrong);
        assert_eq!(found(&wrong), *problems, "row {number}");
    }
}

#[test]
fn what_stands_around_it_is_looked_at() {
    let (city, mapo) = (kind(Scope::Citywide), kind(Scope::District(District::MAPO)));
    let terms = Terms::of_a_district();
    let around = |kind| Around { kind, is_taken: false, waits_from: None, windows: &[] };
    let found = |change: &Change, around: &Around<'_>| -> Vec<(Field, Why)> {
        change.problems(around, now()).iter().map(|problem| (problem.at, problem.why)).collect()
    };
    assert_eq!(found(&good(), &around(None)), [(Field::Kind, Why::Missing)]);
    assert_eq!(found(&good(), &around(Some((&city, &terms)))), [(Field::Funding, Why::NoDistrict)], "no district pays for all");
    let fresh = Change { of: new("마포동네상품권"), ..good() };
    assert_eq!(found(&fresh, &Around { is_taken: true, ..around(None) }), [(Field::District, Why::Taken)]);
    let from = at("2026-07-20T00:00:00+09:00");
    let waiting = Around { waits_from: Some(from), ..around(Some((&mapo, &terms))) };
    assert_eq!(found(&good(), &waiting), [(Field::Kind, Why::Waits { from })]);
}

#[test]
fn no_day_of_a_window_begins_with_other_terms() {
    let (mapo, terms) = (kind(Scope::District(District::MAPO)), Terms::of_a_district());
    let found = |change: &Change, from: &str, to: &str, amount: i64| -> Vec<(Field, Why)> {
        let windows = [(Span::new(at(from), at(to)).unwrap(), Won::of(amount))];
        let around = Around { kind: Some((&mapo, &terms)), is_taken: false, waits_from: None, windows: &windows };
        change.problems(&around, now()).iter().map(|problem| (problem.at, problem.why)).collect()
    };
    let on_sale = |opens_at: &str| vec![(Field::Start, Why::OnSale { opens_at: at(opens_at) })];
    let tomorrow = good();
    let at_once = Change { start: Start::AtOnce, ..good() };
    // It closes at the very midnight, opens at it, is open over it, opens late on the day, opens at the midnight after.
    let table = [
        ("2026-07-14T18:00:00+09:00", "2026-07-15T00:00:00+09:00", false, true),
        ("2026-07-15T00:00:00+09:00", "2026-07-15T00:00:01+09:00", true, false),
        ("2026-07-14T18:00:00+09:00", "2026-07-16T00:00:00+09:00", true, true),
        ("2026-07-15T23:59:59+09:00", "2026-07-16T01:00:00+09:00", true, false),
        ("2026-07-16T00:00:00+09:00", "2026-07-16T12:00:00+09:00", false, false),
        // This morning, and over: who bought then has other terms than who would buy in the evening.
        ("2026-07-14T08:00:00+09:00", "2026-07-14T09:00:00+09:00", false, true),
    ];
    for (from, to, is_tomorrow, is_today) in table {
        let expected = |is_wrong: bool| if is_wrong { on_sale(from) } else { Vec::new() };
        assert_eq!(found(&tomorrow, from, to, 50_000), expected(is_tomorrow), "{from}");
        assert_eq!(found(&at_once, from, to, 50_000), expected(is_today), "{from}");
    }
    let (from, to) = ("2026-08-01T10:00:00+09:00", "2026-08-01T12:00:00+09:00");
    let odd = Change { terms: Terms { unit: Won::of(20_000), month_limit: Won::of(400_000), ..good().terms }, ..good() };
    assert_eq!(found(&odd, from, to, 40_000), []);
    assert_eq!(found(&odd, from, to, 50_000), [(Field::Unit, Why::WindowAmount { opens_at: at(from) })]);
}

#[test]
fn it_applies_from_a_midnight_in_seoul_or_at_once() {
    let (mapo, terms) = (kind(Scope::District(District::MAPO)), Terms::of_a_district());
    let around = Around { kind: Some((&mapo, &terms)), is_taken: false, waits_from: None, windows: &[] };
    assert_eq!(good().ready(&around, now()).unwrap().from(), at("2026-07-15T00:00:00+09:00"));
    let at_once = Change { start: Start::AtOnce, ..good() };
    assert_eq!(at_once.ready(&around, now()).unwrap().from(), now());
    let midnight = at("2026-07-15T00:00:00+09:00");
    assert_eq!(good().ready(&around, midnight).unwrap_err(), [Problem { at: Field::Start, why: Why::NotToCome }]);
    assert!(good().ready(&around, midnight - jiff::SignedDuration::from_millis(1)).is_ok());
}

#[test]
fn a_change_reads_back_as_it_was_written() {
    for change in [good(), Change { of: new("마포"), start: Start::AtOnce, ..good() }] {
        assert_eq!(serde_json::from_str::<Change>(&serde_json::to_string(&change).unwrap()).unwrap(), change);
    }
}

#[test]
fn states_are_stored_and_read() {
    for state in ChangeState::ALL {
        assert_eq!(ChangeState::parse(state.as_str()), Some(state));
    }
    assert_eq!(ChangeState::parse("ready"), None);
}

fn funding(nation: u16, city: u16, district: u16) -> Funding {
    Funding { nation: BasisPoints(nation), city: BasisPoints(city), district: BasisPoints(district) }
}

#[test]
fn the_odd_won_goes_to_whom_it_was_taken_from_most() {
    for (shares, amount, parts) in [
        ((200, 500, 300), 10_000, [2_000, 5_000, 3_000]),
        ((200, 500, 300), 7, [1, 4, 2]),
        ((100, 100, 100), 100, [34, 33, 33]),
        ((100, 100, 100), 101, [34, 34, 33]),
        ((0, 350, 350), 7, [0, 4, 3]),
        ((1, 0, 999), 1, [0, 0, 1]),
        ((0, 700, 0), 7_000, [0, 7_000, 0]),
        ((0, 0, 0), 5, [0, 5, 0]),
        ((200, 500, 300), 0, [0, 0, 0]),
    ] {
        assert_eq!(funding(shares.0, shares.1, shares.2).split(Won::of(amount)).map(Won::get), parts, "{shares:?} of {amount}");
    }
}

proptest! {
    /// The parts add up to the won, nobody without a share bears anything, and nobody bears a whole won more or less than the share.
    #[test]
    fn the_parts_add_up(shares in prop::array::uniform3(0..2_001u16), amount in 0..=1_000_000_000_000_000i64) {
        let funding = funding(shares[0], shares[1], shares[2]);
        let parts = funding.split(Won::of(amount));
        prop_assert_eq!(parts.iter().map(|part| part.get()).sum::<i64>(), amount);
        let total = i128::from(funding.total());
        for (funder, part) in Funder::ALL.into_iter().zip(parts) {
            let exact = i128::from(amount) * i128::from(funding.share(funder).0);
            if total > 0 {
                prop_assert!((i128::from(part.get()) * total - exact).abs() < total);
                prop_assert!(funding.share(funder).0 > 0 || part.is_zero());
            }
        }
    }

    /// What is ready keeps every bound, and whatever is typed is looked at without a panic.
    #[test]
    fn what_is_ready_is_within_all_bounds(
        discount in 0..3_000u16, unit in 0..200i64, limit in 0..300i64, cap in 0..300i64, years in 0..15u8, refund in 0..=100u8,
        city in 0..3_000u16, day in any::<i32>()
    ) {
        let terms = Terms {
            discount: BasisPoints(discount), unit: Won::of(unit * 1_000), month_limit: Won::of(limit * 10_000),
            holding_cap: Won::of(cap * 10_000), validity_years: years, refund_from: Percent::new(refund),
            funding: Funding::by_city(BasisPoints(city)),
        };
        let _ = found(&Change { of: Of::Kind(KindId(1)), terms, start: Start::On(Day(day)) });
        if found(&Change { of: Of::Kind(KindId(1)), terms, start: Start::AtOnce }).is_empty() {
            prop_assert!(discount <= 2_000 && city == discount && (1..=10).contains(&years) && (60..=80).contains(&refund));
            prop_assert!(terms.month_limit <= terms.holding_cap && terms.holding_cap <= Won::of(2_000_000));
            prop_assert!(terms.month_limit.is_multiple_of(terms.unit) && terms.holding_cap.is_multiple_of(terms.unit));
        }
    }
}
