//! A calendar, a week a row from Monday on: how strong a day was is seen by its shade and read as a figure.

use super::{Point, percent, said, stop, table};
use crate::words::{lang, short_money, words};
use domain::calendar::Day;
use leptos::prelude::*;

const ROW: usize = 46;
const HEAD: usize = 24;

/// Days without gap, in order, each with its value.
#[component]
pub fn Heat(#[prop(into)] title: String, days: Vec<(Day, Point)>) -> impl IntoView {
    let (lang, first) = (lang(), days.first().map_or(0, |(day, _)| weekday(*day)));
    let most = days.iter().map(|(_, point)| point.value).max().unwrap_or(0);
    let weeks = (first + days.len()).div_ceil(7);
    let cell = |(number, (day, point)): (usize, &(Day, Point))| {
        let (column, row) = place(first, number);
        let (x, y) = (percent(column, 7), HEAD + row * ROW);
        let class = format!("heat-day heat-{}", level(point.value, most));
        let figure = (point.value != 0).then(|| short_money(lang, point.value));
        view! {
            <g class="heat-mark" tabindex=stop(days.len()) role="img" aria-label=said(point)>
                <svg x=x y=y.to_string() width=percent(1, 7) height=ROW.to_string() aria-hidden="true">
                    <rect class=class x="2%" y="2" width="96%" height=(ROW - 4).to_string() rx="6"></rect>
                    <text class="heat-date" x="9%" y="17">{(day.0 % 100).to_string()}</text>
                    <text class="heat-figure" x="50%" y="36" text-anchor="middle">{figure}</text>
                </svg>
            </g>
        }
    };
    let cells = days.iter().enumerate().map(cell).collect_view();
    let names = weekdays(lang).into_iter().enumerate();
    let names =
        names.map(|(at, name)| view! { <text class="chart-label" x=percent(2 * at + 1, 14) y="15" text-anchor="middle">{name}</text> });
    let points = Signal::stored(days.iter().map(|(_, point)| point.clone()).collect::<Vec<_>>());
    view! {
        <figure class="chart heat">
            <svg class="chart-drawing" height=(HEAD + weeks * ROW).to_string() role="group" aria-label=title.clone()>
                {names.collect_view()}
                {cells}
            </svg>
            <table::Table title column=words().takings.column_day points />
        </figure>
    }
    .into_any()
}

/// From Monday, 0 to 6.
fn weekday(day: Day) -> usize {
    day.date().and_then(|date| usize::try_from(date.weekday().to_monday_zero_offset()).ok()).unwrap_or(0)
}

fn weekdays(lang: crate::words::Lang) -> [&'static str; 7] {
    match lang {
        crate::words::Lang::Ko => ["월", "화", "수", "목", "금", "토", "일"],
        crate::words::Lang::En => ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    }
}

/// Column and row of a day, when the first one stands in the column `first`.
fn place(first: usize, number: usize) -> (usize, usize) {
    ((first + number) % 7, (first + number) / 7)
}

/// Nothing (or less) is 0, the strongest day 4.
fn level(value: i64, most: i64) -> i64 {
    if value <= 0 || most <= 0 {
        0
    } else {
        i64::try_from((i128::from(value) * 4 + i128::from(most) - 1) / i128::from(most)).unwrap_or(4).clamp(1, 4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shades_go_from_nothing_to_the_strongest_day() {
        for (value, most, shade) in [
            (0, 100, 0),
            (-5, 100, 0),
            (1, 100, 1),
            (25, 100, 1),
            (26, 100, 2),
            (75, 100, 3),
            (100, 100, 4),
            (5, 0, 0),
            (i64::MAX, i64::MAX, 4),
            (1, 1, 4),
        ] {
            assert_eq!(level(value, most), shade, "{value} of {most}");
        }
    }

    #[test]
    fn weeks_begin_on_monday() {
        assert_eq!((weekday(Day(20_260_713)), weekday(Day(20_260_719)), weekday(Day(0))), (0, 6, 0));
        let places: Vec<_> = (0..3).map(|number| place(5, number)).collect();
        assert_eq!(places, [(5, 0), (6, 0), (0, 1)]);
    }
}
