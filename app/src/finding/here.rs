//! Where somebody is, asked of the browser when the person presses the button for it.

use super::asked::Here;
use leptos::prelude::*;

/// What is known of it.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only a browser is anywhere"))]
pub(super) enum Nearby {
    #[default]
    Off,
    Asking,
    At(Here),
    /// Not allowed, or not known.
    Nowhere,
}

impl Nearby {
    pub(super) fn here(self) -> Option<Here> {
        match self {
            Nearby::At(here) => Some(here),
            Nearby::Off | Nearby::Asking | Nearby::Nowhere => None,
        }
    }
}

/// How exactly it has to be known.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Grain {
    /// To about a hundred metres: the server need not know more of somebody who looks.
    Person,
    /// To about a metre.
    Shop,
}

#[cfg(feature = "hydrate")]
impl Grain {
    fn round(self, degrees: f64) -> f64 {
        let parts = match self {
            Grain::Person => 1e3,
            Grain::Shop => 1e5,
        };
        (degrees * parts).round() / parts
    }
}

#[cfg(feature = "hydrate")]
pub(super) fn ask(nearby: RwSignal<Nearby>, grain: Grain) {
    use js_sys::Reflect;
    use wasm_bindgen::closure::Closure;
    use wasm_bindgen::{JsCast, JsValue};
    nearby.set(Nearby::Asking);
    let degrees = |position: &JsValue, name: &str| -> Option<f64> {
        let coords = Reflect::get(position, &JsValue::from_str("coords")).ok()?;
        Reflect::get(&coords, &JsValue::from_str(name)).ok()?.as_f64()
    };
    let found = Closure::once_into_js(move |position: JsValue| {
        let rounded = |name| degrees(&position, name).map(|degrees| grain.round(degrees));
        let at = rounded("latitude").zip(rounded("longitude")).map_or(Nearby::Nowhere, |(lat, lon)| Nearby::At(Here { lat, lon }));
        nearby.try_set(at);
    });
    let failed = Closure::once_into_js(move |_: JsValue| {
        nearby.try_set(Nearby::Nowhere);
    });
    let asked = window()
        .navigator()
        .geolocation()
        .and_then(|geolocation| geolocation.get_current_position_with_error_callback(found.unchecked_ref(), Some(failed.unchecked_ref())));
    if asked.is_err() {
        nearby.set(Nearby::Nowhere);
    }
}

#[cfg(not(feature = "hydrate"))]
pub(super) fn ask(nearby: RwSignal<Nearby>, _: Grain) {
    // Servers are nowhere.
    nearby.set(Nearby::Nowhere);
}
