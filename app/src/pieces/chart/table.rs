//! The table behind a chart: the same figures in words, each leading to what it is made of.

use super::Point;
use crate::words::words;
use leptos::prelude::*;

#[component]
pub(super) fn Table(title: String, column: &'static str, points: Signal<Vec<Point>>) -> impl IntoView {
    let t = &words().takings;
    let row = |point: Point| {
        let figure = match point.href {
            Some(href) => {
                view! { <a class="chart-link" href=href>{point.said}<span class="for-ears">{t.see_payments}</span></a> }.into_any()
            }
            None => point.said.into_any(),
        };
        view! { <tr><th scope="row">{point.name}</th><td class="figure">{figure}</td></tr> }
    };
    // Hours and days without anything say nothing.
    let rows = move || points.get().into_iter().filter(|point| point.value != 0).map(row).collect_view();
    let summary = t.as_table(&title);
    view! {
        <details class="chart-table">
            <summary>{summary}</summary>
            <table class="takings-table">
                <caption class="for-ears">{title}</caption>
                <thead><tr><th scope="col">{column}</th><th scope="col" class="figure">{t.column_amount}</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </details>
    }
    .into_any()
}
