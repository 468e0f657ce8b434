//! What there is: files, rows, and what is noted to be removed.

use std::{
    collections::HashSet,
    time::{Duration, SystemTime},
};

use domain::id::{ListId, TodoId};
use platform::{
    Key, Partition, Range, StorageError,
    blob::{BlobError, BlobKey, Bucket},
};

use super::counters::Counters;
use crate::{MediaError, Medias, row::Row};

/// How long an upload in parts may be under way before its row is looked for: it begins before the row names it.
const YOUNG: Duration = Duration::from_secs(60 * 60);

/// What there is. All of it is in memory at once: some 300 bytes a file.
#[derive(Debug, Default)]
pub(super) struct Inventory {
    pub(super) originals: Vec<BlobKey>,
    pub(super) variants: Vec<BlobKey>,
    /// Keys and names of uploads in parts.
    pub(super) uploads: Vec<(String, String)>,
    /// Of live media.
    pub(super) rows: Vec<Row>,
    /// Those todos of media that exist, deleted ones that can be restored included.
    pub(super) todos: HashSet<(ListId, TodoId)>,
    pub(super) counters: Counters,
    /// Folders that are noted to be removed.
    pub(super) removals: HashSet<String>,
}

impl Medias {
    pub(super) async fn inventory(&self) -> Result<Inventory, MediaError> {
        let (originals, variants) =
            (self.files(Bucket::Originals).await?, self.files(Bucket::Variants).await?);
        let uploads = self.old_uploads().await?;
        // What is removed meanwhile must still be known, so the notes are read before the rows.
        let mut removals = HashSet::new();
        for note in self.table().all(Partition::Work, Range::All).await? {
            removals.extend(note.text_if_any("folder")?.map(str::to_owned));
        }
        let (rows, counters) = self.live_rows().await?;
        for note in self.table().all(Partition::Work, Range::All).await? {
            removals.extend(note.text_if_any("folder")?.map(str::to_owned));
        }
        let todos = self.existing_todos(&rows).await?;
        Ok(Inventory { originals, variants, uploads, rows, todos, counters, removals })
    }

    /// Uploads in parts that are under way for so long that their row must name them.
    pub(super) async fn old_uploads(&self) -> Result<Vec<(String, String)>, BlobError> {
        let young = SystemTime::now().checked_sub(YOUNG);
        let uploads = self.blobs.uploads().await?.into_iter().filter(|upload| upload.begun < young);
        Ok(uploads.map(|upload| (upload.key, upload.id)).collect())
    }

    async fn files(&self, bucket: Bucket) -> Result<Vec<BlobKey>, BlobError> {
        let mut files = Vec::new();
        loop {
            let page = self.blobs.list(bucket, files.last()).await?;
            if page.is_empty() {
                return Ok(files);
            }
            files.extend(page);
        }
    }

    async fn live_rows(&self) -> Result<(Vec<Row>, Counters), StorageError> {
        let (mut rows, mut counters, mut after) = (Vec::new(), Counters::default(), None);
        loop {
            let ranges = [Range::Media, Range::Heads, Range::Profiles];
            let (items, next) = self.table().scan(&ranges, after.as_ref()).await?;
            for item in items {
                match item.key().list() {
                    Some(list) if item.key().kind() == "MEDIA" => rows.push(Row::from_item(list, &item)?),
                    _ => counters.note(&item)?,
                }
            }
            after = next;
            if after.is_none() {
                rows.retain(|row| row.media.is_live());
                return Ok((rows, counters));
            }
        }
    }

    pub(super) async fn existing_todos(
        &self,
        rows: &[Row],
    ) -> Result<HashSet<(ListId, TodoId)>, StorageError> {
        let todos: HashSet<_> = rows.iter().map(|row| (row.media.list, row.media.todo)).collect();
        let keys: Vec<Key> = todos.iter().map(|(list, todo)| Key::todo(*list, *todo)).collect();
        let mut existing = HashSet::new();
        for item in self.table().get_many(&keys).await? {
            existing.extend(item.key().list().zip(Some(item.id()?)));
        }
        Ok(existing)
    }
}
