//! The living page: renews the ticket when it is told to, at once when the phone comes back, goes in when it is the turn.

use super::calls::{Entered, enter, join};
use super::page::Live;
use super::told::{Heard, Told};
use crate::pieces::device_now;
use crate::visitor::leave_if_shut;
use gloo_events::EventListener;
use gloo_net::http::Request;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;

/// After a question that got no answer.
const RETRY_MS: u32 = 2_000;
const BUZZ: [u32; 3] = [300, 150, 300];

/// Keeps the place for as long as the page is there.
pub(super) fn start(live: Live) {
    let timer = StoredValue::new_local(None::<Timeout>);
    let going = StoredValue::new_local(false);
    let navigate = StoredValue::new_local(use_navigate());
    let ask = StoredValue::new_local(None::<Box<dyn Fn()>>);
    let later = move |ms: u32| {
        let again = move || {
            ask.try_with_value(|ask| ask.iter().for_each(|ask| ask()));
        };
        timer.try_update_value(|timer| *timer = Some(Timeout::new(ms, again)));
    };
    let hear = move |heard: Heard| {
        let (ms, goes_on) = (heard.renew_in_ms.clamp(500, 600_000), asks_again(&heard.told));
        if live.heard.try_get_untracked().is_none() {
            return;
        }
        live.lost_at.set(None);
        tell_turn(&live.heard.get_untracked().told, &heard.told);
        live.heard.set(heard);
        if goes_on {
            later(u32::try_from(ms).unwrap_or(RETRY_MS));
        }
    };
    let question = move || {
        if going.try_get_value() != Some(false) {
            return;
        }
        going.set_value(true);
        spawn_local(async move {
            let Some(heard) = live.heard.try_get_untracked() else { return };
            let window = live.window.to_string();
            let outcome = match (&heard.told, heard.ticket) {
                (Told::ComesIn { .. }, _) => match enter(window).await.inspect_err(leave_if_shut) {
                    Ok(Entered::Until(_)) => {
                        let to = format!("/buy?window={}", live.window);
                        navigate.try_with_value(|navigate| navigate(&to, leptos_router::NavigateOptions::default()));
                        return;
                    }
                    Ok(Entered::NotYet(heard)) => Some(heard),
                    Err(_) => None,
                },
                (Told::NoTicket, _) | (_, None) => rejoin(window).await,
                // A node that does not know it yet, or no more: the person has the place all the same.
                (_, Some(ticket)) => match renew(live.window, ticket).await {
                    Some(heard) if heard.told == Told::NoTicket => rejoin(window).await,
                    heard => heard,
                },
            };
            let Some(()) = going.try_update_value(|going| *going = false) else { return };
            match outcome {
                Some(heard) => hear(heard),
                None => {
                    live.lost_at.update(|lost| *lost = lost.or(Some(device_now())));
                    later(RETRY_MS);
                }
            }
        });
    };
    ask.set_value(Some(Box::new(question)));
    Effect::new(move |_| {
        let first = live.heard.get_untracked();
        tell_turn(&Told::Drawing, &first.told);
        if asks_again(&first.told) {
            later(if matches!(first.told, Told::ComesIn { .. }) {
                700
            } else {
                u32::try_from(first.renew_in_ms.max(500)).unwrap_or(RETRY_MS)
            });
        }
    });
    // Timers of a page in the background run late or not at all: whoever comes back asks at once.
    let back = move || {
        if live.heard.try_with_untracked(|heard| asks_again(&heard.told)) == Some(true) && !document().hidden() {
            later(0);
        }
    };
    let listeners = [
        EventListener::new(&document(), "visibilitychange", move |_| back()),
        EventListener::new(&window(), "online", move |_| back()),
        EventListener::new(&window(), "pageshow", move |_| back()),
    ];
    let listeners = send_wrapper::SendWrapper::new(listeners);
    on_cleanup(move || drop(listeners));
}

/// A ticket that nobody knows any more is exchanged for the one that there is: the person need not press for it.
fn asks_again(told: &Told) -> bool {
    told.goes_on() || *told == Told::NoTicket
}

/// The place that there is, or one at the end. `None`: no answer.
async fn rejoin(window: String) -> Option<Heard> {
    join(window).await.inspect_err(leave_if_shut).ok().map(|joined| joined.heard)
}

/// `None`: no answer that can be read.
async fn renew(window: domain::WindowId, ticket: String) -> Option<Heard> {
    let request = Request::post(&format!("/room/{window}/renew")).header("content-type", "text/plain").body(ticket).ok()?;
    let response = request.send().await.ok()?;
    if response.ok() { response.json().await.ok() } else { None }
}

/// Sound and buzz when the turn comes, once.
fn tell_turn(before: &Told, now: &Told) {
    if matches!(now, Told::ComesIn { .. }) && !matches!(before, Told::ComesIn { .. }) {
        let navigator = window().navigator();
        let pattern = js_sys::Array::from_iter(BUZZ.iter().map(|ms| wasm_bindgen::JsValue::from(*ms)));
        // Not every browser buzzes, and none does before the page was touched.
        let _ = navigator.vibrate_with_pattern(&pattern);
        chime();
    }
}

/// Two tones, where the browser lets a page sound.
fn chime() -> Option<()> {
    let context = leptos::web_sys::AudioContext::new().ok()?;
    let tone = context.create_oscillator().ok()?;
    tone.connect_with_audio_node(&context.destination()).ok()?;
    let at = context.current_time();
    for (hertz, after) in [(660.0, 0.0), (880.0, 0.25)] {
        tone.frequency().set_value_at_time(hertz, at + after).ok()?;
    }
    tone.start().ok()?;
    tone.stop_with_when(at + 0.6).ok()
}
