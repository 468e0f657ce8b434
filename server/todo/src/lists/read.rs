//! Reading lists and todos.

use domain::{
    error::Code,
    id::{ListId, TodoId, UserId},
    limits::CHANGES_PER_PAGE,
    model::{Access, Todo},
    sync::ListHead,
};
use platform::{
    Key, Partition, Range,
    list::{self, Found, ListError},
};

use super::Lists;
use crate::item;

impl Lists {
    /// Every list that the user has a part in, in order.
    ///
    /// # Errors
    /// Where the table does not answer.
    pub async fn of(&self, user: UserId) -> Result<Vec<Found>, ListError> {
        let mut roles = Vec::new();
        for membership in self.store.table().all(Partition::User(user), Range::Lists).await? {
            roles.push((membership.id::<ListId>()?, list::role(&membership)?));
        }
        let keys: Vec<_> = roles.iter().map(|(list, _)| Key::head(*list)).collect();
        let items = self.store.table().get_many(&keys).await?;
        let mut lists = Vec::with_capacity(items.len());
        for (list, role) in roles {
            let key = Key::head(list);
            let Some(found) = items.iter().find(|item| *item.key() == key) else { continue };
            let head = list::head(list, found)?;
            if !head.deleted {
                lists.push(Found { head, role });
            }
        }
        lists.sort_by(|a, b| (&a.head.list.order, a.head.list.id).cmp(&(&b.head.list.order, b.head.list.id)));
        Ok(lists)
    }

    /// Every list that the user has a part in, with its version.
    ///
    /// # Errors
    /// Where the table does not answer.
    pub async fn heads(&self, user: UserId) -> Result<Vec<ListHead>, ListError> {
        let lists = self.of(user).await?.into_iter();
        Ok(lists
            .map(|Found { head, role }| ListHead { list: head.list.id, version: head.version, role })
            .collect())
    }

    /// One todo, a deleted one too as long as it can be restored; nothing where it is gone for good, or never was.
    ///
    /// # Errors
    /// [`Code::NotFound`] for a list that the caller has no part in.
    pub async fn todo(&self, caller: UserId, list: ListId, id: TodoId) -> Result<Option<Todo>, ListError> {
        self.find(caller, list, Access::Read).await?;
        let found = self.store.table().get(&Key::todo(list, id)).await?;
        Ok(found.map(|found| item::todo(list, &found)).transpose()?)
    }

    /// The list's todos that are not deleted, by order key: up to `first` of them, behind the one called
    /// `after`. It reads the whole list each time; devices that keep a replica ask for changes instead.
    ///
    /// # Errors
    /// [`Code::NotFound`] for the list, or for an `after` that is not in it.
    pub async fn todos(
        &self,
        caller: UserId,
        list: ListId,
        first: usize,
        after: Option<TodoId>,
    ) -> Result<Vec<Todo>, ListError> {
        self.find(caller, list, Access::Read).await?;
        let mut todos = Vec::new();
        for found in self.store.table().all(Partition::List(list), Range::Todos).await? {
            todos.push(item::todo(list, &found)?);
        }
        todos.sort_by(|a, b| (&a.order, a.id).cmp(&(&b.order, b.id)));
        let from = match after {
            None => 0,
            Some(after) => todos.iter().position(|todo| todo.id == after).ok_or(Code::NotFound)? + 1,
        };
        let live = todos.into_iter().skip(from).filter(Todo::is_live);
        Ok(live.take(first.min(CHANGES_PER_PAGE)).collect())
    }
}
