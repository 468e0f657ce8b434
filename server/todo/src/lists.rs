//! The lists and todos in the table. A list is only ever looked up for a caller and for what the caller wants to
//! do, so that no operation can forget to ask.

mod changes;
mod commit;
mod purge;
mod read;

use std::sync::Arc;

use domain::{
    id::{ListId, UserId},
    model::Access,
};
use platform::{
    Clock, Pokes, Table,
    list::{Found, ListError, ListStore},
};

pub use changes::Changes;

/// A handle on all lists; clones share it.
#[derive(Debug, Clone)]
pub struct Lists {
    store: ListStore,
}

impl Lists {
    /// The lists in this table.
    #[must_use]
    pub fn new(table: Table, clock: Arc<dyn Clock>, pokes: Arc<dyn Pokes>) -> Self {
        Self { store: ListStore::new(table, clock, pokes) }
    }

    /// As [`ListStore::find`].
    ///
    /// # Errors
    /// The same.
    pub async fn find(&self, caller: UserId, list: ListId, access: Access) -> Result<Found, ListError> {
        self.store.find(caller, list, access).await
    }
}
