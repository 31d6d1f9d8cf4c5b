//! The camera: looks for a code with the browser's own BarcodeDetector, else with rqrr. Stops
//! when the page is left. No picture leaves the phone.

use super::scan::Camera;
use crate::Error;
use crate::pieces::device_now;
use crate::words::lang;
use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::{
    CanvasRenderingContext2d, HtmlCanvasElement, HtmlVideoElement, MediaStream, MediaStreamConstraints, MediaStreamTrack,
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Between two looks: quick enough to feel at once, slow enough for an old phone.
const LOOK_EVERY_MS: u32 = 150;
/// Wider pictures are looked at in this width: a code that fills a third of the frame still has four pixels a module.
const LOOK_WIDTH: u32 = 640;

/// Prepares the scanner; the returned function starts it. Where the camera was allowed before, it starts by itself. `seen` is given each
/// text that is found, and ends the search when it takes it.
pub(super) fn scanner(
    video: NodeRef<html::Video>,
    camera: RwSignal<Camera>,
    seen: Callback<String, Result<(), Error>>,
) -> impl Fn() + Copy + 'static {
    let is_over = StoredValue::new(false);
    let stream = StoredValue::new_local(None::<MediaStream>);
    let lang = lang();
    on_cleanup(move || {
        is_over.set_value(true);
        if let Some(stream) = stream.try_update_value(Option::take).flatten() {
            stop(&stream);
        }
    });
    let start = move || {
        if matches!(camera.get_untracked(), Camera::Starting | Camera::Looking) {
            return;
        }
        camera.set(Camera::Starting);
        spawn_local(async move {
            let opened = match open().await {
                Ok(opened) => opened,
                Err(why) => {
                    camera.try_set(why);
                    return;
                }
            };
            let Some(video) = video.try_get_untracked().flatten() else { return stop(&opened) };
            if is_over.try_get_value() != Some(false) {
                return stop(&opened);
            }
            video.set_src_object(Some(&opened));
            // Autoplay of a muted video needs no gesture; one that refuses shows its first frame.
            if let Ok(playing) = video.play() {
                let _ = JsFuture::from(playing).await;
            }
            stream.try_update_value(|kept| *kept = Some(opened));
            camera.try_set(Camera::Looking);
            let reader = Reader::new();
            while is_over.try_get_value() == Some(false) {
                TimeoutFuture::new(LOOK_EVERY_MS).await;
                let Some(text) = reader.read(&video).await else { continue };
                match seen.try_run(text) {
                    // The page is gone.
                    None => return,
                    Some(Ok(())) => {
                        camera.try_set(Camera::Off);
                        if let Some(stream) = stream.try_update_value(Option::take).flatten() {
                            stop(&stream);
                        }
                        return;
                    }
                    Some(Err(error)) => {
                        camera.try_set(Camera::Foreign(error.say(lang, device_now())));
                    }
                }
            }
        });
    };
    Effect::new(move |_| {
        spawn_local(async move {
            if is_allowed().await {
                start();
            }
        });
    });
    start
}

fn stop(stream: &MediaStream) {
    for track in stream.get_tracks() {
        if let Ok(track) = track.dyn_into::<MediaStreamTrack>() {
            track.stop();
        }
    }
}

/// The camera at the back.
async fn open() -> Result<MediaStream, Camera> {
    let devices = window().navigator().media_devices().map_err(|_| Camera::Missing)?;
    let constraints = MediaStreamConstraints::new();
    let back = object(&[("facingMode", JsValue::from_str("environment"))]);
    constraints.set_video(&back);
    constraints.set_audio(&JsValue::FALSE);
    let asked = devices.get_user_media_with_constraints(&constraints).map_err(|_| Camera::Missing)?;
    match JsFuture::from(asked).await {
        Ok(stream) => stream.dyn_into().map_err(|_| Camera::Missing),
        Err(error) => {
            let name = Reflect::get(&error, &"name".into()).ok().and_then(|name| name.as_string()).unwrap_or_default();
            Err(if name == "NotAllowedError" { Camera::Denied } else { Camera::Missing })
        }
    }
}

