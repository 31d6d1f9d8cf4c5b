//! From sums to what charts and links want: points with their names, and the payments that each figure is made of.

use crate::pieces::chart::Point;
use crate::words::{Lang, of_day, of_weekday, signed_money};
use domain::calendar::{Day, Month};
use domain::takings::filter::{PaymentFilter, Wanted};
use domain::takings::{DayRange, Sums};

/// More days than this are told as months too.
const DAYS_OF_A_LINE: i64 = 62;
/// Every so many hours a name stands under the bars.
const HOURS_NAMED: usize = 3;

/// The list of payments behind figures: `base` is the shop's path.
pub(super) fn link(base: &str, filter: &PaymentFilter) -> String {
    format!("{base}/payments?{}", filter.query())
}

/// Of one day; `None` can't be for days of a range.
fn link_of_day(base: &str, day: Day) -> Option<String> {
    Some(link(base, &PaymentFilter::of_days(DayRange::of_day(day).ok()?)))
}

/// Whether an hour had anything to name: the night is left out of the chart when nothing happened in it.
fn awake(hours: &[[Sums; 24]]) -> std::ops::Range<usize> {
    let busy = |hour: &usize| hours.iter().any(|of| !of[*hour].is_nothing());
    let first = (0..24).find(busy).unwrap_or(9).min(9);
    let last = (0..24).rev().find(busy).unwrap_or(20).max(20);
    first..last + 1
}

/// The hours of a day (or of all days of a range), beside those of another day.
pub(super) fn hours(lang: Lang, base: &str, range: DayRange, of: &[Sums; 24], beside: Option<&[Sums; 24]>) -> Vec<Point> {
    let t = &lang.words().takings;
    let shown = match beside {
        Some(beside) => awake(&[*of, *beside]),
        None => awake(&[*of]),
    };
    // A day that moves may wake up earlier or stay up later than it has so far.
    let shown = if beside.is_some() { 0..24 } else { shown };
    let point = |hour: usize| {
        let number = u8::try_from(hour).unwrap_or(0);
        let filter = PaymentFilter { hour: Some(number), ..PaymentFilter::of_days(range) };
        Point {
            label: if hour.is_multiple_of(HOURS_NAMED) { hour.to_string() } else { String::new() },
            name: t.hour(number),
            value: of[hour].net(),
            said: signed_money(lang, of[hour].net()),
            beside: beside.map(|beside| beside[hour].net()),
            href: Some(link(base, &filter)),
        }
    };
    shown.map(point).collect()
}

/// One a day. About seven of them are named under the chart.
pub(super) fn days(lang: Lang, base: &str, days: &[(Day, Sums)]) -> Vec<Point> {
    let every = days.len().div_ceil(7).max(1);
    let point = |(at, (day, sums)): (usize, &(Day, Sums))| Point {
        label: if at % every == every / 2 { format!("{}/{}", day.0 / 100 % 100, day.0 % 100) } else { String::new() },
        name: of_weekday(lang, *day),
        value: sums.net(),
        said: signed_money(lang, sums.net()),
        beside: None,
        href: link_of_day(base, *day),
    };
    days.iter().enumerate().map(point).collect()
}

/// One a month, when there are enough days for it.
pub(super) fn months(lang: Lang, base: &str, range: DayRange, days: &[(Day, Sums)]) -> Option<Vec<Point>> {
    if range.count() <= DAYS_OF_A_LINE {
        return None;
    }
    let mut months: Vec<(Month, Day, Day, Sums)> = Vec::new();
    for (day, sums) in days {
        let month = Month(day.0 / 100);
        match months.last_mut() {
            Some((last, _, to, sum)) if *last == month => (*to, *sum) = (*day, sum.plus(*sums)),
            _ => months.push((month, *day, *day, *sums)),
        }
    }
    let point = |(month, from, to, sums): (Month, Day, Day, Sums)| Point {
        label: (month.0 % 100).to_string(),
        name: crate::words::month(lang, month),
        value: sums.net(),
        said: signed_money(lang, sums.net()),
        beside: None,
        href: DayRange::new(from, to).ok().map(|range| link(base, &PaymentFilter::of_days(range))),
    };
    Some(months.into_iter().map(point).collect())
}

/// Payments of the range of which something was cancelled since.
pub(super) fn cancelled(base: &str, range: DayRange) -> String {
    link(base, &PaymentFilter { wanted: Some(Wanted::Cancelled), ..PaymentFilter::of_days(range) })
}

/// "7월 1일부터 7월 14일까지", or the one day.
pub(super) fn range_name(lang: Lang, range: DayRange) -> String {
    if range.from() == range.to() {
        return of_weekday(lang, range.from());
    }
    lang.words().takings.range_title(&of_day(lang, range.from()), &of_day(lang, range.to()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Won;

    fn sums(paid: i64) -> Sums {
        Sums { paid_count: i64::from(paid > 0), paid: Won::of(paid), ..Sums::default() }
    }

    #[test]
    fn hours_are_shown_from_the_first_to_the_last_with_anything() {
        let mut of = [Sums::default(); 24];
        let range = DayRange::of_day(Day(20_260_714)).expect("a day");
        let shown =
            |of: &[Sums; 24]| hours(Lang::Ko, "/merchant/1", range, of, None).into_iter().map(|point| point.name).collect::<Vec<_>>();
        assert_eq!((shown(&of).len(), shown(&of)[0].as_str()), (12, "9시"));
        (of[7], of[22]) = (sums(5), sums(7));
        let points = hours(Lang::Ko, "/merchant/1", range, &of, None);
        assert_eq!((points.len(), points[0].value, points[15].said.as_str()), (16, 5, "7원"));
        assert_eq!(points[0].href.as_deref(), Some("/merchant/1/payments?from=2026-07-14&to=2026-07-14&hour=7"));
        assert_eq!(hours(Lang::Ko, "", range, &of, Some(&of)).len(), 24);
    }

    #[test]
    fn months_are_sums_of_their_days() {
        let range = DayRange::parse("2026-05-30", "2026-08-02").expect("a range");
        let all: Vec<(Day, Sums)> = range.days().map(|day| (day, sums(10))).collect();
        let points = months(Lang::En, "/m", range, &all).expect("enough days");
        assert_eq!(points.iter().map(|point| point.value).collect::<Vec<_>>(), [20, 300, 310, 20]);
        assert_eq!(points[1].href.as_deref(), Some("/m/payments?from=2026-06-01&to=2026-06-30"));
        assert_eq!(days(Lang::En, "/m", &all).iter().filter(|point| !point.label.is_empty()).count(), 6);
        let short = DayRange::parse("2026-07-01", "2026-07-31").expect("a range");
        assert_eq!(months(Lang::En, "/m", short, &all), None);
    }
}
