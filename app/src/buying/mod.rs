//! buying.
#[cfg(feature = "ssr")]
pub mod bank;
use leptos::prelude::*;
#[component]
pub fn BuyPage() -> impl IntoView {
    view! { <main></main> }
}
#[component]
pub fn PurchasePage() -> impl IntoView {
    view! { <main></main> }
}
