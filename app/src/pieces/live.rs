//! What pieces need of the living page: the clock, whether the wasm has arrived, and inputs that keep what was typed
//! before it had.

use domain::Timestamp;
use leptos::html;
use leptos::prelude::*;
use std::time::Duration;

/// The clock of this device: the server's while rendering, the phone's in the browser. For showing, never for deciding.
#[cfg(feature = "hydrate")]
pub fn device_now() -> Timestamp {
    // A clock set outside of jiff's range shows the epoch instead of a broken page.
    #[allow(clippy::cast_possible_truncation)]
    Timestamp::from_millisecond(js_sys::Date::now() as i64).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The clock of this device: the server's while rendering, the phone's in the browser. For showing, never for deciding.
#[cfg(not(feature = "hydrate"))]
pub fn device_now() -> Timestamp {
    Timestamp::now()
}

/// False while rendering on the server and until the wasm runs, then true.
pub fn when_live() -> ReadSignal<bool> {
    let (live, set_live) = signal(false);
    Effect::new(move |_| set_live.set(true));
    live
}

/// The device's clock, told again every `every`; stands still on the server.
pub fn ticking(every: Duration) -> ReadSignal<Timestamp> {
    let (now, set_now) = signal(device_now());
    Effect::new(move |_| {
        set_now.set(device_now());
        if let Ok(handle) = set_interval_with_handle(move || set_now.set(device_now()), every) {
            on_cleanup(move || handle.clear());
        }
    });
    now
}

/// Keeps an input and a signal the same. What a person typed before the wasm arrived is taken into the signal, not
/// overwritten; afterwards the signal rules.
pub fn keep_in_step(input: NodeRef<html::Input>, value: RwSignal<String>) {
    Effect::new(move |was_there: Option<bool>| {
        let wanted = value.get();
        let Some(input) = input.get() else { return false };
        let typed = input.value();
        if was_there != Some(true) && !typed.is_empty() && typed != wanted {
            value.set(typed);
        } else if typed != wanted {
            input.set_value(&wanted);
        }
        true
    });
}
