//! `GET /media/<list>/<token>/<generation>/<file>`: what was made of uploads, for holders of a signed address.
//! On AWS the CDN answers these from its cache and the bucket, and asks the same code only for what is missing.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use account::error_response;
use axum::{
    Router,
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use domain::error::Code;
use media::{
    access::Access,
    process::{Pipeline, ProcessError},
    serve::{Name, with_query},
};
use platform::{
    Clock,
    blob::{Blob, BlobError, BlobInfo, BlobKey, Blobs, Bucket},
};

/// What lies under a name never changes.
const FOR_GOOD: &str = "private, max-age=31536000, immutable";
/// A file opened by itself runs nothing and loads nothing.
const POLICY: &str = "sandbox; default-src 'none'; frame-ancestors 'none'";

/// What reading needs.
#[derive(Clone)]
pub(super) struct Reading {
    pub(super) blobs: Blobs,
    pub(super) access: Access,
    pub(super) pipeline: Pipeline,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) making: Making,
}

/// The files that are being made just now: whoever asks for one meanwhile waits for it.
#[derive(Clone, Default)]
pub(super) struct Making(Arc<Mutex<HashMap<BlobKey, Weak<tokio::sync::Mutex<()>>>>>);

impl Making {
    fn of(&self, key: &BlobKey) -> Arc<tokio::sync::Mutex<()>> {
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        files.retain(|_, file| file.strong_count() > 0);
        if let Some(file) = files.get(key).and_then(Weak::upgrade) {
            return file;
        }
        let file = Arc::default();
        files.insert(key.clone(), Arc::downgrade(&file));
        file
    }
}

pub(super) fn router(reading: Reading) -> Router {
    Router::new().route("/media/{list}/{token}/{generation}/{file}", get(read)).with_state(reading)
}

async fn read(State(reading): State<Reading>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    match reading.answer(&method, &uri, &headers).await {
        Ok(response) => response,
        // Not signed, signed for something else, too late, not there: nobody learns which.
        Err(ReadError::Nothing) => error_response(Code::NotFound),
        Err(ReadError::Fault(error)) => {
            tracing::error!(%error, "a file could not be read");
            error_response(Code::Unavailable)
        }
    }
}

enum ReadError {
    Nothing,
    Fault(String),
}

impl From<BlobError> for ReadError {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::NotFound => Self::Nothing,
            other => Self::Fault(other.to_string()),
        }
    }
}

