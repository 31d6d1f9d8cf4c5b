//! The clock of a sale: rendered by the server with the server's time, ticking in the browser by the same time.

use super::live::{device_now, ticking};
use crate::words::{countdown, lang};
use domain::Timestamp;
use jiff::SignedDuration;
use leptos::prelude::*;
use std::time::Duration;

/// A phone whose clock is this close to the server's is believed: the difference is the page's way here, not its clock.
const TRUSTED: SignedDuration = SignedDuration::from_secs(10);

/// How far the device's clock is ahead of the server's.
fn ahead(device: Timestamp, server: Timestamp) -> SignedDuration {
    let ahead = device.duration_since(server);
    if ahead.abs() < TRUSTED { SignedDuration::ZERO } else { ahead }
}

/// What is left until `to`. `label` says until what.
#[component]
pub fn SaleClock(
    to: Timestamp,
    /// The server's time when the page was made.
    now: Timestamp,
    #[prop(into)] label: Signal<String>,
    /// Called once when nothing is left.
    #[prop(optional, into)]
    on_end: Option<Callback<()>>,
) -> impl IntoView {
    let lang = lang();
    let offset = StoredValue::new(SignedDuration::ZERO);
    let device = ticking(Duration::from_secs(1));
    Effect::new(move |_| offset.set_value(ahead(device_now(), now)));
    let (ticks, set_ticks) = signal(false);
    let left = move || {
        // Until the page lives, the server's own figure stands.
        let at = if ticks.get() { device.get().checked_sub(offset.get_value()).unwrap_or(now) } else { now };
        to.duration_since(at)
    };
    Effect::new(move |_| set_ticks.set(true));
    if let Some(end) = on_end {
        Effect::new(move |over: Option<bool>| {
            let is_over = left() <= SignedDuration::ZERO;
            if is_over && over == Some(false) {
                end.run(());
            }
            is_over
        });
    }
    view! {
        <span class="sale-clock">
            <span class="sale-clock-label">{move || label.get()}</span>
            <time class="sale-clock-figure" role="timer" datetime=to.to_string()>
                {move || countdown(lang, left())}
            </time>
        </span>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_phone_clock_is_corrected_and_a_slow_page_is_not() {
        let server: Timestamp = "2025-11-22T05:00:00Z".parse().expect("a timestamp");
        let later = |seconds| server + SignedDuration::from_secs(seconds);
        assert_eq!(ahead(later(4), server), SignedDuration::ZERO);
        assert_eq!(ahead(later(3_600), server), SignedDuration::from_secs(3_600));
        assert_eq!(ahead(later(-90), server), SignedDuration::from_secs(-90));
    }
}
