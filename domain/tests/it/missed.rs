use domain::Won;
use domain::missed::{Quiet, Sums};
use domain::notice::Event;

#[test]
fn quiet_hours_are_those_of_seoul_and_go_over_midnight() {
    let at = |time: &str| format!("2026-07-14T{time}:00+09:00").parse().unwrap();
    for (from, to, time, quiet) in [
        ("00:00", "06:00", "00:00", true),
        ("00:00", "06:00", "05:59", true),
        ("00:00", "06:00", "06:00", false),
        ("23:00", "07:30", "23:00", true),
        ("23:00", "07:30", "02:00", true),
        ("23:00", "07:30", "07:29", true),
        ("23:00", "07:30", "07:30", false),
        ("23:00", "07:30", "22:59", false),
        ("09:00", "09:00", "09:00", false),
        ("09:00", "09:00", "03:00", false),
    ] {
        assert_eq!(Quiet::parse(from, to).unwrap().contains(at(time)), quiet, "{time} in {from}-{to}");
    }
    assert_eq!(Quiet::USUAL.to_string(), "00:00-06:00");
}

#[test]
fn a_time_of_the_day_is_read_as_browsers_send_it() {
    assert_eq!(Quiet::parse("23:30", "06:05:00"), Quiet::new(23 * 60 + 30, 6 * 60 + 5));
    for bad in ["", "24:00", "12:60", "1:00", "12", "12:0", "12:00:0", "12:00:00:00", "-1:00", "+1:00", "ab:cd"] {
        assert_eq!(Quiet::parse(bad, "06:00"), None, "{bad}");
        assert_eq!(Quiet::parse("06:00", bad), None, "{bad}");
    }
    assert_eq!(Quiet::new(1_440, 0), None);
}

#[test]
fn payments_and_cancels_are_summed_apart() {
    let sums = [(Event::Paid, 32_000), (Event::Cancelled, 5_000), (Event::Paid, 64_000)];
    let sums = sums.into_iter().fold(Sums::default(), |sums, (event, won)| sums.with(event, Won::of(won)));
    assert_eq!(sums, Sums { paid_count: 2, paid: Won::of(96_000), cancelled_count: 1, cancelled: Won::of(5_000) });
    assert_eq!((sums.count(), Sums::of([]).count()), (3, 0));
}
