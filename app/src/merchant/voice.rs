//! The voice of the counter. A Korean voice of the device speaks where there is one; else recorded clips are played one after
//! the other from one sprite, so that it speaks on every device. Everything waits for what is being said: no two at once.
//!
//! Each announcement is also told to the document as a `payplus:spoken` event, with the numbers of its notices and its clips.

use crate::words::Lang;
use domain::listening::Sounding;
use domain::paying::Code;
use domain::spoken::{self, Announcement};
use gloo_net::http::Request;
use js_sys::{Array, ArrayBuffer, Object, Reflect, Uint8Array};
use leptos::prelude::*;
use leptos::web_sys::{
    AudioBuffer, AudioContext, AudioContextState, CustomEvent, CustomEventInit, SpeechSynthesis, SpeechSynthesisUtterance,
    SpeechSynthesisVoice,
};
use std::cell::Cell;
use std::collections::HashMap;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Silence before "결제되었습니다" and after the name: the comma of the sentence.
const PAUSE_S: f64 = 0.13;
/// Speech may begin this long after the chime has begun.
const CHIME_S: f64 = 0.6;

pub(super) struct Voice {
    context: AudioContext,
    sprite: AudioBuffer,
    /// Name of a clip: where it begins in the sprite and how long it is, in milliseconds.
    clips: HashMap<String, (f64, f64)>,
    /// When the last thing scheduled ends, on the context's clock.
    free_at: Cell<f64>,
}

impl Voice {
    /// To be called from a gesture. `None` when the device has no sound or the clips can't be had.
    pub(super) async fn open() -> Option<Voice> {
        let context = AudioContext::new().ok()?;
        let clips: HashMap<String, (f64, f64)> = Request::get("/voice/voice-ko.json").send().await.ok()?.json().await.ok()?;
        let bytes = Request::get("/voice/voice-ko.mp3").send().await.ok()?.binary().await.ok()?;
        let buffer: ArrayBuffer = Uint8Array::from(bytes.as_slice()).buffer();
        let sprite = JsFuture::from(context.decode_audio_data(&buffer).ok()?).await.ok()?.dyn_into().ok()?;
        Some(Voice { context, sprite, clips, free_at: Cell::new(0.0) })
    }

    /// Browsers put sound to sleep until a gesture. A context that can't be resumed stays silent; the list still shows everything.
    pub(super) async fn wake(&self) {
        if let Ok(resumed) = self.context.resume() {
            let _ = JsFuture::from(resumed).await;
        }
    }

    /// "소리가 켜졌습니다", as the self-test.
    pub(super) fn test(&self, sounding: Sounding) {
        self.play(&["chime", "sound_on"], sounding);
    }

    /// False when the system has put sound to sleep: whatever was played now would not be heard.
    pub(super) fn is_awake(&self) -> bool {
        self.context.state() == AudioContextState::Running
    }

    /// Says it after whatever is being said.
    pub(super) fn say(&self, announcement: Announcement, code: Option<Code>, numbers: &[i64], lang: Lang, sounding: Sounding) {
        // Beyond ten 억 there are no clips: the chime calls to the screen.
        let clips = announcement.clips().unwrap_or_else(|_| vec!["chime"]);
        let text = match lang {
            Lang::Ko => announcement.spoken_korean(),
            Lang::En => announcement.spoken_english(),
        };
        let mut text = text.unwrap_or_default();
        match voice_of(lang) {
            Some((synthesis, voice)) => {
                // The clips have no digits of their own.
                if let Some(code) = code.filter(|_| sounding.says_code) {
                    text = match lang {
                        Lang::Ko => format!("{text} 코드 {}.", spoken::digits_korean(code.get())),
                        Lang::En => format!("{text} Code {}.", spoken::digits(code.get())),
                    };
                }
                self.play(&["chime"], sounding);
                speak(&synthesis, &voice, &text, sounding);
            }
            None => self.play(&clips, sounding),
        }
        tell(numbers, &clips, &text);
    }

