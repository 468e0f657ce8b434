//! A list of rows of which only those in sight are in the page, so that ten thousand cost what fifty do.

use std::sync::Arc;

use domain::id::{ListId, TodoId};
use leptos::{
    ev, html,
    prelude::*,
    task::{spawn_local, tick},
    wasm_bindgen::JsCast,
};
use web_sys::{HtmlElement, KeyboardEvent};

use super::{
    chosen::{Chosen, ChosenBar},
    pull::{Pull, PullMark},
    row::TodoRow,
    section::SectionRow,
    shape::{Shape, row_height},
    sorter::Sorter,
};
use crate::{edits::use_edits, place::use_place, ui::Overlay, words};

/// What a row shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum RowKey {
    Todo(ListId, TodoId),
    Section(Section),
}

/// The heading above some of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Section {
    Overdue,
    Today,
    DoneToday,
    Completed,
}

impl RowKey {
    /// The id of the row's element that takes the focus.
    pub(crate) fn element(self) -> String {
        match self {
            Self::Todo(_, todo) => format!("row-{todo}"),
            Self::Section(section) => format!("row-{section:?}"),
        }
    }
}

/// What the rows of one list have in common.
#[derive(Clone, Copy)]
pub(crate) struct RowsState {
    /// The row that the Tab key comes to.
    pub(crate) active: RwSignal<Option<RowKey>>,
    /// The todo whose title is being changed in its row.
    pub(crate) editing: RwSignal<Option<TodoId>>,
    /// Whether the completed todos show, and how many there are.
    pub(crate) done_shown: RwSignal<bool>,
    pub(crate) done_count: Signal<usize>,
    /// Whether rows name their list.
    pub(crate) names_list: bool,
    /// Whether the user may only look.
    pub(crate) read_only: Signal<bool>,
}

/// Rows beyond the edges that are kept, so that scrolling does not show gaps. They come after the first painting.
const SPARE: usize = 12;

#[derive(Debug, Clone, Copy, PartialEq)]
struct Window {
    /// From the first row's top to the top of what is seen, and how much is seen, in rows.
    first: usize,
    count: usize,
}

