//! What this device says to the server: that it listens, whether it would speak, and what it told. The answer is whether it speaks.

use super::ListenIn;
use super::counter::Counter;
use super::today::{Desk, Sound, Speaker};
use crate::visitor::leave_if_shut;
use domain::DeviceId;
use domain::listening::{ACKS_MOST, Ack, SAYS_EVERY, Sounding, Told, Wants};
use gloo_storage::{LocalStorage, Storage};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use leptos::web_sys::UrlSearchParams;
use std::collections::HashMap;
use std::rc::Rc;
use wasm_bindgen::JsValue;

const DEVICE: &str = "payplus.device";
const NAME: &str = "payplus.device.name";
const SOUNDING: &str = "payplus.sounding";
/// After a word that did not get through the next try, and at most so long.
const RETRY_MS: u32 = 1_000;
const RETRY_MOST_MS: u32 = 4_000;
/// What was told is said with the next word, which the next payment makes, and after so long at the latest.
const ACKS_AFTER_MS: u32 = 1_000;

/// Volume, pace, quiet hours: as this device has kept them.
pub(super) fn recalled_sounding() -> Sounding {
    LocalStorage::get::<Sounding>(SOUNDING).unwrap_or_default().sane()
}

/// A full or forbidden storage only costs the memory.
pub(super) fn keep_sounding(sounding: Sounding) {
    let _ = LocalStorage::set(SOUNDING, sounding);
}

pub(super) fn recalled_name() -> Option<String> {
    LocalStorage::get::<String>(NAME).ok().filter(|name| !name.trim().is_empty())
}

/// A full or forbidden storage only costs the memory.
pub(super) fn keep_name(name: &str) {
    let _ = LocalStorage::set(NAME, name);
}

/// This device's word to the server.
#[derive(Copy, Clone)]
pub(super) struct Telling {
    desk: Desk,
    shop: StoredValue<String>,
    device: StoredValue<DeviceId>,
    fresh: DeviceId,
    state: StoredValue<State, leptos::prelude::LocalStorage>,
}

#[derive(Default)]
struct State {
    /// Up to where the shop has heard for all that this device knows for sure: what it was given to say, or the server told at first.
    /// `None` on a page that is new. What it kept silent about because another one speaks is not in it.
    heard: Option<i64>,
    /// The newest notice on the page when somebody turned the sound on.
    seen: Option<i64>,
    /// Raised with every doubt whether what the server said still holds; an answer to an older question says nothing.
    doubts: u32,
    /// When each notice came, on this device's clock.
    came_ms: HashMap<i64, f64>,
    /// Told, and not yet said to the server: with the moment of telling.
    acks: Vec<(i64, Told, f64)>,
    /// They are going to be said.
    acks_wait: bool,
    is_sending: bool,
    /// Something came up while it was being sent.
    again: bool,
    wants_over: bool,
    /// The server knows that this device is silent.
    said_off: bool,
    answered: Option<Rc<dyn Fn()>>,
}

impl Telling {
    /// The device keeps the name that it has; one without takes `fresh`. `heard`: what the page remembers to have said.
    pub(super) fn new(desk: Desk, shop: String, fresh: DeviceId, heard: Option<i64>) -> Telling {
        let device = LocalStorage::get::<DeviceId>(DEVICE).unwrap_or_else(|_| {
            // A full or forbidden storage makes it another device at the next visit.
            let _ = LocalStorage::set(DEVICE, fresh);
            fresh
        });
        let state = StoredValue::new_local(State { heard, said_off: true, ..State::default() });
        Telling { desk, shop: StoredValue::new(shop), device: StoredValue::new(device), fresh, state }
    }

    /// Two tabs of one browser that listen are two devices: under one name both would speak. The first has the name that the browser keeps,
    /// as long as its page is there.
    pub(super) async fn take_a_name(self) {
        if tabs::is_first().await == Some(false) {
            self.device.try_set_value(self.fresh);
        }
    }

    /// Called when the server has answered: there may be something to say.
    pub(super) fn when_answered(self, answered: impl Fn() + 'static) {
        self.state.update_value(|state| state.answered = Some(Rc::new(answered)));
    }

    pub(super) fn came(self, number: i64) {
        self.state.try_update_value(|state| {
            state.came_ms.insert(number, js_sys::Date::now());
            // Only what may still be told.
            if state.came_ms.len() > ACKS_MOST {
                state.came_ms.retain(|one, _| *one + 50 > number);
            }
        });
    }

    /// This device, which speaks, has dealt with everything up to `heard`, and says none of it.
    pub(super) fn dealt_with(self, heard: i64) {
        self.state.update_value(|state| state.heard = Some(heard));
        self.now();
    }

    pub(super) fn spoken(self, numbers: &[i64]) {
        self.told(numbers, Told::Spoken);
    }

    /// Seen only where somebody may look.
    pub(super) fn shown(self, numbers: &[i64]) {
        if !document().hidden() {
            self.told(numbers, Told::Shown);
        }
    }

