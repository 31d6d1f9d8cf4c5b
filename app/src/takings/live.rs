//! The living part of the dashboard: the shop's notices, as on its page of today. The browser takes a broken stream up again by itself,
//! from the last number it heard.

use super::today::{Heard, Line, hear};
use domain::notice::Notice;
use domain::takings::Today;
use leptos::prelude::*;
use leptos::web_sys::{Event, EventSource, MessageEvent};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

struct Stream {
    source: EventSource,
    _heard: Closure<dyn FnMut(MessageEvent)>,
    _turned: Closure<dyn FnMut(Event)>,
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}

/// Opens the stream once the page is alive, for as long as it is there.
pub(super) fn start(today: RwSignal<Today>, line: RwSignal<Line>, number: String) {
    let stream = StoredValue::new_local(None::<Stream>);
    Effect::new(move |_| {
        let after = today.with_untracked(|today| today.last_number);
        stream.set_value(open(&format!("/merchant/{number}/notices?after={after}"), today, line));
    });
}

fn open(path: &str, today: RwSignal<Today>, line: RwSignal<Line>) -> Option<Stream> {
    let source = EventSource::new(path).ok()?;
    let heard = Closure::new(move |event: MessageEvent| {
        let Ok(notice) = serde_json::from_str::<Notice>(&event.data().as_string().unwrap_or_default()) else { return };
        let heard = today.try_update(|today| hear(today, &notice));
        if heard == Some(Heard::AnotherDay) {
            // A new day begins with new figures to be laid beside.
            let _ = window().location().reload();
        }
    });
    let of_line = source.clone();
    let turned = Closure::new(move |_: Event| {
        let now = match of_line.ready_state() {
            EventSource::OPEN => Line::Live,
            EventSource::CLOSED => Line::Lost,
            _ => return,
        };
        line.try_set(now);
    });
    source.add_event_listener_with_callback("message", heard.as_ref().unchecked_ref()).ok()?;
    for name in ["open", "error"] {
        source.add_event_listener_with_callback(name, turned.as_ref().unchecked_ref()).ok()?;
    }
    Some(Stream { source, _heard: heard, _turned: turned })
}
