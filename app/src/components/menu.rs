//! A button that shows a short list of things to do.

use leptos::{html, prelude::*, wasm_bindgen::JsCast};
use web_sys::{HtmlElement, KeyboardEvent};

use super::icon::{Glyph, Icon};

/// One thing to do.
#[derive(Clone)]
pub(crate) struct MenuItem {
    pub(crate) glyph: Glyph,
    pub(crate) label: &'static str,
    pub(crate) danger: bool,
    pub(crate) run: Callback<()>,
}

/// The button and its menu. `items` is asked each time the menu opens.
#[component]
pub(crate) fn Menu(
    label: &'static str,
    items: impl Fn() -> Vec<MenuItem> + Send + Sync + 'static,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    let button = NodeRef::<html::Button>::new();
    let list = NodeRef::<html::Div>::new();
    let items = StoredValue::new(items);
    let close = move || {
        shown.set(false);
        if let Some(button) = button.get_untracked() {
            drop(button.focus());
        }
    };
    Effect::new(move || {
        let first = list.get().and_then(|list| list.first_element_child());
        if let Some(first) = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()) {
            drop(first.focus());
        }
    });
    let on_key = move |event: KeyboardEvent| {
        let Some(at) = document().active_element() else { return };
        let next = match event.key().as_str() {
            "ArrowDown" => at.next_element_sibling(),
            "ArrowUp" => at.previous_element_sibling(),
            "Escape" | "Tab" => {
                close();
                None
            }
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        if let Some(next) = next.and_then(|next| next.dyn_into::<HtmlElement>().ok()) {
            drop(next.focus());
        }
    };
    view! {
        <div class="menu">
            <button
                type="button"
                class="icon-button"
                aria-label=label
                aria-haspopup="menu"
                aria-expanded=move || shown.get().to_string()
                node_ref=button
                on:click=move |_| shown.update(|shown| *shown = !*shown)
            >
                <Icon glyph=Glyph::More/>
            </button>
            <Show when=move || shown.get()>
                <div class="menu-veil" on:pointerdown=move |_| shown.set(false)></div>
                <div class="menu-list" role="menu" aria-label=label node_ref=list on:keydown=on_key>
                    {items.with_value(|items| items()).into_iter().map(|item| view! {
                        <button
                            type="button"
                            role="menuitem"
                            tabindex="-1"
                            class="menu-item"
                            class:danger=item.danger
                            on:click=move |_| { close(); item.run.run(()); }
                        >
                            <Icon glyph=item.glyph/>
                            {item.label}
                        </button>
                    }).collect_view()}
                </div>
            </Show>
        </div>
    }
    .into_any()
}
