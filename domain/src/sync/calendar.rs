//! Which todos are due when, and which were finished when, over all lists.

use std::{collections::BTreeSet, ops::Range};

use crate::{
    id::{ListId, TodoId},
    model::Todo,
    time::{Day, Timestamp},
};

type Due = (Day, ListId, TodoId);
type Done = (Timestamp, ListId, TodoId);

/// Live todos by day: open ones by when they are due, finished ones by when that was.
#[derive(Debug, Clone, Default)]
pub(super) struct Calendar {
    due: BTreeSet<Due>,
    done: BTreeSet<Done>,
}

impl Calendar {
    /// Takes a todo's old state out and puts its new one in; says whether that made a difference.
    pub(super) fn replace(&mut self, old: Option<&Todo>, new: Option<&Todo>) -> bool {
        let (old, new) = ((old.and_then(due), old.and_then(done)), (new.and_then(due), new.and_then(done)));
        if old == new {
            return false;
        }
        if let Some(due) = old.0 {
            self.due.remove(&due);
        }
        if let Some(done) = old.1 {
            self.done.remove(&done);
        }
        self.due.extend(new.0);
        self.done.extend(new.1);
        true
    }

    /// The open todos that are due on this day or before.
    pub(super) fn due(&self, day: Day) -> impl Iterator<Item = &Due> {
        self.due.iter().take_while(move |(due, ..)| *due <= day)
    }

    /// The todos finished in this span, the first first.
    pub(super) fn done(&self, hours: Range<Timestamp>) -> impl Iterator<Item = &Done> {
        let first = (hours.start, ListId::from_u128(0), TodoId::from_u128(0));
        self.done.range(first..).take_while(move |(at, ..)| *at < hours.end)
    }
}

fn due(todo: &Todo) -> Option<Due> {
    let open = todo.is_live() && todo.done_at.is_none();
    todo.due.filter(|_| open).map(|day| (day, todo.list, todo.id))
}

fn done(todo: &Todo) -> Option<Done> {
    todo.done_at.filter(|_| todo.is_live()).map(|at| (at, todo.list, todo.id))
}
