//! The steps of a todo, one level deep.

use domain::id::{ListId, TodoId};
use leptos::{html, prelude::*};
use web_sys::{KeyboardEvent, SubmitEvent};

use super::{
    check::Check,
    draft::Draft,
    icon::{Glyph, Icon},
    rows::focus_element,
    sorter::Sorter,
};
use crate::{edits::use_edits, words};

#[component]
pub(crate) fn Subtasks(list: ListId, parent: TodoId, read_only: Signal<bool>) -> impl IntoView {
    let edits = use_edits();
    let ids = edits.store.subtasks(list, parent);
    let progress = edits.store.progress(list, parent);
    let track = NodeRef::<html::Div>::new();
    let count = Signal::derive(move || if read_only.get() { 0 } else { ids.with(|ids| ids.len()) });
    let dropped = Callback::new(move |(from, to): (usize, usize)| {
        let ids = ids.get_untracked();
        let before = ids.get(if from < to { to + 1 } else { to }).copied();
        if let Some(id) = ids.get(from).copied()
            && edits.move_todo(list, id, before)
        {
            edits.ui.say(words::moved_to(to + 1, ids.len()));
        }
    });
    let sorter = Sorter::new(track, count, dropped);
    let text = RwSignal::new(String::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if edits.add_subtask(list, parent, &text.get_untracked()) {
            text.set(String::new());
        }
    };
    let on_key = move |event: KeyboardEvent| {
        if !event.alt_key() || read_only.get_untracked() {
            return;
        }
        let ids = ids.get_untracked();
        let focused = document().active_element().map(|element| element.id()).unwrap_or_default();
        let Some(index) = ids.iter().position(|id| element_id(*id) == focused) else { return };
        let to = match event.key().as_str() {
            "ArrowUp" => index.checked_sub(1),
            "ArrowDown" => Some(index + 1),
            _ => return,
        };
        event.prevent_default();
        if let Some(to) = to.filter(|to| *to < ids.len()) {
            dropped.run((index, to));
            request_animation_frame(move || focus_element(&focused));
        }
    };
    view! {
        <section class="subtasks" aria-label=words::SUBTASKS>
            <header class="subtasks-head">
                <h3>{words::SUBTASKS}</h3>
                {move || match progress.get() {
                    (_, 0) => None,
                    (done, all) => Some(view! {
                        <span class="count"><span class="sr">{words::progress(done, all)}</span><span aria-hidden="true">{format!("{done}/{all}")}</span></span>
                        <progress class="bar" max=all value=done aria-hidden="true"></progress>
                    }),
                }}
            </header>
            <div
                class="sortable"
                class:sorting=move || sorter.lift().is_some()
                role="list"
                aria-label=words::SUBTASKS
                node_ref=track
                on:keydown=on_key
                on:pointerdown=move |event| sorter.down(&event)
                on:pointermove=move |event| sorter.moved(&event)
                on:pointerup=move |_| sorter.up()
                on:pointercancel=move |_| sorter.forget()
                on:touchmove=move |event| if sorter.is_lifted() { event.prevent_default() }
            >
                <For each=move || ids.get().to_vec() key=|id| *id let:id>
                    {
                        let index = Memo::new(move |last: Option<&usize>| {
                            ids.with(|ids| ids.iter().position(|other| *other == id)).or(last.copied()).unwrap_or_default()
                        });
                        let lifted = Memo::new(move |_| {
                            sorter.lift().filter(|lift| lift.from == index.get()).map(|lift| lift.top)
                        });
                        #[expect(clippy::cast_possible_wrap, reason = "a list holds at most 10,000 todos")]
                        let shift = move || sorter.place(index.get()) as i64 - index.get() as i64;
                        view! {
                            <div
                                role="listitem"
                                class="subtask"
                                class:lifted=move || lifted.get().is_some()
                                style=("--shift", move || shift().to_string())
                                style=("--i", move || index.get().to_string())
                                style=("--top", move || lifted.get().map(|top| format!("{top}px")))
                            >
                                <Subtask list id read_only/>
                            </div>
                        }
                    }
                </For>
            </div>
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

fn element_id(id: TodoId) -> String {
    format!("subtask-{id}")
}

#[component]
fn Subtask(list: ListId, id: TodoId, read_only: Signal<bool>) -> impl IntoView {
    let edits = use_edits();
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
            id=element_id(id)
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
