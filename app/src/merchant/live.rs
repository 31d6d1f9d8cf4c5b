//! The living page: the stream of the shop's notices, and saying them. The browser resumes a broken stream by its last event's
//! id; a stream that was refused is opened anew from the last number we know.

use super::counter::{Counter, Line};
use super::telling::{Telling, recalled_name, recalled_sounding};
use super::today::{Desk, Press, Sound, Speaker};
use super::voice::Voice;
use super::{ShopToday, load_today};
use crate::pieces::device_now;
use crate::visitor::leave_if_shut;
use crate::words::{Lang, lang, words};
use domain::DeviceId;
use domain::notice::{Event, Notice, Say};
use domain::spoken::Announcement;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::{EventSource, MessageEvent};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

const RETRY_MS: u32 = 2_000;
/// So many failures in a row are told as a lost connection.
const LOST_AFTER: u32 = 3;

/// Opens the stream for as long as the page is there. The returned callback takes what is pressed.
pub(super) fn start(desk: Desk, today: ShopToday) -> Callback<Press> {
    let kept = format!("payplus.heard.{}", today.merchant.number);
    let remembered = recall(&kept);
    let number = today.merchant.number.to_string();
    let shop = number.clone();
    let lang = lang();
    let voice = StoredValue::new_local(None::<Voice>);
    let stream = StoredValue::new_local(None::<Stream>);
    let arrived = StoredValue::new_local(Vec::<Notice>::new());
    let failures = StoredValue::new(0u32);
    let told = Telling::new(desk, number.clone(), today.device, remembered);
    desk.sounding.set(recalled_sounding());
    desk.name.set(recalled_name().unwrap_or_else(|| words().counter.device_default.to_owned()));

    let key = kept.clone();
    let is_awake = move || voice.try_with_value(|voice| voice.as_ref().is_some_and(Voice::is_awake)) == Some(true);
    // What is this device's to say is said as soon as it has a voice; who speaks now is another matter.
    let say = move || {
        while desk.sound.try_get_untracked() == Some(Sound::On) && desk.counter.try_with_untracked(Counter::has_to_say) == Some(true) {
            if !is_awake() {
                // Not lost: it is said when somebody wakes the sound.
                desk.sound.try_set(Sound::Asleep);
                return;
            }
            let Some((say, numbers)) = desk.counter.try_update(Counter::say).flatten() else { return };
            remember(&key, numbers.last().copied());
            if let Some(announcement) = announcement(&say) {
                let code = match &say {
                    Say::One(notice) => Some(notice.code),
                    Say::Nothing | Say::Gap { .. } => None,
                };
                desk.said.set(shown(announcement, lang));
                let sounding = desk.sounding.get_untracked();
                voice.with_value(|voice| voice.iter().for_each(|voice| voice.say(announcement, code, &numbers, lang, sounding)));
                told.spoken(&numbers);
            }
        }
    };
    let key = kept;
    let speak = move || {
        say();
        let numbers = desk.counter.try_with_untracked(Counter::unheard).unwrap_or_default();
        let is_on = desk.sound.try_get_untracked() == Some(Sound::On);
        let sounding = desk.sounding.try_get_untracked().unwrap_or_default();
        // With the sound off they stay unheard on this page, but somebody may see them.
        if !is_on {
            return told.shown(&numbers);
        }
        match desk.speaker.try_get_untracked() {
            // Nobody speaks before it is clear who does.
            None | Some(Speaker::Unknown) => return,
            Some(Speaker::Other(_)) => {
                desk.counter.try_update(Counter::hush);
                return told.shown(&numbers);
            }
            Some(Speaker::Me) if sounding.is_quiet(device_now()) => {
                desk.counter.try_update(Counter::hush);
                if let Some(newest) = numbers.last() {
                    remember(&key, Some(*newest));
                    told.dealt_with(*newest);
                }
                return told.shown(&numbers);
            }
            Some(Speaker::Me) => {}
        }
        if !is_awake() {
            // Not lost: another device says it, to which the word goes at once, or this one when somebody wakes the sound.
            desk.sound.try_set(Sound::Asleep);
            told.shown(&numbers);
            return told.now();
        }
        // Another one may have taken over while this page was cut off: the server knows whose they are.
        if desk.counter.try_update(Counter::ask) == Some(true) {
            told.now();
        }
    };
    let speak = StoredValue::new_local(speak);
    told.when_answered(move || speak.with_value(|speak| speak()));
    let take = move |together: bool| {
        let Some(batch) = arrived.try_update_value(std::mem::take) else { return };
        if together {
            desk.counter.update(|counter| drop(counter.take(batch)));
            speak.with_value(|speak| speak());
        } else {
            // Each is said on its own, one after the other.
            for notice in batch {
                desk.counter.update(|counter| drop(counter.take(vec![notice])));
                speak.with_value(|speak| speak());
            }
        }
    };
    // What comes up to this number after a connection came (back) belongs together: it is what was missed.
    let missed_up_to = StoredValue::new(0i64);
    let on_notice = move |notice: Notice| {
        let number = notice.number;
        told.came(number);
        arrived.try_update_value(|arrived| arrived.push(notice));
        match missed_up_to.try_get_value() {
            Some(target) if number < target => {}
            Some(target) => take(number == target),
            None => {}
        }
    };
    let on_hello = move |last: i64| {
        failures.set_value(0);
        missed_up_to.set_value(last);
        desk.line.set(Line::Live);
        told.doubt();
        told.now();
        speak.with_value(|speak| speak());
    };
    // Before the next notice comes: two voices never say the same one.
    let on_speaker = move |speaks: Speaks| told.hear_of_speaker(speaks.device);
    let connect = move || {
        let after = desk.counter.with_untracked(Counter::newest);
        stream.set_value(Stream::open(&format!("/merchant/{number}/notices?after={after}"), on_notice, on_hello, on_speaker));
    };
    Effect::new(move |_| {
        // Only now, so that the page first comes alive as the server rendered it.
        desk.counter.set(Counter::new(&today, remembered));
        let (connect, shop) = (connect.clone(), shop.clone());
        spawn_local(async move {
            told.take_a_name().await;
            if desk.sound.try_get_untracked().is_none() {
                return;
            }
            connect();
            told.go_on();
            loop {
                TimeoutFuture::new(RETRY_MS).await;
                let Some(state) = stream.try_with_value(|stream| stream.as_ref().map(Stream::state)) else { return };
                if state == Some(EventSource::OPEN) {
                    continue;
                }
                let count = failures.try_update_value(|count| {
                    *count += 1;
                    *count
                });
                desk.line.set(if count.is_some_and(|count| count >= LOST_AFTER) { Line::Lost } else { Line::Trying });
                if state != Some(EventSource::CONNECTING) {
                    connect();
                    // It was refused, and a stream does not say why.
                    let _ = load_today(shop.clone()).await.inspect_err(leave_if_shut);
                }
            }
        });
    });
    wake_by_touch(desk, voice, told);
    leave_with_a_word(told);
    Callback::new(move |press| match (press, desk.sound.get_untracked()) {
        (_, Sound::Starting) => {}
        (Press::Switch, Sound::On) => {
            desk.sound.set(Sound::Off);
            voice.with_value(|voice| voice.iter().for_each(Voice::quiet));
            told.now();
        }
        (Press::Test, Sound::On) => {
            let sounding = desk.sounding.get_untracked();
            voice.with_value(|voice| voice.iter().for_each(|voice| voice.test(sounding)));
        }
        (Press::TakeOver, Sound::On) => told.take_over(),
        (Press::Switch | Press::Test | Press::TakeOver, Sound::Off | Sound::Asleep) => {
            desk.sound.set(Sound::Starting);
            told.turned_on();
            spawn_local(async move {
                let made = match voice.try_update_value(Option::take).flatten() {
                    Some(voice) => Some(voice),
                    None => Voice::open().await,
                };
                let is_there = made.is_some();
                if let Some(made) = &made {
                    made.wake().await;
                    made.test(desk.sounding.try_get_untracked().unwrap_or_default());
                }
                voice.try_update_value(|voice| *voice = made);
                desk.sound.try_set(if is_there { Sound::On } else { Sound::Off });
                told.now();
            });
        }
    })
}

