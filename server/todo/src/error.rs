//! Why an operation on a list did not happen.

use domain::error::Code;
use platform::StorageError;

/// Either the rules say no, or the table can't do it.
#[derive(Debug, thiserror::Error)]
pub enum TodoError {
    /// The caller may not, or the input does not fit.
    #[error("{}", .0.message())]
    Refused(Code),
    /// The table did not do it. What exactly went wrong is for the log, not for the caller.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl TodoError {
    /// The code that the caller gets.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Refused(code) => *code,
            Self::Storage(StorageError::Busy(_)) => Code::Busy,
            Self::Storage(StorageError::Unavailable(_)) => Code::Unavailable,
            Self::Storage(_) => Code::Internal,
        }
    }
}

impl From<Code> for TodoError {
    fn from(code: Code) -> Self {
        Self::Refused(code)
    }
}
