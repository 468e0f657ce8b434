//! The embedded storage's operations: files by `s3s-fs`, with what it lacks around them. Keys are ours only, an
//! answer means that the bytes are on the disk, a deleted blob leaves nothing behind, and uploads in parts
//! survive a crash at any moment. An operation that is not here is not offered.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use s3s::{S3, S3Error, S3Request, S3Response, S3Result, dto::*, s3_error};
use s3s_fs::FileSystem;

use super::{key::BlobKey, uploads::Uploads};

/// The embedded storage.
pub(super) struct Store {
    files: FileSystem,
    root: PathBuf,
    uploads: Arc<Uploads>,
}

impl Store {
    /// Opens the storage in a folder that is there.
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        let root = folder.join("objects");
        std::fs::create_dir_all(&root)?;
        let files = FileSystem::new(&root).map_err(|error| io::Error::other(format!("{error:?}")))?;
        let uploads = Arc::new(Uploads::open(folder.join("uploads"))?);
        Ok(Self { files, root, uploads })
    }

    /// Where `s3s-fs` keeps the object, and what it notes about it beside the buckets.
    fn files_of(&self, bucket: &str, key: &str) -> [PathBuf; 3] {
        let name = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let note =
            |kind: &str| self.root.join(format!(".bucket-{}.object-{}.{kind}.json", name(bucket), name(key)));
        [self.root.join(bucket).join(key), note("metadata"), note("internal")]
    }

    async fn put_durably(&self, request: S3Request<PutObjectInput>) -> S3Result<S3Response<PutObjectOutput>> {
        let files = self.files_of(&request.input.bucket, &request.input.key);
        let answer = self.files.put_object(request).await?;
        blocking(move || sync(&files)).await?;
        Ok(answer)
    }
}

#[async_trait]
impl S3 for Store {
    async fn create_bucket(
        &self,
        request: S3Request<CreateBucketInput>,
    ) -> S3Result<S3Response<CreateBucketOutput>> {
        self.files.create_bucket(request).await
    }

    async fn head_bucket(
        &self,
        request: S3Request<HeadBucketInput>,
    ) -> S3Result<S3Response<HeadBucketOutput>> {
        self.files.head_bucket(request).await
    }

    async fn get_object(&self, request: S3Request<GetObjectInput>) -> S3Result<S3Response<GetObjectOutput>> {
        check(&request.input.key)?;
        let ranged = request.input.range.is_some();
        let mut answer = self.files.get_object(request).await?;
        answer.output.accept_ranges = Some("bytes".to_owned());
        if ranged {
            answer.status = Some(http::StatusCode::PARTIAL_CONTENT);
        }
        Ok(answer)
    }

    async fn head_object(
        &self,
        request: S3Request<HeadObjectInput>,
    ) -> S3Result<S3Response<HeadObjectOutput>> {
        check(&request.input.key)?;
        self.files.head_object(request).await
    }

    /// Forms that are posted come here too.
    async fn put_object(&self, request: S3Request<PutObjectInput>) -> S3Result<S3Response<PutObjectOutput>> {
        check(&request.input.key)?;
        self.put_durably(request).await
    }

    async fn delete_object(
        &self,
        request: S3Request<DeleteObjectInput>,
    ) -> S3Result<S3Response<DeleteObjectOutput>> {
        check(&request.input.key)?;
        let DeleteObjectInput { bucket, key, .. } = request.input;
        let (files, root) = (self.files_of(&bucket, &key), self.root.join(&bucket));
        blocking(move || remove(&files, &root)).await?;
        Ok(S3Response::new(DeleteObjectOutput::default()))
    }

    async fn list_objects_v2(
        &self,
        request: S3Request<ListObjectsV2Input>,
    ) -> S3Result<S3Response<ListObjectsV2Output>> {
        self.files.list_objects_v2(request).await
    }

    async fn create_multipart_upload(
        &self,
        request: S3Request<CreateMultipartUploadInput>,
    ) -> S3Result<S3Response<CreateMultipartUploadOutput>> {
        let CreateMultipartUploadInput { bucket, key, content_type, .. } = request.input;
        check(&key)?;
        let uploads = Arc::clone(&self.uploads);
        let (of, name) = (bucket.clone(), key.clone());
        let id = blocking(move || uploads.begin(of, name, content_type)).await?;
        let output = CreateMultipartUploadOutput {
            bucket: Some(bucket),
            key: Some(key),
            upload_id: Some(id),
            ..CreateMultipartUploadOutput::default()
        };
        Ok(S3Response::new(output))
    }

    async fn upload_part(
        &self,
        request: S3Request<UploadPartInput>,
    ) -> S3Result<S3Response<UploadPartOutput>> {
        let UploadPartInput { bucket, key, upload_id, part_number, body, .. } = request.input;
        let upload = self.uploads.find(&upload_id, &bucket, &key).await?;
        let body = body.ok_or_else(|| s3_error!(IncompleteBody))?;
        self.uploads.put_part(&upload, part_number, body).await?;
        Ok(S3Response::new(UploadPartOutput::default()))
    }

