//! What a user attaches to a todo: photos and videos, with what processing found out about them.

mod name;

use serde::{Deserialize, Serialize};

pub use name::clean_name;

use crate::{
    error::Code,
    id::{ListId, MediaId, TodoId},
    limits::{IMAGE_BYTES, VIDEO_BYTES},
    order::OrderKey,
    time::Timestamp,
};

/// A photo or a video on a todo. Its file travels and lies apart from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Media {
    /// Its name to the system.
    pub id: MediaId,
    /// The list it is in.
    pub list: ListId,
    /// The todo it is on; fixed when it is made. It shows only while that todo does.
    pub todo: TodoId,
    /// What it is.
    pub kind: MediaKind,
    /// The file's name, as [`clean_name`] leaves it.
    pub name: String,
    /// What the device says the file is: one of [`ACCEPTED`].
    pub content_type: String,
    /// How long the file is: exactly so many bytes have to arrive.
    pub bytes: u64,
    /// What the user says about it; mostly nothing.
    pub caption: String,
    /// Its place among the todo's media; equal keys go by id.
    pub order: OrderKey,
    /// How the user has turned it.
    pub rotation: Rotation,
    /// When it was added, by the clock of the device that did.
    pub created_at: Timestamp,
    /// When it was deleted, if it was: for good. The tombstone is kept for [`crate::limits::HORIZON_DAYS`] days.
    pub deleted_at: Option<Timestamp>,
    /// How far it has come.
    pub state: MediaState,
    /// How much of the processing is done, in percent, where that is known.
    pub progress: Option<u8>,
    /// What can be shown of it; `None` until it was ready once. While it is processed again, the old one stays.
    pub rendition: Option<Rendition>,
}

impl Media {
    /// Whether it is there for the user, rather than deleted.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        self.deleted_at.is_none()
    }

    /// Quarter turns, clockwise, that what is shown of it still lacks: it was turned and is being processed once more.
    #[must_use]
    pub fn turns_ahead(&self) -> u16 {
        let made = self.rendition.as_ref().map_or(self.rotation, |rendition| rendition.rotation);
        (self.rotation.degrees() + 360 - made.degrees()) / 90 % 4
    }
}

/// What a media item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MediaKind {
    /// A still picture, or a short animation without sound.
    Image,
    /// A video.
    Video,
}

impl MediaKind {
    /// The longest file of this kind, in bytes.
    #[must_use]
    pub const fn max_bytes(self) -> u64 {
        match self {
            Self::Image => IMAGE_BYTES,
            Self::Video => VIDEO_BYTES,
        }
    }
}

/// The content types of files that are taken.
pub const ACCEPTED: [(&str, MediaKind); 7] = [
    ("image/jpeg", MediaKind::Image),
    ("image/png", MediaKind::Image),
    ("image/webp", MediaKind::Image),
    ("image/gif", MediaKind::Image),
    ("video/mp4", MediaKind::Video),
    ("video/quicktime", MediaKind::Video),
    ("video/webm", MediaKind::Video),
];

/// What a file of this content type is.
///
/// # Errors
/// [`Code::Heic`] for HEIC and HEIF pictures, [`Code::MediaType`] for all else that is not [`ACCEPTED`].
pub fn kind_of(content_type: &str) -> Result<MediaKind, Code> {
    let known = ACCEPTED.iter().find(|(name, _)| *name == content_type).map(|(_, kind)| *kind);
    let heic = ["image/heic", "image/heif", "image/heic-sequence", "image/heif-sequence"];
    known.ok_or(if heic.contains(&content_type) { Code::Heic } else { Code::MediaType })
}

/// How far a media item has come. Only the server moves it on, but for what [`crate::action::Action`] says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MediaState {
    /// Its file has not begun to arrive.
    Waiting,
    /// Its file is on the way.
    Uploading,
    /// Its file is there and is looked at.
    Processing,
    /// Its rendition is there.
    Ready,
    /// It did not work, and why; it can be tried again.
    Failed(Code),
}

