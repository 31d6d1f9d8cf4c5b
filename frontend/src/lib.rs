//! Brings the page that the server sent to life, nothing else.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the script that Leptos writes into each page, once the wasm is there.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
}
