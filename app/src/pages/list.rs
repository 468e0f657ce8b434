//! One list: its todos, and the one that is open beside them.

use std::sync::Arc;

use domain::{
    id::ListId,
    model::{Access, Role},
};
use leptos::prelude::*;
use leptos_meta::Title;

use super::frame::DrawerButton;
use crate::{
    components::{
        add_field::AddField,
        detail::Detail,
        empty::Empty,
        icon::{Glyph, Icon},
        keys::ADD_FIELD,
        later::{Later, Missing},
        menu::{Menu, MenuItem},
        rows::{RowKey, Rows, RowsState, Section},
        skeleton::ListBones,
        status::Status,
    },
    edits::use_edits,
    later::Part,
    place::{Place, use_place},
    ui::Overlay,
    words,
};

#[component]
pub(crate) fn ListPage() -> impl IntoView {
    view! { <Later part=Part::List bones=|| view! { <ListBones/> } missing=Missing/> }.into_any()
}

/// The page itself.
#[component]
pub(crate) fn ListBody() -> impl IntoView {
    let place = use_place();
    let list = Memo::new(move |_| match place.get() {
        Place::List(list, _) => Some(list),
        _ => None,
    });
    view! {
        {move || list.get().map_or_else(
            || view! { <Gone/> }.into_any(),
            |list| view! { <ListPane list/> }.into_any(),
        )}
        <OpenTodo/>
    }
    .into_any()
}

/// The todo that the address names, beside the list.
#[component]
pub(crate) fn OpenTodo() -> impl IntoView {
    let place = use_place();
    let open = Memo::new(move |_| place.get().open());
    move || open.get().map(|(list, todo)| view! { <Detail list todo/> })
}

#[component]
fn Gone() -> impl IntoView {
    view! {
        <section class="pane list-pane">
            <Empty glyph=Glyph::Lists title=words::LIST_GONE why=format!("{} {}", words::LIST_GONE_WHY, words::LIST_COMING)/>
        </section>
    }
    .into_any()
}

#[component]
fn ListPane(list: ListId) -> impl IntoView {
    let edits = use_edits();
    let (store, ui) = (edits.store, edits.ui);
    let view = store.list(list);
    let there = Memo::new(move |_| view.with(Option::is_some));
    let title = Memo::new(move |_| {
        view.with(|view| view.as_ref().map(|view| view.list.title.clone())).unwrap_or_default()
    });
    let read_only =
        Memo::new(move |_| view.with(|view| view.as_ref().is_some_and(|view| !view.role.may(Access::Write))));

    let todos = store.todos(list);
    let open = store.open_todos(list);
    // The halves change when the list does or something in it is ticked off; a title does not touch them.
    let halves = Memo::new(move |_| {
        let (todos, open, settling) = (todos.get(), open.get(), ui.settling.get());
        // Both are in the same order.
        let mut next = open.iter().peekable();
        let is_open = |id: &_| next.next_if_eq(&id).is_some() || settling.contains(id);
        let (open, done): (Vec<_>, Vec<_>) = todos.iter().copied().partition(is_open);
        (Arc::new(open), Arc::new(done))
    });
    let state = RowsState {
        active: RwSignal::new(None),
        editing: RwSignal::new(None),
        done_shown: RwSignal::new(false),
        done_count: Signal::derive(move || halves.with(|(_, done)| done.len())),
        names_list: false,
        read_only: read_only.into(),
    };
    let rows = Memo::new(move |_| {
        halves.with(|(open, done)| {
            let mut rows: Vec<_> = open.iter().map(|id| RowKey::Todo(list, *id)).collect();
            if !done.is_empty() {
                rows.push(RowKey::Section(Section::Completed));
                if state.done_shown.get() {
                    rows.extend(done.iter().map(|id| RowKey::Todo(list, *id)));
                }
            }
            Arc::new(rows)
        })
    });
    let sortable =
        Signal::derive(move || if read_only.get() { 0 } else { halves.with(|(open, _)| open.len()) });
    let nothing_open = Memo::new(move |_| halves.with(|(open, _)| open.is_empty()));
    let nothing = Memo::new(move |_| nothing_open.get() && halves.with(|(_, done)| done.is_empty()));

    Effect::new(move |before: Option<()>| {
        todos.track();
        open.track();
        if before.is_some() && there.get_untracked() && ui.is_from_elsewhere(store.now()) {
            ui.say(words::elsewhere(&title.get_untracked()));
        }
    });

    view! {
        <Title text=move || format!("{} · {}", title.get(), words::APP)/>
        <Show when=move || there.get() fallback=|| view! { <Gone/> }>
            <section class="pane list-pane">
                <Rows rows sortable state label=title>
                    <ListHead list/>
                    <Show when=move || !read_only.get() fallback=|| view! { <p class="banner">{words::READ_ONLY}</p> }>
                        <AddField list=Signal::stored(Some(list)) id=ADD_FIELD on_added=Callback::new(|_| ())/>
                    </Show>
                    <Show when=move || nothing.get()>
                        <Empty glyph=Glyph::Pencil title=words::LIST_EMPTY why=words::LIST_EMPTY_WHY>
                            <button type="button" class="button primary" on:click=move |_| ui.open(Overlay::QuickAdd)>
                                {words::ADD_TODO}
                            </button>
                        </Empty>
                    </Show>
                    <Show when=move || nothing_open.get() && !nothing.get()>
                        <Empty glyph=Glyph::Check title=words::ALL_DONE why=words::ALL_DONE_WHY/>
                    </Show>
                </Rows>
            </section>
        </Show>
    }
    .into_any()
}

