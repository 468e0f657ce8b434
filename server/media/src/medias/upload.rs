//! Letting a device send a file straight to the storage, in one piece or in parts, and go on with what it began.

use domain::{
    error::Code,
    id::{ListId, MediaId, UserId},
    media::MediaState,
    model::Access,
    sync::{
        Head,
        media::{Event, advance},
    },
    time::Timestamp,
};
use platform::{
    Write,
    blob::{BlobError, Part, SignedForm, SignedPart},
    list::{Change, ListError},
};
use rand::Rng as _;

use super::Medias;
use crate::{
    error::MediaError,
    row::{Row, blob_key},
    work::{Task, UPLOAD_LIFE},
};

/// Bytes of the longest file that is sent in one piece.
pub const SINGLE_BYTES: u64 = 50_000_000;
/// Bytes of each part of a longer file but the last, which has the rest.
pub const PART_BYTES: u64 = 16_000_000;
/// Parts that are signed at once.
const PARTS: usize = 100;

/// Where a file goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// All of it into one form.
    Form(SignedForm),
    /// In parts, the addresses of which are asked for as they are needed.
    Parts {
        /// How many there are.
        count: u16,
        /// When the upload is given up.
        expires: Timestamp,
    },
}

impl Medias {
    /// Lets the caller send the file of a media item, or go on sending it.
    ///
    /// # Errors
    /// [`Code::NotFound`], [`Code::Forbidden`], [`Code::UploadDone`] where it has arrived, or why it failed: then it
    /// has to be retried first.
    pub async fn sign_upload(&self, caller: UserId, list: ListId, id: MediaId) -> Result<Target, MediaError> {
        let row = self.sendable(caller, list, id).await?;
        let row = if row.token.is_some() { row } else { self.begin(list, row).await? };
        let media = &row.media;
        if media.bytes > SINGLE_BYTES {
            let expires = Timestamp(self.now().0 + UPLOAD_LIFE);
            return Ok(Target::Parts { count: part_count(media.bytes), expires });
        }
        let key = blob_key(&row.key().unwrap_or_default())?;
        Ok(Target::Form(self.blobs.sign_form(&key, media.bytes, &media.content_type).await?))
    }

    /// Signs addresses for parts of a file that is sent in parts.
    ///
    /// # Errors
    /// As [`Self::sign_upload`], and [`Code::BadInput`] for parts that the file does not have, or more than 100.
    pub async fn sign_parts(
        &self,
        caller: UserId,
        list: ListId,
        id: MediaId,
        numbers: &[u16],
    ) -> Result<Vec<(u16, SignedPart)>, MediaError> {
        let row = self.sendable(caller, list, id).await?;
        let (Some(key), Some(upload)) = (row.key(), &row.upload) else { return Err(Code::BadInput.into()) };
        let (key, count) = (blob_key(&key)?, part_count(row.media.bytes));
        if numbers.len() > PARTS || !numbers.iter().all(|number| (1..=count).contains(number)) {
            return Err(Code::BadInput.into());
        }
        let mut parts = Vec::with_capacity(numbers.len());
        for number in numbers {
            let bytes = part_bytes(row.media.bytes, *number);
            parts.push((*number, self.blobs.sign_part(&key, upload, *number, bytes).await?));
        }
        Ok(parts)
    }

    /// What has arrived of a file that is sent in parts; of one that is not, nothing.
    ///
    /// # Errors
    /// As [`Self::sign_upload`], and [`Code::UploadExpired`] where the storage has given it up.
    pub async fn uploaded_parts(
        &self,
        caller: UserId,
        list: ListId,
        id: MediaId,
    ) -> Result<Vec<Part>, MediaError> {
        let row = self.sendable(caller, list, id).await?;
        let (Some(key), Some(upload)) = (row.key(), &row.upload) else { return Ok(Vec::new()) };
        match self.blobs.parts(&blob_key(&key)?, upload).await {
            Ok(parts) => Ok(parts),
            Err(BlobError::NoSuchUpload) => {
                // It may have become whole a moment ago.
                match self.arrive(list, id).await {
                    Ok(_) => Err(Code::UploadDone.into()),
                    Err(MediaError::List(ListError::Refused(Code::UploadMissing))) => {
                        self.give_up(list, id, Code::UploadExpired).await?;
                        Err(Code::UploadExpired.into())
                    }
                    Err(error) => Err(error),
                }
            }
            Err(error) => Err(error.into()),
        }
    }

    /// A media item that still waits for its file.
    async fn sendable(&self, caller: UserId, list: ListId, id: MediaId) -> Result<Row, MediaError> {
        self.store.find(caller, list, Access::Write).await?;
        let row = self.row(list, id).await?.filter(|row| row.media.is_live()).ok_or(Code::NotFound)?;
        match row.media.state {
            MediaState::Waiting | MediaState::Uploading => Ok(row),
            MediaState::Processing | MediaState::Ready => Err(Code::UploadDone.into()),
            MediaState::Failed(code) => Err(code.into()),
        }
    }

    /// Gives the file its place. Of two devices that begin at once, the second goes on with what the first began.
    async fn begin(&self, list: ListId, row: Row) -> Result<Row, MediaError> {
        let token = token();
        let mut begun = Row { token: Some(token), ..row };
        let key = blob_key(&begun.key().unwrap_or_default())?;
        if begun.media.bytes > SINGLE_BYTES {
            begun.upload = Some(self.blobs.begin_upload(&key, &begun.media.content_type).await?);
        }
        let id = begun.media.id;
        let written = self.store.write(list, |head| self.begun(head, &begun)).await;
        let current = match &written {
            Ok(Some(_)) => return Ok(self.row(list, id).await?.ok_or(Code::NotFound)?),
            _ => self.row(list, id).await,
        };
        if let Some(upload) = &begun.upload {
            self.blobs.abort_upload(&key, upload).await?;
        }
        written?;
        let current = current?.filter(|row| row.media.is_live() && row.token.is_some());
        Ok(current.ok_or(Code::NotFound)?)
    }

    async fn begun(&self, head: Head, begun: &Row) -> Result<Option<Change>, ListError> {
        let (list, id, now) = (head.list.id, begun.media.id, self.now());
        let Some(row) = self.row(list, id).await? else { return Ok(None) };
        let Some((after, media)) =
            advance(&head, &row.media, &Event::Begun, now).filter(|_| row.token.is_none())
        else {
            return Ok(None);
        };
        let row = Row { media, ..begun.clone() };
        let item = row.to_item(after.version, now)?;
        let expire = Task::Expire.write(&row, Timestamp(now.0 + UPLOAD_LIFE));
        Ok(Some(Change::new(Some(head), after).with(Write::put(item)).with(expire)))
    }
}

/// 128 random bits.
fn token() -> String {
    format!("{:032x}", rand::rng().random::<u128>())
}

pub(super) fn part_count(bytes: u64) -> u16 {
    u16::try_from(bytes.div_ceil(PART_BYTES)).unwrap_or(u16::MAX)
}

fn part_bytes(bytes: u64, number: u16) -> u64 {
    let before = u64::from(number.saturating_sub(1)) * PART_BYTES;
    bytes.saturating_sub(before).min(PART_BYTES)
}
