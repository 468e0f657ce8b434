//! Why a call to the server failed.

use domain::error::Code;

/// A call failed. The message is the server's own where it gave one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ApiError {
    /// The stable reason.
    pub code: Code,
    /// A sentence for people.
    pub message: String,
    /// Seconds to wait before trying again, where the server said so.
    pub retry_after: Option<u32>,
}

impl ApiError {
    /// The failure with the code's own message.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self { code, message: code.message().to_owned(), retry_after: None }
    }

    /// No answer came: the network or the server is away.
    #[must_use]
    pub fn unavailable() -> Self {
        Self::new(Code::Unavailable)
    }

    /// Whether the same call may well succeed later without anybody doing anything.
    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        matches!(self.code, Code::Unavailable | Code::Busy | Code::RateLimited | Code::Internal)
    }
}
