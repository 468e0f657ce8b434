//! What a replica writes down, and what it tells the screen.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::protocol::Cursor;
use crate::{
    action::Action,
    error::Code,
    id::{EntryId, IdSet, ListId, MediaId, MutationId, TodoId},
    media::Media,
    model::{List, Role, Todo, Version},
};

/// One row put into or taken out of the device's storage. The writes of one [`Step`] take effect together or
/// not at all. A replica is the sum of the rows: reading them all back restores it, and applying another tab's
/// writes keeps it in step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Write {
    /// Put a list's own row, by the list's id.
    PutList(ListRecord),
    /// Take away a list's row and those of all its todos and media. The outbox has writes of its own.
    DropList(ListId),
    /// Put a todo's row, by the ids of its list and its own.
    PutTodo(Todo),
    /// Put a media item's row, by the ids of its list and its own.
    PutMedia(Media),
    /// Take away the rows of all todos and media of a list.
    DropItems(ListId),
    /// Put an outbox row, by the entry's id.
    PutEntry(Entry),
    /// Take away an outbox row.
    DropEntry(EntryId),
    /// Put a refusal's row, by its id.
    PutRefusal(Refusal),
    /// Take away a refusal's row.
    DropRefusal(EntryId),
}

impl Write {
    /// Some writes in the form in which a device stores them.
    ///
    /// # Errors
    /// None that is known: every write has such a form.
    pub fn to_bytes(writes: &[Self]) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(writes)
    }

    /// The writes that [`Write::to_bytes`] made these bytes of.
    ///
    /// # Errors
    /// Where it did not.
    pub fn from_bytes(bytes: &[u8]) -> serde_json::Result<Vec<Self>> {
        serde_json::from_slice(bytes)
    }
}

/// What the server said last about a list, and how far the replica has come in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListRecord {
    /// Its fields.
    pub list: List,
    /// What this user may do with it.
    pub role: Role,
    /// Which of its changes are here.
    pub cursor: Cursor,
}

/// One change that the user made and the replica does not have from the server yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Sorts by when the change was made.
    pub id: EntryId,
    /// The list it is about.
    pub list: ListId,
    /// The change.
    pub action: Action,
    /// How far it got.
    pub stage: Stage,
}

/// How far an outbox entry got, in the order in which entries lie over what the server said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// It took effect at this version, which the replica has not reached yet.
    Acknowledged(Version),
    /// It is in a batch that was perhaps sent; until the answer comes, the batch is only ever sent again as it is.
    Sealed(MutationId),
    /// It waits to be sent.
    Pending,
}

/// A change that was taken back because the server, or a limit, said no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The id of the entry it was.
    pub id: EntryId,
    /// The list it was about.
    pub list: ListId,
    /// What the list was called when it happened, where that is known.
    pub list_title: Option<String>,
    /// The change, with all that the user had typed.
    pub action: Action,
    /// Why.
    pub code: Code,
}

/// What an operation on a replica did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use = "the writes have to be stored, or the device forgets them"]
pub struct Step {
    /// To be stored, all or none, and only then told to other tabs.
    pub writes: Vec<Write>,
    /// What looks different now.
    pub touched: Touched,
}

/// What looks different after a [`Step`]: exactly these things, so that a screen redraws no more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Touched {
    /// [`super::Replica::lists`] or [`super::Replica::archived`].
    pub lists: bool,
    /// [`super::Replica::list`] of these.
    pub list: BTreeSet<ListId>,
    /// [`super::Replica::todos`] of these lists: which todos there are at the top level, and in what order.
    pub order: BTreeSet<ListId>,
    /// [`super::Replica::open_todos`] of these lists.
    pub open: BTreeSet<ListId>,
    /// [`super::Replica::todo`] of these.
    pub todos: IdSet<(ListId, TodoId)>,
    /// [`super::Replica::subtasks`] of these.
    pub subtasks: IdSet<(ListId, TodoId)>,
    /// [`super::Replica::progress`] of these.
    pub progress: IdSet<(ListId, TodoId)>,
    /// [`super::Replica::today`].
    pub today: bool,
    /// [`super::Replica::is_unsaved`] of these todos.
    pub unsaved: IdSet<(ListId, TodoId)>,
    /// [`super::Replica::media_item`] of these.
    pub media: IdSet<(ListId, MediaId)>,
    /// [`super::Replica::media`] of these todos: which media there are, and in what order.
    pub media_order: IdSet<(ListId, TodoId)>,
    /// [`super::Replica::is_media_unsaved`] of these.
    pub media_unsaved: IdSet<(ListId, MediaId)>,
    /// [`super::Replica::gallery`].
    pub gallery: bool,
    /// [`super::Replica::media_bytes`].
    pub media_bytes: bool,
    /// [`super::Replica::unsaved_count`].
    pub outbox: bool,
    /// [`super::Replica::refusals`].
    pub refusals: bool,
}

impl Touched {
    /// Adds what another step touched.
    pub fn merge(&mut self, other: Self) {
        self.lists |= other.lists;
        self.list.extend(other.list);
        self.order.extend(other.order);
        self.open.extend(other.open);
        self.todos.extend(other.todos);
        self.subtasks.extend(other.subtasks);
        self.progress.extend(other.progress);
        self.today |= other.today;
        self.unsaved.extend(other.unsaved);
        self.media.extend(other.media);
        self.media_order.extend(other.media_order);
        self.media_unsaved.extend(other.media_unsaved);
        self.gallery |= other.gallery;
        self.media_bytes |= other.media_bytes;
        self.outbox |= other.outbox;
        self.refusals |= other.refusals;
    }

    /// Whether everything looks as before.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
