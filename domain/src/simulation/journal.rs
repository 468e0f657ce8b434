//! A device's storage: a log of what was written, all or none, and snapshots that take its place.

use crate::{
    id::UserId,
    sync::{Replica, Write},
};

/// With so many writes more than there are rows, the rows take their place: few, so that it happens often.
const SLACK: usize = 8;

/// The writes that survive a crash.
#[derive(Debug, Clone, Default)]
pub(super) struct Journal {
    writes: Vec<Write>,
    /// How often something was stored.
    pub(super) revision: usize,
}

impl Journal {
    pub(super) fn store(&mut self, writes: &[Write]) {
        if !writes.is_empty() {
            self.writes.extend_from_slice(writes);
            self.revision += 1;
        }
    }

    pub(super) fn load(&self, user: UserId) -> Replica {
        Replica::load(user, self.writes.clone())
    }

    /// Puts a replica's rows in the place of the writes that led to it, if those are many and it knows them all.
    pub(super) fn shorten(&mut self, replica: &Replica, reached: usize) {
        if reached == self.revision && self.writes.len() > replica.row_count() + SLACK {
            self.writes = replica.rows();
            assert_eq!(self.writes.len(), replica.row_count());
        }
    }
}
