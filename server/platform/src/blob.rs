//! Blobs: the files that people upload and what is made of them, in two buckets behind the S3 API. Embedded,
//! the storage is a folder in this process behind the same SDK client that talks to S3 itself.

mod embedded;
mod error;
mod form;
mod key;
mod store;
mod transfer;
mod upload;
mod uploads;

use std::{path::Path, sync::Arc, time::Duration};

use aws_sdk_s3::{
    Client,
    config::{Credentials, ProvideCredentials, Region, SharedCredentialsProvider},
    error::ProvideErrorMetadata,
};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};

pub use error::{BlobError, BlobOpenError};
pub use form::SignedForm;
pub use key::{BlobKey, Bucket, InvalidBlobKey};
pub use transfer::{Blob, BlobInfo};
pub use upload::{Part, SignedPart, Upload};

use crate::embedded::placeholder_credentials;
use embedded::Embedded;

/// How long a signed form can be posted, and a signed part be put.
pub(crate) const FORM_LIFE: Duration = Duration::from_secs(15 * 60);

/// The names of the buckets, wherever they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketNames {
    /// What [`Bucket::Originals`] is called.
    pub originals: String,
    /// What [`Bucket::Variants`] is called.
    pub variants: String,
}

impl Default for BucketNames {
    fn default() -> Self {
        Self { originals: "originals".to_owned(), variants: "variants".to_owned() }
    }
}

/// A handle on the storage; clones share it.
#[derive(Debug, Clone)]
pub struct Blobs {
    client: Client,
    names: Arc<BucketNames>,
    /// Signs forms, which the SDK does not.
    credentials: SharedCredentialsProvider,
    region: Arc<str>,
    /// Where forms are posted: the address of another storage.
    endpoint: Arc<str>,
    embedded: Option<Embedded>,
}

impl Blobs {
    /// Opens the embedded storage in a data folder, which is made where it is missing.
    ///
    /// # Errors
    /// Where the folder or the credentials in it can't be used.
    pub async fn embedded(data: &Path) -> Result<Self, BlobOpenError> {
        let embedded = Embedded::open(data)?;
        let blobs = Self {
            client: Client::from_conf(embedded.configure()),
            names: Arc::new(BucketNames::default()),
            credentials: SharedCredentialsProvider::new(embedded.credentials().clone()),
            region: embedded::REGION.into(),
            endpoint: "".into(),
            embedded: Some(embedded),
        };
        blobs.ensure().await
    }

    /// Uses another storage that speaks S3, by path-style addresses. Region and credentials come from the usual
    /// places; an emulator over plain HTTP needs neither.
    ///
    /// # Errors
    /// Where there are no credentials, it does not answer or a bucket can't be made.
    pub async fn at(endpoint: &str, names: BucketNames) -> Result<Self, BlobOpenError> {
        let http = aws_smithy_http_client::Builder::new()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .build_https();
        let mut loader = aws_config::from_env().http_client(http);
        if endpoint.starts_with("http://") && std::env::var_os("AWS_ACCESS_KEY_ID").is_none() {
            loader = loader.credentials_provider(placeholder_credentials());
        }
        let region = std::env::var("AWS_REGION").or_else(|_| std::env::var("AWS_DEFAULT_REGION"));
        let region = region.unwrap_or_else(|_| "us-east-1".to_owned());
        let shared = loader.region(Region::new(region.clone())).load().await;
        let config = aws_sdk_s3::config::Builder::from(&shared).endpoint_url(endpoint).force_path_style(true);
        let none = || BlobOpenError::NoCredentials("none is set up".to_owned());
        let blobs = Self {
            client: Client::from_conf(config.build()),
            names: Arc::new(names),
            credentials: shared.credentials_provider().ok_or_else(none)?,
            region: region.into(),
            endpoint: endpoint.trim_end_matches('/').into(),
            embedded: None,
        };
        blobs.ensure().await
    }

    /// Answers a browser's request to the embedded storage: `None` where the storage is elsewhere. Whoever
    /// mounts it decides which requests come here; the signature is checked either way.
    pub async fn answer(&self, request: http::Request<s3s::Body>) -> Option<http::Response<s3s::Body>> {
        let embedded = self.embedded.as_ref()?;
        match embedded.answer(request).await {
            Ok(response) => Some(response),
            Err(error) => {
                tracing::error!(?error, "the embedded storage failed");
                let mut response = http::Response::new(s3s::Body::empty());
                *response.status_mut() = http::StatusCode::INTERNAL_SERVER_ERROR;
                Some(response)
            }
        }
    }

    /// Whether the storage is part of this process.
    #[must_use]
    pub const fn is_embedded(&self) -> bool {
        self.embedded.is_some()
    }

    /// The path of a bucket in the embedded storage, and its name elsewhere.
    #[must_use]
    pub fn name(&self, bucket: Bucket) -> &str {
        match bucket {
            Bucket::Originals => &self.names.originals,
            Bucket::Variants => &self.names.variants,
        }
    }

    async fn signer(&self) -> Result<Credentials, BlobError> {
        let credentials = self.credentials.provide_credentials().await;
        credentials.map_err(|error| BlobError::Unavailable(error.to_string()))
    }

    async fn ensure(self) -> Result<Self, BlobOpenError> {
        for bucket in [Bucket::Originals, Bucket::Variants] {
            let name = self.name(bucket).to_owned();
            let ready = self.create_if_missing(&name).await;
            ready.map_err(|source| BlobOpenError::Bucket { bucket: name, source })?;
        }
        Ok(self)
    }

    async fn create_if_missing(&self, name: &str) -> Result<(), BlobError> {
        match self.client.head_bucket().bucket(name).send().await.map_err(BlobError::from_sdk) {
            Err(BlobError::NotFound) => {}
            other => return other.map(drop),
        }
        match self.client.create_bucket().bucket(name).send().await {
            Err(error)
                if !matches!(error.code(), Some("BucketAlreadyOwnedByYou" | "BucketAlreadyExists")) =>
            {
                Err(BlobError::from_sdk(error))
            }
            // Another server made it at the same moment.
            _ => Ok(()),
        }
    }
}
