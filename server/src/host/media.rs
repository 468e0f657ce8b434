//! `GET /media/<list>/<token>/<generation>/<file>`: what was made of uploads, for holders of a signed address.
//! On AWS the CDN checks the signature, answers from its cache and the bucket, and asks only for what is missing.

use std::sync::Arc;

use account::error_response;
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Method, Uri},
    response::Response,
    routing::get,
};
use domain::error::Code;
use media::{access::Access, files::Files};
use platform::Clock;

/// What reading needs.
#[derive(Clone)]
pub(super) struct Reading {
    pub(super) files: Files,
    pub(super) access: Access,
    pub(super) clock: Arc<dyn Clock>,
}

pub(super) fn router(reading: Reading) -> Router {
    Router::new().route("/media/{list}/{token}/{generation}/{file}", get(read)).with_state(reading)
}

async fn read(State(reading): State<Reading>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let query = uri.query().unwrap_or_default();
    if let Err(error) = reading.access.check(uri.path(), query, reading.clock.now()).await {
        if error.is_fault() {
            tracing::error!(%error, "a signature could not be checked");
            return error_response(Code::Unavailable);
        }
        // Not signed, signed for something else, too late, not there: nobody learns which.
        return error_response(Code::NotFound);
    }
    let path = uri.path().strip_prefix("/media/").unwrap_or_default();
    reading.files.read(&method, path, query, &headers).await.unwrap_or_else(error_response)
}
