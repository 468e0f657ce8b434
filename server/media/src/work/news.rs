//! What a service elsewhere tells of a job. It only says that it is time to look: what the service is asked then counts,
//! so it may be told late, twice, in another order, or never.

use domain::{
    id::{ListId, MediaId},
    media::MediaState,
};
use platform::{
    Expression, Key, StorageError,
    blob::{BlobKey, Bucket},
};

use super::time;
use crate::{MediaError, Medias};

/// Something has happened to a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    media: MediaId,
    list: ListId,
    /// `<list>/<token>`.
    original: String,
    generation: u32,
    folder: BlobKey,
    attempt: u32,
    job: String,
    ended: bool,
}

impl News {
    /// About a job whose [order](crate::process::Order) named this media item, this folder and this attempt. `ended` says
    /// that nothing more comes of it. Nothing, where no order of ours can have been so.
    #[must_use]
    pub fn of(media: MediaId, folder: &str, attempt: u32, job: &str, ended: bool) -> Option<Self> {
        let (original, generation) = folder.rsplit_once('/')?;
        let (list, token) = original.split_once('/')?;
        let number: u32 = generation.parse().ok()?;
        let ours = !token.contains('/') && number.to_string() == generation && !job.is_empty();
        let (original, job) = (original.to_owned(), job.to_owned());
        let (list, folder) = (list.parse().ok()?, BlobKey::parse(folder).ok()?);
        ours.then_some(Self { media, list, original, generation: number, folder, attempt, job, ended })
    }
}

impl Medias {
    /// Somebody tells of a job: it is looked at next. What a job has made that nobody waits for is removed. Gives the
    /// name of a job that goes on, and that nobody waits for: it can be cancelled.
    ///
    /// # Errors
    /// Where a part of the storage does not answer. Tell again, or leave it: a job is looked at now and then, and stray
    /// files are swept.
    pub async fn told<'a>(&self, news: &'a News) -> Result<Option<&'a str>, MediaError> {
        if self.wants(news).await? {
            if self.recall(news).await? {
                self.work.notify_one();
            }
        } else if news.ended {
            self.blobs.delete_below(Bucket::Variants, &news.folder).await?;
        } else {
            return Ok(Some(&news.job));
        }
        Ok(None)
    }

    /// Makes the work that waits for this job due. Work that was ordered just now and does not know its job yet, because
    /// whoever ordered it broke off, gets to know it. Whether there was such work.
    async fn recall(&self, news: &News) -> Result<bool, StorageError> {
        let waits = "#generation = :generation AND #attempt = :attempt
            AND (#handed = :job OR attribute_not_exists(#handed))";
        let waits =
            Expression::new(waits).value("generation", news.generation).value("attempt", news.attempt);
        let update = Expression::new("SET #v = :now, #handed = :job");
        let update = update.value("now", time(self.now())).value("job", news.job.as_str());
        self.change(Key::media_work(news.list, news.media), update, waits).await
    }

    /// Whether what a job has made is shown, or may still be made by another job, or goes at its time.
    async fn wants(&self, news: &News) -> Result<bool, StorageError> {
        let row = self.row(news.list, news.media).await?.filter(|row| row.media.is_live());
        let wanted = row.is_some_and(|row| {
            let shown = row.media.rendition.as_ref().map(|made| made.path.as_str());
            let made = row.media.state == MediaState::Processing
                && row.generation == news.generation
                && row.key().is_some_and(|key| key == news.original);
            made || shown == Some(news.folder.as_str())
        });
        Ok(wanted || self.table().get(&Key::blob_work(news.folder.as_str())).await?.is_some())
    }
}
