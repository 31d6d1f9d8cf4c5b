use domain::Timestamp;
use domain::calendar::{Day, Month, Span, expiry};
use jiff::ToSpan;
use jiff::civil::date;
use proptest::prelude::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn days_and_months_begin_at_midnight_in_seoul() {
    for (time, day, month) in [
        ("2026-07-31T14:59:59.999Z", 20_260_731, 202_607),
        ("2026-07-31T15:00:00Z", 20_260_801, 202_608),
        ("2026-12-31T23:59:59.999+09:00", 20_261_231, 202_612),
        ("2027-01-01T00:00:00+09:00", 20_270_101, 202_701),
        ("2028-02-28T15:00:00Z", 20_280_229, 202_802),
        ("2026-03-01T00:00:00+09:00", 20_260_301, 202_603),
        // Summer time was kept in Seoul in 1988: midnight was at 14:00 UTC.
        ("1988-07-31T14:00:00Z", 19_880_801, 198_808),
    ] {
        assert_eq!((Day::of(at(time)), Month::of(at(time))), (Day(day), Month(month)), "{time}");
    }
}

#[test]
fn spans_are_half_open() {
    let (from, to) = (at("2026-07-14T10:00:00+09:00"), at("2026-07-14T14:00:00+09:00"));
    let span = Span::new(from, to).unwrap();
    for (time, inside) in [(from - 1.millisecond(), false), (from, true), (to - 1.millisecond(), true), (to, false)] {
        assert_eq!(span.contains(time), inside, "{time}");
    }
    assert_eq!((Span::new(from, from), Span::new(to, from)), (None, None));
}

#[test]
fn a_lot_lasts_to_the_midnight_that_ends_its_last_day() {
    for (bought, years, expires) in [
        ("2026-07-14T10:30:00+09:00", 5, "2031-07-15T00:00:00+09:00"),
        ("2026-07-14T00:00:00+09:00", 5, "2031-07-15T00:00:00+09:00"),
        ("2026-07-14T23:59:59.999+09:00", 5, "2031-07-15T00:00:00+09:00"),
        ("2026-12-31T23:59:59+09:00", 1, "2028-01-01T00:00:00+09:00"),
        ("2028-02-29T12:00:00+09:00", 1, "2029-03-01T00:00:00+09:00"),
        ("2028-02-29T12:00:00+09:00", 4, "2032-03-01T00:00:00+09:00"),
        ("2027-02-28T12:00:00+09:00", 1, "2028-02-29T00:00:00+09:00"),
    ] {
        assert_eq!(expiry(at(bought), years), at(expires), "{bought} + {years} years");
    }
    assert_eq!(expiry(Timestamp::MAX, 100), Timestamp::MAX);
}

#[test]
fn numbers_that_are_no_day_or_month_have_no_span() {
    for month in [0, 202_600, 202_613, -202_607, i32::MAX, i32::MIN] {
        assert_eq!(Month(month).span(), None, "{month}");
    }
    for day in [0, 20_260_230, 20_270_229, 20_261_301, 20_260_700, -20_260_714, i32::MAX, i32::MIN] {
        assert_eq!((Day(day).date(), Day(day).span()), (None, None), "{day}");
    }
    assert_eq!(Day(20_280_229).date(), Some(date(2028, 2, 29)));
    assert_eq!(Month(202_607).to_string(), "2026-07");
}

proptest! {
    #[test]
    fn every_moment_lies_in_its_day_and_month(ms in 0i64..4_102_444_800_000) {
        let now = Timestamp::from_millisecond(ms).unwrap();
        let (day, month) = (Day::of(now), Month::of(now));
        prop_assert!(day.span().unwrap().contains(now) && month.span().unwrap().contains(now));
        prop_assert_eq!(day.0 / 100, month.0);
        prop_assert_eq!(Day::of(day.span().unwrap().to() - 1.millisecond()), day);
        prop_assert!(Day::of(day.span().unwrap().to()) > day);
        prop_assert!(expiry(now, 5) > now);
    }
}
