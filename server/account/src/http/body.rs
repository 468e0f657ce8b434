//! Request bodies: JSON, and said to be JSON, which a form on another site can't say.

use axum::http::{HeaderMap, header};
use domain::error::Code;
use serde::de::DeserializeOwned;

pub(super) fn read<T: DeserializeOwned>(headers: &HeaderMap, body: &[u8]) -> Result<T, Code> {
    let media_type =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(Code::Malformed);
    }
    serde_json::from_slice(body).map_err(|_| Code::Malformed)
}
