//! What a simulated device talks to: the pure rules over maps here, the real storage in the server's tests.

use std::collections::{BTreeMap, HashMap};

use crate::{
    action::Batch,
    error::Code,
    id::{ListId, MutationId, TodoId, UserId},
    limits::HORIZON_DAYS,
    model::{Role, Todo, Version},
    sync::{Before, Head, ListHead, Page, Pull, Receipt, Walk, commit, needs},
    time::Timestamp,
};

/// The four things a device asks of a server, and time.
#[expect(missing_docs, reason = "they are the operations of the API")]
pub trait Server {
    fn commit(&mut self, caller: UserId, batch: &Batch) -> Result<Receipt, Code>;
    fn heads(&mut self, caller: UserId) -> Vec<ListHead>;
    fn changes(&mut self, caller: UserId, pull: Pull, limit: usize) -> Result<Page, Code>;
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
}

const DAY: i64 = 86_400_000;

impl ModelServer {
    fn find(&self, caller: UserId, list: ListId) -> Option<&Stored> {
        self.lists.get(&list).filter(|stored| stored.head.owner == caller && !stored.head.deleted)
    }
}

impl Server for ModelServer {
    fn commit(&mut self, caller: UserId, batch: &Batch) -> Result<Receipt, Code> {
        if let Some((body, receipt, _)) = self.receipts.get(&batch.id) {
            return if body == batch { Ok(receipt.clone()) } else { Err(Code::MutationReused) };
        }
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
        let receipt = Receipt { batch: batch.id, list, version: done.head.version, outcomes: done.outcomes };
        let head = done.head.clone();
        let stored = self.lists.entry(list).or_insert_with(|| Stored { head, todos: HashMap::new() });
        for todo in done.todos {
            stored.todos.insert(todo.id, (receipt.version, todo, now));
        }
        stored.head = done.head;
        self.receipts.insert(batch.id, (batch.clone(), receipt.clone(), now));
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
        let mut items: Vec<_> = stored.todos.values().filter(|(version, ..)| *version > walk.since).collect();
        items.sort_by_key(|(version, todo, _)| (*version, todo.id));
        let last = items.get(limit.saturating_sub(1)).map(|(version, ..)| *version);
        let cut = last.map_or(items.len(), |last| items.partition_point(|(version, ..)| *version <= last));
        let more = cut < items.len();
        let todos = items.into_iter().take(cut).map(|(_, todo, _)| todo.clone()).collect();
        let cursor = walk.after(last.filter(|_| more));
        let (list, version) = (stored.head.list.clone(), stored.head.version);
        Ok(Page {
            list,
            version,
            role: Role::Owner,
            todos,
            media: Vec::new(),
            cursor,
            more,
            reset: walk.reset,
        })
    }

    fn pass(&mut self, days: u32) {
        self.now += i64::from(days) * DAY;
        let oldest = self.now - i64::from(HORIZON_DAYS) * DAY;
        self.receipts.retain(|_, (_, _, at)| at.0 > oldest);
        for stored in self.lists.values_mut() {
            stored.todos.retain(|_, (_, todo, at)| todo.is_live() || at.0 > oldest);
        }
    }

    fn now(&self) -> Timestamp {
        Timestamp(self.now)
    }
}
