//! Days and times as each language writes them, always those of Seoul.

use super::Lang;
use domain::Timestamp;
use domain::calendar::{Day, Month, in_seoul};
use jiff::SignedDuration;
use jiff::civil::Weekday;

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

fn month_name(month: i8) -> &'static str {
    usize::try_from(month - 1).ok().and_then(|at| MONTHS.get(at).copied()).unwrap_or_default()
}

/// "오후 2시", "오후 2시 31분", "2 pm", "2:31 pm".
pub fn time_of_day(lang: Lang, at: Timestamp) -> String {
    let time = in_seoul(at).time();
    let (hour, minute) = (time.hour(), time.minute());
    let twelve = if hour % 12 == 0 { 12 } else { hour % 12 };
    let is_morning = hour < 12;
    match (lang, is_morning, minute) {
        (Lang::Ko, true, 0) => format!("오전 {twelve}시"),
        (Lang::Ko, true, _) => format!("오전 {twelve}시 {minute}분"),
        (Lang::Ko, false, 0) => format!("오후 {twelve}시"),
        (Lang::Ko, false, _) => format!("오후 {twelve}시 {minute}분"),
        (Lang::En, true, 0) => format!("{twelve} am"),
        (Lang::En, true, _) => format!("{twelve}:{minute:02} am"),
        (Lang::En, false, 0) => format!("{twelve} pm"),
        (Lang::En, false, _) => format!("{twelve}:{minute:02} pm"),
    }
}

/// "11월 22일", "22 November".
pub fn day(lang: Lang, at: Timestamp) -> String {
    let date = in_seoul(at).date();
    match lang {
        Lang::Ko => format!("{}월 {}일", date.month(), date.day()),
        Lang::En => format!("{} {}", date.day(), month_name(date.month())),
    }
}

/// "11월 22일 토요일", "Saturday 22 November".
pub fn weekday_day(lang: Lang, at: Timestamp) -> String {
    let (ko, en) = match in_seoul(at).weekday() {
        Weekday::Monday => ("월요일", "Monday"),
        Weekday::Tuesday => ("화요일", "Tuesday"),
        Weekday::Wednesday => ("수요일", "Wednesday"),
        Weekday::Thursday => ("목요일", "Thursday"),
        Weekday::Friday => ("금요일", "Friday"),
        Weekday::Saturday => ("토요일", "Saturday"),
        Weekday::Sunday => ("일요일", "Sunday"),
    };
    match lang {
        Lang::Ko => format!("{} {ko}", day(lang, at)),
        Lang::En => format!("{en} {}", day(lang, at)),
    }
}

/// "2025년 11월 22일", "22 November 2025".
pub fn date(lang: Lang, at: Timestamp) -> String {
    let year = in_seoul(at).year();
    match lang {
        Lang::Ko => format!("{year}년 {}", day(lang, at)),
        Lang::En => format!("{} {year}", day(lang, at)),
    }
}

/// "2025년 11월", "November 2025".
pub fn month(lang: Lang, month: Month) -> String {
    let (year, number) = (month.0 / 100, month.0 % 100);
    match lang {
        Lang::Ko => format!("{year}년 {number}월"),
        Lang::En => format!("{} {year}", i8::try_from(number).map(month_name).unwrap_or_default()),
    }
}

/// As short as it stays clear: the time on the same day, the day and the time in the same year, else the whole date.
pub fn moment(lang: Lang, at: Timestamp, now: Timestamp) -> String {
    let time = time_of_day(lang, at);
    let join = |day: String| match lang {
        Lang::Ko => format!("{day} {time}"),
        Lang::En => format!("{day}, {time}"),
    };
    if Day::of(at) == Day::of(now) {
        time
    } else if in_seoul(at).year() == in_seoul(now).year() {
        join(day(lang, at))
    } else {
        join(date(lang, at))
    }
}

/// For rows of a list: the time on the same day, else the day.
pub fn brief(lang: Lang, at: Timestamp, now: Timestamp) -> String {
    if Day::of(at) == Day::of(now) {
        time_of_day(lang, at)
    } else if in_seoul(at).year() == in_seoul(now).year() {
        day(lang, at)
    } else {
        date(lang, at)
    }
}

/// The last day on which something with this half-open end is still good: "2030년 11월 22일".
pub fn last_day(lang: Lang, expires_at: Timestamp) -> String {
    let last = expires_at.checked_sub(SignedDuration::from_secs(1)).unwrap_or(expires_at);
    date(lang, last)
}

/// "2030년 11월 22일까지", "until 22 November 2030".
pub fn expires(lang: Lang, expires_at: Timestamp) -> String {
    match lang {
        Lang::Ko => format!("{}까지", last_day(lang, expires_at)),
        Lang::En => format!("until {}", last_day(lang, expires_at)),
    }
}

/// The clock on the wall in Seoul, with seconds: "14:31:07".
pub fn clock(at: Timestamp) -> String {
    let time = in_seoul(at).time();
    format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())
}

/// What is left until a moment: "3일 4시간", "1:12:09", "04:31". Nothing left is "00:00".
pub fn countdown(lang: Lang, left: SignedDuration) -> String {
    let seconds = left.as_secs().max(0);
    let (days, hours, minutes, seconds) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
    match (days, hours) {
        (0, 0) => format!("{minutes:02}:{seconds:02}"),
        (0, _) => format!("{hours}:{minutes:02}:{seconds:02}"),
        _ => match lang {
            Lang::Ko => format!("{days}일 {hours}시간"),
            Lang::En => format!("{days} d {hours} h"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp in the test")
    }

    #[test]
    fn times_are_those_of_seoul() {
        let two = at("2025-11-22T05:00:00Z");
        assert_eq!(time_of_day(Lang::Ko, two), "오후 2시");
        assert_eq!(time_of_day(Lang::En, at("2025-11-22T05:31:00Z")), "2:31 pm");
        assert_eq!(time_of_day(Lang::Ko, at("2025-11-21T15:05:00Z")), "오전 12시 5분");
        assert_eq!(weekday_day(Lang::Ko, two), "11월 22일 토요일");
        assert_eq!(moment(Lang::Ko, two, at("2025-11-22T00:00:00Z")), "오후 2시");
        assert_eq!(moment(Lang::Ko, two, at("2025-12-22T00:00:00Z")), "11월 22일 오후 2시");
        assert_eq!(moment(Lang::En, two, at("2026-12-22T00:00:00Z")), "22 November 2025, 2 pm");
        assert_eq!(clock(two), "14:00:00");
    }

    #[test]
    fn the_midnight_that_ends_a_day_is_told_as_that_day() {
        assert_eq!(expires(Lang::Ko, at("2030-11-22T15:00:00Z")), "2030년 11월 22일까지");
    }

    #[test]
    fn a_countdown_never_goes_below_nothing() {
        let table = [(-5, "00:00"), (271, "04:31"), (4_329, "1:12:09"), (273_600, "3일 4시간")];
        for (seconds, words) in table {
            assert_eq!(countdown(Lang::Ko, SignedDuration::from_secs(seconds)), words);
        }
    }
}
