//! What every subgraph needs of a list: to find it, for a caller and for what the caller wants to do, and to
//! write to it in the one way that keeps its history whole. A list is the unit of access and of sync, so whatever
//! hangs on one (todos, media) is read and written through here.

mod change;
mod error;
mod item;
mod write;

use std::{collections::BTreeSet, sync::Arc};

use domain::{
    error::Code,
    id::{ListId, UserId},
    model::{Access, Role},
    sync::Head,
    time::Timestamp,
};

pub use change::Change;
pub use error::ListError;
pub use item::{expiry, head, head_item, role, role_item};

use crate::{Clock, Key, Pokes, StorageError, Table};

/// The lists in the table; clones share it.
#[derive(Clone)]
pub struct ListStore {
    table: Table,
    clock: Arc<dyn Clock>,
    pokes: Arc<dyn Pokes>,
}

/// A list that the caller may do something with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The list.
    pub head: Head,
    /// The caller's role in it.
    pub role: Role,
}

impl ListStore {
    /// The lists in this table. `pokes` tells the members' devices of what is written.
    #[must_use]
    pub fn new(table: Table, clock: Arc<dyn Clock>, pokes: Arc<dyn Pokes>) -> Self {
        Self { table, clock, pokes }
    }

    /// The table that the lists are in.
    #[must_use]
    pub const fn table(&self) -> &Table {
        &self.table
    }

    /// The present instant.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Looks a list up for something that the caller wants to do with it.
    ///
    /// # Errors
    /// [`Code::NotFound`] where there is no such list or the caller has no part in it, [`Code::Forbidden`] where
    /// the caller's role does not allow it.
    pub async fn find(&self, caller: UserId, list: ListId, access: Access) -> Result<Found, ListError> {
        let (head, role) = self.load(caller, list).await?;
        let (Some(head), Some(role)) = (head.filter(|head| !head.deleted), role) else {
            return Err(Code::NotFound.into());
        };
        if role.may(access) { Ok(Found { head, role }) } else { Err(Code::Forbidden.into()) }
    }

    /// Those of the lists that the caller may see, by id, each once.
    ///
    /// # Errors
    /// Where the table does not answer.
    pub async fn readable(&self, caller: UserId, lists: &[ListId]) -> Result<Vec<ListId>, StorageError> {
        let lists: BTreeSet<ListId> = lists.iter().copied().collect();
        let keys: Vec<Key> =
            lists.iter().flat_map(|list| [Key::head(*list), Key::membership(caller, *list)]).collect();
        let items = self.table.get_many(&keys).await?;
        let mut readable = Vec::new();
        for list in lists {
            let of = |key: Key| items.iter().find(|item| *item.key() == key);
            let (Some(found), Some(part)) = (of(Key::head(list)), of(Key::membership(caller, list))) else {
                continue;
            };
            if !head(list, found)?.deleted && role(part)?.may(Access::Read) {
                readable.push(list);
            }
        }
        Ok(readable)
    }

    /// A list's head, a deleted one's too, and the caller's role: for the rules that decide on a batch. Everything
    /// else asks [`Self::find`].
    ///
    /// # Errors
    /// Where the table does not answer.
    pub async fn load(
        &self,
        caller: UserId,
        list: ListId,
    ) -> Result<(Option<Head>, Option<Role>), StorageError> {
        let (key, membership) = (Key::head(list), Key::membership(caller, list));
        let (mut found, mut part) = (None, None);
        for item in self.table.get_many(&[key.clone(), membership]).await? {
            if *item.key() == key {
                found = Some(head(list, &item)?);
            } else {
                part = Some(role(&item)?);
            }
        }
        Ok((found, part))
    }

    /// A list's head, a deleted one's too: for what the server does by itself, for no caller.
    ///
    /// # Errors
    /// Where the table does not answer.
    pub async fn head(&self, list: ListId) -> Result<Option<Head>, StorageError> {
        self.table.get(&Key::head(list)).await?.map(|item| head(list, &item)).transpose()
    }
}

impl std::fmt::Debug for ListStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ListStore").finish_non_exhaustive()
    }
}
