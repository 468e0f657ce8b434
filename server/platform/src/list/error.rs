//! Why an operation on a list did not happen.

use domain::error::Code;

use crate::StorageError;

/// Either the rules say no, or the table can't do it.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The caller may not, or the input does not fit.
    #[error("{}", .0.message())]
    Refused(Code),
    /// The table did not do it. What exactly went wrong is for the log, not for the caller.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl ListError {
    /// The code that the caller gets.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Refused(code) => *code,
            Self::Storage(StorageError::Busy(_) | StorageError::Throttled(_)) => Code::Busy,
            Self::Storage(StorageError::Unavailable(_)) => Code::Unavailable,
            Self::Storage(_) => Code::Internal,
        }
    }
}

impl From<Code> for ListError {
    fn from(code: Code) -> Self {
        Self::Refused(code)
    }
}
