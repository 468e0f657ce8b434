//! Reading what was made of uploads, by HTTP: ranges, conditions, playlists, and pictures that are made when they are
//! first asked for. Whoever calls this has made sure that the address may be read: a host of its own by
//! [`crate::access`], a function behind a CDN by having been asked by it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use domain::error::Code;
use platform::blob::{Blob, BlobError, BlobInfo, BlobKey, Blobs, Bucket};

use crate::{
    process::{Pipeline, ProcessError},
    serve::{Name, with_query},
};

/// What lies under a name never changes.
const FOR_GOOD: &str = "private, max-age=31536000, immutable";
/// A file opened by itself runs nothing and loads nothing.
const POLICY: &str = "sandbox; default-src 'none'; frame-ancestors 'none'";

/// What was made of uploads; clones share what is being made just now.
#[derive(Clone)]
pub struct Files {
    blobs: Blobs,
    pipeline: Pipeline,
    making: Making,
}

/// The files that are being made just now: whoever asks for one meanwhile waits for it.
#[derive(Clone, Default)]
struct Making(Arc<Mutex<HashMap<BlobKey, Weak<tokio::sync::Mutex<()>>>>>);

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

impl Files {
    /// The files in this storage; `pipeline` makes those that are missing.
    #[must_use]
    pub fn new(blobs: Blobs, pipeline: Pipeline) -> Self {
        Self { blobs, pipeline, making: Making::default() }
    }

    /// The file under `<list>/<token>/<generation>/<file>`. A playlist's addresses get this query, the signature that
    /// it was asked for with.
    ///
    /// # Errors
    /// `NOT_FOUND` where there is none and none can be made, `UNAVAILABLE` where the storage does not answer.
    pub async fn read(
        &self,
        method: &Method,
        path: &str,
        query: &str,
        headers: &HeaderMap,
    ) -> Result<Response, Code> {
        self.answer(method, path, query, headers).await.map_err(|error| match error {
            ReadError::Nothing => Code::NotFound,
            ReadError::Fault(error) => {
                tracing::error!(%error, "a file could not be read");
                Code::Unavailable
            }
        })
    }

    async fn answer(
        &self,
        method: &Method,
        path: &str,
        query: &str,
        headers: &HeaderMap,
    ) -> Result<Response, ReadError> {
        let key = BlobKey::parse(path).map_err(|_| ReadError::Nothing)?;
        let (folder, file) = path.rsplit_once('/').ok_or(ReadError::Nothing)?;
        let folder = BlobKey::parse(folder).map_err(|_| ReadError::Nothing)?;
        let name = Name::parse(file).ok_or(ReadError::Nothing)?;
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
