//! start.
pub mod next;
use leptos::prelude::*;
#[component]
pub fn StartPage() -> impl IntoView {
    view! { <main></main> }
}
#[component]
pub fn CodePage() -> impl IntoView {
    view! { <main></main> }
}
#[component]
pub fn ConfirmPage() -> impl IntoView {
    view! { <main></main> }
}
#[component]
pub fn IdentityPage() -> impl IntoView {
    view! { <main></main> }
}
#[component]
pub fn PinPage() -> impl IntoView {
    view! { <main></main> }
}
#[component]
pub fn BankPage() -> impl IntoView {
    view! { <main></main> }
}
#[component]
pub fn WelcomePage() -> impl IntoView {
    view! { <main></main> }
}
