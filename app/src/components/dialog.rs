//! A dialog over the page. The browser keeps the focus inside and closes it on Escape.

use leptos::{html, prelude::*, wasm_bindgen::JsCast};
use web_sys::HtmlElement;

use super::icon::{Glyph, Icon};
use crate::{ui::use_ui, words};

/// A dialog that is open as long as it is there. `kind` is a class for its looks.
#[component]
pub(crate) fn Dialog(
    #[prop(into)] label: String,
    #[prop(optional)] kind: &'static str,
    #[prop(optional)] titled: bool,
    children: Children,
) -> impl IntoView {
    let ui = use_ui();
    let dialog = NodeRef::<html::Dialog>::new();
    let before = document().active_element().and_then(|element| element.dyn_into::<HtmlElement>().ok());
    let before = StoredValue::new_local(before);
    Effect::new(move || {
        if let Some(dialog) = dialog.get().filter(|dialog| !dialog.open()) {
            // It is in the page and not open, so it can be shown.
            drop(dialog.show_modal());
        }
    });
    on_cleanup(move || {
        let before = before.try_get_value().flatten();
        request_animation_frame(move || {
            let lost = document().active_element().is_none_or(|element| element.tag_name() == "BODY");
            if let Some(element) = before.filter(|element| lost && element.is_connected()) {
                drop(element.focus());
            }
        });
    });
    let heading = label.clone();
    view! {
        <dialog
            class=format!("dialog {kind}")
            aria-label=label
            node_ref=dialog
            on:cancel=move |event: web_sys::Event| { event.prevent_default(); ui.close(); }
            on:pointerdown=move |event| {
                // The dialog's own box has no padding, so only the backdrop is the dialog itself.
                let on_backdrop = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok())
                    .is_some_and(|target| target.tag_name() == "DIALOG");
                if on_backdrop { ui.close(); }
            }
        >
            <div class="dialog-body">
                {titled.then(|| view! { <h2 class="dialog-head">{heading}</h2> })}
                {children()}
                // Last, so that what the dialog is about gets the focus first.
                {titled.then(|| view! {
                    <button type="button" class="icon-button dialog-close" aria-label=words::CLOSE on:click=move |_| ui.close()>
                        <Icon glyph=Glyph::Close/>
                    </button>
                })}
            </div>
        </dialog>
    }
    .into_any()
}
