//! What the screens can do to lists and todos.

use domain::{
    action::Action,
    error::Code,
    id::{ListId, TodoId},
    order::OrderKey,
    time::Timestamp,
};

use super::Store;

impl Store {
    /// Makes changes to one list: they show at once, are kept on this device and sent when there is a
    /// connection. Use [`domain::id::ListId::fresh`] and [`Action::CreateList`] for a new list.
    ///
    /// # Errors
    /// Why the first offending action is not allowed (a limit, no right to write, no such list). Nothing
    /// changes then.
    pub fn act(self, _list: ListId, _actions: Vec<Action>) -> Result<(), Code> {
        Err(Code::Unavailable)
    }

    /// The order key of a new todo: after all others of the list, or of the parent's subtasks.
    #[must_use]
    pub fn last_todo_order(self, _list: ListId, _parent: Option<TodoId>) -> Option<OrderKey> {
        None
    }

    /// The order key of a new list: after all others.
    #[must_use]
    pub fn last_list_order(self) -> Option<OrderKey> {
        None
    }

    /// Puts a todo directly before another of the same level (or last, where `before` is `None`).
    ///
    /// # Errors
    /// As [`Store::act`].
    pub fn move_todo(self, _list: ListId, _todo: TodoId, _before: Option<TodoId>) -> Result<(), Code> {
        Err(Code::Unavailable)
    }

    /// Puts a list directly before another (or last, where `before` is `None`).
    ///
    /// # Errors
    /// As [`Store::act`].
    pub fn move_list(self, _list: ListId, _before: Option<ListId>) -> Result<(), Code> {
        Err(Code::Unavailable)
    }

    /// The time by this device's clock.
    #[must_use]
    pub fn now(self) -> Timestamp {
        Timestamp(0)
    }

    /// Tries the server now rather than when the back-off says.
    pub fn sync_now(self) {}
}
