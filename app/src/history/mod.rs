//! history.
use leptos::prelude::*;
#[component]
pub fn HistoryPage() -> impl IntoView {
    view! { <main></main> }
}
