//! The one moment with joy, and the proof at the counter: the plus draws itself, the amount settles, and a clock with
//! seconds and a moving ring tell the living page from a screenshot. The shop sees the same code.

use super::live::ticking;
use super::money::{Money, MoneySize};
use crate::words;
use crate::words::{clock, weekday_day, words};
use domain::paying::Code;
use domain::{Timestamp, Won};
use leptos::prelude::*;
use std::time::Duration;

/// A short knock in the hand, where the phone can. Only after a touch: a page that was merely opened may not, and browsers
/// complain of the attempt.
fn knock() {
    #[cfg(feature = "hydrate")]
    if let Some(window) = leptos::web_sys::window() {
        use js_sys::Reflect;
        let navigator = window.navigator();
        let activation = Reflect::get(&navigator, &"userActivation".into());
        let was_touched = activation.and_then(|activation| Reflect::get(&activation, &"hasBeenActive".into()));
        if was_touched.is_ok_and(|touched| touched.is_truthy()) {
            navigator.vibrate_with_duration(40);
        }
    }
}

/// A payment that has just gone through.
#[component]
pub fn ConfirmationPulse(
    #[prop(into)] shop: String,
    /// The shop's district, as a word.
    #[prop(into)]
    place: String,
    amount: Won,
    code: Code,
    at: Timestamp,
) -> impl IntoView {
    let lang = words::lang();
    let t = &words().pay;
    let now = ticking(Duration::from_secs(1));
    Effect::new(move |_| knock());
    let digits = code.to_string().chars().map(|digit| view! { <span>{digit.to_string()}</span> }).collect_view();
    view! {
        <div class="pulse">
            <svg class="pulse-sign" viewBox="0 0 120 120" aria-hidden="true" focusable="false">
                <circle class="pulse-ring pulse-ring-a" cx="60" cy="60" r="44" />
                <circle class="pulse-ring pulse-ring-b" cx="60" cy="60" r="44" />
                <circle class="pulse-disc" cx="60" cy="60" r="40" />
                <g class="pulse-orbit"><circle class="pulse-moon" cx="60" cy="9" r="4" /></g>
                <rect class="pulse-plus-h" x="40" y="55.500" width="40" height="9" rx="4.500" />
                <rect class="pulse-plus-v" x="55.500" y="40" width="9" height="40" rx="4.500" />
            </svg>
            <p class="pulse-shop" role="status">{t.paid(&shop)}</p>
            <p class="pulse-amount"><Money amount size=MoneySize::Hero /></p>
            <p class="pulse-place">{place} " · " {weekday_day(lang, at)} " " {clock(at)}</p>
            <div class="pulse-proof">
                <div class="pulse-code">
                    <span class="pulse-term">{t.code}</span>
                    <span class="pulse-digits" role="img" aria-label=code.to_string()>{digits}</span>
                </div>
                <div class="pulse-now">
                    <span class="pulse-term">{t.now}</span>
                    <span class="pulse-clock" aria-hidden="true">{move || clock(now.get())}</span>
                </div>
            </div>
            <p class="pulse-hint">{t.code_hint}</p>
        </div>
    }
    .into_any()
}
