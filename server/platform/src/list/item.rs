//! How lists, memberships and receipts lie in the table.

use domain::{
    action::Outcome,
    id::{ListId, MutationId, UserId},
    limits::HORIZON_DAYS,
    model::{List, Role},
    sync::{Head, Horizon, Receipt},
    time::Timestamp,
};

use crate::{Item, Key, StorageError, TTL};

/// When a tombstone or a receipt that is written now may go, in epoch seconds. A day longer than the horizon, so
/// that two servers' clocks may differ.
#[must_use]
pub fn expiry(now: Timestamp) -> i64 {
    now.0.div_euclid(1_000) + i64::from(HORIZON_DAYS + 1) * 86_400
}

/// A list's head as an item.
///
/// # Errors
/// Never in practice: the horizon is numbers.
pub fn head_item(head: &Head) -> Result<Item, StorageError> {
    let list = &head.list;
    let item = Item::new(Key::head(list.id));
    let horizon = serde_json::to_string(&head.horizon).map_err(|_| item.corrupt("horizon"))?;
    let item = item
        .with("version", head.version)
        .with("owner", head.owner.to_string())
        .with("todos", head.todos)
        .with("mediaBytes", head.media_bytes)
        .with("horizon", horizon)
        .with("deleted", head.deleted)
        .with("colour", list.colour.name())
        .with("order", list.order.to_string())
        .with("archived", list.archived)
        .with("createdAt", list.created_at);
    // Of a deleted list only the id stays.
    Ok(item.with("title", if head.deleted { "" } else { &list.title }))
}

/// A list's head from its item.
///
/// # Errors
/// [`StorageError::Corrupt`].
pub fn head(list: ListId, item: &Item) -> Result<Head, StorageError> {
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
        media_bytes: item.number("mediaBytes")?,
        horizon,
        deleted: item.truth("deleted")?,
    })
}

const ROLES: [(Role, &str); 3] = [(Role::Owner, "owner"), (Role::Editor, "editor"), (Role::Viewer, "viewer")];

/// A role written under this key: a user's membership, or the list's member.
#[must_use]
pub fn role_item(key: Key, role: Role) -> Item {
    let name = ROLES.iter().find(|(known, _)| *known == role).map(|(_, name)| *name);
    Item::new(key).with("role", name.map(str::to_owned))
}

/// The role in a membership.
///
/// # Errors
/// [`StorageError::Corrupt`].
pub fn role(item: &Item) -> Result<Role, StorageError> {
    let name = item.text("role")?;
    let role = ROLES.iter().find(|(_, known)| *known == name).map(|(role, _)| *role);
    role.ok_or_else(|| item.corrupt("role"))
}

/// `body` is the hash of the batch: what tells a retry from another batch under the same id.
pub(super) fn receipt_item(
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

pub(super) fn receipt(list: ListId, item: &Item) -> Result<Receipt, StorageError> {
    let outcomes: Vec<Outcome> =
        serde_json::from_str(item.text("outcomes")?).map_err(|_| item.corrupt("outcomes"))?;
    Ok(Receipt { batch: item.id::<MutationId>()?, list, version: item.number("version")?, outcomes })
}
