//! What a user keeps: lists and todos.

use serde::{Deserialize, Serialize};

use crate::{
    colour::Colour,
    id::{ListId, TodoId},
    order::OrderKey,
    time::{Day, Timestamp},
};

/// A place in a list's history; it only grows. Version 0 is before the list was created.
pub type Version = u64;

/// A list of todos.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// Its name to the system.
    pub id: ListId,
    /// Its name to people; never empty.
    pub title: String,
    /// The colour it is drawn in.
    pub colour: Colour,
    /// Its place among the user's lists; equal keys go by id.
    pub order: OrderKey,
    /// Put away: kept, but out of the sidebar.
    pub archived: bool,
    /// When it was made, by the clock of the device that made it.
    pub created_at: Timestamp,
}

/// A todo, or with a parent a subtask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Todo {
    /// Its name to the system.
    pub id: TodoId,
    /// The list it is in.
    pub list: ListId,
    /// The todo that this is a subtask of; fixed when it is made. Where the parent is not there any more,
    /// the subtask shows as a todo of its own, so that nothing typed into it is lost.
    pub parent: Option<TodoId>,
    /// What is to be done; never empty.
    pub title: String,
    /// Markdown.
    pub notes: String,
    /// When it was ticked off, if it was.
    pub done_at: Option<Timestamp>,
    /// The day it is due.
    pub due: Option<Day>,
    /// Its place in the list, or among the parent's subtasks; equal keys go by id.
    pub order: OrderKey,
    /// When it was made, by the clock of the device that made it.
    pub created_at: Timestamp,
    /// When it was deleted, if it was. A deleted todo is kept as a tombstone for
    /// [`crate::limits::HORIZON_DAYS`] days and can be restored meanwhile.
    pub deleted_at: Option<Timestamp>,
}

impl Todo {
    /// Whether it is there for the user, rather than deleted.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        self.deleted_at.is_none()
    }
}

/// What a caller may do with a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// May do everything, deleting the list included.
    Owner,
    /// May change todos and the list's own fields.
    Editor,
    /// May look.
    Viewer,
}

/// What a caller wants to do with a list; looking one up always names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Access {
    /// See the list and its todos.
    Read,
    /// Change the list's fields and its todos.
    Write,
    /// Delete the list.
    Own,
}

impl Role {
    /// Whether someone of this role may do that.
    #[must_use]
    pub const fn may(self, access: Access) -> bool {
        match self {
            Self::Owner => true,
            Self::Editor => matches!(access, Access::Read | Access::Write),
            Self::Viewer => matches!(access, Access::Read),
        }
    }
}
