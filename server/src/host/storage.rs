//! The two ways into the embedded storage that browsers need: posting a signed form, and putting a signed part.
//! Everything else that S3 can do stays inside the process.

use std::{sync::Arc, time::Duration};

use account::error_response;
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::map_response,
    response::{IntoResponse as _, Response},
    routing::{post, put},
};
use domain::{error::Code, limits::IMAGE_BYTES};
use platform::blob::{Blobs, Bucket};
use tokio::sync::Semaphore;
use tower_http::timeout::RequestBodyTimeoutLayer;

/// Bytes of a form with the largest file, and of the largest part.
const FORM_BYTES: u64 = IMAGE_BYTES + 64 * 1_024;
const PART_BYTES: u64 = 64 * 1_024 * 1_024;
/// Forms taken at the same time: each is in memory until all of it has arrived.
const FORMS: usize = 8;
/// How long an upload may stand still. As a whole it takes as long as the network needs.
const STALL: Duration = Duration::from_secs(30);

/// Any site may try: without a signature made here nothing is taken, and cookies are not looked at. Apps whose
/// pages are not served from here upload this way too.
const CORS: [(HeaderName, &str); 5] = [
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (header::ACCESS_CONTROL_ALLOW_METHODS, "POST, PUT"),
    (header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type"),
    (header::ACCESS_CONTROL_EXPOSE_HEADERS, "etag"),
    (header::ACCESS_CONTROL_MAX_AGE, "86400"),
];

#[derive(Clone)]
struct Storage {
    blobs: Blobs,
    forms: Arc<Semaphore>,
}

/// The routes; none where the storage is elsewhere.
pub(super) fn router(blobs: Blobs) -> Router {
    if !blobs.is_embedded() {
        return Router::new();
    }
    let bucket = blobs.name(Bucket::Originals).to_owned();
    let storage = Storage { blobs, forms: Arc::new(Semaphore::new(FORMS)) };
    Router::new()
        .route(&format!("/{bucket}"), post(form).options(preflight))
        .route(&format!("/{bucket}/{{*key}}"), put(part).options(preflight))
        .layer(RequestBodyTimeoutLayer::new(STALL))
        .layer(map_response(cors))
        .with_state(storage)
}

async fn preflight() -> StatusCode {
    StatusCode::NO_CONTENT
}

async fn form(State(storage): State<Storage>, request: Request) -> Response {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
        return error_response(Code::Malformed);
    }
    if let Some(refusal) = refuse_length(request.headers(), FORM_BYTES) {
        return refusal;
    }
    let Ok(_room) = storage.forms.try_acquire() else { return error_response(Code::Busy) };
    // In one piece: where the network cuts a form at a line's end, s3s 0.14.1 takes it for malformed.
    let (head, body) = request.into_parts();
    match to_bytes(body, usize::try_from(FORM_BYTES).unwrap_or(usize::MAX)).await {
        Ok(whole) => pass_on(&storage.blobs, Request::from_parts(head, Body::from(whole))).await,
        Err(_) => error_response(Code::Malformed),
    }
}

async fn part(State(storage): State<Storage>, request: Request) -> Response {
    let query = request.uri().query().unwrap_or_default();
    // Putting whole objects is for this process alone.
    if !query.split('&').any(|field| field.starts_with("uploadId=")) {
        return error_response(Code::NotFound);
    }
    if let Some(refusal) = refuse_length(request.headers(), PART_BYTES) {
        return refusal;
    }
    pass_on(&storage.blobs, request).await
}

/// Before anything is read: how much is coming has to be said, and not to be too much.
fn refuse_length(headers: &HeaderMap, most: u64) -> Option<Response> {
    let length =
        headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    match length {
        None => Some((StatusCode::LENGTH_REQUIRED, "").into_response()),
        Some(length) if length > most => Some(error_response(Code::TooLarge)),
        Some(_) => None,
    }
}

async fn pass_on(blobs: &Blobs, request: Request) -> Response {
    let request = request.map(s3s::Body::http_body_unsync);
    match blobs.answer(request).await {
        Some(response) => response.map(Body::new),
        None => error_response(Code::NotFound),
    }
}

async fn cors(mut response: Response) -> Response {
    for (name, value) in CORS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use bytes::Bytes;
    use futures::stream;
    use platform::blob::BlobKey;
    use tower::ServiceExt as _;

    use super::*;

    #[tokio::test]
    async fn a_form_arrives_however_the_network_cuts_it() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::embedded(folder.path()).await.unwrap();
        let key = BlobKey::parse("list/token").unwrap();
        // Ends of lines in the file are where a boundary could begin.
        let file = "a\r\n-\r".repeat(30_000);
        let form = blobs.sign_form(&key, file.len() as u64, "image/png").await.unwrap();
        let mut body = String::new();
        for (name, value) in &form.fields {
            body += &format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        }
        body += "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n";
        body += &format!("Content-Type: image/png\r\n\r\n{file}\r\n--edge--\r\n");
        let body = Bytes::from(body);
        for first in [1, 5, 100, 700, body.len() - file.len(), body.len() - 3] {
            let pieces = [body.slice(..first), body.slice(first..)].map(Ok::<_, Infallible>);
            let request = Request::post(&form.url)
                .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
                .header(header::CONTENT_LENGTH, body.len())
                .body(Body::from_stream(stream::iter(pieces)))
                .unwrap();
            let answer = router(blobs.clone()).oneshot(request).await.unwrap();
            let status = answer.status();
            let said = to_bytes(answer.into_body(), 10_000).await.unwrap();
            assert_eq!(status, StatusCode::NO_CONTENT, "cut after {first}: {said:?}");
            assert_eq!(blobs.info(Bucket::Originals, &key).await.unwrap().bytes, file.len() as u64);
            blobs.delete(Bucket::Originals, &key).await.unwrap();
        }
    }
}
