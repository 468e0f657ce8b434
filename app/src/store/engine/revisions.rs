//! Keeps what other tabs wrote in the order in which it reached the storage.

use std::collections::BTreeMap;

/// Every transaction on a user's storage has a revision, one higher than the one before. A tab takes the
/// others' writes in exactly that order; what comes early waits for what is still on its way.
#[derive(Debug)]
pub(super) struct Revisions<T> {
    reached: u64,
    early: BTreeMap<u64, Option<T>>,
}

impl<T> Revisions<T> {
    /// A tab that has read the storage at this revision.
    pub(super) const fn at(reached: u64) -> Self {
        Self { reached, early: BTreeMap::new() }
    }

    /// Up to where nothing is missing.
    pub(super) const fn reached(&self) -> u64 {
        self.reached
    }

    /// This tab wrote a revision itself. Gives what of the others' can now be taken in.
    pub(super) fn own(&mut self, revision: u64) -> Vec<T> {
        self.put(revision, None)
    }

    /// Another tab wrote a revision. Gives what can now be taken in.
    pub(super) fn others(&mut self, revision: u64, writes: T) -> Vec<T> {
        self.put(revision, Some(writes))
    }

    /// The storage was read again, at this revision. Gives what can now be taken in.
    pub(super) fn restart(&mut self, revision: u64) -> Vec<T> {
        self.reached = revision;
        self.early.retain(|early, _| *early > revision);
        self.ready()
    }

    /// Whether something that came before what is here is still missing.
    pub(super) fn has_gap(&self) -> bool {
        !self.early.is_empty()
    }

    fn put(&mut self, revision: u64, writes: Option<T>) -> Vec<T> {
        if revision > self.reached {
            self.early.insert(revision, writes);
        }
        self.ready()
    }

    fn ready(&mut self) -> Vec<T> {
        let mut ready = Vec::new();
        while let Some(next) = self.early.remove(&(self.reached + 1)) {
            self.reached += 1;
            ready.extend(next);
        }
        ready
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_early_waits_for_what_is_missing() {
        let mut revisions = Revisions::at(4);
        assert_eq!(revisions.others(5, "five"), ["five"]);
        assert_eq!(revisions.others(7, "seven"), [""; 0]);
        assert!(revisions.has_gap());
        assert_eq!(revisions.others(6, "six"), ["six", "seven"]);
        assert!(!revisions.has_gap());
        assert_eq!(revisions.reached(), 7);
    }

    #[test]
    fn own_writes_count_but_are_not_taken_in_again() {
        let mut revisions = Revisions::at(0);
        assert_eq!(revisions.own(2), [""; 0]);
        assert_eq!(revisions.others(3, "three"), [""; 0]);
        assert_eq!(revisions.others(1, "one"), ["one", "three"]);
        assert_eq!(revisions.reached(), 3);
    }

    #[test]
    fn reading_the_storage_again_fills_a_gap() {
        let mut revisions = Revisions::at(1);
        assert_eq!(revisions.others(4, "four"), [""; 0]);
        assert_eq!(revisions.others(6, "six"), [""; 0]);
        assert_eq!(revisions.restart(5), ["six"]);
        assert_eq!((revisions.reached(), revisions.has_gap()), (6, false));
    }

    #[test]
    fn what_was_read_from_storage_already_is_passed_over() {
        let mut revisions = Revisions::at(9);
        assert_eq!(revisions.others(8, "eight"), [""; 0]);
        assert_eq!(revisions.others(9, "nine"), [""; 0]);
        assert!(!revisions.has_gap());
    }
}
