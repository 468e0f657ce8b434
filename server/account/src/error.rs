//! Why an account's service said no.

use domain::error::Code;
use platform::{MailError, RateError, StorageError, graphql};

/// What went wrong, with the code that the caller sees.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The caller did something that is not possible or allowed.
    #[error("{}", .0.name())]
    Refused(Code),
    /// Something was tried too often.
    #[error("too often: again in {retry_after} s")]
    Limited {
        /// Seconds to wait.
        retry_after: i64,
    },
    /// The table failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The mail could not be sent.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// The system has no randomness, or a token can't be signed.
    #[error("a secret can't be made: {0}")]
    Secret(String),
}

impl AccountError {
    /// The code that the caller sees. Faults of ours go to the log here.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Refused(code) => *code,
            Self::Limited { .. } => Code::RateLimited,
            Self::Storage(failure) => graphql::code_of(failure),
            Self::Mail(failure) => {
                tracing::error!(error = %failure, "a sign-in mail was not sent");
                Code::Unavailable
            }
            Self::Secret(_) => {
                tracing::error!(error = %self, "a fault in the account service");
                Code::Internal
            }
        }
    }
}

impl From<RateError> for AccountError {
    fn from(error: RateError) -> Self {
        match error {
            RateError::Limited { retry_after } => Self::Limited { retry_after },
            RateError::Storage(failure) => Self::Storage(failure),
        }
    }
}

impl From<Code> for AccountError {
    fn from(code: Code) -> Self {
        Self::Refused(code)
    }
}
