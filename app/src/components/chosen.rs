//! Several todos chosen together, and the bar with what can be done to all of them.

use std::{collections::BTreeSet, sync::Arc};

use domain::id::{ListId, TodoId};
use leptos::prelude::*;

use super::{
    icon::{Glyph, Icon},
    rows::{RowKey, focus_element},
};
use crate::{
    edits::{Edits, use_edits},
    ui::{Overlay, Ui},
    words,
};

type Rows = Memo<Arc<Vec<RowKey>>>;

/// What is chosen among the rows of one list.
#[derive(Clone, Copy)]
pub(crate) struct Chosen {
    rows: Rows,
    ui: Ui,
    /// The row from which several are chosen up to another.
    anchor: StoredValue<Option<RowKey>>,
    /// Whether the press that goes on chose something.
    held: StoredValue<bool>,
}

impl Chosen {
    /// Nothing at first. What is no longer among the rows is not chosen any more.
    pub(crate) fn new(rows: Rows, ui: Ui) -> Self {
        let chosen = Self { rows, ui, anchor: StoredValue::new(None), held: StoredValue::new(false) };
        Effect::new(move || {
            rows.track();
            if chosen.is_empty() {
                return;
            }
            let there: BTreeSet<_> = rows.with_untracked(|rows| rows.iter().filter_map(todo).collect());
            let all = ui.chosen.get_untracked();
            if !all.is_subset(&there) {
                ui.chosen.set(all.intersection(&there).copied().collect());
            }
        });
        on_cleanup(move || chosen.clear());
        chosen
    }

    pub(crate) fn is_empty(self) -> bool {
        self.ui.chosen.try_with_untracked(BTreeSet::is_empty).unwrap_or(true)
    }

    pub(crate) fn has(self, list: ListId, todo: TodoId) -> bool {
        self.ui.chosen.with(|all| all.contains(&(list, todo)))
    }

    pub(crate) fn clear(self) {
        if !self.is_empty() {
            self.ui.chosen.set(BTreeSet::new());
        }
    }

    /// Adds a row to the others, or takes it from them.
    pub(crate) fn toggle(self, key: RowKey) {
        let RowKey::Todo(list, id) = key else { return };
        self.anchor.set_value(Some(key));
        self.ui.chosen.update(|all| {
            if !all.remove(&(list, id)) {
                all.insert((list, id));
            }
        });
        self.say();
    }

    /// A long press chooses, or takes from the others.
    pub(crate) fn hold(self, key: RowKey) {
        self.held.set_value(true);
        self.toggle(key);
    }

    /// A press begins.
    pub(crate) fn press(self) {
        self.held.set_value(false);
    }

    /// Whether the press that ends was a long one, so that the click after it means nothing.
    pub(crate) fn was_held(self) -> bool {
        self.held.get_value()
    }

    /// Chooses all from where choosing began, or from `start`, up to a row.
    pub(crate) fn extend(self, start: Option<RowKey>, to: RowKey) {
        let anchor = self.anchor.get_value().filter(|_| !self.is_empty()).or(start).unwrap_or(to);
        self.anchor.set_value(Some(anchor));
        let all = self.rows.with_untracked(|rows| {
            let place = |key| rows.iter().position(|row| *row == key);
            let (from, to) = (place(anchor)?, place(to)?);
            Some(rows.get(from.min(to)..=from.max(to))?.iter().filter_map(todo).collect())
        });
        if let Some(all) = all {
            self.ui.chosen.set(all);
            self.say();
        }
    }

    pub(crate) fn all(self) {
        self.ui.chosen.set(self.rows.with_untracked(|rows| rows.iter().filter_map(todo).collect()));
        self.say();
    }

    /// Does what a key stands for to all that are chosen; says whether it stands for anything. `plain` says whether
    /// letters do.
    pub(crate) fn key(self, edits: Edits, key: &str, plain: bool) -> bool {
        if self.is_empty() {
            return false;
        }
        match key {
            " " => self.act(edits, Act::Complete),
            "d" if plain => self.act(edits, Act::Schedule),
            "Delete" | "Backspace" => self.act(edits, Act::Delete),
            "Escape" => self.clear(),
            _ => return false,
        }
        true
    }

    fn act(self, edits: Edits, act: Act) {
        let all = self.ui.chosen.get_untracked();
        match act {
            Act::Complete => edits.complete_all(&all),
            Act::Schedule => return self.ui.open(Overlay::DueOfChosen),
            Act::Delete => edits.delete_all(&all),
        }
        self.clear();
    }

    fn say(self) {
        self.ui.say(words::chosen(self.ui.chosen.with_untracked(BTreeSet::len)));
    }
}

fn todo(row: &RowKey) -> Option<(ListId, TodoId)> {
    match row {
        RowKey::Todo(list, todo) => Some((*list, *todo)),
        RowKey::Section(_) => None,
    }
}

/// What can be done to several todos at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Complete,
    Schedule,
    Delete,
}

/// Shows while something is chosen. `active` is the row that the focus goes back to.
#[component]
pub(crate) fn ChosenBar(chosen: Chosen, active: RwSignal<Option<RowKey>>) -> impl IntoView {
    let edits = use_edits();
    let count = Memo::new(move |_| edits.ui.chosen.with(BTreeSet::len));
    let back = move || {
        request_animation_frame(move || {
            if let Some(key) = active.try_get_untracked().flatten() {
                focus_element(&key.element());
            }
        });
    };
    let button = move |act: Act, glyph: Glyph, label: &'static str| {
        view! {
            <button type="button" class="button" class:danger=act == Act::Delete aria-label=label
                on:click=move |_| {
                    chosen.act(edits, act);
                    if act != Act::Schedule {
                        back();
                    }
                }
            >
                <Icon glyph/>
                <span>{label}</span>
            </button>
        }
    };
    view! {
        <Show when=move || { count.get() > 0 }>
            <div class="chosen" role="toolbar" aria-label=words::CHOSEN>
                <button type="button" class="icon-button" aria-label=words::CHOOSE_NONE title=words::CHOOSE_NONE
                    on:click=move |_| { chosen.clear(); back(); }>
                    <Icon glyph=Glyph::Close/>
                </button>
                <p>{move || words::chosen(count.get())}</p>
                {button(Act::Complete, Glyph::Check, words::COMPLETE)}
                {button(Act::Schedule, Glyph::Calendar, words::SCHEDULE)}
                {button(Act::Delete, Glyph::Trash, words::DELETE)}
            </div>
        </Show>
    }
    .into_any()
}
