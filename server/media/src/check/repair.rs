//! Setting one mismatch right.

use domain::{
    action::{Action, Batch},
    error::Code,
    id::{ListId, MediaId, MutationId},
    media::MediaState,
    sync::Head,
};
use platform::{
    Write,
    list::{Change, ListError},
};

use super::Mismatch;
use crate::{
    MediaError, Medias,
    row::{Row, blob_key},
    work::Task,
};

impl Medias {
    pub(super) async fn repair(&self, mismatch: &Mismatch) -> Result<(), MediaError> {
        match mismatch {
            Mismatch::StrayFile { bucket, key } => Ok(self.blobs.delete(*bucket, key).await?),
            Mismatch::StrayUpload { key, upload } => {
                Ok(self.blobs.abort_upload(&blob_key(key)?, upload).await?)
            }
            Mismatch::NoOriginal { shown: true, .. } => Ok(()),
            Mismatch::NoOriginal { list, media, shown: false } => {
                let lost = MediaState::Failed(Code::UploadSize);
                self.set_back(*list, *media, lost).await
            }
            Mismatch::NoRendition { list, media } => {
                self.set_back(*list, *media, MediaState::Processing).await?;
                self.work.notify_one();
                Ok(())
            }
            Mismatch::ListBytes { list, .. } => Ok(self.recount_list(*list).await?),
            Mismatch::UserBytes { user, .. } => Ok(self.recount_user(*user).await?),
            Mismatch::NoTodo { list, media } => Ok(self.delete(*list, *media).await?),
        }
    }

    /// Takes a media item that is ready back to where its file is sent, or processed, once more.
    async fn set_back(&self, list: ListId, id: MediaId, state: MediaState) -> Result<(), MediaError> {
        self.store.write(list, |head| self.back(head, id, state)).await?;
        Ok(())
    }

    async fn back(&self, head: Head, id: MediaId, state: MediaState) -> Result<Option<Change>, ListError> {
        let (list, now) = (head.list.id, self.now());
        let ready = |row: &Row| row.media.is_live() && row.media.state == MediaState::Ready;
        let Some(mut row) = self.row(list, id).await?.filter(ready) else { return Ok(None) };
        row.media.state = state;
        row.media.rendition = None;
        let mut change = Change::step(head, now);
        if state == MediaState::Processing {
            row.generation += 1;
            change = change.with(Task::Process.write(&row, now));
        }
        let item = row.to_item(change.version(), now)?;
        Ok(Some(change.with(Write::put(item))))
    }

    /// Deletes it as its list's owner would.
    async fn delete(&self, list: ListId, id: MediaId) -> Result<(), ListError> {
        let Some(head) = self.store.head(list).await?.filter(|head| !head.deleted) else { return Ok(()) };
        let actions = vec![Action::DeleteMedia { id, at: self.now() }];
        let batch = Batch { id: MutationId::fresh(), list, actions };
        self.commit(head.owner, &batch).await.map(drop)
    }
}
