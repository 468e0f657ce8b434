//! Sending the outbox: one batch at a time, sealed before it leaves, so that sending it twice is harmless.

use std::collections::HashSet;

use super::{Entry, ListId, Replica, Stage, Write};
use crate::{
    action::{Action, Batch, Outcome},
    error::Code,
    id::MutationId,
    limits::{ACTIONS_PER_BATCH, BYTES_PER_BATCH},
    sync::{
        apply::{Subject, subject, text_bytes},
        journal::Step,
        protocol::{Cursor, Receipt, Rejected},
    },
};

impl Replica {
    /// The batch to send now, if there is one: the one whose answer is still awaited, or else the oldest
    /// changes to the list that has waited longest, sealed under the id given here. It may be sent only once
    /// the writes are stored, and as often as it takes to get an answer.
    pub fn seal(&mut self, fresh: MutationId) -> (Option<Batch>, Step) {
        let awaited = self.lists.iter().find_map(|(list, room)| {
            let (id, entries) = room.outbox.sealed()?;
            let actions = entries.into_iter().map(|entry| entry.action.clone()).collect();
            Some(Batch { id, list: *list, actions })
        });
        if awaited.is_some() {
            return (awaited, Step::default());
        }
        let oldest = |room: &super::Room| room.outbox.pending().next().map(|entry| entry.id);
        let next = self.lists.iter().filter_map(|(list, room)| Some((oldest(room)?, *list))).min();
        let Some((_, list)) = next else { return (None, Step::default()) };
        let stage = Stage::Sealed(fresh);
        let entries: Vec<_> =
            self.next_entries(list).into_iter().map(|entry| Entry { stage, ..entry }).collect();
        let actions = entries.iter().map(|entry| entry.action.clone()).collect();
        let step = self.step(entries.into_iter().map(Write::PutEntry).collect());
        (Some(Batch { id: fresh, list, actions }), step)
    }

    /// The oldest pending entries that fit into one batch, at least one. A batch ends where changes to media follow
    /// on others or the other way round, so that all take effect in the order in which they were made.
    fn next_entries(&self, list: ListId) -> Vec<Entry> {
        let Some(room) = self.lists.get(&list) else { return Vec::new() };
        let (mut bytes, mut seen) = (0, HashSet::new());
        let fits = |entry: &&Entry| {
            // The server writes whole todos, so what counts is the todo's text, not only what changes of it.
            let todo = match subject(&entry.action) {
                Subject::Todo(id) if seen.insert(id) => room.todos.said(id),
                _ => None,
            };
            let first = bytes == 0;
            bytes +=
                text_bytes(&entry.action) + todo.map_or(0, |todo| todo.title.len() + todo.notes.len()) + 1;
            first || bytes <= BYTES_PER_BATCH
        };
        let sort = room.outbox.pending().next().is_some_and(|entry| entry.action.is_media());
        let of_one_sort = room.outbox.pending().take_while(|entry| entry.action.is_media() == sort);
        of_one_sort.take(self.batch_cap).take_while(fits).cloned().collect()
    }

    /// Takes the answer to a batch. An answer to anything but the batch that is awaited changes nothing.
    pub fn receipt(&mut self, receipt: &Receipt) -> Step {
        let entries = self.awaited(receipt.batch, receipt.list);
        if entries.is_empty() || entries.len() != receipt.outcomes.len() {
            return Step::default();
        }
        self.batch_cap = ACTIONS_PER_BATCH.min(self.batch_cap * 2);
        self.poke(receipt.list, receipt.version);
        let record = self.lists.get(&receipt.list).and_then(|room| room.record.as_ref());
        let is_here = record.is_some_and(|record| {
            let Cursor { since, anchor } = record.cursor;
            // Between two pages, what was changed once more since then has not come yet.
            since >= receipt.version && since == anchor
        });
        let mut writes = Vec::new();
        let mut deleted = false;
        for (entry, outcome) in entries.into_iter().zip(&receipt.outcomes) {
            deleted |= *outcome == Outcome::Applied && entry.action == Action::DeleteList;
            match outcome {
                Outcome::Applied if is_here => writes.push(Write::DropEntry(entry.id)),
                Outcome::Applied => {
                    writes.push(Write::PutEntry(Entry {
                        stage: Stage::Acknowledged(receipt.version),
                        ..entry
                    }));
                }
                Outcome::Refused(code) => {
                    writes.push(Write::DropEntry(entry.id));
                    writes.push(Write::PutRefusal(self.refusal(entry, *code)));
                }
            }
        }
        let mut step = self.step(writes);
        if deleted {
            let then = self.abandon(receipt.list, Code::NotFound);
            step.writes.extend(then.writes);
            step.touched.merge(then.touched);
        }
        step
    }

