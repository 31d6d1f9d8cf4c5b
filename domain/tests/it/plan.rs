use domain::calendar::Day;
use domain::plan::*;
use domain::room::{Figures, NotSettings};
use domain::sale::Who;
use domain::{KindId, Timestamp, Won};
use proptest::prelude::*;

const UNIT: Won = Won::of(10_000);
const DAY: Day = Day(20220728);

fn now() -> Timestamp {
    "2022-07-27T15:00:00+09:00".parse().unwrap()
}

fn good() -> Plan {
    let names = ("7월 28일 판매".to_owned(), "Sale of 28 July".to_owned());
    Plan::by_parity(KindId(1), names, DAY, Won::of(50_000_000_000), UNIT)
}

fn hours(from: (u16, u16), to: (u16, u16)) -> Hours {
    Hours { from: Clock::at(from.0, from.1), to: Clock::at(to.0, to.1) }
}

fn window(from: u16, to: u16, who: Who) -> PlannedWindow {
    PlannedWindow { hours: hours((from, 0), (to, 0)), who, amount: UNIT, pools_left_over: false }
}

#[test]
fn a_day_like_that_of_july_2022_is_ready() {
    let plan = good();
    assert_eq!(plan.problems(UNIT, now()), []);
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let ready = plan.ready(UNIT, now()).unwrap();
    let told: Vec<_> = ready.windows().iter().map(|(span, window)| (span.from(), span.to(), window.who, window.amount.get())).collect();
    let half = 25_000_000_000;
    assert_eq!(
        told,
        [
            (at("2022-07-28T10:00:00+09:00"), at("2022-07-28T14:00:00+09:00"), Who::OddBirthYears, half),
            (at("2022-07-28T14:00:00+09:00"), at("2022-07-28T18:00:00+09:00"), Who::EvenBirthYears, half),
            (at("2022-07-28T18:00:00+09:00"), at("2022-07-29T00:00:00+09:00"), Who::Anyone, 0),
        ]
    );
    assert!(ready.windows()[2].1.pools_left_over);
    let suspended: Vec<String> =
        plan.suspensions.iter().map(|one| format!("{} {}-{}", one.feature.as_str(), one.hours.from, one.hours.to)).collect();
    assert_eq!(
        suspended,
        ["sign_up 09:30-11:30", "shop_finder 09:30-11:30", "sign_up 13:30-15:30", "shop_finder 13:30-15:30", "gifts 10:00-18:00"]
    );
    assert_eq!(plan.begins_at(), Some(at("2022-07-28T09:30:00+09:00")));
    assert_eq!(plan.total(), Some(Won::of(2 * half)));
}

#[test]
fn an_odd_total_is_halved_in_units() {
    let names = || ("가".to_owned(), "a".to_owned());
    let amounts =
        |total| Plan::by_parity(KindId(1), names(), DAY, Won::of(total), UNIT).windows.iter().map(|w| w.amount.get()).collect::<Vec<_>>();
    assert_eq!(amounts(30_000), [10_000, 20_000, 0]);
    assert_eq!(amounts(10_000), [0, 10_000, 0]);
}

#[test]
#[allow(clippy::type_complexity)]
fn each_problem_names_its_field() {
    let table: &[(fn(&mut Plan), &[(Field, Why)])] = &[
        (|plan| plan.name_ko = "  ".to_owned(), &[(Field::NameKo, Why::Missing)]),
        (|plan| plan.name_en = "a".repeat(61), &[(Field::NameEn, Why::TooLong)]),
        (|plan| plan.day = Day(20220230), &[(Field::Day, Why::NoSuchDay)]),
        (|plan| plan.day = Day(20231201), &[(Field::Day, Why::NoSuchDay)]),
        (|plan| plan.day = Day(20220727), &[(Field::Window(0, Part::Hours), Why::Past), (Field::Window(1, Part::Hours), Why::Past)]),
        (|plan| plan.windows.clear(), &[(Field::Windows, Why::Missing)]),
        (|plan| plan.windows[0].hours = hours((10, 0), (10, 0)), &[(Field::Window(0, Part::Hours), Why::Empty)]),
        (|plan| plan.windows[0].hours = hours((12, 0), (10, 0)), &[(Field::Window(0, Part::Hours), Why::Empty)]),
        // Of other people, at the same time: fine.
        (|plan| plan.windows[1].hours = hours((10, 0), (14, 0)), &[]),
        (|plan| plan.windows[1].who = Who::OddBirthYears, &[]),
        (|plan| plan.windows[2].hours = hours((17, 59), (24, 0)), &[(Field::Window(2, Part::Hours), Why::Overlaps(1))]),
        (|plan| plan.windows.push(window(13, 15, Who::OddBirthYears)), &[(Field::Window(3, Part::Hours), Why::Overlaps(0))]),
        (|plan| plan.windows[0].amount = Won::ZERO, &[(Field::Window(0, Part::Amount), Why::NotPositive)]),
        (|plan| plan.windows[1].amount = Won::of(15_000), &[(Field::Window(1, Part::Amount), Why::NotAMultiple { unit: UNIT })]),
        (|plan| plan.windows[2].amount = Won::of(1), &[(Field::Window(2, Part::Amount), Why::NotAMultiple { unit: UNIT })]),
        (|plan| plan.windows[0].amount = Won::MAX, &[(Field::Windows, Why::TooMuch)]),
        (|plan| plan.windows[0].pools_left_over = true, &[(Field::Window(0, Part::Hours), Why::NothingToPool)]),
        (|plan| plan.windows = (0..9).map(|hour| window(10 + hour, 11 + hour, Who::Anyone)).collect(), &[(Field::Windows, Why::TooMany)]),
        (|plan| plan.room = Some(Figures { rate_per_s: 0, ..Figures::default() }), &[(Field::Room, Why::Room(NotSettings::Rate))]),
        (|plan| plan.room = None, &[]),
        (|plan| plan.suspensions[1].hours = hours((11, 0), (9, 0)), &[(Field::Suspension(1), Why::Empty)]),
        (|plan| plan.suspensions[2].hours = hours((11, 29), (15, 30)), &[(Field::Suspension(2), Why::Overlaps(0))]),
        (|plan| plan.suspensions[2].hours = hours((11, 30), (15, 30)), &[]),
        (
            |plan| plan.suspensions = vec![plan.suspensions[0]; 13],
            &[(Field::Suspensions, Why::TooMany), (Field::Suspension(1), Why::Overlaps(0))],
        ),
    ];
    for (number, (change, problems)) in table.iter().enumerate() {
        let mut plan = good();
        change(&mut plan);
        let found: Vec<(Field, Why)> = plan.problems(UNIT, now()).iter().map(|problem| (problem.at, problem.why)).collect();
        assert_eq!(found.get(..problems.len().max(1).min(found.len())), Some(*problems), "row {number}: {found:?}");
    }
}

