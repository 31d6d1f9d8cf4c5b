//! paying.
use leptos::prelude::*;
#[component]
pub fn PayPage() -> impl IntoView {
    view! { <main></main> }
}
#[component]
pub fn PayShopPage() -> impl IntoView {
    view! { <main></main> }
}
#[component]
pub fn PaymentPage() -> impl IntoView {
    view! { <main></main> }
}