    /// Takes a refusal of a whole batch. Where trying again may help, nothing changes and the batch stays
    /// sealed; where the batch as such was the trouble, its changes are sent again in smaller ones, down to the
    /// single one at fault; otherwise they are taken back and become refusals.
    pub fn rejected(&mut self, list: ListId, rejected: Rejected) -> Step {
        let entries = self.awaited(rejected.batch, list);
        if entries.is_empty() {
            return Step::default();
        }
        let is_known = self.lists.get(&list).is_some_and(|room| room.record.is_some());
        match rejected.code {
            Code::Busy
            | Code::RateLimited
            | Code::Internal
            | Code::Unavailable
            | Code::Unauthenticated
            | Code::SessionEnded => Step::default(),
            Code::MutationReused => self.unseal(entries),
            Code::TooLarge
            | Code::BatchSize
            | Code::BadInput
            | Code::Malformed
            | Code::InvalidQuery
            | Code::QueryTooCostly
                if entries.len() > 1 =>
            {
                self.batch_cap = entries.len() / 2;
                self.unseal(entries)
            }
            // The list is gone, or was never made.
            Code::NotFound => self.abandon(list, Code::NotFound),
            code if !is_known
                && entries.iter().any(|entry| matches!(entry.action, Action::CreateList(_))) =>
            {
                self.abandon(list, code)
            }
            code => self.take_back(entries, code),
        }
    }

    fn awaited(&self, batch: MutationId, list: ListId) -> Vec<Entry> {
        let sealed = self.lists.get(&list).and_then(|room| room.outbox.sealed());
        let entries = sealed.filter(|(id, _)| *id == batch).map(|(_, entries)| entries).unwrap_or_default();
        entries.into_iter().cloned().collect()
    }

    /// They wait again, to be sent in another batch.
    pub(super) fn unseal(&mut self, entries: Vec<Entry>) -> Step {
        let pending = |entry| Write::PutEntry(Entry { stage: Stage::Pending, ..entry });
        self.step(entries.into_iter().map(pending).collect())
    }

    fn take_back(&mut self, entries: Vec<Entry>, code: Code) -> Step {
        let mut writes = Vec::with_capacity(entries.len() * 2);
        for entry in entries {
            writes.push(Write::DropEntry(entry.id));
            writes.push(Write::PutRefusal(self.refusal(entry, code)));
        }
        self.step(writes)
    }

    /// The list is not there for this user any more: forgets it, and takes back what waits to be sent, unless
    /// the user wanted the list gone.
    pub(super) fn abandon(&mut self, list: ListId, code: Code) -> Step {
        let Some(room) = self.lists.get(&list) else { return Step::default() };
        let mut entries: Vec<_> = room.outbox.entries().cloned().collect();
        entries.sort_by_key(|entry| (entry.stage, entry.id));
        // A list that was never heard of is not gone: another tab's edit that makes it may still be on its way.
        let was_there = room.record.is_some()
            || entries.iter().any(|entry| matches!(entry.stage, Stage::Acknowledged(_)));
        let wanted = was_there && entries.iter().any(|entry| entry.action == Action::DeleteList);
        let mut writes = vec![Write::DropList(list)];
        for entry in entries {
            writes.push(Write::DropEntry(entry.id));
            if !wanted && !matches!(entry.stage, Stage::Acknowledged(_)) {
                writes.push(Write::PutRefusal(self.refusal(entry, code)));
            }
        }
        self.step(writes)
    }
}
