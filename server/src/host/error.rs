//! Why a host can't start.

use std::net::SocketAddr;

use gateway::SupergraphError;
use platform::{AwsError, OpenError, blob::BlobOpenError, secret::SecretError};

use crate::site::SiteError;

/// Why a host can't start, in words for whoever starts it.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// AWS can't be used from here.
    #[error(transparent)]
    Aws(#[from] AwsError),
    /// The table can't be opened.
    #[error(transparent)]
    Table(#[from] OpenError),
    /// The storage of files can't be opened.
    #[error(transparent)]
    Blobs(#[from] BlobOpenError),
    /// A key can't be read or made.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The committed supergraph is none.
    #[error("the supergraph can't be used ({0}): run `cargo xtask schema`")]
    Supergraph(#[from] SupergraphError),
    /// The site can't be read.
    #[error(transparent)]
    Site(#[from] SiteError),
    /// The address is taken, or not ours.
    #[error(
        "can't listen on {address} ({source}): is another server running? Choose another port with --port"
    )]
    Address {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
}
