//! The wasm entry: takes the prerendered page over where it is this address's, and else draws a new one.

use app::App;
use leptos::mount::{hydrate_body, mount_to_body};
use wasm_bindgen::prelude::wasm_bindgen;

/// Starts the app; the module that loads the wasm calls it.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
    if is_rendered_for_here() {
        hydrate_body(App);
    } else {
        if let Some(body) = leptos::prelude::document().body() {
            body.set_inner_html("");
        }
        mount_to_body(App);
    }
}

/// Whether the file was rendered for the address it was opened at: one file stands in for many addresses.
fn is_rendered_for_here() -> bool {
    let root = leptos::prelude::document().document_element();
    let route = root.and_then(|root| root.get_attribute("data-route"));
    let here = leptos::prelude::window().location().pathname();
    route.is_some() && route == here.ok()
}
