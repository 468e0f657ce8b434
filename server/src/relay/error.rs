//! Why a relay can't start.

use std::net::SocketAddr;

use axum::http::StatusCode;

use super::Address;
use crate::site::SiteError;

/// Why a relay can't start, in words for whoever starts it.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    /// Nothing answers at the API's address.
    #[error("the API at {api} can't be reached ({reason})")]
    Unreachable {
        /// Its address.
        api: Address,
        /// What went wrong.
        reason: String,
    },
    /// Something else answers there.
    #[error("there is no Stack at {api}: /healthz is answered with {status}, and not as a Stack does")]
    NotAnApi {
        /// The address.
        api: Address,
        /// The answer's status.
        status: StatusCode,
    },
    /// This machine trusts nobody, so there can be no TLS.
    #[error("this machine's roots of trust can't be read ({0}): install its package of CA certificates")]
    Roots(std::io::Error),
    /// The site can't be read.
    #[error(transparent)]
    Site(#[from] SiteError),
    /// The address is taken, or not ours.
    #[error(
        "can't listen on {address} ({source}): is another server running? Choose another port with --port"
    )]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
}
