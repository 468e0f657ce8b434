//! What one transaction does to a list.

use domain::{error::Code, sync::Head, time::Timestamp};

use super::item::head_item;
use crate::{Expression, Key, StorageError, Write};

/// A list's next state, with the writes that belong to it. All of it happens or nothing, and only if the list is
/// still as it was read.
#[derive(Debug, Clone)]
pub struct Change {
    pub(super) read: Option<Head>,
    pub(super) head: Head,
    pub(super) writes: Vec<(Write, Option<Code>)>,
}

impl Change {
    /// From the list as it was read, or from nothing, to this.
    #[must_use]
    pub const fn new(read: Option<Head>, head: Head) -> Self {
        Self { read, head, writes: Vec::new() }
    }

    /// The list's next version, with no change to its own fields.
    #[must_use]
    pub fn step(read: Head, now: Timestamp) -> Self {
        let mut head = read.clone();
        head.version += 1;
        head.horizon.record(now, head.version);
        Self::new(Some(read), head)
    }

    /// With this count of the bytes of the list's live media.
    #[must_use]
    pub const fn with_media_bytes(mut self, bytes: u64) -> Self {
        self.head.media_bytes = bytes;
        self
    }

    /// The list's version afterwards, which the changed rows carry.
    #[must_use]
    pub const fn version(&self) -> u64 {
        self.head.version
    }

    /// With this write. Where its condition does not hold, everything is read again and tried again.
    #[must_use]
    pub fn with(mut self, write: Write) -> Self {
        self.writes.push((write, None));
        self
    }

    /// With this write. Where its condition does not hold, and all others do, that is final and means this.
    #[must_use]
    pub fn with_limit(mut self, write: Write, meaning: Code) -> Self {
        self.writes.push((write, Some(meaning)));
        self
    }

    /// Whether the list moves.
    pub(super) fn moves(&self) -> bool {
        self.read.as_ref().is_none_or(|read| read.version != self.head.version)
    }

    /// The head's own write: only if the head is still the one that was read.
    pub(super) fn head_write(&self) -> Result<Write, StorageError> {
        let Some(read) = &self.read else { return Ok(Write::create(head_item(&self.head)?)) };
        let same = Expression::new("#version = :read").value("read", read.version);
        if self.head == *read {
            return Ok(Write::Check { key: Key::head(self.head.list.id), condition: same });
        }
        Ok(Write::Put { item: head_item(&self.head)?, condition: Some(same) })
    }

    /// What it means that the conditions of these writes did not hold, where that is final; the head's is at
    /// `before - 1` and the receipt's, if there is one, behind it.
    pub(super) fn meaning(&self, failed: &[usize], before: usize) -> Option<Code> {
        let meanings: Option<Vec<Code>> =
            failed.iter().map(|at| self.writes.get(at.checked_sub(before)?)?.1).collect();
        meanings?.first().copied()
    }
}
