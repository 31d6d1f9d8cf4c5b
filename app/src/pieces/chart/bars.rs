//! Bars: hours of a day.

use super::{ABOVE, PLOT, Point, anchor, frame, grid, labels, middle, percent, pixels, said, scale_of, stop};
use crate::words::lang;
use leptos::prelude::*;

/// A bar each, with a line across where `beside` is. As many bars as there were at first; their heights move.
#[component]
pub fn Bars(
    #[prop(into)] title: String,
    /// What the names of the values are.
    column: &'static str,
    #[prop(into)] points: Signal<Vec<Point>>,
) -> impl IntoView {
    let lang = lang();
    let scale = Memo::new(move |_| points.with(|points| scale_of(points)));
    let count = points.with_untracked(Vec::len);
    let bar = move |at: usize| {
        let value = Memo::new(move |_| points.with(|points| points.get(at).cloned()));
        let of = move || value.get().map_or((0, 0), |point| scale.get().bar(point.value));
        let name = move || value.with(|point| point.as_ref().map(said));
        let figure = move || value.with(|point| point.as_ref().map(|point| point.said.clone()));
        let figure_y = move || pixels((of().0 - 60).max(120));
        let class = move || match value.with(|point| point.as_ref().is_some_and(|point| point.value < 0)) {
            true => "chart-bar is-below",
            false => "chart-bar",
        };
        let beside = move || {
            let beside = value.with(|point| point.as_ref().and_then(|point| point.beside)).filter(|beside| *beside != 0)?;
            let y = pixels(scale.get().y(beside));
            Some(
                view! { <line class="chart-beside" x1=percent(10 * at + 1, 10 * count) x2=percent(10 * at + 9, 10 * count) y1=y.clone() y2=y></line> },
            )
        };
        view! {
            <g class="chart-mark" tabindex=stop(count) role="img" aria-label=name>
                <rect class="chart-hit" x=percent(at, count) width=percent(1, count) y="0" height=(ABOVE + PLOT).to_string()></rect>
                <rect
                    class=class
                    x=percent(10 * at + 1, 10 * count)
                    width=percent(8, 10 * count)
                    y=move || pixels(of().0)
                    height=move || pixels(of().1)
                    rx="3"
                ></rect>
                {beside}
                <text class="chart-figure" x=middle(at, count) y=figure_y text-anchor=anchor(at, count)>
                    {figure}
                </text>
            </g>
        }
    };
    let names = points.with_untracked(|points| labels(points).into_any());
    let drawing = view! { {move || grid(lang, scale.get())} {names} {(0..count).map(bar).collect_view()} };
    frame(title, column, points, drawing.into_any())
}