    /// Nothing more is said of what is scheduled.
    pub(super) fn quiet(&self) {
        if let Ok(suspended) = self.context.suspend() {
            leptos::task::spawn_local(async move {
                let _ = JsFuture::from(suspended).await;
            });
        }
        if let Ok(synthesis) = window().speech_synthesis() {
            synthesis.cancel();
        }
    }

    fn play(&self, names: &[&str], sounding: Sounding) {
        let pace = f64::from(sounding.speed) / 100.0;
        let loudness = f32::from(sounding.volume) / 100.0;
        let mut at = self.free_at.get().max(self.context.current_time() + 0.02);
        let mut end = at;
        for name in names {
            let Some((start_ms, length_ms)) = self.clips.get(*name).copied() else { continue };
            let (start, length) = (start_ms / 1_000.0, length_ms / 1_000.0);
            if matches!(*name, "paid" | "cancelled") {
                at += PAUSE_S / pace;
            }
            let scheduled = || -> Result<(), JsValue> {
                let source = self.context.create_buffer_source()?;
                source.set_buffer(Some(&self.sprite));
                let gain = self.context.create_gain()?;
                gain.gain().set_value(loudness);
                source.playback_rate().set_value(f32::from(sounding.speed) / 100.0);
                source.connect_with_audio_node(&gain)?;
                gain.connect_with_audio_node(&self.context.destination())?;
                source.start_with_when_and_grain_offset_and_grain_duration(at, start, length)
            };
            if let Err(error) = scheduled() {
                leptos::logging::warn!("a clip could not be played: {error:?}");
            }
            end = end.max(at + length / pace);
            at += match *name {
                "chime" => CHIME_S,
                "payplus" | "missed" => length + PAUSE_S,
                name if name.ends_with('g') => length + PAUSE_S,
                _ => length,
            } / pace;
        }
        self.free_at.set(end.max(at));
    }
}

/// A voice of the device itself in this language: one that needs the network may be late or silent.
fn voice_of(lang: Lang) -> Option<(SpeechSynthesis, SpeechSynthesisVoice)> {
    let synthesis = window().speech_synthesis().ok()?;
    let voices = synthesis.get_voices();
    let ours = |voice: &SpeechSynthesisVoice| voice.local_service() && voice.lang().to_lowercase().starts_with(lang.code());
    let voice = voices.iter().filter_map(|voice| voice.dyn_into::<SpeechSynthesisVoice>().ok()).find(ours)?;
    Some((synthesis, voice))
}

/// The browser queues utterances by itself.
fn speak(synthesis: &SpeechSynthesis, voice: &SpeechSynthesisVoice, text: &str, sounding: Sounding) {
    if let Ok(utterance) = SpeechSynthesisUtterance::new_with_text(text) {
        utterance.set_voice(Some(voice));
        utterance.set_lang(&voice.lang());
        utterance.set_volume(f32::from(sounding.volume) / 100.0);
        utterance.set_rate(f32::from(sounding.speed) / 100.0);
        synthesis.speak(&utterance);
    }
}

fn tell(numbers: &[i64], clips: &[&str], text: &str) {
    let detail = Object::new();
    #[allow(clippy::cast_precision_loss)]
    let numbers: Array = numbers.iter().map(|number| JsValue::from_f64(*number as f64)).collect();
    let names: Array = clips.iter().map(|name| JsValue::from_str(name)).collect();
    let fields = [("numbers", numbers.into()), ("clips", names.into()), ("text", JsValue::from_str(text))];
    for (name, value) in fields {
        // Setting a field of a fresh plain object can't fail.
        let _ = Reflect::set(&detail, &name.into(), &value);
    }
    let init = CustomEventInit::new();
    init.set_detail(&detail);
    if let Ok(event) = CustomEvent::new_with_event_init_dict("payplus:spoken", &init) {
        // Nobody may be listening.
        let _ = document().dispatch_event(&event);
    }
}