/// Sound that the system put to sleep comes back with any touch, and says what was kept.
fn wake_by_touch(desk: Desk, voice: StoredValue<Option<Voice>, LocalStorage>, told: Telling) {
    let touched = gloo_events::EventListener::new(&document(), "pointerdown", move |_| {
        if desk.sound.try_get_untracked() != Some(Sound::Asleep) {
            return;
        }
        spawn_local(async move {
            let Some(made) = voice.try_update_value(Option::take).flatten() else { return };
            made.wake().await;
            let is_awake = made.is_awake();
            voice.try_update_value(|voice| *voice = Some(made));
            if is_awake {
                desk.sound.try_set(Sound::On);
                // Another device may have taken over meanwhile.
                told.now();
            }
        });
    });
    let touched = StoredValue::new_local(Some(touched));
    on_cleanup(move || drop(touched.try_update_value(Option::take)));
}

/// Closed, loaded anew, left for another page, or kept by the browser for a way back.
fn leave_with_a_word(told: Telling) {
    let listeners = [
        gloo_events::EventListener::new(&window(), "pagehide", move |_| told.leaves()),
        gloo_events::EventListener::new(&window(), "pageshow", move |_| told.now()),
    ];
    let listeners = StoredValue::new_local(Some(listeners));
    on_cleanup(move || {
        told.leaves();
        drop(listeners.try_update_value(Option::take));
    });
}

