//! Removing what deleted users and deleted lists leave behind, in every room that keeps something of theirs. It may
//! be stopped anywhere and run by several at once: what is still to be done stands in the table until it is done.

use media::Medias;
use platform::{Partition, Range, Table, list::ListError};
use todo::Lists;

/// How many were removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Purged {
    /// Lists of which nothing is left but the id.
    pub lists: usize,
    /// Users whose lists are deleted.
    pub users: usize,
}

/// Removes everything that waits to be removed.
///
/// # Errors
/// Where the table does not answer; run it again then.
pub async fn purge(table: &Table, lists: &Lists, medias: &Medias) -> Result<Purged, ListError> {
    let mut purged = Purged::default();
    for note in table.all(Partition::Purge, Range::Users).await? {
        lists.purge_user(note.id()?).await?;
        table.delete(note.key().clone(), None).await?;
        purged.users += 1;
    }
    for note in table.all(Partition::Purge, Range::Lists).await? {
        medias.purge_list(note.id()?).await?;
        lists.purge_list(note.id()?).await?;
        table.delete(note.key().clone(), None).await?;
        purged.lists += 1;
    }
    Ok(purged)
}