    async fn list_parts(&self, request: S3Request<ListPartsInput>) -> S3Result<S3Response<ListPartsOutput>> {
        let ListPartsInput { bucket, key, upload_id, .. } = request.input;
        let upload = self.uploads.find(&upload_id, &bucket, &key).await?;
        let uploads = Arc::clone(&self.uploads);
        let parts = blocking(move || uploads.parts(&upload)).await?;
        let parts = parts.into_iter().map(|(number, bytes)| Part {
            part_number: Some(number),
            size: i64::try_from(bytes).ok(),
            ..Part::default()
        });
        let output = ListPartsOutput {
            bucket: Some(bucket),
            key: Some(key),
            upload_id: Some(upload_id),
            // All of them at once: there are at most 10,000.
            is_truncated: Some(false),
            parts: Some(parts.collect()),
            ..ListPartsOutput::default()
        };
        Ok(S3Response::new(output))
    }

    async fn list_multipart_uploads(
        &self,
        request: S3Request<ListMultipartUploadsInput>,
    ) -> S3Result<S3Response<ListMultipartUploadsOutput>> {
        let uploads = Arc::clone(&self.uploads);
        let bucket = request.input.bucket;
        let of = bucket.clone();
        let found = blocking(move || uploads.all(&of)).await?;
        let found = found.into_iter().map(|(upload_id, key, begun)| MultipartUpload {
            upload_id: Some(upload_id),
            key: Some(key),
            initiated: Some(begun),
            ..MultipartUpload::default()
        });
        let output = ListMultipartUploadsOutput {
            bucket: Some(bucket),
            is_truncated: Some(false),
            uploads: Some(found.collect()),
            ..ListMultipartUploadsOutput::default()
        };
        Ok(S3Response::new(output))
    }

    /// The object is there whole before its parts go, so a crash in between leaves one or the other.
    async fn complete_multipart_upload(
        &self,
        request: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Result<S3Response<CompleteMultipartUploadOutput>> {
        let input = request.input.clone();
        let upload = self.uploads.find(&input.upload_id, &input.bucket, &input.key).await?;
        let listed = input.multipart_upload.and_then(|upload| upload.parts).unwrap_or_default();
        let numbers: Vec<i32> = listed.into_iter().filter_map(|part| part.part_number).collect();
        let body = self.uploads.joined(&upload, &numbers)?;
        let mut put = PutObjectInput::builder();
        put.set_bucket(input.bucket.clone());
        put.set_key(input.key.clone());
        put.set_content_type(upload.content_type());
        put.set_body(Some(body));
        let put = put.build().map_err(|error| s3_error!(error, InternalError))?;
        let stored = self.put_durably(request.map_input(|_| put)).await?;
        let uploads = Arc::clone(&self.uploads);
        blocking(move || uploads.remove(&upload)).await?;
        let output = CompleteMultipartUploadOutput {
            bucket: Some(input.bucket),
            key: Some(input.key),
            e_tag: stored.output.e_tag,
            ..CompleteMultipartUploadOutput::default()
        };
        Ok(S3Response::new(output))
    }

    async fn abort_multipart_upload(
        &self,
        request: S3Request<AbortMultipartUploadInput>,
    ) -> S3Result<S3Response<AbortMultipartUploadOutput>> {
        let AbortMultipartUploadInput { bucket, key, upload_id, .. } = request.input;
        let upload = self.uploads.find(&upload_id, &bucket, &key).await?;
        let uploads = Arc::clone(&self.uploads);
        blocking(move || uploads.remove(&upload)).await?;
        Ok(S3Response::new(AbortMultipartUploadOutput::default()))
    }
}

fn check(key: &str) -> S3Result<()> {
    BlobKey::parse(key).map(drop).map_err(|error| s3_error!(error, InvalidArgument))
}

/// Waits for the disk on a thread that may wait. A failure is ours, and told to the log with its words.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> S3Result<T> {
    let done = tokio::task::spawn_blocking(work).await.map_err(io::Error::other);
    done.flatten().map_err(internal)
}

pub(super) fn internal(error: io::Error) -> S3Error {
    tracing::error!(%error, "the embedded storage failed");
    s3_error!(InternalError)
}

/// Brings the files to the disk, and the folders that name them.
fn sync(files: &[PathBuf]) -> io::Result<()> {
    for file in files {
        match File::open(file) {
            Ok(open) => open.sync_all()?,
            // Objects put in an older way may have no notes.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        if let Some(folder) = file.parent() {
            File::open(folder)?.sync_all()?;
        }
    }
    Ok(())
}

/// Removes an object with its notes, and the folders that it leaves empty.
fn remove(files: &[PathBuf; 3], bucket: &Path) -> io::Result<()> {
    for file in files {
        match std::fs::remove_file(file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    let [object, ..] = files;
    for folder in object.ancestors().skip(1).take_while(|folder| *folder != bucket) {
        // A folder that holds something else stays.
        if std::fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}
