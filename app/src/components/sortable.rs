//! A short list that can be put in another order: by dragging, and with Alt and the arrow keys.

use std::{hash::Hash, sync::Arc};

use leptos::{html, prelude::*, wasm_bindgen::JsCast};
use web_sys::{HtmlElement, KeyboardEvent};

use super::{
    rows::{focus_element, once_shown},
    shape::Shape,
    sorter::Sorter,
};
use crate::{edits::Edits, edits::use_edits, words};

/// What is listed.
pub(crate) trait Item: Copy + Eq + Hash + Send + Sync + 'static {
    /// The id of the element that takes the focus for it.
    fn element(self) -> String;

    /// Puts it before another, or last; says whether it did.
    fn put(self, edits: Edits, before: Option<Self>) -> bool;

    /// What its row shows; `fixed` says whether the order may not be changed.
    fn view(self, fixed: Signal<bool>) -> AnyView;
}

/// Rows of one height, all of them in the page. `row` is the class of each.
#[component]
pub(crate) fn Sortable<T: Item>(
    items: Signal<Arc<Vec<T>>>,
    #[prop(optional, into)] fixed: Signal<bool>,
    class: &'static str,
    row: &'static str,
    label: &'static str,
) -> impl IntoView {
    let edits = use_edits();
    let track = NodeRef::<html::Div>::new();
    let count = Signal::derive(move || if fixed.get() { 0 } else { items.with(|items| items.len()) });
    let dropped = Callback::new(move |(from, to): (usize, usize)| {
        let items = items.get_untracked();
        let before = items.get(if from < to { to + 1 } else { to }).copied();
        if items.get(from).is_some_and(|item| item.put(edits, before)) {
            edits.ui.say(words::moved_to(to + 1, items.len()));
        }
    });
    let sorter = Sorter::new(Shape::Column, track, count, dropped);
    let on_key = move |event: KeyboardEvent| {
        let items = items.get_untracked();
        let focused = document().active_element().map(|element| element.id()).unwrap_or_default();
        let Some(index) = items.iter().position(|item| item.element() == focused) else { return };
        let to = match event.key().as_str() {
            "ArrowUp" => index.checked_sub(1),
            "ArrowDown" => Some(index + 1),
            _ => return,
        };
        event.prevent_default();
        let Some((to, other)) = to.and_then(|to| Some((to, *items.get(to)?))) else { return };
        if !event.alt_key() {
            return focus_in_sight(&other.element());
        }
        if !fixed.get_untracked() {
            dropped.run((index, to));
            once_shown(move || focus_element(&focused));
        }
    };
    view! {
        <div
            class=format!("sortable {class}")
            class:sorting=move || sorter.lift().is_some()
            role="list"
            {..sorter.listeners()}
            aria-label=label
            node_ref=track
            on:keydown=on_key
        >
            <For each=move || items.get().to_vec() key=|item| *item let:item>
                {
                    let index = Memo::new(move |last: Option<&usize>| {
                        let found = items.with(|items| items.iter().position(|other| *other == item));
                        found.or(last.copied()).unwrap_or_default()
                    });
                    let lifted = Memo::new(move |_| {
                        sorter.lift().filter(|lift| lift.from == index.get()).map(|lift| lift.top)
                    });
                    // Rows that the lifted one passes over move by one place.
                    #[expect(clippy::cast_possible_wrap, reason = "lists and todos are counted in thousands at most")]
                    let shift = move || sorter.place(index.get()) as i64 - index.get() as i64;
                    view! {
                        <div
                            role="listitem"
                            class=row
                            class:lifted=move || lifted.get().is_some()
                            style=("--shift", move || shift().to_string())
                            style=("--i", move || index.get().to_string())
                            style=("--top", move || lifted.get().map(|top| format!("{top}px")))
                        >
                            {item.view(fixed)}
                        </div>
                    }
                }
            </For>
        </div>
    }
    .into_any()
}

fn focus_in_sight(id: &str) {
    let element = document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok());
    if let Some(element) = element {
        drop(element.focus());
    }
}
