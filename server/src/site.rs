//! Serves the built site. All of it is read at the start, so an address can't reach any other file.

use std::{
    collections::HashMap,
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use axum::{
    Router,
    body::Body,
    extract::State,
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri,
        header::{
            ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_SECURITY_POLICY,
            CONTENT_TYPE, ETAG, IF_NONE_MATCH, STRICT_TRANSPORT_SECURITY, VARY,
        },
    },
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use crate::hosting::{self, Hosting};

const FOR_GOOD: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");
const TWO_YEARS: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");

/// Forms that a file may have beside it, the preferred one first: content coding and suffix.
const FORMS: [(&str, &str); 2] = [("br", "br"), ("gzip", "gz")];

/// Why a site could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// A file could not be read.
    #[error("{} could not be read: is the site built?", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// `hosting.json` is not what this server expects.
    #[error("hosting.json is not understood: {0}")]
    Hosting(String),
}

/// A built site, held in memory.
#[derive(Debug)]
pub struct Site {
    files: HashMap<String, File>,
    hosting: Hosting,
    headers: HeaderMap,
}

#[derive(Debug)]
struct File {
    content_type: HeaderValue,
    cache: HeaderValue,
    tag: String,
    plain: Bytes,
    /// By content coding, the preferred one first.
    compressed: Vec<(&'static str, Bytes)>,
}

impl Site {
    /// Reads the site in this folder.
    ///
    /// # Errors
    /// When the folder is not a built site.
    pub fn load(dir: &Path) -> Result<Self, SiteError> {
        let not_understood = |error: &dyn ToString| SiteError::Hosting(error.to_string());
        let hosting = serde_json::from_slice::<Hosting>(&read(&dir.join(hosting::FILE))?)
            .map_err(|error| not_understood(&error))?;
        let mut headers = HeaderMap::new();
        for (name, value) in &hosting.headers {
            let name = name.parse::<HeaderName>().map_err(|error| not_understood(&error))?;
            headers.insert(name, value.parse().map_err(|error| not_understood(&error))?);
        }
        let mut files = HashMap::new();
        load_folder(dir, "", &mut files)?;
        files.remove(hosting::FILE);
        for file in hosting.pages.iter().map(|page| &page.file).chain([&hosting.not_found]) {
            if !files.contains_key(file) {
                return Err(SiteError::Hosting(format!("it names {file}, which isn't there")));
            }
        }
        Ok(Self { files, hosting, headers })
    }

    /// Lets its pages connect to these origins too: where uploads go is known to the host that runs, and not when
    /// the site is built.
    ///
    /// # Errors
    /// When an origin can't stand in a header.
    pub fn connecting(mut self, origins: &[String]) -> Result<Self, SiteError> {
        if let Some(policy) = self.headers.get_mut(CONTENT_SECURITY_POLICY)
            && let Ok(text) = policy.to_str()
        {
            let more = hosting::connecting(text, origins).parse();
            *policy = more.map_err(|_| SiteError::Hosting(format!("{origins:?} are no origins")))?;
        }
        Ok(self)
    }

    /// The file for a path, and the status it is sent with.
    fn find(&self, path: &str) -> (StatusCode, Option<&File>) {
        if let Some(file) = self.files.get(path.trim_start_matches('/')) {
            return (StatusCode::OK, Some(file));
        }
        match self.hosting.pages.iter().find(|page| page.serves(path)) {
            Some(page) => (StatusCode::OK, self.files.get(&page.file)),
            None => (StatusCode::NOT_FOUND, self.files.get(&self.hosting.not_found)),
        }
    }

