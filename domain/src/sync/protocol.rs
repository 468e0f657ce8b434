//! What travels between a device and the server, besides batches.

use serde::{Deserialize, Serialize};

use crate::{
    action::Outcome,
    error::Code,
    id::{ListId, MutationId},
    media::Media,
    model::{List, Role, Todo, Version},
};

/// The answer to a batch. The same batch sent again gets the same answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// The batch's id.
    pub batch: MutationId,
    /// Its list.
    pub list: ListId,
    /// The list's version after the batch: a replica at this version has seen its effects.
    pub version: Version,
    /// One for each action, in order.
    pub outcomes: Vec<Outcome>,
}

/// A list as a device asks after it first, to see what moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListHead {
    /// Which list.
    pub list: ListId,
    /// Where it is.
    pub version: Version,
    /// What the caller may do with it.
    pub role: Role,
}

/// How far a replica has come in a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// Every change up to this version is in the replica.
    pub since: Version,
    /// Every deletion up to this version is of no concern to the replica. It lags behind `since` while an
    /// update walks through pages, and runs ahead of it while a list is loaded from its beginning. The server
    /// compares it, not `since`, with what it has forgotten.
    pub anchor: Version,
}

/// A page to ask the server for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pull {
    /// Of which list.
    pub list: ListId,
    /// From where on.
    pub cursor: Cursor,
}

/// Changes to a list, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The list's own fields as they are now.
    pub list: List,
    /// The version that those fields have.
    pub version: Version,
    /// What the caller may do with it.
    pub role: Role,
    /// Todos that changed after the cursor, tombstones included. All that changed in one version are in one page.
    pub todos: Vec<Todo>,
    /// The same of its media.
    pub media: Vec<Media>,
    /// The cursor after this page.
    pub cursor: Cursor,
    /// Whether there are more pages.
    pub more: bool,
    /// The cursor lay before what the server still knows: the replica is loaded anew, beginning with this page.
    pub reset: bool,
}

/// The server took nothing of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rejected {
    /// The batch's id.
    pub batch: MutationId,
    /// Why.
    pub code: Code,
}
