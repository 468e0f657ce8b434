//! Offers a new version of the app once the service worker has it.

use leptos::{ev, prelude::*};

use crate::{ui::use_ui, words};

/// Listens for a new version as long as it is there; one that came earlier left a mark on the document.
#[component]
pub(crate) fn Updates() -> impl IntoView {
    let ui = use_ui();
    let offer = move || {
        ui.offer(words::UPDATE_READY.into(), words::UPDATE, || {
            if let Ok(apply) = web_sys::Event::new("stack:apply-update") {
                // Events that nothing cancels.
                let _not_cancelled = window().dispatch_event(&apply);
            }
        });
    };
    Effect::new(move || {
        if document().document_element().is_some_and(|root| root.has_attribute("data-update")) {
            offer();
        }
        let listening =
            window_event_listener(ev::Custom::<web_sys::Event>::new("stack:update"), move |_| offer());
        on_cleanup(move || listening.remove());
    });
}
