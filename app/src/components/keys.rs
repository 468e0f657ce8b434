//! Keys that work anywhere, and the dialog that lists them all.

use leptos::{ev, prelude::*, wasm_bindgen::JsCast};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use web_sys::{HtmlElement, KeyboardEvent};

use super::{
    dialog::Dialog,
    rows::{RowKey, focus_element},
};
use crate::{
    place::{Place, use_place},
    theme,
    ui::{Overlay, Ui, use_ui},
    words,
};

/// The element id of the field that adds to the list on the screen.
pub(crate) const ADD_FIELD: &str = "add-todo";

/// Listens for keys as long as it is there.
#[component]
pub(crate) fn Keys() -> impl IntoView {
    let ui = use_ui();
    let place = use_place();
    let navigate = use_navigate();
    // `g` waits for the letter of a place.
    let going = StoredValue::new(false);
    let go = move |place: Place| navigate(&place.path(), NavigateOptions::default());
    let on_key = move |event: KeyboardEvent| {
        if event.default_prevented() {
            return;
        }
        let key = event.key();
        if (event.ctrl_key() || event.meta_key()) && key.eq_ignore_ascii_case("k") {
            event.prevent_default();
            return ui.open(Overlay::Palette);
        }
        if ui.overlay.with_untracked(Option::is_some)
            || event.ctrl_key()
            || event.meta_key()
            || event.alt_key()
        {
            return;
        }
        let field = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok()).filter(is_field);
        if let Some(field) = field {
            if key == "Escape" {
                drop(field.blur());
            }
            return;
        }
        if key == "Escape" {
            if ui.drawer.get_untracked() {
                return ui.drawer.set(false);
            }
            let here = place.get_untracked();
            if let Some((list, todo)) = here.open() {
                go(here.closed());
                request_animation_frame(move || focus_element(&RowKey::Todo(list, todo).element()));
            }
            return;
        }
        if !theme::single_keys() {
            return;
        }
        let was_going = going.get_value();
        going.set_value(false);
        match key.as_str() {
            "t" if was_going => go(Place::Today(None)),
            "s" if was_going => go(Place::Settings),
            "l" if was_going => go(Place::Lists),
            "p" if was_going => go(Place::Gallery),
            "g" => going.set_value(true),
            "q" | "n" => quick_add(ui),
            "?" => ui.open(Overlay::Help),
            "j" | "k" | "ArrowDown" | "ArrowUp" => {
                if let Ok(Some(stop)) = document().query_selector(".rows [tabindex='0'][id]") {
                    focus_element(&stop.id());
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    Effect::new(move || {
        let listening = window_event_listener(ev::keydown, on_key.clone());
        on_cleanup(move || listening.remove());
    });
}

fn is_field(element: &HtmlElement) -> bool {
    element.is_content_editable()
        || element
            .matches("input:not([type=checkbox]):not([type=radio]), textarea, select")
            .unwrap_or_default()
}

/// Goes to the field on the screen that adds, or opens one.
fn quick_add(ui: Ui) {
    let field =
        document().get_element_by_id(ADD_FIELD).and_then(|field| field.dyn_into::<HtmlElement>().ok());
    // On a phone the field is not shown.
    match field.filter(|field| field.offset_parent().is_some()) {
        Some(field) => drop(field.focus()),
        None => ui.open(Overlay::QuickAdd),
    }
}

/// Every key there is.
#[component]
pub(crate) fn HelpDialog() -> impl IntoView {
    view! {
        <Dialog label=words::SHORTCUTS kind="wide" titled=true>
            <div class="keys">
                {words::KEYS.iter().map(|(section, keys)| view! {
                    <section>
                        <h3>{*section}</h3>
                        <dl>
                            {keys.iter().map(|(key, what)| view! {
                                <div><dt>{keycaps(key)}</dt><dd>{*what}</dd></div>
                            }).collect_view()}
                        </dl>
                    </section>
                }).collect_view()}
            </div>
        </Dialog>
    }
    .into_any()
}

fn keycaps(keys: &'static str) -> impl IntoView {
    keys.split(' ')
        .map(|word| match word {
            "or" | "then" => view! { <span class="key-word">{word}</span> }.into_any(),
            key => view! { <kbd>{key}</kbd> }.into_any(),
        })
        .collect_view()
}
