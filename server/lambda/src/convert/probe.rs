//! What is in a video, by MediaConvert's own look at it, which costs nothing and starts no job. It reads what the job will
//! read and as the job will: MP4, QuickTime and WebM alike, the turn of the picture included.

use aws_sdk_mediaconvert::{
    Client,
    types::{ProbeInputFile, TrackType},
};
use domain::{
    error::Code,
    limits::{IMAGE_PIXELS, VIDEO_SECONDS},
};
use media::process::ProcessError;

use super::{failed, is};

/// A video that may be converted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Probed {
    /// Pixels, as they are stored.
    pub(super) width: u32,
    pub(super) height: u32,
    /// Degrees clockwise that the file asks for.
    pub(super) rotation: u32,
    /// How long it says it plays, rounded up; recordings made in a browser don't say.
    pub(super) seconds: Option<u64>,
    /// Whether it has more than 60 pictures a second.
    pub(super) is_fast: bool,
    pub(super) has_sound: bool,
}

impl Probed {
    /// Looks at a file, and holds it against the limits.
    pub(super) async fn of(client: &Client, file: &str) -> Result<Self, ProcessError> {
        let file = ProbeInputFile::builder().file_url(file).build();
        let probed = match client.probe().input_files(file).send().await {
            Ok(probed) => probed,
            // Nothing in the request differs from file to file but the file.
            Err(error) if is(&error, 400) || is(&error, 422) => return Err(broken()),
            Err(error) if is(&error, 404) => return Err(ProcessError::Missing),
            Err(error) => return Err(failed(&error)),
        };
        let container = probed.probe_results().first().and_then(|result| result.container());
        let container = container.ok_or_else(broken)?;
        let of = |kind: &TrackType| container.tracks().iter().find(|track| track.track_type() == Some(kind));
        let video = of(&TrackType::Video).and_then(|track| track.video_properties()).ok_or_else(broken)?;
        let pixels =
            |side: Option<i32>| side.and_then(|side| u32::try_from(side).ok()).filter(|side| *side > 0);
        let (width, height) = pixels(video.width).zip(pixels(video.height)).ok_or_else(broken)?;
        if u64::from(width) * u64::from(height) > IMAGE_PIXELS {
            return Err(ProcessError::Unsuitable(Code::TooManyPixels));
        }
        let seconds =
            container.duration.filter(|seconds| *seconds > 0.0).map(|seconds| seconds.ceil() as u64);
        if seconds.is_some_and(|seconds| seconds > VIDEO_SECONDS) {
            return Err(ProcessError::Unsuitable(Code::VideoTooLong));
        }
        let rate = video.frame_rate().and_then(|rate| rate.numerator.zip(rate.denominator));
        Ok(Self {
            width,
            height,
            rotation: video.rotation.unwrap_or_default().rem_euclid(360).unsigned_abs(),
            seconds,
            is_fast: rate.is_some_and(|(frames, seconds)| i64::from(frames) > 60 * i64::from(seconds)),
            has_sound: of(&TrackType::Audio).is_some(),
        })
    }
}

const fn broken() -> ProcessError {
    ProcessError::Unsuitable(Code::MediaBroken)
}