    fn respond(&self, method: &Method, path: &str, request: &HeaderMap) -> Response {
        let mut response = if method == Method::GET || method == Method::HEAD {
            match self.find(path) {
                (status, Some(file)) => file.respond(status, request),
                (status, None) => status.into_response(),
            }
        } else {
            (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD")]).into_response()
        };
        response.headers_mut().extend(self.headers.clone());
        if request.get("x-forwarded-proto").is_some_and(|scheme| scheme == "https") {
            response.headers_mut().insert(STRICT_TRANSPORT_SECURITY, TWO_YEARS);
        }
        response
    }
}

impl File {
    fn respond(&self, status: StatusCode, request: &HeaderMap) -> Response {
        let accepted = request.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let form = self.compressed.iter().find(|(coding, _)| accepts(accepted, coding));
        let (tag, body) = match form {
            Some((coding, body)) => (format!("\"{}-{coding}\"", self.tag), body),
            None => (format!("\"{}\"", self.tag), &self.plain),
        };
        let mut headers = HeaderMap::new();
        headers.insert(CACHE_CONTROL, self.cache.clone());
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        if status == StatusCode::OK {
            if let Ok(value) = HeaderValue::from_str(&tag) {
                headers.insert(ETAG, value);
            }
            if is_known(request, &tag) {
                return (StatusCode::NOT_MODIFIED, headers).into_response();
            }
        }
        headers.insert(CONTENT_TYPE, self.content_type.clone());
        headers.insert(CONTENT_LENGTH, body.len().into());
        if let Some((coding, _)) = form {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        (status, headers, Body::from(body.clone())).into_response()
    }
}

/// Serves the site: put it under the routes that answer by program.
pub fn router(site: Arc<Site>) -> Router {
    Router::new().fallback(serve).with_state(site)
}

/// Serves the site in a folder that keeps changing: all of it is read again for each request.
///
/// For development, where there is one person and the files are few. Its pages may connect to these origins too.
pub fn changing_router(dir: PathBuf, connections: Vec<String>) -> Router {
    Router::new().fallback(serve_changing).with_state(Arc::new((dir, connections)))
}

async fn serve_changing(
    State(changing): State<Arc<(PathBuf, Vec<String>)>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let (dir, connections) = changing.as_ref();
    match Site::load(dir).and_then(|site| site.connecting(connections)) {
        Ok(site) => site.respond(&method, uri.path(), &headers),
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, error.to_string()).into_response(),
    }
}

async fn serve(State(site): State<Arc<Site>>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    site.respond(&method, uri.path(), &headers)
}

/// Whether `Accept-Encoding` takes this coding: it is named, and not with a weight of nothing.
fn accepts(header: &str, coding: &str) -> bool {
    header.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding))
            && !parts.any(|weight| {
                weight.strip_prefix("q=").is_some_and(|q| q.parse::<f32>().is_ok_and(|q| q <= 0.0))
            })
    })
}

/// Whether the client has this very content already.
fn is_known(request: &HeaderMap, tag: &str) -> bool {
    let known = request.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    known.flat_map(|value| value.split(',')).any(|known| {
        let known = known.trim();
        known == "*" || known.trim_start_matches("W/") == tag
    })
}

fn load_folder(dir: &Path, prefix: &str, files: &mut HashMap<String, File>) -> Result<(), SiteError> {
    let failed = |source| SiteError::Read { path: dir.to_owned(), source };
    for entry in fs::read_dir(dir).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let path = entry.path();
        if path.is_dir() {
            load_folder(&path, &format!("{name}/"), files)?;
        } else if !FORMS.iter().any(|(_, suffix)| name.ends_with(&format!(".{suffix}"))) {
            files.insert(name.clone(), load_file(&name, &path)?);
        }
    }
    Ok(())
}

fn load_file(name: &str, path: &Path) -> Result<File, SiteError> {
    let plain = read(path)?;
    let mut compressed = Vec::new();
    for (coding, suffix) in FORMS {
        let mut form = path.as_os_str().to_owned();
        form.push(format!(".{suffix}"));
        let form = PathBuf::from(form);
        if form.exists() {
            compressed.push((coding, read(&form)?));
        }
    }
    let mut tag = String::new();
    for byte in Sha256::digest(&plain).iter().take(8) {
        // Writing to a string can't fail.
        let _ = write!(tag, "{byte:02x}");
    }
    let cache = if name.starts_with(hosting::ASSETS) { FOR_GOOD } else { ASK_AGAIN };
    Ok(File { content_type: content_type(name), cache, tag, plain, compressed })
}

fn read(path: &Path) -> Result<Bytes, SiteError> {
    fs::read(path).map(Bytes::from).map_err(|source| SiteError::Read { path: path.to_owned(), source })
}

fn content_type(name: &str) -> HeaderValue {
    HeaderValue::from_static(match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "woff2" => "font/woff2",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    })
}

#[cfg(test)]
#[path = "site_tests.rs"]
mod tests;
