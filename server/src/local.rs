//! The names of this very machine.

use axum::http::{HeaderMap, header, uri::Authority};

/// Whether the host is this machine, whatever it is connected to.
pub(crate) fn is_name(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

/// Whether a request was made to this machine by a name of its own: a browser sends it what it keeps for that name,
/// and a page from elsewhere can't have that name point here.
pub(crate) fn is_asked_by_name(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()?.parse::<Authority>().ok());
    host.is_some_and(|host| is_name(host.host()))
}
