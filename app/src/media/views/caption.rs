//! What the user says about a picture, under it.

use domain::{
    id::{ListId, MediaId},
    limits::CAPTION_CHARS,
};
use leptos::prelude::*;

use crate::{components::draft::Draft, edits::use_edits, media::edits, words};

#[component]
pub(crate) fn Caption(
    list: ListId,
    id: MediaId,
    #[prop(into)] caption: Signal<String>,
    read_only: Signal<bool>,
) -> impl IntoView {
    let edits = use_edits();
    let over = RwSignal::new(0_usize);
    let draft = Draft::new(caption, move |text: String| {
        over.set(text.chars().count().saturating_sub(CAPTION_CHARS));
        edits::set_caption(edits, list, id, &text)
    });
    view! {
        <Show when=move || !read_only.get() fallback=move || view! { <p class="caption" dir="auto">{caption}</p> }>
            <div class="caption grow" data-value=move || draft.text.get()>
                <textarea
                    rows="1"
                    dir="auto"
                    placeholder=words::CAPTION_HINT
                    aria-label=words::CAPTION
                    aria-invalid=move || (over.get() > 0).to_string()
                    prop:value=draft.text
                    on:focus=move |_| draft.begin()
                    on:input=move |event| draft.write(event_target_value(&event).replace('\n', " "))
                    on:blur=move |_| {
                        draft.end();
                        if over.get_untracked() == 0 { draft.revert(); }
                    }
                    on:keydown=move |event| match event.key().as_str() {
                        "Enter" if !event.is_composing() => { event.prevent_default(); draft.end(); draft.begin(); }
                        // The lightbox stays: only what was typed is dropped.
                        "Escape" => { event.prevent_default(); event.stop_propagation(); over.set(0); draft.revert(); }
                        // Arrows move the caret here, not the pictures.
                        _ => event.stop_propagation(),
                    }
                ></textarea>
            </div>
            <p class="error" role="alert">{move || match over.get() { 0 => None, over => Some(words::too_long(over)) }}</p>
        </Show>
    }
    .into_any()
}
