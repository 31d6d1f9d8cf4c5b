//! A code on a screen: its clock, the bars that old scanners read, and a screen that stays on.

use super::sale_clock::SaleClock;
use crate::words::words;
use barcoders::sym::code128::Code128;
use domain::Timestamp;
use leptos::prelude::*;
use std::fmt::Write;

/// White on both sides, in bars' widths: what ISO/IEC 15417 asks for.
const QUIET: usize = 10;

/// How long a code is good yet.
#[component]
pub fn CodeClock(until: Timestamp, now: Timestamp) -> impl IntoView {
    view! {
        <p class="code-clock">
            <SaleClock to=until now label=words().codes.left />
        </p>
    }
    .into_any()
}

/// The bars as one path in units of a bar's width, and how wide they are with the white around them. `None`: not digits in pairs.
fn draw(digits: &str) -> Option<(String, usize)> {
    let is_pairs = digits.len().is_multiple_of(2) && digits.bytes().all(|byte| byte.is_ascii_digit());
    // "Ć" begins in character set C: two digits a symbol.
    let bars = is_pairs.then(|| Code128::new(format!("Ć{digits}")).ok()).flatten()?.encode();
    let mut path = String::new();
    let mut x = 0;
    while x < bars.len() {
        let run = bars[x..].iter().take_while(|bar| **bar == bars[x]).count();
        if bars[x] == 1 {
            // Writing into a String can't fail.
            let _ = write!(path, "M{} 0h{run}v1h-{run}z", x + QUIET);
        }
        x += run;
    }
    Some((path, bars.len() + 2 * QUIET))
}

/// Code 128 of an even number of digits, black on white.
#[component]
pub fn Bars(#[prop(into)] digits: String, #[prop(into)] label: String) -> impl IntoView {
    draw(&digits).map(|(path, wide)| {
        view! {
            <svg class="bars" viewBox=format!("0 0 {wide} 1") preserveAspectRatio="none" role="img" aria-label=label shape-rendering="crispEdges">
                <rect class="qr-paper" width="100%" height="100%" />
                <path class="qr-ink" d=path />
            </svg>
        }
    })
}

/// Keeps the screen on while the page is there and looked at, where the browser can (Screen Wake Lock). web-sys has it behind an unstable
/// flag only.
pub fn stay_awake() {
    #[cfg(feature = "hydrate")]
    Effect::new(|_| {
        let gone = StoredValue::new(false);
        awake::ask(gone);
        // A page that was hidden has lost the lock.
        let shown = gloo_events::EventListener::new(&document(), "visibilitychange", move |_| {
            if !document().hidden() {
                awake::ask(gone);
            }
        });
        let shown = StoredValue::new_local(Some(shown));
        on_cleanup(move || {
            gone.set_value(true);
            drop(shown.try_update_value(Option::take));
            awake::release();
        });
    });
}

#[cfg(feature = "hydrate")]
mod awake {
    use js_sys::{Function, Promise, Reflect};
    use leptos::prelude::*;
    use std::cell::RefCell;
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;

    thread_local! {
        static LOCK: RefCell<Option<JsValue>> = const { RefCell::new(None) };
    }

    /// A refusal (battery low, not allowed) changes nothing but that the screen may go dark.
    pub(super) fn ask(gone: StoredValue<bool>) {
        leptos::task::spawn_local(async move {
            let Some(lock) = lock().await else { return };
            LOCK.with_borrow_mut(|kept| *kept = Some(lock));
            if gone.try_get_value() != Some(false) {
                release();
            }
        });
    }

    pub(super) fn release() {
        let Some(lock) = LOCK.with_borrow_mut(Option::take) else { return };
        let release = Reflect::get(&lock, &"release".into()).ok().and_then(|release| release.dyn_into::<Function>().ok());
        if let Some(release) = release {
            // What is released already stays so.
            let _ = release.call0(&lock);
        }
    }

    async fn lock() -> Option<JsValue> {
        let locks = Reflect::get(&window().navigator(), &"wakeLock".into()).ok()?;
        let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
        let asked: Promise = request.call1(&locks, &"screen".into()).ok()?.dyn_into().ok()?;
        JsFuture::from(asked).await.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_digits_make_one_symbol_each() {
        let (path, wide) = draw("770000000000001234567895").expect("24 digits");
        // Start, twelve pairs, check: eleven each; stop: thirteen.
        assert_eq!(wide, 14 * 11 + 13 + 2 * QUIET);
        assert!(path.starts_with("M10 0h2v1h-2z"), "the start of set C is 11010011100: {path}");
        assert!(draw("123").is_none() && draw("12a4").is_none());
    }
}