/// Rows under a header that scrolls with them. `sortable` says how many of the first can be reordered.
#[component]
pub(crate) fn Rows(
    rows: Memo<Arc<Vec<RowKey>>>,
    sortable: Signal<usize>,
    state: RowsState,
    #[prop(into)] label: Signal<String>,
    children: Children,
) -> impl IntoView {
    let edits = use_edits();
    let place = use_place();
    provide_context(state);
    let chosen = Chosen::new(rows, edits.ui);
    provide_context(chosen);
    let scroller = NodeRef::<html::Div>::new();
    let track = NodeRef::<html::Div>::new();
    let seen = RwSignal::new(Window { first: 0, count: 16 });
    let spare = RwSignal::new(0);

    let measure = move || {
        let (Some(scroller), Some(track)) = (scroller.get_untracked(), track.get_untracked()) else { return };
        let Some(height) = row_height(&track) else { return };
        let above = f64::from(scroller.scroll_top() - track.offset_top()).max(0.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "not negative, and rows are few"
        )]
        let window = Window {
            first: (above / height) as usize,
            count: (f64::from(scroller.client_height()) / height) as usize + 1,
        };
        if window != seen.get_untracked() {
            seen.set(window);
        }
    };
    Effect::new(move || {
        track.track();
        measure();
        let resized = window_event_listener(ev::resize, move |_| measure());
        on_cleanup(move || resized.remove());
    });

    Effect::new(move || {
        // What is asked for in one frame is done in the next: then the first is painted.
        let come = move || {
            let _gone = spare.try_set(SPARE);
        };
        request_animation_frame(move || request_animation_frame(come));
    });

    let visible = Memo::new(move |_| {
        let (Window { first, count }, spare) = (seen.get(), spare.get());
        rows.with(|rows| {
            // Past the end when the list has shrunk: the browser scrolls back in a moment.
            let end = (first + count + spare).min(rows.len());
            let from = first.saturating_sub(spare).min(end.saturating_sub(count + spare));
            let mut visible: Vec<RowKey> = rows.iter().take(end).skip(from).copied().collect();
            // The row that has the focus keeps it while it is out of sight.
            if let Some(active) =
                state.active.get().filter(|active| !visible.contains(active) && rows.contains(active))
            {
                visible.push(active);
            }
            visible
        })
    });

    let index_of = move |key: RowKey| rows.with_untracked(|rows| rows.iter().position(|row| *row == key));
    let focus = move |index: usize| {
        let Some(key) = rows.with_untracked(|rows| rows.get(index).copied()) else { return };
        state.active.set(Some(key));
        reveal(scroller, track, index);
        request_animation_frame(move || {
            measure();
            focus_element(&key.element());
        });
    };

    // When the row with the focus goes, the one that takes its place gets it.
    let last_index = StoredValue::new(0_usize);
    Effect::new(move || {
        let Some(active) = state.active.get() else { return };
        let (found, count) = rows.with(|rows| (rows.iter().position(|row| *row == active), rows.len()));
        match found {
            Some(index) => last_index.set_value(index),
            None if count == 0 => state.active.set(None),
            None => {
                let index = last_index.get_value().min(count - 1);
                let key = rows.with_untracked(|rows| rows.get(index).copied());
                state.active.set(key);
                once_shown(move || {
                    if focus_is_lost()
                        && let Some(key) = key
                    {
                        focus_element(&key.element());
                    }
                });
            }
        }
    });

    let dropped = Callback::new(move |(from, to): (usize, usize)| {
        let moved = rows.with_untracked(|rows| {
            let before = if from < to { to + 1 } else { to };
            let limit = sortable.get_untracked();
            let before = if before < limit { rows.get(before).copied() } else { None };
            Some((rows.get(from).copied()?, before))
        });
        if let Some((RowKey::Todo(list, todo), before)) = moved {
            let before = before.and_then(|key| match key {
                RowKey::Todo(_, todo) => Some(todo),
                RowKey::Section(_) => None,
            });
            if edits.move_todo(list, todo, before) {
                edits.ui.say(words::moved_to(to + 1, sortable.get_untracked()));
            }
        }
    });
    let held = Callback::new(move |index: usize| {
        let key = rows.with_untracked(|rows| rows.get(index).copied());
        if let Some(key) = key.filter(|_| !state.read_only.get_untracked()) {
            chosen.hold(key);
        }
    });
    let sorter = Sorter::new(Shape::Column, track, sortable, dropped).with_hold(held);
    let pull = Pull::new(edits.store, scroller);

    let on_key = move |event: KeyboardEvent| {
        let in_field = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .is_some_and(|target| target.matches("input, textarea").unwrap_or_default());
        let read_only = state.read_only.get_untracked();
        let command = event.ctrl_key() || event.meta_key();
        if command && event.key() == "a" && !in_field && !read_only {
            event.prevent_default();
            return chosen.all();
        }
        if in_field || command {
            return;
        }
        let Some(active) = state.active.get_untracked() else { return };
        let Some(index) = index_of(active) else { return };
        let plain = crate::theme::single_keys();
        let last = rows.with_untracked(|rows| rows.len().saturating_sub(1));
        let key = event.key();
        if chosen.key(edits, &key, plain) {
            event.prevent_default();
            return event.stop_propagation();
        }
        match (key.as_str(), active) {
            ("ArrowUp" | "ArrowDown", _) if event.shift_key() && !read_only => {
                let to = if key == "ArrowUp" { index.saturating_sub(1) } else { (index + 1).min(last) };
                if let Some(to_key) = rows.with_untracked(|rows| rows.get(to).copied()) {
                    chosen.extend(Some(active), to_key);
                    focus(to);
                }
            }
            ("x", RowKey::Todo(..)) if plain && !read_only => chosen.toggle(active),
            ("ArrowUp" | "ArrowDown", RowKey::Todo(..)) if event.alt_key() => {
                if read_only || index >= sortable.get_untracked() {
                    return;
                }
                let to = if key == "ArrowUp" { index.checked_sub(1) } else { Some(index + 1) };
                if let Some(to) = to.filter(|to| *to < sortable.get_untracked()) {
                    dropped.run((index, to));
                    once_shown(move || {
                        reveal(scroller, track, to);
                        measure();
                        focus_element(&active.element());
                    });
                }
            }
            ("ArrowDown", _) => focus((index + 1).min(last)),
            ("ArrowUp", _) => focus(index.saturating_sub(1)),
            ("j", _) if plain => focus((index + 1).min(last)),
            ("k", _) if plain => focus(index.saturating_sub(1)),
            ("Home", _) => focus(0),
            ("End", _) => focus(last),
            (" ", RowKey::Todo(list, todo)) if !read_only => edits.toggle(list, todo),
            (" ", RowKey::Section(Section::Completed)) => return,
            ("F2", RowKey::Todo(_, todo)) if !read_only => state.editing.set(Some(todo)),
            ("e", RowKey::Todo(_, todo)) if plain && !read_only => state.editing.set(Some(todo)),
            ("d", RowKey::Todo(list, todo)) if plain && !read_only => edits.ui.open(Overlay::Due(list, todo)),
            ("Delete" | "Backspace", RowKey::Todo(list, todo)) if !read_only => edits.delete(list, todo),
            ("Escape", _) if sorter.is_lifted() => sorter.forget(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };

    // The first row is where the Tab key comes to, until another was used.
    let first = Memo::new(move |_| rows.with(|rows| rows.first().copied()));
    let tab_stop = Memo::new(move |_| state.active.get().or_else(|| first.get()));
    let open = Memo::new(move |_| place.get().open());

    view! {
        <div class="scroll" node_ref=scroller on:scroll=move |_| measure() {..pull.listeners()}>
            <PullMark pull/>
            {children()}
            <div
                class="rows"
                class:sorting=move || sorter.lift().is_some()
                role="list"
                {..sorter.listeners()}
                aria-label=label
                node_ref=track
                style=("--n", move || rows.with(|rows| rows.len().to_string()))
                on:keydown=on_key
            >
                <For each=move || visible.get() key=|key| *key let:key>
                    {
                        let index = Memo::new(move |last: Option<&usize>| {
                            let near = seen.get_untracked().first.saturating_sub(SPARE);
                            rows.with(|rows| {
                                let window = rows.iter().enumerate().skip(near).take(120);
                                let mut all = window.chain(rows.iter().enumerate());
                                // A row that is on its way out stays where it was.
                                all.find(|(_, row)| **row == key).map_or_else(
                                    || last.copied().unwrap_or_default(),
                                    |(index, _)| index,
                                )
                            })
                        });
                        let is_tab_stop = Memo::new(move |_| tab_stop.get() == Some(key));
                        let lifted = Signal::derive(move || {
                            sorter.lift().filter(|lift| lift.from == index.get()).map(|lift| lift.top)
                        });
                        view! {
                            <div
                                class="slot"
                                class:lifted=move || lifted.get().is_some()
                                role="listitem"
                                aria-posinset=move || (index.get() + 1).to_string()
                                aria-setsize=move || rows.with(|rows| rows.len().to_string())
                                style=("--i", move || sorter.place(index.get()).to_string())
                                style=("--top", move || lifted.get().map(|top| format!("{top}px")))
                                on:focusin=move |_| if state.active.get_untracked() != Some(key) {
                                    state.active.set(Some(key));
                                }
                            >
                                {match key {
                                    RowKey::Todo(list, todo) => {
                                        let open = Memo::new(move |_| open.get() == Some((list, todo)));
                                        view! { <TodoRow list todo open=open.into() tab_stop=is_tab_stop.into()/> }.into_any()
                                    }
                                    RowKey::Section(section) => {
                                        view! { <SectionRow section tab_stop=is_tab_stop.into()/> }.into_any()
                                    }
                                }}
                            </div>
                        }
                    }
                </For>
            </div>
        </div>
        <ChosenBar chosen active=state.active/>
    }
    .into_any()
}

/// Scrolls just as far as it takes to see a row whole.
fn reveal(scroller: NodeRef<html::Div>, track: NodeRef<html::Div>, index: usize) {
    let (Some(scroller), Some(track)) = (scroller.get_untracked(), track.get_untracked()) else { return };
    let Some(height) = row_height(&track) else { return };
    #[expect(clippy::cast_precision_loss, reason = "rows are few")]
    let top = f64::from(track.offset_top()) + index as f64 * height;
    let (seen, room) = (f64::from(scroller.scroll_top()), f64::from(scroller.client_height()));
    // The quick-add field stays at the top and covers a row or two.
    let covered = height * 2.0;
    let target = if index == 0 {
        0.0
    } else if top - covered < seen {
        top - covered
    } else if top + height * 1.5 > seen + room {
        top + height * 1.5 - room
    } else {
        return;
    };
    #[expect(clippy::cast_possible_truncation, reason = "pixels")]
    scroller.set_scroll_top(target as i32);
}

/// Does this when what has changed is in the page, and before the next key comes: an element that is moved in the page, or
/// goes, takes the focus with it, and a key that is pressed meanwhile would be lost.
pub(super) fn once_shown(then: impl FnOnce() + 'static) {
    spawn_local(async move {
        tick().await;
        then();
    });
}

/// Gives an element the focus without scrolling to it.
pub(crate) fn focus_element(id: &str) {
    let element = document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok());
    let Some(element) = element else { return };
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    drop(element.focus_with_options(&options));
}

fn focus_is_lost() -> bool {
    document().active_element().is_none_or(|element| element.tag_name() == "BODY")
}
