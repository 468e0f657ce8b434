//! Reading media, and giving access to their files.

use domain::{
    error::Code,
    id::{ListId, MediaId, TodoId, UserId},
    limits::QUOTA_BYTES,
    media::Media,
    model::Access,
};
use platform::{Key, StorageError, list::ListError};

use super::{Medias, commit::COUNTER};
use crate::{
    access::Grant,
    error::MediaError,
    row::{Row, album},
};

/// Lists whose files one request may ask access to.
const LISTS: usize = 100;

/// How much of the quota a user has used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Bytes of all live media in the user's own lists.
    pub bytes: u64,
    /// Bytes that there may be.
    pub quota: u64,
}

impl Medias {
    /// Those of a list's media that are there, tombstones included, in no order.
    ///
    /// # Errors
    /// [`Code::NotFound`] for a list that the caller has no part in.
    pub async fn media(
        &self,
        caller: UserId,
        list: ListId,
        ids: &[MediaId],
    ) -> Result<Vec<Media>, ListError> {
        self.store.find(caller, list, Access::Read).await?;
        Ok(self.rows(list, ids).await?.into_iter().map(|row| row.media).collect())
    }

    /// The live media of todos of one list, each todo's in order.
    ///
    /// # Errors
    /// [`Code::NotFound`] for a list that the caller has no part in.
    pub async fn of_todos(
        &self,
        caller: UserId,
        list: ListId,
        todos: &[TodoId],
    ) -> Result<Vec<Media>, ListError> {
        self.store.find(caller, list, Access::Read).await?;
        let keys: Vec<Key> = todos.iter().map(|todo| Key::album(list, *todo)).collect();
        let mut ids = Vec::new();
        for item in self.table().get_many(&keys).await? {
            ids.extend(album(&item)?);
        }
        let rows = self.rows(list, &ids).await?.into_iter();
        let mut media: Vec<Media> = rows.map(|row| row.media).filter(Media::is_live).collect();
        media.sort_by(|a, b| (&a.order, a.id).cmp(&(&b.order, b.id)));
        Ok(media)
    }

    /// How much of the quota a user has used.
    ///
    /// # Errors
    /// [`Code::SessionEnded`] where there is no such user any more.
    pub async fn usage(&self, user: UserId) -> Result<Usage, ListError> {
        let profile = self.table().get(&Key::profile(user)).await?.ok_or(Code::SessionEnded)?;
        Ok(Usage { bytes: profile.number_if_any(COUNTER)?.unwrap_or_default(), quota: QUOTA_BYTES })
    }

    /// Access to the files of lists, for a few minutes. Lists that the caller may not see are left out, like those
    /// that don't exist: the others must not go dark because a list was deleted a moment ago.
    ///
    /// # Errors
    /// [`Code::BadInput`] for more than 100 lists.
    pub async fn grant(&self, caller: UserId, lists: &[ListId]) -> Result<Vec<(ListId, Grant)>, MediaError> {
        if lists.len() > LISTS {
            return Err(Code::BadInput.into());
        }
        let mut grants = Vec::with_capacity(lists.len());
        for list in self.store.readable(caller, lists).await? {
            grants.push((list, self.access.grant(list, self.now()).await?));
        }
        Ok(grants)
    }

    pub(crate) async fn rows(&self, list: ListId, ids: &[MediaId]) -> Result<Vec<Row>, StorageError> {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        ids.dedup();
        let keys: Vec<Key> = ids.into_iter().map(|id| Key::media(list, id)).collect();
        let items = self.table().get_many(&keys).await?;
        items.iter().map(|item| Row::from_item(list, item)).collect()
    }
}
