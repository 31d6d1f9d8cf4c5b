use super::at;
use domain::merchant::Role;
use domain::takings::filter::{FilterError, Kept, PaymentFilter, Search, Typed, Wanted};
use domain::takings::{Preset, RangeError};
use domain::{KindId, Timestamp, Won};
use proptest::prelude::*;

fn now() -> Timestamp {
    at("2026-07-14T10:30:00+09:00")
}

fn parse(change: impl FnOnce(&mut Typed)) -> Result<PaymentFilter, FilterError> {
    let mut typed = Typed::default();
    change(&mut typed);
    PaymentFilter::parse(&typed, Role::Owner, now())
}

#[test]
fn whoever_names_no_days_is_shown_thirty_and_a_cashier_today() {
    let days = parse(|_| {}).unwrap().days;
    assert_eq!((days.to_string().as_str(), days.count()), ("2026-06-15_2026-07-14", 30));
    let cashier = |typed: Typed| PaymentFilter::parse(&typed, Role::Cashier, now());
    assert_eq!(cashier(Typed::default()).unwrap().days, Preset::Today.range(now()));
    let today = Typed { from: "2026-07-14".into(), to: "2026-07-14".into(), ..Typed::default() };
    assert!(cashier(today).is_ok());
    for (from, to) in [("2026-07-13", "2026-07-14"), ("2026-07-13", ""), ("", "2026-07-13"), ("2026-07-14", "2026-07-15")] {
        let typed = Typed { from: from.into(), to: to.into(), ..Typed::default() };
        assert_eq!(cashier(typed), Err(FilterError::OnlyToday), "{from} {to}");
    }
}

#[test]
fn each_field_that_can_t_be_taken_is_named() {
    for (change, why) in [
        ((|t: &mut Typed| t.from = "x".into()) as fn(&mut Typed), FilterError::Days(RangeError::NotADay)),
        (|t| (t.from, t.to) = ("2026-07-14".into(), "2026-07-01".into()), FilterError::Days(RangeError::Backwards)),
        (|t| t.from = "2020-01-01".into(), FilterError::Days(RangeError::TooLong)),
        (|t| t.hour = "24".into(), FilterError::Hour),
        (|t| t.hour = "-1".into(), FilterError::Hour),
        (|t| t.kind = "all".into(), FilterError::Kind),
        (|t| t.least = "-1".into(), FilterError::Amount),
        (|t| t.most = "9".repeat(16), FilterError::Amount),
        (|t| (t.least, t.most) = ("2".into(), "1".into()), FilterError::Amount),
        (|t| t.state = "refunded".into(), FilterError::State),
        (|t| t.search = "김하늘".into(), FilterError::Search),
        (|t| t.search = "' OR 1=1 --".into(), FilterError::Search),
    ] {
        assert_eq!(parse(change), Err(why));
    }
}

#[test]
fn one_box_takes_codes_and_amounts() {
    for (text, code, amount) in [
        ("0042", Some("0042"), 42),
        ("3200", Some("3200"), 3_200),
        ("3,200", None, 3_200),
        ("32,000원", None, 32_000),
        ("₩500", None, 500),
        (" 7 ", None, 7),
    ] {
        let search = Search::parse(text).unwrap();
        assert_eq!((search.code.map(|code| code.to_string()).as_deref(), search.amount), (code, Won::of(amount)), "{text}");
    }
    for text in ["", " ", "12a", "-5", "1.5", "１２３４", "99999999999999999999"] {
        assert_eq!(Search::parse(text), None, "{text}");
    }
}

#[test]
fn what_is_left_of_a_payment_says_its_state() {
    for (cancelled, kept) in [(0, Kept::Whole), (1, Kept::Part), (999, Kept::Part), (1_000, Kept::Nothing)] {
        assert_eq!(Kept::of(Won::of(1_000), Won::of(cancelled)), kept);
    }
}

proptest! {
    #[test]
    fn a_link_asks_for_what_the_filter_does(
        hour in prop::option::of(0u8..24), kind in prop::option::of(0i64..), least in prop::option::of(0i64..1_000), more in prop::option::of(1_000i64..9_999_999),
        wanted in prop::option::of(0usize..4), code in prop::option::of(0i64..10_000),
    ) {
        let filter = PaymentFilter {
            hour,
            kind: kind.map(KindId),
            least: least.map(Won::of),
            most: more.map(Won::of),
            wanted: wanted.map(|at| Wanted::ALL[at]),
            search: code.and_then(|code| Search::parse(&format!("{code:04}"))),
            ..PaymentFilter::of_days(Preset::Month.range(now()))
        };
        let query = filter.query();
        prop_assert!(query.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-=&".contains(&byte)), "{}", query);
        let mut typed = Typed::default();
        for (name, value) in query.split('&').map(|pair| pair.split_once('=').unwrap()) {
            let field = match name {
                "from" => &mut typed.from,
                "to" => &mut typed.to,
                "hour" => &mut typed.hour,
                "kind" => &mut typed.kind,
                "least" => &mut typed.least,
                "most" => &mut typed.most,
                "state" => &mut typed.state,
                "search" => &mut typed.search,
                other => panic!("{other}"),
            };
            *field = value.to_owned();
        }
        prop_assert_eq!(PaymentFilter::parse(&typed, Role::Manager, now()), Ok(filter));
    }

    #[test]
    fn whatever_is_typed_gets_an_answer(typed in prop::array::uniform8(any::<String>())) {
        let [from, to, hour, kind, least, most, state, search] = typed;
        let typed = Typed { from, to, hour, kind, least, most, state, search };
        // Only must not panic.
        let _ = PaymentFilter::parse(&typed, Role::Owner, now());
    }
}
