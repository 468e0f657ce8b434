//! What the screens can look at. Each signal changes only when the thing it names changes; each `…_now`
//! is the same thing once, for event handlers.

use std::sync::Arc;

use domain::{
    id::{ListId, TodoId},
    model::Todo,
    sync::ListView,
    time::Day,
};
use leptos::prelude::Signal;

use super::{
    Store,
    types::{Account, Connection, Notice, Phase},
    watch::Topic,
};

impl Store {
    /// How far the store has come.
    #[must_use]
    pub fn phase(self) -> Signal<Phase> {
        self.watched.signal(Topic::Account, |state| state.phase)
    }

    /// Who is signed in.
    #[must_use]
    pub fn account(self) -> Signal<Option<Account>> {
        self.watched.signal(Topic::Account, |state| state.account.clone())
    }

    /// How this device and the server get on.
    #[must_use]
    pub fn connection(self) -> Signal<Connection> {
        self.watched.signal(Topic::Connection, |state| state.connection)
    }

    /// What the user must be told, oldest first.
    #[must_use]
    pub fn notices(self) -> Signal<Arc<Vec<Notice>>> {
        self.watched.signal(Topic::Notices, |state| state.notices())
    }

    /// Today's date where the user is; `None` only while prerendering. It changes at midnight.
    #[must_use]
    pub fn day(self) -> Signal<Option<Day>> {
        self.watched.signal(Topic::Day, |state| state.day.map(|today| today.day))
    }

    /// The lists that are not archived, in order.
    #[must_use]
    pub fn lists(self) -> Signal<Arc<Vec<ListId>>> {
        self.watched.signal(Topic::Lists, |state| state.lists())
    }

    /// The archived lists, in order.
    #[must_use]
    pub fn archived(self) -> Signal<Arc<Vec<ListId>>> {
        self.watched.signal(Topic::Lists, |state| state.archived())
    }

    /// A list's own fields.
    #[must_use]
    pub fn list(self, list: ListId) -> Signal<Option<ListView>> {
        self.watched.signal(Topic::List(list), move |state| state.list(list))
    }

    /// The list's todos that are no subtasks and not deleted, open and done, in order.
    #[must_use]
    pub fn todos(self, list: ListId) -> Signal<Arc<Vec<TodoId>>> {
        self.watched.signal(Topic::Todos(list), move |state| state.todos(list))
    }

    /// A todo's subtasks that are not deleted, in order.
    #[must_use]
    pub fn subtasks(self, list: ListId, parent: TodoId) -> Signal<Arc<Vec<TodoId>>> {
        self.watched.signal(Topic::Subtasks(list, parent), move |state| state.subtasks(list, parent))
    }

    /// A todo; `None` where it is deleted or not known.
    #[must_use]
    pub fn todo(self, list: ListId, todo: TodoId) -> Signal<Option<Todo>> {
        self.watched.signal(Topic::Todo(list, todo), move |state| state.todo(list, todo))
    }

    /// How many of a todo's subtasks are done, and how many there are.
    #[must_use]
    pub fn progress(self, list: ListId, todo: TodoId) -> Signal<(usize, usize)> {
        self.watched.signal(Topic::Progress(list, todo), move |state| state.progress(list, todo))
    }

    /// How many top-level todos of the list are open.
    #[must_use]
    pub fn open_count(self, list: ListId) -> Signal<usize> {
        self.watched.signal(Topic::OpenCount(list), move |state| state.open_todos(list).len())
    }

    /// The open ones among [`Store::todos`].
    #[must_use]
    pub fn open_todos(self, list: ListId) -> Signal<Arc<Vec<TodoId>>> {
        self.watched.signal(Topic::OpenCount(list), move |state| state.open_todos(list))
    }

    /// Open todos due today or before, and those finished today, by due date; archived lists left out.
    #[must_use]
    pub fn today(self) -> Signal<Arc<Vec<(ListId, TodoId)>>> {
        self.watched.signal(Topic::Today, |state| state.today())
    }

    /// Whether some change to the todo has not reached the server.
    #[must_use]
    pub fn unsaved_todo(self, list: ListId, todo: TodoId) -> Signal<bool> {
        self.watched.signal(Topic::Unsaved(list, todo), move |state| state.is_unsaved(list, todo))
    }

    /// How many changes have not reached the server.
    #[must_use]
    pub fn unsaved_count(self) -> Signal<usize> {
        self.watched.signal(Topic::UnsavedCount, |state| state.unsaved_count())
    }

    /// [`Store::list`], once.
    #[must_use]
    pub fn list_now(self, list: ListId) -> Option<ListView> {
        self.watched.now(|state| state.list(list)).flatten()
    }

    /// [`Store::lists`], once.
    #[must_use]
    pub fn lists_now(self) -> Arc<Vec<ListId>> {
        self.watched.now(|state| state.lists()).unwrap_or_default()
    }

    /// [`Store::todos`], once.
    #[must_use]
    pub fn todos_now(self, list: ListId) -> Arc<Vec<TodoId>> {
        self.watched.now(|state| state.todos(list)).unwrap_or_default()
    }

    /// [`Store::subtasks`], once.
    #[must_use]
    pub fn subtasks_now(self, list: ListId, parent: TodoId) -> Arc<Vec<TodoId>> {
        self.watched.now(|state| state.subtasks(list, parent)).unwrap_or_default()
    }

    /// [`Store::todo`], once.
    #[must_use]
    pub fn todo_now(self, list: ListId, todo: TodoId) -> Option<Todo> {
        self.watched.now(|state| state.todo(list, todo)).flatten()
    }

    /// Whether a todo is there and open, once.
    #[must_use]
    pub fn is_open_now(self, list: ListId, todo: TodoId) -> bool {
        self.watched.now(|state| state.is_open(list, todo)).unwrap_or_default()
    }

    /// The first `limit` top-level todos of the list whose title `fits`, with their titles, once.
    #[must_use]
    pub fn find_now(self, list: ListId, limit: usize, fits: impl Fn(&str) -> bool) -> Vec<(TodoId, String)> {
        self.watched.now(|state| state.find(list, limit, fits)).unwrap_or_default()
    }
}
