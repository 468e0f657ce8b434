//! Why a function can't start.

use gateway::SupergraphError;
use platform::{blob::BlobOpenError, secret::SecretError};

/// Why a function can't start, in words for its log.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The deployment did not say something.
    #[error("the variable {0} is not set")]
    Variable(&'static str),
    /// A secret can't be read.
    #[error("the secret {name} can't be read: {reason}")]
    Secret {
        /// Its address.
        name: String,
        /// What the service said.
        reason: String,
    },
    /// The signing secret makes no key.
    #[error("the signing secret is too short")]
    WeakSecret,
    /// The key that addresses of media are signed with is none.
    #[error(transparent)]
    MediaKey(#[from] SecretError),
    /// The storage of files can't be used.
    #[error(transparent)]
    Blobs(#[from] BlobOpenError),
    /// The supergraph that is built in can't be used.
    #[error(transparent)]
    Supergraph(#[from] SupergraphError),
    /// Another gateway in the own one's place can't start.
    #[error("the gateway can't start: {0}")]
    Engine(String),
}
