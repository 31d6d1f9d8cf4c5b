//! A line: days or months, one after the other.

use super::{ABOVE, PLOT, Point, anchor, frame, grid, labels, middle, percent, pixels, said, scale_of, stop};
use crate::words::lang;
use leptos::prelude::*;

/// The line between the values is drawn in a box as wide as the place, 1,000 for the width.
const WIDTH: usize = 1_000;

/// A line through all values; a single one is a dot.
#[component]
pub fn Line(#[prop(into)] title: String, column: &'static str, points: Vec<Point>) -> impl IntoView {
    let (lang, scale, count) = (lang(), scale_of(&points), points.len());
    let path = path(&points.iter().map(|point| scale.y(point.value)).collect::<Vec<_>>());
    let floor = pixels(scale.y(0));
    let area = path.as_ref().map(|path| format!("{path} V {floor} H {} Z", x(0, count)));
    let mark = |(at, point): (usize, &Point)| {
        let y = scale.y(point.value);
        let figure_y = pixels((y - 90).max(120));
        view! {
            <g class="chart-mark" tabindex=stop(count) role="img" aria-label=said(point)>
                <rect class="chart-hit" x=percent(at, count) width=percent(1, count) y="0" height=(ABOVE + PLOT).to_string()></rect>
                <circle class="chart-dot" class:is-lone=count < 40 cx=middle(at, count) cy=pixels(y) r="4"></circle>
                <text class="chart-figure" x=middle(at, count) y=figure_y text-anchor=anchor(at, count)>{point.said.clone()}</text>
            </g>
        }
    };
    let marks = points.iter().enumerate().map(mark).collect_view();
    let names = labels(&points);
    let height = (ABOVE + PLOT).to_string();
    let drawing = view! {
        {grid(lang, scale)}
        {names}
        <svg class="chart-path" viewBox=format!("0 0 {WIDTH} {height}") width="100%" height=height preserveAspectRatio="none" aria-hidden="true">
            {area.map(|area| view! { <path class="chart-area" d=area></path> })}
            {path.map(|path| view! { <path class="chart-curve" d=path></path> })}
        </svg>
        {marks}
    };
    frame(title, column, Signal::stored(points), drawing.into_any())
}

fn x(at: usize, count: usize) -> String {
    let tenths = (2 * at + 1) * 10 * WIDTH / (2 * count.max(1));
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// `None` for fewer than two values: there is nothing to draw a line between. Heights in tenths of a pixel.
fn path(heights: &[i64]) -> Option<String> {
    let to = |(at, height): (usize, &i64)| format!("{} {} {}", if at == 0 { "M" } else { "L" }, x(at, heights.len()), pixels(*height));
    (heights.len() > 1).then(|| heights.iter().enumerate().map(to).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_through_the_middle_of_each_place() {
        assert_eq!(path(&[]), None);
        assert_eq!(path(&[100]), None);
        assert_eq!(path(&[100, 205]).unwrap(), "M 250.0 10.0 L 750.0 20.5");
        assert_eq!(path(&[1; 366]).unwrap().matches('L').count(), 365);
    }
}
