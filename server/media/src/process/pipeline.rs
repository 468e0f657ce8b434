//! From an upload in the storage to everything that is shown of it, and back to nothing. Doing any of it twice
//! gives the same files under the same keys.

use std::{path::Path, sync::Arc};

use domain::{
    error::Code,
    id::{ListId, MediaId},
    media::{ANIMATION, MediaKind, Rendition, Rotation},
};
use platform::blob::{BlobKey, Blobs, Bucket};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;
use tokio::sync::Semaphore;

use super::{
    Ffmpeg, Gauge, Made, ProcessError, Request, Transcode, Want, Worker,
    blank::{Playable, blank},
    ffmpeg::Film,
    plan::{Size, sizes},
    sniff,
};
use crate::serve::Name;

/// Files that are worked on at the same time, so that their memory adds up to something known.
const AT_ONCE: usize = 2;
/// What a rendition's folder says about itself; it is never handed out.
const ABOUT: &str = "about.json";
/// A video's poster, once it is a file of its own.
const POSTER: &str = "poster.png";

/// An upload that is to be processed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The list it is in.
    pub list: ListId,
    /// Whose file it is.
    pub media: MediaId,
    /// The unguessable part of its keys.
    pub token: String,
    /// Counts how often it was processed with another outcome: what lies under one never changes.
    pub generation: u32,
    /// What it is.
    pub kind: MediaKind,
    /// What it was said to be.
    pub content_type: String,
    /// How the user has turned it.
    pub rotation: Rotation,
    /// How often a service elsewhere has given it up.
    pub attempt: u32,
    /// The job of a service elsewhere that works on it already, by the service's name for it.
    pub handed: Option<String>,
}

/// How far processing has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Processed {
    /// It is done.
    Made(Rendition),
    /// A service elsewhere works on it, as a job of this name: ask again later.
    Elsewhere(String),
}

/// What making a missing variant needs to know.
#[derive(Debug, Serialize, Deserialize)]
struct About {
    source: Source,
    width: u32,
    height: u32,
}

/// The file that a rendition's pictures are made of.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Source {
    pub(super) content_type: String,
    rotation: Rotation,
    /// Its name in the rendition's folder, if it is a video's poster; else it is the original.
    poster: Option<String>,
}

impl Source {
    pub(super) fn poster(name: &str, content_type: &str) -> Self {
        let (content_type, poster) = (content_type.to_owned(), Some(name.to_owned()));
        Self { content_type, rotation: Rotation::None, poster }
    }
}

/// Makes what is shown of uploads; clones share its limits.
#[derive(Debug, Clone)]
pub struct Pipeline {
    pub(super) blobs: Blobs,
    pub(super) worker: Worker,
    ffmpeg: Option<Ffmpeg>,
    pub(super) service: Option<Arc<dyn Transcode>>,
    pub(super) room: Arc<Semaphore>,
}

