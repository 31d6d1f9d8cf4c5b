use domain::calendar::Span;
use domain::sale::{Phase, Pool, Who, Window, mine};
use domain::{KindId, SaleId, Timestamp, WindowId, Won};
use jiff::ToSpan;
use proptest::prelude::*;

fn hour(hour: i8) -> Timestamp {
    format!("2026-07-14T{hour:02}:00:00+09:00").parse().unwrap()
}

fn window(id: i64, from: i8, to: i8, who: Who) -> Window {
    Window { id: WindowId(id), sale: SaleId(1), kind: KindId(1), span: Span::new(hour(from), hour(to)).unwrap(), who }
}

/// The sale day of the specification.
fn sale_day() -> [Window; 3] {
    [window(1, 10, 14, Who::OddBirthYears), window(2, 14, 18, Who::EvenBirthYears), window(3, 18, 23, Who::Anyone)]
}

#[test]
fn parity_is_that_of_the_birth_year() {
    for (year, odd) in [(1990, false), (1991, true), (2000, false), (0, false), (-1, true), (i16::MAX, true), (i16::MIN, false)] {
        assert_eq!((Who::OddBirthYears.admits(year), Who::EvenBirthYears.admits(year)), (odd, !odd), "{year}");
        assert!(Who::Anyone.admits(year));
    }
}

#[test]
fn fourteen_hundred_belongs_to_the_window_that_opens_then() {
    let [morning, afternoon, _] = sale_day();
    let (opens_at, closes_at) = (hour(10), hour(14));
    assert_eq!(morning.phase(opens_at - 1.millisecond()), Phase::Before { opens_at });
    assert_eq!(morning.phase(opens_at), Phase::Open { closes_at });
    assert_eq!(morning.phase(closes_at - 1.millisecond()), Phase::Open { closes_at });
    assert_eq!(morning.phase(closes_at), Phase::Closed { closed_at: closes_at });
    assert_eq!(afternoon.phase(closes_at), Phase::Open { closes_at: hour(18) });
}

#[test]
fn my_window_is_the_open_one_else_the_next_else_the_last() {
    let windows = sale_day();
    for (time, year, expected) in [
        (9, 1991, 1),
        (9, 1990, 2),
        (10, 1991, 1),
        (10, 1990, 2),
        (13, 1991, 1),
        (14, 1991, 3),
        (14, 1990, 2),
        (18, 1990, 3),
        (18, 1991, 3),
        (23, 1990, 3),
    ] {
        assert_eq!(mine(&windows, year, hour(time)).map(|window| window.id.0), Some(expected), "{year} at {time}");
    }
    assert_eq!(mine(&[], 1990, hour(9)), None);
    assert_eq!(mine(&windows[..1], 1990, hour(10)), None, "never for an even year");
}

proptest! {
    #[test]
    fn my_window_admits_me_and_is_open_if_any_is(time in 0i8..24, year: i16, order in Just(sale_day().to_vec()).prop_shuffle()) {
        let now = hour(time);
        let found = mine(&order, year, now).unwrap();
        prop_assert!(found.who.admits(year));
        let any_open = order.iter().any(|window| window.who.admits(year) && window.span.contains(now));
        prop_assert_eq!(found.span.contains(now), any_open);
        let in_order = sale_day();
        prop_assert_eq!(Some(found), mine(&in_order, year, now));
    }

    #[test]
    fn what_is_left_held_and_sold_is_the_total(left in 0..1_000_000i64, held in 0..1_000_000i64, sold in 0..1_000_000i64) {
        let pool = Pool { total: Won::of(left + held + sold), held: Won::of(held), sold: Won::of(sold) };
        prop_assert_eq!(pool.left(), Won::of(left));
    }
}
