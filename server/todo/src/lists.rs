//! The lists in the table. A list is only ever looked up for a caller and for what the caller wants to do, so
//! that no operation can forget to ask.

mod changes;
mod commit;
mod read;

use std::sync::Arc;

use domain::{
    error::Code,
    id::{ListId, UserId},
    model::{Access, Role},
    sync::Head,
};
use platform::{Clock, Key, Pokes, StorageError, Table};

use crate::{error::TodoError, item};

/// A handle on all lists; clones share it.
#[derive(Clone)]
pub struct Lists {
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

impl Lists {
    /// The lists in this table.
    #[must_use]
    pub fn new(table: Table, clock: Arc<dyn Clock>, pokes: Arc<dyn Pokes>) -> Self {
        Self { table, clock, pokes }
    }

    /// Looks a list up for something that the caller wants to do with it.
    ///
    /// # Errors
    /// [`Code::NotFound`] where there is no such list or the caller has no part in it, [`Code::Forbidden`] where
    /// the caller's role does not allow it.
    pub async fn find(&self, caller: UserId, list: ListId, access: Access) -> Result<Found, TodoError> {
        let (head, role) = self.load(caller, list).await?;
        let (Some(head), Some(role)) = (head.filter(|head| !head.deleted), role) else {
            return Err(Code::NotFound.into());
        };
        if role.may(access) { Ok(Found { head, role }) } else { Err(Code::Forbidden.into()) }
    }

    /// A list's head, a deleted one's too, and the caller's role.
    async fn load(&self, caller: UserId, list: ListId) -> Result<(Option<Head>, Option<Role>), StorageError> {
        let (head, membership) = (Key::head(list), Key::membership(caller, list));
        let (mut found, mut role) = (None, None);
        for item in self.table.get_many(&[head.clone(), membership]).await? {
            if *item.key() == head {
                found = Some(item::head(list, &item)?);
            } else {
                role = Some(item::role(&item)?);
            }
        }
        Ok((found, role))
    }
}

impl std::fmt::Debug for Lists {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lists").finish_non_exhaustive()
    }
}
