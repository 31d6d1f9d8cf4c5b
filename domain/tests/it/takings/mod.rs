//! A shop's takings: ranges of days, what is looked for, and how figures are laid beside each other.

mod filter;
mod range;

use domain::calendar::Day;
use domain::takings::{DayBefore, DayRange, Hour, HourOfDay, Sums, Takings, Today, change, hour_of, same_time_on, weeks_before};
use domain::{Timestamp, Won};
use proptest::prelude::*;

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn sums(paid_count: i64, paid: i64, cancelled: i64) -> Sums {
    Sums { paid_count, paid: Won::of(paid), cancelled_count: i64::from(cancelled > 0), cancelled: Won::of(cancelled) }
}

#[test]
fn changes_are_told_in_thousandths_of_what_was() {
    for (now, before, told) in [
        (110, 100, Some(100)),
        (0, 100, Some(-1_000)),
        (-50, 100, Some(-1_500)),
        (100, 100, Some(0)),
        (1, 3, Some(-666)),
        (100, 0, None),
        (0, 0, None),
        (100, -5, None),
        (i64::MAX, 1, Some(i64::MAX)),
    ] {
        assert_eq!(change(now, before), told, "{now} {before}");
    }
}

#[test]
fn the_same_weekday_is_whole_weeks_before() {
    for (day, weeks, before) in
        [(20_260_714, 1, 20_260_707), (20_260_301, 1, 20_260_222), (20_240_307, 1, 20_240_229), (20_260_101, 4, 20_251_204)]
    {
        let found = weeks_before(Day(day), weeks).unwrap();
        assert_eq!(found, Day(before));
        assert_eq!(found.date().unwrap().weekday(), Day(day).date().unwrap().weekday());
    }
    assert_eq!(weeks_before(Day(20_260_230), 1), None);
}

#[test]
fn the_same_time_of_another_day() {
    let now = at("2026-07-14T10:30:00.5+09:00");
    assert_eq!(same_time_on(Day(20_260_707), now), Some(at("2026-07-07T10:30:00.5+09:00")));
    assert_eq!((hour_of(now), hour_of(at("2026-07-14T15:00:00Z")), hour_of(at("2026-07-14T14:59:59Z"))), (10, 0, 23));
}

#[test]
fn days_and_hours_add_up() {
    let of = |paid| Hour { sums: sums(1, paid, 0), new_payers: 1, returning_payers: 0 };
    let hour = |day: i32, hour: u8, paid: i64| HourOfDay { day: Day(day), hour, of: of(paid) };
    let takings = Takings { hours: vec![hour(20_260_713, 9, 100), hour(20_260_713, 10, 10), hour(20_260_715, 9, 1)], kinds: vec![] };
    assert_eq!((takings.total().sums, takings.total().new_payers), (sums(3, 111, 0), 3));
    assert_eq!(takings.of_day(Day(20_260_713)).sums.paid, Won::of(110));
    let range = DayRange::new(Day(20_260_713), Day(20_260_715)).unwrap();
    let days: Vec<(i32, i64)> = takings.by_day(range).into_iter().map(|(day, sums)| (day.0, sums.net())).collect();
    assert_eq!(days, [(20_260_713, 110), (20_260_714, 0), (20_260_715, 1)]);
    let hours = takings.by_hour();
    assert_eq!((hours[9].net(), hours[10].net(), hours[11].net()), (101, 10, 0));
}

#[test]
fn a_day_may_bring_less_than_nothing() {
    let day = sums(1, 1_000, 5_000);
    assert_eq!((day.net(), day.average_payment()), (-4_000, Some(Won::of(1_000))));
    assert_eq!((Sums::default().average_payment(), Sums::default().is_nothing()), (None, true));
}

#[test]
fn days_on_which_a_shop_was_closed_are_no_part_of_the_average() {
    let before = |so_far: i64, whole: i64| DayBefore {
        day: Day(20_260_707),
        so_far: sums(1, so_far, 0),
        whole: if whole == 0 { Sums::default() } else { sums(1, whole, 0) },
        hours: [Sums::default(); 24],
    };
    let today = |before| Today { day: Day(20_260_714), so_far: Sums::default(), hours: [Sums::default(); 24], last_number: 0, before };
    assert_eq!(today(vec![before(100, 300), before(50, 200), before(0, 0)]).average_so_far(), Some(75));
    assert_eq!(today(vec![before(0, 0)]).average_so_far(), None);
    assert_eq!(today(vec![]).average_so_far(), None);
}

proptest! {
    #[test]
    fn every_day_of_a_range_stands_once(start in 0i64..20_000, length in 0i64..366, hours in prop::collection::vec((0i64..400, 0u8..24, 0i64..9), 0..40)) {
        use jiff::ToSpan;
        let first = jiff::civil::date(2000, 1, 1).checked_add(start.days()).unwrap();
        let day = |after: i64| Day::of_date(first.checked_add(after.days()).unwrap());
        let range = DayRange::new(day(0), day(length)).unwrap();
        let mut takings = Takings::default();
        for (after, hour, paid) in hours {
            takings.hours.push(HourOfDay { day: day(after), hour, of: Hour { sums: sums(1, paid, 0), ..Hour::default() } });
        }
        let days = takings.by_day(range);
        prop_assert_eq!(days.len() as i64, length + 1);
        prop_assert!(days.windows(2).all(|pair| pair[0].0 < pair[1].0));
        let within: i64 = takings.hours.iter().filter(|hour| range.contains(hour.day)).map(|hour| hour.of.sums.net()).sum();
        prop_assert_eq!(days.iter().map(|(_, sums)| sums.net()).sum::<i64>(), within);
    }
}
