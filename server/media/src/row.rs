//! How media lie in the table.

use domain::{
    error::Code,
    id::{ListId, MediaId, TodoId},
    media::{Media, MediaKind, MediaState, Rendition, Rotation},
    model::Version,
    time::Timestamp,
};
use platform::{
    Item, Key, StorageError, TTL, VERSION,
    blob::{BlobKey, InvalidBlobKey},
    list::expiry,
};

/// A media item with what only the server knows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) media: Media,
    /// The unguessable part of its files' keys; there is none before the upload begins and after the files went.
    pub(crate) token: Option<String>,
    /// The storage's name for an upload in parts, while it is under way.
    pub(crate) upload: Option<String>,
    /// Counts how often its file was to be processed: what is made under one number never changes.
    pub(crate) generation: u32,
}

impl Row {
    /// One that was just added.
    pub(crate) const fn new(media: Media) -> Self {
        Self { media, token: None, upload: None, generation: 0 }
    }

    /// The key of its original, and the folder of all that is made of it.
    pub(crate) fn key(&self) -> Option<String> {
        self.token.as_ref().map(|token| format!("{}/{token}", self.media.list))
    }

    /// `now` is when the version is written; from then a tombstone's days are counted.
    pub(crate) fn to_item(&self, version: Version, now: Timestamp) -> Result<Item, StorageError> {
        let media = &self.media;
        let item = Item::new(Key::media(media.list, media.id));
        let rendition = media.rendition.as_ref().map(serde_json::to_string).transpose();
        let rendition = rendition.map_err(|_| item.corrupt("rendition"))?;
        let (state, failure) = state_text(media.state);
        Ok(item
            .with(VERSION, version)
            .with("todo", media.todo.to_string())
            .with("kind", kind_text(media.kind))
            .with("name", media.name.as_str())
            .with("contentType", media.content_type.as_str())
            .with("bytes", media.bytes)
            .with("caption", media.caption.as_str())
            .with("order", media.order.to_string())
            .with("rotation", u32::from(media.rotation.degrees()))
            .with("createdAt", media.created_at)
            .with("deletedAt", media.deleted_at)
            .with("state", state)
            .with("progress", media.progress.map(u32::from))
            .with("failure", failure.map(Code::name))
            .with("rendition", rendition)
            .with("token", self.token.as_deref())
            .with("upload", self.upload.as_deref())
            .with("generation", self.generation)
            .with(TTL, media.deleted_at.map(|_| expiry(now))))
    }

    pub(crate) fn from_item(list: ListId, item: &Item) -> Result<Self, StorageError> {
        let rotation = Rotation::try_from(item.number::<u16>("rotation")?);
        let rendition: Option<Rendition> = item
            .text_if_any("rendition")?
            .map(serde_json::from_str)
            .transpose()
            .map_err(|_| item.corrupt("rendition"))?;
        Ok(Self {
            media: Media {
                id: item.id::<MediaId>()?,
                list,
                todo: item.parsed("todo")?,
                kind: kind(item)?,
                name: item.text("name")?.to_owned(),
                content_type: item.text("contentType")?.to_owned(),
                bytes: item.number("bytes")?,
                caption: item.text("caption")?.to_owned(),
                order: item.parsed("order")?,
                rotation: rotation.map_err(|_| item.corrupt("rotation"))?,
                created_at: item.time("createdAt")?,
                deleted_at: item.time_if_any("deletedAt")?,
                state: state(item)?,
                progress: item.number_if_any("progress")?,
                rendition,
            },
            token: item.text_if_any("token")?.map(str::to_owned),
            upload: item.text_if_any("upload")?.map(str::to_owned),
            generation: item.number("generation")?,
        })
    }
}

/// The key of a blob of ours.
pub(crate) fn blob_key(text: &str) -> Result<BlobKey, StorageError> {
    BlobKey::parse(text)
        .map_err(|InvalidBlobKey| StorageError::Corrupt { kind: "MEDIA".to_owned(), attribute: "token" })
}

const fn kind_text(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => "image",
        MediaKind::Video => "video",
    }
}

fn kind(item: &Item) -> Result<MediaKind, StorageError> {
    match item.text("kind")? {
        "image" => Ok(MediaKind::Image),
        "video" => Ok(MediaKind::Video),
        _ => Err(item.corrupt("kind")),
    }
}

const fn state_text(state: MediaState) -> (&'static str, Option<Code>) {
    match state {
        MediaState::Waiting => ("waiting", None),
        MediaState::Uploading => ("uploading", None),
        MediaState::Processing => ("processing", None),
        MediaState::Ready => ("ready", None),
        MediaState::Failed(code) => ("failed", Some(code)),
    }
}

fn state(item: &Item) -> Result<MediaState, StorageError> {
    let failure = item.text_if_any("failure")?.and_then(Code::from_name);
    match (item.text("state")?, failure) {
        ("waiting", None) => Ok(MediaState::Waiting),
        ("uploading", None) => Ok(MediaState::Uploading),
        ("processing", None) => Ok(MediaState::Processing),
        ("ready", None) => Ok(MediaState::Ready),
        ("failed", Some(code)) => Ok(MediaState::Failed(code)),
        _ => Err(item.corrupt("state")),
    }
}

/// The live media of one todo, in no order: how many there are is held against the limit when one is added.
pub(crate) fn album_item(list: ListId, todo: TodoId, media: &[MediaId]) -> Item {
    let ids: Vec<String> = media.iter().map(ToString::to_string).collect();
    Item::new(Key::album(list, todo)).with("media", ids.join(" "))
}

pub(crate) fn album(item: &Item) -> Result<Vec<MediaId>, StorageError> {
    let ids = item.text("media")?.split_ascii_whitespace();
    ids.map(|id| id.parse().map_err(|_| item.corrupt("media"))).collect()
}
