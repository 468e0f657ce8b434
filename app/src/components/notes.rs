//! A todo's notes: Markdown to read, plain text to write.

use domain::{
    id::{ListId, TodoId},
    limits::NOTES_CHARS,
};
use leptos::{html, prelude::*, task::spawn_local, wasm_bindgen::JsCast};

use super::draft::Draft;
use crate::{edits::use_edits, later, words};

#[component]
pub(crate) fn Notes(list: ListId, todo: TodoId, read_only: Signal<bool>) -> impl IntoView {
    let edits = use_edits();
    let whole = edits.store.todo(list, todo);
    let kept = Memo::new(move |last: Option<&String>| {
        whole.with(|todo| todo.as_ref().map(|todo| todo.notes.clone())).or(last.cloned()).unwrap_or_default()
    });
    let editing = RwSignal::new(false);
    let over = RwSignal::new(0_usize);
    let draft = Draft::new(kept.into(), move |text: String| {
        let over_by = text.chars().count().saturating_sub(NOTES_CHARS);
        over.set(over_by);
        over_by == 0 && edits.set_notes(list, todo, text)
    });
    let html = RwSignal::new(String::new());
    Effect::new(move || {
        let text = draft.text.get();
        // While it is being typed nobody sees it.
        if !editing.get() && !text.trim().is_empty() {
            spawn_local(async move {
                // As it was typed, where the code that reads Markdown can't be fetched.
                let page = later::render_markdown(text.clone()).await;
                let page = page.unwrap_or_else(|later::NotLoaded| plain(&text));
                // Another text may have come meanwhile, or the page may be gone.
                if draft.text.try_with_untracked(|now| *now == text).unwrap_or_default() {
                    html.try_set(page);
                }
            });
        }
    });
    let field = NodeRef::<html::Textarea>::new();
    Effect::new(move || {
        if let Some(field) = field.get() {
            drop(field.focus());
        }
    });
    let edit = move || {
        if !read_only.get_untracked() {
            editing.set(true)
        }
    };
    view! {
        <section class="notes">
            <Show
                when=move || editing.get()
                fallback=move || view! {
                    <Show
                        when=move || draft.text.with(|text| !text.trim().is_empty())
                        fallback=move || view! {
                            <button type="button" class="notes-add" disabled=read_only on:click=move |_| edit()>
                                {words::NOTES_HINT}
                            </button>
                        }
                    >
                        <div class="prose" dir="auto"
                            inner_html=html
                            on:click=move |event| {
                                let on_link = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok())
                                    .and_then(|target| target.closest("a").ok().flatten());
                                let selecting = window().get_selection().ok().flatten()
                                    .is_some_and(|selection| !selection.is_collapsed());
                                if on_link.is_none() && !selecting { edit() }
                            }
                        ></div>
                        <button type="button" class="notes-edit" disabled=read_only on:click=move |_| edit()>
                            {words::EDIT_NOTES}
                        </button>
                    </Show>
                }
            >
                <div class="grow" data-value=move || draft.text.get()>
                    <textarea
                        dir="auto"
                        rows="5"
                        aria-label=words::NOTES
                        placeholder=words::NOTES_HINT
                        node_ref=field
                        prop:value=draft.text
                        on:focus=move |_| draft.begin()
                        on:input=move |event| draft.write(event_target_value(&event))
                        on:blur=move |_| { draft.end(); if over.get_untracked() == 0 { editing.set(false) } }
                        on:keydown=move |event| if event.key() == "Escape" {
                            event.stop_propagation();
                            draft.end();
                            if over.get_untracked() == 0 { editing.set(false) }
                        }
                    ></textarea>
                </div>
            </Show>
            <p class="error" role="alert">{move || match over.get() { 0 => None, over => Some(words::too_long(over)) }}</p>
        </section>
    }
    .into_any()
}

/// A text as HTML that shows it as it is.
fn plain(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("<p class=\"plain\">{escaped}</p>")
}
