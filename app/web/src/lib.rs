//! The wasm entry: puts the app in the place of the prerendered page.

use app::App;
use leptos::{mount::mount_to_body, prelude::document};
use wasm_bindgen::prelude::wasm_bindgen;

/// Starts the app; the module that loads the wasm calls it.
///
/// What was prerendered is a skeleton, since a page's contents are on the device. The app begins with the same
/// skeleton, so the page does not change to the eye when it is replaced within one frame.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
    if let Some(body) = document().body() {
        body.set_inner_html("");
    }
    mount_to_body(App);
}
