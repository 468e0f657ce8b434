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
use platform::blob::{Blobs, Bucket, FORM_LIFE};
use tokio::{sync::Semaphore, time::timeout};
use tower_http::timeout::RequestBodyTimeoutLayer;

use super::form::Form;

/// Bytes of a form with the largest file, and of the largest part.
const FORM_BYTES: u64 = IMAGE_BYTES + 64 * 1_024;
const PART_BYTES: u64 = 64 * 1_024 * 1_024;
/// Forms taken at the same time: each is in memory until all of it has arrived. One that was not signed here gets no
/// place.
const FORMS: usize = 8;
/// How long the fields before a form's file may take.
const FIELDS: Duration = Duration::from_secs(30);
/// How long an upload may stand still. As a whole a part takes as long as the network needs, and a form until its
/// signature has ended.
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
    taken(&storage, request).await.unwrap_or_else(error_response)
}

async fn taken(storage: &Storage, request: Request) -> Result<Response, Code> {
    if let Some(refusal) = refuse_length(request.headers(), FORM_BYTES) {
        return Ok(refusal);
    }
    let (head, body) = request.into_parts();
    let kind = head.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let read = timeout(FIELDS, Form::read(body, kind.unwrap_or_default())).await;
    let form = read.ok().flatten().ok_or(Code::Malformed)?;
    match storage.blobs.knows_form(&form.policy, &form.signature).await {
        Ok(true) => {}
        Ok(false) => return Err(Code::Forbidden),
        Err(error) => {
            tracing::error!(%error, "a form could not be checked");
            return Err(Code::Unavailable);
        }
    }
    let _place = storage.forms.try_acquire().map_err(|_| Code::Busy)?;
    // In one piece: where the network cuts a form at a line's end, s3s 0.14.1 takes it for malformed.
    let whole = to_bytes(form.into_body(), usize::try_from(FORM_BYTES).unwrap_or(usize::MAX));
    let whole = timeout(FORM_LIFE, whole).await.ok().and_then(Result::ok).ok_or(Code::Malformed)?;
    Ok(pass_on(&storage.blobs, Request::from_parts(head, Body::from(whole))).await)
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
    use futures::{StreamExt as _, stream};
    use platform::blob::BlobKey;
    use tower::ServiceExt as _;

    use super::*;

    /// A form for this file with these fields.
    fn posted(fields: &[(&str, String)], file: &str) -> Bytes {
        let mut body = String::new();
        for (name, value) in fields {
            body += &format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        }
        body += "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n";
        body += &format!("Content-Type: image/png\r\n\r\n{file}\r\n--edge--\r\n");
        Bytes::from(body)
    }

    fn request(length: usize, body: Body) -> Request {
        Request::post("/originals")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
            .header(header::CONTENT_LENGTH, length)
            .body(body)
            .unwrap()
    }

    #[tokio::test]
    async fn what_is_not_signed_keeps_nobody_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::embedded(folder.path()).await.unwrap();
        let router = router(blobs.clone());
        let key = BlobKey::parse("list/token").unwrap();
        let form = blobs.sign_form(&key, 5, "image/png").await.unwrap();
        let signed = posted(&form.fields, "12345");
        let forge = |(name, value): &(&'static str, String)| match *name {
            "x-amz-signature" => (*name, "0".repeat(value.len())),
            _ => (*name, value.clone()),
        };
        let forged: Vec<_> = form.fields.iter().map(forge).collect();
        let forged = posted(&forged, "12345");
        let endless = |start: Bytes| {
            let start = stream::iter([Ok::<_, Infallible>(start)]);
            Body::from_stream(start.chain(stream::pending()))
        };
        // Refused by its fields, though its file never ends.
        let answer =
            router.clone().oneshot(request(forged.len() + 9, endless(forged.clone()))).await.unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN);
        // So many that never get as far as their file, and yet there is a place.
        let mut waiting: Vec<_> = (0..FORMS * 2)
            .map(|_| Box::pin(router.clone().oneshot(request(forged.len(), endless(forged.slice(..300))))))
            .collect();
        for begun in &mut waiting {
            assert!(futures::poll!(begun).is_pending());
        }
        let answer = router.clone().oneshot(request(signed.len(), Body::from(signed.clone()))).await.unwrap();
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
        // Signed ones have the places, one after the other.
        let cut = signed.slice(..signed.len() - 3);
        let mut places: Vec<_> = (0..FORMS)
            .map(|_| Box::pin(router.clone().oneshot(request(signed.len(), endless(cut.clone())))))
            .collect();
        for place in &mut places {
            assert!(futures::poll!(place).is_pending());
        }
        let full = router.clone().oneshot(request(signed.len(), Body::from(signed.clone()))).await.unwrap();
        assert_eq!(full.status(), error_response(Code::Busy).status());
        places.clear();
        let answer = router.oneshot(request(signed.len(), Body::from(signed))).await.unwrap();
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    }

    #[tokio::test]
    async fn a_form_arrives_however_the_network_cuts_it() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::embedded(folder.path()).await.unwrap();
        let key = BlobKey::parse("list/token").unwrap();
        // Ends of lines in the file are where a boundary could begin.
        let file = "a\r\n-\r".repeat(30_000);
        let form = blobs.sign_form(&key, file.len() as u64, "image/png").await.unwrap();
        let body = posted(&form.fields, &file);
        for first in [1, 5, 100, 700, body.len() - file.len(), body.len() - 3] {
            let pieces = [body.slice(..first), body.slice(first..)].map(Ok::<_, Infallible>);
            let request = request(body.len(), Body::from_stream(stream::iter(pieces)));
            let answer = router(blobs.clone()).oneshot(request).await.unwrap();
            let status = answer.status();
            let said = to_bytes(answer.into_body(), 10_000).await.unwrap();
            assert_eq!(status, StatusCode::NO_CONTENT, "cut after {first}: {said:?}");
            assert_eq!(blobs.info(Bucket::Originals, &key).await.unwrap().bytes, file.len() as u64);
            blobs.delete(Bucket::Originals, &key).await.unwrap();
        }
    }
}
