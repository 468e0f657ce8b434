//! A video's way by a service that transcodes it elsewhere: ordered, asked after, and made ready to be shown. The file
//! itself never comes here.

use domain::media::{Rendition, Rotation};
use platform::blob::{BlobError, Bucket};

use super::{
    Gauge, Job, Pipeline, ProcessError, Processed,
    pipeline::{Source, all_of, key, original, rendition},
    sniff,
    transcode::{CAPTURES, Order, Progress, STREAM, Transcode},
};
use crate::serve::Name;

impl Pipeline {
    /// Ends a job of the service elsewhere that nobody needs any more.
    ///
    /// # Errors
    /// [`ProcessError::Failed`] where the service does not answer.
    pub async fn cancel(&self, job: &str) -> Result<(), ProcessError> {
        match &self.service {
            Some(service) => service.cancel(job).await,
            None => Ok(()),
        }
    }

    /// Orders a video, or looks how far it has come; what is done is made ready.
    pub(super) async fn process_elsewhere(
        &self,
        job: &Job,
        path: String,
        service: &dyn Transcode,
        gauge: &Gauge,
    ) -> Result<Processed, ProcessError> {
        let Some(name) = &job.handed else {
            let original = original(job.list, &job.token)?;
            let range = format!("bytes=0-{}", sniff::SNIFFED_BYTES - 1);
            let start = self.blobs.get(Bucket::Originals, &original, Some(&range)).await?;
            sniff::check(&start.into_bytes().await?, &job.content_type).map_err(ProcessError::Unsuitable)?;
            let (folder, generation) = (key(&path)?, job.generation);
            let Job { media, rotation, attempt, .. } = *job;
            let order = Order { media, original, folder, generation, rotation, attempt };
            return Ok(Processed::Elsewhere(service.begin(&order).await?));
        };
        match service.look(name).await? {
            Progress::Working { percent } => {
                gauge.show(percent);
                Ok(Processed::Elsewhere(name.clone()))
            }
            Progress::Done { duration_ms } => {
                let made = self.finish_elsewhere(job, path, duration_ms).await;
                made.map(Processed::Made).map_err(|error| match error {
                    // The original is not asked for here: it is the service that has left something out.
                    ProcessError::Missing => ProcessError::GaveUp("not everything was made".to_owned()),
                    error => error,
                })
            }
        }
    }

    /// Makes pictures of the poster, and of the list of renditions the one that is handed out, last of all.
    async fn finish_elsewhere(
        &self,
        job: &Job,
        path: String,
        duration_ms: u64,
    ) -> Result<Rendition, ProcessError> {
        let _room = self.room.acquire().await.map_err(ProcessError::failed)?;
        let folder = tempfile::tempdir().map_err(ProcessError::failed)?;
        let file = folder.path().join("source");
        let mut poster = None;
        for capture in CAPTURES {
            match self.blobs.get(Bucket::Variants, &key(&format!("{path}/{capture}"))?, None).await {
                Ok(blob) => {
                    blob.save(&file).await?;
                    poster = Some(capture);
                    break;
                }
                Err(BlobError::NotFound) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let poster = poster.ok_or(ProcessError::Missing)?;
        let source = Source::poster(poster, "image/jpeg");
        let pictures = all_of(&file, &source.content_type, Rotation::None, &folder);
        let made = self.worker.make(pictures).await?;
        self.store_pictures(&path, source, &made, &folder).await?;
        let list = self.blobs.get(Bucket::Variants, &key(&format!("{path}/{STREAM}.m3u8"))?, None).await?;
        let list = list.into_bytes().await?;
        let text = String::from_utf8_lossy(&list);
        let mut renditions = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        if let Some(other) = renditions.find(|line| Name::parse(line) != Some(Name::Playlist)) {
            return Err(ProcessError::GaveUp(format!("a rendition is called {other:?}")));
        }
        let to = key(&format!("{path}/master.m3u8"))?;
        self.blobs.put(Bucket::Variants, &to, Name::Playlist.content_type(), list).await?;
        Ok(Rendition { streams: true, ..rendition(path, job, made, Some(duration_ms)) })
    }
}
