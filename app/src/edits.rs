//! What the user's gestures mean as changes: complete, schedule, delete with a way back, add.

mod many;

use std::time::Duration;

use domain::{
    action::{Action, ListPatch, NewList, NewTodo, Set, TodoPatch},
    colour::Colour,
    error::Code,
    id::{ListId, TodoId},
    limits::TITLE_CHARS,
    order::OrderKey,
    time::{Day, Timestamp},
};
use leptos::prelude::*;

use crate::{
    store::Store,
    ui::{self, Ui},
    words,
};

/// How long a todo that was ticked off stays where it was.
const SETTLE: Duration = Duration::from_millis(550);

/// The store and the screen, which every gesture needs.
#[derive(Clone, Copy)]
pub(crate) struct Edits {
    pub(crate) store: Store,
    pub(crate) ui: Ui,
}

/// The handle for gestures of the component that asks.
pub(crate) fn use_edits() -> Edits {
    Edits { store: crate::store::use_store(), ui: ui::use_ui() }
}

impl Edits {
    /// Makes changes; a refusal is told, with nothing changed. Returns whether they were made.
    pub(crate) fn act(self, list: ListId, actions: Vec<Action>) -> bool {
        self.ui.acting(self.store.now());
        self.told(self.store.act(list, actions))
    }

    fn told(self, result: Result<(), Code>) -> bool {
        if let Err(code) = result {
            self.ui.toast(code.message().into());
        }
        result.is_ok()
    }

    pub(crate) fn patch(self, list: ListId, id: TodoId, patch: TodoPatch) -> bool {
        self.act(list, vec![Action::EditTodo { id, patch }])
    }

    /// Completes an open todo, opens a completed one.
    pub(crate) fn toggle(self, list: ListId, id: TodoId) {
        let Some(todo) = self.store.todo_now(list, id) else { return };
        let done_at = if todo.done_at.is_some() { None } else { Some(self.store.now()) };
        let settling = self.ui.settling;
        if done_at.is_some() && todo.parent.is_none() {
            self.settle(vec![id]);
        } else if settling.with_untracked(|ids| ids.contains(&id)) {
            settling.update(|ids| ids.retain(|other| *other != id));
        }
        let patch = TodoPatch { done_at: Some(Set { to: done_at }), ..TodoPatch::default() };
        if self.patch(list, id, patch) && done_at.is_some() {
            self.ui.say(words::completed(&todo.title));
        }
    }

    /// Lets todos that are being ticked off stay where they are for a moment.
    fn settle(self, ids: Vec<TodoId>) {
        let settling = self.ui.settling;
        settling.update(|all| all.extend(&ids));
        let leave = move || {
            settling.try_update(|all| all.retain(|id| !ids.contains(id)));
        };
        set_timeout(leave, SETTLE);
    }

    pub(crate) fn rename(self, list: ListId, id: TodoId, title: &str) -> bool {
        let title = one_line(title);
        let same = self.store.todo_now(list, id).is_none_or(|todo| todo.title == title);
        if same || title.is_empty() {
            return true;
        }
        self.patch(list, id, TodoPatch { title: Some(title), ..TodoPatch::default() })
    }

    pub(crate) fn set_notes(self, list: ListId, id: TodoId, notes: String) -> bool {
        let same = self.store.todo_now(list, id).is_none_or(|todo| todo.notes == notes);
        same || self.patch(list, id, TodoPatch { notes: Some(notes), ..TodoPatch::default() })
    }

    pub(crate) fn set_due(self, list: ListId, id: TodoId, due: Option<Day>) {
        let Some(todo) = self.store.todo_now(list, id) else { return };
        if todo.due == due {
            return;
        }
        if self.patch(list, id, TodoPatch { due: Some(Set { to: due }), ..TodoPatch::default() }) {
            let day = due.map_or_else(|| words::NO_DATE.into(), |day| words::day(day, ui::today(self.store)));
            self.ui.say(words::due_set(&todo.title, &words::lower(&day)));
        }
    }

    /// Deletes a todo, with some seconds to take it back.
    pub(crate) fn delete(self, list: ListId, id: TodoId) {
        let Some(todo) = self.store.todo_now(list, id) else { return };
        if self.act(list, vec![Action::DeleteTodo { id, at: self.store.now() }]) {
            self.ui.toast_with(words::deleted(&todo.title), words::UNDO, move || {
                self.act(list, vec![Action::RestoreTodo { id }]);
            });
        }
    }

