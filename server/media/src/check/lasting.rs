//! Telling mismatches from what was only under way: files and rows are not read at the same moment, so what does not
//! match is looked at once more.

use platform::{
    Key, StorageError,
    blob::{BlobError, Bucket},
};

use super::Mismatch;
use crate::{MediaError, Medias, row::blob_key};

impl Medias {
    /// Those mismatches that are still there.
    pub(super) async fn lasting(&self, found: Vec<Mismatch>) -> Result<Vec<Mismatch>, MediaError> {
        let mut lasting = Vec::new();
        for mismatch in found {
            let lasts = match &mismatch {
                Mismatch::StrayFile { key, .. } => !self.is_noted(key.as_str()).await?,
                Mismatch::StrayUpload { key, .. } => !self.is_noted(key).await?,
                // What is shown was stored before the row said so, and is there by now.
                Mismatch::NoRendition { list, media } => match self.row(*list, *media).await? {
                    Some(row) => match &row.media.rendition {
                        Some(made) => {
                            self.blobs.below(Bucket::Variants, &blob_key(&made.path)?).await?.is_empty()
                        }
                        None => false,
                    },
                    None => false,
                },
                Mismatch::NoOriginal { list, media, .. } => match self.row(*list, *media).await? {
                    Some(row) => match row.key() {
                        Some(key) => matches!(
                            self.blobs.info(Bucket::Originals, &blob_key(&key)?).await,
                            Err(BlobError::NotFound)
                        ),
                        None => false,
                    },
                    None => false,
                },
                Mismatch::NoTodo { .. } | Mismatch::ListBytes { .. } | Mismatch::UserBytes { .. } => true,
            };
            lasting.extend(lasts.then_some(mismatch));
        }
        Ok(lasting)
    }

    /// Whether a file is noted to be removed, by itself or with a folder that it is in. It lost its row in the transaction
    /// that wrote the note.
    async fn is_noted(&self, key: &str) -> Result<bool, StorageError> {
        let above = key.match_indices('/').filter_map(|(at, _)| key.get(..at));
        let notes: Vec<Key> = above.chain([key]).map(Key::blob_work).collect();
        Ok(!self.table().get_many(&notes).await?.is_empty())
    }
}
