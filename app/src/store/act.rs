//! What the screens can do to lists and todos.

use domain::{
    action::{Action, ListPatch, TodoPatch},
    error::Code,
    id::{ListId, TodoId},
    order::{OrderKey, place},
    sync::{Replica, check},
    time::Timestamp,
};
use std::sync::Arc;

use super::{
    Store,
    engine::browser::{entropy, now},
    types::{Connection, NoticeId},
    watch::Topic,
};

impl Store {
    /// Makes changes to one list: they show at once, are kept on this device and sent when there is a
    /// connection. A change that turns out not to be allowed (no room in the list, no right to write) is left
    /// out and becomes a notice.
    ///
    /// # Errors
    /// The first text that is empty or too long; nothing changes then.
    pub fn act(self, list: ListId, actions: Vec<Action>) -> Result<(), Code> {
        actions.iter().try_for_each(check)?;
        let live = self.engine.live().ok_or(Code::Unauthenticated)?;
        live.step(|replica| replica.act(list, actions));
        live.work();
        Ok(())
    }

    /// The user has read it.
    pub fn dismiss(self, notice: NoticeId) {
        self.watched.change(|state, touched| {
            state.own_notices.retain(|other| other.id != notice);
            touched.insert(Topic::Notices);
        });
        if let Some(live) = self.engine.live() {
            live.step(|replica| replica.dismiss(notice.0));
        }
    }

    /// The order key of a new todo: after all others of the list, or of the parent's subtasks.
    #[must_use]
    pub fn last_todo_order(self, list: ListId, parent: Option<TodoId>) -> Option<OrderKey> {
        let last = self.siblings(list, parent).last().and_then(|last| self.todo_now(list, *last));
        OrderKey::between(last.as_ref().map(|todo| &todo.order), None, entropy())
    }

    /// The order key of a new list: after all others.
    #[must_use]
    pub fn last_list_order(self) -> Option<OrderKey> {
        let last = self.lists_now().last().and_then(|last| self.list_now(*last));
        OrderKey::between(last.as_ref().map(|view| &view.list.order), None, entropy())
    }

    /// Puts a todo directly before another of the same level (or last, where `before` is `None`).
    ///
    /// # Errors
    /// As [`Store::act`], and `NOT_FOUND` where the todo is not there any more.
    pub fn move_todo(self, list: ListId, todo: TodoId, before: Option<TodoId>) -> Result<(), Code> {
        let moved = self.todo_now(list, todo).ok_or(Code::NotFound)?;
        let shown_top = self.todos_now(list).contains(&todo);
        let all = self.siblings(list, moved.parent.filter(|_| !shown_top));
        let ids: Vec<_> = all.iter().copied().filter(|other| *other != todo).collect();
        let at = before.and_then(|before| ids.iter().position(|id| *id == before)).unwrap_or(ids.len());
        let todos: Vec<_> = ids.iter().filter_map(|id| self.todo_now(list, *id)).collect();
        let keys: Vec<_> = todos.iter().map(|todo| &todo.order).collect();
        let placement = place(&keys, at, entropy()).ok_or(Code::Internal)?;
        let reorder = |id, order| Action::EditTodo {
            id,
            patch: TodoPatch { order: Some(order), ..TodoPatch::default() },
        };
        let neighbours =
            placement.moved.into_iter().filter_map(|(at, key)| Some(reorder(todos.get(at)?.id, key)));
        self.act(list, neighbours.chain([reorder(todo, placement.key)]).collect())
    }

    /// Puts a list directly before another (or last, where `before` is `None`).
    ///
    /// # Errors
    /// As [`Store::act`].
    pub fn move_list(self, list: ListId, before: Option<ListId>) -> Result<(), Code> {
        let ids: Vec<_> = self.lists_now().iter().copied().filter(|other| *other != list).collect();
        let at = before.and_then(|before| ids.iter().position(|id| *id == before)).unwrap_or(ids.len());
        let views: Vec<_> = ids.iter().filter_map(|id| self.list_now(*id)).collect();
        let keys: Vec<_> = views.iter().map(|view| &view.list.order).collect();
        let placement = place(&keys, at, entropy()).ok_or(Code::Internal)?;
        let reorder = |list, order| {
            self.act(list, vec![Action::EditList(ListPatch { order: Some(order), ..ListPatch::default() })])
        };
        for (at, key) in placement.moved {
            if let Some(view) = views.get(at) {
                reorder(view.list.id, key)?;
            }
        }
        reorder(list, placement.key)
    }

    /// The time by this device's clock.
    #[must_use]
    pub fn now(self) -> Timestamp {
        now()
    }

    /// Whether what the action makes was made before, as far as this device knows; it may be deleted since.
    #[must_use]
    pub fn has_made(self, list: ListId, action: &Action) -> bool {
        let has_made = |replica: &Replica| match action {
            Action::CreateList(_) => replica.list(list).is_some(),
            Action::CreateTodo(new) => replica.todo(list, new.id).is_some(),
            _ => false,
        };
        self.engine.live().and_then(|live| live.ask(has_made)).unwrap_or_default()
    }

    /// Leaves [`Phase::Missing`](super::Phase::Missing): fetches the code again.
    pub fn try_again(self) {
        self.engine.try_again();
    }

    /// The user asks what is new: [`Connection::Syncing`](super::Connection::Syncing) until the server has answered.
    pub fn refresh(self) {
        if let Some(live) = self.engine.live() {
            live.show(Connection::Syncing);
            live.sync_now();
        }
    }

    /// Tries the server now rather than when the back-off says.
    pub fn sync_now(self) {
        if let Some(live) = self.engine.live() {
            live.sync_now();
        }
    }

    fn siblings(self, list: ListId, parent: Option<TodoId>) -> Arc<Vec<TodoId>> {
        match parent {
            Some(parent) => self.subtasks_now(list, parent),
            None => self.todos_now(list),
        }
    }
}
