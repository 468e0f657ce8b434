//! One todo with all there is to it: beside its list, or on a phone in its place.

use domain::{
    id::{ListId, TodoId},
    limits::TITLE_CHARS,
    model::Access,
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, components::A, hooks::use_navigate};

use super::{
    check::Check,
    draft::Draft,
    empty::Empty,
    icon::{Glyph, Icon},
    later::Later,
    notes::Notes,
    rows::{RowKey, focus_element},
    subtasks::Subtasks,
};
use crate::{
    clock,
    edits::use_edits,
    later::Part,
    place::{Place, use_place},
    ui::{self, Overlay},
    words,
};

#[component]
pub(crate) fn Detail(list: ListId, todo: TodoId) -> impl IntoView {
    let edits = use_edits();
    let place = use_place();
    let navigate = use_navigate();
    let whole = edits.store.todo(list, todo);
    let there = Memo::new(move |_| whole.with(Option::is_some));
    let view = edits.store.list(list);
    let read_only =
        Memo::new(move |_| view.with(|view| view.as_ref().is_some_and(|view| !view.role.may(Access::Write))));
    let back = move || place.get().closed().path();
    let on_delete = {
        let navigate = navigate.clone();
        move |_| {
            edits.delete(list, todo);
            let back = place.get_untracked().closed().path();
            navigate(&back, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
        }
    };
    let list_link = move || {
        view.get().map(|view| {
            let class = format!("detail-list list-{}", view.list.colour.name());
            view! {
                <A href=Place::List(list, None).path() attr:class=class>
                    <i class="dot"></i><span dir="auto">{view.list.title}</span>
                </A>
            }
        })
    };
    view! {
        <section class="pane detail" aria-label=words::TODO_DETAILS>
            <header class="detail-head">
                <A href=back scroll=false attr:class="icon-button detail-back" attr:aria-label=words::BACK><Icon glyph=Glyph::Back/></A>
                {list_link}
                <span class="spacer"></span>
                <Show when=move || there.get() && !read_only.get()>
                    <button type="button" class="icon-button" aria-label=words::DELETE_TODO title=words::DELETE_TODO
                        on:click=on_delete.clone()>
                        <Icon glyph=Glyph::Trash/>
                    </button>
                </Show>
                <A href=back scroll=false attr:class="icon-button detail-close" attr:aria-label=words::CLOSE
                    on:click=move |_| request_animation_frame(move || focus_element(&RowKey::Todo(list, todo).element()))>
                    <Icon glyph=Glyph::Close/>
                </A>
            </header>
            <div class="scroll detail-body">
                <Show
                    when=move || there.get()
                    fallback=|| view! { <Empty glyph=Glyph::Trash title=words::TODO_GONE why=words::TODO_GONE_WHY/> }
                >
                    <Title list todo read_only=read_only.into()/>
                    <Due list todo read_only=read_only.into()/>
                    <Notes list todo read_only=read_only.into()/>
                    <Later part=Part::MediaGrid(list, todo, read_only.into()) bones=|| ()/>
                    <Show when=move || whole.with(|todo| todo.as_ref().is_some_and(|todo| todo.parent.is_none()))>
                        <Subtasks list parent=todo read_only=read_only.into()/>
                    </Show>
                    <History list todo/>
                </Show>
            </div>
        </section>
    }
    .into_any()
}

/// The circle and the title, which wraps and can be typed into.
#[component]
fn Title(list: ListId, todo: TodoId, read_only: Signal<bool>) -> impl IntoView {
    let edits = use_edits();
    let whole = edits.store.todo(list, todo);
    let title = Memo::new(move |last: Option<&String>| {
        whole.with(|todo| todo.as_ref().map(|todo| todo.title.clone())).or(last.cloned()).unwrap_or_default()
    });
    let done =
        Memo::new(move |_| whole.with(|todo| todo.as_ref().is_some_and(|todo| todo.done_at.is_some())));
    let over = RwSignal::new(0_usize);
    let draft = Draft::new(title.into(), move |text: String| {
        let over_by = text.chars().count().saturating_sub(TITLE_CHARS);
        over.set(over_by);
        over_by == 0 && edits.rename(list, todo, &text)
    });
    view! {
        <div class="detail-title">
            <Check done=done.into() title=title.into() disabled=read_only on_toggle=move || edits.toggle(list, todo)/>
            <div class="grow" data-value=move || draft.text.get()>
                <textarea
                    dir="auto"
                    rows="1"
                    class:done=done
                    aria-label=words::TITLE
                    aria-invalid=move || (over.get() > 0).to_string()
                    readonly=read_only
                    prop:value=draft.text
                    on:focus=move |_| draft.begin()
                    on:input=move |event| draft.write(event_target_value(&event).replace('\n', " "))
                    on:blur=move |_| {
                        draft.end();
                        if over.get_untracked() == 0 { draft.revert(); }
                    }
                    on:keydown=move |event| match event.key().as_str() {
                        "Enter" if !event.is_composing() => { event.prevent_default(); draft.end(); draft.begin(); }
                        "Escape" => { event.stop_propagation(); over.set(0); draft.revert(); }
                        _ => {}
                    }
                ></textarea>
            </div>
        </div>
        <p class="error" role="alert">{move || match over.get() { 0 => None, over => Some(words::too_long(over)) }}</p>
    }
    .into_any()
}

/// The day it is due; a button to change it, another to take it away.
#[component]
fn Due(list: ListId, todo: TodoId, read_only: Signal<bool>) -> impl IntoView {
    let edits = use_edits();
    let whole = edits.store.todo(list, todo);
    let today = ui::today_signal(edits.store);
    let due = Memo::new(move |_| whole.with(|todo| todo.as_ref().and_then(|todo| todo.due)));
    let overdue = move || {
        let open = whole.with(|todo| todo.as_ref().is_some_and(|todo| todo.done_at.is_none()));
        open && due.get().is_some_and(|day| day < today.get())
    };
    view! {
        <div class="detail-due">
            <button
                type="button"
                class="property"
                class:set=move || due.get().is_some()
                class:overdue=overdue
                disabled=read_only
                on:click=move |_| edits.ui.open(Overlay::Due(list, todo))
            >
                <Icon glyph=Glyph::Calendar/>
                {move || match due.get() {
                    Some(day) => words::due(&words::lower(&words::day(day, today.get()))),
                    None => words::ADD_DUE.into(),
                }}
            </button>
            <Show when=move || due.get().is_some() && !read_only.get()>
                <button type="button" class="icon-button" aria-label=words::NO_DATE title=words::NO_DATE
                    on:click=move |_| edits.set_due(list, todo, None)>
                    <Icon glyph=Glyph::Close/>
                </button>
            </Show>
        </div>
    }
    .into_any()
}

/// When it was made and when it was completed.
#[component]
fn History(list: ListId, todo: TodoId) -> impl IntoView {
    let edits = use_edits();
    let whole = edits.store.todo(list, todo);
    let today = ui::today_signal(edits.store);
    let unsaved = edits.store.unsaved_todo(list, todo);
    let said = move || {
        let today = today.get();
        let day = |at| words::lower(&words::day(clock::local_day(at), today));
        whole.with(|todo| {
            todo.as_ref().map(|todo| match todo.done_at {
                Some(done) => {
                    format!("{} · {}", words::created(&day(todo.created_at)), words::completed_on(&day(done)))
                }
                None => words::created(&day(todo.created_at)),
            })
        })
    };
    view! {
        <footer class="history">
            {said}
            <Show when=move || unsaved.get()><span class="history-unsaved">{words::UNSAVED}</span></Show>
        </footer>
    }
    .into_any()
}
