//! The changes to one list that still lie over what the server said.

use std::collections::BTreeSet;

use super::{Entry, EntryId, Stage};
use crate::{
    id::{IdMap, MutationId},
    model::Version,
    sync::apply::{Subject, subject},
};

/// Entries by id, with an index for each question that is asked of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Outbox {
    entries: IdMap<EntryId, Entry>,
    acknowledged: BTreeSet<(Version, EntryId)>,
    sealed: BTreeSet<(MutationId, EntryId)>,
    pending: BTreeSet<EntryId>,
    /// What each thing has waiting.
    by_subject: IdMap<Subject, Vec<EntryId>>,
}

impl Outbox {
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn get(&self, id: EntryId) -> Option<&Entry> {
        self.entries.get(&id)
    }

    /// Puts an entry in, or a known one at its new stage. Gives what was there.
    pub(super) fn put(&mut self, entry: Entry) -> Option<Entry> {
        let old = self.take(entry.id);
        match entry.stage {
            Stage::Acknowledged(version) => self.acknowledged.insert((version, entry.id)),
            Stage::Sealed(batch) => self.sealed.insert((batch, entry.id)),
            Stage::Pending => self.pending.insert(entry.id),
        };
        self.by_subject.entry(subject(&entry.action)).or_default().push(entry.id);
        self.entries.insert(entry.id, entry);
        old
    }

    pub(super) fn take(&mut self, id: EntryId) -> Option<Entry> {
        let entry = self.entries.remove(&id)?;
        match entry.stage {
            Stage::Acknowledged(version) => self.acknowledged.remove(&(version, id)),
            Stage::Sealed(batch) => self.sealed.remove(&(batch, id)),
            Stage::Pending => self.pending.remove(&id),
        };
        let about = subject(&entry.action);
        if let Some(ids) = self.by_subject.get_mut(&about) {
            ids.retain(|other| *other != id);
            if ids.is_empty() {
                self.by_subject.remove(&about);
            }
        }
        Some(entry)
    }

    /// The entries about a thing, in the order in which they lie over each other.
    pub(super) fn about(&self, subject: Subject) -> Vec<&Entry> {
        let ids = self.by_subject.get(&subject).into_iter().flatten();
        let mut entries: Vec<_> = ids.filter_map(|id| self.entries.get(id)).collect();
        entries.sort_by_key(|entry| (entry.stage, entry.id));
        entries
    }

    pub(super) fn pending(&self) -> impl Iterator<Item = &Entry> {
        self.pending.iter().filter_map(|id| self.entries.get(id))
    }

    /// The batch that waits for its answer, if there is one, with its entries in order.
    pub(super) fn sealed(&self) -> Option<(MutationId, Vec<&Entry>)> {
        let (batch, _) = self.sealed.first()?;
        let ids = self.sealed.iter().take_while(|(other, _)| other == batch);
        Some((*batch, ids.filter_map(|(_, id)| self.entries.get(id)).collect()))
    }

    /// The acknowledged entries whose effects a replica at this version has.
    pub(super) fn settled(&self, version: Version) -> impl Iterator<Item = &Entry> {
        let settled = self.acknowledged.iter().take_while(move |(at, _)| *at <= version);
        settled.filter_map(|(_, id)| self.entries.get(id))
    }

    /// The highest version at which an entry took effect.
    pub(super) fn acknowledged(&self) -> Version {
        self.acknowledged.last().map_or(0, |(version, _)| *version)
    }

    pub(super) fn unsaved(&self) -> usize {
        self.sealed.len() + self.pending.len()
    }

    pub(super) fn is_unsaved(&self, subject: Subject) -> bool {
        let ids = self.by_subject.get(&subject).into_iter().flatten();
        ids.filter_map(|id| self.entries.get(id)).any(|entry| !matches!(entry.stage, Stage::Acknowledged(_)))
    }
}
