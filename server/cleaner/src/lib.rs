//! Removing what deleted users and deleted lists leave behind, in every room that keeps something of theirs. It may
//! be stopped anywhere and run by several at once: what is still to be done stands in the table until it is done.

use std::sync::Arc;

use platform::{
    Clock, Partition, Pokes, Range, Table,
    list::{ListError, ListStore},
};
use todo::Lists;

/// How many were removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Removed {
    /// Lists of which nothing is left but the id.
    pub lists: usize,
    /// Users of whom nothing is left, and whose lists are deleted.
    pub users: usize,
}

/// Removes what waits to be removed from a table.
#[derive(Debug, Clone)]
pub struct Cleaner {
    table: Table,
    lists: Lists,
    store: ListStore,
}

impl Cleaner {
    /// For this table. `pokes` tells members of lists that are gone with their owner.
    #[must_use]
    pub fn new(table: Table, clock: Arc<dyn Clock>, pokes: Arc<dyn Pokes>) -> Self {
        let lists = Lists::new(table.clone(), Arc::clone(&clock), Arc::clone(&pokes));
        Self { lists, store: ListStore::new(table.clone(), clock, pokes), table }
    }

    /// Removes everything that waits to be removed. Files of media are noted as work, and go when that is done.
    ///
    /// # Errors
    /// Where the table does not answer; run it again then.
    pub async fn clean(&self) -> Result<Removed, ListError> {
        let mut removed = Removed::default();
        for note in self.table.all(Partition::Purge, Range::Users).await? {
            let user = note.id()?;
            account::purge_user(&self.table, user).await?;
            self.lists.purge_user(user).await?;
            self.table.delete(note.key().clone(), None).await?;
            removed.users += 1;
        }
        for note in self.table.all(Partition::Purge, Range::Lists).await? {
            let list = note.id()?;
            media::purge_list(&self.store, list).await?;
            self.lists.purge_list(list).await?;
            self.table.delete(note.key().clone(), None).await?;
            removed.lists += 1;
        }
        if removed != Removed::default() {
            tracing::info!(lists = removed.lists, users = removed.users, "removed what was deleted");
        }
        Ok(removed)
    }
}