/// Was the camera allowed before? Browsers that don't tell are asked by the button.
async fn is_allowed() -> bool {
    let state = async {
        let permissions = Reflect::get(&window().navigator(), &"permissions".into()).ok()?;
        let query: Function = Reflect::get(&permissions, &"query".into()).ok()?.dyn_into().ok()?;
        let asked: Promise = query.call1(&permissions, &object(&[("name", "camera".into())])).ok()?.dyn_into().ok()?;
        let status = JsFuture::from(asked).await.ok()?;
        Reflect::get(&status, &"state".into()).ok()?.as_string()
    };
    state.await.as_deref() == Some("granted")
}

fn object(fields: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        // Setting a field of a fresh plain object can't fail.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object
}

/// Finds a code in what the camera shows.
struct Reader {
    /// The browser's BarcodeDetector (web-sys has none), where it knows QR codes.
    detector: Option<(JsValue, Function)>,
    canvas: Option<(HtmlCanvasElement, CanvasRenderingContext2d)>,
}

impl Reader {
    fn new() -> Reader {
        let detector = || -> Option<(JsValue, Function)> {
            let class: Function = Reflect::get(&window(), &"BarcodeDetector".into()).ok()?.dyn_into().ok()?;
            let formats = object(&[("formats", Array::of2(&"qr_code".into(), &"code_128".into()).into())]);
            let detector = Reflect::construct(&class, &Array::of1(&formats)).ok()?;
            let detect = Reflect::get(&detector, &"detect".into()).ok()?.dyn_into().ok()?;
            Some((detector, detect))
        };
        let canvas = || -> Option<(HtmlCanvasElement, CanvasRenderingContext2d)> {
            let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
            let context = canvas.get_context_with_context_options("2d", &object(&[("willReadFrequently", JsValue::TRUE)])).ok()??;
            Some((canvas, context.dyn_into().ok()?))
        };
        Reader { detector: detector(), canvas: canvas() }
    }

    async fn read(&self, video: &HtmlVideoElement) -> Option<String> {
        if video.video_width() == 0 {
            return None;
        }
        match self.detect(video).await {
            Ok(found) => found,
            // It exists but does not work on this system.
            Err(()) => self.decode(video),
        }
    }

    async fn detect(&self, video: &HtmlVideoElement) -> Result<Option<String>, ()> {
        let (detector, detect) = self.detector.as_ref().ok_or(())?;
        let detecting: Promise = detect.call1(detector, video).map_err(drop)?.dyn_into().map_err(drop)?;
        let found: Array = JsFuture::from(detecting).await.map_err(drop)?.dyn_into().map_err(drop)?;
        let text = |code: JsValue| Reflect::get(&code, &"rawValue".into()).ok()?.as_string();
        Ok(found.iter().find_map(text))
    }

    fn decode(&self, video: &HtmlVideoElement) -> Option<String> {
        let (canvas, context) = self.canvas.as_ref()?;
        let (wide, high) = (video.video_width(), video.video_height());
        let width = wide.min(LOOK_WIDTH);
        let height = high * width / wide;
        canvas.set_width(width);
        canvas.set_height(height);
        context.draw_image_with_html_video_element_and_dw_and_dh(video, 0.0, 0.0, f64::from(width), f64::from(height)).ok()?;
        let pixels = context.get_image_data(0.0, 0.0, f64::from(width), f64::from(height)).ok()?.data();
        let grey = |x: usize, y: usize| {
            let at = (y * width as usize + x) * 4;
            let sum: u16 = pixels.0.get(at..at + 3).unwrap_or_default().iter().map(|part| u16::from(*part)).sum();
            u8::try_from(sum / 3).unwrap_or(u8::MAX)
        };
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(width as usize, height as usize, grey);
        image.detect_grids().iter().find_map(|grid| grid.decode().ok()).map(|(_, text)| text)
    }
}
