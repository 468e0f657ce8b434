//! What a simulated device talks to: the pure rules over maps here, the real storage in the server's tests.

use std::collections::{BTreeMap, HashMap};

use crate::{
    action::{Batch, Outcome},
    error::Code,
    id::{ListId, MediaId, MutationId, TodoId, UserId},
    limits::HORIZON_DAYS,
    media::Media,
    model::{Role, Todo, Version},
    sync::{
        Before, Head, ListHead, Page, Pull, Receipt, Walk, commit,
        media::{self, Event},
        needs,
    },
    time::Timestamp,
};

/// The things a device asks of a server, what happens to the files of media, and time.
#[expect(missing_docs, reason = "they are the operations of the API")]
pub trait Server {
    fn commit(&mut self, caller: UserId, batch: &Batch) -> Result<Receipt, Code>;
    fn heads(&mut self, caller: UserId) -> Vec<ListHead>;
    fn changes(&mut self, caller: UserId, pull: Pull, limit: usize) -> Result<Page, Code>;
    /// Something happens to a media item's file. Gives the list's version if that makes a new one.
    fn happen(&mut self, list: ListId, media: MediaId, event: &Event) -> Option<Version>;
    /// Moves the clock and removes what has expired.
    fn pass(&mut self, days: u32);
    fn now(&self) -> Timestamp;
}

/// A server that keeps everything in maps.
#[derive(Debug, Default)]
pub struct ModelServer {
    lists: BTreeMap<ListId, Stored>,
    receipts: HashMap<MutationId, (Batch, Receipt, Timestamp)>,
    now: i64,
}

#[derive(Debug)]
struct Stored {
    head: Head,
    todos: HashMap<TodoId, (Version, Todo, Timestamp)>,
    media: HashMap<MediaId, (Version, Media, Timestamp)>,
}

const DAY: i64 = 86_400_000;

impl ModelServer {
    fn find(&self, caller: UserId, list: ListId) -> Option<&Stored> {
        self.lists.get(&list).filter(|stored| stored.head.owner == caller && !stored.head.deleted)
    }

    fn commit_todos(&mut self, caller: UserId, batch: &Batch) -> Result<(Version, Vec<Outcome>), Code> {
        let (now, list) = (self.now(), batch.list);
        let stored = self.lists.get(&list);
        let todo = |id: TodoId| Some((id, stored?.todos.get(&id)?.1.clone()));
        let before = Before {
            caller,
            role: self.find(caller, list).map(|_| Role::Owner),
            head: stored.map(|stored| stored.head.clone()),
            todos: needs(batch).into_iter().filter_map(todo).collect(),
            now,
        };
        let done = commit(before, batch)?;
        let (head, version) = (done.head.clone(), done.head.version);
        let new = || Stored { head, todos: HashMap::new(), media: HashMap::new() };
        let stored = self.lists.entry(list).or_insert_with(new);
        stored.todos.extend(done.todos.into_iter().map(|todo| (todo.id, (version, todo, now))));
        stored.head = done.head;
        Ok((version, done.outcomes))
    }

    fn commit_media(&mut self, caller: UserId, batch: &Batch) -> Result<(Version, Vec<Outcome>), Code> {
        let (now, needs) = (self.now(), media::needs(batch));
        let stored = self.lists.get(&batch.list);
        let there = |id: MediaId| Some((id, stored?.media.get(&id)?.1.clone()));
        let live = |stored: &Stored, todo| {
            stored.media.values().filter(|(_, media, _)| media.todo == todo && media.is_live()).count()
        };
        let before = media::Before {
            role: self.find(caller, batch.list).map(|_| Role::Owner),
            head: stored.map(|stored| stored.head.clone()),
            media: needs.media.into_iter().filter_map(there).collect(),
            todos: stored.map_or_else(HashMap::new, |stored| {
                let todos = needs.todos.into_iter().filter(|id| stored.todos.contains_key(id));
                todos.map(|id| (id, live(stored, id))).collect()
            }),
            bytes_used: self.bytes_used(caller),
            now,
        };
        let used = before.bytes_used;
        let done = media::commit(before, batch)?;
        let version = done.head.version;
        let stored = self.lists.get_mut(&batch.list).ok_or(Code::NotFound)?;
        stored.media.extend(done.media.into_iter().map(|media| (media.id, (version, media, now))));
        stored.head = done.head;
        assert_eq!(
            used.checked_add_signed(done.bytes),
            Some(self.bytes_used(caller)),
            "what counts is counted"
        );
        let stored = self.lists.get(&batch.list).ok_or(Code::NotFound)?;
        assert_eq!(stored.head.media_bytes, stored.bytes(), "and in the list too");
        Ok((version, done.outcomes))
    }

