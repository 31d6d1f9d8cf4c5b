//! How the shop heard of a payment: each try, in the order in which they were made.

use crate::pieces::Section;
use crate::words::words;
use domain::notice::Event;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A try to tell the shop.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// Of the payment or of a cancel of it.
    pub event: Event,
    pub how: How,
    pub device: String,
    pub has_failed: bool,
    /// Since the payment.
    pub after_ms: i64,
}

/// As the store keeps it.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum How {
    Spoken,
    Shown,
    Push,
    Sms,
}

#[cfg(feature = "ssr")]
impl From<(Event, store::Try)> for Told {
    fn from((event, one): (Event, store::Try)) -> Told {
        let how = match one.way {
            store::Way::Spoken => How::Spoken,
            store::Way::Shown => How::Shown,
            store::Way::Push => How::Push,
            store::Way::Sms => How::Sms,
        };
        Told { event, how, device: one.device, has_failed: one.outcome == store::Outcome::Failed, after_ms: one.after_ms }
    }
}

impl Told {
    fn say(&self) -> String {
        let t = &words().alerts;
        let device = if self.device.is_empty() { words().me.unknown_device } else { &self.device };
        let seconds = seconds(self.after_ms);
        match (self.how, self.has_failed) {
            (How::Spoken, false) => t.told_spoken(device, &seconds),
            (How::Shown, false) => t.told_shown(device, &seconds),
            (How::Push, false) => t.told_push(device, &seconds),
            (How::Sms, false) => t.told_sms(device, &seconds),
            (How::Spoken | How::Shown, true) => t.told_failed(device, &seconds),
            (How::Push, true) => t.told_push_failed(device, &seconds),
            (How::Sms, true) => t.told_sms_failed(device, &seconds),
        }
    }
}

/// "0.2", "10": tenths only where they say something.
fn seconds(ms: i64) -> String {
    match ms.max(0) {
        ms if ms < 9_950 => format!("{}.{}", (ms + 50) / 1_000, (ms + 50) % 1_000 / 100),
        ms => ((ms + 500) / 1_000).to_string(),
    }
}

#[component]
pub(super) fn Tries(told: Vec<Told>) -> impl IntoView {
    let t = &words().alerts;
    let row = |one: Told| {
        let cancel = (one.event == Event::Cancelled).then(|| view! { <span class="tag">{words().shop.cancelled}</span> });
        view! { <li class="row"><span class="row-words"><span>{one.say()} " " {cancel}</span></span></li> }
    };
    let list = match told.is_empty() {
        true => view! { <p class="small">{t.told_none}</p> }.into_any(),
        false => view! { <ul class="group">{told.into_iter().map(row).collect_view()}</ul> }.into_any(),
    };
    view! { <Section title=t.told_title>{list}</Section> }
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn tenths_are_said_of_short_times() {
        for (ms, said) in [
            (0, "0.0"),
            (180, "0.2"),
            (600, "0.6"),
            (1_049, "1.0"),
            (9_949, "9.9"),
            (9_950, "10"),
            (10_400, "10"),
            (75_600, "76"),
            (-5, "0.0"),
        ] {
            assert_eq!(seconds(ms), said, "{ms}");
        }
    }
}
