//! Blobs: the files that people upload and what is made of them, in two buckets behind the S3 API. Embedded,
//! the storage is a folder in this process behind the same SDK client that talks to S3 itself.

#[cfg(feature = "embedded")]
mod embedded;
mod error;
mod form;
mod key;
#[cfg(feature = "embedded")]
mod store;
mod transfer;
mod upload;
#[cfg(feature = "embedded")]
mod uploads;

use std::{sync::Arc, time::Duration};

use aws_config::SdkConfig;
use aws_sdk_s3::{
    Client,
    config::{Builder, Credentials, ProvideCredentials, SharedCredentialsProvider},
    error::ProvideErrorMetadata,
};

pub use error::{BlobError, BlobOpenError};
pub use form::SignedForm;
pub use key::{BlobKey, Bucket, InvalidBlobKey};
pub use transfer::{Blob, BlobInfo};
pub use upload::{Part, SignedPart, Upload};

use crate::remote::{Aws, configure};
#[cfg(feature = "embedded")]
use embedded::Embedded;

/// How long a signed form can be posted, and a signed part be put.
pub const FORM_LIFE: Duration = Duration::from_secs(15 * 60);

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
    /// Where forms are posted.
    forms: Arc<str>,
    #[cfg(feature = "embedded")]
    embedded: Option<Embedded>,
}

impl Blobs {
    /// Opens the embedded storage in a data folder, which is made where it is missing.
    ///
    /// # Errors
    /// Where the folder or the credentials in it can't be used.
    #[cfg(feature = "embedded")]
    pub async fn embedded(data: &std::path::Path) -> Result<Self, BlobOpenError> {
        let (embedded, names) = (Embedded::open(data)?, BucketNames::default());
        let blobs = Self {
            client: Client::from_conf(embedded.configure()),
            forms: format!("/{}", names.originals).into(),
            names: Arc::new(names),
            credentials: SharedCredentialsProvider::new(embedded.credentials().clone()),
            region: embedded::REGION.into(),
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
        Self::existing(&configure(endpoint).await, names)?.ensure().await
    }

    /// Uses buckets that are there already, such as those that a deployment made: at S3, or by path-style addresses
    /// where the configuration has an address of its own. They are neither looked for nor made.
    ///
    /// # Errors
    /// Where there are no credentials or no region.
    pub fn existing(config: &SdkConfig, names: BucketNames) -> Result<Self, BlobOpenError> {
        let none = |what: &str| BlobOpenError::NoCredentials(what.to_owned());
        let credentials = config.credentials_provider().ok_or_else(|| none("none is set up"))?;
        let region = config.region().ok_or_else(|| none("there is no region"))?.to_string();
        let bucket = &names.originals;
        let forms = match config.endpoint_url() {
            Some(endpoint) => format!("{}/{bucket}", endpoint.trim_end_matches('/')),
            None => format!("https://{bucket}.s3.{region}.amazonaws.com"),
        };
        let path_style = config.endpoint_url().is_some();
        let client = Client::from_conf(Builder::from(config).force_path_style(path_style).build());
        Ok(Self {
            client,
            names: Arc::new(names),
            credentials,
            region: region.into(),
            forms: forms.into(),
            #[cfg(feature = "embedded")]
            embedded: None,
        })
    }

    /// Uses buckets that a deployment made, and that others use too. They are looked at and not touched. `endpoint` is the
    /// address of another storage than S3, such as an emulator's.
    ///
    /// # Errors
    /// Where one is not there.
    pub async fn deployed(
        aws: &Aws,
        endpoint: Option<&str>,
        names: BucketNames,
    ) -> Result<Self, BlobOpenError> {
        let blobs = Self::existing(&aws.at(endpoint), names)?;
        for bucket in [Bucket::Originals, Bucket::Variants] {
            let name = blobs.name(bucket);
            let found = blobs.client.head_bucket().bucket(name).send().await;
            match found.map_err(BlobError::from_sdk) {
                Ok(_) => {}
                Err(BlobError::NotFound) => return Err(BlobOpenError::Missing(name.to_owned())),
                Err(source) => return Err(BlobOpenError::Bucket { bucket: name.to_owned(), source }),
            }
        }
        Ok(blobs)
    }

    /// The origin that browsers send uploads to, where it is not the server's own.
    #[must_use]
    pub fn upload_origin(&self) -> Option<String> {
        let forms: http::Uri = self.forms.parse().ok()?;
        Some(format!("{}://{}", forms.scheme_str()?, forms.authority()?))
    }

    /// Answers a browser's request to the embedded storage: `None` where the storage is elsewhere. Whoever
    /// mounts it decides which requests come here; the signature is checked either way.
    #[cfg(feature = "embedded")]
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
        #[cfg(feature = "embedded")]
        return self.embedded.is_some();
        #[cfg(not(feature = "embedded"))]
        return false;
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
