//! A device's storage: rows by key, written all or none.

use std::collections::BTreeMap;

use crate::{
    id::{EntryId, ListId, MediaId, TodoId},
    sync::Write,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum RowKey {
    List(ListId),
    Todo(ListId, TodoId),
    Media(ListId, MediaId),
    Entry(EntryId),
    Refusal(EntryId),
}

/// The rows that survive a crash.
#[derive(Debug, Clone, Default)]
pub(super) struct Journal(BTreeMap<RowKey, Write>);

impl Journal {
    pub(super) fn store(&mut self, writes: &[Write]) {
        for write in writes {
            let key = match write {
                Write::PutList(record) => RowKey::List(record.list.id),
                Write::PutTodo(todo) => RowKey::Todo(todo.list, todo.id),
                Write::PutMedia(media) => RowKey::Media(media.list, media.id),
                Write::PutEntry(entry) => RowKey::Entry(entry.id),
                Write::PutRefusal(refusal) => RowKey::Refusal(refusal.id),
                Write::DropList(list) => {
                    self.0.remove(&RowKey::List(*list));
                    self.drop_items(*list);
                    continue;
                }
                Write::DropItems(list) => {
                    self.drop_items(*list);
                    continue;
                }
                Write::DropEntry(id) => {
                    self.0.remove(&RowKey::Entry(*id));
                    continue;
                }
                Write::DropRefusal(id) => {
                    self.0.remove(&RowKey::Refusal(*id));
                    continue;
                }
            };
            self.0.insert(key, write.clone());
        }
    }

    pub(super) fn rows(&self) -> Vec<Write> {
        self.0.values().cloned().collect()
    }

    pub(super) fn entries(&self) -> usize {
        self.0.keys().filter(|key| matches!(key, RowKey::Entry(_))).count()
    }

    fn drop_items(&mut self, list: ListId) {
        self.0.retain(|key, _| !matches!(key, RowKey::Todo(of, _) | RowKey::Media(of, _) if *of == list));
    }
}
