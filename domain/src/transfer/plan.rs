//! From what a file holds to batches of actions, the same ones each time.

use std::fmt::Display;

use sha2::{Digest, Sha256};

use super::{Parsed, ParsedList, ParsedTodo};
use crate::{
    action::{Action, Batch, ListPatch, NewList, NewTodo},
    id::{ListId, MutationId, TodoId, UserId},
    limits::{ACTIONS_PER_BATCH, BYTES_PER_BATCH},
    order::OrderKey,
    time::Timestamp,
};

/// What an import comes upon.
#[derive(Debug, Clone, Copy, Default)]
pub struct Target<'a> {
    /// The key of the user's last list.
    pub after: Option<&'a OrderKey>,
    /// The user's lists. One of them that was made from the same part of the same file is gone on with.
    pub there: &'a [ListId],
    /// Tells the lists that are new from those of an earlier import that were deleted: a deleted list never
    /// comes back under its id. Any number that was not used for the file before, such as 0 at first.
    pub run: u32,
}

/// The batches that make the file's lists, to be committed in this order. `saved` is when the file was
/// saved; it stands in for creation times that the file does not have.
///
/// Ids derive from the user, the file's content, the lists' titles, the place in the file and the run, and a
/// batch's id from its actions too. So an import that was broken off is continued by committing all the batches again:
/// those that arrived are answered by their receipts, and where anything about a batch has changed in between,
/// what exists already is refused with [`crate::error::Code::AlreadyExists`] and stays as it is.
#[must_use]
pub fn plan(parsed: &Parsed, user: UserId, saved: Timestamp, target: Target<'_>) -> Vec<Batch> {
    let seed = Seed::new(parsed, user);
    let orders = series(target.after, parsed.lists.len(), seed.number("order"));
    let lists = parsed.lists.iter().zip(orders).enumerate();
    lists
        .flat_map(|(index, (list, order))| {
            let seed = seed.list(index, list);
            let first = seed.id("list");
            // The id of a list says which import of the file made it: the runs differ in its last 32 bits.
            let run_of = |there: &ListId| u32::try_from(there.as_u128() ^ first).ok();
            let run = target.there.iter().find_map(run_of).unwrap_or(target.run);
            let id = ListId::from_u128(first ^ u128::from(run));
            plan_list(list, id, order, &seed.run(run), saved)
        })
        .collect()
}

fn plan_list(list: &ParsedList, id: ListId, order: OrderKey, seed: &Seed, saved: Timestamp) -> Vec<Batch> {
    let created_at = list.created_at.unwrap_or(saved);
    let new = NewList { title: list.title.clone(), colour: list.colour, order, created_at };
    let mut batches = Batches { list: id, seed, full: Vec::new(), actions: Vec::new(), bytes: 0 };
    batches.push(Action::CreateList(new), text_bytes(&list.title));
    let mut make = |todo: &ParsedTodo, parent: Option<TodoId>, order: OrderKey, place: &str| {
        let id = TodoId::from_u128(seed.id(format_args!("todo {place}")));
        let new = NewTodo {
            id,
            parent,
            title: todo.title.clone(),
            notes: todo.notes.clone(),
            done_at: todo.done_at,
            due: todo.due,
            order,
            created_at: todo.created_at.unwrap_or(saved),
        };
        batches.push(Action::CreateTodo(new), text_bytes(&todo.title) + text_bytes(&todo.notes));
        id
    };
    let orders = series(None, list.todos.len(), seed.number("order"));
    for (index, (todo, order)) in list.todos.iter().zip(orders).enumerate() {
        let parent = make(todo, None, order, &index.to_string());
        let orders = series(None, todo.subtasks.len(), seed.number(format_args!("order {index}")));
        for (sub, (subtask, order)) in todo.subtasks.iter().zip(orders).enumerate() {
            make(subtask, Some(parent), order, &format!("{index} {sub}"));
        }
    }
    if list.archived {
        batches.push(Action::EditList(ListPatch { archived: Some(true), ..ListPatch::default() }), 0);
    }
    batches.finish()
}

/// Batches of one list, as full as they may be.
struct Batches<'a> {
    list: ListId,
    seed: &'a Seed,
    full: Vec<Batch>,
    actions: Vec<Action>,
    bytes: usize,
}

impl Batches<'_> {
    fn push(&mut self, action: Action, bytes: usize) {
        let is_full = self.actions.len() == ACTIONS_PER_BATCH || self.bytes + bytes > BYTES_PER_BATCH;
        if is_full && !self.actions.is_empty() {
            self.close();
        }
        self.bytes += bytes;
        self.actions.push(action);
    }

    fn close(&mut self) {
        let actions = std::mem::take(&mut self.actions);
        self.bytes = 0;
        // Actions always become JSON: there are no maps and no floating point numbers in them.
        let body = serde_json::to_string(&actions).unwrap_or_default();
        let id = MutationId::from_u128(self.seed.id(format_args!("batch {} {body}", self.full.len())));
        self.full.push(Batch { id, list: self.list, actions });
    }

    fn finish(mut self) -> Vec<Batch> {
        if !self.actions.is_empty() {
            self.close();
        }
        self.full
    }
}

/// Where derived numbers come from.
struct Seed(Sha256);

impl Seed {
    fn new(parsed: &Parsed, user: UserId) -> Self {
        let start = Sha256::new().chain_update("stack import 1\n").chain_update(parsed.fingerprint);
        Self(start.chain_update(user.to_string()))
    }

    /// The title is part of it, so that two files with the same rows but other names are two lists.
    fn list(&self, index: usize, list: &ParsedList) -> Self {
        Self(self.0.clone().chain_update(format!("\nlist {index} {}\n", list.title)))
    }

    /// The first run adds nothing.
    fn run(self, run: u32) -> Self {
        if run == 0 { self } else { Self(self.0.chain_update(format!("run {run}\n"))) }
    }

    fn digest(&self, what: impl Display) -> u128 {
        let digest = self.0.clone().chain_update(what.to_string()).finalize();
        digest.iter().take(16).fold(0, |number, byte| number << 8 | u128::from(*byte))
    }

    /// A UUID of version 5, one derived from a name. (Version 8 marks an inbox.)
    fn id(&self, what: impl Display) -> u128 {
        const VERSION: u128 = 0xF << 76;
        const VARIANT: u128 = 0x3 << 62;
        self.digest(what) & !VERSION & !VARIANT | 0x5 << 76 | 0x2 << 62
    }

    fn number(&self, what: impl Display) -> u64 {
        let bits = self.digest(what) & u128::from(u64::MAX);
        u64::try_from(bits).unwrap_or_default()
    }
}

/// Keys in order, behind `after` where there is room.
fn series(after: Option<&OrderKey>, count: usize, entropy: u64) -> Vec<OrderKey> {
    let keys = OrderKey::series(after, None, count, entropy);
    keys.or_else(|| OrderKey::series(None, None, count, entropy)).unwrap_or_default()
}

/// The bytes of a text as it travels: JSON writes some characters as several.
fn text_bytes(text: &str) -> usize {
    text.chars()
        .map(|c| {
            if c.is_control() {
                6
            } else if matches!(c, '"' | '\\') {
                2
            } else {
                c.len_utf8()
            }
        })
        .sum()
}