impl Pipeline {
    /// Processes with this worker; without `ffmpeg` videos are not transcoded but made playable as they are.
    #[must_use]
    pub fn new(blobs: Blobs, worker: Worker, ffmpeg: Option<Ffmpeg>) -> Self {
        Self { blobs, worker, ffmpeg, service: None, room: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Has this service transcode videos instead.
    #[must_use]
    pub fn with_service(self, service: Arc<dyn Transcode>) -> Self {
        Self { service: Some(service), ..self }
    }

    /// Makes everything that is shown of an upload, or has a service elsewhere do it and looks how far that is. What
    /// takes long shows on the gauge how much is done.
    ///
    /// # Errors
    /// As [`ProcessError::code`] tells: those with a code are for good, the others worth another try.
    pub async fn process(&self, job: &Job, gauge: &Gauge) -> Result<Processed, ProcessError> {
        let path = format!("{}/{}/{}", job.list, job.token, job.generation);
        if let (MediaKind::Video, Some(service)) = (job.kind, &self.service) {
            return self.process_elsewhere(job, path, service.as_ref(), gauge).await;
        }
        let _room = self.room.acquire().await.map_err(ProcessError::failed)?;
        let folder = tempfile::tempdir().map_err(ProcessError::failed)?;
        let source = folder.path().join("source");
        self.blobs
            .get(Bucket::Originals, &original(job.list, &job.token)?, None)
            .await?
            .save(&source)
            .await?;
        let made = match job.kind {
            MediaKind::Image => {
                let made =
                    self.worker.make(all_of(&source, &job.content_type, job.rotation, &folder)).await?;
                let (content_type, rotation) = (job.content_type.clone(), job.rotation);
                let of = Source { content_type, rotation, poster: None };
                self.store_pictures(&path, of, &made, &folder).await?;
                rendition(path, job, made, None)
            }
            MediaKind::Video => self.process_video(job, path, &source, &folder, gauge).await?,
        };
        Ok(Processed::Made(made))
    }

    async fn process_video(
        &self,
        job: &Job,
        path: String,
        source: &Path,
        folder: &TempDir,
        gauge: &Gauge,
    ) -> Result<Rendition, ProcessError> {
        let start = start_of(source).await?;
        let kind = sniff::check(&start, &job.content_type).map_err(ProcessError::Unsuitable)?;
        let Some(ffmpeg) = &self.ffmpeg else {
            let playable = blank(source, kind).await?;
            let Playable { width, height, duration_ms } =
                playable.ok_or(ProcessError::Unsuitable(Code::MediaType))?;
            let to = key(&format!("{path}/original.mp4"))?;
            self.blobs.put_file(Bucket::Variants, &to, "video/mp4", source).await?;
            let made = Made { width, height, placeholder: String::new(), variants: Vec::new(), moves: false };
            return Ok(Rendition { plays: true, ..rendition(path, job, made, duration_ms) });
        };
        let Film { duration_ms, poster, files } =
            ffmpeg.make(source, kind, job.rotation, folder.path(), gauge).await?;
        let to = key(&format!("{path}/{POSTER}"))?;
        self.blobs.put_file(Bucket::Variants, &to, "image/png", &poster).await?;
        let pictures = all_of(&poster, "image/png", Rotation::None, folder);
        let made = self.worker.make(pictures).await?;
        self.store_pictures(&path, Source::poster(POSTER, "image/png"), &made, folder).await?;
        for file in files {
            let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let to = key(&format!("{path}/{name}"))?;
            let content_type = Name::parse(name).map_or("application/octet-stream", Name::content_type);
            self.blobs.put_file(Bucket::Variants, &to, content_type, &file).await?;
        }
        Ok(Rendition { streams: true, ..rendition(path, job, made, Some(duration_ms)) })
    }

    /// Makes one file of a picture that is not there, if it is one that there can be.
    ///
    /// # Errors
    /// [`ProcessError::Missing`] where there can be none of that name.
    pub async fn make_missing(&self, folder: &BlobKey, name: &str) -> Result<(), ProcessError> {
        let Some(Name::Picture { width, format }) = Name::parse(name) else {
            return Err(ProcessError::Missing);
        };
        let about = self.blobs.get(Bucket::Variants, &key(&format!("{folder}/{ABOUT}"))?, None).await?;
        let about: About =
            serde_json::from_slice(&about.into_bytes().await?).map_err(ProcessError::failed)?;
        let size = Size { width: about.width, height: about.height };
        if !sizes(size).iter().any(|size| size.width == width) {
            return Err(ProcessError::Missing);
        }
        let _room = self.room.acquire().await.map_err(ProcessError::failed)?;
        let work = tempfile::tempdir().map_err(ProcessError::failed)?;
        let source = work.path().join("source");
        let Source { content_type, rotation, poster } = about.source;
        let (bucket, from) = match poster {
            None => {
                let (original, _) = folder.as_str().rsplit_once('/').ok_or(ProcessError::Missing)?;
                (Bucket::Originals, key(original)?)
            }
            Some(poster) => (Bucket::Variants, key(&format!("{folder}/{poster}"))?),
        };
        self.blobs.get(bucket, &from, None).await?.save(&source).await?;
        let request =
            Request { want: Want::One { width, format }, ..all_of(&source, &content_type, rotation, &work) };
        let made = self.worker.make(request).await?;
        let variant = made.variants.first().ok_or(ProcessError::Missing)?;
        let file = work.path().join(variant.file_name());
        let to = key(&format!("{folder}/{name}"))?;
        Ok(self.blobs.put_file(Bucket::Variants, &to, format.content_type(), &file).await?)
    }

    /// Removes an upload and all that was made of it.
    ///
    /// # Errors
    /// Where the storage does not answer; some may be gone then, and the same call removes the rest.
    pub async fn remove(&self, list: ListId, token: &str) -> Result<(), ProcessError> {
        let original = original(list, token)?;
        self.blobs.delete_below(Bucket::Variants, &original).await?;
        Ok(self.blobs.delete(Bucket::Originals, &original).await?)
    }

    pub(super) async fn store_pictures(
        &self,
        path: &str,
        source: Source,
        made: &Made,
        folder: &TempDir,
    ) -> Result<(), ProcessError> {
        let about = About { source, width: made.width, height: made.height };
        let about = serde_json::to_vec(&about).map_err(ProcessError::failed)?;
        let to = key(&format!("{path}/{ABOUT}"))?;
        self.blobs.put(Bucket::Variants, &to, "application/json", about.into()).await?;
        if made.moves {
            let (to, file) = (key(&format!("{path}/{ANIMATION}"))?, folder.path().join(ANIMATION));
            let content_type = Name::Animation.content_type();
            self.blobs.put_file(Bucket::Variants, &to, content_type, &file).await?;
        }
        for variant in &made.variants {
            let name = variant.file_name();
            let to = key(&format!("{path}/{name}"))?;
            let file = folder.path().join(&name);
            self.blobs.put_file(Bucket::Variants, &to, variant.format.content_type(), &file).await?;
        }
        Ok(())
    }
}

pub(super) fn all_of(source: &Path, content_type: &str, rotation: Rotation, folder: &TempDir) -> Request {
    Request {
        source: source.to_owned(),
        content_type: content_type.to_owned(),
        rotation,
        folder: folder.path().to_owned(),
        want: Want::All,
    }
}

pub(super) fn rendition(path: String, job: &Job, made: Made, duration_ms: Option<u64>) -> Rendition {
    let Made { width, height, placeholder, variants, moves } = made;
    let rotation = job.rotation;
    Rendition {
        path,
        rotation,
        width,
        height,
        duration_ms,
        placeholder,
        variants,
        streams: false,
        plays: false,
        moves,
    }
}

pub(super) fn original(list: ListId, token: &str) -> Result<BlobKey, ProcessError> {
    key(&format!("{list}/{token}"))
}

pub(super) fn key(text: &str) -> Result<BlobKey, ProcessError> {
    BlobKey::parse(text).map_err(ProcessError::failed)
}

async fn start_of(file: &Path) -> Result<Vec<u8>, ProcessError> {
    use tokio::io::AsyncReadExt as _;
    let mut start = Vec::new();
    let file = tokio::fs::File::open(file).await.map_err(ProcessError::failed)?;
    file.take(sniff::SNIFFED_BYTES as u64).read_to_end(&mut start).await.map_err(ProcessError::failed)?;
    Ok(start)
}
