//! Doing a piece of work: what comes of it is one transaction with crossing it off.

use async_trait::async_trait;
use domain::{
    error::Code,
    id::{ListId, MediaId},
    media::MediaState,
    model::Version,
    sync::{
        Head,
        media::{Event, advance},
    },
    time::Timestamp,
};
use platform::{
    Write,
    blob::Bucket,
    list::{Change, ListError},
};

use super::{STALE_LIFE, Task, Work};
use crate::{
    Medias,
    error::MediaError,
    process::{Gauge, Job, Pipeline, ProcessError, Processed},
    row::{Row, blob_key},
};

/// How often a file is tried that breaks the process off or finds the storage out of reach.
const TRIES: u32 = 5;
/// Milliseconds before the second try; each further one waits twice as long.
const PAUSE: i64 = 10_000;
/// How many jobs of a service elsewhere may come to nothing.
const JOBS: u32 = 3;
/// Milliseconds after which a job is looked at first: what is wrong at once shows by then, and whoever should tell of it
/// may have done so before the job was known here.
const SOON: i64 = 60_000;
/// Milliseconds after which it is looked at again, for the case that nobody tells.
const LATER: i64 = 10 * 60_000;

/// Makes of an upload what is shown of it: a port, so that another service can do it, and tests can fail it.
#[async_trait]
pub trait Processor: Send + Sync {
    /// Makes it, or sees to it that somebody else does, and looks how far that is. The same job twice gives the same
    /// files under the same keys. What takes long shows on the gauge how much is done.
    async fn process(&self, job: &Job, gauge: &Gauge) -> Result<Processed, ProcessError>;
}

#[async_trait]
impl Processor for Pipeline {
    async fn process(&self, job: &Job, gauge: &Gauge) -> Result<Processed, ProcessError> {
        Self::process(self, job, gauge).await
    }
}

impl Medias {
    /// Does a piece of work that was taken.
    ///
    /// # Errors
    /// Where a part of the storage does not answer. The work is done once more when its lease has ended.
    pub async fn perform(&self, work: &Work, processor: &dyn Processor) -> Result<(), MediaError> {
        match (&work.task, work.subject) {
            (Task::Process, Some((list, id))) => self.process(work, list, id, processor).await,
            (Task::Expire, Some((list, id))) => self.expire(work, list, id).await,
            (Task::Remove { folder, upload }, _) => self.remove(work, folder, upload.as_deref()).await,
            (Task::Clear { folder }, _) => {
                self.blobs.delete_below(Bucket::Variants, &blob_key(folder)?).await?;
                Ok(self.finish(work).await?)
            }
            (Task::Process | Task::Expire, None) => Ok(self.finish(work).await?),
        }
    }

    async fn process(
        &self,
        work: &Work,
        list: ListId,
        id: MediaId,
        processor: &dyn Processor,
    ) -> Result<(), MediaError> {
        let row = self.row(list, id).await?;
        let row = row.filter(|row| row.media.is_live() && row.media.state == MediaState::Processing);
        let Some((row, token)) = row.and_then(|row| row.token.clone().map(|token| (row, token))) else {
            return Ok(self.finish(work).await?);
        };
        if work.tries > TRIES {
            return self.fail(work, list, id, Code::ProcessingLimit).await;
        }
        let Row { media, generation, .. } = row;
        let (kind, content_type, rotation) = (media.kind, media.content_type, media.rotation);
        let (attempt, handed) = (work.attempt, work.handed.clone());
        let media = id;
        let job = Job { list, media, token, generation, kind, content_type, rotation, attempt, handed };
        let after = |millis: i64| Timestamp(self.now().0 + millis);
        let pause = PAUSE << work.tries.saturating_sub(1).min(TRIES);
        match self.process_aloud(work, &job, processor).await {
            Ok(Processed::Made(rendition)) => {
                let path = rendition.path.clone();
                let kept = self.settle(work, list, id, &Event::Made(rendition)).await?;
                if kept { Ok(()) } else { self.discard(list, id, &path).await }
            }
            Ok(Processed::Elsewhere(name)) => {
                let again = if work.handed.is_some() { LATER } else { SOON };
                Ok(self.hand_over(work, &name, after(again)).await?)
            }
            Err(error @ ProcessError::GaveUp(_)) => {
                tracing::warn!(%list, %error, attempt, "a job of another service came to nothing");
                if attempt + 1 >= JOBS {
                    return self.fail(work, list, id, Code::ProcessingLimit).await;
                }
                Ok(self.take_back(work, after(pause)).await?)
            }
            Err(error) => match error.code() {
                // The original is gone: only sending it anew helps.
                Some(Code::UploadMissing) => self.fail(work, list, id, Code::UploadSize).await,
                Some(code) => self.fail(work, list, id, code).await,
                None => {
                    tracing::warn!(%list, %error, tries = work.tries, "a file could not be processed for now");
                    self.keep(work, after(pause)).await?;
                    Ok(())
                }
            },
        }
    }