#[test]
fn a_window_opens_in_the_future() {
    let opening = "2022-07-28T10:00:00+09:00".parse::<Timestamp>().unwrap();
    let before = opening - jiff::SignedDuration::from_millis(1);
    assert_eq!(good().problems(UNIT, before), []);
    assert_eq!(good().problems(UNIT, opening), [Problem { at: Field::Window(0, Part::Hours), why: Why::Past }]);
}

#[test]
fn clocks_are_read_as_browsers_write_them() {
    for (text, minutes) in [("00:00", 0), ("09:30", 570), ("9:30", 570), ("23:59", 1_439), ("24:00", 1_440), ("10:00:00", 600)] {
        assert_eq!(Clock::parse(text).map(Clock::minutes), Some(minutes), "{text}");
    }
    for wrong in ["", "10", "24:01", "10:60", "-1:00", "10:00:01", "+9:00", "열시", "10:0a", "65535:59"] {
        assert_eq!(Clock::parse(wrong), None, "{wrong}");
    }
    assert_eq!(Clock::at(9, 5).to_string(), "09:05");
    assert!(serde_json::from_str::<Clock>("1441").is_err());
}

#[test]
fn a_plan_reads_back_as_it_was_written() {
    let text = serde_json::to_string(&good()).unwrap();
    assert_eq!(serde_json::from_str::<Plan>(&text).unwrap(), good());
}

fn any_plan() -> impl Strategy<Value = Plan> {
    let clock = || (0..=1_440u16).prop_map(|minute| Clock::try_from(minute).unwrap());
    let hours = move || (clock(), clock()).prop_map(|(from, to)| Hours { from, to });
    let who = prop_oneof![Just(Who::Anyone), Just(Who::OddBirthYears), Just(Who::EvenBirthYears)];
    let window = (hours(), who, 0..5i64, any::<bool>()).prop_map(|(hours, who, units, pools_left_over)| PlannedWindow {
        hours,
        who,
        amount: Won::of(units * 10_000),
        pools_left_over,
    });
    let feature = prop_oneof![Just(Feature::SignUp), Just(Feature::ShopFinder), Just(Feature::Gifts)];
    let suspension = (feature, hours()).prop_map(|(feature, hours)| Suspension { feature, hours });
    let parts = (prop::collection::vec(window, 0..5), prop::collection::vec(suspension, 0..4));
    parts.prop_map(|(windows, suspensions)| Plan { windows, suspensions, ..good() })
}

proptest! {
    /// At no minute of a day that is ready is anybody in two windows of it, and every window sells something or takes what is left.
    #[test]
    fn nobody_is_in_two_windows(plan in any_plan(), minute in 0..1_440u16, birth_year in 1_930..2_010i16) {
        let Ok(ready) = plan.ready(UNIT, now()) else { return Ok(()) };
        let at = Clock::try_from(minute).unwrap().on(DAY).unwrap();
        let open = ready.windows().iter().filter(|(span, window)| span.contains(at) && window.who.admits(birth_year)).count();
        prop_assert!(open <= 1);
        for (span, window) in ready.windows() {
            prop_assert!(span.from() > now() && window.amount.is_multiple_of(UNIT));
            prop_assert!(window.pools_left_over || !window.amount.is_zero());
        }
        for feature in Feature::ALL {
            let closed = plan.suspensions.iter().filter(|one| one.feature == feature && one.hours.on(DAY).unwrap().contains(at)).count();
            prop_assert!(closed <= 1);
        }
    }

    /// Whatever is typed, problems are found and not panicked at.
    #[test]
    fn any_plan_can_be_looked_at(plan in any_plan(), day in any::<i32>()) {
        let plan = Plan { day: Day(day), ..plan };
        let problems = plan.problems(UNIT, now());
        prop_assert_eq!(plan.ready(UNIT, now()).is_ok(), problems.is_empty());
        let _ = plan.begins_at();
    }
}
