//! One todo in a list. Each part reads just what it shows, so that a changed title renders a title.

use domain::{
    id::{ListId, TodoId},
    model::Todo,
};
use leptos::{html, prelude::*, wasm_bindgen::JsCast};
use leptos_router::components::A;
use web_sys::{Element, MouseEvent};

use super::{
    check::Check,
    chosen::Chosen,
    icon::{Glyph, Icon},
    rows::{RowKey, RowsState, focus_element},
    swipe::{COMPLETE_AT, Swipe},
};
use crate::{
    edits::use_edits,
    media::Strip,
    place::use_place,
    ui::{self, Overlay},
    words,
};

/// How new a todo is, in milliseconds, that it fades in rather than stands there.
const FRESH: i64 = 700;

#[component]
pub(crate) fn TodoRow(
    list: ListId,
    todo: TodoId,
    open: Signal<bool>,
    tab_stop: Signal<bool>,
) -> impl IntoView {
    let edits = use_edits();
    let store = edits.store;
    let state = expect_context::<RowsState>();
    let place = use_place();
    let key = RowKey::Todo(list, todo);
    let whole = store.todo(list, todo);
    // A row on its way out keeps its last look.
    let part = move |read: fn(&Todo) -> bool| {
        Memo::new(move |last: Option<&bool>| {
            whole.with(|todo| todo.as_ref().map(read)).or(last.copied()).unwrap_or_default()
        })
    };
    let title = Memo::new(move |last: Option<&String>| {
        whole.with(|todo| todo.as_ref().map(|todo| todo.title.clone())).or(last.cloned()).unwrap_or_default()
    });
    let done = part(|todo| todo.done_at.is_some());
    let noted = part(|todo| !todo.notes.is_empty());
    let due = Memo::new(move |_| whole.with(|todo| todo.as_ref().and_then(|todo| todo.due)));
    let progress = store.progress(list, todo);
    let unsaved = store.unsaved_todo(list, todo);
    let today = ui::today_signal(store);
    let overdue = move || !done.get() && due.get().is_some_and(|day| day < today.get());
    // Among what is due today only what is late says so.
    let due_shown = move || !state.names_list || overdue();
    let due_label = move || due.get().filter(|_| due_shown()).map(|day| words::day(day, today.get()));
    let is_today = move || due.get().is_some_and(|day| day == today.get());
    // Open rows don't ask: they would all ask again whenever one of them is ticked off.
    let all_chosen = expect_context::<Chosen>();
    let chosen = Memo::new(move |_| all_chosen.has(list, todo));
    // What the press before a click was made with.
    let touched = StoredValue::new(false);
    let on_click = move |event: MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if state.read_only.get_untracked()
            || target.is_some_and(|target| target.closest("button, input").is_ok_and(|found| found.is_some()))
        {
            return;
        }
        if all_chosen.was_held() {
            return event.prevent_default();
        }
        if event.shift_key() {
            all_chosen.extend(state.active.get_untracked(), key);
        } else if event.ctrl_key() || event.meta_key() || touched.get_value() && !all_chosen.is_empty() {
            all_chosen.toggle(key);
        } else {
            return all_chosen.clear();
        }
        event.prevent_default();
    };
    let settling = move || done.get() && edits.ui.settling.with(|ids| ids.contains(&todo));
    let fresh = store.todo_now(list, todo).is_some_and(|todo| store.now().0 - todo.created_at.0 < FRESH);

    let swipe = Swipe::new();
    let editing = Memo::new(move |_| state.editing.get() == Some(todo));
    let tabindex = Signal::derive(move || if tab_stop.get() { "0" } else { "-1" });
    let list_name = state.names_list.then(|| {
        let view = store.list(list);
        move || {
            view.with(|view| {
                view.as_ref().map(|view| {
                    let class = format!("tag list-{}", view.list.colour.name());
                    view! { <span class=class><i class="dot"></i><span dir="auto">{view.list.title.clone()}</span></span> }
                })
            })
        }
    });

    view! {
        <div
            class="row"
            class:done=done
            class:open=open
            class:chosen-row=chosen
            class:settling=settling
            class:fresh=fresh
            class:held=move || swipe.is_held()
            style=("--dx", move || match swipe.dx.get() {
                0.0 => None,
                dx => Some(format!("{dx}px")),
            })
            on:click=on_click
            on:pointerdown=move |event| {
                touched.set_value(event.pointer_type() == "touch");
                all_chosen.press();
                if !state.read_only.get_untracked() {
                    swipe.down(&event);
                }
            }
            on:pointermove=move |event| swipe.moved(&event)
            // Or the browser takes a quick swipe for a fling, and the next tap for a finger that stops it.
            on:touchmove=move |event| if swipe.is_held() { event.prevent_default() }
            on:pointerup=move |_| if swipe.up() { edits.toggle(list, todo) }
            on:pointercancel=move |_| swipe.close()
            on:dblclick=move |_| if !state.read_only.get_untracked() { state.editing.set(Some(todo)) }
        >
            <Show when=move || swipe.dx.get() != 0.0>
                <div class="under" class:far=move || { swipe.dx.get() >= COMPLETE_AT }>
                    <span class="under-complete"><Icon glyph=Glyph::Check/></span>
                    <button type="button" class="under-schedule" on:click=move |_| {
                        swipe.close();
                        edits.ui.open(Overlay::Due(list, todo));
                    }>
                        <Icon glyph=Glyph::Calendar/>
                        {words::SCHEDULE}
                    </button>
                    <button type="button" class="under-delete" on:click=move |_| {
                        swipe.close();
                        edits.delete(list, todo);
                    }>
                        <Icon glyph=Glyph::Trash/>
                        {words::DELETE}
                    </button>
                </div>
            </Show>
            <div class="face">
                <Check
                    done=done.into()
                    title=title.into()
                    disabled=state.read_only
                    tabindex=tabindex
                    on_toggle=move || edits.toggle(list, todo)
                />
                <Show
                    when=move || editing.get()
                    fallback=move || view! {
                        <A
                            href=move || place.get().with(list, todo).path()
                            scroll=false
                            attr:class="row-link"
                            attr:id=key.element()
                            attr:tabindex=tabindex
                            attr:draggable="false"
                            attr:aria-current=move || open.get().then_some("true")
                        >
                            <span class="title" dir="auto">{title}</span>
                            <Show when=move || chosen.get()><span class="sr">{words::SELECTED}</span></Show>
                            <span class="meta">
                                <Strip list todo/>
                                <Show when=move || noted.get()>
                                    <span class="note" title=words::HAS_NOTES>
                                        <Icon glyph=Glyph::Notes/>
                                        <span class="sr">{words::HAS_NOTES}</span>
                                    </span>
                                </Show>
                                {move || match progress.get() {
                                    (_, 0) => None,
                                    (done, all) => Some(view! {
                                        <span class="progress">
                                            <span aria-hidden="true">{format!("{done}/{all}")}</span>
                                            <span class="sr">{words::progress(done, all)}</span>
                                        </span>
                                    }),
                                }}
                                {list_name}
                                {move || due_label().map(|label| view! {
                                    <span class="due" class:overdue=overdue class:today=is_today>
                                        <span class="sr">{words::DUE}</span>
                                        {label}
                                    </span>
                                })}
                                <Show when=move || unsaved.get()>
                                    <span class="unsaved" title=words::UNSAVED>
                                        <span class="sr">{words::UNSAVED}</span>
                                    </span>
                                </Show>
                            </span>
                        </A>
                    }
                >
                    <TitleField list todo title/>
                </Show>
            </div>
        </div>
    }
    .into_any()
}

/// The title as a field, in the row. Enter and leaving it keep the text, Escape drops it.
#[component]
fn TitleField(list: ListId, todo: TodoId, title: Memo<String>) -> impl IntoView {
    let edits = use_edits();
    let state = expect_context::<RowsState>();
    let field = NodeRef::<html::Input>::new();
    Effect::new(move || {
        if let Some(field) = field.get() {
            field.set_value(&title.get_untracked());
            drop(field.focus());
            field.select();
        }
    });
    let close = move |keep: bool| {
        if state.editing.get_untracked() != Some(todo) {
            return;
        }
        if keep
            && let Some(field) = field.get_untracked()
            && !edits.rename(list, todo, &field.value())
        {
            return;
        }
        state.editing.set(None);
    };
    let back = move || request_animation_frame(move || focus_element(&RowKey::Todo(list, todo).element()));
    view! {
        <input
            class="row-field"
            type="text"
            dir="auto"
            aria-label=words::TITLE
            node_ref=field
            on:blur=move |_| close(true)
            on:keydown=move |event| match event.key().as_str() {
                "Enter" if !event.is_composing() => { close(true); back(); }
                "Escape" => { event.stop_propagation(); close(false); back(); }
                _ => {}
            }
        />
    }
    .into_any()
}
