use domain::Timestamp;
use domain::calendar::{Day, expiry};
use domain::expiring::{ExtendRefused, extend};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn more_time_ends_with_a_day_in_seoul_that_is_still_to_come() {
    let ended = expiry(at("2021-07-14T10:00:00+09:00"), 5);
    assert_eq!(ended, at("2026-07-15T00:00:00+09:00"));
    let table = [
        // Before the end, and after it.
        ("2026-07-01T10:00:00+09:00", 20_260_731, Ok(at("2026-08-01T00:00:00+09:00"))),
        ("2026-07-20T10:00:00+09:00", 20_260_731, Ok(at("2026-08-01T00:00:00+09:00"))),
        // The same day as before, and the next.
        ("2026-07-01T10:00:00+09:00", 20_260_714, Err(ExtendRefused::NotLater)),
        ("2026-07-01T10:00:00+09:00", 20_260_715, Ok(at("2026-07-16T00:00:00+09:00"))),
        // Later than it was, and over by now.
        ("2026-08-01T00:00:00+09:00", 20_260_731, Err(ExtendRefused::NotLater)),
        ("2026-07-31T23:59:59+09:00", 20_260_731, Ok(at("2026-08-01T00:00:00+09:00"))),
        // Five years from today, and no day more.
        ("2026-07-20T10:00:00+09:00", 20_310_720, Ok(at("2031-07-21T00:00:00+09:00"))),
        ("2026-07-20T10:00:00+09:00", 20_310_721, Err(ExtendRefused::TooLong)),
        // No such day.
        ("2026-07-01T10:00:00+09:00", 20_260_732, Err(ExtendRefused::NotLater)),
    ];
    for (now, until, expected) in table {
        assert_eq!(extend(ended, Day(until), at(now)), expected, "on {now} until {until}");
    }
}