/// The list's name, how much of it is open, and what can be done to it.
#[component]
fn ListHead(list: ListId) -> impl IntoView {
    let edits = use_edits();
    let (store, ui) = (edits.store, edits.ui);
    let view = store.list(list);
    let open = store.open_count(list);
    let is_inbox = edits.inbox() == Some(list);
    let items = move || {
        let Some(view) = store.list_now(list) else { return Vec::new() };
        let item = |glyph, label, danger, run: Callback<()>| MenuItem { glyph, label, danger, run };
        let mut items = vec![item(
            Glyph::Pencil,
            words::EDIT_LIST,
            false,
            Callback::new(move |()| ui.open(Overlay::EditList(list))),
        )];
        let archive = if view.list.archived { words::UNARCHIVE } else { words::ARCHIVE };
        if !is_inbox {
            items.push(item(Glyph::Archive, archive, false, Callback::new(move |()| edits.archive(list))));
        }
        if view.role.may(Access::Own) && !is_inbox {
            let delete = Callback::new(move |()| ui.open(Overlay::DeleteList(list)));
            items.push(item(Glyph::Trash, words::DELETE_LIST, true, delete));
        }
        items
    };
    let items = StoredValue::new(items);
    let name = move || {
        view.with(|view| {
            let view = view.as_ref()?;
            let class = format!("dot list-{}", view.list.colour.name());
            let title = view.list.title.clone();
            Some(view! { <h1><i class=class></i><span dir="auto">{title}</span></h1> })
        })
    };
    let archived = move || view.with(|view| view.as_ref().is_some_and(|view| view.list.archived));
    let may_edit = move || view.with(|view| view.as_ref().is_some_and(|view| view.role != Role::Viewer));
    view! {
        <header class="pane-head" on:dblclick=move |_| if may_edit() { ui.open(Overlay::EditList(list)) }>
            <DrawerButton/>
            <div class="pane-title">
                {name}
                <p class="pane-sub">{move || words::open(open.get())}</p>
            </div>
            <Status/>
            <Show when=may_edit>
                <Menu label=words::LIST_MENU items=move || items.with_value(|items| items())/>
            </Show>
        </header>
        <Show when=archived>
            <p class="banner">
                <Icon glyph=Glyph::Archive/>
                <span>{words::ARCHIVED_NOTE}</span>
                <button type="button" class="button small" on:click=move |_| edits.archive(list)>{words::UNARCHIVE}</button>
            </p>
        </Show>
    }
    .into_any()
}
