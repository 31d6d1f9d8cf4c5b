//! home.
use leptos::prelude::*;
#[component]
pub fn HomePage() -> impl IntoView {
    view! { <main></main> }
}
