//! me.
use leptos::prelude::*;
#[component]
pub fn MePage() -> impl IntoView {
    view! { <main></main> }
}
#[component]
pub fn SessionsPage() -> impl IntoView {
    view! { <main></main> }
}
#[component]
pub fn LinkBankPage() -> impl IntoView {
    view! { <main></main> }
}
