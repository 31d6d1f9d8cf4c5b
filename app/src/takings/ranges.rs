//! The bar that chooses the days: presets as links, and two dates.

use crate::pieces::{Button, Look};
use crate::words::{self, lang, words};
use domain::Timestamp;
use domain::takings::{DayRange, Preset, iso};
use leptos::prelude::*;

#[component]
pub(super) fn Ranges(
    /// The page's own address.
    path: String,
    range: DayRange,
    now: Timestamp,
) -> impl IntoView {
    let (lang, t) = (lang(), &words().takings);
    let chosen = Preset::of(range, now);
    let preset = |preset: Preset| {
        view! {
            <li>
                <a class="range-chip" href=format!("{path}?preset={}", preset.as_str()) aria-current=(chosen == Some(preset)).then_some("true")>
                    {words::preset(lang, preset)}
                </a>
            </li>
        }
    };
    view! {
        <nav class="ranges" aria-label=t.ranges>
            <ul class="range-chips">{Preset::ALL.map(preset).collect_view()}</ul>
            <details class="range-own" open=chosen.is_none()>
                <summary class="range-chip">{t.custom}</summary>
                <form class="range-form" method="get" action=path>
                    <Dates range />
                    <Button look=Look::Soft>{t.show}</Button>
                </form>
            </details>
        </nav>
    }
    .into_any()
}

/// From and to, for a form of days.
#[component]
pub(super) fn Dates(range: DayRange) -> impl IntoView {
    let t = &words().takings;
    view! {
        <label class="small-field">
            <span class="field-label">{t.from}</span>
            <input class="field-input small-input" type="date" name="from" required value=iso(range.from()) />
        </label>
        <label class="small-field">
            <span class="field-label">{t.to}</span>
            <input class="field-input small-input" type="date" name="to" required value=iso(range.to()) />
        </label>
    }
    .into_any()
}
