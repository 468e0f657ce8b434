//! Removing what deleted lists and deleted accounts leave behind. It may be stopped anywhere and run by several
//! at once: what is still to be done stands in the table until it is done.

use domain::{
    error::Code,
    id::{ListId, UserId},
    model::Role,
};
use platform::{Expression, Item, Key, Partition, Range, StorageError, Table, Write};

use crate::{error::TodoError, item};

/// How many were removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Purged {
    /// Lists whose todos and memberships are gone.
    pub lists: usize,
    /// Users whose lists are gone.
    pub users: usize,
}

/// Todos removed in one round.
const ROUND: u16 = 250;
/// Times that one list is tried while somebody writes to it.
const TRIES: usize = 10;

/// Removes everything that waits to be removed.
///
/// # Errors
/// Where the table does not answer; run it again then.
pub async fn purge(table: &Table) -> Result<Purged, TodoError> {
    let mut purged = Purged::default();
    for work in table.all(Partition::Purge, Range::Users).await? {
        purge_user(table, work.id()?).await?;
        table.delete(work.key().clone(), None).await?;
        purged.users += 1;
    }
    for work in table.all(Partition::Purge, Range::Lists).await? {
        purge_list(table, work.id()?).await?;
        table.delete(work.key().clone(), None).await?;
        purged.lists += 1;
    }
    Ok(purged)
}

/// Deletes a user's own lists and takes the user out of the others.
async fn purge_user(table: &Table, user: UserId) -> Result<(), TodoError> {
    for membership in table.all(Partition::User(user), Range::Lists).await? {
        let list: ListId = membership.id()?;
        if item::role(&membership)? == Role::Owner {
            bury(table, list).await?;
        }
        let sides = vec![Write::delete(Key::member(list, user)), Write::delete(membership.key().clone())];
        table.commit(sides).await?;
    }
    Ok(())
}

/// Marks a list as deleted, and what is in it as to be removed.
async fn bury(table: &Table, list: ListId) -> Result<(), TodoError> {
    for _ in 0..TRIES {
        let Some(found) = table.get(&Key::head(list)).await? else { return Ok(()) };
        let mut head = item::head(list, &found)?;
        let same = Expression::new("#version = :read").value("read", head.version);
        // A batch that has read the list as it was must not bring it back.
        head.version += 1;
        head.deleted = true;
        let writes = vec![
            Write::Put { item: item::head_item(&head)?, condition: Some(same) },
            Write::put(Item::new(Key::purge_list(list))),
        ];
        match table.commit(writes).await {
            Ok(()) => return Ok(()),
            Err(StorageError::ConditionFailed { .. } | StorageError::Busy(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Code::Busy.into())
}

/// Removes all of a deleted list but its head, which keeps the id from being used again, and its receipts,
/// which answer retries until they expire.
async fn purge_list(table: &Table, list: ListId) -> Result<(), TodoError> {
    for member in table.all(Partition::List(list), Range::Members).await? {
        let membership = Key::membership(member.id()?, list);
        table.commit(vec![Write::delete(membership), Write::delete(member.key().clone())]).await?;
    }
    loop {
        let (todos, next) = table.page(Partition::List(list), Range::Todos, None, ROUND).await?;
        let keys: Vec<_> = todos.iter().map(|todo| todo.key().clone()).collect();
        table.delete_many(&keys).await?;
        if next.is_none() {
            return Ok(());
        }
    }
}