    fn told(self, numbers: &[i64], how: Told) {
        let now_ms = js_sys::Date::now();
        let is_new = self.state.try_update_value(|state| {
            let new: Vec<i64> = numbers.iter().copied().filter(|number| state.came_ms.contains_key(number)).collect();
            for number in &new {
                // Once: what is shown again and again is one word.
                let came = state.came_ms.remove(number).unwrap_or(now_ms);
                state.acks.push((*number, how, came));
            }
            !new.is_empty()
        });
        if is_new == Some(true) && self.state.try_update_value(|state| !std::mem::replace(&mut state.acks_wait, true)) == Some(true) {
            spawn_local(async move {
                TimeoutFuture::new(ACKS_AFTER_MS).await;
                if self.state.try_update_value(|state| std::mem::take(&mut state.acks_wait) && !state.acks.is_empty()) == Some(true) {
                    self.now();
                }
            });
        }
    }

    /// The server says who speaks from now on: whoever did is silent at once, and asks for the other's name; when nobody does, all ask.
    pub(super) fn hear_of_speaker(self, device: Option<DeviceId>) {
        let mine = self.device.get_value();
        let is_me = self.desk.speaker.try_get_untracked() == Some(Speaker::Me);
        if device != Some(mine) {
            if device.is_some() && is_me {
                self.desk.speaker.try_set(Speaker::Other(String::new()));
            }
            self.doubt();
        }
        // The answer that made this device speak may be under way still.
        if device != Some(mine) || !is_me {
            self.now();
        }
    }

    /// What the server said of who speaks may not hold any more: it was not heard for a while, or the word has gone to another.
    pub(super) fn doubt(self) {
        self.state.update_value(|state| state.doubts += 1);
    }

    /// Somebody turns the sound on: whatever comes from now on is to be told.
    pub(super) fn turned_on(self) {
        let newest = self.desk.counter.with_untracked(Counter::newest);
        self.state.update_value(|state| state.seen = Some(newest));
    }

    pub(super) fn take_over(self) {
        self.state.update_value(|state| state.wants_over = true);
        self.now();
    }

    /// Says it each twenty seconds, as long as the page is there.
    pub(super) fn go_on(self) {
        spawn_local(async move {
            loop {
                TimeoutFuture::new(u32::try_from(SAYS_EVERY.as_millis()).unwrap_or(20_000)).await;
                match self.desk.sound.try_get_untracked() {
                    None => return,
                    Some(Sound::On) => self.now(),
                    Some(_) => {}
                }
            }
        });
    }

    /// Says it now; what comes up while that is under way is said together, afterwards.
    pub(super) fn now(self) {
        let begins = self.state.try_update_value(|state| {
            let begins = !state.is_sending;
            (state.is_sending, state.again) = (true, !begins);
            begins
        });
        if begins == Some(true) {
            spawn_local(async move {
                let mut rest_ms = RETRY_MS;
                while let Some(got_through) = self.say_once().await {
                    if got_through {
                        rest_ms = RETRY_MS;
                    } else {
                        TimeoutFuture::new(rest_ms).await;
                        rest_ms = (rest_ms * 2).min(RETRY_MOST_MS);
                    }
                }
            });
        }
    }

    /// Whether the word got through, when there is more to say; else `None`.
    async fn say_once(self) -> Option<bool> {
        let sent = self.send().await;
        self.state.try_update_value(|state| {
            let again = !sent || state.again || state.acks.len() > ACKS_MOST;
            (state.is_sending, state.again) = (again, false);
            again.then_some(sent)
        })?
    }

    async fn send(self) -> bool {
        let Some(sound) = self.desk.sound.try_get_untracked() else { return false };
        let is_on = matches!(sound, Sound::On | Sound::Starting);
        let wants_over = self.state.try_update_value(|state| std::mem::take(&mut state.wants_over)) == Some(true);
        let wants = match (is_on, wants_over) {
            (false, _) => Wants::Show,
            (true, true) => Wants::TakeOver,
            (true, false) => Wants::Speak,
        };
        if wants == Wants::Show && self.has_nothing_to_say() {
            return true;
        }
        let now_ms = js_sys::Date::now();
        let Some((word, several, doubts)) = self.word(wants, now_ms) else { return false };
        let asked_up_to = word.heard;
        match word.run_on_client().await {
            Ok(answer) => {
                let is_current = self.state.try_update_value(|state| {
                    state.acks.drain(..several);
                    state.said_off = wants == Wants::Show;
                    state.heard = state.heard.map(|heard| heard.max(answer.claim.up_to));
                    state.doubts == doubts
                });
                // What was given stays so, whatever has come up since.
                self.desk.counter.try_update(|counter| counter.given(asked_up_to, answer.claim));
                if is_current == Some(true) {
                    self.heard(is_on, answer);
                }
                if let Some(answered) = self.state.try_with_value(|state| state.answered.clone()).flatten() {
                    answered();
                }
                true
            }
            Err(error) => {
                leave_if_shut(&error);
                self.state.try_update_value(|state| state.wants_over |= wants == Wants::TakeOver);
                false
            }
        }
    }

