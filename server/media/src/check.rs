//! Holding the table and the storage of files against each other, and setting right what can be.
//!
//! Files are listed before rows: a file is only ever written after its row has its token, so a file without a row is
//! stray, and not just early.

mod counters;
mod inventory;
mod lasting;
mod repair;
mod steps;

use std::{collections::HashSet, fmt};

use domain::{
    id::{ListId, MediaId, UserId},
    media::MediaState,
};
use platform::blob::{BlobKey, Bucket};

use self::inventory::Inventory;
use crate::{MediaError, Medias, row::Row};

/// Something that should not be.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields say what they are")]
pub enum Mismatch {
    /// A file that no row knows.
    StrayFile { bucket: Bucket, key: BlobKey },
    /// An upload in parts that no row knows.
    StrayUpload { key: String, upload: String },
    /// A media item whose original is gone, though it was there. What is shown of it is still there, if `shown`.
    NoOriginal { list: ListId, media: MediaId, shown: bool },
    /// A media item that is ready, but what is shown of it is gone.
    NoRendition { list: ListId, media: MediaId },
    /// A media item whose todo was deleted so long ago that it can't be restored.
    NoTodo { list: ListId, media: MediaId },
    /// A list that counts other bytes of live media than it has.
    ListBytes { list: ListId, counted: u64, found: u64 },
    /// A user whose quota counts other bytes than there are in the user's own lists.
    UserBytes { user: UserId, counted: u64, found: u64 },
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StrayFile { bucket: Bucket::Originals, key } => write!(f, "no row for the original {key}"),
            Self::StrayFile { bucket: Bucket::Variants, key } => write!(f, "no row for the variant {key}"),
            Self::StrayUpload { key, .. } => write!(f, "no row for the unfinished upload of {key}"),
            Self::NoOriginal { list, media, shown: true } => {
                write!(f, "no original for {media} in {list}; it is still shown")
            }
            Self::NoOriginal { list, media, shown: false } => {
                write!(f, "no files at all for {media} in {list}")
            }
            Self::NoRendition { list, media } => write!(f, "no variants for {media} in {list}"),
            Self::NoTodo { list, media } => write!(f, "no todo for {media} in {list}"),
            Self::ListBytes { list, counted, found } => {
                write!(f, "the list {list} counts {counted} bytes of media and has {found}")
            }
            Self::UserBytes { user, counted, found } => {
                write!(f, "the quota of {user} counts {counted} bytes and there are {found}")
            }
        }
    }
}

impl Medias {
    /// Everything that should not be. It reads the whole table and lists all files.
    ///
    /// # Errors
    /// Where a part of the storage does not answer.
    pub async fn check(&self) -> Result<Vec<Mismatch>, MediaError> {
        let there = self.inventory().await?;
        let mut mismatches = self.lasting(compare(&there)).await?;
        mismatches.extend(self.miscounted(&there).await?);
        Ok(mismatches)
    }

    /// Sets right what should not be; gives what there was. A media item whose original alone is gone stays as it
    /// is.
    ///
    /// # Errors
    /// Where a part of the storage does not answer; run it again then.
    pub async fn sweep(&self) -> Result<Vec<Mismatch>, MediaError> {
        let mismatches = self.check().await?;
        for mismatch in &mismatches {
            self.repair(mismatch).await?;
        }
        Ok(mismatches)
    }
}

/// What should not be.
fn compare(there: &Inventory) -> Vec<Mismatch> {
    let mut mismatches = Vec::new();
    let known: HashSet<String> =
        there.rows.iter().filter_map(Row::key).chain(there.removals.iter().cloned()).collect();
    for key in &there.originals {
        if !known.contains(key.as_str()) {
            mismatches.push(Mismatch::StrayFile { bucket: Bucket::Originals, key: key.clone() });
        }
    }
    let folders: HashSet<String> =
        there.rows.iter().flat_map(folders).chain(there.removals.iter().cloned()).collect();
    for key in &there.variants {
        let mut above =
            key.as_str().rmatch_indices('/').map(|(at, _)| key.as_str().get(..at).unwrap_or_default());
        if !above.any(|folder| folders.contains(folder)) {
            mismatches.push(Mismatch::StrayFile { bucket: Bucket::Variants, key: key.clone() });
        }
    }
    for (key, upload) in &there.uploads {
        let of_row = |row: &Row| row.upload.as_ref() == Some(upload);
        if !there.rows.iter().any(of_row) && !there.removals.contains(key) {
            mismatches.push(Mismatch::StrayUpload { key: key.clone(), upload: upload.clone() });
        }
    }
    let originals: HashSet<&str> = there.originals.iter().map(BlobKey::as_str).collect();
    let shown: HashSet<&str> =
        there.variants.iter().filter_map(|key| Some(key.as_str().rsplit_once('/')?.0)).collect();
    mismatches.extend(there.rows.iter().filter_map(|row| incomplete(row, &originals, &shown)));
    let orphans = there.rows.iter().filter(|row| !there.todos.contains(&(row.media.list, row.media.todo)));
    mismatches.extend(orphans.map(|row| Mismatch::NoTodo { list: row.media.list, media: row.media.id }));
    mismatches
}

/// The folders in which there may be files of a media item: what it shows, and what is being made.
fn folders(row: &Row) -> Vec<String> {
    let making = row.key().filter(|_| row.media.state != MediaState::Ready);
    let making = making.map(|key| format!("{key}/{}", row.generation));
    let shown = row.media.rendition.as_ref().map(|rendition| rendition.path.clone());
    making.into_iter().chain(shown).collect()
}

/// What is missing of a media item's files.
fn incomplete(row: &Row, originals: &HashSet<&str>, shown: &HashSet<&str>) -> Option<Mismatch> {
    let (list, media) = (row.media.list, row.media.id);
    let has_original = row.key().is_some_and(|key| originals.contains(key.as_str()));
    let is_shown = row.media.rendition.as_ref().is_some_and(|made| shown.contains(made.path.as_str()));
    match row.media.state {
        // Of what is processed just now the work will find out.
        MediaState::Ready if !has_original => Some(Mismatch::NoOriginal { list, media, shown: is_shown }),
        MediaState::Ready if !is_shown => Some(Mismatch::NoRendition { list, media }),
        _ => None,
    }
}
