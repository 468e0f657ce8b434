//! The one way to write to a list: a transaction that moves its version only if it is still the one that was
//! read, tried again while others write, and told to the members' devices.

use std::{
    hash::{BuildHasher as _, RandomState},
    time::Duration,
};

use domain::{
    action::{Batch, Outcome},
    error::Code,
    id::{ListId, UserId},
    model::Version,
    sync::{Head, Receipt},
};
use sha2::{Digest as _, Sha256};

use super::{Change, ListError, ListStore, item};
use crate::{Key, Partition, Range, Signal, StorageError, Write};

/// Times that a change is tried while others keep writing to the list.
const TRIES: u32 = 12;

impl ListStore {
    /// Applies a batch, once, however often it is sent. `attempt` reads what it needs and says what the batch does
    /// and what becomes of each action; it is asked again where others have written meanwhile.
    ///
    /// # Errors
    /// Those of `attempt`, [`Code::MutationReused`], what a [limit](Change::with_limit) means, and [`Code::Busy`]
    /// where others keep writing to the list. Nothing is written then. After [`Code::Unavailable`] it may be
    /// written or not: send it again.
    pub async fn commit<A, F>(&self, caller: UserId, batch: &Batch, attempt: A) -> Result<Receipt, ListError>
    where
        A: Fn() -> F,
        F: Future<Output = Result<(Change, Vec<Outcome>), ListError>>,
    {
        let body = serde_json::to_vec(batch).map_err(|_| Code::BadInput)?;
        let body = Sha256::digest(&body).to_vec();
        for round in 0..TRIES {
            if let Some(receipt) = self.receipt(caller, batch, &body).await? {
                return Ok(receipt);
            }
            let (change, outcomes) = attempt().await?;
            let version = change.version();
            let receipt = Receipt { batch: batch.id, list: batch.list, version, outcomes };
            let kept = item::receipt_item(&receipt, caller, body.clone(), self.now())?;
            if self.transact(&change, Some(Write::create(kept))).await? {
                return Ok(receipt);
            }
            tokio::time::sleep(pause(round)).await;
        }
        Err(Code::Busy.into())
    }

    /// Makes a change that the server decides on by itself. `attempt` gets the list as it is, reads what else it
    /// needs, and says what is to be written, or nothing where there is nothing (left) to do; it is asked again
    /// where others have written meanwhile. Gives the list's
    /// version if anything was written; nothing is to a list that is deleted.
    ///
    /// # Errors
    /// Those of `attempt`, and [`Code::Busy`] where others keep writing to the list.
    pub async fn write<A, F>(&self, list: ListId, attempt: A) -> Result<Option<Version>, ListError>
    where
        A: Fn(Head) -> F,
        F: Future<Output = Result<Option<Change>, ListError>>,
    {
        for round in 0..TRIES {
            let Some(head) = self.head(list).await?.filter(|head| !head.deleted) else { return Ok(None) };
            let Some(change) = attempt(head).await? else { return Ok(None) };
            if self.transact(&change, None).await? {
                return Ok(Some(change.version()));
            }
            tokio::time::sleep(pause(round)).await;
        }
        Err(Code::Busy.into())
    }

    /// The receipt, if the batch was committed before. It is its sender's even when the list is gone.
    async fn receipt(
        &self,
        caller: UserId,
        batch: &Batch,
        body: &[u8],
    ) -> Result<Option<Receipt>, ListError> {
        let Some(found) = self.table.get(&Key::receipt(batch.list, batch.id)).await? else { return Ok(None) };
        if found.parsed::<UserId>("caller")? != caller {
            return Err(Code::NotFound.into());
        }
        if found.bytes("body")? != body {
            return Err(Code::MutationReused.into());
        }
        Ok(Some(item::receipt(batch.list, &found)?))
    }

    /// Whether it happened; if not, somebody else was faster.
    async fn transact(&self, change: &Change, receipt: Option<Write>) -> Result<bool, ListError> {
        let mut writes = vec![change.head_write()?];
        writes.extend(receipt);
        let before = writes.len();
        writes.extend(change.writes.iter().map(|(write, _)| write.clone()));
        match self.table.commit(writes).await {
            Ok(()) => {
                if change.moves() {
                    self.poke(change.head.list.id, change.version()).await;
                }
                Ok(true)
            }
            Err(StorageError::ConditionFailed { failed }) => {
                change.meaning(&failed, before).map_or(Ok(false), |code| Err(code.into()))
            }
            Err(StorageError::Busy(_)) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Tells every member's devices. Who misses it hears of the change later.
    async fn poke(&self, list: ListId, version: Version) {
        match self.table.all(Partition::List(list), Range::Members).await {
            Ok(members) => {
                for user in members.iter().filter_map(|member| member.id().ok()) {
                    self.pokes.send(Signal::Moved { user, list, version });
                }
            }
            Err(error) => tracing::warn!(%list, %error, "the members could not be told of a change"),
        }
    }
}

/// Before the next try: longer each time, and not the same for everybody.
fn pause(round: u32) -> Duration {
    let spread = RandomState::new().hash_one(round) % 16;
    Duration::from_millis(spread + 1) * (round + 1)
}