impl MediaState {
    /// Whether the server still waits for the file.
    #[must_use]
    pub const fn wants_file(self) -> bool {
        matches!(self, Self::Waiting | Self::Uploading)
    }

    /// The state after another try. Where the file never arrived whole, it has to be sent again.
    #[must_use]
    pub const fn retried(self) -> Self {
        match self {
            Self::Failed(Code::UploadExpired | Code::UploadSize) => Self::Waiting,
            Self::Failed(_) => Self::Processing,
            other => other,
        }
    }
}

/// Degrees clockwise, on top of what the file itself says about its orientation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub enum Rotation {
    /// As it came.
    #[default]
    None,
    /// 90 degrees.
    Right,
    /// 180 degrees.
    Half,
    /// 270 degrees.
    Left,
}

/// The number is not 0, 90, 180 or 270.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a quarter turn")]
pub struct InvalidRotation;

impl Rotation {
    /// Every rotation, each a quarter more than the one before.
    pub const ALL: [Self; 4] = [Self::None, Self::Right, Self::Half, Self::Left];

    /// 0, 90, 180 or 270.
    #[must_use]
    pub const fn degrees(self) -> u16 {
        match self {
            Self::None => 0,
            Self::Right => 90,
            Self::Half => 180,
            Self::Left => 270,
        }
    }

    /// A quarter more, clockwise.
    #[must_use]
    pub const fn turned(self) -> Self {
        match self {
            Self::None => Self::Right,
            Self::Right => Self::Half,
            Self::Half => Self::Left,
            Self::Left => Self::None,
        }
    }
}

impl TryFrom<u16> for Rotation {
    type Error = InvalidRotation;

    fn try_from(degrees: u16) -> Result<Self, InvalidRotation> {
        Self::ALL.into_iter().find(|rotation| rotation.degrees() == degrees).ok_or(InvalidRotation)
    }
}

impl From<Rotation> for u16 {
    fn from(rotation: Rotation) -> Self {
        rotation.degrees()
    }
}

/// What processing made of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rendition {
    /// Where its files lie, `<list>/<token>/<generation>`: below `/media/` and in the bucket of variants. What
    /// lies there never changes.
    pub path: String,
    /// The user's rotation that it was made for.
    pub rotation: Rotation,
    /// Pixels across, as it is shown: the file's orientation and that rotation are in it.
    pub width: u32,
    /// Pixels down, likewise.
    pub height: u32,
    /// How long it plays, in milliseconds, where it does.
    pub duration_ms: Option<u64>,
    /// A tiny blurred picture of it, as a `data:` URL of at most [`crate::limits::PLACEHOLDER_BYTES`].
    pub placeholder: String,
    /// The pictures there are of it; of a video, those of its poster.
    pub variants: Vec<Variant>,
    /// Whether there is an HLS stream of it.
    pub streams: bool,
    /// Whether there is one playable file of it, `original.mp4`.
    pub plays: bool,
    /// Whether it is a picture that moves: [`ANIMATION`] is there.
    pub moves: bool,
}

/// The name of the file of a picture that moves, as WebP. Its variants are of its first frame.
pub const ANIMATION: &str = "animation.webp";

/// One size and format of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Variant {
    /// Pixels across: one of [`crate::limits::VARIANT_WIDTHS`], or less where the picture is smaller.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// How it is encoded.
    pub format: Format,
    /// How long its file is.
    pub bytes: u64,
}

impl Variant {
    /// The name of its file, such as `960.avif`.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("{}.{}", self.width, self.format.extension())
    }
}

/// How a variant is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "they are names of formats")]
pub enum Format {
    Avif,
    Webp,
    Jpeg,
}

impl Format {
    /// How names of its files end.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Avif => "avif",
            Self::Webp => "webp",
            Self::Jpeg => "jpg",
        }
    }

    /// Its content type.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Avif => "image/avif",
            Self::Webp => "image/webp",
            Self::Jpeg => "image/jpeg",
        }
    }
}