    fn bytes_used(&self, owner: UserId) -> u64 {
        let lists = self.lists.values().filter(|stored| stored.head.owner == owner && !stored.head.deleted);
        lists.map(Stored::bytes).sum()
    }
}

impl Stored {
    fn bytes(&self) -> u64 {
        let live = self.media.values().filter(|(_, media, _)| media.is_live());
        live.map(|(_, media, _)| media.bytes).sum()
    }
}

impl Server for ModelServer {
    fn commit(&mut self, caller: UserId, batch: &Batch) -> Result<Receipt, Code> {
        if let Some((body, receipt, _)) = self.receipts.get(&batch.id) {
            return if body == batch { Ok(receipt.clone()) } else { Err(Code::MutationReused) };
        }
        let (version, outcomes) = if batch.is_media() {
            self.commit_media(caller, batch)?
        } else {
            self.commit_todos(caller, batch)?
        };
        let receipt = Receipt { batch: batch.id, list: batch.list, version, outcomes };
        self.receipts.insert(batch.id, (batch.clone(), receipt.clone(), self.now()));
        Ok(receipt)
    }

    fn heads(&mut self, caller: UserId) -> Vec<ListHead> {
        let mine =
            self.lists.iter().filter(|(_, stored)| stored.head.owner == caller && !stored.head.deleted);
        mine.map(|(list, stored)| ListHead { list: *list, version: stored.head.version, role: Role::Owner })
            .collect()
    }

    fn changes(&mut self, caller: UserId, pull: Pull, limit: usize) -> Result<Page, Code> {
        let stored = self.find(caller, pull.list).ok_or(Code::NotFound)?;
        let walk = Walk::begin(&stored.head, pull.cursor, self.now())?;
        let mut versions: Vec<_> = stored.todos.values().map(|(version, ..)| *version).collect();
        versions.extend(stored.media.values().map(|(version, ..)| *version));
        versions.retain(|version| *version > walk.since);
        versions.sort_unstable();
        let last = versions.get(limit.saturating_sub(1)).copied();
        let more = last.is_some_and(|last| versions.last().is_some_and(|newest| *newest > last));
        let fits = |version: Version| version > walk.since && last.is_none_or(|last| version <= last);
        let todos = stored.todos.values().filter(|(version, ..)| fits(*version));
        let media = stored.media.values().filter(|(version, ..)| fits(*version));
        let cursor = walk.after(last.filter(|_| more));
        Ok(Page {
            list: stored.head.list.clone(),
            version: stored.head.version,
            role: Role::Owner,
            todos: todos.map(|(_, todo, _)| todo.clone()).collect(),
            media: media.map(|(_, media, _)| media.clone()).collect(),
            cursor,
            more,
            reset: walk.reset,
        })
    }

    fn happen(&mut self, list: ListId, media: MediaId, event: &Event) -> Option<Version> {
        let now = self.now();
        let stored = self.lists.get_mut(&list)?;
        let (_, before, _) = stored.media.get(&media)?;
        let (head, after) = media::advance(&stored.head, before, event, now)?;
        let version = head.version;
        stored.media.insert(media, (version, after, now));
        stored.head = head;
        Some(version)
    }

    fn pass(&mut self, days: u32) {
        self.now += i64::from(days) * DAY;
        let oldest = self.now - i64::from(HORIZON_DAYS) * DAY;
        self.receipts.retain(|_, (_, _, at)| at.0 > oldest);
        for stored in self.lists.values_mut() {
            stored.todos.retain(|_, (_, todo, at)| todo.is_live() || at.0 > oldest);
            stored.media.retain(|_, (_, media, at)| media.is_live() || at.0 > oldest);
        }
    }

    fn now(&self) -> Timestamp {
        Timestamp(self.now)
    }
}
