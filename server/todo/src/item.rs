//! How todos lie in the table.

use domain::{
    id::{ListId, TodoId},
    model::{Todo, Version},
    time::Timestamp,
};
use platform::{Item, Key, StorageError, TTL, VERSION, list::expiry};

/// `now` is when the version is written; from then a tombstone's days are counted.
pub(crate) fn todo_item(todo: &Todo, version: Version, now: Timestamp) -> Item {
    Item::new(Key::todo(todo.list, todo.id))
        .with(VERSION, version)
        .with("parent", todo.parent.map(|id| id.to_string()))
        .with("title", todo.title.as_str())
        .with("notes", todo.notes.as_str())
        .with("doneAt", todo.done_at)
        .with("due", todo.due.map(|day| day.to_string()))
        .with("order", todo.order.to_string())
        .with("createdAt", todo.created_at)
        .with("deletedAt", todo.deleted_at)
        .with(TTL, todo.deleted_at.map(|_| expiry(now)))
}

pub(crate) fn todo(list: ListId, item: &Item) -> Result<Todo, StorageError> {
    Ok(Todo {
        id: item.id::<TodoId>()?,
        list,
        parent: item.parsed_if_any("parent")?,
        title: item.text("title")?.to_owned(),
        notes: item.text("notes")?.to_owned(),
        done_at: item.time_if_any("doneAt")?,
        due: item.parsed_if_any("due")?,
        order: item.parsed("order")?,
        created_at: item.time("createdAt")?,
        deleted_at: item.time_if_any("deletedAt")?,
    })
}