impl Reading {
    async fn answer(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<Response, ReadError> {
        let path = uri.path().strip_prefix("/media/").unwrap_or_default();
        let key = BlobKey::parse(path).map_err(|_| ReadError::Nothing)?;
        let (folder, file) = path.rsplit_once('/').ok_or(ReadError::Nothing)?;
        let folder = BlobKey::parse(folder).map_err(|_| ReadError::Nothing)?;
        let name = Name::parse(file).ok_or(ReadError::Nothing)?;
        let query = uri.query().unwrap_or_default();
        let allowed = self.access.check(uri.path(), query, self.clock.now()).await;
        if let Err(error) = allowed {
            return Err(if error.is_fault() {
                ReadError::Fault(error.to_string())
            } else {
                ReadError::Nothing
            });
        }
        let info = match self.blobs.info(Bucket::Variants, &key).await {
            Err(BlobError::NotFound) if name.is_picture() => {
                self.make(&key, folder, file.to_owned()).await?;
                self.blobs.info(Bucket::Variants, &key).await?
            }
            info => info?,
        };
        let mut response = if name.is_playlist() {
            self.playlist(method, &key, query).await?
        } else {
            self.file(method, &key, &info, headers).await?
        };
        for (header, value) in [
            (header::CONTENT_TYPE, name.content_type()),
            (header::CONTENT_DISPOSITION, &format!("inline; filename=\"{file}\"")),
            (header::CONTENT_SECURITY_POLICY, POLICY),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ] {
            insert(&mut response, header, value);
        }
        Ok(response)
    }

    /// A playlist names files that need a signature each, so each gets the one that this request came with.
    async fn playlist(&self, method: &Method, key: &BlobKey, query: &str) -> Result<Response, ReadError> {
        let playlist = self.blobs.get(Bucket::Variants, key, None).await?.into_bytes().await?;
        let playlist = with_query(&String::from_utf8_lossy(&playlist), query);
        let length = playlist.len().to_string();
        let body = if method == Method::HEAD { Body::empty() } else { Body::from(playlist) };
        let mut response = body.into_response();
        insert(&mut response, header::CONTENT_LENGTH, &length);
        insert(&mut response, header::CACHE_CONTROL, "private, no-store");
        Ok(response)
    }

    async fn file(
        &self,
        method: &Method,
        key: &BlobKey,
        info: &BlobInfo,
        headers: &HeaderMap,
    ) -> Result<Response, ReadError> {
        let tag = info.etag.as_deref().unwrap_or_default();
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let known = text(header::IF_NONE_MATCH).unwrap_or_default().split(',').map(str::trim);
        let mut response =
            if known.into_iter().any(|known| known == "*" || known.trim_start_matches("W/") == tag) {
                StatusCode::NOT_MODIFIED.into_response()
            } else if method == Method::HEAD {
                let mut response = StatusCode::OK.into_response();
                insert(&mut response, header::CONTENT_LENGTH, &info.bytes.to_string());
                response
            } else {
                // A range of another version is of no use; more than one range, or none that is understood, gets all.
                let fresh = text(header::IF_RANGE).is_none_or(|known| known == tag);
                let range = text(header::RANGE).filter(|range| fresh && is_one_range(range));
                match self.blobs.get(Bucket::Variants, key, range).await {
                    Ok(blob) => contents(blob),
                    Err(BlobError::Range) => {
                        let mut response = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
                        insert(&mut response, header::CONTENT_RANGE, &format!("bytes */{}", info.bytes));
                        response
                    }
                    Err(error) => return Err(error.into()),
                }
            };
        insert(&mut response, header::ETAG, tag);
        insert(&mut response, header::ACCEPT_RANGES, "bytes");
        insert(&mut response, header::CACHE_CONTROL, FOR_GOOD);
        Ok(response)
    }

    /// Makes a missing picture once, however many ask for it. It goes on if they stop waiting.
    async fn make(&self, key: &BlobKey, folder: BlobKey, file: String) -> Result<(), ReadError> {
        let turn = self.making.of(key).lock_owned().await;
        if self.blobs.info(Bucket::Variants, key).await.is_ok() {
            return Ok(());
        }
        let pipeline = self.pipeline.clone();
        let made = tokio::spawn(async move {
            let made = pipeline.make_missing(&folder, &file).await;
            drop(turn);
            made
        });
        match made.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(ProcessError::Missing | ProcessError::Unsuitable(_))) => Err(ReadError::Nothing),
            Ok(Err(error)) => Err(ReadError::Fault(error.to_string())),
            Err(error) => Err(ReadError::Fault(error.to_string())),
        }
    }
}

fn contents(blob: Blob) -> Response {
    let (bytes, range) = (blob.bytes, blob.range.clone());
    let mut response = Body::new(blob.into_body()).into_response();
    insert(&mut response, header::CONTENT_LENGTH, &bytes.to_string());
    if let Some(range) = range {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        insert(&mut response, header::CONTENT_RANGE, &range);
    }
    response
}

/// `bytes=0-99`, `bytes=100-` or `bytes=-100`.
fn is_one_range(range: &str) -> bool {
    let sides = range.strip_prefix("bytes=").and_then(|range| range.split_once('-'));
    sides.is_some_and(|(from, to)| {
        let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()) && text.len() < 16;
        number(from) && number(to) && !(from.is_empty() && to.is_empty())
    })
}

fn insert(response: &mut Response, name: HeaderName, value: &str) {
    // What a header can't hold is left out; there is no such name or tag.
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
