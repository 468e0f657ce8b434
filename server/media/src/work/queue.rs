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
    /// How often it was taken, this time included.
    pub tries: u32,
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
        let lease = item.text("lease")?.to_owned();
        Ok(Self { key: item.key().clone(), task, subject, tries: item.number("tries")?, lease })
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
        match self.table().update(work.key.clone(), update, Some(work.held())).await {
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
