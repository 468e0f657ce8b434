//! The steps of a todo, one level deep.

use std::sync::Arc;

use domain::id::{ListId, TodoId};
use leptos::prelude::*;
use web_sys::SubmitEvent;

use super::{
    check::Check,
    draft::Draft,
    icon::{Glyph, Icon},
    sortable::{Item, Sortable},
};
use crate::{
    edits::{Edits, use_edits},
    words,
};

#[component]
pub(crate) fn Subtasks(list: ListId, parent: TodoId, read_only: Signal<bool>) -> impl IntoView {
    let edits = use_edits();
    let ids = edits.store.subtasks(list, parent);
    let steps = Signal::derive(move || {
        ids.with(|ids| Arc::new(ids.iter().map(|id| Step { list, id: *id }).collect::<Vec<_>>()))
    });
    let progress = edits.store.progress(list, parent);
    let text = RwSignal::new(String::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if edits.add_subtask(list, parent, &text.get_untracked()) {
            text.set(String::new());
        }
    };
    view! {
        <section class="subtasks" aria-label=words::SUBTASKS>
            <header class="subtasks-head">
                <h2>{words::SUBTASKS}</h2>
                {move || match progress.get() {
                    (_, 0) => None,
                    (done, all) => Some(view! {
                        <span class="count"><span class="sr">{words::progress(done, all)}</span><span aria-hidden="true">{format!("{done}/{all}")}</span></span>
                        <progress class="bar" max=all value=done aria-hidden="true"></progress>
                    }),
                }}
            </header>
            <Sortable items=steps fixed=read_only class="" row="subtask" label=words::SUBTASKS/>
            <Show when=move || !read_only.get()>
                <form class="subtask-add" on:submit=submit>
                    <Icon glyph=Glyph::Add/>
                    <input
                        type="text"
                        dir="auto"
                        autocomplete="off"
                        enterkeyhint="done"
                        placeholder=words::ADD_SUBTASK
                        aria-label=words::ADD_SUBTASK
                        prop:value=text
                        on:input=move |event| text.set(event_target_value(&event))
                    />
                </form>
            </Show>
        </section>
    }
    .into_any()
}

/// One of them, as the list holds it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Step {
    list: ListId,
    id: TodoId,
}

impl Item for Step {
    fn element(self) -> String {
        format!("subtask-{}", self.id)
    }

    fn put(self, edits: Edits, before: Option<Self>) -> bool {
        edits.move_todo(self.list, self.id, before.map(|before| before.id))
    }

    fn view(self, fixed: Signal<bool>) -> AnyView {
        view! { <Subtask step=self read_only=fixed/> }.into_any()
    }
}

#[component]
fn Subtask(step: Step, read_only: Signal<bool>) -> impl IntoView {
    let edits = use_edits();
    let Step { list, id } = step;
    let whole = edits.store.todo(list, id);
    let title = Memo::new(move |last: Option<&String>| {
        whole.with(|todo| todo.as_ref().map(|todo| todo.title.clone())).or(last.cloned()).unwrap_or_default()
    });
    let done =
        Memo::new(move |_| whole.with(|todo| todo.as_ref().is_some_and(|todo| todo.done_at.is_some())));
    let draft = Draft::new(title.into(), move |text: String| edits.rename(list, id, &text));
    view! {
        <span class="grip" aria-hidden="true"></span>
        <Check done=done.into() title=title.into() disabled=read_only on_toggle=move || edits.toggle(list, id)/>
        <input
            type="text"
            dir="auto"
            class="subtask-title"
            class:done=done
            id=step.element()
            aria-label=words::TITLE
            readonly=read_only
            prop:value=draft.text
            on:focus=move |_| draft.begin()
            on:input=move |event| draft.write(event_target_value(&event))
            on:blur=move |_| {
                draft.end();
                draft.revert();
            }
            on:keydown=move |event| match event.key().as_str() {
                "Enter" if !event.is_composing() => {
                    if let Ok(Some(field)) = document().query_selector(".subtask-add input") {
                        use leptos::wasm_bindgen::JsCast;
                        if let Ok(field) = field.dyn_into::<web_sys::HtmlElement>() {
                            drop(field.focus());
                        }
                    }
                }
                "Escape" => { event.stop_propagation(); draft.revert(); }
                _ => {}
            }
        />
        <button
            type="button"
            class="icon-button subtask-delete"
            aria-label=words::DELETE
            disabled=read_only
            on:click=move |_| edits.delete(list, id)
        >
            <Icon glyph=Glyph::Close/>
        </button>
    }
    .into_any()
}
