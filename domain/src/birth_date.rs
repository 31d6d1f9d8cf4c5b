//! Birth dates as people type them, and who is old enough to be a member.

use crate::typed;
use jiff::civil::Date;

/// Members are at least 14. Younger people would need the consent of a guardian, which the law has us obtain and prove
/// (Personal Information Protection Act, article 22-2); the real service draws the same line.
pub const LEAST_AGE: i16 = 14;

/// The oldest people alive are younger than this.
const OLDEST_BIRTH_YEAR: i16 = 1900;

/// Reads `19910302`, `1991-03-02`, `1991.3.2`, `1991년 3월 2일`, also in full-width digits. `None`: no date, or one that
/// nobody alive on `today` was born on. Two digits of a year are not enough: somebody may be a hundred.
pub fn parse(typed: &str, today: Date) -> Option<Date> {
    let plain = typed::plain(typed)?;
    let is_written = plain.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '.' | '/' | ' ' | '년' | '월' | '일'));
    let parts: Vec<&str> = plain.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let (year, month, day) = match *parts.as_slice() {
        [digits] if digits.len() == 8 => (digits.get(..4)?, digits.get(4..6)?, digits.get(6..)?),
        [year, month, day] if year.len() == 4 && month.len() <= 2 && day.len() <= 2 => (year, month, day),
        _ => return None,
    };
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    (is_written && date.year() >= OLDEST_BIRTH_YEAR && date <= today).then_some(date)
}

/// Years completed on `today`, as Korean law counts them: who was born on 29 February grows older on 1 March in other years
/// (Civil Act, articles 158 and 160).
pub fn age(born: Date, today: Date) -> i16 {
    let before_birthday = (today.month(), today.day()) < (born.month(), born.day());
    today.year() - born.year() - i16::from(before_birthday)
}

/// May this person become a member?
pub fn is_old_enough(born: Date, today: Date) -> bool {
    age(born, today) >= LEAST_AGE
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2025, 11, 22);

    #[test]
    fn a_birth_date_is_read_as_people_write_it() {
        let written = [
            "19910302",
            "1991-03-02",
            "1991.3.2",
            "1991. 3. 2.",
            " 1991/03/02 ",
            "1991년 3월 2일",
            "1991 3 2",
            "\u{FF11}\u{FF19}\u{FF19}\u{FF11}\u{FF10}\u{FF13}\u{FF10}\u{FF12}",
            "\u{FF11}\u{FF19}\u{FF19}\u{FF11}\u{FF0D}\u{FF10}\u{FF13}\u{FF0D}\u{FF10}\u{FF12}",
            "1991\u{2013}03\u{2013}02",
        ];
        for written in written {
            assert_eq!(parse(written, TODAY), Some(date(1991, 3, 2)), "{written}");
        }
        assert_eq!(parse("20251122", TODAY), Some(TODAY));
        assert_eq!(parse("20240229", TODAY), Some(date(2024, 2, 29)));
    }

    #[test]
    fn what_is_no_birth_date_of_anybody_is_refused() {
        let long = "1".repeat(10_000);
        let refused = [
            "",
            "910302",
            "1991",
            "1991-03",
            "19910332",
            "19911302",
            "20230229",
            "18991231",
            "20251123",
            "99999999",
            "1991-03-02-01",
            "abc19910302",
            "1991-003-02",
            "19910302<script>",
            "😀",
            "-19910302-1",
            &long,
        ];
        for refused in refused {
            assert_eq!(parse(refused, TODAY), None, "{refused}");
        }
    }

    #[test]
    fn fourteen_is_old_enough_from_the_birthday_on() {
        let table = [
            (date(2011, 11, 22), TODAY, 14),
            (date(2011, 11, 23), TODAY, 13),
            (date(2012, 1, 1), TODAY, 13),
            (date(1991, 3, 2), TODAY, 34),
            (date(2008, 2, 29), date(2022, 2, 28), 13),
            (date(2008, 2, 29), date(2022, 3, 1), 14),
        ];
        for (born, today, years) in table {
            assert_eq!((age(born, today), is_old_enough(born, today)), (years, years >= 14), "{born} on {today}");
        }
    }
}
