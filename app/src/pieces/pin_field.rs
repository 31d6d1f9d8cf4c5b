//! The PIN pad of somebody who is signed in, with what was wrong about the PIN: it is said at the pad, the pad is emptied, and
//! whoever locked it is shown the way back.

use super::live::device_now;
use super::pin_pad::PinPad;
use crate::Error;
use crate::words::{lang, words};
use leptos::prelude::*;

#[component]
pub fn PinField(
    value: RwSignal<String>,
    #[prop(into)] label: Signal<String>,
    /// Of the last try; only errors of the PIN are said here.
    #[prop(into)]
    problem: Signal<Option<Error>>,
    #[prop(into, optional)] busy: Signal<bool>,
    #[prop(optional, into)] on_complete: Option<Callback<String>>,
) -> impl IntoView {
    let lang = lang();
    Effect::new(move |_| {
        if problem.get().is_some() {
            value.set(String::new());
        }
    });
    let error = Signal::derive(move || problem.get().filter(Error::is_of_pin).map(|error| error.say(lang, device_now())));
    let is_locked = move || matches!(problem.get(), Some(Error::PinLocked { .. }));
    view! {
        <PinPad value label error busy nostrip:on_complete=on_complete />
        {move || is_locked().then(|| view! { <p class="pin-next"><a href="/me">{words().trouble.pin_locked_next}</a></p> })}
    }
}
