//! merchant.
use leptos::prelude::*;
#[component]
pub fn ChoosePage() -> impl IntoView {
    view! { <main></main> }
}
#[component]
pub fn TodayPage() -> impl IntoView {
    view! { <main></main> }
}
#[component]
pub fn QrPage() -> impl IntoView {
    view! { <main></main> }
}
