//! Keeps what is being typed when the page goes out of sight, and asks before a change is lost with it.

use leptos::{ev, prelude::*};
use web_sys::{BeforeUnloadEvent, Event};

use crate::store::use_store;

/// Sent on the window when the page may end: whoever holds back something unfinished keeps it now.
const LEAVING: &str = "stack:leaving";

/// Calls back when the page may end, as long as the current owner is there.
pub(crate) fn on_leaving(keep: impl Fn() + 'static) {
    let listening = window_event_listener(ev::Custom::<Event>::new(LEAVING), move |_| keep());
    on_cleanup(move || listening.remove());
}

/// Heeds the page's end as long as it is there.
#[component]
pub(crate) fn Leaving() -> impl IntoView {
    let store = use_store();
    let leave = || {
        if let Ok(leaving) = Event::new(LEAVING) {
            // Events that nothing cancels.
            let _not_cancelled = window().dispatch_event(&leaving);
        }
    };
    Effect::new(move || {
        let closing = window_event_listener(ev::beforeunload, move |event: BeforeUnloadEvent| {
            leave();
            // The browser asks whether to leave. By the time that it is answered, all is stored.
            if store.would_lose() {
                event.prevent_default();
            }
        });
        // A phone ends a page that is out of sight without a word.
        let hiding = window_event_listener_untyped("visibilitychange", move |_| {
            if document().hidden() {
                leave();
            }
        });
        on_cleanup(move || {
            closing.remove();
            hiding.remove();
        });
    });
}