fn announcement(say: &Say) -> Option<Announcement> {
    Some(match say {
        Say::Nothing => return None,
        Say::One(notice) => match notice.event {
            Event::Paid => Announcement::Paid { amount_won: notice.amount.get() },
            Event::Cancelled => Announcement::Cancelled { amount_won: notice.amount.get() },
        },
        Say::Gap { count, paid, cancelled } => {
            Announcement::Gap { count: u32::try_from(*count).unwrap_or(u32::MAX), paid_won: paid.get(), cancelled_won: cancelled.get() }
        }
    })
}

fn shown(announcement: Announcement, lang: Lang) -> String {
    let shown = match lang {
        Lang::Ko => announcement.shown_korean(),
        Lang::En => announcement.shown_english(),
    };
    // An amount beyond words still stands in the list.
    shown.unwrap_or_default()
}

fn recall(key: &str) -> Option<i64> {
    window().session_storage().ok()??.get_item(key).ok()??.parse().ok()
}

/// The last number said on this device, so that a reload neither repeats nor forgets.
fn remember(key: &str, heard: Option<i64>) {
    if let (Some(heard), Ok(Some(storage))) = (heard, window().session_storage()) {
        // A full or forbidden storage only costs the memory over a reload.
        let _ = storage.set_item(key, &heard.to_string());
    }
}

/// An open stream; closed when dropped.
struct Stream {
    source: EventSource,
    _listeners: [Closure<dyn FnMut(MessageEvent)>; 3],
}

/// The first event of a connection: the newest notice's number.
#[derive(serde::Deserialize)]
struct Hello {
    last: i64,
}

/// Which device speaks from now on.
#[derive(serde::Deserialize)]
struct Speaks {
    device: Option<DeviceId>,
}

impl Stream {
    fn open(
        path: &str,
        on_notice: impl Fn(Notice) + 'static,
        on_hello: impl Fn(i64) + 'static,
        on_speaker: impl Fn(Speaks) + 'static,
    ) -> Option<Stream> {
        let source = EventSource::new(path).ok()?;
        let listeners = [listener(on_notice), listener(move |hello: Hello| on_hello(hello.last)), listener(on_speaker)];
        for (name, listener) in ["message", "hello", "speaker"].into_iter().zip(&listeners) {
            source.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref()).ok()?;
        }
        Some(Stream { source, _listeners: listeners })
    }

    fn state(&self) -> u16 {
        self.source.ready_state()
    }
}

fn listener<T: serde::de::DeserializeOwned>(hear: impl Fn(T) + 'static) -> Closure<dyn FnMut(MessageEvent)> {
    Closure::new(move |event: MessageEvent| match serde_json::from_str(&event.data().as_string().unwrap_or_default()) {
        Ok(told) => hear(told),
        Err(error) => leptos::logging::warn!("an event could not be read: {error}"),
    })
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}
