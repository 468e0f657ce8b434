//! A file has arrived, or never will.

use domain::{
    error::Code,
    id::{ListId, MediaId, UserId},
    media::{Media, MediaState},
    model::Access,
    sync::{
        Head,
        media::{Event, advance},
    },
};
use platform::{
    Write,
    blob::{BlobError, BlobKey, Bucket, Part},
    list::{Change, ListError},
};

use super::{Medias, upload::part_count};
use crate::{
    error::MediaError,
    row::{Row, blob_key},
    work::Task,
};

impl Medias {
    /// The caller says that the file has been sent: it is held against what was declared, and processed. May be
    /// repeated.
    ///
    /// # Errors
    /// [`Code::NotFound`], [`Code::Forbidden`], [`Code::UploadMissing`] where it has not arrived (all of it),
    /// [`Code::UploadSize`] where what arrived has another length, or why it failed before.
    pub async fn confirm(&self, caller: UserId, list: ListId, id: MediaId) -> Result<Media, MediaError> {
        self.store.find(caller, list, Access::Write).await?;
        self.arrive(list, id).await
    }

    /// The same on the server's own account.
    pub(crate) async fn arrive(&self, list: ListId, id: MediaId) -> Result<Media, MediaError> {
        let row = self.row(list, id).await?.filter(|row| row.media.is_live()).ok_or(Code::NotFound)?;
        match row.media.state {
            MediaState::Processing | MediaState::Ready => return Ok(row.media),
            MediaState::Failed(code) => return Err(code.into()),
            MediaState::Waiting | MediaState::Uploading => {}
        }
        let key = blob_key(&row.key().ok_or(Code::UploadMissing)?)?;
        let bytes = self.assembled(&key, &row).await?.ok_or(Code::UploadMissing)?;
        if bytes != row.media.bytes {
            self.give_up(list, id, Code::UploadSize).await?;
            return Err(Code::UploadSize.into());
        }
        self.store.write(list, |head| self.arrived(head, id)).await?;
        self.work.notify_one();
        let row = self.row(list, id).await?.filter(|row| row.media.is_live());
        Ok(row.ok_or(Code::NotFound)?.media)
    }

    /// The length of the file, once it is there in one piece; parts are put together where all have arrived.
    async fn assembled(&self, key: &BlobKey, row: &Row) -> Result<Option<u64>, MediaError> {
        if let Some(bytes) = self.length(key).await? {
            return Ok(Some(bytes));
        }
        let Some(upload) = &row.upload else { return Ok(None) };
        let parts = match self.blobs.parts(key, upload).await {
            Ok(parts) => parts,
            Err(BlobError::NoSuchUpload) => return self.length(key).await,
            Err(error) => return Err(error.into()),
        };
        let whole = parts.len() == usize::from(part_count(row.media.bytes))
            && parts.iter().map(|part: &Part| part.bytes).sum::<u64>() == row.media.bytes;
        if !whole {
            return Ok(None);
        }
        match self.blobs.complete_upload(key, upload, &parts).await {
            // Somebody else completed it at the same moment.
            Ok(()) | Err(BlobError::NoSuchUpload) => self.length(key).await,
            Err(error) => Err(error.into()),
        }
    }

    async fn length(&self, key: &BlobKey) -> Result<Option<u64>, MediaError> {
        match self.blobs.info(Bucket::Originals, key).await {
            Ok(info) => Ok(Some(info.bytes)),
            Err(BlobError::NotFound) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn arrived(&self, head: Head, id: MediaId) -> Result<Option<Change>, ListError> {
        let (list, now) = (head.list.id, self.now());
        let Some(row) = self.row(list, id).await? else { return Ok(None) };
        let Some((after, media)) = advance(&head, &row.media, &Event::Arrived, now) else { return Ok(None) };
        let row = Row { media, upload: None, generation: row.generation + 1, ..row };
        let item = row.to_item(after.version, now)?;
        let process = Task::Process.write(&row, now);
        Ok(Some(Change::new(Some(head), after).with(Write::put(item)).with(process)))
    }

    /// Ends an upload for good: what was sent is removed, and only sending it anew helps.
    pub(crate) async fn give_up(&self, list: ListId, id: MediaId, code: Code) -> Result<(), ListError> {
        self.store.write(list, |head| self.given_up(head, id, code)).await?;
        self.work.notify_one();
        Ok(())
    }

    async fn given_up(&self, head: Head, id: MediaId, code: Code) -> Result<Option<Change>, ListError> {
        let (list, now) = (head.list.id, self.now());
        let Some(row) = self.row(list, id).await?.filter(|row| row.media.state.wants_file()) else {
            return Ok(None);
        };
        let Some((after, media)) = advance(&head, &row.media, &Event::Failed(code), now) else {
            return Ok(None);
        };
        let mut row = Row { media, ..row };
        let forgotten = Task::forget(&mut row, now);
        let item = row.to_item(after.version, now)?;
        let change = Change::new(Some(head), after).with(Write::put(item));
        Ok(Some(forgotten.into_iter().fold(change, Change::with)))
    }
}
