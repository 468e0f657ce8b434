//! Transcoding by a service elsewhere, as a port: it takes an order, works on it for as long as it takes, and is asked
//! how far it has come. `ffmpeg` on this machine needs none of it: it is done within the call.

use std::fmt;

use async_trait::async_trait;
use domain::{id::MediaId, media::Rotation};
use platform::blob::BlobKey;

use super::ProcessError;

/// The renditions of a stream, the smaller first: none is larger than the video.
pub const QUALITIES: [Quality; 2] =
    [Quality { side: 360, bits_per_second: 900_000 }, Quality { side: 720, bits_per_second: 3_000_000 }];
/// Seconds of each segment of a stream.
pub const SEGMENT_SECONDS: u32 = 4;

/// One rendition of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quality {
    /// The shorter side, in pixels.
    pub side: u32,
    /// The most bits a second of its picture.
    pub bits_per_second: u32,
}

/// What is to be made of a video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Whose file it is.
    pub media: MediaId,
    /// The key of the original.
    pub original: BlobKey,
    /// Where what is made goes, among the variants: `<list>/<token>/<generation>`.
    pub folder: BlobKey,
    /// The generation in it.
    pub generation: u32,
    /// How the user has turned it, on top of what the file itself says.
    pub rotation: Rotation,
    /// How many jobs of the service came to nothing before.
    pub attempt: u32,
}

impl Order {
    /// What the names of the stream's files begin with. The service leaves the list of renditions under this with
    /// `.m3u8` behind it; each rendition's list and segments have [`Order::suffix`] between.
    #[must_use]
    pub fn stream(&self) -> String {
        format!("{}/{STREAM}", self.folder)
    }

    /// What a rendition's file names have behind the stream's.
    #[must_use]
    pub fn suffix(quality: Quality) -> String {
        format!("-{}", quality.side)
    }

    /// What the names of the poster's captures begin with. The service leaves `.0000000.jpg`, and `.0000001.jpg` if the
    /// video plays long enough.
    #[must_use]
    pub fn poster(&self) -> String {
        format!("{}/{POSTER}", self.folder)
    }
}

/// What a stream's list of renditions is called before it has been looked at, without `.m3u8`.
pub(super) const STREAM: &str = "hls";
/// What captures are called, without number and `.jpg`.
const POSTER: &str = "poster";
/// The captures that there may be, the better first.
pub(super) const CAPTURES: [&str; 2] = ["poster.0000001.jpg", "poster.0000000.jpg"];

/// Where in a video its poster is, in seconds, for one that plays so long: neither its first frame, which is often
/// black, nor far behind.
#[must_use]
pub fn poster_second(seconds: u64) -> u64 {
    (seconds / 3).min(3)
}

/// How far a service has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// It waits or works.
    Working {
        /// How much is done, in percent.
        percent: u8,
    },
    /// Everything is where the order says.
    Done {
        /// How long the stream plays, in milliseconds.
        duration_ms: u64,
    },
}

/// A service that transcodes videos.
#[async_trait]
pub trait Transcode: fmt::Debug + Send + Sync {
    /// Orders a video; gives the service's name for the job. The same order a moment later gives the same job.
    ///
    /// # Errors
    /// [`ProcessError::Unsuitable`] where the file is the reason: there is no job then.
    async fn begin(&self, order: &Order) -> Result<String, ProcessError>;

    /// How far a job has come.
    ///
    /// # Errors
    /// [`ProcessError::Unsuitable`] where it failed and the file is the reason, [`ProcessError::GaveUp`] where it failed
    /// for another.
    async fn look(&self, job: &str) -> Result<Progress, ProcessError>;

    /// Ends a job that nobody needs any more. One that has ended already, or is not known, is no error.
    ///
    /// # Errors
    /// [`ProcessError::Failed`] where the service does not answer.
    async fn cancel(&self, job: &str) -> Result<(), ProcessError>;
}
