//! The types that answers are made of.

use async_graphql::{Enum, ID, SimpleObject};
use domain::{
    error::Code,
    id::ListId,
    media::{self, MediaState as State},
};
use platform::graphql::scalar::{Bytes, OrderKey, Timestamp};

use crate::{Usage, access::Grant};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::media::MediaKind")]
pub(crate) enum MediaKind {
    /// A still picture, or a short animation without sound.
    Image,
    Video,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum MediaState {
    /// Its file has not begun to arrive.
    Waiting,
    /// Its file is on the way.
    Uploading,
    /// Its file is there and is looked at.
    Processing,
    /// Its rendition is there.
    Ready,
    /// It did not work; it can be tried again.
    Failed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::media::Format")]
pub(crate) enum Format {
    Avif,
    Webp,
    Jpeg,
}

/// A photo or a video on a todo.
#[derive(Debug, SimpleObject)]
pub(crate) struct Media {
    list: ID,
    id: ID,
    todo: ID,
    kind: MediaKind,
    /// The file's name.
    name: String,
    content_type: String,
    bytes: Bytes,
    caption: String,
    order: OrderKey,
    /// 0, 90, 180 or 270 degrees clockwise, on top of what the file says.
    rotation: u16,
    created_at: Timestamp,
    deleted_at: Option<Timestamp>,
    state: MediaState,
    /// How much of the processing is done, in percent, where that is known.
    progress: Option<u8>,
    /// Why it failed, if it did: a stable code.
    failure: Option<String>,
    /// What can be shown of it, once it was ready.
    rendition: Option<Rendition>,
}

impl From<media::Media> for Media {
    fn from(media: media::Media) -> Self {
        let (state, failure) = state(media.state);
        Self {
            list: media.list.to_string().into(),
            id: media.id.to_string().into(),
            todo: media.todo.to_string().into(),
            kind: media.kind.into(),
            name: media.name,
            content_type: media.content_type,
            bytes: Bytes(media.bytes),
            caption: media.caption,
            order: OrderKey(media.order),
            rotation: media.rotation.degrees(),
            created_at: Timestamp(media.created_at),
            deleted_at: media.deleted_at.map(Timestamp),
            state,
            progress: media.progress,
            failure: failure.map(|code| code.name().to_owned()),
            rendition: media.rendition.map(Rendition::from),
        }
    }
}

const fn state(state: State) -> (MediaState, Option<Code>) {
    match state {
        State::Waiting => (MediaState::Waiting, None),
        State::Uploading => (MediaState::Uploading, None),
        State::Processing => (MediaState::Processing, None),
        State::Ready => (MediaState::Ready, None),
        State::Failed(code) => (MediaState::Failed, Some(code)),
    }
}

/// What processing made of a file.
#[derive(Debug, SimpleObject)]
pub(crate) struct Rendition {
    /// The folder of its files, below `/media/`.
    path: String,
    /// The rotation that it was made for. While the media item has another one, it is shown turned by the rest.
    rotation: u16,
    /// Pixels across, as it is shown.
    width: u32,
    /// Pixels down, as it is shown.
    height: u32,
    /// How long it plays, in milliseconds, where it does.
    duration_ms: Option<u64>,
    /// A tiny blurred picture of it, as a `data:` URL.
    placeholder: String,
    /// The pictures there are of it; of a video, those of its poster.
    variants: Vec<Variant>,
    /// Whether there is an HLS stream of it, `master.m3u8`.
    streams: bool,
    /// Whether there is one playable file of it, `original.mp4`.
    plays: bool,
    /// Whether it is a picture that moves: `animation.webp` is there.
    moves: bool,
}

impl From<media::Rendition> for Rendition {
    fn from(rendition: media::Rendition) -> Self {
        Self {
            path: rendition.path,
            rotation: rendition.rotation.degrees(),
            width: rendition.width,
            height: rendition.height,
            duration_ms: rendition.duration_ms,
            placeholder: rendition.placeholder,
            variants: rendition.variants.into_iter().map(Variant::from).collect(),
            streams: rendition.streams,
            plays: rendition.plays,
            moves: rendition.moves,
        }
    }
}

/// One size and format of a picture: the file `<width>.<avif|webp|jpg>`.
#[derive(Debug, SimpleObject)]
pub(crate) struct Variant {
    width: u32,
    height: u32,
    format: Format,
    bytes: Bytes,
}

impl From<media::Variant> for Variant {
    fn from(variant: media::Variant) -> Self {
        let media::Variant { width, height, format, bytes } = variant;
        Self { width, height, format: format.into(), bytes: Bytes(bytes) }
    }
}

/// Access to all files of a list, for a few minutes.
#[derive(Debug, SimpleObject)]
pub(crate) struct MediaAccess {
    list: ID,
    /// To be appended to addresses below `/media/`, after `?`.
    query: String,
    expires_at: Timestamp,
}

impl MediaAccess {
    pub(super) fn new(list: ListId, grant: Grant) -> Self {
        Self { list: list.to_string().into(), query: grant.query, expires_at: Timestamp(grant.expires) }
    }
}

/// How much of the quota a user has used.
#[derive(Debug, SimpleObject)]
pub(crate) struct MediaUsage {
    /// Of all media in the user's own lists.
    bytes: Bytes,
    /// As many as there may be.
    quota: Bytes,
}

impl From<Usage> for MediaUsage {
    fn from(usage: Usage) -> Self {
        Self { bytes: Bytes(usage.bytes), quota: Bytes(usage.quota) }
    }
}
