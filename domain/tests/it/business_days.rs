use domain::business_days::{NoHolidays, after, holiday, is_business_day, years};
use domain::calendar::Day;
use domain::settling::pays_on;
use jiff::civil::{Date, Weekday};
use proptest::prelude::*;

fn date(yyyymmdd: i32) -> Date {
    Day(yyyymmdd).date().unwrap()
}

#[test]
fn the_file_has_these_years_and_each_has_its_holidays() {
    assert_eq!(years(), 2022..=2050);
    for year in years() {
        let in_year = |month: i8, day: i8| holiday(Date::new(year, month, day).unwrap()).unwrap();
        for (month, day) in [(1, 1), (3, 1), (5, 1), (5, 5), (6, 6), (8, 15), (10, 3), (10, 9), (12, 25)] {
            assert!(in_year(month, day).is_some(), "{year}-{month}-{day}");
        }
        let days = Date::new(year, 1, 1).unwrap().series(jiff::ToSpan::days(1)).take_while(|date| date.year() == year);
        let names: Vec<&str> = days.filter_map(|date| holiday(date).unwrap()).collect();
        for name in ["설날", "추석", "부처님오신날"] {
            assert!(names.iter().any(|found| found.contains(name)), "{name} of {year}");
        }
        assert!((14..=30).contains(&names.len()), "{year}: {names:?}");
    }
}

#[test]
fn a_year_without_data_is_refused() {
    assert_eq!(holiday(date(20211231)), Err(NoHolidays(2021)));
    assert_eq!(is_business_day(date(20510102)), Err(NoHolidays(2051)));
    // 30 December 2050 is a Friday: its payout would be in a year that nobody knows.
    assert_eq!(pays_on(Day(20501230)), Err(NoHolidays(2051)));
    assert_eq!(pays_on(Day(20501228)), Ok(Day(20501230)));
}

#[test]
fn holidays_are_those_of_korea() {
    let closed = [
        (20250127, "by decree"),
        (20250129, "Seollal"),
        (20250506, "a substitute for two at once"),
        (20250603, "an election that was called early"),
        (20251008, "a substitute for Chuseok's eve on a Sunday"),
        (20250501, "Labour Day, when only banks were closed"),
        (20260501, "Labour Day, a public holiday"),
        (20260717, "Constitution Day, again since 2026"),
        (20260817, "a substitute for Liberation Day on a Saturday"),
        (20270209, "a substitute for Seollal on a Sunday"),
    ];
    for (day, why) in closed {
        assert_eq!(is_business_day(date(day)), Ok(false), "{day}: {why}");
    }
    // Memorial Day, 6 June 2026, is a Saturday without a substitute; 17 July was a working day until 2025.
    for day in [20260608, 20250717, 20261123] {
        assert_eq!(is_business_day(date(day)), Ok(true), "{day}");
    }
}

#[test]
fn a_day_is_paid_out_on_the_second_business_day() {
    let table = [
        ("Monday's on Wednesday", 20261116, 20261118),
        ("Thursday's on Monday", 20261119, 20261123),
        ("Friday's on Tuesday", 20261120, 20261124),
        ("Saturday's on Tuesday", 20261121, 20261124),
        ("Sunday's on Tuesday", 20261122, 20261124),
        ("over the year's end", 20251231, 20260105),
        ("over New Year's Day on a Friday", 20261231, 20270105),
        ("before Seollal 2026 (16 to 18 February)", 20260213, 20260220),
        ("on Seollal 2026", 20260217, 20260220),
        ("before Chuseok 2025 (3 to 9 October with its substitute)", 20251002, 20251013),
        ("in the midst of Chuseok 2025", 20251006, 20251013),
        ("Seollal 2027 with its substitute on Tuesday", 20270205, 20270211),
        ("before Christmas on a Friday", 20261224, 20261229),
    ];
    for (what, day, paid_on) in table {
        assert_eq!(pays_on(Day(day)), Ok(Day(paid_on)), "{what}");
    }
}

proptest! {
    #[test]
    fn between_a_day_and_its_payout_lies_one_business_day(year in 2022_i16..2050, number in 0_i32..366) {
        let first = Date::new(year, 1, 1).unwrap();
        let day = first.checked_add(jiff::ToSpan::days(number)).unwrap();
        let paid_on = after(day, 2).unwrap();
        prop_assert!(is_business_day(paid_on).unwrap());
        prop_assert!(!matches!(paid_on.weekday(), Weekday::Saturday | Weekday::Sunday));
        let between = day.tomorrow().unwrap().series(jiff::ToSpan::days(1)).take_while(|date| *date < paid_on);
        prop_assert_eq!(between.filter(|date| is_business_day(*date).unwrap()).count(), 1);
    }
}
