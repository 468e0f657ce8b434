//! Who a request comes from: decided once by the authoriser, forwarded to the subgraphs in a header, and
//! never taken from a client.

use domain::id::{SessionId, UserId};
use serde::{Deserialize, Serialize};

/// The header in which the caller travels from the gateway to a subgraph. The host removes it from what
/// clients send.
pub const CALLER_HEADER: &str = "x-stack-caller";

/// A signed-in caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Caller {
    /// The user.
    pub user: UserId,
    /// The session that the request was made in.
    pub session: SessionId,
    /// Names the request in logs.
    pub request_id: String,
}

/// The header does not hold a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no valid caller")]
pub struct InvalidCaller;

impl Caller {
    /// The header's value.
    ///
    /// # Errors
    /// Never in practice: the fields are plain text.
    pub fn to_header(&self) -> Result<String, InvalidCaller> {
        serde_json::to_string(self).map_err(|_| InvalidCaller)
    }

    /// The caller that a header names.
    ///
    /// # Errors
    /// [`InvalidCaller`] where the text is not one.
    pub fn from_header(text: &str) -> Result<Self, InvalidCaller> {
        serde_json::from_str(text).map_err(|_| InvalidCaller)
    }
}
