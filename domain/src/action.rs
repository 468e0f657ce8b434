//! Every change a user can make, as data. An action names the fields it changes, so that fields changed
//! by another device survive.

use serde::{Deserialize, Serialize};

use crate::{
    colour::Colour,
    id::{ListId, MediaId, MutationId, TodoId},
    media::{MediaKind, Rotation},
    order::OrderKey,
    time::{Day, Timestamp},
};

/// Changes to one list that are sent, and take effect or not, in one piece: one version, one transaction.
/// Single actions in it may still be refused; see [`Outcome`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Chosen by the client; sending the same batch again has no further effect.
    pub id: MutationId,
    /// The list that every action is about.
    pub list: ListId,
    /// At least one, at most [`crate::limits::ACTIONS_PER_BATCH`]. Either all are about media or none is: each
    /// sort has a rule of its own, and on the server a place of its own.
    pub actions: Vec<Action>,
}

/// One change to one list, to a todo in it or to its media.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Action {
    /// Make the list.
    CreateList(NewList),
    /// Change some of the list's fields.
    EditList(ListPatch),
    /// Delete the list and all in it, for good.
    DeleteList,
    /// Make a todo.
    CreateTodo(NewTodo),
    /// Change some fields of a todo.
    EditTodo {
        /// Which todo.
        id: TodoId,
        /// What changes.
        patch: TodoPatch,
    },
    /// Delete a todo; it can be restored until its tombstone goes.
    DeleteTodo {
        /// Which todo.
        id: TodoId,
        /// When, by the clock of the device.
        at: Timestamp,
    },
    /// Take back a deletion.
    RestoreTodo {
        /// Which todo.
        id: TodoId,
    },
    /// Put a photo or a video on a todo. Its file follows by itself.
    AddMedia(NewMedia),
    /// Change some fields of a media item.
    EditMedia {
        /// Which one.
        id: MediaId,
        /// What changes.
        patch: MediaPatch,
    },
    /// Delete a media item, for good.
    DeleteMedia {
        /// Which one.
        id: MediaId,
        /// When, by the clock of the device.
        at: Timestamp,
    },
    /// Try once more what failed; of a media item that did not fail nothing changes.
    RetryMedia {
        /// Which one.
        id: MediaId,
    },
}

impl Action {
    /// Whether it is about media, and goes with others of its sort only.
    #[must_use]
    pub const fn is_media(&self) -> bool {
        match self {
            Self::AddMedia(_)
            | Self::EditMedia { .. }
            | Self::DeleteMedia { .. }
            | Self::RetryMedia { .. } => true,
            Self::CreateList(_)
            | Self::EditList(_)
            | Self::DeleteList
            | Self::CreateTodo(_)
            | Self::EditTodo { .. }
            | Self::DeleteTodo { .. }
            | Self::RestoreTodo { .. } => false,
        }
    }
}

impl Batch {
    /// Whether it is one of media actions; see [`Batch::actions`].
    #[must_use]
    pub fn is_media(&self) -> bool {
        self.actions.first().is_some_and(Action::is_media)
    }
}

/// The fields of a list that is being made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are those of model::List")]
pub struct NewList {
    pub title: String,
    pub colour: Colour,
    pub order: OrderKey,
    pub created_at: Timestamp,
}

/// The fields of a todo that is being made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are those of model::Todo")]
pub struct NewTodo {
    pub id: TodoId,
    pub parent: Option<TodoId>,
    pub title: String,
    pub notes: String,
    pub done_at: Option<Timestamp>,
    pub due: Option<Day>,
    pub order: OrderKey,
    pub created_at: Timestamp,
}

/// The fields of a media item that is being added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are those of media::Media")]
pub struct NewMedia {
    pub id: MediaId,
    pub todo: TodoId,
    pub kind: MediaKind,
    pub name: String,
    pub content_type: String,
    pub bytes: u64,
    pub order: OrderKey,
    pub created_at: Timestamp,
}

/// Changes to a list: a field that is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "the fields are those of model::List")]
pub struct ListPatch {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub colour: Option<Colour>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderKey>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
}

/// Changes to a todo: a field that is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "the fields are those of model::Todo")]
pub struct TodoPatch {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// `Set(None)` makes the todo open again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done_at: Option<Set<Timestamp>>,
    /// `Set(None)` takes the due date away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Set<Day>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderKey>,
}

/// Changes to a media item: a field that is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "the fields are those of media::Media")]
pub struct MediaPatch {
    /// An empty text takes the caption away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderKey>,
    /// Another rotation is a reason to process the file again; what was shown before stays until then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotation: Option<Rotation>,
}

/// A new value for a field that may also be empty. A type of its own because JSON can't tell
/// `Some(None)` from `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Set<T> {
    /// The value, or nothing to make the field empty.
    pub to: Option<T>,
}

/// What became of one action of a batch, in the batch's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// It took effect, or had already.
    Applied,
    /// It was refused and changed nothing.
    Refused(crate::error::Code),
}
