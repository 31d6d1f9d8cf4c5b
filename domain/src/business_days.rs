//! On which days banks in Korea work: not on Saturdays, Sundays, and the holidays of `holidays.txt`, which says where it is from.
//! Lunar holidays, their substitutes and holidays by decree follow no formula that a program should guess: a year that the file
//! does not have is refused.

use crate::calendar::Day;
use jiff::civil::{Date, Weekday};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

/// The file has nothing about this year, so nobody can say which of its days are holidays.
#[derive(Copy, Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("domain/src/business_days/holidays.txt has no holidays of the year {0}: make it anew from a newer release of its source")]
pub struct NoHolidays(pub i16);

static HOLIDAYS: LazyLock<BTreeMap<Date, &'static str>> = LazyLock::new(|| {
    let lines = include_str!("business_days/holidays.txt").lines().filter(|line| !line.starts_with('#'));
    let day = |digits: &str| digits.parse().ok().map(Day).and_then(Day::date);
    lines.filter_map(|line| line.split_once(' ')).filter_map(|(digits, name)| Some((day(digits)?, name))).collect()
});

/// The years that the file tells of.
pub fn years() -> RangeInclusive<i16> {
    let year = |day: Option<(&Date, &&str)>| day.map_or(0, |(date, _)| date.year());
    year(HOLIDAYS.first_key_value())..=year(HOLIDAYS.last_key_value())
}

/// What is celebrated on this day, in Korean.
///
/// # Errors
/// When the file does not have its year.
pub fn holiday(date: Date) -> Result<Option<&'static str>, NoHolidays> {
    if years().contains(&date.year()) { Ok(HOLIDAYS.get(&date).copied()) } else { Err(NoHolidays(date.year())) }
}

/// # Errors
/// When the file does not have its year.
pub fn is_business_day(date: Date) -> Result<bool, NoHolidays> {
    let is_holiday = holiday(date)?.is_some();
    Ok(!is_holiday && !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday))
}

/// The `count`th business day after this date, which itself does not count.
///
/// # Errors
/// When a year on the way is not in the file.
pub fn after(date: Date, count: u32) -> Result<Date, NoHolidays> {
    let mut date = date;
    let mut left = count;
    while left > 0 {
        date = date.tomorrow().map_err(|_| NoHolidays(date.year()))?;
        left -= u32::from(is_business_day(date)?);
    }
    Ok(date)
}
