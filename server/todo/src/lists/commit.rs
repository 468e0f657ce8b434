//! Committing a batch: the pure rule says what changes, one transaction makes it so.

use domain::{
    action::{Batch, Outcome},
    error::Code,
    id::{ListId, UserId},
    limits::LISTS_PER_USER,
    model::Role,
    sync::{Before, Head, Receipt, commit, needs},
};
use platform::{
    Expression, Item, Key, Write,
    list::{Change, ListError, role_item},
};

use super::Lists;
use crate::item;

impl Lists {
    /// Applies a batch, once, however often it is sent.
    ///
    /// # Errors
    /// Those of [`domain::sync::commit`] and of [`platform::list::ListStore::commit`], [`Code::TooManyLists`], and
    /// [`Code::SessionEnded`] where the caller's account was deleted meanwhile.
    pub async fn commit(&self, caller: UserId, batch: &Batch) -> Result<Receipt, ListError> {
        let done = self.store.commit(caller, batch, || self.attempt(caller, batch)).await;
        if let Err(ListError::Refused(Code::TooManyLists)) = done
            && self.store.table().get(&Key::profile(caller)).await?.is_none()
        {
            return Err(Code::SessionEnded.into());
        }
        done
    }

    async fn attempt(&self, caller: UserId, batch: &Batch) -> Result<(Change, Vec<Outcome>), ListError> {
        let (before, read) = self.before(caller, batch).await?;
        let now = before.now;
        let done = commit(before, batch)?;
        let (list, version) = (batch.list, done.head.version);
        let (created, deleted, owner) = (done.created, done.head.deleted, done.head.owner);
        let media_bytes = read.as_ref().map_or(0, |read| read.media_bytes);
        let mut change = Change::new(read, done.head);
        match (created, deleted) {
            (true, false) => change = begin(change, list, caller),
            (false, true) => change = end(change, list, caller, count_down(owner, media_bytes)?),
            _ => {}
        }
        // The todos of a list that is deleted are removed soon, so there is no use in writing them.
        for todo in done.todos.iter().filter(|_| !deleted) {
            change = change.with(Write::put(item::todo_item(todo, version, now)));
        }
        Ok((change, done.outcomes))
    }

    /// What the rule has to know. The head is read before the todos: if it is still the same when the
    /// transaction is made, so are they.
    async fn before(&self, caller: UserId, batch: &Batch) -> Result<(Before, Option<Head>), ListError> {
        let (head, role) = self.store.load(caller, batch.list).await?;
        let mut todos = Vec::new();
        if role.is_some() {
            let keys: Vec<_> = needs(batch).into_iter().map(|id| Key::todo(batch.list, id)).collect();
            for found in self.store.table().get_many(&keys).await? {
                todos.push(item::todo(batch.list, &found)?);
            }
        }
        let todos = todos.into_iter().map(|todo| (todo.id, todo)).collect();
        let before = Before { caller, role, head: head.clone(), todos, now: self.store.now() };
        Ok((before, head))
    }
}

/// Whoever makes a list is its owner and its first member.
fn begin(change: Change, list: ListId, owner: UserId) -> Change {
    change
        .with(Write::put(role_item(Key::membership(owner, list), Role::Owner)))
        .with(Write::put(role_item(Key::member(list, owner), Role::Owner)))
        .with_limit(count_up(owner), Code::TooManyLists)
}

/// The rest of a deleted list is removed later.
fn end(change: Change, list: ListId, caller: UserId, count: Write) -> Change {
    change
        .with(Write::delete(Key::membership(caller, list)))
        .with(count)
        .with(Write::put(Item::new(Key::purge_list(list))))
}

/// One list more, for a user who exists and has room for it.
fn count_up(user: UserId) -> Write {
    let room = "attribute_exists(#pk) AND (attribute_not_exists(#lists) OR #lists < :max)";
    Write::Update {
        key: Key::profile(user),
        update: Expression::new("ADD #lists :one").value("one", 1_u32),
        condition: Some(Expression::new(room).value("max", LISTS_PER_USER)),
    }
}

/// One list less, and its media count no longer.
fn count_down(user: UserId, media_bytes: u64) -> Result<Write, Code> {
    let media_bytes = i64::try_from(media_bytes).map_err(|_| Code::Internal)?;
    let update = Expression::new("ADD #lists :less, #mediaBytes :bytes");
    let update = update.value("less", -1_i64).value("bytes", -media_bytes);
    Ok(Write::Update { key: Key::profile(user), update, condition: Some(Expression::present()) })
}
