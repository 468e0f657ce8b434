//! Taking work, keeping it while it is done, and crossing it off.

use domain::{
    id::{ListId, MediaId},
    time::Timestamp,
};
use platform::{Expression, Item, Key, Partition, StorageError, VERSION, Write};
use rand::Rng as _;

use super::{Task, time};
use crate::Medias;

/// Milliseconds after which work that was taken counts as abandoned, unless its lease is renewed.
pub(crate) const LEASE: i64 = 60_000;
/// Pieces of work that are looked at when one is taken.
const LOOK: u16 = 10;

/// A piece of work that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    pub(crate) key: Key,
    /// What is to be done.
    pub task: Task,
    /// Which media item it is about, where it is about one.
    pub subject: Option<(ListId, MediaId)>,
    /// How often it was taken since it last came further, this time included.
    pub tries: u32,
    /// How many jobs of a service elsewhere have come to nothing.
    pub(crate) attempt: u32,
    /// The job of a service elsewhere that does it, by the service's name for it.
    pub(crate) handed: Option<String>,
    lease: String,
}

impl Work {
    fn read(item: &Item) -> Result<Self, StorageError> {
        let subject = || Ok::<_, StorageError>(Some((item.parsed("list")?, item.parsed("media")?)));
        let (task, subject) = match item.text("task")? {
            "process" => (Task::Process, subject()?),
            "expire" => (Task::Expire, subject()?),
            "remove" => {
                let upload = item.text_if_any("upload")?.map(str::to_owned);
                (Task::Remove { folder: item.text("folder")?.to_owned(), upload }, None)
            }
            "clear" => (Task::Clear { folder: item.text("folder")?.to_owned() }, None),
            _ => return Err(item.corrupt("task")),
        };
        Ok(Self {
            key: item.key().clone(),
            task,
            subject,
            tries: item.number("tries")?,
            attempt: item.number_if_any("attempt")?.unwrap_or_default(),
            handed: item.text_if_any("handed")?.map(str::to_owned),
            lease: item.text("lease")?.to_owned(),
        })
    }

    /// The condition that nobody else has taken it, and nothing else has taken its place.
    fn held(&self) -> Expression {
        Expression::new("#lease = :lease").value("lease", self.lease.as_str())
    }

    /// Crosses it off, in a transaction that happens only while it is held.
    pub(crate) fn done(&self) -> Write {
        Write::Delete { key: self.key.clone(), condition: Some(self.held()) }
    }
}

impl Medias {
    /// Takes a piece of work that is due, for a minute.
    ///
    /// # Errors
    /// Where the table does not answer.
    pub async fn take(&self) -> Result<Option<Work>, StorageError> {
        for item in self.table().due(Partition::Work, time(self.now()), LOOK).await? {
            let unchanged = Expression::new("#v = :read").value("read", item.number::<u64>(VERSION)?);
            let until = time(Timestamp(self.now().0 + LEASE));
            let lease = format!("{:032x}", rand::rng().random::<u128>());
            let update = Expression::new("SET #v = :until, #lease = :lease ADD #tries :one");
            let update = update.value("until", until).value("lease", lease).value("one", 1_u32);
            match self.table().update(item.key().clone(), update, Some(unchanged)).await {
                Ok(taken) => return Work::read(&taken).map(Some),
                // Somebody else was faster.
                Err(StorageError::ConditionFailed { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Keeps a piece of work for another minute, or puts it back to be taken at another time. Whether it was still
    /// held.
    ///
    /// # Errors
    /// Where the table does not answer.
    pub(crate) async fn keep(&self, work: &Work, until: Timestamp) -> Result<bool, StorageError> {
        let update = Expression::new("SET #v = :until").value("until", time(until));
        self.change(work.key.clone(), update, work.held()).await
    }

    /// Leaves a piece of work to a job of a service elsewhere, and looks again at this time. Where it is not held any
    /// more, nothing happens, and what the job makes is removed when that is heard of.
    pub(crate) async fn hand_over(
        &self,
        work: &Work,
        job: &str,
        until: Timestamp,
    ) -> Result<(), StorageError> {
        let update = Expression::new("SET #v = :until, #handed = :job, #tries = :none REMOVE #lease");
        let update = update.value("until", time(until)).value("job", job).value("none", 0_u32);
        self.change(work.key.clone(), update, work.held()).await.map(drop)
    }

    /// Forgets a job that came to nothing. Another one is begun at this time.
    pub(crate) async fn take_back(&self, work: &Work, until: Timestamp) -> Result<(), StorageError> {
        let update = Expression::new("SET #v = :until REMOVE #handed ADD #attempt :one");
        let update = update.value("until", time(until)).value("one", 1_u32);
        self.change(work.key.clone(), update, work.held()).await.map(drop)
    }

    /// Changes a note, if the condition holds; whether it did.
    pub(crate) async fn change(
        &self,
        note: Key,
        update: Expression,
        condition: Expression,
    ) -> Result<bool, StorageError> {
        match self.table().update(note, update, Some(condition)).await {
            Ok(_) => Ok(true),
            Err(StorageError::ConditionFailed { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Crosses a piece of work off, if it is still held.
    pub(crate) async fn finish(&self, work: &Work) -> Result<(), StorageError> {
        match self.table().delete(work.key.clone(), Some(work.held())).await {
            Err(StorageError::ConditionFailed { .. }) => Ok(()),
            done => done,
        }
    }

    /// Whether a piece of work is still held.
    pub(crate) async fn holds(&self, work: &Work) -> Result<bool, StorageError> {
        let there = self.table().get(&work.key).await?;
        Ok(there.is_some_and(|item| item.text("lease").is_ok_and(|lease| lease == work.lease)))
    }
}
