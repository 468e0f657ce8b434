//! The media of lists. Whether a caller may do something with one is the list's to say, and every operation asks
//! it of the list that the media item really is in.

mod commit;
mod confirm;
mod purge;
mod read;
mod upload;

use std::sync::Arc;

use domain::{
    id::{ListId, MediaId},
    time::Timestamp,
};
use platform::{Clock, Key, Pokes, StorageError, Table, blob::Blobs, list::ListStore};
use tokio::sync::Notify;

pub(crate) use commit::COUNTER;
pub use purge::purge_list;
pub use read::Usage;
pub use upload::{PART_BYTES, SINGLE_BYTES, Target};

use crate::{access::Access, row::Row};

/// A handle on all media; clones share it.
#[derive(Clone)]
pub struct Medias {
    pub(crate) store: ListStore,
    pub(crate) blobs: Blobs,
    pub(crate) access: Access,
    /// Wakes whoever does the work.
    pub(crate) work: Arc<Notify>,
}

impl Medias {
    /// The media in this table, with their files in this storage.
    #[must_use]
    pub fn new(
        table: Table,
        clock: Arc<dyn Clock>,
        pokes: Arc<dyn Pokes>,
        blobs: Blobs,
        access: Access,
    ) -> Self {
        Self { store: ListStore::new(table, clock, pokes), blobs, access, work: Arc::default() }
    }

    pub(crate) fn table(&self) -> &Table {
        self.store.table()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.store.now()
    }

    /// A media item's row, a deleted one's too. Whoever asks has asked the list before.
    pub(crate) async fn row(&self, list: ListId, id: MediaId) -> Result<Option<Row>, StorageError> {
        let found = self.table().get(&Key::media(list, id)).await?;
        found.map(|item| Row::from_item(list, &item)).transpose()
    }
}

impl std::fmt::Debug for Medias {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Medias").finish_non_exhaustive()
    }
}
