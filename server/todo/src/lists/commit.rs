//! Committing a batch: the pure rule says what changes, one transaction makes it so.

use std::time::Duration;

use domain::{
    action::Batch,
    error::Code,
    id::{ListId, UserId},
    limits::LISTS_PER_USER,
    model::{Role, Todo, Version},
    sync::{Before, Commit, Head, Receipt, commit, needs},
    time::Timestamp,
};
use platform::{Expression, Item, Key, Partition, Range, Signal, StorageError, Write};
use sha2::{Digest, Sha256};

use super::Lists;
use crate::{error::TodoError, item};

/// Times that a batch is tried while others keep writing to the list.
const TRIES: u32 = 12;

impl Lists {
    /// Applies a batch, once, however often it is sent.
    ///
    /// # Errors
    /// Those of [`domain::sync::commit`], [`Code::MutationReused`], [`Code::TooManyLists`], and
    /// [`Code::Busy`] where others keep writing to the list. Nothing is written then. After
    /// [`Code::Unavailable`] it may be written or not: send it again.
    pub async fn commit(&self, caller: UserId, batch: &Batch) -> Result<Receipt, TodoError> {
        let body = serde_json::to_vec(batch).map_err(|_| Code::BadInput)?;
        let body = Sha256::digest(&body).to_vec();
        for attempt in 0..TRIES {
            if let Some(receipt) = self.receipt(caller, batch, &body).await? {
                return Ok(receipt);
            }
            let (before, read) = self.before(caller, batch).await?;
            let now = before.now;
            let done = commit(before, batch)?;
            let plan = Plan::new(caller, batch, &done, read.as_ref(), &body, now)?;
            match self.table.commit(plan.writes).await {
                Ok(()) => {
                    if read.is_none_or(|read| read.version != done.head.version) {
                        self.poke(batch.list, done.head.version).await;
                    }
                    return Ok(plan.receipt);
                }
                Err(StorageError::ConditionFailed { failed })
                    if plan.counter.is_some_and(|at| failed == [at]) =>
                {
                    return Err(Code::TooManyLists.into());
                }
                Err(StorageError::ConditionFailed { .. } | StorageError::Busy(_)) => {
                    tokio::time::sleep(pause(attempt, &body)).await;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(Code::Busy.into())
    }

    /// The receipt, if the batch was committed before. It is its sender's even when the list is gone.
    async fn receipt(
        &self,
        caller: UserId,
        batch: &Batch,
        body: &[u8],
    ) -> Result<Option<Receipt>, TodoError> {
        let Some(found) = self.table.get(&Key::receipt(batch.list, batch.id)).await? else { return Ok(None) };
        if found.parsed::<UserId>("caller")? != caller {
            return Err(Code::NotFound.into());
        }
        if found.bytes("body")? != body {
            return Err(Code::MutationReused.into());
        }
        Ok(Some(item::receipt(batch.list, &found)?))
    }

    /// What the rule has to know. The head is read before the todos: if it is still the same when the
    /// transaction is made, so are they.
    async fn before(&self, caller: UserId, batch: &Batch) -> Result<(Before, Option<Head>), TodoError> {
        let (head, role) = self.load(caller, batch.list).await?;
        let mut todos = Vec::new();
        if role.is_some() {
            let keys: Vec<_> = needs(batch).into_iter().map(|id| Key::todo(batch.list, id)).collect();
            for found in self.table.get_many(&keys).await? {
                todos.push(item::todo(batch.list, &found)?);
            }
        }
        let todos = todos.into_iter().map(|todo: Todo| (todo.id, todo)).collect();
        let before = Before { caller, role, head: head.clone(), todos, now: self.clock.now() };
        Ok((before, head))
    }

    /// Tells every member's devices. Who misses it hears of the change later.
    async fn poke(&self, list: ListId, version: Version) {
        match self.table.all(Partition::List(list), Range::Members).await {
            Ok(members) => {
                for user in members.iter().filter_map(|member| member.id().ok()) {
                    self.pokes.send(Signal::Moved { user, list, version });
                }
            }
            Err(error) => tracing::warn!(%list, %error, "the members could not be told of a change"),
        }
    }
}

/// Before the next try: longer each time, and not the same for everybody.
fn pause(attempt: u32, body: &[u8]) -> Duration {
    let spread = usize::try_from(attempt).ok().and_then(|at| body.get(at)).copied().unwrap_or_default();
    Duration::from_millis(u64::from(spread % 16) + 1) * (attempt + 1)
}

/// The writes of one commit.
struct Plan {
    writes: Vec<Write>,
    receipt: Receipt,
    /// Which of the writes counts the user's lists, if one does.
    counter: Option<usize>,
}

impl Plan {
    fn new(
        caller: UserId,
        batch: &Batch,
        done: &Commit,
        read: Option<&Head>,
        body: &[u8],
        now: Timestamp,
    ) -> Result<Self, StorageError> {
        let version = done.head.version;
        let receipt = Receipt { batch: batch.id, list: batch.list, version, outcomes: done.outcomes.clone() };
        let mut writes = vec![write_head(&done.head, read)?];
        writes.push(Write::create(item::receipt_item(&receipt, caller, body.to_vec(), now)?));
        let mut counter = None;
        match (done.created, done.head.deleted) {
            (true, false) => {
                writes.push(Write::put(item::role_item(Key::membership(caller, batch.list), Role::Owner)));
                writes.push(Write::put(item::role_item(Key::member(batch.list, caller), Role::Owner)));
                counter = Some(writes.len());
                writes.push(count_up(caller));
            }
            (false, true) => {
                writes.push(Write::delete(Key::membership(caller, batch.list)));
                writes.push(count_down(done.head.owner));
                writes.push(Write::put(Item::new(Key::purge_list(batch.list))));
            }
            _ => {}
        }
        // The todos of a list that is deleted are removed soon, so there is no use in writing them.
        let todos = done.todos.iter().filter(|_| !done.head.deleted);
        writes.extend(todos.map(|todo| Write::put(item::todo_item(todo, version, now))));
        Ok(Self { writes, receipt, counter })
    }
}

/// Only if the head is still the one that was read.
fn write_head(head: &Head, read: Option<&Head>) -> Result<Write, StorageError> {
    let Some(read) = read else { return Ok(Write::create(item::head_item(head)?)) };
    let same = Expression::new("#version = :read").value("read", read.version);
    if head == read {
        return Ok(Write::Check { key: Key::head(head.list.id), condition: same });
    }
    Ok(Write::Put { item: item::head_item(head)?, condition: Some(same) })
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

fn count_down(user: UserId) -> Write {
    Write::Update {
        key: Key::profile(user),
        update: Expression::new("ADD #lists :less").value("less", -1_i64),
        condition: Some(Expression::present()),
    }
}
