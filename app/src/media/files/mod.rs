//! The picked files themselves, kept in this browser until the server has made them ready: a closed tab or a flight
//! loses none. The bytes lie in the origin's private file system, or in the database where there is none that can be
//! written from a page; the database says which file is which.

mod place;
mod rows;

use domain::{
    id::{ListId, MediaId, TodoId, UserId},
    media::MediaKind,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use web_sys::Blob;

use self::{place::Place, rows::Rows};

/// A file that is kept, and for which media item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) media: MediaId,
    pub(super) list: ListId,
    pub(super) todo: TodoId,
    pub(super) kind: MediaKind,
    pub(super) name: String,
    pub(super) content_type: String,
    pub(super) bytes: u64,
    pub(super) kept_at: Timestamp,
    /// Whether the user stopped its upload.
    pub(super) paused: bool,
}

/// Why a file could not be kept or given back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum FilesError {
    /// There is no room on the device, or none that the browser grants.
    #[error("the browser has no room")]
    Full,
    /// The browser keeps no files: a private window, or storage that is turned off.
    #[error("the browser keeps no files: {0}")]
    Closed(String),
    /// The file is not there any more, or can't be read.
    #[error("the file is gone")]
    Gone,
}

impl From<JsValue> for FilesError {
    fn from(error: JsValue) -> Self {
        let text = |name: &str| js_sys::Reflect::get(&error, &name.into()).ok()?.as_string();
        match text("name").as_deref() {
            Some("QuotaExceededError") => Self::Full,
            Some("NotFoundError" | "NotReadableError") => Self::Gone,
            _ => Self::Closed(text("message").unwrap_or_else(|| format!("{error:?}"))),
        }
    }
}

impl From<idb::Error> for FilesError {
    fn from(error: idb::Error) -> Self {
        let text = error.to_string();
        if text.contains("Quota") { Self::Full } else { Self::Closed(text) }
    }
}

/// One user's files.
pub(super) struct Files {
    rows: Rows,
    place: Place,
}

impl Files {
    /// Opens them, and takes away what a crash left half written.
    pub(super) async fn open(user: UserId) -> Result<Self, FilesError> {
        let rows = Rows::open(user).await?;
        let place = Place::open(user).await;
        let kept: Vec<_> = rows.all().await?.iter().map(|kept| kept.media.to_string()).collect();
        place.sweep(&kept).await;
        Ok(Self { rows, place })
    }

    /// What is kept, oldest first.
    pub(super) async fn all(&self) -> Result<Vec<Kept>, FilesError> {
        self.rows.all().await
    }

    /// Keeps a file. It is there whole when this is ready, and not at all where it fails.
    pub(super) async fn keep(&self, kept: &Kept, file: &Blob) -> Result<(), FilesError> {
        let name = kept.media.to_string();
        let blob = match self.place.write(&name, file).await {
            Ok(true) => None,
            Ok(false) => Some(file),
            Err(error) => {
                self.place.remove(&name).await;
                return Err(error);
            }
        };
        let done = self.rows.put(kept, blob).await;
        if done.is_err() {
            self.place.remove(&name).await;
        }
        done
    }

    /// The file of a media item; a handle, not its bytes.
    pub(super) async fn file(&self, media: MediaId) -> Result<Blob, FilesError> {
        let name = media.to_string();
        match self.place.read(&name).await? {
            Some(file) => Ok(file),
            None => self.rows.blob(&name).await?.ok_or(FilesError::Gone),
        }
    }

    /// Says what else is known of a file.
    pub(super) async fn note(&self, kept: &Kept) -> Result<(), FilesError> {
        self.rows.note(kept).await
    }

    /// Lets go of a file.
    pub(super) async fn discard(&self, media: MediaId) -> Result<(), FilesError> {
        let name = media.to_string();
        self.place.remove(&name).await;
        self.rows.remove(&name).await
    }

    /// Takes all files of a user off this device.
    pub(super) async fn forget(user: UserId) {
        Place::forget(user).await;
        Rows::forget(user).await;
    }
}
