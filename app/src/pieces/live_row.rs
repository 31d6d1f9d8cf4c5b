//! One payment in the shop's live list.

use super::money::Money;
use crate::words::{clock, words};
use domain::notice::{Event, Notice};
use leptos::prelude::*;

/// How a row stands out.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    #[default]
    Plain,
    /// Has just slid in.
    Fresh,
    /// Came while the sound was off or the connection was lost.
    Unheard,
}

/// What, when, which code, how much. A list item: stands in an `<ol class="feed">`.
#[component]
pub fn LiveRow(
    notice: Notice,
    /// The payment's own page.
    #[prop(into)]
    href: String,
    #[prop(into, optional)] mark: Signal<Mark>,
) -> impl IntoView {
    let t = &words().shop;
    let is_cancelled = notice.event == Event::Cancelled;
    let what = if is_cancelled { t.cancelled } else { t.paid };
    view! {
        <li
            class="row live-row"
            class:is-fresh=move || mark.get() == Mark::Fresh
            class:is-unheard=move || mark.get() == Mark::Unheard
            class:is-cancelled=is_cancelled
        >
            <span class="live-code">
                <span class="for-ears">{t.code_column}</span>
                {notice.code.to_string()}
            </span>
            <span class="row-words">
                <a class="row-title row-link" href=href>{what}</a>
                <span class="row-note">
                    <time datetime=notice.at.to_string()>{clock(notice.at)}</time>
                    {move || (mark.get() == Mark::Unheard).then(|| view! { <span class="tag">{t.unheard}</span> })}
                </span>
            </span>
            <span class="row-amount">
                {is_cancelled.then_some("−")} <Money amount=notice.amount />
            </span>
        </li>
    }
    .into_any()
}
