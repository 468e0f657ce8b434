//! Making of an uploaded file what is shown: pictures in a few sizes, streams of videos, a placeholder. Nothing
//! in a file is believed: its first bytes are held against what it was said to be, its size is looked at before
//! it is decoded, and decoding runs in a process of its own with limits. No metadata goes into what is made.

mod animation;
mod blank;
mod codec;
mod decode;
mod elsewhere;
mod ffmpeg;
mod gauge;
mod jpeg;
mod limited;
mod make;
mod pipeline;
mod plan;
mod sniff;
mod transcode;
mod worker;

use domain::error::Code;
use platform::blob::BlobError;

pub use ffmpeg::Ffmpeg;
pub use gauge::Gauge;
pub use make::{Made, Request, Want, make};
pub use pipeline::{Job, Pipeline, Processed};
pub use sniff::{FileKind, sniff};
pub use transcode::{Order, Progress, QUALITIES, Quality, SEGMENT_SECONDS, Transcode, poster_second};
pub use worker::{Worker, work};

/// Why nothing was made of a file.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// The file is the reason: trying again gives the same.
    #[error("the file can't be shown: {}", .0.name())]
    Unsuitable(Code),
    /// The file is not there any more, or not yet.
    #[error("the file is not there")]
    Missing,
    /// The storage is the reason.
    #[error(transparent)]
    Storage(BlobError),
    /// A service elsewhere has given the job up, for a reason of its own: another job may come to an end.
    #[error("the service gave the job up: {0}")]
    GaveUp(String),
    /// A fault of ours, or of this machine.
    #[error("processing broke off: {0}")]
    Failed(String),
}

impl ProcessError {
    /// What the user is told, where the file is the reason; the rest is worth another try.
    #[must_use]
    pub const fn code(&self) -> Option<Code> {
        match self {
            Self::Unsuitable(code) => Some(*code),
            Self::Missing => Some(Code::UploadMissing),
            Self::Storage(_) | Self::GaveUp(_) | Self::Failed(_) => None,
        }
    }

    fn failed(error: impl std::fmt::Display) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<BlobError> for ProcessError {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::NotFound => Self::Missing,
            other => Self::Storage(other),
        }
    }
}

#[cfg(test)]
#[path = "tests/mod.rs"]
mod tests;
