//! The PIN pad of somebody who is signed in, with what was wrong about the PIN: it is said at the pad, the pad is emptied, and
//! whoever locked it is shown the way back.

use super::banner::ErrorNote;
use super::button::Button;
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

/// The end of a form that a PIN confirms: what else was wrong with the last try, the pad, and for pages without scripts a button.
#[component]
pub fn PinConfirm(
    /// The sixth digit sends it.
    form: NodeRef<leptos::html::Form>,
    #[prop(into)] label: String,
    #[prop(into)] problem: Signal<Option<Error>>,
    #[prop(into)] busy: Signal<bool>,
    #[prop(into)] button: String,
) -> impl IntoView {
    let lang = lang();
    let pin = RwSignal::new(String::new());
    let other = move || {
        let error = problem.get().filter(|error| !error.is_of_pin())?;
        Some(view! { <ErrorNote message=error.say(lang, device_now()) /> })
    };
    let submit = Callback::new(move |_: String| {
        if let Some(form) = form.get_untracked() {
            // A form that the browser finds incomplete stays, and says why.
            let _ = form.request_submit();
        }
    });
    view! {
        {other}
        <PinField value=pin label problem busy on_complete=submit />
        // A keyboard's Enter and a page without scripts have the button.
        <div class="dock without-js">
            <Button busy>{button}</Button>
        </div>
    }
    .into_any()
}
