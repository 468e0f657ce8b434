//! Why an operation on media did not happen.

use domain::error::Code;
use platform::{StorageError, blob::BlobError, list::ListError};

use crate::access::AccessError;

/// The rules say no, or a part of the storage can't do it.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// The caller may not, the input does not fit, or the table can't do it.
    #[error(transparent)]
    List(#[from] ListError),
    /// The storage of files did not do it.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// No access could be signed.
    #[error(transparent)]
    Access(#[from] AccessError),
}

impl MediaError {
    /// The code that the caller gets.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::List(error) => error.code(),
            Self::Blob(BlobError::Unavailable(_)) => Code::Unavailable,
            Self::Blob(_) | Self::Access(_) => Code::Internal,
        }
    }
}

impl From<Code> for MediaError {
    fn from(code: Code) -> Self {
        Self::List(code.into())
    }
}

impl From<StorageError> for MediaError {
    fn from(error: StorageError) -> Self {
        Self::List(error.into())
    }
}