    /// Adds a todo for each line of the text: at the list's top, or after a todo that is there. Gives the last one.
    pub(crate) fn add(
        self,
        list: ListId,
        text: &str,
        due: Option<Day>,
        after: Option<TodoId>,
    ) -> Option<TodoId> {
        let titles: Vec<String> = text.lines().map(one_line).filter(|title| !title.is_empty()).collect();
        if let Some(long) = titles.iter().find(|title| title.chars().count() > TITLE_CHARS) {
            self.ui.toast(words::too_long(long.chars().count() - TITLE_CHARS));
            return None;
        }
        let todos = self.store.todos_now(list);
        let place =
            after.and_then(|after| todos.iter().position(|id| *id == after)).map_or(0, |place| place + 1);
        let key = |index: Option<usize>| {
            let id = index.and_then(|index| todos.get(index))?;
            self.store.todo_now(list, *id).map(|todo| todo.order)
        };
        let (mut before, next) = (key(place.checked_sub(1)), key(Some(place)));
        let mut last = None;
        let mut actions: Vec<Action> = self.inbox_if_missing(list).into_iter().collect();
        for title in titles {
            let order = OrderKey::between(before.as_ref(), next.as_ref(), entropy())
                .or_else(|| self.store.last_todo_order(list, None))?;
            before = Some(order.clone());
            let todo = new_todo(title, due, order, None, self.store.now());
            last = Some(todo.id);
            actions.push(Action::CreateTodo(todo));
        }
        (last.is_some() && self.act(list, actions)).then_some(last).flatten()
    }

    /// Adds a subtask after the others.
    pub(crate) fn add_subtask(self, list: ListId, parent: TodoId, title: &str) -> bool {
        let title = one_line(title);
        if title.is_empty() {
            return false;
        }
        let Some(order) = self.store.last_todo_order(list, Some(parent)) else { return false };
        let todo = new_todo(title, None, order, Some(parent), self.store.now());
        self.act(list, vec![Action::CreateTodo(todo)])
    }

    /// Moves a todo to a place among its siblings.
    pub(crate) fn move_todo(self, list: ListId, id: TodoId, before: Option<TodoId>) -> bool {
        self.ui.acting(self.store.now());
        self.told(self.store.move_todo(list, id, before))
    }

    /// Moves a list to a place among the others.
    pub(crate) fn move_list(self, list: ListId, before: Option<ListId>) -> bool {
        self.ui.acting(self.store.now());
        self.told(self.store.move_list(list, before))
    }

    pub(crate) fn create_list(self, title: &str, colour: Colour) -> Option<ListId> {
        let list = ListId::fresh();
        let order = self.store.last_list_order()?;
        let new = NewList { title: one_line(title), colour, order, created_at: self.store.now() };
        self.act(list, vec![Action::CreateList(new)]).then_some(list)
    }

    pub(crate) fn edit_list(self, list: ListId, patch: ListPatch) -> bool {
        self.act(list, vec![Action::EditList(patch)])
    }

    /// Puts a list away, with some seconds to take it back.
    pub(crate) fn archive(self, list: ListId) {
        let Some(view) = self.store.list_now(list) else { return };
        let set = move |archived| {
            self.edit_list(list, ListPatch { archived: Some(archived), ..ListPatch::default() })
        };
        if view.list.archived {
            set(false);
        } else if set(true) {
            self.ui.toast_with(words::archived(&view.list.title), words::UNDO, move || {
                set(false);
            });
        }
    }

    /// The user's inbox: where a todo goes that was added outside a list.
    pub(crate) fn inbox(self) -> Option<ListId> {
        let account = self.store.account().get_untracked()?;
        Some(ListId::inbox(account.id))
    }

    /// What makes the inbox, if it is meant and there is none.
    fn inbox_if_missing(self, list: ListId) -> Option<Action> {
        if self.inbox() != Some(list) || self.store.list_now(list).is_some() {
            return None;
        }
        let order = self.store.last_list_order()?;
        let (title, created_at) = (words::INBOX.into(), self.store.now());
        Some(Action::CreateList(NewList { title, colour: Colour::Grey, order, created_at }))
    }
}

fn new_todo(
    title: String,
    due: Option<Day>,
    order: OrderKey,
    parent: Option<TodoId>,
    now: Timestamp,
) -> NewTodo {
    let id = TodoId::fresh();
    NewTodo { id, parent, title, notes: String::new(), done_at: None, due, order, created_at: now }
}

/// A title as it is kept: one line, no space around it.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number from 0 to 2^53")]
pub(crate) fn entropy() -> u64 {
    (js_sys::Math::random() * 9_007_199_254_740_992.0) as u64
}
