//! What a host is told.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use account::RateLimits;
use axum::Router;
use media::process::Worker;
use platform::{Clock, Mailbox, SystemClock, blob::BucketNames};

use crate::site::{self, Site, SiteError};

/// What a host is started with.
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub address: SocketAddr,
    /// The folder of the database and the signing key.
    pub data: PathBuf,
    /// The table and the buckets of a deployment, to use instead of the embedded ones.
    pub deployed: Option<Deployed>,
    /// The address of a DynamoDB to use instead of the embedded table, or instead of AWS's where a deployment is used.
    pub dynamodb_endpoint: Option<String>,
    /// The address of an S3 to use instead of the embedded storage, or instead of AWS's.
    pub s3_endpoint: Option<String>,
    /// Where pictures are decoded.
    pub worker: Worker,
    /// The built site; without it there are only the API's routes.
    pub site: SiteFolder,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Where mails arrive.
    pub mailbox: Mailbox,
    /// How often each part of signing in may be tried.
    pub rate_limits: RateLimits,
}

/// A table with its buckets that a deployment made and its functions use. A host beside them does nothing but answer
/// requests: whatever waits in the table is left to them.
#[derive(Debug, Clone)]
pub struct Deployed {
    /// Where they are; without it, where the environment says.
    pub region: Option<String>,
    /// The table's name.
    pub table: String,
    /// The buckets' names.
    pub buckets: BucketNames,
}

/// The static site that a host serves.
pub enum SiteFolder {
    /// None.
    None,
    /// One that stays as it is.
    Built(PathBuf),
    /// One that is being worked on.
    Changing(PathBuf),
}

impl SiteFolder {
    /// The site's pages, if there are any, which may connect to these origins besides their own.
    ///
    /// # Errors
    /// Where the folder is not a built site.
    pub(crate) fn router(self, connections: Vec<String>) -> Result<Option<Router>, SiteError> {
        Ok(match self {
            Self::None => None,
            Self::Built(folder) => {
                let site = Site::load(&folder)?.connecting(&connections)?;
                Some(site::router(Arc::new(site)))
            }
            Self::Changing(folder) => Some(site::changing_router(folder, connections)),
        })
    }
}

impl Options {
    /// The usual options for a data folder.
    #[must_use]
    pub fn new(address: SocketAddr, data: PathBuf) -> Self {
        Self {
            address,
            data,
            deployed: None,
            dynamodb_endpoint: None,
            s3_endpoint: None,
            worker: Worker::Here,
            site: SiteFolder::None,
            clock: Arc::new(SystemClock),
            mailbox: Mailbox::default(),
            rate_limits: RateLimits::default(),
        }
    }
}