    /// Gives a file up, and removes what was made of it until then.
    async fn fail(&self, work: &Work, list: ListId, id: MediaId, code: Code) -> Result<(), MediaError> {
        self.settle(work, list, id, &Event::Failed(code)).await?;
        let row = self.row(list, id).await?;
        let failed = row.filter(|row| matches!(row.media.state, MediaState::Failed(_)));
        if let Some(folder) = failed.and_then(|row| Some(format!("{}/{}", row.key()?, row.generation))) {
            self.blobs.delete_below(Bucket::Variants, &blob_key(&folder)?).await?;
        }
        Ok(())
    }

    /// Writes what has happened to a media item's file, as whoever does the work elsewhere tells it. Gives the list's
    /// version if it made a difference; events may come any number of times and in any order.
    ///
    /// # Errors
    /// Where the table does not answer, or others keep writing to the list.
    pub async fn happen(
        &self,
        list: ListId,
        id: MediaId,
        event: &Event,
    ) -> Result<Option<Version>, ListError> {
        self.store.write(list, |head| self.settled(None, head, id, event)).await
    }

    /// Writes what came of the work and crosses it off. Whether it made a difference to the media item.
    async fn settle(
        &self,
        work: &Work,
        list: ListId,
        id: MediaId,
        event: &Event,
    ) -> Result<bool, MediaError> {
        let settled = self.store.write(list, |head| self.settled(Some(work), head, id, event)).await?;
        // What made no difference is still to be crossed off; a list that is gone needs nothing any more.
        self.finish(work).await?;
        Ok(settled.is_some())
    }

    pub(super) async fn settled(
        &self,
        work: Option<&Work>,
        head: Head,
        id: MediaId,
        event: &Event,
    ) -> Result<Option<Change>, ListError> {
        let (list, now) = (head.list.id, self.now());
        let Some(row) = self.row(list, id).await? else { return Ok(None) };
        let Some((after, media)) = advance(&head, &row.media, event, now) else { return Ok(None) };
        let old = row.media.rendition.as_ref().map(|old| old.path.clone());
        let replaced = old.filter(|old| media.rendition.as_ref().is_some_and(|new| new.path != *old));
        let row = Row { media, ..row };
        let item = row.to_item(after.version, now)?;
        let mut change = Change::new(Some(head), after).with(Write::put(item));
        if let Some(folder) = replaced {
            change = change.with(Task::clear(&folder, Timestamp(now.0 + STALE_LIFE)));
        }
        // Other work may have taken its place: the file is turned again while it is processed.
        if let Some(work) = work
            && self.holds(work).await?
        {
            change = change.with(work.done());
        }
        Ok(Some(change))
    }

    /// Removes what was made of a file in vain: it was deleted meanwhile.
    async fn discard(&self, list: ListId, id: MediaId, path: &str) -> Result<(), MediaError> {
        let row = self.row(list, id).await?.filter(|row| row.media.is_live());
        if row.is_none() {
            self.blobs.delete_below(Bucket::Variants, &blob_key(path)?).await?;
        }
        Ok(())
    }

    /// A file that nobody has confirmed may have arrived all the same.
    async fn expire(&self, work: &Work, list: ListId, id: MediaId) -> Result<(), MediaError> {
        match self.arrive(list, id).await {
            Err(MediaError::List(ListError::Refused(Code::UploadMissing))) => {
                self.give_up(list, id, Code::UploadExpired).await?;
            }
            // It has arrived, is gone, or has failed: nothing is left to be given up.
            Ok(_) | Err(MediaError::List(ListError::Refused(_))) => {}
            Err(error) => return Err(error),
        }
        Ok(self.finish(work).await?)
    }

    async fn remove(&self, work: &Work, folder: &str, upload: Option<&str>) -> Result<(), MediaError> {
        let key = blob_key(folder)?;
        if let Some(upload) = upload {
            self.blobs.abort_upload(&key, upload).await?;
        }
        self.blobs.delete_below(Bucket::Variants, &key).await?;
        self.blobs.delete(Bucket::Originals, &key).await?;
        Ok(self.finish(work).await?)
    }
}
