//! A list as the server keeps it, and what every batch to it has in common.

use serde::{Deserialize, Serialize};

use super::{apply::text_bytes, horizon::Horizon};
use crate::{
    action::{Batch, Outcome},
    error::Code,
    id::UserId,
    limits::{ACTIONS_PER_BATCH, BYTES_PER_BATCH},
    model::{Access, List, Role, Version},
    time::Timestamp,
};

/// A list as the server keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Its fields.
    pub list: List,
    /// It grows by one with every batch of which anything was applied.
    pub version: Version,
    /// Whose list it is.
    pub owner: UserId,
    /// How many of its todos are not deleted.
    pub todos: usize,
    /// Bytes of its media that are not deleted: what its owner has back when the list is deleted.
    pub media_bytes: u64,
    /// How far back deletions are remembered.
    pub horizon: Horizon,
    /// Deleted for good: only the id is kept, so that it is never used again.
    pub deleted: bool,
}

impl Head {
    /// Gives the list the next version if anything was applied. It gets one of its own even for what was there
    /// already: acknowledged changes lie over each other on the devices by version, so two batches must not share one.
    pub(super) fn bump(&mut self, now: Timestamp, outcomes: &[Outcome]) {
        if outcomes.contains(&Outcome::Applied) {
            self.step(now);
        }
    }

    /// Gives the list the next version.
    pub(super) fn step(&mut self, now: Timestamp) {
        self.version += 1;
        self.horizon.record(now, self.version);
    }

    /// Whether someone of this role may change what is in the list.
    pub(super) fn lets_write(&self, role: Option<Role>) -> Result<(), Code> {
        match role {
            Some(role) if !self.deleted => role.may(Access::Write).then_some(()).ok_or(Code::Forbidden),
            _ => Err(Code::NotFound),
        }
    }
}

/// Whether a batch is of a size that is taken.
pub(super) fn admit(batch: &Batch) -> Result<(), Code> {
    if batch.actions.is_empty() || batch.actions.len() > ACTIONS_PER_BATCH {
        return Err(Code::BatchSize);
    }
    if batch.actions.iter().map(text_bytes).sum::<usize>() > BYTES_PER_BATCH {
        return Err(Code::TooLarge);
    }
    Ok(())
}
