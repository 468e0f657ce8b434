//! Reading, writing, listing and removing whole blobs.

use std::path::Path;

use aws_sdk_s3::primitives::{ByteStream, SdkBody};
use bytes::Bytes;

use super::{BlobError, BlobKey, Blobs, Bucket};

/// What is known of a blob without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobInfo {
    /// Bytes of the whole blob.
    pub bytes: u64,
    /// Changes with the contents; in quotes, as in the header.
    pub etag: Option<String>,
    /// As it was declared.
    pub content_type: Option<String>,
}

/// A blob, or a range of it, while it is read.
#[derive(Debug)]
pub struct Blob {
    /// Bytes of this answer.
    pub bytes: u64,
    /// `bytes 0-99/1234`, where it is a range.
    pub range: Option<String>,
    /// Changes with the contents; in quotes, as in the header.
    pub etag: Option<String>,
    body: ByteStream,
}

impl Blob {
    /// The contents, for an answer that passes them on as they come.
    #[must_use]
    pub fn into_body(self) -> SdkBody {
        self.body.into_inner()
    }

    /// All of it in memory.
    ///
    /// # Errors
    /// Where reading breaks off.
    pub async fn into_bytes(self) -> Result<Bytes, BlobError> {
        let collected = self.body.collect().await;
        Ok(collected.map_err(|error| BlobError::Unavailable(error.to_string()))?.into_bytes())
    }

    /// All of it into a file.
    ///
    /// # Errors
    /// Where reading breaks off or the file can't be written.
    pub async fn save(mut self, path: &Path) -> Result<(), BlobError> {
        let mut file = tokio::fs::File::create(path).await?;
        while let Some(bytes) = self.body.next().await {
            let bytes = bytes.map_err(|error| BlobError::Unavailable(error.to_string()))?;
            tokio::io::AsyncWriteExt::write_all(&mut file, &bytes).await?;
        }
        Ok(tokio::io::AsyncWriteExt::flush(&mut file).await?)
    }
}

impl Blobs {
    /// What is known of a blob.
    ///
    /// # Errors
    /// [`BlobError::NotFound`] where there is none.
    pub async fn info(&self, bucket: Bucket, key: &BlobKey) -> Result<BlobInfo, BlobError> {
        let head = self.client.head_object().bucket(self.name(bucket)).key(key.as_str()).send().await;
        let head = head.map_err(BlobError::from_sdk)?;
        Ok(BlobInfo { bytes: size(head.content_length), etag: head.e_tag, content_type: head.content_type })
    }

    /// Reads a blob, or the range of it that a `Range` header asks for (one range, in bytes).
    ///
    /// # Errors
    /// [`BlobError::NotFound`], [`BlobError::Range`].
    pub async fn get(&self, bucket: Bucket, key: &BlobKey, range: Option<&str>) -> Result<Blob, BlobError> {
        let request = self.client.get_object().bucket(self.name(bucket)).key(key.as_str());
        let found = request.set_range(range.map(str::to_owned)).send().await.map_err(BlobError::from_sdk)?;
        Ok(Blob {
            bytes: size(found.content_length),
            range: found.content_range,
            etag: found.e_tag,
            body: found.body,
        })
    }

    /// Stores a blob whole, in place of whatever has that key.
    ///
    /// # Errors
    /// Where the storage does not take it.
    pub async fn put(
        &self,
        bucket: Bucket,
        key: &BlobKey,
        content_type: &str,
        contents: Bytes,
    ) -> Result<(), BlobError> {
        self.put_stream(bucket, key, content_type, contents.into()).await
    }

    /// Stores a file whole, in place of whatever has that key.
    ///
    /// # Errors
    /// Where the file can't be read or the storage does not take it.
    pub async fn put_file(
        &self,
        bucket: Bucket,
        key: &BlobKey,
        content_type: &str,
        file: &Path,
    ) -> Result<(), BlobError> {
        let contents = ByteStream::from_path(file).await;
        let contents = contents.map_err(|error| BlobError::File(std::io::Error::other(error)))?;
        self.put_stream(bucket, key, content_type, contents).await
    }

    async fn put_stream(
        &self,
        bucket: Bucket,
        key: &BlobKey,
        content_type: &str,
        contents: ByteStream,
    ) -> Result<(), BlobError> {
        let request = self.client.put_object().bucket(self.name(bucket)).key(key.as_str());
        let stored = request.content_type(content_type).body(contents).send().await;
        stored.map(drop).map_err(BlobError::from_sdk)
    }

    /// Removes a blob; where there is none, nothing happens.
    ///
    /// # Errors
    /// Where the storage does not answer.
    pub async fn delete(&self, bucket: Bucket, key: &BlobKey) -> Result<(), BlobError> {
        let request = self.client.delete_object().bucket(self.name(bucket)).key(key.as_str());
        request.send().await.map(drop).map_err(BlobError::from_sdk)
    }

    /// Removes every blob below a folder; gives how many there were.
    ///
    /// # Errors
    /// Where the storage does not answer; some may be gone then.
    pub async fn delete_below(&self, bucket: Bucket, folder: &BlobKey) -> Result<usize, BlobError> {
        let mut removed = 0;
        loop {
            let keys = self.page(bucket, &format!("{folder}/"), None).await?;
            if keys.is_empty() {
                return Ok(removed);
            }
            for key in &keys {
                self.delete(bucket, key).await?;
            }
            removed += keys.len();
        }
    }

    /// Every key below a folder, in order.
    ///
    /// # Errors
    /// Where the storage does not answer.
    pub async fn below(&self, bucket: Bucket, folder: &BlobKey) -> Result<Vec<BlobKey>, BlobError> {
        let (mut keys, prefix) = (Vec::new(), format!("{folder}/"));
        loop {
            let page = self.page(bucket, &prefix, keys.last()).await?;
            if page.is_empty() {
                return Ok(keys);
            }
            keys.extend(page);
        }
    }

    /// Up to 1,000 keys in order, after one if it is given.
    ///
    /// # Errors
    /// Where the storage does not answer.
    pub async fn list(&self, bucket: Bucket, after: Option<&BlobKey>) -> Result<Vec<BlobKey>, BlobError> {
        self.page(bucket, "", after).await
    }

    async fn page(
        &self,
        bucket: Bucket,
        prefix: &str,
        after: Option<&BlobKey>,
    ) -> Result<Vec<BlobKey>, BlobError> {
        let request = self.client.list_objects_v2().bucket(self.name(bucket)).prefix(prefix);
        let page = request.set_start_after(after.map(BlobKey::to_string)).send().await;
        let page = page.map_err(BlobError::from_sdk)?;
        let keys = page.contents().iter().filter_map(|object| object.key());
        Ok(keys.filter_map(|key| BlobKey::parse(key).ok()).collect())
    }
}

fn size(length: Option<i64>) -> u64 {
    length.and_then(|length| u64::try_from(length).ok()).unwrap_or_default()
}
