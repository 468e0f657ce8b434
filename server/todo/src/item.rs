//! How lists, todos, memberships and receipts lie in the table.

use domain::{
    action::Outcome,
    id::{ListId, MutationId, TodoId, UserId},
    limits::HORIZON_DAYS,
    model::{List, Role, Todo, Version},
    sync::{Head, Horizon, Receipt},
    time::Timestamp,
};
use platform::{Item, Key, StorageError, VERSION};

/// The attribute by which the table removes items, in epoch seconds.
const TTL: &str = "ttl";

/// When what is written now may go. A day longer than the horizon, so that two servers' clocks may differ.
fn expiry(now: Timestamp) -> i64 {
    now.0.div_euclid(1_000) + i64::from(HORIZON_DAYS + 1) * 86_400
}

pub(crate) fn head_item(head: &Head) -> Result<Item, StorageError> {
    let list = &head.list;
    let item = Item::new(Key::head(list.id));
    let horizon = serde_json::to_string(&head.horizon).map_err(|_| item.corrupt("horizon"))?;
    let item = item
        .with("version", head.version)
        .with("owner", head.owner.to_string())
        .with("todos", head.todos)
        .with("horizon", horizon)
        .with("deleted", head.deleted)
        .with("colour", list.colour.name())
        .with("order", list.order.to_string())
        .with("archived", list.archived)
        .with("createdAt", list.created_at);
    // Of a deleted list only the id stays.
    Ok(item.with("title", if head.deleted { "" } else { &list.title }))
}

pub(crate) fn head(list: ListId, item: &Item) -> Result<Head, StorageError> {
    let horizon: Horizon =
        serde_json::from_str(item.text("horizon")?).map_err(|_| item.corrupt("horizon"))?;
    Ok(Head {
        list: List {
            id: list,
            title: item.text("title")?.to_owned(),
            colour: item.parsed("colour")?,
            order: item.parsed("order")?,
            archived: item.truth("archived")?,
            created_at: item.time("createdAt")?,
        },
        version: item.number("version")?,
        owner: item.parsed("owner")?,
        todos: item.number("todos")?,
        horizon,
        deleted: item.truth("deleted")?,
    })
}

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

const ROLES: [(Role, &str); 3] = [(Role::Owner, "owner"), (Role::Editor, "editor"), (Role::Viewer, "viewer")];

/// A role written under this key: a user's membership, or the list's member.
pub(crate) fn role_item(key: Key, role: Role) -> Item {
    let name = ROLES.iter().find(|(known, _)| *known == role).map(|(_, name)| *name);
    Item::new(key).with("role", name.map(str::to_owned))
}

pub(crate) fn role(item: &Item) -> Result<Role, StorageError> {
    let name = item.text("role")?;
    let role = ROLES.iter().find(|(_, known)| *known == name).map(|(role, _)| *role);
    role.ok_or_else(|| item.corrupt("role"))
}

/// `body` is the hash of the batch: what tells a retry from another batch under the same id.
pub(crate) fn receipt_item(
    receipt: &Receipt,
    caller: UserId,
    body: Vec<u8>,
    now: Timestamp,
) -> Result<Item, StorageError> {
    let item = Item::new(Key::receipt(receipt.list, receipt.batch));
    let outcomes = serde_json::to_string(&receipt.outcomes).map_err(|_| item.corrupt("outcomes"))?;
    Ok(item
        .with("caller", caller.to_string())
        .with("body", body)
        .with("version", receipt.version)
        .with("outcomes", outcomes)
        .with(TTL, expiry(now)))
}

pub(crate) fn receipt(list: ListId, item: &Item) -> Result<Receipt, StorageError> {
    let outcomes: Vec<Outcome> =
        serde_json::from_str(item.text("outcomes")?).map_err(|_| item.corrupt("outcomes"))?;
    Ok(Receipt { batch: item.id::<MutationId>()?, list, version: item.number("version")?, outcomes })
}
