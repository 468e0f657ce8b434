//! A todo's photos and videos: all of them, in an order that can be changed, with a way to add more.

use domain::{
    id::{ListId, MediaId, TodoId},
    media::ACCEPTED,
};
use leptos::{html, prelude::*, task::spawn_local};
use web_sys::KeyboardEvent;

use super::tile::{Tile, element_id};
use crate::{
    components::{
        icon::{Glyph, Icon},
        rows::focus_element,
        shape::{Shape, columns},
        sorter::Sorter,
    },
    edits::use_edits,
    media::{edits, shelf::use_shelf},
    ui::{Overlay, Scope},
    words,
};

/// What a picker offers; phones offer the camera for it.
pub(super) fn accept() -> String {
    let types: Vec<_> = ACCEPTED.iter().map(|(name, _)| *name).collect();
    types.join(",")
}

#[component]
pub(crate) fn MediaGrid(list: ListId, todo: TodoId, read_only: Signal<bool>) -> impl IntoView {
    let (edits, shelf) = (use_edits(), use_shelf());
    let store = edits.store;
    let stored = store.media(list, todo);
    // Files that are still being copied come last.
    let ids = Memo::new(move |_| {
        let mut ids = stored.get().to_vec();
        shelf.adding.with(|adding| {
            let here = adding.iter().filter(|one| one.list == list && one.todo == todo);
            ids.extend(here.map(|one| one.media).filter(|id| !stored.with(|stored| stored.contains(id))));
        });
        ids
    });
    let grid = NodeRef::<html::Div>::new();
    let field = NodeRef::<html::Input>::new();
    let active = RwSignal::new(None::<MediaId>);
    let count = Signal::derive(move || if read_only.get() { 0 } else { stored.with(|stored| stored.len()) });
    let focus = move |index: usize| {
        if let Some(id) = ids.with_untracked(|ids| ids.get(index).copied()) {
            active.set(Some(id));
            request_animation_frame(move || focus_element(&element_id(id)));
        }
    };
    let dropped = Callback::new(move |(from, to): (usize, usize)| {
        let Some(id) = ids.with_untracked(|ids| ids.get(from).copied()) else { return };
        if edits::move_to(edits, list, todo, id, to) {
            edits.ui.say(words::moved_to(to + 1, count.get_untracked()));
        }
    });
    let sorter = Sorter::new(Shape::Grid, grid, count, dropped);
    let on_key = move |event: KeyboardEvent| {
        let active = active.get_untracked();
        let Some(index) = ids.with_untracked(|ids| ids.iter().position(|id| Some(*id) == active)) else {
            return;
        };
        let columns = grid.get_untracked().map_or(1, |grid| columns(&grid));
        let last = ids.with_untracked(|ids| ids.len().saturating_sub(1));
        let key = event.key();
        let to = match key.as_str() {
            "ArrowLeft" => index.checked_sub(1),
            "ArrowRight" => Some(index + 1),
            "ArrowUp" => index.checked_sub(columns),
            "ArrowDown" => Some(index + columns),
            "Home" => Some(0),
            "End" => Some(last),
            "Delete" | "Backspace" if !read_only.get_untracked() => {
                event.prevent_default();
                if let Some(id) = active {
                    edits.ui.open(Overlay::Lightbox {
                        scope: Scope::Todo(todo),
                        list,
                        media: id,
                        delete: true,
                    });
                }
                return;
            }
            "Escape" if sorter.is_lifted() => return sorter.forget(),
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        let Some(to) = to.filter(|to| *to <= last) else { return };
        if !event.alt_key() {
            focus(to);
        } else if index < count.get_untracked() && to < count.get_untracked() {
            dropped.run((index, to));
            request_animation_frame(move || focus(to));
        }
    };
    let picked = move |_| {
        let Some(field) = field.get_untracked() else { return };
        let files = field.files().map(|files| super::drop::files_of(&files)).unwrap_or_default();
        // The same file may be picked again later.
        field.set_value("");
        spawn_local(edits::add(edits, shelf, list, todo, files));
    };
    let some = Memo::new(move |_| ids.with(|ids| !ids.is_empty()));
    let tab_stop = Memo::new(move |_| {
        ids.with(|ids| active.get().filter(|active| ids.contains(active)).or_else(|| ids.first().copied()))
    });
    view! {
        <section class="media" aria-label=words::MEDIA>
            <Show when=move || some.get()>
                <div
                    class="tiles"
                    class:sorting=move || sorter.lift().is_some()
                    role="list"
                    {..sorter.listeners()}
                    aria-label=words::MEDIA
                    node_ref=grid
                    on:keydown=on_key
                >
                    <For each=move || ids.get() key=|id| *id let:id>
                        {
                            let index = Memo::new(move |last: Option<&usize>| {
                                ids.with(|ids| ids.iter().position(|other| *other == id)).or(last.copied()).unwrap_or_default()
                            });
                            let tabindex = Signal::derive(move || if tab_stop.get() == Some(id) { "0" } else { "-1" });
                            let open = Callback::new(move |()| {
                                edits.ui.open(Overlay::Lightbox { scope: Scope::Todo(todo), list, media: id, delete: false });
                            });
                            view! {
                                <div
                                    role="listitem"
                                    class="tile-slot"
                                    class:lifted=move || sorter.lift().is_some_and(|lift| lift.from == index.get())
                                    style=("order", move || sorter.place(index.get()).to_string())
                                    on:focusin=move |_| active.set(Some(id))
                                >
                                    <Tile list id sizes="128px" tabindex on_open=open/>
                                </div>
                            }
                        }
                    </For>
                </div>
            </Show>
            <Show when=move || !read_only.get()>
                <label class="media-add">
                    <Icon glyph=Glyph::Photo/>
                    <span>{words::ADD_MEDIA}</span>
                    <input
                        type="file"
                        class="sr"
                        multiple
                        accept=accept()
                        node_ref=field
                        on:change=picked
                    />
                </label>
            </Show>
        </section>
    }
    .into_any()
}
