//! What can go wrong between the server and its blobs.

use std::{io, path::PathBuf};

use aws_sdk_s3::{
    config::http::HttpResponse,
    error::{DisplayErrorContext, ProvideErrorMetadata, SdkError},
};

use crate::secret::SecretError;

/// Why something was not done with a blob.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// There is no such blob.
    #[error("there is no such blob")]
    NotFound,
    /// There is no such upload in parts: it was completed or given up, or never begun.
    #[error("there is no such upload")]
    NoSuchUpload,
    /// The range lies outside the blob.
    #[error("the range lies outside the blob")]
    Range,
    /// The storage can't be reached, is busy, or our credentials are over; the same request may be tried again.
    #[error("the storage does not answer: {0}")]
    Unavailable(String),
    /// The storage refused the request for a reason that trying again does not change.
    #[error("the storage refused the request: {0}")]
    Refused(String),
    /// A local file could not be read or written on the way.
    #[error("a file could not be copied: {0}")]
    File(#[from] io::Error),
}

impl BlobError {
    pub(super) fn from_sdk<E>(error: SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let SdkError::ServiceError(service) = &error else {
            return Self::Unavailable(DisplayErrorContext(&error).to_string());
        };
        let (metadata, status) = (service.err().meta(), service.raw().status().as_u16());
        let code = metadata.code().unwrap_or_default();
        let text = format!("{status} {code} {}", metadata.message().unwrap_or_default());
        match (code, status) {
            ("NoSuchUpload", _) => Self::NoSuchUpload,
            // An answer to HEAD has no body, so it has no code either.
            ("NoSuchKey" | "NoSuchBucket" | "NotFound", _) | ("", 404) => Self::NotFound,
            ("InvalidRange", _) | (_, 416) => Self::Range,
            // Credentials that are over are made anew by whoever made them.
            ("SlowDown" | "RequestTimeout" | "ExpiredToken", _) | (_, 429 | 500..) => Self::Unavailable(text),
            _ => Self::Refused(text),
        }
    }
}

/// Why the storage can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum BlobOpenError {
    /// Its folder can't be made or read.
    #[error("the folder {path} can't be used for files: {source}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Its credentials can't be read or made.
    #[error(transparent)]
    Credentials(#[from] SecretError),
    /// No credentials were found for another storage.
    #[error("there are no credentials for the storage: {0}")]
    NoCredentials(String),
    /// No deployment has made this bucket.
    #[error("there is no bucket `{0}`")]
    Missing(String),
    /// A bucket is not there and can't be made.
    #[error("the bucket `{bucket}` can't be made ready: {source}")]
    Bucket {
        /// Its name.
        bucket: String,
        /// What went wrong.
        source: BlobError,
    },
}