    /// The server knows that this device is silent, and all that it has told.
    fn has_nothing_to_say(self) -> bool {
        self.state.try_with_value(|state| state.said_off && state.acks.is_empty()) != Some(false)
    }

    /// What is to be said now, how many of the tellings are in it, and how many doubts there were. `None`: the page is gone.
    fn word(self, wants: Wants, now_ms: f64) -> Option<(ListenIn, usize, u32)> {
        #[allow(clippy::cast_possible_truncation)]
        let ack =
            |(number, told, came): &(i64, Told, f64)| Ack { number: *number, told: *told, waited_ms: (now_ms - came).max(0.0) as i64 };
        let name = self.desk.name.try_get_untracked()?;
        let (shop, device) = (self.shop.try_get_value()?, self.device.try_get_value()?);
        // Whoever falls silent asks for nothing: another one says it.
        let asked = self.desk.counter.try_with_untracked(Counter::asked_up_to)?.filter(|_| wants != Wants::Show);
        self.state.try_with_value(|state| {
            let acks: Vec<Ack> = state.acks.iter().take(ACKS_MOST).map(ack).collect();
            let word = ListenIn {
                number: shop,
                device: device.to_string(),
                name,
                wants: wants.as_str().to_owned(),
                heard: state.heard.map(|heard| asked.unwrap_or(heard).max(heard)),
                seen: state.seen,
                acks: Ack::list(&acks),
            };
            (word, acks.len(), state.doubts)
        })
    }

    /// The page goes, and may come back as it was ([`Telling::now`]). Its last word outlives it: what it told is not told again by
    /// another device, which may speak at once.
    pub(super) fn leaves(self) {
        self.doubt();
        if self.has_nothing_to_say() {
            return;
        }
        let Some((word, ..)) = self.word(Wants::Show, js_sys::Date::now()) else { return };
        let send = || -> Result<bool, JsValue> {
            let form = UrlSearchParams::new_with_str(&serde_qs::to_string(&word).map_err(|error| error.to_string())?)?;
            window().navigator().send_beacon_with_opt_url_search_params(ListenIn::PATH, Some(&form))
        };
        // A browser that does not take it: then it is as when the line is cut, and the server waits for a while.
        let _ = send();
    }

    fn heard(self, is_on: bool, answer: super::Hearing) {
        let Some(before) = self.desk.speaker.try_get_untracked() else { return };
        let now = match (answer.speaks, answer.speaker) {
            (true, _) => Speaker::Me,
            (false, Some(name)) => Speaker::Other(name),
            (false, None) => Speaker::Unknown,
        };
        if now != before {
            self.desk.speaker.try_set(now.clone());
        }
        if !is_on {
            return;
        }
        let was_new = self.state.try_update_value(|state| state.heard.replace(state.heard.unwrap_or(answer.heard)).is_none()) == Some(true);
        if now == Speaker::Me {
            // What another one left unsaid is said here, and what another one has said is not.
            let is_other = matches!(before, Speaker::Other(_));
            self.desk.counter.try_update(|counter| {
                if is_other || was_new || counter.has_lost() || answer.heard > counter.heard() {
                    counter.resume_after(answer.heard);
                }
            });
        }
    }
}

/// Which of several tabs came first, by the Web Locks of the browser.
mod tabs {
    use super::{TimeoutFuture, window};
    use js_sys::{Array, Function, Object, Promise, Reflect};
    use std::cell::Cell;
    use wasm_bindgen::closure::Closure;
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;

    const LOCK: &str = "payplus.device";
    /// A page that is loaded anew may ask before the one that it replaces is gone.
    const TRIES: u32 = 3;
    const BETWEEN_MS: u32 = 200;

    thread_local! {
        /// This tab has the lock, and keeps it over all its pages.
        static IS_OURS: Cell<bool> = const { Cell::new(false) };
    }

    /// `None`: this browser has no locks, or gives none.
    pub(super) async fn is_first() -> Option<bool> {
        for _ in 1..TRIES {
            if IS_OURS.get() || take().await? {
                return Some(true);
            }
            TimeoutFuture::new(BETWEEN_MS).await;
        }
        take().await
    }

    /// Takes the lock if it is free.
    async fn take() -> Option<bool> {
        let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
        let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
        let options = Object::new();
        Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE).ok()?;
        let mut asked = JsValue::UNDEFINED;
        let told = Promise::new(&mut |resolve, _| {
            let held = Closure::once_into_js(move |lock: JsValue| {
                let is_ours = !lock.is_null();
                IS_OURS.set(is_ours);
                // Nobody may be waiting for it any more.
                let _ = resolve.call1(&JsValue::NULL, &JsValue::from_bool(is_ours));
                // The lock is held as long as this promise is open.
                is_ours.then(|| Promise::new(&mut |_, _| {}))
            });
            asked = request.call3(&locks, &LOCK.into(), &options, &held).unwrap_or_default();
        });
        // Refused, what was asked says so before anything is told.
        JsFuture::from(Promise::race(&Array::of2(&told, &asked))).await.ok()?.as_bool()
    }
}
