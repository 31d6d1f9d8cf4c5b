//! Charts as SVG that the server draws: bars, a line, a calendar. Each value can be reached by finger, and where they are few by
//! keyboard too, and then shows its figure; behind each chart stands a table that says the same and leads on. Positions across are in
//! per cent, so that a chart is as wide as its place and its letters stay as they are.

mod bars;
mod heat;
mod line;
mod scale;
mod table;

pub use bars::Bars;
pub use heat::Heat;
pub use line::Line;

use crate::words::{Lang, short_money};
use leptos::prelude::*;
use scale::Scale;

/// Height of the plot, in pixels, and the room above it for a figure and below for the names.
const PLOT: u32 = 160;
const ABOVE: u32 = 26;
const BELOW: u32 = 24;
/// Lines that help to read the height.
const LINES: i64 = 4;
/// Of a chart with more values than a month has days none is a stop on the way by keyboard: the table behind it says the same.
const STOPS_MAX: usize = 31;

/// One value of a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// Under the chart; empty where there is no room for each.
    pub label: String,
    /// In full: "오전 9시", "7월 14일 화요일".
    pub name: String,
    /// In won; may be below zero.
    pub value: i64,
    /// The value in full: "32,000원".
    pub said: String,
    /// What it is laid beside.
    pub beside: Option<i64>,
    /// Where its payments are.
    pub href: Option<String>,
}

/// `part` of `all`, in per cent of the width: "41.66%".
fn percent(part: usize, all: usize) -> String {
    let hundredths = (part * 10_000).checked_div(all).unwrap_or(0);
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// The middle of the place `at` of `count`.
fn middle(at: usize, count: usize) -> String {
    percent(2 * at + 1, 2 * count)
}

/// Pixels from the top, with a tenth: "12.5".
fn pixels(tenths: i64) -> String {
    format!("{}.{}", tenths.div_euclid(10), tenths.rem_euclid(10))
}

/// A figure over a value must not leave the chart at its sides.
fn anchor(at: usize, count: usize) -> &'static str {
    match (4 * at + 2) / count.max(1) {
        0 => "start",
        3.. => "end",
        _ => "middle",
    }
}

/// The `tabindex` of each of so many values. Those that are skipped by keyboard can still be touched.
fn stop(count: usize) -> &'static str {
    if count <= STOPS_MAX { "0" } else { "-1" }
}

/// Lines and figures behind the values.
fn grid(lang: Lang, scale: Scale) -> impl IntoView {
    let line = move |tick: i64| {
        let y = pixels(scale.y(tick));
        let class = if tick == 0 { "chart-line chart-zero" } else { "chart-line" };
        view! {
            <line class=class x1="0" x2="100%" y1=y.clone() y2=y.clone()></line>
            <text class="chart-tick" x="0" y=y dy="-4">{short_money(lang, tick)}</text>
        }
    };
    scale.ticks().into_iter().map(line).collect_view()
}

/// The value of a chart as it is heard, and shown when it is pointed at.
fn said(point: &Point) -> String {
    format!("{}, {}", point.name, point.said)
}

/// The names under the chart.
fn labels(points: &[Point]) -> impl IntoView + use<> {
    let count = points.len();
    let y = (ABOVE + PLOT + 17).to_string();
    let label = |(at, point): (usize, &Point)| {
        (!point.label.is_empty())
            .then(|| view! { <text class="chart-label" x=middle(at, count) y=y.clone() text-anchor="middle">{point.label.clone()}</text> })
    };
    points.iter().enumerate().map(label).collect_view()
}

/// The frame of a chart: its name for those who listen, the drawing, and the table behind it.
fn frame(title: String, column: &'static str, points: Signal<Vec<Point>>, drawing: AnyView) -> AnyView {
    view! {
        <figure class="chart">
            <svg class="chart-drawing" height=(ABOVE + PLOT + BELOW).to_string() role="group" aria-label=title.clone()>
                {drawing}
            </svg>
            <table::Table title column points />
        </figure>
    }
    .into_any()
}

fn scale_of(points: &[Point]) -> Scale {
    Scale::of(points.iter().flat_map(|point| [Some(point.value), point.beside]).flatten(), LINES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_across_never_leave_the_chart() {
        assert_eq!((percent(0, 3).as_str(), percent(3, 3).as_str(), percent(1, 3).as_str()), ("0.00%", "100.00%", "33.33%"));
        assert_eq!(percent(1, 0), "0.00%");
        assert_eq!((middle(0, 1).as_str(), middle(0, 2).as_str(), middle(23, 24).as_str()), ("50.00%", "25.00%", "97.91%"));
        assert_eq!((pixels(125).as_str(), pixels(0).as_str(), pixels(-5).as_str()), ("12.5", "0.0", "-1.5"));
        assert_eq!((anchor(0, 24), anchor(12, 24), anchor(23, 24), anchor(0, 1)), ("start", "middle", "end", "middle"));
    }

    #[test]
    fn a_month_is_walked_by_keyboard_and_a_year_is_not() {
        assert_eq!((stop(1), stop(31), stop(32), stop(366)), ("0", "0", "-1", "-1"));
    }
}
