//! Uploads in parts to the embedded storage: a folder each, a file for each part that has arrived whole.

use std::{
    fs::{self, File},
    io,
    path::PathBuf,
    time::SystemTime,
};

use futures::{StreamExt as _, TryStreamExt as _, stream};
use s3s::{
    S3Error, S3ErrorCode, S3Result,
    dto::{StreamingBlob, Timestamp},
    s3_error,
};
use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt as _;
use tokio_util::io::ReaderStream;
use uuid::Uuid;

use super::store::{blocking, internal};

/// S3's limits: the highest number of a part, and the least bytes of any but the last.
const NUMBERS: std::ops::RangeInclusive<i32> = 1..=10_000;
const LEAST_BYTES: u64 = 5 * 1_024 * 1_024;
/// What an upload's folder says about it.
const ABOUT: &str = "upload.json";
const READ_BYTES: usize = 256 * 1_024;

/// The uploads under way.
pub(super) struct Uploads {
    folder: PathBuf,
}

/// One of them.
#[derive(Debug, Clone)]
pub(super) struct Upload {
    folder: PathBuf,
    about: About,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct About {
    bucket: String,
    key: String,
    content_type: Option<String>,
}

impl Upload {
    pub(super) fn content_type(&self) -> Option<String> {
        self.about.content_type.clone()
    }

    fn part(&self, number: i32) -> PathBuf {
        self.folder.join(format!("{number:05}"))
    }
}

impl Uploads {
    pub(super) fn open(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        Ok(Self { folder })
    }

    pub(super) fn begin(
        &self,
        bucket: String,
        key: String,
        content_type: Option<String>,
    ) -> io::Result<String> {
        let id = Uuid::now_v7().to_string();
        let folder = self.folder.join(&id);
        fs::create_dir(&folder)?;
        let about = serde_json::to_vec(&About { bucket, key, content_type })?;
        let file = folder.join(ABOUT);
        fs::write(&file, about)?;
        File::open(file)?.sync_all()?;
        File::open(folder)?.sync_all()?;
        File::open(&self.folder)?.sync_all()?;
        Ok(id)
    }

    /// The upload of this id, if it is one for this key.
    pub(super) async fn find(&self, id: &str, bucket: &str, key: &str) -> S3Result<Upload> {
        let id = Uuid::parse_str(id).map_err(|_| s3_error!(NoSuchUpload))?;
        let folder = self.folder.join(id.to_string());
        let about = tokio::fs::read(folder.join(ABOUT)).await.map_err(|_| s3_error!(NoSuchUpload))?;
        let about: About = serde_json::from_slice(&about).map_err(|_| s3_error!(NoSuchUpload))?;
        if about.bucket == bucket && about.key == key {
            Ok(Upload { folder, about })
        } else {
            Err(s3_error!(NoSuchUpload))
        }
    }

    /// Takes a part whole or not at all; one that comes again takes the place of the first.
    pub(super) async fn put_part(
        &self,
        upload: &Upload,
        number: i32,
        mut body: StreamingBlob,
    ) -> S3Result<()> {
        if !NUMBERS.contains(&number) {
            return Err(s3_error!(InvalidArgument, "a part's number is between 1 and 10,000"));
        }
        // Two tries of one part may be under way at once.
        let unfinished = upload.folder.join(format!("{}.new", Uuid::now_v7()));
        let written = async {
            let mut file = tokio::fs::File::create(&unfinished).await.map_err(internal)?;
            while let Some(bytes) = body.next().await {
                let bytes =
                    bytes.map_err(|error| S3Error::with_source(S3ErrorCode::IncompleteBody, error))?;
                file.write_all(&bytes).await.map_err(internal)?;
            }
            file.sync_all().await.map_err(internal)?;
            tokio::fs::rename(&unfinished, upload.part(number)).await.map_err(internal)
        };
        if let Err(error) = written.await {
            // It may not have been made; the upload's end removes what is left.
            let _ = tokio::fs::remove_file(&unfinished).await;
            return Err(error);
        }
        let folder = upload.folder.clone();
        blocking(move || File::open(folder)?.sync_all()).await
    }

    /// Numbers and sizes of the parts that are there, in order.
    pub(super) fn parts(&self, upload: &Upload) -> io::Result<Vec<(i32, u64)>> {
        let mut parts = Vec::new();
        for entry in fs::read_dir(&upload.folder)? {
            let entry = entry?;
            let number = entry.file_name().to_str().and_then(|name| name.parse().ok());
            if let Some(number) = number {
                parts.push((number, entry.metadata()?.len()));
            }
        }
        parts.sort_unstable();
        Ok(parts)
    }

    /// The contents of these parts, one after the other.
    pub(super) fn joined(&self, upload: &Upload, numbers: &[i32]) -> S3Result<StreamingBlob> {
        let parts = self.parts(upload).map_err(internal)?;
        let (Some(last), true) = (numbers.last(), numbers.is_sorted_by(|a, b| a < b)) else {
            return Err(s3_error!(InvalidPartOrder));
        };
        for number in numbers {
            match parts.iter().find(|(there, _)| there == number) {
                None => return Err(s3_error!(InvalidPart)),
                Some((_, bytes)) if *bytes < LEAST_BYTES && number != last => {
                    return Err(s3_error!(EntityTooSmall));
                }
                Some(_) => {}
            }
        }
        let files: Vec<PathBuf> = numbers.iter().map(|number| upload.part(*number)).collect();
        let contents = stream::iter(files)
            .then(tokio::fs::File::open)
            .map_ok(|file| ReaderStream::with_capacity(file, READ_BYTES))
            .try_flatten();
        Ok(StreamingBlob::wrap(contents))
    }

    /// Gives an upload up, or its parts once they are in the object.
    pub(super) fn remove(&self, upload: &Upload) -> io::Result<()> {
        // First what makes it an upload: half removed, it is none.
        fs::remove_file(upload.folder.join(ABOUT))?;
        fs::remove_dir_all(&upload.folder)
    }

    /// Id, key and beginning of every upload to a bucket. What a crash has left of a removed one goes.
    pub(super) fn all(&self, bucket: &str) -> io::Result<Vec<(String, String, Timestamp)>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let Ok(about) = fs::read(entry.path().join(ABOUT)) else {
                let age = entry.metadata()?.modified()?.elapsed().unwrap_or_default();
                if age.as_secs() > 60 {
                    fs::remove_dir_all(entry.path())?;
                }
                continue;
            };
            let Ok(about) = serde_json::from_slice::<About>(&about) else { continue };
            let begun: SystemTime = fs::metadata(entry.path().join(ABOUT))?.modified()?;
            if let (true, Ok(id)) = (about.bucket == bucket, entry.file_name().into_string()) {
                found.push((id, about.key, begun.into()));
            }
        }
        found.sort();
        Ok(found)
    }
}
