//! Brings the page that the server sent to life, nothing else.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the script that Leptos writes into each page, once the wasm is there. Marks the document as alive, for whoever
/// watches from outside: an assistive tool, a story in end2end/.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
    if let Some(root) = leptos::prelude::document().document_element() {
        // A document that refuses an attribute lives all the same.
        let _ = root.set_attribute("data-live", "");
    }
}
