//! Hearing from the server: which lists moved, and what changed in them.

use std::collections::HashSet;

use super::{HeadsTicket, IdMap, ListId, ListRecord, Media, MediaId, Replica, Todo, TodoId, Version, Write};
use crate::{
    error::Code,
    id::IdSet,
    sync::{
        apply::{Subject, subject},
        journal::Step,
        protocol::{Cursor, ListHead, Page, Pull},
    },
};

/// A reload under way: it replaces what is here when its last page has come, and starts anew if the device
/// stops before.
#[derive(Debug, Clone, Default)]
pub(super) struct Staged {
    pub(super) cursor: Cursor,
    todos: IdMap<TodoId, Todo>,
    media: IdMap<MediaId, Media>,
}

impl Replica {
    /// To be taken before heads are asked for.
    #[must_use]
    pub const fn ask_heads(&self) -> HeadsTicket {
        HeadsTicket(self.ticks)
    }

    /// Takes the list of all lists: those that moved will be pulled, those no longer named are forgotten.
    pub fn heads(&mut self, ticket: HeadsTicket, heads: &[ListHead]) -> Step {
        let mut step = Step::default();
        let mut writes = Vec::new();
        for head in heads {
            self.poke(head.list, head.version);
            let record = self.lists.get(&head.list).and_then(|room| room.record.clone());
            writes.extend(
                record
                    .filter(|record| record.role != head.role)
                    .map(|record| Write::PutList(ListRecord { role: head.role, ..record })),
            );
        }
        if !writes.is_empty() {
            step = self.step(writes);
        }
        let named: IdSet<_> = heads.iter().map(|head| head.list).collect();
        let known =
            self.lists.iter().filter(|(_, room)| room.record.is_some() && room.since_tick <= ticket.0);
        let mut gone: Vec<_> = known.map(|(list, _)| *list).filter(|list| !named.contains(list)).collect();
        gone.sort_unstable();
        for list in gone {
            let then = self.abandon(list, Code::NotFound);
            step.writes.extend(then.writes);
            step.touched.merge(then.touched);
        }
        step
    }

    /// Notes that the server has a list at this version.
    pub fn poke(&mut self, list: ListId, version: Version) {
        let room = self.lists.entry(list).or_default();
        room.target = room.target.max(version);
    }

    /// The pages to ask for now: one for every list that is behind. They may be asked for side by side.
    #[must_use]
    pub fn pulls(&self) -> Vec<Pull> {
        let behind = self.lists.iter().filter_map(|(list, room)| {
            let cursor = room.cursor();
            let behind = cursor.since < room.target.max(cursor.anchor) || room.staged.is_some();
            behind.then_some(Pull { list: *list, cursor })
        });
        let mut pulls: Vec<_> = behind.collect();
        pulls.sort_unstable_by_key(|pull| pull.list);
        pulls
    }

    /// Takes a page that was asked for with `pull`. One that does not begin where the replica is changes nothing.
    pub fn page(&mut self, pull: Pull, page: Page) -> Step {
        let Some(room) = self.lists.get_mut(&pull.list) else { return Step::default() };
        if pull.cursor != room.cursor() || page.list.id != pull.list {
            return Step::default();
        }
        if page.reset {
            room.staged = Some(Staged::default());
        }
        let Page { list, version, role, todos, media, cursor, more, .. } = page;
        room.target = room.target.max(version);
        let record = ListRecord { list, role, cursor };
        let mut writes = Vec::new();
        let mut came: HashSet<Subject> = HashSet::from([Subject::List]);
        came.extend(todos.iter().map(|todo| Subject::Todo(todo.id)));
        came.extend(media.iter().map(|media| Subject::Media(media.id)));
        match room.staged.take() {
            None => {
                let news = todos.into_iter().filter(|todo| room.todos.said(todo.id) != Some(todo));
                writes.extend(news.map(Write::PutTodo));
                let news = media.into_iter().filter(|media| room.media.said(media.id) != Some(media));
                writes.extend(news.map(Write::PutMedia));
            }
            Some(mut staged) => {
                staged.cursor = cursor;
                staged.todos.extend(todos.into_iter().map(|todo| (todo.id, todo)));
                staged.media.extend(media.into_iter().map(|media| (media.id, media)));
                if more {
                    room.staged = Some(staged);
                    return Step::default();
                }
                writes.push(Write::DropItems(pull.list));
                writes.extend(staged.todos.into_values().map(Write::PutTodo));
                writes.extend(staged.media.into_values().map(Write::PutMedia));
            }
        }
        writes.push(Write::PutList(record));
        // What was changed once more since then comes with a later page: until it does, the change lies over what is
        // known of it.
        let settled = room.outbox.settled(cursor.since);
        let settled = settled.filter(|entry| !more || came.contains(&subject(&entry.action)));
        writes.extend(settled.map(|entry| Write::DropEntry(entry.id)));
        self.step(writes)
    }

    /// The server does not know this cursor, so it was restored from a backup: loads the list from its beginning,
    /// and keeps what is shown until then. What it had acknowledged may be gone with it and is sent again.
    pub fn reload(&mut self, list: ListId) -> Step {
        let Some(room) = self.lists.get_mut(&list) else { return Step::default() };
        room.staged = Some(Staged::default());
        // A version that is not there again would be asked for again and again.
        room.target = 0;
        let entries = room.outbox.settled(Version::MAX).cloned().collect();
        self.unseal(entries)
    }

    /// The server says that there is no such list for this user.
    pub fn gone(&mut self, list: ListId) -> Step {
        self.abandon(list, Code::NotFound)
    }
}
