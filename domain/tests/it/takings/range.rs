use super::at;
use domain::calendar::Day;
use domain::takings::{DayRange, MOST_DAYS, Preset, RangeError, iso};
use proptest::prelude::*;

fn range(from: i32, to: i32) -> Result<DayRange, RangeError> {
    DayRange::new(Day(from), Day(to))
}

#[test]
fn presets_are_those_of_the_calendar_in_seoul() {
    // A Tuesday. In London it is still Monday.
    let now = at("2026-07-13T16:00:00Z");
    for (preset, from, to) in [
        (Preset::Today, 20_260_714, 20_260_714),
        (Preset::Yesterday, 20_260_713, 20_260_713),
        (Preset::Week, 20_260_713, 20_260_714),
        (Preset::Month, 20_260_701, 20_260_714),
        (Preset::LastMonth, 20_260_601, 20_260_630),
    ] {
        assert_eq!(preset.range(now), range(from, to).unwrap(), "{preset:?}");
        assert_eq!(Preset::of(preset.range(now), now), Some(preset));
        assert_eq!(Preset::parse(preset.as_str()), Some(preset));
    }
    let new_year = at("2027-01-01T00:00:00+09:00");
    assert_eq!(Preset::LastMonth.range(new_year), range(20_261_201, 20_261_231).unwrap());
    assert_eq!(Preset::Week.range(new_year), range(20_261_228, 20_270_101).unwrap());
    // The first day of a month is today's range, and said so.
    assert_eq!(Preset::of(Preset::Month.range(new_year), new_year), Some(Preset::Today));
    assert_eq!(Preset::parse("all"), None);
}

#[test]
fn ranges_that_are_none() {
    for (from, to, why) in [
        (20_260_714, 20_260_713, RangeError::Backwards),
        (20_260_230, 20_260_301, RangeError::NotADay),
        (0, 20_260_301, RangeError::NotADay),
        (99_991_231, 99_991_231, RangeError::NotADay),
        (20_250_101, 20_260_102, RangeError::TooLong),
        (i32::MIN, i32::MAX, RangeError::NotADay),
    ] {
        assert_eq!(range(from, to), Err(why), "{from} {to}");
    }
    assert_eq!(range(20_250_101, 20_260_101).unwrap().count(), MOST_DAYS);
    for text in ["", "x", "2026-13-01", "2026/07/14", "20260714x", "<b>", "' OR 1=1", "2026-07-14T00:00Z ", "-9999-01-01"] {
        assert!(DayRange::parse(text, "2026-07-14").is_err() || text.starts_with("2026-07-14"), "{text}");
    }
    assert!(serde_json::from_str::<DayRange>("[20260714,20260713]").is_err());
}

#[test]
fn a_range_is_written_as_it_is_read() {
    let july = range(20_260_701, 20_260_731).unwrap();
    assert_eq!((july.to_string(), iso(july.from())), ("2026-07-01_2026-07-31".to_owned(), "2026-07-01".to_owned()));
    assert_eq!(DayRange::parse("2026-07-01", " 2026-07-31 "), Ok(july));
    assert_eq!(july.before(), range(20_260_531, 20_260_630).ok());
    let span = july.span().unwrap();
    assert_eq!((span.from(), span.to()), (at("2026-06-30T15:00:00Z"), at("2026-07-31T15:00:00Z")));
}

proptest! {
    #[test]
    fn what_went_before_touches_and_is_as_long(from in 0i64..30_000, length in 0i64..366) {
        use jiff::ToSpan;
        let day = |after: i64| Day::of_date(jiff::civil::date(1950, 1, 1).checked_add(after.days()).unwrap());
        let this = DayRange::new(day(from), day(from + length)).unwrap();
        let before = this.before().unwrap();
        prop_assert_eq!(before.count(), this.count());
        prop_assert_eq!(before.span().unwrap().to(), this.span().unwrap().from());
        prop_assert_eq!(this.days().count() as i64, this.count());
    }
}
